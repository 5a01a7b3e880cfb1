"""What deliberation refuses, each with words that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused


class DeliberationRefused(Refused):
    """Base of the refusals about deliberation."""


# --- topics, statements, votes, paper ---------------------------------------------------------------------------


class TopicMissing(DeliberationRefused):
    """No such topic, or not the asker's to change."""

    message = _("There is no such topic, or it is not yours to look after.")
    status = 404


class StatementMissing(DeliberationRefused):
    """No such statement in this topic, or none that can be voted on."""

    message = _("This statement is not here, or no longer open for votes. Go on with the next one.")
    status = 404


class NotAllowed(DeliberationRefused):
    """Somebody who may not do this; the reason comes with it."""

    message = _("You may not do this here.")
    status = 403


class QuestionMissing(DeliberationRefused):
    """A topic without a question."""

    message = _("Ask one plain question of at most %(limit)s characters.")


class WordsTooLong(DeliberationRefused):
    """A text that is too long."""

    message = _("“%(what)s” has %(length)s characters; at most %(limit)s fit. Shorten it or add a file.")


class ReasonMissing(DeliberationRefused):
    """A decision without its reason."""

    message = _("Write the reason in a sentence that residents will understand; it is public.")


class ClosingDayUnfit(DeliberationRefused):
    """A last day that has passed already, or lies too far ahead."""

    message = _("Choose a last day that is still to come, within %(days)s days.")


class InvitedMissing(DeliberationRefused):
    """A topic for the invited, with nobody invited."""

    message = _("Choose the organisations whose people are invited, or let others take part.")


class NumberUnfit(DeliberationRefused):
    """A number outside its bounds."""

    message = _("“%(what)s” must be between %(least)s and %(most)s.")


class StepNotPossible(DeliberationRefused):
    """A change of state that does not exist."""

    message = _("From “%(state)s” a topic cannot go to “%(target)s”. Look at it again; somebody may have moved it.")
    status = 409


class NeedElsewhere(DeliberationRefused):
    """A need of another place."""

    message = _("The topic and the need must be of the same place. Choose the need’s place or one around it.")


class NotAProposal(DeliberationRefused):
    """Supporting what gathers no supports."""

    message = _("This topic gathers no supports now. Look at it again.")
    status = 409


class PersonalInside(DeliberationRefused):
    """A proposal with a telephone number or an attack in it: it would be public at once."""

    message = _("It cannot be shown as it is: %(why)s. Write it anew without that.")


class EvidenceUnfit(DeliberationRefused):
    """A paper that is neither a link nor a file that can be given out."""

    message = _(
        "Give a title, and either a link that begins with https:// or a file (%(kinds)s) of at most %(limit)s MB."
    )


class NotOpen(DeliberationRefused):
    """Voting or saying something before a topic opens."""

    message = _("This topic is not open yet. Come back when it is.")
    status = 409


class TopicClosed(DeliberationRefused):
    """Voting or saying something after a topic closed."""

    message = _("This topic is closed: votes and statements are no longer taken. You can read what came of it.")
    status = 409


class LastDays(DeliberationRefused):
    """A new statement in the last days."""

    message = _("In the last days no new statements are taken, so that all get their votes. You can still vote.")
    status = 409


class NotForYou(DeliberationRefused):
    """A stranger in a topic for others; the reason says for whom it is."""

    message = _("This topic is for others.")
    status = 403


class StatementUnfit(DeliberationRefused):
    """A statement that is empty or too long."""

    message = _(
        "A statement is one sentence of 1 to %(limit)s characters; yours has %(length)s. Say one thing at a time."
    )


class StatementKnown(DeliberationRefused):
    """A statement that stands there word for word."""

    message = _("This stands there already, as statement %(number)s. You can vote on it.")
    status = 409


class StatementsEnough(DeliberationRefused):
    """More statements than one voice can have in a topic."""

    message = _("You have written %(limit)s statements here; that is enough for one voice. Vote on those of others.")
    status = 409


class DecisionUnfit(DeliberationRefused):
    """A decision on a statement that does not exist, or joins it with itself."""

    message = _("Choose what becomes of the statement; to join it, choose another that is shown.")


class VoteUnfit(DeliberationRefused):
    """A vote that is none of the three."""

    message = _("Tap one of the three: agree, disagree or pass.")


class NothingToPrint(DeliberationRefused):
    """Sheets of a topic without statements."""

    message = _("There are no statements to vote on yet. Write some first.")
    status = 409


class SheetMissing(DeliberationRefused):
    """No such sheet in this topic."""

    message = _("No sheet with this number belongs to this topic. Look at the number in the corner of the paper.")
    status = 404


class SupportedAlready(DeliberationRefused):
    """The question of a proposal that residents support is theirs."""

    message = _("Residents support this question as it stands. Only its background and its numbers can be changed.")
    status = 409


class TopicOfNeedStands(DeliberationRefused):
    """The same question about a need a second time, while the first is not over."""

    message = _("This question about the need stands already. Go on with that topic.")
    status = 409


class TopicRunning(DeliberationRefused):
    """The files of a topic that is not over."""

    message = _("This topic is still talked over. Its files are made once it is closed.")
    status = 409


class TooFewToExport(DeliberationRefused):
    """So few voters that a list of ballots would tell how somebody voted."""

    message = _(
        "The last result counts the votes of fewer than %(least)s people. "
        "A list of their votes would tell how somebody voted."
    )
    status = 409


class SheetCounted(DeliberationRefused):
    """A sheet that was counted; it is counted once."""

    message = _("This sheet has been counted. A sheet is counted once.")
    status = 409


class MarksUnfit(DeliberationRefused):
    """An entry that does not fit the lines of the sheet."""

    message = _("The marks do not fit the lines of this sheet. Open the sheet again and enter what stands on it.")


# --- meetings, resolutions, conventions, disputes -----------------------------------------------------------------


class MeetingMissing(DeliberationRefused):
    """No such meeting or point, or not the asker's to keep."""

    message = _("There is no such meeting, or it is not yours to look after.")
    status = 404


class ResolutionMissing(DeliberationRefused):
    """No such resolution or task, or not the asker's to follow."""

    message = _("There is no such resolution, or it is not yours to look after.")
    status = 404


class ConventionMissing(DeliberationRefused):
    """No such convention or version."""

    message = _("There is no such convention, or it is not yours to look after.")
    status = 404


class DisputeMissing(DeliberationRefused):
    """No such record, or one of others: the answer is the same."""

    message = _("There is no such page.")
    status = 404


class WordsMissing(DeliberationRefused):
    """A text that must be there."""

    message = _("Write something under “%(what)s”.")


class AgendaUnfit(DeliberationRefused):
    """A meeting about nothing, or about far too much."""

    message = _("An agenda has 1 to %(limit)s points. Write each as one line.")


class MeetingElsewhere(DeliberationRefused):
    """A topic or a need of another place than the meeting."""

    message = _("“%(what)s” belongs to another place than the meeting. Choose one of this place.")


class MeetingCancelled(DeliberationRefused):
    """Minutes of a meeting that does not take place."""

    message = _("This meeting is cancelled; there is nothing to write down.")
    status = 409


class MinutesNotOpen(DeliberationRefused):
    """Writing into minutes that are not being written."""

    message = _("These minutes are not being written now. Take them back first, or correct them in a new version.")
    status = 409


class MinutesNotAsked(DeliberationRefused):
    """Approving what is not asked."""

    message = _("Nobody is asked about these minutes now. Look at the page of the meeting again.")
    status = 409


class MinutesNotFinal(DeliberationRefused):
    """Minutes that those who were there have not approved yet."""

    message = _("These minutes are not final yet. Those who were there must approve of them first.")
    status = 409


class MinutesCorrected(DeliberationRefused):
    """A decision as it stood in minutes that were corrected since."""

    message = _("These minutes were corrected since. Take the decision from their newest version.")
    status = 409


class MinutesEmpty(DeliberationRefused):
    """Asking about minutes in which nothing stands."""

    message = _("Nothing has been written down yet. Write what was said or decided at a point first.")


class ChangedMeanwhile(DeliberationRefused):
    """Two at the same text: the second is told."""

    message = _("Somebody else has just changed this. Nothing of theirs was overwritten; look at it again.")
    status = 409


class TooFewThere(DeliberationRefused):
    """Fewer people who could approve than must."""

    message = _(
        "%(needed)s must approve, but only %(there)s are on the list of those who were there. Complete it first."
    )
    status = 409


class QuorumMissed(DeliberationRefused):
    """A decision by too few."""

    message = _("%(there)s were there, and %(needed)s must be to decide. Keep what was said; decide another time.")
    status = 409


class NotThere(DeliberationRefused):
    """Approving without having been there."""

    message = _("Only those who were counted at the meeting are asked. Tell the community if you were there.")
    status = 403


class TopicNotClosed(DeliberationRefused):
    """A resolution out of a topic that people still talk over."""

    message = _("This topic is still talked over. Close it first, or take the resolution from a meeting.")
    status = 409


class PointUndecided(DeliberationRefused):
    """A resolution out of a point at which nothing was decided."""

    message = _("Nothing was decided at this point. Correct the minutes if a decision is missing.")
    status = 409


class DueUnfit(DeliberationRefused):
    """A day to be ready by that is over, or too far ahead."""

    message = _("Choose a day that is still to come, within %(years)s years.")


class TaskDone(DeliberationRefused):
    """A task that is done."""

    message = _("This task is done. What is still to be done is a task of its own.")
    status = 409


class LinkUnfit(DeliberationRefused):
    """A link that leads nowhere public."""

    message = _("A link begins with https:// and has at most %(limit)s characters.")


class ConventionKnown(DeliberationRefused):
    """A second convention of the same title at the same place."""

    message = _("This place has a convention of this title. Change it by a resolution.")
    status = 409


class AmendmentUnfit(DeliberationRefused):
    """Articles that are not there, or a change that changes nothing."""

    message = _("Name the articles that the resolution changes; at least one must read differently afterwards.")


class AnsweredThemselves(DeliberationRefused):
    """Writing an answer down for somebody who has given it."""

    message = _("They have answered themselves. Only they can change it.")
    status = 409


class ResolvedAlready(DeliberationRefused):
    """The same resolution a second time."""

    message = _("This resolution stands already, with the same title.")
    status = 409


class AmendedAlready(DeliberationRefused):
    """A resolution that has amended this convention already."""

    message = _("This resolution has changed this convention already. A further change needs a resolution of its own.")
    status = 409


class PartiesUnfit(DeliberationRefused):
    """A quarrel with oneself, or among a crowd."""

    message = _("A quarrel has 2 to %(limit)s parties; write the name or the telephone number of each.")


class DisputeClosed(DeliberationRefused):
    """A record that is closed."""

    message = _("This record is closed. Nothing is added to it.")
    status = 409


class AgreementMissing(DeliberationRefused):
    """Agreeing to a text that is not there."""

    message = _("There is no text yet to agree to. The mediator writes it first.")
    status = 409
