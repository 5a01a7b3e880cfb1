"""A process of its own that votes, for the race on SQLite: `prepare` makes the rounds, `vote PERSON` votes in each."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command

ROUNDS = 6


def prepare() -> None:
    """The tables that voting needs, rounds by person and by household, and two people of one household."""
    from tests.factories.ballots import make_resident, make_round  # noqa: PLC0415 - models only after setup
    from tests.factories.places import make_estate  # noqa: PLC0415
    from yiting.people.models import Household  # noqa: PLC0415

    for app in ("people", "ballots", "ledger", "notices"):
        call_command("migrate", app, verbosity=0, skip_checks=True)
    for number in range(ROUNDS):
        make_round(by_household=number % 2 == 1)
    make_resident(make_estate())
    make_resident(home=Household.objects.get())


def vote(who: int) -> None:
    """One of the two votes in every round; says how often it was refused as the second."""
    from tests.factories.ballots import VOTING, cast  # noqa: PLC0415 - models only after setup
    from yiting.ballots.errors import SecondBallot  # noqa: PLC0415
    from yiting.ballots.models import Round  # noqa: PLC0415
    from yiting.people.models import Account  # noqa: PLC0415
    from yiting.people.queries import get_actor  # noqa: PLC0415

    by = get_actor(Account.objects.order_by("pk")[who], VOTING)
    refused = 0
    for round in Round.objects.select_related("place").order_by("pk"):
        try:
            cast(round, [1], by)
        except SecondBallot:
            refused += 1
    sys.stdout.write(str(refused))


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "prepare":
        prepare()
    else:
        vote(int(sys.argv[2]))
