"""What the deliberation module tells the ledger: the sentences of its verbs."""

from django.utils.translation import gettext_lazy as _

from yiting.deliberation.queries.words import convention_words, minutes_words, resolution_words
from yiting.ledger.services import register_verbs, register_witness

TOPIC_VERBS = {
    "deliberation.topic.drafted": _("A topic is being prepared: %(question)s"),
    "deliberation.topic.proposed": _("Residents propose a topic: %(question)s"),
    "deliberation.topic.changed": _("The question, its background or who takes part was changed"),
    "deliberation.topic.opened": _("Opened until %(until)s: %(reason)s"),
    "deliberation.topic.closing": _("The last days have begun: %(reason)s"),
    "deliberation.topic.closed": _("Closed: %(reason)s"),
    "deliberation.topic.reopened": _("Opened again until %(until)s: %(reason)s"),
    "deliberation.topic.resolved": _("Resolved: %(reason)s"),
    "deliberation.evidence.added": _("Something to know was added: %(title)s"),
    "deliberation.evidence.removed": _("Something to know was taken away: %(title)s"),
    "deliberation.support.given": _("Somebody supports the proposal"),
    "deliberation.support.taken_back": _("Somebody took their support back"),
    "deliberation.statement.added": _("Statement %(number)s was added"),
    "deliberation.statement.moderated": _("Statement %(number)s: %(decision)s. %(reason)s"),
    "deliberation.sheets.printed": _("%(number)s voting sheets were printed"),
    "deliberation.sheet.counted": _("A paper sheet was counted"),
}

MEETING_VERBS = {
    "deliberation.meeting.called": _("A meeting was called: %(title)s"),
    "deliberation.meeting.ruled": _("To decide, %(quorum)s must be there; %(approvals_needed)s approve of the minutes"),
    "deliberation.minutes.asked": _("Those who were there are asked about the minutes, version %(version)s"),
    "deliberation.minutes.taken_back": _("The minutes were taken back to be written anew"),
    "deliberation.approval.given": _("Somebody who was there answered"),
    "deliberation.minutes.final": _("The minutes are final: %(approvals)s approve, %(objections)s object"),
    "deliberation.minutes.corrected": _("The minutes are corrected in version %(version)s: %(reason)s"),
    "deliberation.minutes.published": _("The minutes were published, version %(version)s"),
    "deliberation.resolution.made": _("A resolution: %(title)s"),
    "deliberation.resolution.opened_need": _("The resolution became a need: %(need)s"),
    "deliberation.task.set": _("%(organisation)s does it by %(due_on)s: %(what)s"),
    "deliberation.task.followed": _("How far it is: %(what)s. %(note)s"),
    "deliberation.task.moved": _("Another day, %(due_on)s: %(what)s. %(reason)s"),
    "deliberation.task.done": _("Done: %(what)s. %(outcome)s"),
    "deliberation.convention.made": _("A convention was written down: %(title)s"),
    "deliberation.convention.amended": _("The convention was changed: %(title)s, version %(version)s"),
    "deliberation.dispute.opened": _("A record was opened"),
    "deliberation.dispute.noted": _("Something was noted"),
    "deliberation.dispute.worded": _("A text was laid before those concerned"),
    "deliberation.dispute.agreed": _("Somebody agreed"),
    "deliberation.dispute.handed_over": _("A record was handed over"),
    "deliberation.dispute.closed": _("A record was closed"),
}


def register() -> None:
    """Hand the verbs and the witnesses to the ledger, once the apps are ready."""
    register_verbs(TOPIC_VERBS)
    register_verbs(MEETING_VERBS)
    register_witness("deliberation.minutes", minutes_words)
    register_witness("deliberation.resolution", resolution_words)
    register_witness("deliberation.conventionversion", convention_words)
