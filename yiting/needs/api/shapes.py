"""What comes out of the needs' API: typed shapes, and how they are made of what the pages read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from ninja import Schema

from yiting.needs.models import State, Urgency
from yiting.needs.queries.bench import BenchRow
from yiting.needs.queries.bench_need import BenchNeed
from yiting.needs.queries.lists import HotPage, ListedNeed
from yiting.needs.queries.resident import NeedPage, ReceiptPage, Standing
from yiting.needs.queries.verdicts import Judging
from yiting.people.models import Organisation


class NamedOut(Schema):
    """Something with a key and a name."""

    id: int
    name: str


class CategoryOut(Schema):
    """A category of the tree; `full_name` is the way down to it."""

    id: int
    name: str
    full_name: str
    level: int
    parent_id: int | None


class StepOut(Schema):
    """One of the six words of the way, and whether it is done, now or next."""

    word: str
    state: Literal["done", "now", "next"]
    note: str


class StoryRowOut(Schema):
    """One line of what happened; `index` is its entry in the ledger."""

    sentence: str
    at: datetime
    role: str
    note: str
    index: int | None


class NeedRowOut(Schema):
    """A need in a list. `waiting` says who is waited for, and is empty when nobody is."""

    code: str
    title: str
    state: State
    standing: str
    waiting: str
    place: str
    people: int
    households: int
    first_at: datetime
    last_at: datetime
    steps: list[StepOut]


class NeedPageOut(Schema):
    """Some needs, and the mark after which the next page begins."""

    items: list[NeedRowOut]
    after: str | None


class VoiceOut(Schema):
    """What somebody said, masked, without whose it is."""

    text: str
    place: str
    at: datetime
    how: str


class VoicesOut(Schema):
    """One page of voices, the newest first."""

    items: list[VoiceOut]
    page: int
    pages: int
    total: int


class ReplyOut(Schema):
    """An answer to everybody who asked."""

    text: str
    who: str
    at: datetime
    is_final: bool


class ReturnedOut(Schema):
    """Why a need was handed back, by which published reason, and where it goes instead."""

    reason: str
    explanation: str
    note: str
    who: str
    route: str
    at: datetime


class JudgingOut(Schema):
    """What those who asked say of the result. Silence is counted apart and never as consent."""

    is_open: bool
    look_days: int
    asked: int
    answered: int
    silent: int
    solved: int
    partly: int
    not_solved: int


class NeedOut(Schema):
    """A need: what is asked for, by how many, where it stands and what was answered."""

    code: str
    title: str
    state: State
    standing: str
    waiting_for: str
    waiting_since: datetime | None
    place: NamedOut
    place_names: list[str]
    category: str
    handler: str
    people: int
    households: int
    requests: int
    first_at: datetime
    last_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    steps: list[StepOut]
    replies: list[ReplyOut]
    returned: ReturnedOut | None
    judging: JudgingOut | None


class PublicNeedOut(NeedOut):
    """A need as everybody may read it, with a page of its voices."""

    quote: str
    voices: VoicesOut


class StoryOut(Schema):
    """What happened to a need, told from the ledger."""

    code: str
    rows: list[StoryRowOut]


class SaidOut(Schema):
    """Words of one's own; empty once they were taken back."""

    text: str
    at: datetime
    erased: bool


class ReceiptOut(Schema):
    """What the holder of a receipt sees: the own words, the need they went into, and the ledger's proof."""

    code: str
    filed_at: datetime
    place: str
    words: list[SaidOut]
    need: NeedOut
    need_is_public: bool
    proof: dict[str, Any] | None


class FiledOut(Schema):
    """A request that was handed in: the code of its receipt, and the page where its holder can follow it."""

    code: str
    url: str
    need: str
    filed_at: datetime


class HotRowOut(Schema):
    """A hot matter: its rank, how many people, the figures behind the rank, and the needs it is about."""

    rank: int
    title: str
    people: int
    why: dict[str, Any]
    needs: list[NeedRowOut]


class HotOut(Schema):
    """The hot matters of the nearest place that has a ranking; `at` is empty while there is none."""

    place: str
    considered: int
    at: datetime | None
    items: list[HotRowOut]


class BenchRowOut(Schema):
    """A need in the inbox of the workbench."""

    code: str
    title: str
    channel: str
    behalf: str
    place: str
    at: datetime
    people: int
    suggestions: int
    urgency: Urgency
    standing: str
    is_waiting: bool
    is_late: bool


class BenchPageOut(Schema):
    """Some needs of a view, and the mark after which the next page begins."""

    items: list[BenchRowOut]
    after: str | None


class BenchSaidOut(Schema):
    """One request of a need, in its own words, and on whose behalf it was said."""

    title: str
    text: str
    channel: str
    behalf: str
    consent: str
    place: str
    filed_at: datetime
    need_code: str
    erased: bool


class SuggestionOut(Schema):
    """What the system proposes, how sure it is and why: another need, a category or an urgency."""

    id: int
    certainty: str
    because: str
    need: str | None
    category_id: int | None
    urgency: str


class BenchNeedOut(Schema):
    """A need as the workbench shows it. Send `version` back as `seen`, so that nothing is overwritten."""

    code: str
    version: int
    title: str
    state: State
    urgency: Urgency
    category_id: int | None
    category: str
    place: NamedOut
    is_public: bool
    people: int
    households: int
    standing: str
    due_at: datetime | None
    handler: NamedOut | None
    accepted_at: datetime | None
    said: list[BenchSaidOut]
    said_total: int
    suggestions: list[SuggestionOut]
    replies: list[ReplyOut]
    absorbed: list[str]
    story: list[StoryRowOut]
    handlers: list[NamedOut]


def need_row(row: ListedNeed) -> dict[str, Any]:
    """Make the shape of a listed need."""
    return {
        "code": row.code,
        "title": row.title,
        "state": row.state,
        "standing": row.state_label,
        "waiting": row.waiting,
        "place": row.place_name,
        "people": row.people,
        "households": row.households,
        "first_at": row.first_at,
        "last_at": row.last_at,
        "steps": row.steps,
    }


def need_shape(standing: Standing) -> dict[str, Any]:
    """Make the shape of a need out of where it stands; its category must be loaded."""
    need = standing.need
    return {
        "code": need.code,
        "title": standing.title,
        "state": need.state,
        "standing": standing.clock.text,
        "waiting_for": need.waiting_for,
        "waiting_since": need.waiting_since,
        "place": need.place,
        "place_names": standing.place_names,
        "category": need.category.full_name if need.category else "",
        "handler": need.handler.name if need.handler else "",
        "people": need.people_count,
        "households": need.household_count,
        "requests": need.request_count,
        "first_at": need.first_at,
        "last_at": need.last_at,
        "due_at": need.due_at,
        "answered_at": need.answered_at,
        "closed_at": need.closed_at,
        "steps": standing.steps,
        "replies": standing.replies,
        "returned": standing.returned,
        "judging": judging_shape(standing.judging),
    }


def public_need_shape(page: NeedPage) -> dict[str, Any]:
    """Make the shape of a need's public page."""
    voices = [
        {"text": voice.text, "place": voice.place_name, "at": voice.at, "how": voice.how}
        for voice in page.voices
    ]
    return need_shape(page.standing) | {
        "quote": page.quote,
        "voices": {
            "items": voices,
            "page": page.pager.number,
            "pages": page.pager.paginator.num_pages,
            "total": page.pager.paginator.count,
        },
    }


def judging_shape(judging: Judging | None) -> dict[str, Any] | None:
    """Make the shape of a judgement, as counts."""
    if judging is None:
        return None
    tally = judging.tally
    return {
        "is_open": judging.is_open,
        "look_days": judging.look,
        "asked": tally.base,
        "answered": tally.answered,
        "silent": tally.silent,
        "solved": tally.solved.count,
        "partly": tally.partly.count,
        "not_solved": tally.not_solved.count,
    }


def receipt_shape(page: ReceiptPage) -> dict[str, Any]:
    """Make the shape of a receipt."""
    return {
        "code": page.request.code,
        "filed_at": page.request.filed_at,
        "place": page.place_name,
        "words": [
            {"text": said.text or said.title, "at": said.filed_at, "erased": said.erased_at is not None}
            for said in page.words
        ],
        "need": need_shape(page.standing),
        "need_is_public": page.standing.need.is_public,
        "proof": page.proof.as_dict() if page.proof else None,
    }


def hot_shape(page: HotPage | None, place_name: str) -> dict[str, Any]:
    """Make the shape of the hot matters; empty where nothing was ranked yet."""
    if page is None:
        return {"place": place_name, "considered": 0, "at": None, "items": []}
    items = [
        {
            "rank": row.rank,
            "title": row.title,
            "people": row.people,
            "why": dict(row.why),
            "needs": [need_row(need) for need in row.needs],
        }
        for row in page.rows
    ]
    return {"place": page.place.name, "considered": page.considered, "at": page.at, "items": items}


def bench_row(row: BenchRow) -> dict[str, Any]:
    """Make the shape of a row of the inbox."""
    return {
        "code": row.code,
        "title": row.title,
        "channel": row.channel,
        "behalf": row.behalf,
        "place": row.place_name,
        "at": row.at,
        "people": row.people,
        "suggestions": row.suggestions,
        "urgency": row.urgency,
        "standing": row.clock.text,
        "is_waiting": row.clock.waiting,
        "is_late": row.clock.late,
    }


def bench_need_shape(found: BenchNeed, handlers: Iterable[Organisation]) -> dict[str, Any]:
    """Make the shape of a need on the workbench."""
    need = found.need
    suggestions = [*found.merges, *(s for s in (found.category, found.urgency) if s is not None)]
    return {
        "code": need.code,
        "version": need.version,
        "title": need.title,
        "state": need.state,
        "urgency": need.urgency,
        "category_id": need.category_id,
        "category": need.category.full_name if need.category else "",
        "place": need.place,
        "is_public": need.is_public,
        "people": need.people_count,
        "households": need.household_count,
        "standing": found.clock.text,
        "due_at": need.due_at,
        "handler": need.handler,
        "accepted_at": found.assignment.accepted_at if found.assignment else None,
        "said": [
            {
                "title": said.title,
                "text": said.text,
                "channel": said.channel,
                "behalf": said.behalf,
                "consent": said.consent,
                "place": said.place_name,
                "filed_at": said.filed_at,
                "need_code": said.need_code,
                "erased": said.erased,
            }
            for said in found.said
        ],
        "said_total": found.said_total,
        "suggestions": [
            {
                "id": one.id,
                "certainty": one.certainty,
                "because": one.because,
                "need": one.target.code if one.target else None,
                "category_id": one.category.pk if one.category else None,
                "urgency": one.urgency_label,
            }
            for one in suggestions
        ],
        "replies": [
            {
                "text": reply.text,
                "who": reply.organisation.name if reply.organisation else reply.role_label,
                "at": reply.at,
                "is_final": reply.is_final,
            }
            for reply in found.replies
        ],
        "absorbed": [member.code for member in found.absorbed],
        "story": found.story,
        "handlers": list(handlers),
    }
