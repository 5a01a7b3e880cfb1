"""The ledger of a city: appending stays quick, and going over it takes no more memory than a batch."""

import time
import tracemalloc
from collections.abc import Callable

import pytest
from django.db import transaction

from tests.ledger.conftest import AT, KIND, Worker
from yiting.ledger.services import NewEntry, entries_append, ledger_verify
from yiting.places.models import Place

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Make = Callable[..., Place]
MEGABYTE = 1024 * 1024


def test_memory_of_verifying_does_not_grow_with_the_ledger(place: Make) -> None:
    obj = place()
    peaks = []
    for _ in range(2):
        with transaction.atomic():
            entries_append(
                [NewEntry(KIND, obj, Worker(), AT, {"n": n}, {"name": obj.name} if n == 9 else {}) for n in range(4000)]
            )
        tracemalloc.start()
        assert ledger_verify(batch=500).ok
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 12 * MEGABYTE
    assert peaks[1] < peaks[0] * 1.3


def test_ten_thousand_entries_are_appended_in_seconds(place: Make) -> None:
    """About two seconds of one slow core; the bound leaves room for a machine busy with other tests."""
    obj = place()
    new = [NewEntry(KIND, obj, Worker(), AT, {"n": n}) for n in range(10_000)]
    started = time.process_time()
    with transaction.atomic():
        entries_append(new)
    assert time.process_time() - started < 6
    started = time.process_time()
    assert ledger_verify().ok
    assert time.process_time() - started < 4
