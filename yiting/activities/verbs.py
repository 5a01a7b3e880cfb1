"""What the activities module tells the ledger: the sentences of its verbs."""

from django.utils.translation import gettext_lazy as _

from yiting.ledger.services import register_verbs

VERBS = {
    "activities.activity.planned": _("Planned: %(title)s"),
    "activities.activity.changed": _("The plan of the activity was changed"),
    "activities.activity.cancelled": _("Cancelled: %(reason)s"),
    "activities.activity.held": _("It was held, and a report was written"),
    "activities.series.planned": _("A series was planned: %(title)s"),
    "activities.series.changed": _("This and the following of a series were changed"),
    "activities.series.cancelled": _("This and the following of a series were cancelled: %(reason)s"),
    "activities.material.added": _("Something to read was added: %(title)s"),
    "activities.material.removed": _("Something to read was taken away: %(title)s"),
    "activities.sign_up.given": _("Somebody signed up"),
    "activities.sign_up.withdrawn": _("Somebody who had signed up stepped back"),
    "activities.kind.set": _("A kind of activity was named: %(name)s"),
}


def register() -> None:
    """Hand the verbs to the ledger, once the apps are ready."""
    register_verbs(VERBS)
