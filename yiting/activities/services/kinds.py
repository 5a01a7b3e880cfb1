"""The kinds of activities: data that an office adds to and renames."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from yiting.activities.codes import fresh_code
from yiting.activities.errors import KindUnfit, NotAllowed
from yiting.activities.models import Kind
from yiting.activities.policies import can_keep_kinds
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

NAME_LIMIT = 40

# Data an office may rename: the names are stored, not translated.
DEFAULT_KINDS = (
    ("talk", "宣讲"),
    ("clinic", "义诊"),
    ("legal", "普法宣传"),
    ("visit", "参观走访"),
    ("meeting", "会议"),
    ("training", "培训"),
    ("joint", "联合活动"),
    ("cultural", "文体活动"),
)


@transaction.atomic
def kinds_set_up() -> int:
    """Add the usual kinds that are not there yet; return how many were added. A renamed kind keeps its name."""
    added = 0
    for position, (code, name) in enumerate(DEFAULT_KINDS):
        _kind, created = Kind.objects.get_or_create(code=code, defaults={"name": name, "position": position})
        added += created
    return added


@transaction.atomic
def kind_add(*, by: Actor, name: str, code: str = "", at: datetime) -> Kind:
    """Add a kind; without a code it gets one of its own."""
    name = _name(by, name)
    last = Kind.objects.aggregate(last=Max("position"))["last"]
    wanted = code.strip()[:40] or fresh_code(8).lower()
    if Kind.objects.filter(code=wanted).exists():
        raise KindUnfit(limit=NAME_LIMIT)
    kind = Kind.objects.create(code=wanted, name=name, position=0 if last is None else last + 1)
    entry_append(kind="activities.kind.set", obj=kind, by=by, at=at, facts={"name": name})
    return kind


@transaction.atomic
def kind_rename(*, by: Actor, kind: Kind, name: str, at: datetime) -> Kind:
    """Give a kind another name; what was held keeps its kind."""
    if name.strip() == kind.name:
        return kind
    kind.name = _name(by, name)
    kind.save(update_fields=["name"])
    entry_append(kind="activities.kind.set", obj=kind, by=by, at=at, facts={"name": kind.name})
    return kind


def _name(by: Actor, name: str) -> str:
    decision = can_keep_kinds(by)
    if not decision:
        raise NotAllowed(decision.reason)
    name = name.strip()
    if not name or len(name) > NAME_LIMIT or Kind.objects.filter(name=name, active=True).exists():
        raise KindUnfit(limit=NAME_LIMIT)
    return name
