"""From what a candidate came of to the rounds in which it stands, and to those on whose list it may still be put."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from yiting.activities.queries import read_code
from yiting.ballots.models import Candidate, Round
from yiting.ballots.policies import can_manage
from yiting.ballots.queries.built import list_built
from yiting.ballots.states import COUNTED, PREPARING
from yiting.deliberation.models import Resolution
from yiting.needs.models import Need
from yiting.people.actors import Actor
from yiting.people.queries.roles import path_under
from yiting.projects.models import Project

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands among the candidates of a round; `counted` says whether there is a result to look at."""

    candidate: Candidate
    round: Round
    said: str
    counted: bool


def list_standings(
    *, need: Need | None = None, resolution: Resolution | None = None, project: Project | None = None
) -> list[Standing]:
    """The rounds in which a need, a resolution or a project is a candidate, the newest first. Three queries."""
    wanted = (
        Q(need=need.root_id or need.pk)
        if need is not None
        else Q(resolution=resolution)
        if resolution
        else Q(project=project)
    )
    found = list(
        Candidate.objects.filter(wanted).select_related("round__place").order_by("-round__year", "-round")[:SHOWN]
    )
    built = list_built([one.round_id for one in found if one.round.state in COUNTED])
    return [Standing(one, one.round, _said(one, built.get(one.round_id)), one.round.state in COUNTED) for one in found]


def get_source(by: Actor, *, need: str = "", resolution: str = "") -> Need | Resolution | None:
    """The need or resolution from which a candidate is to come, if it lies where the actor works. One query."""
    here = path_under("place_path", by.work_paths)
    if need:
        return Need.objects.select_related("place", "root").filter(here, code=read_code(need)[:16]).first()
    if resolution:
        return Resolution.objects.select_related("place", "need").filter(here, code=read_code(resolution)[:16]).first()
    return None


def list_open_lists(source: Need | Resolution, by: Actor) -> Sequence[Round]:
    """The rounds that the actor runs and on whose list a need or a resolution may still be put. One query."""
    keys = [int(key) for key in source.place_path.split("/") if key]
    found = Round.objects.filter(state__in=PREPARING, place__in=keys).select_related("place").order_by("-year", "-pk")
    return [one for one in found[:SHOWN] if can_manage(by, place_path=one.place_path)]


def _said(candidate: Candidate, built: tuple[int, ...] | None) -> str:
    if candidate.round.state == Round.State.CALLED_OFF:
        return str(candidate.round.get_state_display())
    if candidate.state in (Candidate.State.WITHDRAWN, Candidate.State.UNFEASIBLE):
        return str(candidate.get_state_display())
    if built is not None:
        return _("Chosen") if candidate.number in built else _("Not chosen")
    return str(candidate.round.get_state_display())
