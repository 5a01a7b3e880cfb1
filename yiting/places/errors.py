"""Named refusals: the base class of every module's own, and those of places."""

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _


def _fill_in(template: object, facts: dict[str, object]) -> str:
    return str(template) % facts if facts else str(template)


_fill_in_later = lazy(_fill_in, str)


class Refused(Exception):
    """Something asked for that cannot be done; `message` says why and what to do, in the reader's language.

    A subclass sets `message` to a lazy msgid with named placeholders and is raised with their values:
    `raise CodeInvalid(code="12")`. The words are chosen when the message is read, not when it is raised.
    """

    message: object = _("This cannot be done. Please go back and look again.")
    status: int = 400

    def __init__(self, message: object = None, /, **facts: object) -> None:
        super().__init__()
        self.facts = facts
        self.message = _fill_in_later(type(self).message if message is None else message, facts)

    def __str__(self) -> str:
        return str(self.message)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.facts.items())})"


class PdfMissing(Refused):
    """A PDF is asked for and the extra that makes it is not there."""

    message = _("PDF files cannot be made here yet. Ask whoever runs this to install the extra “pdf”.")
    status = 501


class FontMissing(Refused):
    """A PDF is asked for and no font has Chinese letters."""

    message = _("No font with Chinese letters was found. Ask whoever runs this to install “Noto Sans CJK”.")
    status = 501


class PlaceError(Refused):
    """Base of the refusals about places."""


class CodeInvalid(PlaceError):
    """A division code that cannot be one: length, province, or the class of its street."""

    message = _(
        "“%(code)s” is not a division code: %(reason)s. A code has 12 digits, as in the yearly list of the "
        "statistics bureau."
    )


class CodeUnknown(PlaceError):
    """A well-formed division code that no stored place carries or carried."""

    message = _("No place with the code %(code)s is known here. Import the division list or add the place first.")
    status = 404


class CodeTaken(PlaceError):
    """A division code that another place already carries."""

    message = _("The code %(code)s already belongs to %(name)s. Open that place instead of adding it again.")
    status = 409


class CodeNotUnderParent(PlaceError):
    """A code whose first digits are not those of the place above it."""

    message = _("The code %(code)s does not belong under %(parent)s (%(parent_code)s): the first digits must agree.")


class CodeYearMissing(PlaceError):
    """A code without the year of the list it was taken from."""

    message = _("Say which year's list the code %(code)s was taken from: the codes change every year.")


class LocalCodesUsedUp(PlaceError):
    """All hundred local codes under a street are taken."""

    message = _("All local codes under %(parent)s are in use. Give the community its code from the official list.")


class LevelWrong(PlaceError):
    """A place put under one that cannot hold it."""

    message = _("A %(level)s cannot stand under %(parent)s. Choose the place directly above it.")


class NameMissing(PlaceError):
    """A place without a name, or with one too long to be a name."""

    message = _("Give the place a name of at most %(limit)s characters.")


class NameTaken(PlaceError):
    """A second estate or building with the same name in the same place."""

    message = _("%(parent)s already has a place called %(name)s.")
    status = 409


class CountsWrong(PlaceError):
    """Household counts that cannot be true together."""

    message = _(
        "%(on_allowance)s households on allowance and %(households)s households in all do not fit together: "
        "give whole numbers, the first not above the second."
    )


class PointWrong(PlaceError):
    """A point that is half given or not on the Earth."""

    message = _("Give both latitude (-90 to 90) and longitude (-180 to 180), or neither.")


class PlaceMissing(PlaceError):
    """No such place, or none that this person may see."""

    message = _("This place is not known here. Go back and choose it from the list.")
    status = 404


class FileUnreadable(PlaceError):
    """A division list that is no readable table."""

    message = _("%(name)s cannot be read as a division list: %(reason)s.")


class CountedInFuture(PlaceError):
    """A count of households with a day that has not come yet."""

    message = _("The households cannot have been counted on %(counted_on)s: that day has not come yet.")


class YearNotLater(PlaceError):
    """A change of code in a year before that of the code it replaces."""

    message = _("%(name)s has had its code since the list of %(code_year)s; a change of %(year)s cannot follow it.")


class CodeMissing(PlaceError):
    """A division above the community without a code, or a community with no street to get a local one."""

    message = _("A %(level)s needs its division code. Only a community under a street can get a local one.")


class PlaceNotSaid(PlaceError):
    """Something was to be taken in for a place that is not said, and there is more than one it could be."""

    message = _("Say for which place: there are several here. Give its division code.")


class CodeNotHere(PlaceError):
    """A division code for an estate or a building."""

    message = _("A %(level)s carries no division code. Leave it out.")
