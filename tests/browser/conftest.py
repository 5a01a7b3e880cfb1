"""The demo that the tests of this folder walk."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.site import Site, play_demo, serve_demo


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo, really played in and served by the command; each process of the suite walks a copy of its own."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(_played(shared / "demo-played"), folder)
    with serve_demo(folder) as site:
        yield site


def _played(folder: Path) -> Path:
    """The folder with the demo played in: by whichever process comes first, while the others wait."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            play_demo(making)
            making.rename(folder)
    return folder
