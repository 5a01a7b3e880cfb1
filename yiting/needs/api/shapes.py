"""The shapes of what comes out of the needs' API."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Schema

from yiting.needs.models import State, Urgency


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
