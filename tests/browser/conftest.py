"""The demo that the tests of this folder walk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.site import Site, serve_demo


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo, really played in and served by the command."""
    with serve_demo(tmp_path_factory.mktemp("demo") / "data") as site:
        yield site
