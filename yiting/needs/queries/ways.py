"""Where a need stands: the six words of its way, and the honest clock in one short tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiting.needs.models import Need, State
from yiting.needs.queries.wording import day, short_day
from yiting.needs.states import WAY

# The entry of the ledger that tells when a step was reached.
STEP_OF = {
    "needs.need.sorted": State.SORTED,
    "needs.need.assigned": State.SORTED,
    "needs.need.discussed": State.DISCUSSED,
    "needs.need.chosen": State.CHOSEN,
    "needs.need.accepted": State.DOING,
    "needs.need.building": State.DOING,
    "needs.need.delivered": State.JUDGING,
}
# These two are not needed on every way; the others are always gone through.
MAY_BE_PASSED = (State.DISCUSSED, State.CHOSEN)


@dataclass(frozen=True, slots=True)
class WayStep:
    """One of the six words: done, now or next, with a note of a few characters."""

    word: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Who is waited for and since when, in a short sentence; `late` when it should have happened already."""

    text: str
    waiting: bool = False
    late: bool = False


def way_words() -> tuple[str, ...]:
    """The six words in the reader's language, in their order."""
    return (_("hear"), _("sort"), _("talk"), _("choose"), _("do"), _("judge"))


def way_short(need: Need) -> tuple[WayStep, ...]:
    """The way without notes, for lists: no query."""
    here = _position(need)
    return tuple(WayStep(word, _standing(i, here)) for i, word in enumerate(way_words()))


def way_full(need: Need, reached: Mapping[State, datetime]) -> tuple[WayStep, ...]:
    """The way with its notes; `reached` tells from the ledger when the steps were reached."""
    here, zone = _position(need), need.place.zone
    steps = []
    for i, (state, word) in enumerate(zip(WAY, way_words(), strict=True)):
        standing = _standing(i, here)
        note = ""
        if state in reached:
            note = short_day(reached[state], zone=zone)
        if state == State.HEARD:
            note = short_day(need.first_at, zone=zone)
        elif state == State.SORTED and standing == "done":
            note = ngettext("%(count)s household", "%(count)s households", need.household_count) % {
                "count": need.household_count
            }
        elif state in MAY_BE_PASSED and standing == "done" and state not in reached:
            note = _("passed by")
        elif state == State.JUDGING:
            note = _judging_note(need, zone)
        if need.state == State.RETURNED and standing == "now":
            note = _("not to be done")
        steps.append(WayStep(word, standing, note if standing != "next" else ""))
    return tuple(steps)


def clock_of(need: Need, *, at: datetime, accepted: bool = True) -> Clock:
    """Say who is waited for. Place and handler must be loaded; `accepted` is of the standing assignment."""
    zone = need.place.zone
    if need.waiting_since is not None:
        return Clock(_waiting_words(need.waiting_for, (at - need.waiting_since).days), waiting=True)
    if need.state == State.JUDGING:
        if need.answered_at is None:
            return Clock(_("there is a result: you decide"))
        return Clock(_("result of %(day)s: you decide") % {"day": day(need.answered_at, zone=zone, now=at)})
    if need.state in (State.CLOSED, State.RETURNED):
        return Clock(need.get_state_display())
    if need.state == State.HEARD:
        since = day(need.first_at, zone=zone, now=at)
        return Clock(_("the community has yet to look at it, since %(day)s") % {"day": since}, waiting=True)
    if need.handler is None:
        if need.state != State.SORTED:
            return Clock(need.get_state_display())
        since = day(need.started_at, zone=zone, now=at)
        return Clock(_("waiting for somebody to take it on, since %(day)s") % {"day": since}, waiting=True)
    return _handled(need, at=at, zone=zone, accepted=accepted)


def _handled(need: Need, *, at: datetime, zone: str, accepted: bool) -> Clock:
    who = need.handler.name if need.handler else ""
    if need.due_at is None:
        return Clock(_("%(who)s is on it") % {"who": who})
    due = day(need.due_at, zone=zone, now=at)
    if need.due_at < at:
        return Clock(_("%(who)s should have answered by %(day)s") % {"who": who, "day": due}, waiting=True, late=True)
    if not accepted:
        return Clock(
            _("given to %(who)s, not yet taken on; answer by %(day)s") % {"who": who, "day": due},
            waiting=True,
        )
    return Clock(_("%(who)s is on it, answer by %(day)s") % {"who": who, "day": due})


def _waiting_words(who: str, days: int) -> str:
    if days < 1:
        return _("waiting for %(who)s, clock stopped today") % {"who": who}
    return ngettext(
        "waiting for %(who)s, clock stopped for %(count)s day",
        "waiting for %(who)s, clock stopped for %(count)s days",
        days,
    ) % {"who": who, "count": days}


def _judging_note(need: Need, zone: str) -> str:
    if need.state == State.JUDGING:
        return _("your turn")
    return short_day(need.closed_at, zone=zone) if need.closed_at else ""


def _position(need: Need) -> int:
    """Return the index of the step under way; past the last one when all is done."""
    if need.state == State.CLOSED:
        return len(WAY)
    # a returned need came as far as the question whether it is to be done
    return WAY.index(State.CHOSEN if need.state == State.RETURNED else State(need.state))


def _standing(step: int, here: int) -> str:
    return "done" if step < here else "now" if step == here else "next"
