"""A process of its own that takes seats, for the race on SQLite: `prepare` makes the activities, `take` signs up."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command


def prepare() -> None:
    """The tables that signing up needs, and ten activities with one seat each."""
    from tests.factories.activities import make_activity  # noqa: PLC0415 - models may be imported only after setup
    from tests.factories.places import make_estate  # noqa: PLC0415

    for app in ("people", "activities", "ledger", "notices"):
        call_command("migrate", app, verbosity=0, skip_checks=True)
    place = make_estate()
    for _n in range(10):
        make_activity(place, sign_up_for="persons", capacity=1)


def take() -> None:
    """A person of this process signs up for each of them."""
    from tests.factories.activities import AT  # noqa: PLC0415 - models may be imported only after setup
    from yiting.activities.models import Activity  # noqa: PLC0415
    from yiting.activities.services import sign_up  # noqa: PLC0415
    from yiting.people.actors import RESIDENT  # noqa: PLC0415
    from yiting.people.models import Person  # noqa: PLC0415

    for activity in Activity.objects.order_by("pk"):
        sign_up(by=RESIDENT, activity=activity, person=Person.objects.create(source="test"), at=AT)


if __name__ == "__main__":
    django.setup()
    {"prepare": prepare, "take": take}[sys.argv[1]]()
