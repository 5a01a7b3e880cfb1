"""From a turn to an activity that people can come to.

Locked: the alliance's row, before the activity is made; the activity is its module's.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiting.activities.models import Activity
from yiting.activities.services import Plan, activity_plan
from yiting.alliances.errors import AllianceMissing, HostUnknown, JointAlready, JointKindMissing, TurnSettled
from yiting.alliances.models import Alliance, JointActivity, JointKind, Turn
from yiting.alliances.policies import may_manage_alliance
from yiting.alliances.queries.problems import day_of, is_announced, state_of, zone_of
from yiting.alliances.services.membership import lock_alliance
from yiting.alliances.services.turns.taking import take_turn, turn_save
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor
from yiting.places.models import Place


@transaction.atomic
def turn_make_activity(
    *,
    by: Actor,
    turn: Turn,
    title: str,
    place: Place,
    starts_at: datetime,
    ends_at: datetime,
    about: str = "",
    where: str = "",
    joint_kind: JointKind | None = None,
    at: datetime,
) -> Activity:
    """Announce what takes place in a turn: its host leads it, and the alliance's units sign up for it.

    An activity that was called off makes room for another.
    """
    held, turns = take_turn(by=by, turn=turn)
    one = turns[0]
    if state_of(one) != Turn.State.PLANNED or is_announced(one):
        raise TurnSettled(day=day_of(one, zone_of(held)))
    host = one.membership.organisation
    if host is None:
        raise HostUnknown(number=one.membership.number)
    one.joint_kind = joint_kind or one.joint_kind
    if one.joint_kind is None:
        raise JointKindMissing
    plan = Plan(
        kind=one.joint_kind.kind,
        title=title,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        lead=host,
        about=about,
        where=where,
        sign_up_for=Activity.SignUpFor.UNITS,
    )
    activity = activity_plan(by=by, plan=plan, at=at)
    one.activity = activity
    turn_save(one, "activity", "joint_kind", at=at)
    _join(by, held, activity, one.joint_kind, at=at)
    return activity


@transaction.atomic
def joint_activity_add(
    *, by: Actor, alliance: Alliance, activity: Activity, joint_kind: JointKind | None = None, at: datetime
) -> JointActivity:
    """Say that an activity, planned elsewhere, is the alliance's."""
    held = lock_alliance(alliance.pk)
    if not may_manage_alliance(by, held):
        raise AllianceMissing
    return _join(by, held, activity, joint_kind, at=at)


def _join(
    by: Actor, alliance: Alliance, activity: Activity, joint_kind: JointKind | None, *, at: datetime
) -> JointActivity:
    if JointActivity.objects.filter(activity=activity).exists():
        raise JointAlready(title=activity.title)
    joint = JointActivity.objects.create(alliance=alliance, activity=activity, joint_kind=joint_kind)
    facts = {"title": activity.title, "kind": joint_kind.name if joint_kind else ""}
    entry_append(kind="alliances.activity.joined", obj=alliance, by=by, at=at, facts=facts)
    return joint
