"""A process of its own that votes, for the race on SQLite: `prepare` makes the topics, `vote VALUE` votes in each."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command


def prepare() -> None:
    """The tables that voting needs, ten open topics, and the one person who is to vote in all of them."""
    from tests.factories.deliberation import make_open_topic  # noqa: PLC0415 - models only after setup
    from tests.factories.people import PersonFactory  # noqa: PLC0415
    from tests.factories.places import make_estate  # noqa: PLC0415

    for app in ("people", "deliberation", "ledger", "notices"):
        call_command("migrate", app, verbosity=0, skip_checks=True)
    place = make_estate()
    for _n in range(10):
        make_open_topic(place)
    PersonFactory(source="race")


def vote(value: int) -> None:
    """The same person votes on the first statement of each topic."""
    from tests.factories.deliberation import AT  # noqa: PLC0415 - models only after setup
    from yiting.deliberation.models import Statement  # noqa: PLC0415
    from yiting.deliberation.services import vote_cast  # noqa: PLC0415
    from yiting.people.actors import RESIDENT  # noqa: PLC0415
    from yiting.people.models import Person  # noqa: PLC0415

    person = Person.objects.get(source="race")
    for statement in Statement.objects.filter(number=0).select_related("topic").order_by("pk"):
        vote_cast(by=RESIDENT, topic=statement.topic, person=person, statement=statement, value=value, at=AT)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "prepare":
        prepare()
    else:
        vote(int(sys.argv[2]))
