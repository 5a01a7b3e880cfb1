"""The OpenAPI document is valid, and whatever a client sends, the API answers as the document says."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories.needs import public_need
from tests.factories.projects import make_project
from tests.standards.conftest import Town
from yiting.people.models import TokenScope
from yiting.projects.models import Stage
from yiting.web.api import api

ROOT = pathlib.Path(__file__).resolve().parents[2]
HELD = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
document = api.get_openapi_schema(path_prefix="/api/v1/")
schema = schemathesis.openapi.from_dict(document)
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the test's own connection open from one call to the next, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(town: Town) -> dict[str, Any]:
    """Values that lead somewhere, so that not every example ends at a 404."""
    need = public_need("楼下没有乘凉的地方", town.estate, category=town.kind)
    make_project(Stage.DELIVERED, place=town.estate)
    return {
        "need": need.code,
        "request": need.requests.get().code,
        "place": town.here.code,
        "key": town.key(*TokenScope.values),
    }


def test_the_document_is_valid() -> None:
    """It is OpenAPI 3, and every operation says who may call it and what a refusal looks like."""
    validate(document)
    assert document["openapi"].startswith("3.")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["responses"]["4XX"], path
            assert operation["summary"], path
            assert (method == "get") or operation["security"] == [{"Bearer": []}], path


def test_every_call_stands_in_the_reference() -> None:
    """The page of the reference names each call with its method, and no call that is not there."""
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `((?:GET|POST) /\S+)`", page, flags=re.M))
    there = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert told == there


@schema.parametrize()
@settings(
    max_examples=25,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.filter_too_much,
        HealthCheck.too_slow,
    ],
)
def test_every_answer_is_as_documented(case: schemathesis.Case, known: dict[str, Any]) -> None:
    """No call ends in a 500 or in a shape that the document does not have, with a token of every scope."""
    case.headers["Authorization"] = f"Bearer {known['key']}"
    case.headers["Accept-Encoding"] = "identity"
    if "code" in case.path_parameters and len(str(case.path_parameters["code"])) % 2:
        kind = "request" if "/requests/" in case.path else "place" if "/places/" in case.path else "need"
        case.path_parameters["code"] = known[kind]
    case.call_and_validate(checks=HELD)
