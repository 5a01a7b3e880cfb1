"""Relations along the chain: put on record by a contact of either unit, and ended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yiting.alliances.errors import (
    DaysReversed,
    PoolTitleMissing,
    RelationMissing,
    RelationStands,
    RelationUnfit,
    SourceMissing,
)
from yiting.alliances.models import Relation
from yiting.alliances.policies import may_give_for
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.people.queries import local_day

WHAT_LIMIT = 80
SOURCE_LIMIT = 120


@transaction.atomic
def relation_add(
    *,
    by: Actor,
    upstream: Organisation,
    downstream: Organisation,
    kind: str,
    what: str,
    source: str,
    since_on: date | None = None,
    at: datetime,
) -> Relation:
    """Put on record that one unit gives another something regularly; a contact of either may, and says who says so."""
    if not (may_give_for(by, organisation_id=upstream.pk) or may_give_for(by, organisation_id=downstream.pk)):
        raise RelationMissing
    if upstream.pk == downstream.pk or kind not in Relation.Kind.values:
        raise RelationUnfit
    what, source = what.strip(), source.strip()
    if not what or len(what) > WHAT_LIMIT:
        raise PoolTitleMissing(limit=WHAT_LIMIT)
    if not source or len(source) > SOURCE_LIMIT:
        raise SourceMissing
    relation, created = Relation.objects.get_or_create(
        upstream=upstream,
        downstream=downstream,
        kind=kind,
        what=what,
        ended_on=None,
        defaults={"since_on": since_on, "source": source, "created_at": at},
    )
    if not created:
        raise RelationStands
    facts = {"upstream": upstream.name, "downstream": downstream.name, "what": what, "source": source}
    entry_append(kind="alliances.relation.added", obj=relation, by=by, at=at, facts=facts)
    return relation


@transaction.atomic
def relation_end(*, by: Actor, relation: Relation, on: date | None = None, at: datetime) -> Relation:
    """End a relation on a day, today unless another is said; it stays on record."""
    held = Relation.objects.select_for_update().filter(pk=relation.pk, ended_on__isnull=True).first()
    if held is None:
        raise RelationMissing
    if not (may_give_for(by, organisation_id=held.upstream_id) or may_give_for(by, organisation_id=held.downstream_id)):
        raise RelationMissing
    held.ended_on = on or local_day(at)
    if held.since_on is not None and held.ended_on < held.since_on:
        raise DaysReversed
    held.save(update_fields=["ended_on"])
    entry_append(kind="alliances.relation.ended", obj=held, by=by, at=at, facts={"on": str(held.ended_on)})
    return held
