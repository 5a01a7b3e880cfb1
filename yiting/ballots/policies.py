"""May I? Pure questions about rounds and ballots; each answer carries its reason."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from yiting.people.actors import YES, Actor, Decision
from yiting.people.models import RoleKind


def can_manage(by: Actor, *, place_path: str) -> Decision:
    """Those who handle the matters of the place; for others the workbench of a round is not there."""
    if by.works_at(place_path):
        return YES
    return Decision(False, _("Only those who work in this place may do this."))


def can_serve(by: Actor, *, place_path: str) -> Decision:
    """Those who handle matters anywhere in the place of the round: they serve at a counter and enter paper."""
    if by.works_at(place_path) or any(path.startswith(place_path) for path in by.work_paths):
        return YES
    return Decision(False, _("Only those who work in this place may do this."))


def can_check(by: Actor, *, department_id: int | None, place_path: str) -> Decision:
    """The people of the competent department, and those who work in the place and hold its answer in hand."""
    if by.works_at(place_path) or (department_id is not None and department_id in by.handling_ids):
        return YES
    return Decision(False, _("Only the competent department, and those who work in this place, may check it."))


def can_vote_as_resident(by: Actor, *, place_path: str, home_path: str, phone_proved: bool) -> Decision:
    """A resident, by their home or because the office entered them as one, whose telephone is proved: the counter
    knows them by it."""
    if by.person_id is None:
        return Decision(False, _("Sign in to vote. Whoever has no account votes at the counter or on paper."))
    if not home_path.startswith(place_path) and not lives_by_role(by, place_path=place_path):
        return Decision(
            False,
            _(
                "Only those who live in this place vote here. Say on your own page where you live; the community "
                "confirms it. Or vote at the counter."
            ),
        )
    if not phone_proved:
        return Decision(False, _("Prove your telephone number by a code first, so that everybody votes only once."))
    return YES


def can_object(by: Actor, *, place_path: str, home_path: str) -> Decision:
    """Those who live in the place; those who work there note what came on paper."""
    lives = by.person_id is not None and (lives_by_role(by, place_path=place_path) or home_path.startswith(place_path))
    if lives or by.works_at(place_path):
        return YES
    return Decision(
        False, _("Those who live in this place may object. Sign in, or tell the community: it notes your objection.")
    )


def lives_by_role(by: Actor, *, place_path: str) -> bool:
    """Whether the office has entered somebody as a resident of the place."""
    return any(one.kind == RoleKind.RESIDENT and one.place_path.startswith(place_path) for one in by.grants)


def can_vote_as_deputy(by: Actor, *, place_path: str, since_opening: bool) -> Decision:
    """The deputies of the place itself, as they were on the first day of voting: who comes later moves no majority."""
    is_one = any(one.kind == RoleKind.DEPUTY and one.place_path == place_path for one in by.grants)
    if by.account_id is not None and is_one and since_opening:
        return YES
    return Decision(
        False,
        _(
            "The deputies of this very place vote here, as they were on the first day of voting. Sign in with your "
            "account if you are one."
        ),
    )


def can_vote_as_member(by: Actor, *, organisations: Collection[int]) -> Decision:
    """Those who work for one of the named organisations."""
    if by.account_id is not None and by.organisation_ids & frozenset(organisations):
        return YES
    return Decision(
        False, _("Only those who work for the named organisations vote here. Sign in with your account if you do.")
    )
