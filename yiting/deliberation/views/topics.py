"""The public pages of topics: the list, one topic with its vote, statements, supports and proposals."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.deliberation.errors import DeliberationRefused, StatementUnfit, TopicMissing, VoteUnfit
from yiting.deliberation.forms import AskedForm, BoardForm, ProposeForm, SayForm, SupportForm, VoteForm
from yiting.deliberation.models import Statement
from yiting.deliberation.queries.alike import list_alike
from yiting.deliberation.queries.asking import next_statement
from yiting.deliberation.queries.bench import list_estates
from yiting.deliberation.queries.moderation import list_log
from yiting.deliberation.queries.results import get_results
from yiting.deliberation.queries.topics import (
    find_place,
    get_evidence,
    get_need,
    get_statement,
    get_topic,
    get_topic_board,
    get_topic_page,
    list_statements,
    list_topics_of_need,
    own_participant,
)
from yiting.deliberation.services import statement_add, support_give, support_take_back, topic_propose, vote_cast
from yiting.deliberation.services.statements import TEXT_LIMIT
from yiting.deliberation.views.visitors import actor_of, keep_pace, speaker_of, voices_of
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.doing import post_or_look
from yiting.places.errors import Refused

NOT_THERE = 404


@public
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The topics that are open, proposed, or closed; by place."""
    form = BoardForm(request.GET)
    form.is_valid()  # what does not fit is left out of cleaned_data, and so is not asked for
    asked = form.cleaned_data
    place = find_place(asked["place"]) if asked.get("place") else None
    found = get_topic_board(asked.get("view") or "", place=place, page=asked.get("page") or 1)
    context = {"board": found, "place": place, "next_page": found.page + 1}
    return render(request, "deliberation/board.html", context)


@public
@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """One topic: the question, a statement to vote on, and a place to say something."""
    return topic_page(request, code)


@public
@post_or_look
def vote(request: HttpRequest, code: str) -> HttpResponse:
    """One tap; with htmx the next statement comes in its place."""
    if request.method != "POST":
        return redirect("deliberation:topic", code)
    by, at = actor_of(request), now()
    found = get_topic(code, by)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return topic_page(request, code, refusal=VoteUnfit().message, status=422)
    keep_pace(request, "vote")
    if own_participant(found, voices_of(request)) is None:
        keep_pace(request, "voice")
    given = form.cleaned_data
    try:
        statement = get_statement(found, given["statement"])
        person = speaker_of(request, at=at, nonce=given["key"])
        vote_cast(
            by=by,
            topic=found,
            person=person,
            statement=statement,
            value=given["value"],
            voices=voices_of(request),
            at=at,
        )
    except Refused as refusal:
        return topic_page(request, code, refusal=refusal.message, status=refusal.status)
    if getattr(request, "htmx", False):
        return topic_page(request, code, last=statement)
    return redirect(f"{request.path.removesuffix('vote/')}?done={statement.number}#vote")


@public
@post_or_look
def say(request: HttpRequest, code: str) -> HttpResponse:
    """Say something to vote on; what is said already is pointed out first."""
    if request.method != "POST":
        return redirect("deliberation:topic", code)
    by, at = actor_of(request), now()
    found = get_topic(code, by)
    form = SayForm(request.POST)
    if not form.is_valid():
        text = request.POST.get("text", "")
        too_long = StatementUnfit(limit=TEXT_LIMIT, length=len(text))
        return topic_page(request, code, refusal=too_long.message, said={"text": text}, status=422)
    keep_pace(request, "say")
    given = form.cleaned_data
    alike = [] if given["sure"] else list_alike(found, given["text"][: TEXT_LIMIT * 2])
    try:
        if alike and len(given["text"]) <= TEXT_LIMIT:
            return topic_page(request, code, said=given, alike=alike)
        person = speaker_of(request, at=at, nonce=given["key"])
        said = statement_add(
            by=by,
            topic=found,
            person=person,
            text=given["text"],
            is_meta=given["is_meta"],
            voices=voices_of(request),
            at=at,
        )
    except Refused as refusal:
        return topic_page(request, code, refusal=refusal.message, said=given, status=refusal.status)
    if said.state == Statement.State.SHOWN:
        messages.success(request, _("Thank you. Your statement stands there now, and others vote on it."))
    else:
        messages.warning(
            request,
            _("Thank you. Somebody looks at your statement before it is shown: %(why)s.")
            % {"why": said.decisions.order_by("-pk")[0].reason},
        )
    return redirect("deliberation:topic", found.code)


@public
@require_safe
def statements(request: HttpRequest, code: str) -> HttpResponse:
    """All statements, in the order in which they came; from here a vote can be given again."""
    found = get_topic(code, actor_of(request))
    page = get_topic_page(code, by=actor_of(request), person_ids=voices_of(request), at=now())
    context = {"page_of": page, "topic": found, "statements": list_statements(found)}
    return render(request, "deliberation/statements.html", context)


@public
@require_safe
def result(request: HttpRequest, code: str) -> HttpResponse:
    """What everybody agrees on, and what the groups say. The same for everybody: nobody is in it."""
    found = get_topic(code, actor_of(request))
    page = get_topic_page(code, by=actor_of(request), person_ids=(), at=now())
    context = {"page_of": page, "topic": found, "results": get_results(found)}
    return render(request, "deliberation/result.html", context)


@public
@require_safe
def moderation(request: HttpRequest, code: str) -> HttpResponse:
    """Every decision about a statement, with its reason."""
    found = get_topic(code, actor_of(request))
    form = AskedForm(request.GET)
    form.is_valid()
    number = form.cleaned_data.get("page") or 1
    rows, more = list_log(found, page=number)
    context = {"topic": found, "rows": rows, "more": more, "next_page": number + 1}
    return render(request, "deliberation/moderation.html", context)


@public
@post_or_look
def support(request: HttpRequest, code: str) -> HttpResponse:
    """Support a proposal with one tap, or take it back."""
    by, at = actor_of(request), now()
    found = get_topic(code, by)
    form = SupportForm(request.POST)
    if request.method == "POST" and form.is_valid():
        keep_pace(request, "support")
        try:
            person = speaker_of(request, at=at, nonce=form.cleaned_data["key"])
            act = support_take_back if form.cleaned_data["take_back"] else support_give
            act(by=by, topic=found, person=person, at=at)
        except Refused as refusal:
            return topic_page(request, code, refusal=refusal.message, status=refusal.status)
    return redirect("deliberation:topic", found.code)


@public
@post_or_look
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a topic; with enough supports it opens."""
    refusal: object = None
    status = 200
    form = ProposeForm(
        request.POST if request.method == "POST" else None,
        places=list_estates(),
        initial={"key": secrets.token_urlsafe(24), "place": request.GET.get("place", "")},
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            keep_pace(request, "propose")
            given, at = form.cleaned_data, now()
            try:
                person = speaker_of(request, at=at, nonce=given["key"])
                made = topic_propose(
                    by=actor_of(request),
                    person=person,
                    place=given["place"],
                    question=given["question"],
                    background=given["background"],
                    at=at,
                )
            except DeliberationRefused as refused:
                refusal, status = refused.message, refused.status
            else:
                messages.success(request, _("Thank you. Show it to your neighbours: with enough supports it opens."))
                return redirect("deliberation:topic", made.code)
    return render(request, "deliberation/propose.html", {"form": form, "refusal": refusal}, status=status)


@public
@require_safe
def paper(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """A file to read, always as a download."""
    found = get_evidence(get_topic(code, actor_of(request)), pk)
    if not found.file:
        raise TopicMissing
    try:
        opened = found.file.open("rb")
    except FileNotFoundError:
        raise TopicMissing from None
    response = FileResponse(opened, content_type="application/octet-stream", as_attachment=True, filename=found.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@public
@require_safe
def for_need(request: HttpRequest, code: str) -> HttpResponse:
    """From a need to the topics about it."""
    need = get_need(code, actor_of(request))
    cards = list_topics_of_need(need.pk)
    htmx = bool(getattr(request, "htmx", False))
    if len(cards) == 1 and not htmx:
        return redirect("deliberation:topic", cards[0].code)
    template = "deliberation/_for_need.html" if htmx else "deliberation/for_need.html"
    return render(request, template, {"need": need, "cards": cards})


def topic_page(
    request: HttpRequest,
    code: str,
    *,
    refusal: object = None,
    said: dict[str, Any] | None = None,
    alike: Any = (),
    last: Statement | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a topic, perhaps with what was refused, or with what says nearly what somebody wants to say."""
    page = get_topic_page(code, by=actor_of(request), person_ids=voices_of(request), at=now())
    if status == 200 and request.method == "GET" and code != page.topic.code:
        return redirect("deliberation:topic", page.topic.code)
    form = AskedForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    context = {
        "page_of": page,
        "topic": page.topic,
        "statement": _statement(page, asked.get("s"), asked.get("later")),
        "again": asked.get("s") is not None,
        "refusal": refusal,
        "said": said or {},
        "alike": alike,
        "last": last.number if last is not None else _number(request.GET.get("done", "")),
        "limit": TEXT_LIMIT,
        "key": secrets.token_urlsafe(24),
    }
    htmx = bool(getattr(request, "htmx", False)) and request.method == "POST"
    return render(request, "deliberation/_vote.html" if htmx else "deliberation/topic.html", context, status=status)


def _statement(page: Any, wanted: int | None, later: int | None) -> Statement | None:
    """The statement that is asked for, or the next to be voted on."""
    if not page.takes_votes or not page.part:
        return None
    if wanted is not None:
        found = get_statement(page.topic, wanted)
        if found.state == Statement.State.SHOWN:
            return found
    return next_statement(page.topic, page.participant, chance=secrets.randbelow(2**32) / 2**32, but=later)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
