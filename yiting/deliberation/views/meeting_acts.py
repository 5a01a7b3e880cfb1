"""What is done to a meeting on the workbench: each act one form, one service, and back to the meeting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yiting.deliberation import services
from yiting.deliberation.forms_meetings import (
    AnswerForm,
    PointAddForm,
    PointForm,
    ReasonForm,
    RulesForm,
    SaidForm,
)
from yiting.deliberation.models import Meeting
from yiting.deliberation.queries.meetings import get_bench_meeting, get_last_minutes, get_point, get_said, get_voice
from yiting.deliberation.services import Kept
from yiting.deliberation.views.meeting_bench import bench_page
from yiting.people.sessions import actor_of
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import do, post_or_look, sent


@staff
@post_or_look
def keep(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Save what came of a point."""
    found = get_bench_meeting(code, actor_of(request))
    point = get_point(found, pk)
    form = PointForm(sent(request), auto_id=f"keep-{pk}-%s")

    def change() -> None:
        said = dict(form.cleaned_data)
        seen = said.pop("seen")
        services.point_keep(by=actor_of(request), point=point, kept=Kept(**said), seen=seen, at=now())

    return _act(request, found, change, form=form, name=f"keep-{pk}", done=_("Saved."), anchor=f"point-{pk}")


@staff
@post_or_look
def say(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Add a line of what was said."""
    found = get_bench_meeting(code, actor_of(request))
    point = get_point(found, pk)
    form = SaidForm(sent(request), auto_id=f"said-{pk}-%s")

    def change() -> None:
        services.said_add(by=actor_of(request), point=point, at=now(), **form.cleaned_data)

    return _act(request, found, change, form=form, name=f"said-{pk}", done=_("Saved."), anchor=f"point-{pk}")


@staff
@post_or_look
def unsay(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Strike out a line."""
    found = get_bench_meeting(code, actor_of(request))
    said = get_said(found, pk)
    change = partial(services.said_remove, by=actor_of(request), said=said, at=now())
    return _act(request, found, change, done=_("Struck out."), anchor=f"point-{said.point_id}")


@staff
@post_or_look
def point(request: HttpRequest, code: str) -> HttpResponse:
    """Add a point."""
    found = get_bench_meeting(code, actor_of(request))
    form = PointAddForm(sent(request), auto_id="point_%s")

    def change() -> None:
        services.point_add(by=actor_of(request), meeting=found, title=form.cleaned_data["title"], at=now())

    return _act(request, found, change, form=form, name="point", done=_("Added."))


@staff
@post_or_look
def rules(request: HttpRequest, code: str) -> HttpResponse:
    """Set how many must be there, and how many must approve."""
    found = get_bench_meeting(code, actor_of(request))
    form = RulesForm(sent(request), auto_id="rules_%s")

    def change() -> None:
        services.meeting_rules_set(by=actor_of(request), meeting=found, at=now(), **form.cleaned_data)

    return _act(request, found, change, form=form, name="rules", done=_("Saved."))


@staff
@post_or_look
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask those who were there."""
    found = get_bench_meeting(code, actor_of(request))
    change = partial(services.minutes_ask, by=actor_of(request), minutes=get_last_minutes(found), at=now())
    return _act(request, found, change, done=_("Those who were there are asked now."))


@staff
@post_or_look
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Write on at the minutes."""
    found = get_bench_meeting(code, actor_of(request))
    change = partial(services.minutes_take_back, by=actor_of(request), minutes=get_last_minutes(found), at=now())
    return _act(request, found, change, done=_("Taken back. Write on, then ask again."))


@staff
@post_or_look
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Write down the answer of one who was there and has no telephone at hand."""
    found = get_bench_meeting(code, actor_of(request))
    form = AnswerForm(sent(request))

    def change() -> None:
        said, by = form.cleaned_data, actor_of(request)
        minutes = get_last_minutes(found)
        voice = get_voice(minutes, said["voice"], by=by)
        services.approval_give(
            by=by,
            minutes=minutes,
            person=voice.person,
            organisation=voice.organisation,
            agrees=said["answer"] == "yes",
            word=said["word"],
            at=now(),
        )

    return _act(request, found, change, form=form, name="answer", done=_("The answer is kept."), anchor="voices")


@staff
@post_or_look
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a new version of final minutes."""
    found = get_bench_meeting(code, actor_of(request))
    form = ReasonForm(sent(request), auto_id="correct_%s")

    def change() -> None:
        services.minutes_correct(by=actor_of(request), meeting=found, reason=form.cleaned_data["reason"], at=now())

    return _act(request, found, change, form=form, name="correct", done=_("A new version is begun; the old one stays."))


@staff
@post_or_look
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Show the minutes to everybody."""
    found = get_bench_meeting(code, actor_of(request))
    change = partial(services.minutes_publish, by=actor_of(request), minutes=get_last_minutes(found), at=now())
    return _act(request, found, change, done=_("Published. Everybody can read the minutes now."))


def _act(
    request: HttpRequest,
    found: Meeting,
    change: Callable[[], object],
    *,
    form: Any = None,
    name: str = "",
    done: str,
    anchor: str = "",
) -> HttpResponse:
    back = reverse("deliberation:bench_meeting", args=[found.activity.code]) + (f"#{anchor}" if anchor else "")
    again = partial(bench_page, request, found.activity.code)
    return do(request, again, back, change, form=form, name=name, done=done)
