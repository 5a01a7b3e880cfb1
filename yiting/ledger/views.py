"""Pages of the ledger: what it is, its newest entries, and proofs that anyone may take away and check."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiting.ledger import queries
from yiting.ledger.errors import SizeWrong
from yiting.places import access

_MOST_DIGITS = 18


@access.public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """How the ledger stands, how to check it, and its entries from the newest down."""
    rows = queries.list_recent(before=_number(request.GET.get("before")), limit=queries.PAGE_ROWS + 1)
    shown = rows[: queries.PAGE_ROWS]
    context = {
        "overview": queries.get_overview(),
        "rows": shown,
        "older_than": shown[-1].index if len(rows) > len(shown) else None,
        "is_first_page": "before" not in request.GET,
    }
    return render(request, "ledger/home.html", context)


@access.public
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The signed checkpoint as C2SP writes it."""
    return HttpResponse(queries.get_overview().checkpoint, content_type="text/plain; charset=utf-8")


@access.public
@require_safe
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """One entry and its proof in words and hashes."""
    row = queries.get_entry(index)
    return render(request, "ledger/entry.html", {"row": row, "proof": queries.inclusion(index)})


@access.public
@require_safe
def proof(request: HttpRequest, index: int) -> HttpResponse:
    """The proof of one entry as a file, for the present size or ?size=."""
    wanted = _wanted_number(request, "size") if "size" in request.GET else None
    found = queries.inclusion(index, wanted)
    response = JsonResponse(found.as_dict(), json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="proof-{index}.json"'
    return response


@access.public
@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof that between two sizes entries were only added."""
    found = queries.consistency(_wanted_number(request, "first"), _wanted_number(request, "second"))
    return JsonResponse(found.as_dict())


def _number(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS:
        return None
    return int(text)


def _wanted_number(request: HttpRequest, name: str) -> int:
    number = _number(request.GET.get(name))
    if number is None:
        raise SizeWrong(
            first=request.GET.get("first", "?"),
            second=request.GET.get("second", request.GET.get("size", "?")),
            size=queries.get_overview().size,
        )
    return number
