"""What surrounds every view: who asks, whether the view may be asked by them, and a kind answer to a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from yiting.people.queries import get_actor
from yiting.places.errors import Refused

GetResponse = Callable[[HttpRequest], HttpResponse]
STAFF_KINDS = {"worker", "street", "deputy", "alliance", "admin"}
# Views of third parties carry no mark of ours; each has its own guard or is meant for everybody.
FOREIGN = ("allauth.", "django.", "ninja.", "django_htmx.", "whitenoise.")


class PlainQueryMiddleware:
    """Takes NUL characters out of the query: no page needs one, and PostgreSQL cannot hold one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\x00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "").replace("\x00", "")
        return self.get_response(request)


class ActorMiddleware:
    """Puts `request.actor` on the request: who asks, with their roles, looked up once and only when needed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: get_actor(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)


class AccessMiddleware:
    """Holds each view to its mark: public, signed_in, staff or admin. A view without a mark is nobody's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if view.__module__.startswith(FOREIGN):
            return None
        mark = getattr(view, "access", None)
        if mark == "public":
            return None
        if mark is None:
            raise Http404("a view without an access mark")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        kinds = {grant.kind for grant in request.actor.grants}  # type: ignore[attr-defined]
        if (mark == "staff" and not kinds & STAFF_KINDS) or (mark == "admin" and "admin" not in kinds):
            raise Http404("not yours")
        return None


class RefusalMiddleware:
    """Turns a named refusal of a service into a page, or an htmx fragment, that says what to do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if request.path.endswith(".json"):  # whoever asks for a file reads it with a program
            return JsonResponse({"error": str(exception.message)}, status=exception.status)
        response = render(request, "refused.html", {"refusal": exception}, status=exception.status)
        if getattr(request, "htmx", False):
            response["HX-Retarget"] = "#flash"
            response["HX-Reswap"] = "innerHTML"
        return response
