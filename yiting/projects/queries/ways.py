"""How a project stands on the six words, and what has happened to it as the ledger tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiting.ledger.queries import TimelineRow, verb_sentence
from yiting.needs.models import State
from yiting.needs.queries.storylines import StoryRow
from yiting.needs.queries.ways import WayStep, way_words
from yiting.needs.queries.wording import day, role_words, shown_words
from yiting.projects.models import Project, Stage

# The six words, as the states of a need that stands at them.
WAY = (State.HEARD, State.SORTED, State.DISCUSSED, State.CHOSEN, State.DOING, State.JUDGING)
# The word at which a project of each stage stands; a judged one is past the last.
POSITION = {
    Stage.CANDIDATE: WAY.index(State.CHOSEN),
    Stage.CHOSEN: WAY.index(State.CHOSEN),
    Stage.DROPPED: WAY.index(State.CHOSEN),
    Stage.BUILDING: WAY.index(State.DOING),
    Stage.DELIVERED: WAY.index(State.JUDGING),
    Stage.CLOSED: len(WAY),
}
TOLD_ONE_BY_ONE = 2


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of the steps before a project: when its needs were heard, how many households asked."""

    first_at: datetime | None
    households: int
    reached: Mapping[State, datetime]


def way_short(stage: str) -> tuple[WayStep, ...]:
    """The way without notes, for lists."""
    here = POSITION[Stage(stage)]
    return tuple(WayStep(word, _standing(i, here)) for i, word in enumerate(way_words()))


def way_full(project: Project, heard: Heard, *, at: datetime) -> tuple[WayStep, ...]:
    """The way with its notes. `project.place` must be loaded."""
    here, zone = POSITION[Stage(project.stage)], project.place.zone
    steps = []
    for i, (state, word) in enumerate(zip(WAY, way_words(), strict=True)):
        standing = _standing(i, here)
        note = ""
        if state == State.HEARD and heard.first_at is not None:
            note = day(heard.first_at, zone=zone, now=at)
        elif state == State.SORTED and heard.households:
            note = ngettext("%(count)s household", "%(count)s households", heard.households) % {
                "count": heard.households
            }
        elif state == State.DISCUSSED and standing == "done":
            seen = heard.reached.get(state)
            note = day(seen, zone=zone, now=at) if seen is not None else _("passed by")
        elif state == State.CHOSEN:
            note = _chosen_note(project)
        elif state == State.DOING:
            note = _date(project.started_on)
        elif state == State.JUDGING:
            note = _("your turn") if standing == "now" else ""
        steps.append(WayStep(word, standing, note if standing != "next" else ""))
    return tuple(steps)


def story(entries: Sequence[TimelineRow], titles: Mapping[str, str]) -> tuple[StoryRow, ...]:
    """Tell the entries in their order; many judgements in a row are told once, with their number.

    `titles` are those of the needs that may be named, by their codes.
    """
    rows: list[StoryRow] = []
    for _kind, run in groupby(entries, key=lambda entry: entry.kind):
        alike = list(run)
        if len(alike) > TOLD_ONE_BY_ONE and alike[0].kind == "projects.evaluation.given":
            rows.append(_told(alike[-1], more=len(alike) - 1))
        else:
            rows += [_told(entry, note=titles.get(str(entry.facts.get("need")), "")) for entry in alike]
    return tuple(rows)


def _told(entry: TimelineRow, *, more: int = 0, note: str = "") -> StoryRow:
    if more:
        note = ngettext("and %(count)s more like this before", "and %(count)s more like this before", more) % {
            "count": more
        }
    # a fact that nobody said leaves nothing behind the colon
    sentence = shown_words(verb_sentence(entry)).rstrip(" :：")
    return StoryRow(sentence=sentence, at=entry.at, role=role_words(entry.role), note=note, index=entry.index)


def _chosen_note(project: Project) -> str:
    if project.stage == Stage.CANDIDATE:
        return _("candidate")
    if project.stage == Stage.DROPPED:
        return _("given up")
    return _date(project.chosen_on) or str(project.year)


def _date(on: date | None) -> str:
    return date_format(on, _("j M Y")) if on is not None else ""


def _standing(step: int, here: int) -> str:
    return "done" if step < here else "now" if step == here else "next"
