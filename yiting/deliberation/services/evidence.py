"""What one should know before voting: links and files."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import PurePath
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.db import transaction

from yiting.deliberation.codes import fresh_code
from yiting.deliberation.errors import EvidenceUnfit
from yiting.deliberation.models import Evidence, Topic
from yiting.deliberation.services.topics import take_topic
from yiting.deliberation.wording import one_line
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

TITLE_LIMIT = 120
LINK_LIMIT = 400
FILE_LIMIT = 20 * 1024 * 1024
# Given out as downloads only; nothing of it is opened as a page of ours.
FILE_KINDS = ("pdf", "docx", "xlsx", "pptx", "txt", "odt", "ods", "odp")


@transaction.atomic
def evidence_add(
    *, by: Actor, topic: Topic, title: str, link: str = "", file: tuple[str, bytes] | None = None, at: datetime
) -> Evidence:
    """Add something to know: a link or a file, not both."""
    held = take_topic(by=by, topic=topic)
    title, link = one_line(title), link.strip()
    one_of_both = bool(link) != (file is not None)
    if (
        not 1 <= len(title) <= TITLE_LIMIT
        or not one_of_both
        or (link and not _is_link(link))
        or (file is not None and not _is_fit(*file))
    ):
        raise EvidenceUnfit(kinds=", ".join(FILE_KINDS), limit=FILE_LIMIT // 1024 // 1024)
    evidence = Evidence(topic=held, title=title, link=link, at=at)
    if file is not None:
        name, data = file
        evidence.name, evidence.size = PurePath(name).name[-TITLE_LIMIT:], len(data)
        evidence.file.save(f"{fresh_code(16)}.{_ending(name)}", ContentFile(data), save=False)
    evidence.save()
    entry_append(kind="deliberation.evidence.added", obj=held, by=by, at=at, facts={"title": title})
    return evidence


@transaction.atomic
def evidence_remove(*, by: Actor, evidence: Evidence, at: datetime) -> None:
    """Take something to know away again, with its file."""
    held = take_topic(by=by, topic=evidence.topic)
    if evidence.file:
        transaction.on_commit(partial(evidence.file.storage.delete, str(evidence.file.name)))
    evidence.delete()
    entry_append(kind="deliberation.evidence.removed", obj=held, by=by, at=at, facts={"title": evidence.title})


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")


def _is_fit(name: str, data: bytes) -> bool:
    return _ending(name) in FILE_KINDS and 0 < len(data) <= FILE_LIMIT


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and len(link) <= LINK_LIMIT
