"""Fixtures that every test may ask for; data is made by the factories, never shared."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator

import hypothesis
import pytest
from django.utils import translation
from playwright.sync_api import Browser

from tests.browser.chromium import chromium

BESIDE = pathlib.Path(__file__).resolve().parent.parent.parent / "shared" / "data"

ASKS_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The folder of real data (see docs/howto/real-data.md), or a skip that says how to get it."""
    folder = pathlib.Path(os.environ.get("YITING_SHARED_DATA", BESIDE))
    if not (folder / "messages").is_dir():
        pytest.skip("no real data here: set YITING_SHARED_DATA to the folder that holds messages/, polis/, pabulib/")
    return folder


@pytest.fixture
def english() -> Iterator[None]:
    """What is refused is read in English."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system; its loop ends with the file, so that other files may start their own."""
    yield from chromium()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks a database: only that is run once more on PostgreSQL."""
    for item in items:
        if item.get_closest_marker("django_db") or ASKS_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


hypothesis.settings.register_profile("yiting", deadline=None, print_blob=True)
hypothesis.settings.load_profile("yiting")
