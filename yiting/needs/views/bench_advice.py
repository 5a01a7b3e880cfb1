"""Advice for who writes an answer: what it does not say yet. It holds nothing up and is kept nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yiting.methods.texts.answers import Lack, answer_check
from yiting.needs.errors import NeedMissing
from yiting.needs.forms_bench import ReplyForm
from yiting.needs.queries.bench_need import BenchNeed, get_bench_need
from yiting.needs.views.bench import actor_of, column, missing
from yiting.places.access import staff
from yiting.places.clock import now

MOST_HINTS = 5
SAYINGS_READ = 5
LONGEST_ANSWER = ReplyForm.base_fields["text"].max_length  # type: ignore[attr-defined]  # a CharField has it

# Who answers stands beside every answer on the page, so nobody is asked to write it.
WORDS: dict[Lack, object] = {
    "empty": _("Write a few words first."),
    "receipt": _("What comes of it: so far it says only that the message has come."),
    "referral": _("What they found: so far it says only who has been asked to look."),
    "places": _("That it is about the place they named: %(words)s."),
    "terms": _("A word on what they wrote about: %(words)s."),
    "found": _("What was found, or how things stand."),
    "done": _("What was done or will be done, or why it cannot be."),
    "when": _("By when, or on which day."),
    "call": _("Whom to call or where to go with a question."),
}


@staff
@require_POST
def look_over(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the answer being written does not say yet: a piece for htmx, otherwise the page with the text kept."""
    try:
        found = get_bench_need(code, by=actor_of(request), at=now())
    except NeedMissing as refusal:
        return missing(request, refusal)
    text = request.POST.get("text", "").replace("\x00", "")
    advice = {"advised": True, "hints": hints(found, text)} if found.works_here and found.is_open else {}
    if request.headers.get("HX-Request"):
        return render(request, "needs/bench/_advice.html", advice)
    form = ReplyForm(initial={"text": text[:LONGEST_ANSWER], "final": bool(request.POST.get("final"))})
    return column(request, found, reply_form=form, **advice)


def hints(found: BenchNeed, text: str) -> list[str]:
    """Say in at most five lines what an answer to this need does not say yet, the weightiest first."""
    said = [one for one in found.said if not one.erased][:SAYINGS_READ]
    message = "\n".join([found.need.title, *(one.text or one.title for one in said)])
    lacks = [lack for lack in answer_check(message, text).missing if lack.code in WORDS]
    if lacks and lacks[0].code == "empty":
        lacks = lacks[:1]
    return [str(WORDS[lack.code]) % {"words": _as_written(lack.words, message)} for lack in lacks][:MOST_HINTS]


def _as_written(words: tuple[str, ...], message: str) -> str:
    """Words found in normalised writing, as the message has them where it has."""
    lower = message.lower()
    starts = ((word, lower.find(word)) for word in words)
    return "、".join(message[start : start + len(word)] if start >= 0 else word for word, start in starts)
