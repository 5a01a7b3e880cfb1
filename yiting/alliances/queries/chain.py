"""The chain: who supplies whom, drawn in layers; what nobody offers; the way between two units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from django.db.models import Q, QuerySet

from yiting.alliances.errors import RelationMissing
from yiting.alliances.models import Alliance, Ask, Membership, Offer, Relation, ResourceKind
from yiting.alliances.policies import may_give_for
from yiting.alliances.queries.pooling.fitting import asks_of, member_ids, offers_of, still_asked, to_be_had
from yiting.methods import chains
from yiting.people.actors import Actor
from yiting.people.models import Organisation

RELATIONS_SHOWN = 300
UNITS_OFFERED = 500


@dataclass(frozen=True, slots=True)
class RelationRow:
    """One relation as a line of the table; `may_end` says whether the reader may."""

    pk: int
    upstream_id: int
    upstream: str
    downstream_id: int
    downstream: str
    kind: str
    kind_label: str
    what: str
    since_on: date | None
    source: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step of the way between two units; one taken against the relation goes back to who gives."""

    from_id: str
    from_unit: str
    to_id: str
    to_unit: str
    kind_label: str
    what: str
    is_forward: bool


@dataclass(frozen=True, slots=True)
class GapRow:
    """A kind that several units ask for, and nobody or one alone offers."""

    kind_code: str
    kind_name: str
    wanted_by: tuple[str, ...]
    offered_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainPage:
    """The page of the chain: the drawing and the same as a table, the gaps, and the way asked for."""

    alliances: tuple[Alliance, ...]
    relations: tuple[RelationRow, ...]
    more: int
    drawing: chains.Drawing
    names: Mapping[str, str]
    units: tuple[tuple[int, str], ...]
    gaps: tuple[GapRow, ...]
    path: tuple[PathStep, ...] | None


def get_chain_page(
    alliance: Alliance | None, *, by: Actor, day: date, between: tuple[int, int] | None = None
) -> ChainPage:
    """Return the chain of an alliance with those its members deal with, or everybody's. At most eight queries."""
    members = member_ids(alliance, day) if alliance is not None else set()
    found = standing_relations(alliance, members)
    relations, more = found[:RELATIONS_SHOWN], max(0, len(found) - RELATIONS_SHOWN)
    names = {str(unit.pk): unit.name for relation in relations for unit in (relation.upstream, relation.downstream)} | {
        str(pk): name for pk, name in Organisation.objects.filter(pk__in=members).values_list("pk", "name")
    }
    links = {_edge(one): one for one in reversed(relations)}
    edges = sorted(links, key=lambda edge: (edge.source, edge.target, edge.kind))
    path = None
    if between is not None and all(str(pk) in names for pk in between):
        path = chains.path_between(edges, *(str(pk) for pk in between))
    return ChainPage(
        alliances=tuple(Alliance.objects.order_by("pk")),
        relations=tuple(_row(one, by) for one in relations),
        more=more,
        drawing=chains.layers(edges, units=sorted(names)),
        names=names,
        units=tuple(sorted(((int(key), name) for key, name in names.items()), key=lambda unit: (unit[1], unit[0]))),
        gaps=_gaps(alliance, members, day),
        path=None if path is None else tuple(_step(step, links, names) for step in path),
    )


def standing_relations(alliance: Alliance | None, members: Iterable[int]) -> list[Relation]:
    """The relations that have not ended, of an alliance's members or of everybody. One query."""
    found = Relation.objects.filter(ended_on__isnull=True).select_related("upstream", "downstream")
    if alliance is not None:
        found = found.filter(Q(upstream__in=members) | Q(downstream__in=members))
    return list(found.order_by("upstream__name", "downstream__name", "pk"))


def get_relation(pk: int, by: Actor) -> Relation:
    """Return a standing relation that the reader may end; any other is not there. One query."""
    found = Relation.objects.select_related("upstream", "downstream").filter(pk=pk, ended_on__isnull=True).first()
    if found is None or not _may_end(found, by):
        raise RelationMissing
    return found


def list_chain_units(by: Actor) -> list[Organisation]:
    """The units a relation may be said of: those of every alliance, and the reader's own. One query."""
    allied = Membership.objects.filter(organisation__isnull=False, left_on__isnull=True).values("organisation")
    found = Organisation.objects.filter(Q(pk__in=allied) | Q(pk__in=by.organisation_ids), active=True)
    return list(found.order_by("name", "pk")[:UNITS_OFFERED])


def _row(relation: Relation, by: Actor) -> RelationRow:
    return RelationRow(
        pk=relation.pk,
        upstream_id=relation.upstream_id,
        upstream=relation.upstream.name,
        downstream_id=relation.downstream_id,
        downstream=relation.downstream.name,
        kind=relation.kind,
        kind_label=str(Relation.Kind(relation.kind).label),
        what=relation.what,
        since_on=relation.since_on,
        source=relation.source,
        may_end=_may_end(relation, by),
    )


def _may_end(relation: Relation, by: Actor) -> bool:
    return may_give_for(by, organisation_id=relation.upstream_id) or may_give_for(
        by, organisation_id=relation.downstream_id
    )


def _edge(relation: Relation) -> chains.Relation:
    kind = cast(Literal["supply", "research", "service"], relation.kind)
    return chains.Relation(str(relation.upstream_id), str(relation.downstream_id), kind)


def _step(step: chains.Step, links: Mapping[chains.Relation, Relation], names: Mapping[str, str]) -> PathStep:
    ends = (step.source, step.target) if step.is_forward else (step.target, step.source)
    relation = links[chains.Relation(*ends, step.kind)]
    return PathStep(
        from_id=step.source,
        from_unit=names[step.source],
        to_id=step.target,
        to_unit=names[step.target],
        kind_label=str(Relation.Kind(step.kind).label),
        what=relation.what,
        is_forward=step.is_forward,
    )


def _gaps(alliance: Alliance | None, members: set[int], day: date) -> tuple[GapRow, ...]:
    """What three units or more ask for and at most one offers. Three queries."""
    wanted = _by_unit(Ask.objects.filter(still_asked(day) & asks_of(alliance, members)))
    offered = _by_unit(Offer.objects.filter(to_be_had(day) & offers_of(alliance, members)))
    found = chains.gaps(
        [chains.Offering(unit, kind) for unit, kind in offered], [chains.Wanting(unit, kind) for unit, kind in wanted]
    )
    if not found:
        return ()
    names = dict(ResourceKind.objects.values_list("code", "name"))
    return tuple(GapRow(gap.kind, names[gap.kind], gap.wanted_by, gap.offered_by) for gap in found)


def _by_unit(found: QuerySet[Any]) -> Sequence[tuple[str, str]]:
    return sorted(set(found.values_list("organisation__name", "kind__code")))
