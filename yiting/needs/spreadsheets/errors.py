"""Refusals of a whole file: each names what was wrong and what to do about it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    StrOrPromise: TypeAlias = _StrOrPromise
else:
    # The type lives in the stubs only.
    StrOrPromise = object


def _filled(message: StrOrPromise, values: Mapping[str, object]) -> str:
    return str(message) % values


_filled_lazily = lazy(_filled, str)


def said(message: StrOrPromise, **values: object) -> StrOrPromise:
    """A message with its placeholders filled, still translated only when somebody reads it."""
    return _filled_lazily(message, values)


def brief(value: str, length: int = 40) -> str:
    """A cell's value short enough to be quoted in a message."""
    shown = " ".join(value.encode("utf-8", "replace").decode("utf-8").split())
    return shown if len(shown) <= length else shown[: length - 1] + "…"


class SheetRefused(Exception):
    """A file that cannot be taken at all; nothing of it has been read into the system."""

    wording: ClassVar[StrOrPromise] = _("This file cannot be read. Please save it as .xlsx or .csv and try again.")

    def __init__(self, **values: object) -> None:
        super().__init__()
        self.values = values

    @property
    def message(self) -> StrOrPromise:
        """What was wrong and how to mend it, in the reader's language."""
        return said(self.wording, **self.values)

    def __str__(self) -> str:
        return str(self.message)


class FileNotThere(SheetRefused):
    """No such file, or a folder, or not readable."""

    wording = _("There is no readable file named %(name)s. Please check the name and the folder.")


class FileEmpty(SheetRefused):
    """Zero bytes, or nothing but blanks."""

    wording = _("The file %(name)s is empty. Please check that the right file was chosen.")


class FileTooLarge(SheetRefused):
    """More bytes than are taken in one go."""

    wording = _(
        "The file %(name)s has %(size)s MB; at most %(limit)s MB are taken at once. "
        "Please split it into several files, for example one a year."
    )


class OldWorkbook(SheetRefused):
    """The binary .xls of before 2007, whatever its name says."""

    wording = _(
        "The file %(name)s is in the old .xls (or .doc) format. "
        "Please open it, choose 'Save as', and save it as .xlsx or .csv."
    )


class PasswordProtected(SheetRefused):
    """An encrypted workbook."""

    wording = _(
        "The file %(name)s is protected by a password. "
        "Please open it, take the password away, and save it again as .xlsx."
    )


class NotASpreadsheet(SheetRefused):
    """A PDF, picture, text document, web page or archive, whatever its name says."""

    wording = _(
        "The file %(name)s is %(kind)s, not a spreadsheet. "
        "Please open the table in a spreadsheet program and save it as .xlsx or .csv."
    )


class FileBroken(SheetRefused):
    """A container that is cut off or not well formed."""

    wording = _(
        "The file %(name)s is damaged: %(place)s cannot be read. "
        "Please copy it again from where it came, or open it and save it anew as .xlsx."
    )


class FileSwells(SheetRefused):
    """A small file that unpacks into something huge: a zip bomb, or a grid with one far cell."""

    wording = _(
        "The file %(name)s unpacks to more than %(limit)s MB and was not opened. "
        "Please copy the rows into a new spreadsheet, or split it into several files."
    )


class GridTooLarge(SheetRefused):
    """A sheet whose used area is beyond what memory should be spent on."""

    wording = _(
        "The sheet %(sheet)s reaches to row %(rows)s and column %(columns)s: too much for one import. "
        "Please delete empty rows and columns outside the table, or split the file."
    )


class NoSheet(SheetRefused):
    """A workbook without a visible sheet of cells."""

    wording = _(
        "The workbook %(name)s has no visible sheet. Please put the table on its first sheet and save it again."
    )


class NotText(SheetRefused):
    """Bytes that are no text in any encoding we know."""

    wording = _(
        "The file %(name)s is not readable text. "
        "Please open the table in a spreadsheet program and save it as .xlsx, or as .csv in UTF-8."
    )


class QuoteNeverClosed(SheetRefused):
    """A quotation mark that swallows the rest of a CSV file."""

    wording = _(
        'In row %(row)s of %(name)s a quotation mark (") is opened and never closed, so that the rows after '
        'it cannot be told apart. Please close it, or write it twice ("") if it belongs to the text.'
    )


class ColumnsMissing(SheetRefused):
    """No header row with a text or a title in the first rows."""

    wording = _(
        "No column with the message itself was found in the first %(rows)s rows. "
        "Needed is a column such as 留言详情 (text) or 留言主题 (title). Columns seen: %(seen)s. "
        "Please rename a column, or give a mapping file with two columns, 'column,field', "
        "and a line such as '%(example)s,text'."
    )


class MappingWrong(SheetRefused):
    """A mapping that names a field or column that is not there, or one twice."""

    wording = _("The mapping cannot be used: %(problem)s")
