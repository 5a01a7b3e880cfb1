"""The public pages of meetings: the list, one meeting with its minutes, answering, the sheet to print."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.deliberation.errors import MeetingMissing, TopicMissing
from yiting.deliberation.forms_meetings import AnswerForm
from yiting.deliberation.models import Topic
from yiting.deliberation.queries.meetings import (
    find_meeting,
    get_last_minutes,
    get_meeting_page,
    get_voice,
    list_meetings,
    list_topic_meetings,
)
from yiting.deliberation.queries.resolutions import list_for_topic
from yiting.deliberation.queries.topics import find_topic
from yiting.deliberation.services import approval_give
from yiting.people.queries import local_day
from yiting.people.sessions import actor_of, voices_of
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.doing import do, number_of, post_or_look, sent
from yiting.places.errors import Refused


@public
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """What is coming, or what was."""
    past = request.GET.get("past") == "on"
    found = list_meetings(past=past, page=number_of(request.GET.get("page")) or 1, at=now())
    context = {"found": found, "past": past, "next_page": found.page + 1}
    return render(request, "deliberation/meetings.html", context)


@public
@require_safe
def meeting(request: HttpRequest, code: str) -> HttpResponse:
    """One meeting: when, where, the agenda, and its minutes once they are published."""
    return meeting_page(request, code)


@public
@post_or_look
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Approve of the minutes, or object with a word, as one who was there."""
    found = find_meeting(code)
    form = AnswerForm(sent(request))

    def change() -> None:
        said = form.cleaned_data
        minutes = get_last_minutes(found)
        by = actor_of(request)
        voice = get_voice(minutes, said["voice"], by=by, person_ids=voices_of(request))
        approval_give(
            by=by,
            minutes=minutes,
            person=voice.person,
            organisation=voice.organisation,
            agrees=said["answer"] == "yes",
            word=said["word"],
            at=now(),
        )

    again = partial(meeting_page, request, code)
    back = reverse("deliberation:meeting", args=[found.activity.code])
    return do(request, again, back, change, form=form, name="answer", done=_("Thank you. Your answer is kept."))


@public
@require_safe
def minutes(request: HttpRequest, code: str) -> HttpResponse:
    """Published minutes alone, for printing."""
    page = get_meeting_page(
        code,
        by=actor_of(request),
        person_ids=(),
        version=number_of(request.GET.get("version")),
        at=now(),
    )
    if page.shown is None:
        raise MeetingMissing
    return render(request, "deliberation/meeting_minutes.html", {"page_of": page, "view": page.shown})


@public
@require_safe
def topic_meetings(request: HttpRequest, code: str) -> HttpResponse:
    """The meetings about a topic, and what came of it."""
    topic = find_topic(code)
    if topic.state == Topic.State.DRAFT and not actor_of(request).works_at(topic.place_path):
        raise TopicMissing
    context = {
        "topic": topic,
        "cards": list_topic_meetings(topic),
        "resolutions": list_for_topic(topic, today=local_day(now())),
    }
    return render(request, "deliberation/meetings_of_topic.html", context)


def meeting_page(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a meeting, perhaps with an answer that was refused."""
    page = get_meeting_page(
        code,
        by=actor_of(request),
        person_ids=voices_of(request),
        version=number_of(request.GET.get("version")),
        at=now(),
    )
    if status == 200 and code != page.meeting.activity.code:
        return redirect("deliberation:meeting", page.meeting.activity.code)
    context = {
        "page_of": page,
        "activity": page.meeting.activity,
        "given": (bound or {}).get("answer"),
        "refusal": refusal,
    }
    response = render(request, "deliberation/meeting.html", context, status=status)
    if page.asked is not None:
        response["Cache-Control"] = "no-store"
    return response
