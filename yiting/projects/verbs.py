"""What the projects module tells the ledger: the sentences of its verbs."""

from django.utils.translation import gettext_lazy as _

from yiting.ledger.services import register_verbs

VERBS = {
    "projects.project.proposed": _("Proposed as a project of %(year)s"),
    "projects.project.chosen": _("Chosen as a livelihood project of %(year)s"),
    "projects.project.changed": _("The plan was changed"),
    "projects.project.started": _("Work began"),
    "projects.project.delivered": _("Finished: %(when)s"),
    "projects.project.reopened": _("Residents say it is not solved; work goes on"),
    "projects.project.closed": _("The judging is closed"),
    "projects.project.dropped": _("Given up: %(reason)s"),
    "projects.need.added": _("Serves the need No. %(need)s"),
    "projects.need.declined": _("No project for now: %(reason)s"),
    "projects.visit.held": _("Visited on the spot: %(who)s"),
    "projects.milestone.set": _("A step was planned: %(title)s"),
    "projects.milestone.done": _("A step was done: %(title)s"),
    "projects.evaluation.given": _("A household judged the project"),
}


def register() -> None:
    """Hand the verbs to the ledger, once the apps are ready."""
    register_verbs(VERBS)
