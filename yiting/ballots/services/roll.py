"""The roll as the counter and the box use it: one row a person, household or account; never what they voted."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from yiting.activities.queries import fresh_code
from yiting.ballots.errors import SecondBallot, WhoIsMissing
from yiting.ballots.models import RollEntry, Round, VotingPass
from yiting.ballots.queries.roll import Voter, has_voted, own_voter, pass_digest, resident_voter
from yiting.ballots.services.gates import guarded, require_voting, take_counter
from yiting.people.actors import Actor
from yiting.people.models import Account
from yiting.people.queries import get_actor
from yiting.people.services import person_identify
from yiting.places.models import Place

PASS_LENGTH = 8


def voter_admit(
    *,
    by: Actor,
    round: Round,
    building: Place | None = None,
    home: str = "",
    phone: str = "",
    account: Account | None = None,
    at: datetime,
) -> str:
    """Confirm at the counter that somebody may vote; return the code that opens one ballot on the shared tablet.

    The code is said once and kept only as a digest. A second admission before voting replaces the first.
    """
    with guarded(round, at=at):
        held = take_counter(by=by, round=round, at=at)
        require_voting(held, at=at)
        voter = _at_counter(held, by=by, building=building, home=home, phone=phone, account=account, at=at)
        code = fresh_code(PASS_LENGTH)
        whose = {"round": held, "person": voter.person, "account_id": voter.account_id}
        VotingPass.objects.filter(**whose).delete()
        VotingPass.objects.create(**whose, digest=pass_digest(held, code))
    return code


def paper_hand_out(
    *,
    by: Actor,
    round: Round,
    building: Place | None = None,
    home: str = "",
    phone: str = "",
    account: Account | None = None,
    at: datetime,
) -> RollEntry:
    """Note that somebody got a paper ballot, and so has used their vote. Which one they drew is nowhere noted."""
    with guarded(round, at=at):
        held = take_counter(by=by, round=round, at=at)
        require_voting(held, at=at)
        voter = _at_counter(held, by=by, building=building, home=home, phone=phone, account=account, at=at)
        return enter(held, voter, way=RollEntry.Way.PAPER)


def enter(held: Round, voter: Voter, *, way: RollEntry.Way) -> RollEntry:
    """Use a vote in a locked round; a second time is refused."""
    if has_voted(held, voter):
        raise SecondBallot
    return RollEntry.objects.create(
        round=held, person=voter.person, household=voter.household, account_id=voter.account_id, way=way
    )


def _at_counter(
    held: Round, *, by: Actor, building: Place | None, home: str, phone: str, account: Account | None, at: datetime
) -> Voter:
    """Whom a worker has before them, if they have not voted: a resident, or a deputy or member with an account."""
    if held.who == Round.Who.RESIDENTS:
        voter = _resident_at_counter(held, by=by, building=building, home=home.strip(), phone=phone.strip(), at=at)
    elif account is None:
        raise WhoIsMissing(what=_("whose vote it is"))
    else:
        voter = own_voter(held, by=get_actor(account, at))
    if has_voted(held, voter):
        raise SecondBallot
    return voter


def _resident_at_counter(
    held: Round, *, by: Actor, building: Place | None, home: str, phone: str, at: datetime
) -> Voter:
    """Known by the home where households vote, whatever number is given, and by the telephone where persons do."""
    if held.by_household:
        phone = ""
    if building is None or not building.path.startswith(held.place_path) or not by.works_at(building.path):
        raise WhoIsMissing(what=_("the building, in the place of this round and in yours"))
    if held.by_household and not home:
        raise WhoIsMissing(what=_("the home, for each household has one vote"))
    if not held.by_household and not phone:
        raise WhoIsMissing(what=_("the telephone number, so that nobody votes twice"))
    person = person_identify(
        by=by,
        source="counter",
        key=None if phone else f"{building.pk}|{home}",
        phone=phone or None,
        home=home or None,
        household_place=building if home else None,
        home_seen=bool(home),
        at=at,
    )
    return resident_voter(held, person)
