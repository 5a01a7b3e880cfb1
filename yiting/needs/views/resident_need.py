"""The page of a need, and what residents do there: me too, one more word, judge."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiting.needs.codes import read_code
from yiting.needs.errors import NeedMissing, NeedsRefused, NotAmongThoseWhoAsked
from yiting.needs.forms import AddForm, JudgeForm, fresh_key
from yiting.needs.models import Need, Photo
from yiting.needs.queries.resident import (
    find_need,
    get_need,
    get_need_page,
    get_person,
    get_photo,
    may_join,
    who_asks,
)
from yiting.needs.queries.verdicts import get_judging
from yiting.needs.queries.wording import shown_words
from yiting.needs.services import Draft, judgement_give, request_file, support_add, support_withdraw
from yiting.needs.views.resident_session import (
    actor_of,
    hold_receipt,
    keep_pace,
    once_key,
    speaker_of,
    visitor_of,
    web_address,
)
from yiting.people.errors import TooOften
from yiting.people.models import Person
from yiting.places.access import public
from yiting.places.clock import now


@public
@require_safe
def need(request: HttpRequest, code: str) -> HttpResponse:
    """A need: its way, its words, who is on it until when. A merged one leads to the need it went into."""
    found = find_need(code)
    page = get_need_page(code, visitor_of(request), at=now(), page=request.GET.get("page"))
    root = page.standing.need
    if found.pk != root.pk:
        messages.info(
            request,
            _("“%(title)s” is the same matter as this one, so the two were put together. No voice was lost.")
            % {"title": shown_words(found.title)},
        )
        return redirect("needs:need", root.code)
    if read_code(code) != code:
        return redirect("needs:need", root.code)
    context = {"page_of": page, "standing": page.standing, "key": fresh_key()}
    return render(request, "needs/resident/need.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest, code: str) -> HttpResponse:
    """Me too: one tap, once a person. A page of thanks tells how to follow it and how to take it back."""
    visitor = visitor_of(request)
    root = get_need(code, visitor)
    if request.method == "POST":
        at = now()
        speaks_as, _supports = who_asks(root, visitor)
        if request.POST.get("take_back"):
            _take_back(request, root, visitor.person_ids)
            messages.info(request, _("Taken back. You can say “me too” again at any time."))
            return redirect("needs:need", root.code)
        if speaks_as is None and not may_join(root):
            messages.info(
                request,
                _("There is a result already. If it is not solved for you, say it as a new matter."),
            )
            return redirect("needs:need", root.code)
        if speaks_as is None:
            keep_pace(request, "support")
            person = speaker_of(request, at=at, nonce=request.POST.get("key", "")[:64])
            support_add(by=actor_of(request), need=root, person=person, at=at)
        return redirect("needs:support", root.code)
    speaks_as, supports = who_asks(root, visitor)
    if speaks_as is None:
        return redirect("needs:need", root.code)
    address = web_address(request, reverse("needs:need", args=[root.code]))
    context = {"need": root, "title": shown_words(root.title), "supports": supports, "address": address}
    return render(request, "needs/resident/thanks.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """One more word: another request into this need, with a receipt of its own."""
    root = get_need(code, visitor_of(request))
    form = AddForm(request.POST if request.method == "POST" else None, initial={"key": fresh_key()})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            at, text, nonce = now(), form.cleaned_data["text"], form.cleaned_data["key"]
            try:
                keep_pace(request, "file")
                person = speaker_of(request, at=at, nonce=nonce)
                draft = Draft(
                    place=root.place,
                    person=person,
                    text=text,
                    need=root,
                    idempotency_key=once_key(nonce, text, root),
                )
                filed = request_file(by=actor_of(request), draft=draft, at=at)
            except (NeedsRefused, TooOften) as refusal:
                form.add_error("text", str(refusal.message))
                status = refusal.status
            else:
                hold_receipt(request, filed)
                return redirect(reverse("needs:receipt", args=[filed.code]) + "?new=1")
    context = {
        "form": form,
        "title": shown_words(root.title),
        "back": reverse("needs:need", args=[root.code]),
    }
    return render(request, "needs/resident/add.html", context, status=status)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, code: str) -> HttpResponse:
    """Solved, partly or not: said by one who asked, changeable."""
    visitor = visitor_of(request)
    root = get_need(code, visitor)
    if request.method == "POST":
        speaks_as, _supports = who_asks(root, visitor)
        if speaks_as is None:
            raise NotAmongThoseWhoAsked
        give_judgement(request, root, get_person(speaks_as))
    return redirect(reverse("needs:need", args=[root.code]) + "#judge")


@public
@require_safe
def photo(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """A photo of a need that staff have let be public."""
    return photo_answer(get_photo(code, pk, visitor_of(request)))


def give_judgement(request: HttpRequest, root: Need, person: Person) -> None:
    """Take the verdict of a form for the open look; what is no verdict changes nothing and says so."""
    form = JudgeForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Tap one of the three: solved, partly or not. A word has at most 200 characters."))
        return
    judging = get_judging(root)
    judgement_give(
        by=actor_of(request),
        need=root,
        person=person,
        verdict=form.cleaned_data["verdict"],
        word=form.cleaned_data["word"],
        look=judging.look if judging else 0,
        at=now(),
    )
    messages.success(request, _("Thank you. It is written down; you can change it as long as it is open."))


def photo_answer(found: Photo) -> FileResponse:
    """Send a stored photo: a JPEG that we encoded ourselves."""
    try:
        response = FileResponse(found.file.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise NeedMissing from None
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _take_back(request: HttpRequest, root: Need, person_ids: frozenset[int]) -> None:
    for pk in sorted(person_ids):
        support_withdraw(by=actor_of(request), need=root, person=get_person(pk), at=now())
