"""What is asked for: opened for a need, for a project or by a unit for itself; closed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yiting.alliances.amounts import check_amount, said
from yiting.alliances.errors import AskEnded, AskerMissing, AskMissing, PromiseReasonMissing
from yiting.alliances.models import Ask, Match, ResourceKind
from yiting.alliances.policies import may_ask_for, may_give_for
from yiting.alliances.services.pooling.gates import Held, check_days, check_kind, check_title, pending_of, take_ask
from yiting.alliances.services.pooling.offers import REASON_LIMIT, give_up
from yiting.ledger.services import entry_append
from yiting.needs.models import Need
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.people.queries import organisation_for_place
from yiting.places.models import Place
from yiting.projects.models import Project


@transaction.atomic
def ask_open(
    *,
    by: Actor,
    kind: ResourceKind,
    title: str,
    amount: int,
    organisation: Organisation | None = None,
    need: Need | None = None,
    project: Project | None = None,
    place: Place | None = None,
    since_on: date | None = None,
    until_on: date | None = None,
    at: datetime,
) -> Ask:
    """Ask for something: staff for a need or a project of their place, a unit for itself.

    For a need or project the place and the households are known; who asks is the unit that answers for the place
    unless one's own is named.
    """
    check_kind(kind)
    check_days(since_on, until_on)
    where, households = place, None
    if need is not None:
        need = need.root or need
        where, households = need.place, need.household_count or None
    elif project is not None:
        where, households = project.place, project.households
    elif organisation is not None:
        where = place or organisation.place
    if where is None:
        raise AskerMissing
    asker = organisation or organisation_for_place(where)
    if asker is None:
        raise AskerMissing
    for_residents = need is not None or project is not None
    permitted = may_ask_for(by, organisation_id=asker.pk, place_path=where.path, for_residents=for_residents)
    if not permitted or (organisation is not None and not may_give_for(by, organisation_id=organisation.pk)):
        raise AskMissing
    ask = Ask.objects.create(
        organisation=asker,
        need=need,
        project=project,
        kind=kind,
        title=check_title(title),
        amount=check_amount(amount),
        since_on=since_on,
        until_on=until_on,
        place=where,
        place_path=where.path,
        households=households,
        created_at=at,
    )
    # the kind and the code alone: a title may hold a resident's words, which no public fact may keep for ever
    facts = {"unit": asker.name, "kind": kind.name, "amount": said(kind, amount), "need": need.code if need else ""}
    entry_append(kind="alliances.ask.opened", obj=ask, by=by, at=at, facts=facts)
    return ask


@transaction.atomic
def ask_close(*, by: Actor, ask: Ask, reason: str = "", at: datetime) -> Ask:
    """Ask no longer; what was promised and not delivered is given back, and the giving sides are told why.

    Locks the offers that stand with the ask, then the ask. The reason may be left out while nothing is promised.
    """
    held, offers = take_ask(by=by, ask=ask)
    if held.state == Ask.State.CLOSED:
        raise AskEnded
    reason = reason.strip()[:REASON_LIMIT]
    matches = pending_of(Match.objects.filter(ask=held))
    if matches and not reason:
        raise PromiseReasonMissing
    by_key = {offer.pk: offer for offer in offers}
    held.state, held.close_reason, held.ended_at = Ask.State.CLOSED, reason, at
    held.save(update_fields=["state", "close_reason", "ended_at"])
    entry_append(kind="alliances.ask.closed", obj=held, by=by, at=at, facts={"reason": reason})
    for match in matches:
        give_up(Held(match, by_key[match.offer_id], held), by=by, side=Match.Side.ASK, reason=reason, at=at)
    return held
