"""How the tests of topics open one on the clock of the pages, and read a page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from tests.factories.deliberation import make_open_topic
from tests.factories.town import Town
from yiting.deliberation.models import Topic
from yiting.places.clock import now

LINES = [f"第{n}件事要先办" for n in range(12)]


def fresh(town: Town, **more: Any) -> Topic:
    """A topic that opened yesterday."""
    at = now() - timedelta(days=1)
    return make_open_topic(town.estate, at=at, closes_at=at + timedelta(days=10), **more)


def text_of(answer: Any) -> str:
    """The whole page."""
    return str(answer.content.decode())


def main_of(answer: Any) -> str:
    """What is not the same on every page."""
    return text_of(answer).partition("<main")[2].partition("</main>")[0]


def asked(page: str) -> int:
    """The statement that a page asks about."""
    found = re.search(r'name="statement" value="(\d+)"', page)
    assert found is not None
    return int(found.group(1))
