"""What alliances refuse, each with words that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused

# --- alliances, their members and their turns


class AlliancesRefused(Refused):
    """Base of the refusals about alliances, members and turns."""


class AllianceMissing(AlliancesRefused):
    """No such alliance, member, turn or plan, or not the asker's to change."""

    message = _("There is no such alliance here, or it is not yours to change.")
    status = 404


class SlugUnfit(AlliancesRefused):
    """An address that cannot be one, or that is another alliance's."""

    message = _(
        "“%(slug)s” cannot be the address of an alliance: take small letters, digits and hyphens, not yet used."
    )


class NameMissing(AlliancesRefused):
    """A name that is empty or too long."""

    message = _("Give it a name of at most %(limit)s characters.")


class PlaceNotOpen(AlliancesRefused):
    """A numbered place that an organisation holds."""

    message = _("No. %(number)s is not open: %(organisation)s has it. Let the other join as a new member.")
    status = 409


class MemberAlready(AlliancesRefused):
    """An organisation that is a member on one of those days."""

    message = _("%(organisation)s is a member already on one of these days. Give the day on which it left first.")
    status = 409


class MemberLeft(AlliancesRefused):
    """A membership that has ended."""

    message = _("%(organisation)s left on %(day)s already.")
    status = 409


class DaysWrongWay(AlliancesRefused):
    """Days in the wrong order."""

    message = _("%(last)s comes before %(first)s. Write the earlier day first.")


class WeightUnfit(AlliancesRefused):
    """A size that is no size."""

    message = _("The size must be between 1 and %(limit)s; twice the size means twice the turns.")


class FigureUnfit(AlliancesRefused):
    """A figure without its source, or that is no figure."""

    message = _("Say what the figure counts and where it comes from. A figure without a source is not kept.")


class FigureKnown(AlliancesRefused):
    """A figure of that moment that is kept already."""

    message = _("“%(what)s” is already on record for that time. Say of which time the new figure is.")
    status = 409


class NobodyToHost(AlliancesRefused):
    """A plan for an alliance without members."""

    message = _("This alliance has no member yet, so nobody could host. Open places or let organisations join first.")


class NothingToPlan(AlliancesRefused):
    """A period without days to be hosted."""

    message = _("No turn lies between %(first)s and %(last)s. Add the days on which something shall take place.")


class SlotOutside(AlliancesRefused):
    """A day to be planned that is not in the period, or has passed."""

    message = _("%(day)s is not in the period, or it has passed. Choose days from %(first)s to %(last)s.")


class PlanTooLarge(AlliancesRefused):
    """More turns than one plan is made for."""

    message = _("That is more than %(limit)s turns at once. Plan a shorter period.")


class WishesClash(AlliancesRefused):
    """No plan keeps all wishes; the message names the smallest set of them of which one must give way."""

    message = _("No plan keeps everything. %(clashes)s One of these must give way; then plan again.")
    status = 409


class PlanOutdated(AlliancesRefused):
    """A draft made from what has changed since, or that is none any more."""

    message = _("Something has changed since this draft was made: a member, an absence or a turn. Plan again.")
    status = 409


class TurnSettled(AlliancesRefused):
    """A turn that is over or skipped, or whose activity is announced, and so cannot be changed like that."""

    message = _(
        "The turn of %(day)s can no longer be changed here: it is over, was skipped, or its activity is announced. "
        "What is announced is changed or cancelled on its own page first."
    )
    status = 409


class TurnAhead(AlliancesRefused):
    """A turn said to be held before its day."""

    message = _("%(day)s has not come yet. Say that it was held on the day itself or after it.")
    status = 409


class CannotHost(AlliancesRefused):
    """A unit that is absent, or no member, on the day of a turn."""

    message = _("%(unit)s cannot host on %(day)s: it is away, or not a member then. Choose another day or unit.")
    status = 409


class SwapPointless(AlliancesRefused):
    """A swap of a unit with itself, or between alliances."""

    message = _("A swap needs turns of two units of the same alliance. Choose a turn of another unit.")


class SwapOpen(AlliancesRefused):
    """A turn for which a swap is asked already."""

    message = _("A swap of this turn is asked already. Wait for the answer, or take the question back.")
    status = 409


class SwapLapsed(AlliancesRefused):
    """A question that was answered, taken back, or overtaken by a change of the plan."""

    message = _("This question is no longer open: it was answered, taken back, or the plan has changed. Ask again.")
    status = 409


class NotSkipped(AlliancesRefused):
    """Stepping in where nothing was skipped, or where the day has passed."""

    message = _("The turn of %(day)s has its host, or its day has passed. Nobody needs to step in.")
    status = 409


class HostUnknown(AlliancesRefused):
    """An activity for a numbered place that no organisation holds."""

    message = _(
        "No. %(number)s is still to be filled. Say which organisation it is; then its activity can be announced."
    )
    status = 409


class NothingSolved(AlliancesRefused):
    """What a plan was made from, where there is no plan."""

    message = _("There is no plan for this year yet.")
    status = 404


class JointKindMissing(AlliancesRefused):
    """An activity announced for a turn whose kind nobody said."""

    message = _("Say which of the alliance’s kinds of joint activity it is.")


class JointAlready(AlliancesRefused):
    """An activity that is an alliance's already."""

    message = _("“%(title)s” is a joint activity already.")
    status = 409


class SeasonUnreadable(AlliancesRefused):
    """A season that is none."""

    message = _("“%(season)s” is not a season. Write the year and the quarter, for example 2024-Q2.")


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
    status = 404


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


class PoolChanged(PoolingRefused):
    """Something that moved between the looking and the doing."""

    message = _("Somebody has just changed this. Nothing was done; look at it again.")
    status = 409


class AskerMissing(PoolingRefused):
    """An ask by nobody."""

    message = _("Say which organisation asks for it.")


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
