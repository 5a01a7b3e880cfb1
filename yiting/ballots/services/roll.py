"""The roll: who may vote in a round, and who has. One row a person, household or account; never what they voted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yiting.activities.queries import fresh_code, read_code
from yiting.ballots.errors import NotEligible, PassUnknown, SecondBallot, WhoIsMissing
from yiting.ballots.models import RollEntry, Round, VotingPass
from yiting.ballots.policies import can_vote_as_deputy, can_vote_as_member, can_vote_as_resident
from yiting.ballots.services.gates import guarded, take_counter
from yiting.ballots.services.open_days import require_voting
from yiting.people import cipher
from yiting.people.actors import YES, Actor, Decision
from yiting.people.models import Account, Household, Person, PersonalRecord
from yiting.people.queries import get_actor, get_own_person
from yiting.people.services import person_identify
from yiting.places.models import Level, Place

PASS_LENGTH = 8
# An estate with fewer households is not written beside a ballot: it would say too much.
ESTATE_HOUSEHOLDS = 30


@dataclass(frozen=True, slots=True)
class Voter:
    """Whose vote it is: an account, or a person with the household whose one vote they use, if they have one."""

    person: Person | None = None
    household: Household | None = None
    account_id: int | None = None


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


def own_voter(held: Round, *, by: Actor) -> Voter:
    """Whose vote an account uses. Refuses those for whom the round is not, with the reason."""
    decision = may_vote(held, by=by)
    if not decision:
        raise NotEligible(decision.reason)
    if held.who != Round.Who.RESIDENTS:
        return Voter(account_id=by.account_id)
    person = get_own_person(by)
    assert person is not None, "only persons live somewhere"
    return _resident(held, person)


def may_vote(held: Round, *, by: Actor) -> Decision:
    """Whether the round is for somebody, and why not."""
    if held.who == Round.Who.DEPUTIES:
        return can_vote_as_deputy(by, place_path=held.place_path)
    if held.who == Round.Who.MEMBERS:
        ours = frozenset(held.organisations.values_list("pk", flat=True))
        return can_vote_as_member(by, organisations=ours)
    person = get_own_person(by)
    home = person.household.place.path if person is not None and person.household is not None else ""
    proved = (
        person is not None and PersonalRecord.objects.filter(person=person, phone_verified_at__isnull=False).exists()
    )
    decision = can_vote_as_resident(by, place_path=held.place_path, home_path=home, phone_proved=proved)
    if decision and held.by_household and not home.startswith(held.place_path):
        return Decision(False, _("Each household has one vote here. Say on your own page where you live."))
    return YES if decision else decision


def has_voted(held: Round, voter: Voter) -> bool:
    """Whether the vote is used."""
    roll = RollEntry.objects.filter(round=held)
    if voter.account_id is not None:
        return roll.filter(account_id=voter.account_id).exists()
    if roll.filter(person=voter.person).exists():
        return True
    if voter.household is not None and roll.filter(household=voter.household).exists():
        return True
    seal = seal_of(held, voter)
    return bool(seal) and roll.filter(seal=seal).exists()


def seal_of(held: Round, voter: Voter) -> str:
    """The keyed hash under which a home, or the proved telephone of a person, is known again in one round alone."""
    if voter.household is not None:
        return cipher.blind_index("vote", f"{held.code}|home|{voter.household.key}")
    phone = PersonalRecord.objects.filter(person=voter.person).values_list("phone_index", flat=True).first()
    return cipher.blind_index("vote", f"{held.code}|phone|{phone}") if phone else ""


def enter(held: Round, voter: Voter, *, way: RollEntry.Way) -> RollEntry:
    """Use a vote in a locked round; a second time is refused."""
    if has_voted(held, voter):
        raise SecondBallot
    return RollEntry.objects.create(
        round=held, person=voter.person, household=voter.household, account_id=voter.account_id, way=way
    )


def voter_by_pass(held: Round, code: str) -> tuple[Voter, VotingPass]:
    """Whose vote a code from the counter opens."""
    found = (
        VotingPass.objects.select_related("person__household__place")
        .filter(round=held, digest=pass_digest(held, read_code(code)))
        .first()
    )
    if found is None:
        raise PassUnknown
    voter = Voter(account_id=found.account_id) if found.person is None else _resident(held, found.person)
    return voter, found


def estate_of(voter: Voter) -> Place | None:
    """The estate to write beside a ballot; None where so few live that it would point at somebody."""
    home = voter.person.household if voter.person is not None else None
    if home is None:
        return None
    keys = [int(key) for key in home.place.path.split("/") if key]
    estate = Place.objects.filter(pk__in=keys, level=Level.ESTATE).first()
    return estate if estate is not None and (estate.households or 0) >= ESTATE_HOUSEHOLDS else None


def _resident(held: Round, person: Person) -> Voter:
    return Voter(person=person, household=person.household if held.by_household else None)


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
        at=at,
    )
    return _resident(held, person)


def pass_digest(held: Round, code: str) -> str:
    """What is kept of a code from the counter."""
    return hashlib.sha256(f"{held.code}|{code}".encode()).hexdigest()
