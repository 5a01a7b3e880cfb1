"""What activities refuse, each with words that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused


class ActivitiesRefused(Refused):
    """Base of the refusals about activities."""


class ActivityMissing(ActivitiesRefused):
    """No such activity, or not the asker's to change."""

    message = _("There is no such activity, or it is not yours to change.")
    status = 404


class FeedMissing(ActivitiesRefused):
    """A calendar link that leads nowhere, or does no longer."""

    message = _("This calendar link is not valid, or no longer. Make a new one on your own page.")
    status = 404


class NotAllowed(ActivitiesRefused):
    """Somebody who may not do this; the reason comes with it."""

    message = _("You may not do this here.")
    status = 403


class TextUnfit(ActivitiesRefused):
    """A text that is missing or too long."""

    message = _("“%(what)s” has %(length)s characters; at most %(limit)s fit. Shorten it or put it in a file.")


class TitleMissing(ActivitiesRefused):
    """Something without a title."""

    message = _("Give it a title of at most %(limit)s characters.")


class HostMissing(ActivitiesRefused):
    """An activity that nobody holds."""

    message = _("Say which organisation holds it. One must lead; others can hold it together with it.")


class HostClosed(ActivitiesRefused):
    """An organisation that no longer works."""

    message = _("“%(name)s” no longer works here. Choose another organisation.")


class KindUnfit(ActivitiesRefused):
    """A kind without a name, or one that is there already."""

    message = _("Give the kind a name of at most %(limit)s characters that no other kind has.")


class KindRetired(ActivitiesRefused):
    """A kind that is no longer used."""

    message = _("“%(name)s” is no longer used as a kind. Choose another one.")


class EndsBeforeStart(ActivitiesRefused):
    """An end before the start."""

    message = _("It would end before it starts. Check the two times, and the day if it goes past midnight.")


class TimeUnfit(ActivitiesRefused):
    """A time without a zone, or an activity that lasts longer than a year."""

    message = _("An activity lasts at most %(days)s days. Check the years, or plan a series.")


class ZoneUnknown(ActivitiesRefused):
    """A zone that no clock knows."""

    message = _("The time zone “%(zone)s” is not known. Correct it on the page of the place.")


class SignUpEndsLate(ActivitiesRefused):
    """Signing up that would end after the activity."""

    message = _("Signing up must end before the activity does. Choose an earlier time, or leave it empty.")


class CapacityTooSmall(ActivitiesRefused):
    """Fewer seats than are taken."""

    message = _("%(taken)s people have a place already. Enter at least that many, or ask some to step back first.")
    status = 409


class ChangedMeanwhile(ActivitiesRefused):
    """Two people at the same activity: the second is told."""

    message = _("Somebody else has just changed this activity. Nothing of theirs was overwritten; look at it again.")
    status = 409


class CancelledAlready(ActivitiesRefused):
    """A cancelled activity; it stays so."""

    message = _("This activity is cancelled. Plan a new one if it takes place after all.")
    status = 409


class HeldAlready(ActivitiesRefused):
    """An activity that was held cannot be cancelled."""

    message = _("This activity has been held; what was cannot be cancelled.")
    status = 409


class NotYet(ActivitiesRefused):
    """Something that is done when the activity has begun."""

    message = _("The activity has not begun yet. Come back when it has.")
    status = 409


class ReasonMissing(ActivitiesRefused):
    """A decision without its reason."""

    message = _("Please write a sentence that those who wanted to come will understand.")


class ReportMissing(ActivitiesRefused):
    """An empty report."""

    message = _("Write a sentence or two on how it went.")


class SeriesMissing(ActivitiesRefused):
    """An activity that stands alone."""

    message = _("This activity is not part of a series. Change or cancel it alone.")


class RuleUnreadable(ActivitiesRefused):
    """A repeat rule that cannot be read, or is finer than days."""

    message = _("The repeat rule “%(rule)s” cannot be read. Choose every day, week, month or year, with an end.")


class RuleWithoutEnd(ActivitiesRefused):
    """A repeat rule that never ends."""

    message = _("Say how often it takes place, or until which day. A series needs an end.")


class RuleTooLong(ActivitiesRefused):
    """A repeat rule that goes on too long."""

    message = _("A series has at most %(limit)s activities within %(years)s years. Choose an earlier end.")


class RuleStartsElsewhere(ActivitiesRefused):
    """A first day on which the rule does not fall."""

    message = _("The rule does not fall on the first day. Choose a first day on which it does.")


class SignUpNotAsked(ActivitiesRefused):
    """Signing up where none is needed, or not for those who try."""

    message = _("Nobody has to sign up for this. Just come.")
    status = 409


class SignUpNotForYou(ActivitiesRefused):
    """A unit where only persons sign up, or the other way round."""

    message = _("Signing up is open for others here: %(who)s.")
    status = 409


class SignUpClosed(ActivitiesRefused):
    """Signing up after it was closed."""

    message = _("Signing up is closed. Ask the organisers whether there is still room.")
    status = 409


class HeadsUnfit(ActivitiesRefused):
    """A number of people that cannot be."""

    message = _("Say how many people come: at least 1 and at most %(limit)s.")


class MoreThanRoom(ActivitiesRefused):
    """More people than there is room for."""

    message = _("There is room for %(room)s more. Sign up fewer people, or ask the organisers.")
    status = 409


class CheckInClosed(ActivitiesRefused):
    """Checking in long before or after."""

    message = _("Checking in is open on the day of the activity. Look at the day and time again.")
    status = 409


class CheckInCodeWrong(ActivitiesRefused):
    """A code that does not belong to this activity."""

    message = _("This code does not belong to this activity. Scan the one that hangs at the door.")
    status = 404


class VerdictMissing(ActivitiesRefused):
    """Feedback that is none of the three."""

    message = _("Tap one of the three: good, so-so or not good.")


class MaterialUnfit(ActivitiesRefused):
    """A paper that is neither a link nor a file that can be given out."""

    message = _("Give either a link that begins with https:// or a file (%(kinds)s) of at most %(limit)s MB.")


class PhotoRefused(ActivitiesRefused):
    """A file that is not a photo we can show."""

    message = _("“%(name)s” cannot be read as a photo. Send a JPEG, PNG or WebP picture of at most 20 MB.")


class CaptionMissing(ActivitiesRefused):
    """A photo without words."""

    message = _("Say in a few words what the photo shows, for those who cannot see it.")
