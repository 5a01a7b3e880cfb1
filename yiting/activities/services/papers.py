"""Papers that are put beside something to be read: a link or a file, which is given out as a download only."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import Protocol
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile

from yiting.activities.codes import fresh_code

NAME_LIMIT = 120
LINK_LIMIT = 400
FILE_LIMIT = 20 * 1024 * 1024
# Nothing of it is opened as a page of ours.
FILE_KINDS = ("pdf", "docx", "xlsx", "pptx", "txt", "odt", "ods", "odp")


class Paper(Protocol):
    """A row that keeps a file with its name and size."""

    name: str
    size: int

    @property
    def file(self) -> FieldFile:
        """The stored file."""


def paper_fits(*, link: str, file: tuple[str, bytes] | None) -> bool:
    """Say whether it is a link or a file, not both, and one that may be kept."""
    if file is None:
        return _is_link(link)
    name, data = file
    return not link and _ending(name) in FILE_KINDS and 0 < len(data) <= FILE_LIMIT


def paper_keep(row: Paper, file: tuple[str, bytes]) -> None:
    """Store a file under a name that nobody guesses; whoever calls saves the row."""
    name, data = file
    row.name, row.size = PurePath(name).name[-NAME_LIMIT:], len(data)
    row.file.save(f"{fresh_code(16)}.{_ending(name)}", ContentFile(data), save=False)


def paper_drop(row: Paper) -> None:
    """Delete the file, if there is one, as soon as the transaction stands."""
    if row.file:
        transaction.on_commit(partial(row.file.storage.delete, str(row.file.name)))


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and len(link) <= LINK_LIMIT
