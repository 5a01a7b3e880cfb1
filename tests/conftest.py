"""Fixtures that every test may ask for; data is made by the factories, never shared."""

from __future__ import annotations

import os
import pathlib

import hypothesis
import pytest

BESIDE = pathlib.Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The folder of real data (see docs/howto/real-data.md), or a skip that says how to get it."""
    folder = pathlib.Path(os.environ.get("YITING_SHARED_DATA", BESIDE))
    if not (folder / "messages").is_dir():
        pytest.skip("no real data here: set YITING_SHARED_DATA to the folder that holds messages/, polis/, pabulib/")
    return folder


hypothesis.settings.register_profile("yiting", deadline=None, print_blob=True)
hypothesis.settings.load_profile("yiting")
