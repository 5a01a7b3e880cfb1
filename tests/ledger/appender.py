"""A process of its own that appends entries, each in its transaction: `-m tests.ledger.appender 50 name`."""

import sys
from datetime import UTC, datetime

import django
from django.db import transaction


def append_some(count: int, name: str) -> None:
    """Append entries whose role tells which process made them."""
    from tests.ledger.conftest import Worker  # noqa: PLC0415 - models may be imported only after setup
    from yiting.ledger.services import entry_append  # noqa: PLC0415
    from yiting.places.models import Place  # noqa: PLC0415

    for number in range(count):
        with transaction.atomic():
            entry_append(
                kind="places.estate.named",
                obj=Place(pk=1),
                by=Worker(name),
                at=datetime(2024, 5, 20, tzinfo=UTC),
                facts={"number": number},
            )


if __name__ == "__main__":
    django.setup()
    append_some(int(sys.argv[1]), sys.argv[2])
