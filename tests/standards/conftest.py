"""A small town with a program of its community office that holds keys, for the tests of interfaces."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from tests.factories.needs import CategoryFactory
from tests.factories.people import OrganisationFactory
from tests.factories.places import make_building, make_community, make_estate, make_street
from yiting.needs.models import Category
from yiting.people.actors import system_actor
from yiting.people.models import Organisation, TokenScope
from yiting.people.services import token_issue
from yiting.places.models import Place
from yiting.places.services import place_locate

AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
KEEPER = system_actor("tests")


@dataclass
class Town:
    """天骄社区 with an estate and a building, a community next to it, and three levels of categories."""

    here: Place
    there: Place
    estate: Place
    building: Place
    office: Organisation
    group: Category
    service: Category
    kind: Category

    def key(self, *scopes: str, organisation: Organisation | None = None) -> str:
        """A fresh token with these scopes, in plain text."""
        _token, plain = token_issue(
            by=KEEPER, organisation=organisation or self.office, label="test", scopes=scopes, at=AT
        )
        return plain

    @property
    def filing_key(self) -> str:
        """A token that may hand in requests and nothing else."""
        return self.key(TokenScope.FILE)


@pytest.fixture
def town(db: None) -> Town:
    """The town, made anew for a test."""
    street = make_street()
    here, there = make_community("天骄社区", street), make_community("万正社区", street)
    estate = make_estate("仁和家园", here, households=306, households_on_allowance=36)
    place_locate(
        by_role="tests",
        place=estate,
        latitude=Decimal("39.812345"),
        longitude=Decimal("110.001234"),
        at=AT,
    )
    group = CategoryFactory(name="城乡建设")
    service = CategoryFactory(name="公共设施", parent=group)
    return Town(
        here=here,
        there=there,
        estate=estate,
        building=make_building("3号楼", estate),
        office=OrganisationFactory(name="天骄社区居委会", place=here),
        group=group,
        service=service,
        kind=CategoryFactory(name="路灯", parent=service),
    )


class Quiet(WSGIRequestHandler):
    """Writes no line for every request."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:
    """The address of the application on the loopback, served by one thread that has ended after the test.

    pytest-django's own server answers in threads that may outlive a test and its database connection.
    """
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)

    def serve() -> None:
        server.serve_forever(poll_interval=0.05)
        connections.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
