"""The own API under /api/v1/: the routers of the modules, one shape of error, and the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from yiting.ledger.api import router as ledger
from yiting.needs.api import router as needs
from yiting.places.access import public
from yiting.places.api import router as places
from yiting.places.errors import Refused
from yiting.projects.api import router as projects

View = Callable[..., HttpResponse]
PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "What was wrong and, where something can be done about it, what.",
    "properties": {"error": {"type": "string"}, "remedy": {"type": "string"}},
    "required": ["error"],
}
PROBLEM_RESPONSE = {
    "description": "Refused: see `error`, and `remedy` where there is one.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class Api(NinjaAPI):
    """The API with operations named as their functions, and every refusal in one shape."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation as its function is named."""
        return operation.view_func.__name__

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """Add to each operation what a refusal looks like."""
        schema = super().get_openapi_schema(*args, **kwargs)
        schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["4XX"] = PROBLEM_RESPONSE
        return schema


api = Api(
    title="Yiting",
    version="1",
    description=(
        "Needs of residents, the projects that serve them, places and the ledger. Reading what is public "
        "takes no token; an organisation's programs send `Authorization: Bearer yt_…`."
    ),
    # the validator of swagger.io would be told the address of this site
    docs=Swagger(settings={"validatorUrl": None, "persistAuthorization": False}),
    docs_url="/docs",
    openapi_url="/openapi.json",
    urls_namespace="api",
)
for router in (places, needs, projects, ledger):
    api.add_router("", router)


def problem(request: HttpRequest, status: int, error: object, remedy: object = "") -> HttpResponse:
    """Answer with an error in the one shape."""
    told = {"error": str(error)} | ({"remedy": str(remedy)} if remedy else {})
    response = api.create_response(request, told, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return problem(request, refusal.status, refusal.message)


@api.exception_handler(ValidationError)
def _misshapen(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    told = "; ".join(_field_error(error) for error in exception.errors[:10])
    return problem(request, 422, told, _("The shapes of all calls are in %(url)s.") % {"url": "openapi.json"})


@api.exception_handler(AuthenticationError)
def _without_token(request: HttpRequest, exception: AuthenticationError) -> HttpResponse:
    remedy = _("Send “Authorization: Bearer” and a token of your organisation.")
    return problem(request, 401, _("This call needs a token."), remedy)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, exception: HttpError) -> HttpResponse:
    if exception.status_code == 400:
        return problem(request, 400, _("The body cannot be read."), _("Send one JSON document in UTF-8."))
    return problem(request, exception.status_code, exception.message)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    return problem(request, 404, _("There is nothing at this address."))


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, exception: RequestDataTooBig) -> HttpResponse:
    return problem(request, 413, _("The body is too large."))


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(BadRequest)
@api.exception_handler(UnreadablePostError)
def _broken(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 400, _("The body cannot be read."), _("Send one JSON document in UTF-8."))


def _field_error(error: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in error.get("loc", ()) if part not in {"asked", "body"})
    return f"{where or 'body'}: {error.get('msg', '')}"


@public
@csrf_exempt
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer for an address under the API that there is not."""
    return problem(request, 404, _("There is nothing at this address."))


def _held(view: View) -> View:
    """Mark a view of the API public (tokens are its gates) and word a wrong method in the one shape."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        refused = problem(request, 405, _("This address does not take %(method)s.") % {"method": request.method})
        refused["Allow"] = ", ".join(sorted(response["Allow"].replace(" ", "").split(",")))
        return refused

    return public(csrf_exempt(answering))


def _patterns() -> tuple[list[URLPattern | URLResolver], str, str]:
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if pattern.callback is not None:
            pattern.callback = _held(pattern.callback)
    return [*patterns, path("<path:rest>", nowhere)], app_name, namespace


urls = _patterns()
