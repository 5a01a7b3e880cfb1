"""A need as the workbench shows it: what was said, what is suggested and why, who has it, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiting.ledger.queries import list_entries
from yiting.needs.codes import read_code
from yiting.needs.errors import NeedAlreadyMerged, NeedMissing
from yiting.needs.models import (
    Assignment,
    Category,
    Need,
    Photo,
    Reply,
    ReturnReason,
    ServiceRequest,
    State,
    Suggestion,
)
from yiting.needs.queries.bench import is_key, work_needs
from yiting.needs.queries.storylines import StoryRow, story
from yiting.needs.queries.verdicts import Judging, get_judging
from yiting.needs.queries.ways import Clock, WayStep, clock_of, way_short
from yiting.needs.states import OPEN_STATES, TRANSITIONS
from yiting.needs.timing import days_for
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.places.queries import short_name

REQUESTS_SHOWN = 30
REQUESTS_AT_MOST = 500
CODE_LENGTH = 16
# How sure the system is, in words that nobody takes for a measurement.
SURE = (
    gettext_lazy("hardly sure"),
    gettext_lazy("one in ten sure"),
    gettext_lazy("two in ten sure"),
    gettext_lazy("three in ten sure"),
    gettext_lazy("four in ten sure"),
    gettext_lazy("five in ten sure"),
    gettext_lazy("six in ten sure"),
    gettext_lazy("seven in ten sure"),
    gettext_lazy("eight in ten sure"),
    gettext_lazy("nine in ten sure"),
    gettext_lazy("almost certain"),
)


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
    photos: tuple[tuple[int, bool], ...]
    erased: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the system suggests, how sure it is and why; `target` is the need that sounds the same."""

    id: int
    certainty: str
    because: str
    target: Need | None = None
    category: Category | None = None
    urgency_label: str = ""


@dataclass(frozen=True, slots=True)
class BenchNeed:
    """Everything the open column shows."""

    need: Need
    steps: tuple[WayStep, ...]
    clock: Clock
    came: SaidRow | None
    said: list[SaidRow]
    said_total: int
    merges: list[Proposal]
    category: Proposal | None
    urgency: Proposal | None
    assignment: Assignment | None
    assignment_is_mine: bool
    assignment_is_ours: bool
    handed_back: Assignment | None
    works_here: bool
    replies: list[Reply]
    judging: Judging | None
    story: tuple[StoryRow, ...]
    absorbed: list[Need]
    days: int
    usual_handler_id: int | None
    is_open: bool
    can_discuss: bool
    can_return: bool
    can_answer: bool


def get_bench_need(code: str, *, by: Actor, at: datetime, every_request: bool = False) -> BenchNeed:
    """Return a need for the workbench, or NeedMissing when it is not the actor's; a fixed number of queries.

    A need that was merged is told as the one that stands for it.
    """
    found = work_needs(by).select_related("place", "handler", "category__parent__parent", "excluded_reason")
    need = found.filter(code=read_code(code)[:CODE_LENGTH]).first()
    if need is None:
        need = found.filter(family__code=read_code(code)[:CODE_LENGTH]).first()
    if need is None:
        raise NeedMissing
    family = list(Need.objects.filter(root=need).exclude(pk=need.pk).order_by("last_at", "id"))
    said = _list_said(need, limit=REQUESTS_AT_MOST if every_request else REQUESTS_SHOWN)
    suggestions = list(
        Suggestion.objects.filter(need=need, answer=Suggestion.Answer.OPEN)
        .select_related("target__root__place", "category")
        .order_by("-score", "id")
    )
    assignments = list(
        Assignment.objects.select_related("organisation", "reason", "route_to")
        .filter(need=need)
        .order_by("-at", "-id")[:2]
    )
    latest = assignments[0] if assignments else None
    assignment = latest if latest is not None and latest.ended_at is None else None
    states = TRANSITIONS[State(need.state)]
    entries = [
        *list_entries("needs.need", [str(need.pk), *(str(member.pk) for member in family)]),
        *list_entries("needs.servicerequest", [str(one.id) for one in said[:1]]),
    ]
    entries.sort(key=lambda entry: entry.index)
    return BenchNeed(
        need=need,
        steps=way_short(need),
        clock=clock_of(need, at=at, accepted=assignment is None or assignment.accepted_at is not None),
        came=said[0] if said else None,
        said=said,
        said_total=need.request_count,
        merges=_merges(suggestions, need),
        category=next((_proposal(s) for s in suggestions if s.kind == Suggestion.Kind.CATEGORY), None),
        urgency=next((_proposal(s) for s in suggestions if s.kind == Suggestion.Kind.URGENCY), None),
        assignment=assignment,
        assignment_is_mine=assignment is not None
        and (assignment.organisation_id in by.handling_ids or by.works_at(need.place_path)),
        assignment_is_ours=assignment is not None and assignment.organisation_id in by.handling_ids,
        handed_back=latest if assignment is None and latest is not None and latest.returned_at else None,
        works_here=by.works_at(need.place_path),
        replies=list(need.replies.select_related("organisation").order_by("-at", "-id")),
        judging=get_judging(need),
        story=story(entries, root_id=need.pk, waiting_since=need.waiting_since),
        absorbed=family,
        days=days_for(need.category, need.urgency),
        usual_handler_id=_usual_handler_id(need.category),
        is_open=need.state in OPEN_STATES,
        can_discuss=State.DISCUSSED in states,
        can_return=State.RETURNED in states,
        can_answer=State.JUDGING in states or need.state == State.HEARD,
    )


def get_standing_need(code: str, *, by: Actor) -> Need:
    """Return a standing need that the actor works on; NeedMissing, or NeedAlreadyMerged. Two queries."""
    found = Need.objects.select_related("root").filter(code=read_code(code)[:CODE_LENGTH]).first()
    if found is None or not work_needs(by).filter(pk=found.root_id or found.pk).exists():
        raise NeedMissing
    if found.parent_id is not None:
        raise NeedAlreadyMerged(title=found.title)
    return found


def get_absorbed_need(code: str, *, by: Actor) -> Need:
    """Return a need of a place where the actor works, merged or not, or NeedMissing. One query."""
    need = Need.objects.filter(code=read_code(code)[:CODE_LENGTH]).first()
    if need is None or not by.works_at(need.place_path):
        raise NeedMissing
    return need


def get_suggestion(key: int, *, by: Actor) -> Suggestion:
    """Return a suggestion about a need of the actor's, or NeedMissing. One query."""
    found = Suggestion.objects.select_related("need__root").filter(pk=key).first()
    if found is None or not by.works_at(found.need.place_path):
        raise NeedMissing
    return found


def get_bench_photo(key: int, *, by: Actor) -> Photo:
    """Return a photo of a need that the actor works on, or NeedMissing. Two queries."""
    photo = Photo.objects.select_related("request__need").filter(pk=key).first()
    if photo is None or not work_needs(by).filter(family=photo.request.need_id).exists():
        raise NeedMissing
    return photo


def list_chosen_requests(need: Need, keys: Sequence[str]) -> list[ServiceRequest]:
    """List those requests of a need that were ticked; what is no key of one is left out. One query."""
    wanted = [int(key) for key in keys if is_key(key)]
    return list(ServiceRequest.objects.filter(pk__in=wanted, need__root=need).order_by("filed_at", "id"))


def list_return_reasons() -> QuerySet[ReturnReason]:
    """List the published reasons for a return. One query when read."""
    return ReturnReason.objects.filter(active=True).order_by("position", "id")


def list_handlers(need: Need) -> QuerySet[Organisation]:
    """List the organisations that a need can be given to: those of its place and above. One query."""
    above = [int(pk) for pk in need.place_path.strip("/").split("/")]
    return Organisation.objects.filter(place__in=above, active=True).order_by("kind", "name", "id")


def get_category(key: str) -> Category | None:
    """Return a category that can be chosen. One query."""
    return Category.objects.filter(pk=int(key), active=True).first() if is_key(key) else None


def _list_said(need: Need, *, limit: int) -> list[SaidRow]:
    """List what was said, the first saying first; of very many the latest are left out."""
    requests = ServiceRequest.objects.filter(need__root=need).select_related("place__parent", "need")
    return [_said(row) for row in requests.prefetch_related("photos").order_by("filed_at", "id")[:limit]]


def _said(row: ServiceRequest) -> SaidRow:
    return SaidRow(
        id=row.pk,
        title=row.title,
        text=row.text,
        channel=row.get_channel_display(),
        behalf="" if row.behalf == ServiceRequest.Behalf.SELF else row.get_behalf_display(),
        consent=row.consent,
        place_name=short_name(row.place),
        filed_at=row.filed_at,
        need_code=row.need.code,
        photos=tuple((photo.pk, photo.is_public) for photo in row.photos.all()),
        erased=row.erased_at is not None,
    )


def _merges(suggestions: Sequence[Suggestion], need: Need) -> list[Proposal]:
    """The needs that sound the same, each once and as it stands today."""
    merges: dict[int, Proposal] = {}
    for suggestion in suggestions:
        target = suggestion.target.root if suggestion.target is not None else None
        if suggestion.kind == Suggestion.Kind.MERGE and target is not None and target.pk != need.pk:
            merges.setdefault(target.pk, _proposal(suggestion))
    return list(merges.values())


def _proposal(suggestion: Suggestion) -> Proposal:
    return Proposal(
        id=suggestion.pk,
        certainty=str(SURE[min(len(SURE) - 1, max(0, round(suggestion.score * 10)))]),
        because=_enumerated([str(word) for word in suggestion.because]),
        target=suggestion.target.root if suggestion.target is not None else None,
        category=suggestion.category,
        urgency_label=suggestion.get_urgency_display(),
    )


def _enumerated(words: Sequence[str]) -> str:
    """Words in a row, parted as the reader's language parts them."""
    return reduce(lambda first, second: _("%(first)s, %(second)s") % {"first": first, "second": second}, words or [""])


def _usual_handler_id(category: Category | None) -> int | None:
    while category is not None:
        if category.usual_handler_id is not None:
            return category.usual_handler_id
        category = category.parent
    return None
