"""Named refusals of the ballots module. `attempt` says under which kind a round's history counts one, if any."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused


class BallotsRefused(Refused):
    """Base of the refusals about rounds, candidates and ballots."""

    attempt: ClassVar[str] = ""


# --- rounds -----------------------------------------------------------------------------------------------------


class RoundMissing(BallotsRefused):
    """No such round, or not the asker's to change."""

    message = _("There is no such round, or it is not yours to change.")
    status = 404


class NotAllowed(BallotsRefused):
    """Somebody does what is not theirs to do."""

    status = 403


class StepNotPossible(BallotsRefused):
    """A round does not go this way."""

    message = _("A round that is “%(state)s” cannot become “%(target)s”.")
    status = 409


class TooEarly(BallotsRefused):
    """A step before its day in the public calendar."""

    message = _("The public calendar says %(day)s. Wait for that day, or change the calendar with a reason.")
    status = 409


class ClockSetBack(BallotsRefused):
    """An act that is older than the last one recorded."""

    message = _(
        "This would happen at %(at)s, but the last thing recorded in this round happened at %(last)s. The clock of "
        "the machine was set back: set it right and try again. Nothing was changed."
    )
    status = 409
    attempt = "clock"


class TitleMissing(BallotsRefused):
    """A round or a candidate without a title."""

    message = _("Give it a title of at most %(limit)s characters.")


class WordsTooLong(BallotsRefused):
    """A text that is too long."""

    message = _("%(what)s has %(length)s characters; at most %(limit)s are possible. Please say it more shortly.")


class ReasonMissing(BallotsRefused):
    """A public decision without its reason."""

    message = _("Write the reason in a sentence that every resident understands: it is public.")


class LegalBasisMissing(BallotsRefused):
    """A council decides otherwise and does not say by which law it may."""

    message = _("Name the law and the article that let the council decide otherwise: it is public.")


class PersonalInside(BallotsRefused):
    """Words that are to be public hold a telephone number or the like."""

    message = _("There is a telephone number or another personal number in it. Take it out: this text is public.")


class BudgetUnfit(BallotsRefused):
    """A round without money."""

    message = _("Say how much money there is: more than nothing.")


class DaysUnfit(BallotsRefused):
    """Days of the calendar in the wrong order."""

    message = _(
        "The days must follow one another: collecting, checking, publishing, opening, closing, objections. "
        "“%(later)s” may not lie before “%(earlier)s”."
    )


class VotersUnfit(BallotsRefused):
    """Who votes does not fit the rest of the round."""

    message = _("Only residents vote by household, and named organisations vote only where members do.")


class NumberUnfit(BallotsRefused):
    """A number that is too small or too large, or missing."""

    message = _("%(what)s: give a whole number from %(least)s to %(most)s.")


class RuleUnfit(BallotsRefused):
    """A rule that cannot count ballots of this kind."""

    message = _("“%(rule)s” cannot count ballots of the kind “%(kind)s”. Choose another rule.")


class SettledAlready(BallotsRefused):
    """A change of what stands once the list is public."""

    message = _("The list is public: its rules, its money and its candidates stand as they are.")
    status = 409


class KindMissing(BallotsRefused):
    """A limit for a kind that no candidate has."""

    message = _("No candidate is of the kind “%(word)s”. Write the word as it stands with the candidates.")


class LimitMissing(BallotsRefused):
    """A limit that limits nothing."""

    message = _("Say how many at most, or how much money at most.")


class DearerThanLimit(BallotsRefused):
    """A candidate that the limit of its kind keeps out whatever the votes are."""

    message = _(
        "“%(title)s” alone costs more than its kind “%(word)s” may: nobody could choose it. Raise the limit or change "
        "the candidate."
    )
    status = 409


class ListTooShort(BallotsRefused):
    """Everything on the list can be built."""

    message = _(
        "All %(number)s candidates together cost %(cost)s yuan and there are %(budget)s: nothing would be left to "
        "choose. Add candidates: the list must be longer than what can be built."
    )
    status = 409


class NothingToChoose(BallotsRefused):
    """A list with fewer than two candidates."""

    message = _("Fewer than two candidates can be done. There is nothing to choose yet.")
    status = 409


class ChecksOpen(BallotsRefused):
    """A list with candidates that nobody has checked."""

    message = _(
        "Not checked yet: %(titles)s. Every candidate needs a yes or no with its reason before the list is public."
    )
    status = 409


class DearerThanBudget(BallotsRefused):
    """A candidate that the whole budget cannot pay."""

    message = _("“%(title)s” costs more than the whole budget. It cannot be done in this round.")


# --- candidates -------------------------------------------------------------------------------------------------


class CandidateMissing(BallotsRefused):
    """No such candidate in this round."""

    message = _("There is no candidate No. %(number)s in this round.")
    status = 404


class CandidateElsewhere(BallotsRefused):
    """A candidate outside the place of the round."""

    message = _("“%(place)s” does not lie in the place of this round.")


class CandidateKnown(BallotsRefused):
    """The same need or resolution a second time."""

    message = _("It is on the list already, as No. %(number)s.")
    status = 409


class CostMissing(BallotsRefused):
    """A candidate that can be done and nobody knows what it costs."""

    message = _("Say what it costs, in yuan, before it is found possible.")


class WithdrawnAlready(BallotsRefused):
    """A candidate that was withdrawn before."""

    message = _("“%(title)s” is withdrawn already.")
    status = 409


# --- voting -----------------------------------------------------------------------------------------------------


class NotOpen(BallotsRefused):
    """A ballot before or after the days of voting."""

    message = _("Voting is not open now. It is open from %(opens)s to %(closes)s.")
    status = 409
    attempt = "closed"


class NotEligible(BallotsRefused):
    """Somebody for whom the round is not."""

    status = 403


class SecondBallot(BallotsRefused):
    """A second ballot of one person, household or account."""

    message = _(
        "This vote has been used already, and a ballot in the box cannot be changed. If it was not you, "
        "tell the community."
    )
    status = 409
    attempt = "second"


class BallotUnfit(BallotsRefused):
    """A ballot that is not filled in as the round asks."""

    message = _("%(what)s")
    attempt = "unfit"


class OverBudget(BallotsRefused):
    """A ballot that costs more than there is."""

    message = _(
        "What you marked costs %(cost)s yuan, and there are %(budget)s. Take something out: %(over)s yuan too much."
    )
    attempt = "over_budget"


class CandidateWithdrawn(BallotsRefused):
    """A ballot for a candidate that was withdrawn."""

    message = _(
        "“%(title)s” was withdrawn: %(reason)s. Your ballot is not in the box yet; look at it again without it."
    )
    status = 409
    attempt = "withdrawn"


class ReceiptTaken(BallotsRefused):
    """The same secret number a second time."""

    message = _("The secret number of this form was used already. Open the ballot anew and fill it in again.")
    status = 409


class PassUnknown(BallotsRefused):
    """A code for the tablet that was never given or is used up."""

    message = _("This code is not known or was used already. Ask at the counter for a new one.")
    status = 404


class WhoIsMissing(BallotsRefused):
    """Somebody at the counter of whom too little is said."""

    message = _("Say who votes: %(what)s.")


# --- paper ------------------------------------------------------------------------------------------------------


class PaperMissing(BallotsRefused):
    """No such paper ballot."""

    message = _("There is no paper ballot with this number in this round.")
    status = 404


class PaperUsed(BallotsRefused):
    """A paper ballot that was counted or spoiled before."""

    message = _("The paper ballot %(serial)s has been used already. A number counts once.")
    status = 409


class MorePapersThanVoters(BallotsRefused):
    """More papers in the box than were handed out."""

    message = _("%(handed)s paper ballots were handed out and as many are counted already. Note whoever got one first.")
    status = 409


class PapersOpen(BallotsRefused):
    """Voting is to be closed while papers are half entered."""

    message = _("%(number)s paper ballots are entered only once or read differently. Finish them first.")
    status = 409


# --- results ----------------------------------------------------------------------------------------------------


class NotCountedYet(BallotsRefused):
    """A result is asked for before there is one."""

    message = _("This round is not counted yet.")
    status = 409


class CountStale(BallotsRefused):
    """A count from before a candidate was withdrawn."""

    message = _("A candidate was withdrawn since this was counted. Count again first.")
    status = 409


class CountStands(BallotsRefused):
    """A second count of the very same ballots and candidates."""

    message = _("This is counted, and nothing has changed since: counting again would give the same.")
    status = 409


class LeafMissing(BallotsRefused):
    """A receipt that is in no tree of this round."""

    message = _("No ballot of this round has this receipt.")
    status = 404


class ObjectionsOver(BallotsRefused):
    """An objection outside its days."""

    message = _("Objections to this result are taken until %(day)s, once it is public.")
    status = 409


class ObjectionMissing(BallotsRefused):
    """No such objection in this round."""

    message = _("There is no such objection in this round.")
    status = 404


class ObjectionsOpen(BallotsRefused):
    """A round is to be final while objections wait for their answer."""

    message = _("%(number)s objections have no answer yet. Answer them first, in public.")
    status = 409


class OverrideUnfit(BallotsRefused):
    """A decision otherwise that changes nothing, or cannot be."""

    message = _("%(what)s")


class TooHardToCount(BallotsRefused):
    """The greatest sum cannot be proven for a list with so many ways to choose."""

    message = _(
        "There are too many ways to choose among so many projects to prove which is worth most. Call the round off and "
        "open it again with another rule."
    )
    status = 409


class AlreadyProject(BallotsRefused):
    """A need that has its project already is to be chosen as a new one."""

    message = _("There is a project for this need already: “%(title)s”. Choose another need, or write a new candidate.")
    status = 409


class NotClosedYet(BallotsRefused):
    """The ballots are asked for while people vote."""

    message = _("The ballots are published once voting is over, after %(closes)s.")
    status = 409


class MajorityUnfit(BallotsRefused):
    """Residents are to vote for or against, where a majority of all is asked."""

    message = _(
        "For, against or abstain needs a majority of a known number: it is for deputies and members. Choose another "
        "kind of ballot for residents."
    )


class ObserverUnfit(BallotsRefused):
    """Somebody who works in the place is to observe its own round."""

    message = _("Whoever works in this place cannot observe its round. Appoint a deputy, or somebody from elsewhere.")


class NotAWinner(BallotsRefused):
    """A project is to be opened for a candidate that was not chosen."""

    message = _("“%(title)s” was not chosen in this round.")
    status = 409
