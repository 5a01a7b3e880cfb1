"""The town in which the tests of deliberation play."""

from __future__ import annotations

import pytest

from tests.deliberation.reading import fresh
from tests.factories.town import Town, make_town
from yiting.deliberation.models import Topic


@pytest.fixture
def town(db: None, settings, tmp_path) -> Town:
    """A street with two communities; what is uploaded goes to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return make_town()


@pytest.fixture
def english_pages(english: None, settings) -> None:
    """Pages, too, are in English for whoever asks for no language."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def open_topic(town: Town) -> Topic:
    """A topic that is open as the clock of the pages goes."""
    return fresh(town)
