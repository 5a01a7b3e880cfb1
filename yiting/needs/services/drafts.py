"""What is handed in to file a request: plain values, checked before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from yiting.activities.models import Activity
from yiting.needs.errors import ConsentMissing, FiledInFuture, TextEmpty, TextTooLong
from yiting.needs.models import Category, Need, ServiceRequest
from yiting.needs.spreadsheets.texts import text_clean, title_from
from yiting.people.models import Person
from yiting.places.models import Place

TEXT_LIMIT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One request as it is handed in. Times are aware; the point is WGS-84; photos are file contents."""

    place: Place
    person: Person
    activity: Activity | None = None
    text: str = ""
    title: str = ""
    channel: str = ServiceRequest.Channel.WEB
    need: Need | None = None
    behalf: str = ServiceRequest.Behalf.SELF
    consent: str = ""
    photos: Sequence[tuple[str, bytes]] = ()
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    given_point: dict[str, Any] | None = None
    category: Category | None = None
    filed_at: datetime | None = None
    source: str = ""
    external_id: str = ""
    supports: int = 0
    objections: int = 0
    idempotency_key: str | None = None

    def words(self) -> tuple[str, str]:
        """Return title and text, cleaned; a missing title is the first sentence of the text."""
        text, title = text_clean(self.text), text_clean(self.title)
        return (title or title_from(text))[:200], text

    def digest(self) -> str:
        """Return what tells two contents under one external number apart."""
        return sha256("\n".join(self.words()).encode()).hexdigest()


def check_draft(draft: Draft, *, at: datetime) -> None:
    """Refuse what cannot be filed, before anything is written."""
    title, text = draft.words()
    if not title and not text:
        raise TextEmpty
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(length=len(text), limit=TEXT_LIMIT)
    if draft.behalf != ServiceRequest.Behalf.SELF and not draft.consent.strip():
        raise ConsentMissing
    if draft.filed_at is not None and draft.filed_at > at + timedelta(minutes=5):
        raise FiledInFuture(time=draft.filed_at.strftime("%Y-%m-%d %H:%M"))
