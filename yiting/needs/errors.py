"""Named refusals of the needs module."""

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused


class NeedsRefused(Refused):
    """Base of the refusals about needs."""


class NeedMissing(NeedsRefused):
    """No such need, or none of the asker's."""

    message = _("There is no such page, or it is not yours to see. Check the number on your receipt.")
    status = 404


class NotYours(NeedsRefused):
    """A working role over this place is lacking. Says the same as a missing need, so that nothing is given away."""

    message = NeedMissing.message
    status = 404


class TextEmpty(NeedsRefused):
    """Nothing was said."""

    message = _("Nothing is written yet. A few words are enough.")


class TextTooLong(NeedsRefused):
    """More than one request can hold."""

    message = _("This is %(length)s characters long; at most %(limit)s fit. Please say the main thing first.")


class ConsentMissing(NeedsRefused):
    """Speaking for somebody without their yes."""

    message = _("You are speaking for somebody else: note how they said yes, for example “said yes on the telephone”.")


class TooManyPhotos(NeedsRefused):
    """More photos than one request takes."""

    message = _("At most %(limit)s photos fit. Choose the ones that show it best.")


class PhotoRefused(NeedsRefused):
    """A file that is not a photo we can show."""

    message = _("“%(name)s” cannot be read as a photo. Send a JPEG, PNG or WebP picture of at most 20 MB.")


class FiledInFuture(NeedsRefused):
    """A time of saying that has not come yet."""

    message = _("The time %(time)s has not come yet. Check the date.")


class ImportedDifferently(NeedsRefused):
    """The same number in the same source, but other words."""

    message = _(
        "No. %(external_id)s is already stored with other words. The stored one was kept; give this row its own number."
    )
    status = 409


class NeedAlreadyMerged(NeedsRefused):
    """A merge of what somebody merged before."""

    message = _("“%(title)s” has already been merged into another need. Open that one to go on.")
    status = 409


class MergeWithItself(NeedsRefused):
    """A need cannot go into itself."""

    message = _("These are the same need already.")


class NoSuchNumber(NeedsRefused):
    """A merge into a number that is nobody's, or not the asker's."""

    message = _("There is no need with the number “%(code)s” here. Copy it from the foot of the need that is to stay.")


class NeedsInDifferentPlaces(NeedsRefused):
    """Two communities' needs stay two, however alike they sound."""

    message = _("“%(first)s” and “%(second)s” are in different communities and stay two needs.")


class NotMerged(NeedsRefused):
    """An undo where there is nothing to undo."""

    message = _("This need is not merged into another one, so there is nothing to undo.")
    status = 409


class SplitTakesAll(NeedsRefused):
    """A split must leave something and take something."""

    message = _("Choose some of the requests, not none and not all: the rest must stay a need of its own.")


class ChangedMeanwhile(NeedsRefused):
    """Two people at the same need: the second is told."""

    message = _(
        "Somebody else has just changed this need. Nothing of theirs was overwritten; look at it again and then decide."
    )
    status = 409


class AlreadyAnswered(NeedsRefused):
    """A suggestion that somebody answered before."""

    message = _("This suggestion has already been answered.")
    status = 409


class StepNotPossible(NeedsRefused):
    """An illegal change of state."""

    message = _("A need that is “%(state)s” cannot become “%(target)s”.")
    status = 409


class NobodyAssigned(NeedsRefused):
    """Accepting or returning without an assignment to one's organisation."""

    message = _("This need is not assigned to your organisation at the moment.")
    status = 409


class NoteMissing(NeedsRefused):
    """A return without words."""

    message = _("Please write a sentence that the residents will understand.")


class ClockAlreadyStopped(NeedsRefused):
    """A second pause while one is running."""

    message = _("The clock already stands still: %(waiting_for)s is waited for.")
    status = 409


class ClockRuns(NeedsRefused):
    """A resume without a pause."""

    message = _("The clock is running; nobody is waited for.")
    status = 409


class NotAnsweredYet(NeedsRefused):
    """A judgement before there is anything to judge."""

    message = _("There is no result to judge yet. We will tell you when there is.")
    status = 409


class JudgedWithProject(NeedsRefused):
    """A judgement of a need that is judged with the project that served it."""

    message = _("This was done as a project. Please judge it on the page of the project.")
    status = 409


class NotAmongThoseWhoAsked(NeedsRefused):
    """A judgement by somebody who did not ask."""

    message = _(
        "Only those who asked can judge this. Use the number on your receipt, or say “me too” on the next need."
    )
    status = 403


class CategoryMissing(NeedsRefused):
    """A category that is not in the tree."""

    message = _("There is no category “%(name)s” in the tree.")


class TreeUnreadable(NeedsRefused):
    """A file that holds no category tree."""

    message = _(
        "“%(name)s” is not a CSV file in UTF-8 with the columns level1, level2 and level3. Nothing was changed."
    )


class ViewNameUnfit(NeedsRefused):
    """A saved view without a name."""

    message = _("Give the view a name of at most %(limit)s characters.")


class PhotoTooBig(NeedsRefused):
    """A photo too heavy to be taken in."""

    message = _("“%(name)s” is larger than %(limit)s MB. Send a smaller picture.")
