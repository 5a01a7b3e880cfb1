"""What alliances refuse, each with words that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused

# --- what is pooled, and the chain


class PoolingRefused(Refused):
    """Base of the refusals about offers, asks, matches and the chain."""


class OfferMissing(PoolingRefused):
    """No such offer, or not the asker's to change."""

    message = _("There is no such offer, or it is not yours to change.")
    status = 404


class AskMissing(PoolingRefused):
    """No such ask, or not the asker's to change."""

    message = _("Nobody asks for this, or it is not yours to change.")
    status = 404


class MatchMissing(PoolingRefused):
    """No such match, or none that the asker has a side in."""

    message = _("There is no such promise, or it is not yours to change.")
    status = 404


class KindMissing(PoolingRefused):
    """No such kind of resource, or one no longer in use."""

    message = _("Choose from the list what kind of thing it is.")


class PoolTitleMissing(PoolingRefused):
    """An offer, an ask or a relation without words."""

    message = _("Say in at most %(limit)s characters what it is.")


class AmountUnfit(PoolingRefused):
    """An amount that cannot be: nothing, less than nothing, or far beyond what there is."""

    message = _("“%(amount)s” cannot be the amount. Write a whole number from 1 up.")


class DaysReversed(PoolingRefused):
    """A last day before the first."""

    message = _("The last day lies before the first. Exchange them.")


class DaysApart(PoolingRefused):
    """An offer and an ask whose days do not meet, or a day outside of them."""

    message = _("The days do not fit: what is offered and what is asked for share no such day.")
    status = 409


class DaysMissing(PoolingRefused):
    """A whole thing claimed for no day, or for another number of days than said."""

    message = _("Say on which days it is wanted, one after the other.")


class DayTaken(PoolingRefused):
    """A whole thing that is promised to somebody else on that day."""

    message = _("On %(day)s it is promised already. Choose another day.")
    status = 409


class NotSoMuchLeft(PoolingRefused):
    """More than what is left of an offer."""

    message = _("Only %(left)s is left of this offer. Take less.")
    status = 409


class NotSoMuchAsked(PoolingRefused):
    """More than what an ask still lacks."""

    message = _("Only %(left)s is still asked for. Give less.")
    status = 409


class KindsDiffer(PoolingRefused):
    """An offer and an ask of different kinds."""

    message = _("What is offered is not what is asked for. Choose an offer of the same kind.")


class OfferEnded(PoolingRefused):
    """An offer that was withdrawn."""

    message = _("This offer was withdrawn. Choose another one.")
    status = 409


class AskEnded(PoolingRefused):
    """An ask that is closed."""

    message = _("This is no longer asked for.")
    status = 409


class MatchStands(PoolingRefused):
    """A second claim of a pair that has one."""

    message = _("The two already stand together. Answer what is there, or wait for the other side.")
    status = 409


class MatchNotPossible(PoolingRefused):
    """A step that does not follow from where the match stands."""

    message = _("This is “%(state)s” by now, so that cannot be done any more. Look at it again.")
    status = 409


class OtherSideFirst(PoolingRefused):
    """A claim confirmed by the side that made it."""

    message = _("Your side has said yes already. Now it is for the other side to confirm.")
    status = 409


class PromiseReasonMissing(PoolingRefused):
    """Something given up without a reason."""

    message = _("Say why in a sentence; the other side reads it.")


class DeliveredUnfit(PoolingRefused):
    """A delivery of more than was promised, or on a day that has not come."""

    message = _("At most %(promised)s was promised. Write what came; for more, make a further promise.")


class DeliveredInFuture(PoolingRefused):
    """A delivery on a day that has not come yet."""

    message = _("That day has not come yet. Note the delivery when it has been.")


class PromisedAlready(PoolingRefused):
    """An amount changed below what is promised of it."""

    message = _("%(promised)s of it is promised already. Give up the promise first, or write at least so much.")
    status = 409


class RelationMissing(PoolingRefused):
    """No such relation, or not the asker's to end."""

    message = _("There is no such relation, or it is not yours to change.")
    status = 404


class RelationStands(PoolingRefused):
    """A relation that is on record already."""

    message = _("This relation is on record already.")
    status = 409


class RelationUnfit(PoolingRefused):
    """A relation of a unit with itself."""

    message = _("A relation has two different units. Choose the other one.")


class SourceMissing(PoolingRefused):
    """A relation that nobody vouches for."""

    message = _("Say who says so, or where it stands.")
