"""The receipt: whoever holds its code follows the matter, adds a word, judges, and takes the words back."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiting.ledger.errors import ObjectNotInLedger
from yiting.needs.codes import read_code
from yiting.needs.errors import NeedMissing, NeedsRefused
from yiting.needs.forms import AddForm, FindForm, fresh_key
from yiting.needs.models import ServiceRequest
from yiting.needs.queries.alike import Alike
from yiting.needs.queries.lists import said_alike
from yiting.needs.queries.resident import (
    RECEIPT_SOURCE,
    find_receipt,
    get_proof,
    get_receipt,
    get_receipt_photo,
    list_added,
)
from yiting.needs.queries.wording import code_in_fours
from yiting.needs.services import Draft, request_erase, request_file
from yiting.needs.views.resident_need import give_judgement, photo_answer
from yiting.needs.views.resident_session import (
    actor_of,
    hold_receipt,
    keep_pace,
    once_key,
    speaks_for,
    web_address,
)
from yiting.people.errors import TooOften
from yiting.people.queries import organisation_for_place
from yiting.places.access import public
from yiting.places.clock import now


@public
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What the holder said, where it stands, the answers, judging, and the proof that nothing was changed."""
    at = now()
    page = get_receipt(code, at=at)
    said = page.request
    if said.code != code:
        return redirect("needs:receipt", said.code)
    hold_receipt(request, said)
    is_new = "new" in request.GET
    context = {
        "receipt": page,
        "standing": page.standing,
        "is_new": is_new,
        "alike": _others(said) if is_new else [],
        "code_said": code_in_fours(said.code),
        "address": web_address(request, reverse("needs:receipt", args=[said.code])),
        "add_form": AddForm(initial={"key": fresh_key()}),
        "key": fresh_key(),
        "for_others": actor_of(request).works_at(said.need.place_path),
    }
    return _kept_private(render(request, "needs/resident/receipt.html", context))


@public
@require_safe
def receipt_find(request: HttpRequest) -> HttpResponse:
    """Look up a receipt by its code, typed with blanks, dashes or small letters."""
    if "code" not in request.GET:
        return render(request, "needs/resident/find.html", {"form": FindForm()})
    form = FindForm(request.GET)
    if form.is_valid():
        try:
            keep_pace(request, "find")
            said = find_receipt(read_code(form.cleaned_data["code"]))
        except NeedMissing:
            form.add_error(
                "code",
                _("No receipt has this code. Compare it letter by letter; there is no 0, O, 1 or I in it."),
            )
        except (NeedsRefused, TooOften) as refusal:
            form.add_error("code", str(refusal.message))
        else:
            return redirect("needs:receipt", said.code)
    return render(request, "needs/resident/find.html", {"form": form}, status=404)


@public
@require_safe
def slip(request: HttpRequest, code: str) -> HttpResponse:
    """A slip of paper for somebody without a phone."""
    said = find_receipt(code)
    context = {
        "said": said,
        "code_said": code_in_fours(said.code),
        "address": web_address(request, reverse("needs:receipt", args=[said.code])),
        "office": organisation_for_place(said.place),
    }
    return _kept_private(render(request, "needs/resident/slip.html", context))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_add(request: HttpRequest, code: str) -> HttpResponse:
    """One more word, under the same code."""
    said = find_receipt(code)
    form = AddForm(request.POST if request.method == "POST" else None, initial={"key": fresh_key()})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _add_word(request, said, form.cleaned_data["text"], form.cleaned_data["key"])
            except (NeedsRefused, TooOften) as refusal:
                form.add_error("text", str(refusal.message))
                status = refusal.status
            else:
                messages.success(request, _("Added. It stands under the same code."))
                return redirect("needs:receipt", said.code)
    back = reverse("needs:receipt", args=[said.code])
    return render(request, "needs/resident/add.html", {"form": form, "title": said.title, "back": back}, status=status)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_judge(request: HttpRequest, code: str) -> HttpResponse:
    """Judge with the receipt in hand."""
    said = find_receipt(code)
    if request.method == "POST":
        give_judgement(request, said.need.root or said.need, said.person)
    return redirect(reverse("needs:receipt", args=[said.code]) + "#judge")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_erase(request: HttpRequest, code: str) -> HttpResponse:
    """Take one's words back, after a page that says what that means."""
    said = find_receipt(code)
    if request.method == "POST":
        at = now()
        for one in (said, *list_added(said)):
            request_erase(by=speaks_for(request, said.person), request=one, at=at)
        messages.success(request, _("Your words and photos are erased. Your voice still counts."))
        return redirect("needs:receipt", said.code)
    return _kept_private(
        render(request, "needs/resident/erase.html", {"said": said, "code_said": code_in_fours(said.code)})
    )


@public
@require_safe
def receipt_proof(request: HttpRequest, code: str) -> JsonResponse:
    """The ledger's proof of this receipt as a file, for the holder to check anywhere."""
    said = find_receipt(code)
    proof = get_proof(said)
    if proof is None:
        raise ObjectNotInLedger
    answer = JsonResponse(proof.as_dict(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="receipt-{said.code}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@public
@require_safe
def receipt_photo(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """A photo that came with this receipt."""
    return photo_answer(get_receipt_photo(code, pk))


def _add_word(request: HttpRequest, said: ServiceRequest, text: str, nonce: str) -> None:
    keep_pace(request, "file")
    root = said.need.root or said.need
    mark = once_key(nonce, text) or fresh_key()
    draft = Draft(
        place=said.place,
        person=said.person,
        text=text,
        need=root,
        source=RECEIPT_SOURCE,
        external_id=f"{said.code}/{mark[:40]}",
    )
    request_file(by=speaks_for(request, said.person), draft=draft, at=now())


def _others(said: ServiceRequest) -> list[Alike]:
    """Known needs that sound like what was just said, other than its own."""
    root = said.need.root_id or said.need_id
    if said.erased_at is not None:
        return []
    return said_alike(f"{said.title}\n{said.text}", said.place.path, at=now(), leave_out=root)


def _kept_private(response: HttpResponse) -> HttpResponse:
    """A page whose address is its key: kept out of caches and of search engines."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
