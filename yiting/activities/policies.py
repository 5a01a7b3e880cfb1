"""May I? Pure questions about activities; each answer carries its reason."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from yiting.people.actors import YES, Actor, Decision
from yiting.people.models import RoleKind


def contact_ids(by: Actor) -> frozenset[int]:
    """The organisations whose contact in an alliance the actor is."""
    return frozenset(
        grant.organisation_id
        for grant in by.grants
        if grant.kind == RoleKind.ALLIANCE and grant.organisation_id is not None
    )


def can_manage(by: Actor, *, place_path: str, host_ids: Collection[int]) -> Decision:
    """Those who work in the place, and the contact of an alliance unit that hosts."""
    if by.works_at(place_path) or contact_ids(by) & frozenset(host_ids):
        return YES
    return Decision(False, _("Only those who work in this place, or the contact of a unit that hosts, may do this."))


def can_speak_for_unit(by: Actor, *, organisation_id: int, place_path: str, host_ids: Collection[int]) -> Decision:
    """Those who work for the unit, and those who manage the activity."""
    if organisation_id in by.organisation_ids or can_manage(by, place_path=place_path, host_ids=host_ids):
        return YES
    return Decision(False, _("Only those who work for this unit may sign it up."))


def can_speak_for_person(by: Actor, *, person_id: int, place_path: str, host_ids: Collection[int]) -> Decision:
    """The person, whoever shares this browser without an account, and those who manage the activity."""
    if by.person_id in (None, person_id) or can_manage(by, place_path=place_path, host_ids=host_ids):
        return YES
    return Decision(False, _("Only the person may do this, or those who organise the activity for them."))


def can_keep_kinds(by: Actor) -> Decision:
    """Administrators."""
    if by.is_admin:
        return YES
    return Decision(False, _("Only an administrator may change the kinds of activities."))
