"""A need as the workbench shows it: what was said, what the system suggests and why, who has it, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiting.ledger.queries import list_entries
from yiting.needs.errors import NeedMissing
from yiting.needs.models import Assignment, Category, Need, Reply, ReturnReason, ServiceRequest, State, Suggestion
from yiting.needs.queries.bench import work_needs
from yiting.needs.queries.storylines import StoryRow, story
from yiting.needs.queries.ways import Clock, clock_of
from yiting.needs.services.timing import days_for
from yiting.needs.states import TRANSITIONS
from yiting.people.actors import Actor
from yiting.people.models import Organisation

REQUESTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One request of the need, in its own words."""

    id: int
    title: str
    text: str
    channel: str
    behalf: str
    consent: str
    place_name: str
    filed_at: datetime
    need_code: str
    photos: tuple[tuple[str, int, int], ...]
    erased: bool


@dataclass(frozen=True, slots=True)
class BenchNeed:
    """Everything the open column shows."""

    need: Need
    clock: Clock
    waited_days: int
    said: list[SaidRow]
    said_total: int
    merges: list[Suggestion]
    category: Suggestion | None
    urgency: Suggestion | None
    assignment: Assignment | None
    assignment_is_mine: bool
    works_here: bool
    replies: list[Reply]
    story: tuple[StoryRow, ...]
    absorbed: list[Need]
    days: int
    can_discuss: bool
    can_return: bool
    can_answer: bool


def get_bench_need(code: str, *, by: Actor, at: datetime) -> BenchNeed:
    """Return a need for the workbench, or NeedMissing when it is not the actor's; a fixed number of queries."""
    need = (
        work_needs(by)
        .select_related("place", "handler", "category__parent__parent", "excluded_reason")
        .filter(code=code)
        .first()
    )
    if need is None:
        raise NeedMissing
    family = list(Need.objects.filter(root=need).exclude(pk=need.pk).order_by("last_at", "id"))
    requests = ServiceRequest.objects.filter(need__root=need).select_related("place", "need")
    said = [_said(row) for row in requests.prefetch_related("photos").order_by("-filed_at", "-id")[:REQUESTS_SHOWN]]
    suggestions = list(
        Suggestion.objects.filter(need=need, answer=Suggestion.Answer.OPEN)
        .select_related("target__root__place", "category")
        .order_by("-score", "id")
    )
    assignment = (
        Assignment.objects.select_related("organisation").filter(need=need, ended_at__isnull=True).first()
    )
    states = TRANSITIONS[State(need.state)]
    entries = list_entries("needs.need", [str(need.pk), *(str(member.pk) for member in family)])
    return BenchNeed(
        need=need,
        clock=clock_of(need, at=at, accepted=assignment is None or assignment.accepted_at is not None),
        waited_days=(at - need.started_at).days,
        said=said,
        said_total=need.request_count,
        merges=[s for s in suggestions if s.kind == Suggestion.Kind.MERGE and s.target is not None],
        category=next((s for s in suggestions if s.kind == Suggestion.Kind.CATEGORY), None),
        urgency=next((s for s in suggestions if s.kind == Suggestion.Kind.URGENCY), None),
        assignment=assignment,
        assignment_is_mine=assignment is not None
        and (assignment.organisation_id in by.organisation_ids or by.works_at(need.place_path)),
        works_here=by.works_at(need.place_path),
        replies=list(need.replies.select_related("organisation").order_by("-at", "-id")),
        story=story(entries, root_id=need.pk, waiting_since=need.waiting_since),
        absorbed=family,
        days=days_for(need.category, need.urgency),
        can_discuss=State.DISCUSSED in states,
        can_return=State.RETURNED in states,
        can_answer=State.JUDGING in states or need.state == State.HEARD,
    )


def get_standing_need(code: str, *, by: Actor) -> Need:
    """Return a standing need that the actor works on, or NeedMissing. One query."""
    need = work_needs(by).filter(code=code).first()
    if need is None:
        raise NeedMissing
    return need


def get_absorbed_need(code: str, *, by: Actor) -> Need:
    """Return a merged need of a place where the actor works, or NeedMissing. One query."""
    need = Need.objects.filter(code=code, parent__isnull=False).first()
    if need is None or not by.works_at(need.place_path):
        raise NeedMissing
    return need


def get_suggestion(key: int, *, by: Actor) -> Suggestion:
    """Return a suggestion about a need of the actor's, or NeedMissing. One query."""
    found = Suggestion.objects.select_related("need").filter(pk=key).first()
    if found is None or not by.works_at(found.need.place_path):
        raise NeedMissing
    return found


def list_return_reasons() -> list[ReturnReason]:
    """List the published reasons for a return. One query."""
    return list(ReturnReason.objects.filter(active=True).order_by("position", "id"))


def list_handlers(need: Need) -> list[Organisation]:
    """List the organisations that a need can be given to: those of its place and of the places above. One query."""
    ids = [int(pk) for pk in need.place_path.strip("/").split("/")]
    return list(Organisation.objects.filter(place__in=ids, active=True).order_by("kind", "name", "id"))


def get_category(key: str) -> Category | None:
    """Return a category that can be chosen. One query."""
    return Category.objects.filter(pk=int(key), active=True).first() if key.isascii() and key.isdigit() else None


def _said(row: ServiceRequest) -> SaidRow:
    return SaidRow(
        id=row.pk,
        title=row.title,
        text=row.text,
        channel=row.get_channel_display(),
        behalf="" if row.behalf == ServiceRequest.Behalf.SELF else row.get_behalf_display(),
        consent=row.consent,
        place_name=row.place.name,
        filed_at=row.filed_at,
        need_code=row.need.code,
        photos=tuple((photo.file.url, photo.width, photo.height) for photo in row.photos.all()),
        erased=row.erased_at is not None,
    )
