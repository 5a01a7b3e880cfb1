"""Residents decide what is solved. Silence is counted apart, 'not' goes back, and a second look is asked later."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.ledger.services import entry_append
from yiting.needs.errors import JudgedWithProject, NotAmongThoseWhoAsked, NotAnsweredYet
from yiting.needs.gates import lock_needs
from yiting.needs.models import Judgement, Need, SecondLook, ServiceRequest, State, Support
from yiting.needs.services.telling import tell_organisation, tell_supporters
from yiting.needs.states import change_state
from yiting.needs.timing import set_deadline
from yiting.people.actors import Actor, system_actor
from yiting.people.models import Organisation, Person

LOOKS = (30, 180)
QUIET_DAYS = 15


@transaction.atomic
def judgement_give(
    *, by: Actor, need: Need, person: Person, verdict: str, word: str = "", look: int = 0, at: datetime
) -> Judgement:
    """One who asked says solved, partly or not; it can be changed. 'Not' reopens and tells one level up.

    Locks the need, so that two judgements at once reopen it once.
    """
    held = lock_needs([need.root_id or need.pk])[need.root_id or need.pk]
    if held.judged_with_project:
        raise JudgedWithProject
    if (
        held.state not in (State.JUDGING, State.CLOSED)
        and not Judgement.objects.filter(need=held, person=person, look=look).exists()
    ):
        raise NotAnsweredYet
    if not has_asked(held, person):
        raise NotAmongThoseWhoAsked
    judgement, _created = Judgement.objects.update_or_create(
        need=held,
        person=person,
        look=look,
        defaults={"verdict": verdict, "word": word.strip()[:200], "at": at},
    )
    entry_append(kind="needs.judgement.given", obj=held, by=by, at=at, facts={"verdict": verdict, "look": look})
    if verdict == Judgement.Verdict.NOT and held.state in (State.JUDGING, State.CLOSED):
        _reopen(held, at=at)
    elif held.state == State.JUDGING and _everybody_content(held):
        change_state(held, State.CLOSED)
        held.closed_at = at
        held.save()
        entry_append(kind="needs.need.closed", obj=held, by=system_actor("judgement"), at=at, facts={"by": "residents"})
    return judgement


def has_asked(need: Need, person: Person) -> bool:
    """Say whether a person is one of those who asked for a need or joined it."""
    root = need.root_id or need.pk
    return (
        ServiceRequest.objects.filter(need__root=root, person=person).exists()
        or Support.objects.filter(need__root=root, person=person, withdrawn_at__isnull=True).exists()
    )


def ask_for_judgement(need: Need, *, at: datetime) -> None:
    """Note when those who asked will be asked again."""
    for days in LOOKS:
        SecondLook.objects.update_or_create(
            need=need, days=days, defaults={"due_at": at + timedelta(days=days), "asked_at": None}
        )


@transaction.atomic
def looks_ask(*, at: datetime) -> int:
    """Ask for the second looks that are due, each once; return how many were asked."""
    due = (
        SecondLook.objects.select_for_update(of=("self",))
        .select_related("need")
        .filter(due_at__lte=at, asked_at__isnull=True, need__state__in=(State.JUDGING, State.CLOSED))
    )
    asked = 0
    for look in due.order_by("due_at", "id")[:500]:
        tell_supporters(
            look.need,
            subject=_("Does it still hold? “%(title)s”, %(days)s days on")
            % {"title": look.need.title, "days": look.days},
            body=_("One tap is enough: solved, partly or not."),
            event=f"look-{look.days}-{look.pk}",
            at=at,
        )
        look.asked_at = at
        look.save(update_fields=["asked_at"])
        asked += 1
    return asked


@transaction.atomic
def quiet_close(*, at: datetime) -> int:
    """Close what nobody judged for a while. It is closed as 'no reply', never counted as solved."""
    quiet = Need.objects.select_for_update().filter(
        state=State.JUDGING,
        judged_with_project=False,
        answered_at__lt=at - timedelta(days=QUIET_DAYS),
        parent__isnull=True,
    )
    closed = 0
    for need in quiet.order_by("pk")[:500]:
        change_state(need, State.CLOSED)
        need.closed_at = at
        need.version += 1
        need.save()
        entry_append(kind="needs.need.closed", obj=need, by=system_actor("clock"), at=at, facts={"by": "silence"})
        closed += 1
    return closed


def _reopen(need: Need, *, at: datetime) -> None:
    change_state(need, State.DOING)
    need.unsolved, need.closed_at = True, None
    # the fair clock starts again: the residents wait anew from today
    need.started_at = at
    set_deadline(need)
    need.version += 1
    need.save()
    entry_append(kind="needs.need.reopened", obj=need, by=system_actor("judgement"), at=at, facts={"note": ""})
    subject = _("A resident says it is not solved: %(title)s") % {"title": need.title}
    if need.handler is not None:
        tell_organisation(need, need.handler, subject, event=f"unsolved-{at:%Y%m%d%H%M%S}", at=at)
    above = _one_level_up(need)
    if above is not None:
        tell_organisation(need, above, subject, event=f"unsolved-up-{at:%Y%m%d%H%M%S}", at=at)


def _one_level_up(need: Need) -> Organisation | None:
    if need.handler is not None and need.handler.parent is not None:
        return need.handler.parent
    ids = [int(pk) for pk in need.place_path.strip("/").split("/")]
    return (
        Organisation.objects.filter(place__in=ids, kind=Organisation.Kind.STREET_OFFICE, active=True)
        .order_by("id")
        .first()
    )


def _everybody_content(need: Need) -> bool:
    """All who asked have said 'solved' in the first look; one silent person keeps it open for judging."""
    solved = Judgement.objects.filter(need=need, look=0, verdict=Judgement.Verdict.SOLVED).count()
    return solved >= need.people_count
