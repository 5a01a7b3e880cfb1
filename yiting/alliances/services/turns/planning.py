"""Planning the turns of a period, and adopting the plan.

Scarce: an alliance's one draft, and each turn's one host. Solving may take seconds, so it is done without a lock;
then the alliance's row is locked, the problem is put together once more, and a draft is kept only if nothing has
changed. Adopting does the same. So no plan ever rests on members, absences or turns that were otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yiting.alliances.errors import (
    AllianceMissing,
    DaysWrongWay,
    NobodyToHost,
    NothingToPlan,
    PlanOutdated,
    PlanTooLarge,
    SlotOutside,
    WishesClash,
)
from yiting.alliances.models import Alliance, Proposal, Turn, TurnPlan
from yiting.alliances.policies import may_manage_alliance
from yiting.alliances.queries.problems import Planning, Slot, planning_of, problem_json, zone_of
from yiting.alliances.services.membership import take_alliance
from yiting.alliances.services.turns.taking import swaps_lapse
from yiting.alliances.services.turns.telling import tell_hosts
from yiting.ledger.services import entry_append
from yiting.methods.rotations import Clash, Plan, RotationImpossible, Wish, rotation_plan
from yiting.people.actors import Actor

TURNS_LIMIT = 400
NAMED_DAYS = 5
NAMED_CLASHES = 3
HOSTS = gettext_noop("Turns from %(first)s to %(last)s are planned: %(alliance)s")


def turns_plan(
    *, by: Actor, alliance: Alliance, since_on: date, until_on: date, slots: Sequence[Slot] = (), at: datetime
) -> TurnPlan:
    """Make a draft: new days get hosts, and the standing turns of the period keep theirs wherever that is as fair.

    Without `slots` the period is planned again, as after an absence; nothing changes until the draft is adopted.
    Refuses what cannot be, and names the smallest set of wishes that clash.
    """
    if not may_manage_alliance(by, alliance):
        raise AllianceMissing
    today = at.astimezone(zone_of(alliance)).date()
    _check_days(since_on, until_on, slots, today=today)
    planning = planning_of(alliance, since=since_on, until=until_on, slots=slots, today=today)
    _check_size(planning, since_on, until_on, today=today)
    try:
        plan = rotation_plan(planning.problem)
    except RotationImpossible as impossible:
        clashes = " ".join(_clash_text(planning, clash) for clash in impossible.clashes[:NAMED_CLASHES])
        raise WishesClash(clashes=clashes) from None
    with transaction.atomic():
        held = take_alliance(by=by, alliance=alliance)
        again = planning_of(held, since=since_on, until=until_on, slots=slots, today=today)
        if again.problem != planning.problem:
            raise PlanOutdated
        return _draft(held, again, plan, since_on=since_on, until_on=until_on, today=today, at=at)


@transaction.atomic
def plan_adopt(*, by: Actor, plan: TurnPlan, at: datetime) -> TurnPlan:
    """Let a draft stand: its new turns are there, others change hosts, and the contacts of both are told."""
    held = take_alliance(by=by, alliance=plan.alliance)
    draft = TurnPlan.objects.filter(pk=plan.pk, adopted_at__isnull=True).first()
    if draft is None:
        raise PlanOutdated
    proposals = list(draft.proposals.select_related("turn", "joint_kind", "membership__organisation").order_by("key"))
    slots = [Slot(line.day, line.joint_kind) for line in _by_key(proposals) if line.turn is None]
    again = planning_of(held, since=draft.since_on, until=draft.until_on, slots=slots, today=draft.today_on)
    today = at.astimezone(zone_of(held)).date()
    if problem_json(again.problem) != draft.solved or any(line.day < today for line in proposals if line.turn is None):
        raise PlanOutdated
    draft.adopted_at = at
    draft.save(update_fields=["adopted_at"])
    fresh = [
        Turn(
            alliance=held,
            plan=draft,
            key=line.key,
            day=line.day,
            joint_kind=line.joint_kind,
            membership=line.membership,
            changed_at=at,
        )
        for line in proposals
        if line.turn is None
    ]
    moved = []
    for line in proposals:
        if line.turn is not None and line.turn.membership_id != line.membership_id:
            line.turn.membership, line.turn.plan, line.turn.pinned = line.membership, draft, False
            line.turn.sequence, line.turn.changed_at = line.turn.sequence + 1, at
            moved.append(line.turn)
    affected = {line.membership.organisation_id for line in proposals if line.turn is None}
    affected |= {line.membership.organisation_id for line in proposals if line.turn in moved}
    affected |= set(
        Turn.objects.filter(pk__in=[turn.pk for turn in moved]).values_list("membership__organisation", flat=True)
    )
    Turn.objects.bulk_create(fresh)
    Turn.objects.bulk_update(moved, ["membership", "plan", "pinned", "sequence", "changed_at"])
    facts = {
        "first": str(draft.since_on),
        "last": str(draft.until_on),
        "turns": len(proposals),
        "changes": len(moved),
        "spread": draft.spread,
        "optimal": draft.is_optimal,
    }
    swaps_lapse(moved, at=at)
    entry_append(kind="alliances.plan.adopted", obj=held, by=by, at=at, facts=facts)
    tell_hosts(
        held,
        affected,
        key=f"plan-{draft.pk}",
        subject=HOSTS,
        facts={"first": str(draft.since_on), "last": str(draft.until_on), "alliance": held.name},
        at=at,
    )
    return draft


@transaction.atomic
def plan_discard(*, by: Actor, plan: TurnPlan, at: datetime) -> None:
    """Throw a draft away; what stands is not touched, so the ledger is told nothing."""
    take_alliance(by=by, alliance=plan.alliance)
    gone, _rows = TurnPlan.objects.filter(pk=plan.pk, adopted_at__isnull=True).delete()
    if not gone:
        raise PlanOutdated


def _draft(
    alliance: Alliance, planning: Planning, plan: Plan, *, since_on: date, until_on: date, today: date, at: datetime
) -> TurnPlan:
    TurnPlan.objects.filter(alliance=alliance, adopted_at__isnull=True).delete()
    draft = TurnPlan.objects.create(
        alliance=alliance,
        since_on=since_on,
        until_on=until_on,
        today_on=today,
        solved=problem_json(planning.problem),
        is_optimal=plan.is_optimal,
        way=plan.way,
        spread=plan.spread,
        running=plan.running,
        repeats=plan.repeats,
        changes=plan.changes,
        made_at=at,
    )
    day_of = {activity.id: activity.day for activity in planning.problem.activities}
    lines = []
    for pair in plan.assignments:
        turn, slot, unit = (
            planning.turns.get(pair.activity),
            planning.slots.get(pair.activity),
            planning.units[pair.unit],
        )
        stay = unit.stay_on(day_of[pair.activity])
        assert stay is not None, "the planner keeps memberships"
        joint_kind = slot.joint_kind if slot else turn.joint_kind if turn else None
        lines.append(
            Proposal(
                plan=draft,
                turn=turn,
                key=pair.activity,
                day=day_of[pair.activity],
                joint_kind=joint_kind,
                membership=stay,
            )
        )
    Proposal.objects.bulk_create(lines)
    return draft


def _check_days(since: date, until: date, slots: Sequence[Slot], *, today: date) -> None:
    if until < since:
        raise DaysWrongWay(first=since, last=until)
    if len(slots) > TURNS_LIMIT:
        raise PlanTooLarge(limit=TURNS_LIMIT)
    for slot in slots:
        if not max(since, today) <= slot.day <= until:
            raise SlotOutside(day=slot.day, first=max(since, today), last=until)


def _check_size(planning: Planning, since: date, until: date, *, today: date) -> None:
    if not planning.units:
        raise NobodyToHost
    if len(planning.problem.activities) > TURNS_LIMIT:
        raise PlanTooLarge(limit=TURNS_LIMIT)
    if not any(activity.day >= today for activity in planning.problem.activities):
        raise NothingToPlan(first=since, last=until)


def _by_key(proposals: Sequence[Proposal]) -> list[Proposal]:
    """In the order in which their days were named, so that each gets the same key again."""
    return sorted(proposals, key=lambda line: (line.day, len(line.key), line.key))


def _clash_text(planning: Planning, clash: Clash) -> str:
    """Say in plain words which days have no host, and which wishes together make it so."""
    day_of = {activity.id: activity.day for activity in planning.problem.activities}
    days = sorted({day_of[key] for key in clash.activities})
    named = "、".join(_day(day) for day in days[:NAMED_DAYS])
    if len(days) > NAMED_DAYS:
        named = _("%(days)s and %(number)s more") % {"days": named, "number": len(days) - NAMED_DAYS}
    wishes = "；".join(_wish_text(planning, wish, days, day_of) for wish in clash.wishes)
    return _("Nobody could host on %(days)s: %(wishes)s.") % {"days": named, "wishes": wishes}


def _wish_text(planning: Planning, wish: Wish, days: Sequence[date], day_of: dict[str, date]) -> str:
    unit = planning.units[wish.unit]
    if wish.kind == "unavailable":
        aways = (absence for stay in unit.stays for absence in planning.absences.get(stay.pk, ()))
        met = [absence for absence in aways if any(absence.from_on <= day <= absence.to_on for day in days)]
        spans = "、".join(f"{_day(one.from_on)}—{_day(one.to_on)}" for one in met)
        return _("%(unit)s is away %(days)s") % {"unit": unit.name, "days": spans}
    if wish.kind == "fixed":
        day = _day(day_of[wish.activity])
        return _("what is announced for %(day)s is hosted by %(unit)s") % {"day": day, "unit": unit.name}
    spans = "、".join(f"{_day(stay.joined_on)}—{_day(stay.left_on)}" for stay in unit.stays)
    return _("%(unit)s is a member %(days)s") % {"unit": unit.name, "days": spans}


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else "…"
