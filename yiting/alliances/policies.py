"""Who may do what in an alliance. Pure."""

from __future__ import annotations

from yiting.alliances.models import Alliance
from yiting.people.actors import Actor

MANAGING_KINDS = frozenset({"street", "admin"})


def may_manage(by: Actor, *, place_path: str, lead_id: int | None = None, cooperating_id: int | None = None) -> bool:
    """The street's staff and administrators of its place manage an alliance, and the contacts of its leading units."""
    if by.everywhere or any(grant.kind in MANAGING_KINDS and grant.covers(place_path) for grant in by.grants):
        return True
    return may_act_for(by, organisation_id=lead_id) or may_act_for(by, organisation_id=cooperating_id)


def may_manage_alliance(by: Actor, alliance: Alliance) -> bool:
    """The same of an alliance."""
    return may_manage(
        by, place_path=alliance.place_path, lead_id=alliance.lead_id, cooperating_id=alliance.cooperating_id
    )


def may_act_for(by: Actor, *, organisation_id: int | None) -> bool:
    """A unit's alliance contacts speak for it, and for it alone."""
    return organisation_id is not None and any(
        grant.kind == "alliance" and grant.organisation_id == organisation_id for grant in by.grants
    )


# --- what is pooled: the giving and the asking side

GIVING_KINDS = frozenset({"alliance", "worker", "street", "admin"})


def units_of(by: Actor) -> frozenset[int]:
    """The organisations for which the actor may give, ask and answer: its contacts, and those who work in it."""
    return frozenset(
        grant.organisation_id for grant in by.grants if grant.organisation_id is not None and grant.kind in GIVING_KINDS
    )


def may_give_for(by: Actor, *, organisation_id: int) -> bool:
    """Contacts of a unit, and those who work in it, give and answer for it."""
    return by.everywhere or organisation_id in units_of(by)


def may_ask_for(by: Actor, *, organisation_id: int, place_path: str, for_residents: bool) -> bool:
    """What a need or project asks for is for those who handle matters of its place; else it is the unit's own."""
    return by.works_at(place_path) if for_residents else may_give_for(by, organisation_id=organisation_id)
