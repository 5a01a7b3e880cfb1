"""What the needs module holds about a person: given out with their copy, erased with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiting.needs.models import Judgement, ServiceRequest, Support
from yiting.needs.services import requests_forget
from yiting.people.actors import Actor
from yiting.people.models import Person
from yiting.people.services import register_holding


class NeedsHolding:
    """Requests, supports and judgements of a person."""

    def export(self, person: Person, by: Actor) -> list[dict[str, Any]]:
        """Return all that the person said, joined and judged, ready for JSON."""
        said = ServiceRequest.objects.filter(person=person).order_by("filed_at", "id")
        joined = Support.objects.filter(person=person).select_related("need").order_by("at", "id")
        judged = Judgement.objects.filter(person=person).select_related("need").order_by("at", "id")
        return [
            *(
                {
                    "kind": "request",
                    "code": r.code,
                    "at": r.filed_at.isoformat(),
                    "title": r.title,
                    "text": r.text,
                }
                for r in said
            ),
            *({"kind": "support", "need": s.need.code, "at": s.at.isoformat()} for s in joined),
            *(
                {
                    "kind": "judgement",
                    "need": j.need.code,
                    "at": j.at.isoformat(),
                    "verdict": j.verdict,
                    "word": j.word,
                }
                for j in judged
            ),
        ]

    def erase(self, person: Person, by: Actor, at: datetime) -> None:
        """Take out the words and photos; the voice still counts."""
        requests_forget(by=by, person=person, at=at)


def register() -> None:
    """Take part in copies and erasures."""
    register_holding("needs", NeedsHolding())
