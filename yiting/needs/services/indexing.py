"""Keeping the index of what was said in step with the database, from which it can always be made anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from yiting.needs import likeness


def index_catch_up() -> int:
    """Read in what was filed since the last time; return how many requests. Nothing while another process does."""
    return likeness.catch_up()


def index_tidy() -> int:
    """Make the index hold what the database holds, and nothing else; return how many requests came or went."""
    return likeness.tidy()


def index_rebuild() -> int:
    """Make the index anew; return how many requests it holds. Refuses with IndexBusy while another process writes."""
    return likeness.rebuild()


def forget_after_commit(requests: Sequence[int]) -> None:
    """Take requests out of the index once the transaction that erases their words is committed."""
    # the words are erased in any case: the daily round finds what could not be taken out now
    transaction.on_commit(partial(likeness.forget, list(requests)), robust=True)
