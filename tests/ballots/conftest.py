"""The town in which the tests of ballots play, and the language in which they read what is refused."""

from __future__ import annotations

import pytest

from tests.factories.town import Town, make_town


@pytest.fixture(autouse=True)
def _in_english(english: None) -> None:
    """All of it."""


@pytest.fixture
def town(db: None, settings, tmp_path) -> Town:
    """A street with two communities; what is uploaded goes to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return make_town()
