"""How the shapes of the needs' API are filled from what the pages read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yiting.needs.queries.bench import BenchRow
from yiting.needs.queries.bench_need import BenchNeed
from yiting.needs.queries.lists import HotPage, ListedNeed
from yiting.needs.queries.resident import NeedPage, ReceiptPage, Standing
from yiting.needs.queries.verdicts import Judging
from yiting.people.models import Organisation


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
        {"text": voice.text, "place": voice.place_name, "at": voice.at, "how": voice.how} for voice in page.voices
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
