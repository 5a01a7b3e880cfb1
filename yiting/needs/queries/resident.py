"""The page of a need as residents read it, and the receipt of a request; a fixed number of queries each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q

from yiting.ledger.errors import ObjectNotInLedger
from yiting.ledger.queries import Proof, TimelineRow, list_entries, receipt_proof
from yiting.needs.codes import read_code
from yiting.needs.errors import NeedMissing
from yiting.needs.models import Assignment, Judgement, Need, Photo, Reply, ServiceRequest, State, Support
from yiting.needs.policies import Visitor, can_see_need
from yiting.needs.queries.storylines import StoryRow, reached, story
from yiting.needs.queries.verdicts import Judging, get_judging
from yiting.needs.queries.voices import central_sentence
from yiting.needs.queries.ways import Clock, WayStep, clock_of, way_full
from yiting.needs.queries.wording import role_words, shown_words
from yiting.needs.states import OPEN_STATES
from yiting.people.models import Person
from yiting.places.models import Level
from yiting.places.queries import full_names, short_name

VOICES_A_PAGE = 10
WEIGHED = 40
RECEIPT_SOURCE = "receipt"
"""Words added to a receipt carry this source and its code, so that one code leads to all of them."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody said, without whose it is: masked words, where and when."""

    text: str
    place_name: str
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """An answer to everybody who asked."""

    text: str
    who: str
    at: datetime
    is_final: bool


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """Why a need, or its assignment, was handed back, and where it goes instead."""

    reason: str
    explanation: str
    note: str
    who: str
    route: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a need stands: what the need's page and a receipt have in common."""

    need: Need
    title: str
    place_names: tuple[str, ...]
    steps: tuple[WayStep, ...]
    clock: Clock
    replies: tuple[ReplyRow, ...]
    returned: ReturnedRow | None
    judging: Judging | None
    rows: tuple[StoryRow, ...]


@dataclass(frozen=True, slots=True)
class NeedPage:
    """Everything that the page of a need shows to this visitor."""

    standing: Standing
    quote: str
    voices: tuple[Voice, ...]
    pager: Page[ServiceRequest]
    photos: tuple[int, ...]
    speaks_as: int | None
    supports: bool
    may_join: bool
    mine: Judgement | None


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """Everything that the holder of a receipt sees."""

    request: ServiceRequest
    place_name: str
    words: tuple[ServiceRequest, ...]
    photos: tuple[Photo, ...]
    standing: Standing
    mine: Judgement | None
    proof: Proof | None


def find_need(code: str) -> Need:
    """Return a need, merged or not, by its code as somebody typed it, or raise NeedMissing. One query."""
    need = Need.objects.select_related("root").filter(code=read_code(code)[:16]).first()
    if need is None:
        raise NeedMissing
    return need


def get_need(code: str, visitor: Visitor) -> Need:
    """Return the standing need behind a code if this visitor may see it, else NeedMissing. Four queries."""
    found = find_need(code)
    root = (
        Need.objects.select_related("place", "handler", "excluded_reason", "category")
        .filter(pk=found.root_id or found.pk)
        .get()
    )
    works_there = visitor.by.works_at(root.place_path)
    if not can_see_need(is_public=root.is_public, works_there=works_there, asked=False):
        speaks_as, _supports = who_asks(root, visitor)
        if not can_see_need(is_public=False, works_there=False, asked=speaks_as is not None):
            raise NeedMissing
    return root


def who_asks(root: Need, visitor: Visitor) -> tuple[int | None, bool]:
    """Return as which person this visitor asked for a need, and whether by an own 'me too'. Two queries.

    A receipt shown in this session speaks only for the need that it belongs to.
    """
    if not visitor.person_ids and not visitor.receipts:
        return None, False
    asked = ServiceRequest.objects.filter(need__root=root).filter(
        Q(person__in=visitor.person_ids) | Q(code__in=visitor.receipts)
    )
    persons = list(asked.order_by("id").values_list("person", flat=True))
    joined = Support.objects.filter(
        need__root=root, person__in=visitor.person_ids, withdrawn_at__isnull=True
    ).values_list("person", flat=True)
    supporters = list(joined.order_by("id"))
    own = [person for person in persons if person in visitor.person_ids]
    known = [*own, *supporters, *persons]
    return (known[0] if known else None), bool(supporters)


def may_join(root: Need) -> bool:
    """Whether a 'me too' still means something: once there is a result, only those who asked judge it."""
    return root.state in OPEN_STATES or root.state == State.RETURNED


def get_need_page(code: str, visitor: Visitor, *, at: datetime, page: str | None = None) -> NeedPage:
    """Return the page of a need; the number of queries does not grow with voices, answers or entries."""
    root = get_need(code, visitor)
    speaks_as, supports = who_asks(root, visitor)
    asked = ServiceRequest.objects.filter(need__root=root, erased_at__isnull=True).order_by("filed_at", "id")
    weighed = [shown_words(text or title) for title, text in asked.values_list("title", "text")[:WEIGHED]]
    paginator = Paginator(asked.order_by("-filed_at", "-id").select_related("place__parent"), VOICES_A_PAGE)
    pager = paginator.get_page(page)
    photos = Photo.objects.filter(request__need__root=root, is_public=True).order_by("id")
    standing = get_standing(root, at=at)
    return NeedPage(
        standing=standing,
        quote=central_sentence(weighed),
        voices=tuple(_voice(request) for request in pager),
        pager=pager,
        photos=tuple(photos.values_list("pk", flat=True)[:12]),
        speaks_as=speaks_as,
        supports=supports,
        may_join=may_join(root),
        mine=_own_judgement(root, speaks_as, standing.judging),
    )


def get_standing(root: Need, *, at: datetime) -> Standing:
    """Return where a standing need stands; its place, handler and excluded reason must be loaded."""
    family = list(Need.objects.filter(root=root).values_list("pk", flat=True))
    replies = list(Reply.objects.filter(need__in=family).select_related("organisation").order_by("at", "id"))
    first = (
        ServiceRequest.objects.filter(need__in=family).order_by("filed_at", "id").values_list("pk", flat=True).first()
    )
    entries = [
        *list_entries("needs.need", family, public_only=True),
        *list_entries("needs.servicerequest", [first] if first else [], public_only=True),
    ]
    entries.sort(key=lambda entry: entry.index)
    assignments = list(
        Assignment.objects.filter(need=root)
        .select_related("organisation", "reason", "route_to")
        .order_by("-at", "-id")[:10]
    )
    accepted = next((a.accepted_at is not None for a in assignments if a.ended_at is None), True)
    names = full_names([root.place])[root.place_id].split(" ")
    return Standing(
        need=root,
        title=shown_words(root.title),
        place_names=tuple(names),
        steps=way_full(root, reached(entries, root.pk)),
        clock=clock_of(root, at=at, accepted=accepted),
        replies=tuple(
            ReplyRow(
                text=reply.text,
                who=reply.organisation.name if reply.organisation else role_words(reply.role_label),
                at=reply.at,
                is_final=reply.is_final,
            )
            for reply in replies
        ),
        returned=_returned(root, assignments, replies, reason_told=_reason_told(entries)),
        judging=get_judging(root),
        rows=story(entries, root_id=root.pk, waiting_since=root.waiting_since),
    )


def get_person(pk: int) -> Person:
    """Return a voice by its key, or raise NeedMissing."""
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise NeedMissing
    return person


def get_photo(code: str, pk: int, visitor: Visitor) -> Photo:
    """Return a public photo of a need that the visitor may see, or raise NeedMissing."""
    root = get_need(code, visitor)
    photo = Photo.objects.filter(pk=pk, request__need__root=root, is_public=True).first()
    if photo is None:
        raise NeedMissing
    return photo


def find_receipt(code: str) -> ServiceRequest:
    """Return the request behind a receipt code, typed in whatever way, or raise NeedMissing. One query."""
    request = (
        ServiceRequest.objects.select_related("need", "person", "place", "need__root")
        .filter(code=read_code(code)[:16])
        .first()
    )
    if request is None:
        raise NeedMissing
    return request


def get_receipt(code: str, *, at: datetime) -> ReceiptPage:
    """Return what the holder of a receipt sees: words, where they stand, answers, judging, proof, photos."""
    request = find_receipt(code)
    root = Need.objects.select_related("place", "handler", "excluded_reason", "category").get(
        pk=request.need.root_id or request.need_id
    )
    added = list_added(request)
    standing = get_standing(root, at=at)
    return ReceiptPage(
        request=request,
        place_name=full_names([request.place])[request.place_id],
        words=(request, *added),
        photos=tuple(Photo.objects.filter(request__in=[request.pk, *(one.pk for one in added)]).order_by("id")),
        standing=standing,
        mine=_own_judgement(root, request.person_id, standing.judging),
        proof=get_proof(request),
    )


def list_added(request: ServiceRequest) -> list[ServiceRequest]:
    """List the words that were added to a receipt later. One query."""
    # the person is the same, and by person there is an index
    added = ServiceRequest.objects.filter(
        person=request.person_id, source=RECEIPT_SOURCE, external_id__startswith=f"{request.code}/"
    )
    return list(added.select_related("need").order_by("filed_at", "id"))


def get_receipt_photo(code: str, pk: int) -> Photo:
    """Return a photo that came with a receipt, or raise NeedMissing."""
    request = find_receipt(code)
    photo = Photo.objects.filter(pk=pk, request=request).first()
    if photo is None:
        raise NeedMissing
    return photo


def get_proof(request: ServiceRequest) -> Proof | None:
    """Return the ledger's proof of a request; None when nothing of it was ever taken down."""
    try:
        return receipt_proof(request)
    except ObjectNotInLedger:
        return None


def _own_judgement(root: Need, person_id: int | None, judging: Judging | None) -> Judgement | None:
    if person_id is None or judging is None:
        return None
    return Judgement.objects.filter(need=root, person=person_id, look=judging.look).first()


def _voice(request: ServiceRequest) -> Voice:
    below = request.place.level in (Level.ESTATE, Level.BUILDING)
    return Voice(
        text=shown_words(request.text or request.title),
        place_name=short_name(request.place) if below else "",
        at=request.filed_at,
        how=request.get_channel_display() if request.behalf == "self" else request.get_behalf_display(),
    )


def _reason_told(entries: Sequence[TimelineRow]) -> str:
    """Return the reason named by the last entry that returned it: the need keeps only excluding ones."""
    reasons = [str(entry.facts.get("reason", "")) for entry in entries if entry.kind == "needs.need.returned"]
    return reasons[-1] if reasons else ""


def _returned(
    root: Need, assignments: Sequence[Assignment], replies: Sequence[Reply], *, reason_told: str
) -> ReturnedRow | None:
    """Return why the need was returned, or why it was handed back while nobody else has it."""
    if root.state == State.RETURNED:
        last = replies[-1] if replies else None
        reason = root.excluded_reason
        return ReturnedRow(
            reason=reason.name if reason else reason_told,
            explanation=reason.explanation if reason else "",
            note=last.text if last else "",
            who=role_words(last.role_label) if last else "",
            route="",
            at=root.closed_at or root.last_at,
        )
    last_given = assignments[0] if assignments else None
    if last_given is None or last_given.returned_at is None or last_given.reason is None:
        return None
    return ReturnedRow(
        reason=last_given.reason.name,
        explanation=last_given.reason.explanation,
        note=last_given.note,
        who=last_given.organisation.name,
        route=last_given.route_to.name if last_given.route_to else "",
        at=last_given.returned_at,
    )
