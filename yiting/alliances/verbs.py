"""What the alliances module tells the ledger: the sentences of its verbs."""

from django.utils.translation import gettext_lazy as _

from yiting.ledger.services import register_verbs

# Members and turns
TURNS = {
    "alliances.alliance.founded": _("Alliance founded: %(name)s"),
    "alliances.alliance.changed": _("What the alliance is was changed"),
    "alliances.joint_kind.set": _("Joint activities: %(name)s"),
    "alliances.member.place_opened": _("Place No. %(number)s opened, to be filled"),
    "alliances.member.filled": _("Place No. %(number)s filled: %(organisation)s"),
    "alliances.member.joined": _("Joined: %(organisation)s"),
    "alliances.member.left": _("Left: No. %(number)s, last day %(day)s"),
    "alliances.member.weighed": _("No. %(number)s: size %(weight)s"),
    "alliances.figure.reported": _("Reported: %(what)s %(amount)s (%(source)s)"),
    "alliances.absence.added": _("No. %(number)s is away from %(first)s to %(last)s"),
    "alliances.absence.removed": _("No. %(number)s is there after all from %(first)s to %(last)s"),
    "alliances.plan.adopted": _(
        "Turns from %(first)s to %(last)s adopted: %(turns)s, of which %(changes)s changed host"
    ),
    "alliances.turn.swapped": _("Swapped by consent: No. %(host)s hosts on %(day)s"),
    "alliances.turn.skipped": _("Skipped by No. %(host)s: %(day)s"),
    "alliances.turn.stepped_in": _("No. %(host)s steps in on %(day)s"),
    "alliances.turn.held": _("Held by No. %(host)s on %(day)s"),
    "alliances.activity.joined": _("A joint activity of the alliance: %(title)s"),
}

# What is pooled, and the chain
POOL = {
    "alliances.pool.renamed": _("The pool is called %(name)s"),
    "alliances.resource_kind.set": _("Kind of resource: %(name)s"),
    "alliances.offer.made": _("%(unit)s offers: %(kind)s, %(amount)s"),
    "alliances.offer.changed": _("The offer was changed: %(kind)s, %(amount)s"),
    "alliances.offer.withdrawn": _("The offer was withdrawn: %(reason)s"),
    "alliances.ask.opened": _("%(unit)s asks for: %(kind)s, %(amount)s"),
    "alliances.ask.closed": _("No longer asked for: %(reason)s"),
    "alliances.match.claimed": _("%(unit)s says yes: %(kind)s, %(amount)s"),
    "alliances.match.promised": _("Promised by both sides: %(giver)s to %(asker)s, %(kind)s, %(amount)s"),
    "alliances.match.refused": _("It did not suit one side"),
    "alliances.match.withdrawn": _("Given up: %(reason)s"),
    "alliances.match.delivered": _("Delivered: %(giver)s to %(asker)s, %(kind)s, %(amount)s"),
    "alliances.match.thanked": _("Thanks went to %(giver)s"),
    "alliances.relation.added": _("%(upstream)s gives %(downstream)s: %(what)s (%(source)s)"),
    "alliances.relation.ended": _("The relation ended on %(on)s"),
}


def register() -> None:
    """Hand the verbs to the ledger, once the apps are ready."""
    register_verbs(TURNS | POOL)
