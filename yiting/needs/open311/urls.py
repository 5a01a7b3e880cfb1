"""The addresses of GeoReport v2, each with its ending; without one the answer is XML."""

from django.urls import path, register_converter

from yiting.needs.open311 import views


class Ending:
    """`.xml`, `.json` or nothing, which means XML."""

    regex = r"\.xml|\.json|"

    def to_python(self, value: str) -> str:
        """Return the format's name."""
        return value.removeprefix(".") or "xml"

    def to_url(self, value: str) -> str:
        """Return the ending of an address."""
        return f".{value}" if value else ""


class Plain:
    """A code without a dot, a slash or an ending."""

    regex = r"[^/.]+"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


register_converter(Ending, "ending")
register_converter(Plain, "plain")

app_name = "open311"
urlpatterns = [
    path("", views.discovery, {"ending": "xml"}, name="root"),
    path("discovery<ending:ending>", views.discovery, name="discovery"),
    path("services<ending:ending>", views.services, name="services"),
    path("services/<plain:code><ending:ending>", views.definition, name="definition"),
    path("requests<ending:ending>", views.requests, name="requests"),
    path("requests/<plain:number><ending:ending>", views.request_single, name="request"),
    path("tokens/<plain:code><ending:ending>", views.token, name="token"),
    path("servicerequestupdates<ending:ending>", views.updates, name="updates"),
]
