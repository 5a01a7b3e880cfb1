"""What the ballots module tells the ledger: the sentences of its verbs."""

from django.utils.translation import gettext_lazy as _

from yiting.ledger.services import register_verbs

VERBS = {
    "ballots.round.opened": _("The choosing of %(year)s was opened: %(title)s"),
    "ballots.round.changed": _("Money, rule or calendar was changed: %(reason)s"),
    "ballots.round.collecting": _("Candidates are collected again: %(reason)s"),
    "ballots.round.checking": _("The candidates are being checked: %(reason)s"),
    "ballots.round.published": _("The list is public: %(reason)s"),
    "ballots.round.called_off": _("Called off: %(reason)s"),
    "ballots.round.final": _("The result is final: %(reason)s"),
    "ballots.limit.set": _("Of the kind “%(category)s” no more is built than a limit lets"),
    "ballots.limit.lifted": _("The limit of the kind “%(category)s” was taken back"),
    "ballots.candidate.added": _("Candidate No. %(number)s: %(title)s"),
    "ballots.candidate.changed": _("Candidate No. %(number)s was changed: %(title)s"),
    "ballots.candidate.found_feasible": _("No. %(number)s can be done: %(reason)s"),
    "ballots.candidate.found_unfeasible": _("No. %(number)s cannot be done: %(reason)s"),
    "ballots.candidate.withdrawn": _("No. %(number)s was withdrawn: %(reason)s"),
    "ballots.candidate.project_opened": _("No. %(number)s has a page among the projects"),
    "ballots.voting.opened": _("Voting is open: %(reason)s"),
    "ballots.voting.closed": _("Voting is over, %(ballots)s ballots: %(reason)s"),
    "ballots.attempts.refused": _("Refused on %(on)s: %(number)s (%(why)s)"),
    "ballots.papers.printed": _("%(number)s paper ballots were printed"),
    "ballots.paper.spoiled": _("A paper ballot is not counted: %(reason)s"),
    "ballots.observer.appointed": _("An observer was appointed; there are %(number)s"),
    "ballots.box.opened": _("An observer opened the ballots"),
    "ballots.result.counted": _("Counted by the published rule, count %(turn)s"),
    "ballots.winner.overridden": _("Decided otherwise on No. %(number)s: %(reason)s (%(legal_basis)s)"),
    "ballots.override.taken_back": _("What was decided otherwise on No. %(number)s was taken back: %(reason)s"),
    "ballots.winner.opened": _("No. %(number)s is a project of %(year)s"),
    "ballots.objection.raised": _("Objection %(number)s to the result"),
    "ballots.objection.answered": _("Objection %(number)s was answered: %(answer)s"),
}


def register() -> None:
    """Hand the verbs to the ledger, once the apps are ready."""
    register_verbs(VERBS)
