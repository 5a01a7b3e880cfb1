"""May I? Pure questions about deliberation; each answer carries its reason."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from yiting.deliberation.models import Topic
from yiting.people.actors import YES, Actor, Decision
from yiting.people.models import RoleKind

# --- topics -----------------------------------------------------------------------------------------------------


def can_moderate(by: Actor, *, place_path: str) -> Decision:
    """Those who handle the matters of the place; for others it is not there."""
    if by.works_at(place_path):
        return YES
    return Decision(False, _("Only those who work in this place may do this."))


def can_speak_as(by: Actor, *, person_id: int) -> Decision:
    """The person, or a browser without an account that speaks with their voice."""
    if by.everywhere or by.person_id in (None, person_id):
        return YES
    return Decision(False, _("Only the person may do this. Sign out if somebody else used this telephone."))


def can_take_part(by: Actor, *, who: str, place_path: str, lives_there: bool, invited: Collection[int]) -> Decision:
    """Whether somebody is one of those whom the topic is for; that they live there takes more than their word."""
    if who == Topic.Who.ANYBODY:
        return YES
    if who == Topic.Who.INVITED:
        if by.organisation_ids & frozenset(invited):
            return YES
        return Decision(
            False,
            _("Only those who work for the invited organisations vote here. Sign in with your account if you do."),
        )
    is_resident = any(one.kind == RoleKind.RESIDENT and one.place_path.startswith(place_path) for one in by.grants)
    if is_resident or lives_there:
        return YES
    return Decision(
        False,
        _(
            "Only those who live in this place take part here. Sign in with your telephone number and say on your own "
            "page where you live; the community confirms it. Or ask the community for a paper sheet."
        ),
    )


# --- meetings, resolutions, disputes ------------------------------------------------------------------------------


def can_follow(by: Actor, *, organisation_id: int, place_path: str) -> Decision:
    """Those who work for the organisation whose task it is, and those who work in the place."""
    if by.works_at(place_path) or organisation_id in by.handling_ids:
        return YES
    return Decision(False, _("Only those whose task it is, and those who work in this place, may do this."))


def can_mediate(by: Actor, *, mediator_id: int, place_path: str) -> Decision:
    """The mediator while they work in the place; no administrator, and not the system either."""
    if by.account_id == mediator_id and by.works_at(place_path):
        return YES
    return Decision(False, _("Only the mediator may do this."))
