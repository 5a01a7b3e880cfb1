"""The two formats of GeoReport v2. XML is the required one; the ending of the address picks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse

# The element that a list's items become, by the name of the list.
ITEM = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}


class Problem(Exception):
    """An error answer: the specification's status, and a description for the one who wrote the client."""

    def __init__(self, code: int, description: object) -> None:
        super().__init__(str(description))
        self.code = code
        self.description = str(description)


def answer(name: str, value: Any, ending: str, *, status: int = 200) -> HttpResponse:
    """Return a value as JSON or XML, in UTF-8; `name` is the root element."""
    if ending == "json":
        body = json.dumps(value, ensure_ascii=False)
        return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    root = _element(name, value)
    body = ElementTree.tostring(root, encoding="unicode")
    declared = f'<?xml version="1.0" encoding="utf-8"?>{body}'
    return HttpResponse(declared, status=status, content_type="text/xml; charset=utf-8")


def problem_answer(problem: Problem, ending: str) -> HttpResponse:
    """Return an error as the specification has it: a list of code and description."""
    return answer("errors", [{"code": problem.code, "description": problem.description}], ending, status=problem.code)


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            element.append(_element(str(key), inner))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            element.append(_element(ITEM[name], inner))
    elif value is not None:
        element.text = str(value).lower() if isinstance(value, bool) else _printable(str(value))
    return element


def _printable(text: str) -> str:
    """Leave out what XML 1.0 cannot carry."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
