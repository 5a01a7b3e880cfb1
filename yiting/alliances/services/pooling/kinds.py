"""The kinds of what is pooled: the usual ones to begin with, and an office's own names for them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiting.alliances.errors import KindMissing, PoolTitleMissing
from yiting.alliances.models import Pool, ResourceKind
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

NAME_LIMIT = 40
MEASURE_LIMIT = 12
USUAL_POOLS = (("ideas", "筹智"), ("money", "筹资"), ("labour", "筹力"), ("goods", "筹物"))
# Code, name, pool, measure, is money, is a whole thing.
USUAL_KINDS = (
    ("hall", "会场", "goods", "场", False, True),
    ("room", "房间", "goods", "天", False, True),
    ("vehicle", "车辆", "goods", "天", False, True),
    ("machine", "设备", "goods", "台时", False, False),
    ("computing", "算力", "goods", "卡时", False, False),
    ("expert", "专家", "ideas", "人时", False, False),
    ("volunteers", "志愿者", "labour", "人时", False, False),
    ("goods", "物资", "goods", "件", False, False),
    ("money", "资金", "money", "元", True, False),
)


@transaction.atomic
def usual_kinds_add(*, by: Actor, at: datetime) -> int:
    """Set up the four pools and the usual kinds; what is there already keeps its name. Return how many are new."""
    _require_admin(by)
    pools = {}
    for position, (code, name) in enumerate(USUAL_POOLS):
        pools[code], _created = Pool.objects.get_or_create(code=code, defaults={"name": name, "position": position})
    added = 0
    for position, (code, name, pool, measure, money, whole) in enumerate(USUAL_KINDS):
        kind, created = ResourceKind.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "pool": pools[pool],
                "measure": measure,
                "money": money,
                "whole": whole,
                "position": position,
            },
        )
        if created:
            entry_append(kind="alliances.resource_kind.set", obj=kind, by=by, at=at, facts={"name": name})
            added += 1
    return added


@transaction.atomic
def pool_rename(*, by: Actor, pool: Pool, name: str, at: datetime) -> Pool:
    """Call a pool as the office calls it."""
    _require_admin(by)
    pool.name = _name(name, NAME_LIMIT)
    pool.save(update_fields=["name"])
    entry_append(kind="alliances.pool.renamed", obj=pool, by=by, at=at, facts={"name": pool.name})
    return pool


@transaction.atomic
def resource_kind_add(
    *, by: Actor, code: str, name: str, pool: Pool, measure: str, whole: bool = False, at: datetime
) -> ResourceKind:
    """Add a kind of the office's own, with what it is counted in and whether it goes as a whole."""
    _require_admin(by)
    kind, created = ResourceKind.objects.get_or_create(
        code=code,
        defaults={
            "name": _name(name, NAME_LIMIT),
            "pool": pool,
            "measure": _name(measure, MEASURE_LIMIT),
            "whole": whole,
            "position": ResourceKind.objects.count(),
        },
    )
    if created:
        entry_append(kind="alliances.resource_kind.set", obj=kind, by=by, at=at, facts={"name": kind.name})
    return kind


@transaction.atomic
def resource_kind_change(
    *, by: Actor, kind: ResourceKind, name: str | None = None, active: bool | None = None, at: datetime
) -> ResourceKind:
    """Rename a kind, or take it out of the lists; how it is counted never changes under what is promised."""
    _require_admin(by)
    kind.name = kind.name if name is None else _name(name, NAME_LIMIT)
    kind.active = kind.active if active is None else active
    kind.save(update_fields=["name", "active"])
    facts = {"name": kind.name, "active": kind.active}
    entry_append(kind="alliances.resource_kind.set", obj=kind, by=by, at=at, facts=facts)
    return kind


def _require_admin(by: Actor) -> None:
    if not by.is_admin:
        raise KindMissing


def _name(name: str, limit: int) -> str:
    name = name.strip()
    if not name or len(name) > limit:
        raise PoolTitleMissing(limit=limit)
    return name
