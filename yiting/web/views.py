"""Pages that belong to no subject: text size, the about page, the gallery of the look, the error pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from yiting.places.access import public
from yiting.web import gallery_samples
from yiting.web.context import SIZE_COOKIE, SIZES, page

ONE_YEAR = 365 * 24 * 3_600


def _back(request: HttpRequest) -> str:
    """Where the reader came from, if it is a page of ours; else the first page."""
    for address in (request.POST.get("next"), request.META.get("HTTP_REFERER")):
        if address and url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return str(address)
    return "/"


@public
@require_POST
def set_size(request: HttpRequest) -> HttpResponse:
    """Remember the text size for a year and go back to where it was asked; an unknown one changes nothing."""
    # not redirect(): what a reader sends is an address, never the name of a view
    response = HttpResponseRedirect(_back(request))
    size = request.POST.get("size", "")
    if size in SIZES:
        response.set_cookie(
            SIZE_COOKIE,
            size,
            max_age=ONE_YEAR,
            samesite="Lax",
            httponly=True,
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )
    return response


@public
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """What this house is, what becomes of one's words, and how to check it."""
    return render(request, "about.html")


@public
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the look with example contents, for those who build pages; there only with DEBUG."""
    if not settings.DEBUG:
        raise Http404("the gallery is for builders")
    sheet = request.GET.get("sheet", "components")
    if sheet not in gallery_samples.SHEETS:
        raise Http404("no such sheet")
    return render(request, f"gallery/{sheet}.html", gallery_samples.context(sheet))


def _error(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent cannot be read."""
    return _error(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not for this reader."""
    return _error(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, or nothing for this reader: the two look the same."""
    return _error(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. The page reads no session and no table: it can be shown whatever broke."""
    return HttpResponse(render_to_string("500.html", dict(page(request))), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was left open too long or came from elsewhere."""
    return _error(request, "403_csrf.html", 403)
