"""What residents said of a finished project: counts among those who asked, silence apart, ranges for few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

from django.utils.translation import gettext as _

from yiting.methods.verdicts import Share, Tally, Verdict, VerdictCount, tally
from yiting.needs.models import Judgement
from yiting.needs.queries.wording import shown_words
from yiting.projects.models import Evaluation, Project, ProjectLook, Stage
from yiting.projects.queries.asked import Unit, unit_of

FEW = 30
"""Below so many answers a share is told as "of ten households", with its range, not in percent."""
WORDS_SHOWN = 30
BAR_WIDTH = 1000
VERDICTS: tuple[Verdict, ...] = ("solved", "partly", "not")


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One line of the table: a verdict, how many who asked gave it, how sure that is, who else said so."""

    verdict: str
    label: str
    count: int
    share: str
    others: int


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of the bar: where it begins and how wide it is, in thousandths of those who were asked."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody wrote with a judgement, masked."""

    verdict: str
    label: str
    text: str
    basis: str
    days: int


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look, the first or one 30 or 180 days on; counted once it was asked or somebody answered."""

    days: int
    due_at: datetime | None
    asked_at: datetime | None
    tally: Tally | None


@dataclass(frozen=True, slots=True)
class ProjectJudging:
    """How the judging of a project stands."""

    is_open: bool
    look: int
    tally: Tally
    rows: tuple[VerdictRow, ...]
    others: int
    bar: tuple[BarPart, ...]
    words: tuple[Word, ...]
    looks: tuple[LookRow, ...]

    @property
    def is_small(self) -> bool:
        """Whether so few answered that the ranges are wide and have to be explained."""
        return 0 < self.tally.answered < FEW


@dataclass(frozen=True, slots=True)
class _Said:
    unit: Unit
    verdict: Verdict
    word: str
    basis: str
    look: int


def get_judging(project: Project, units: dict[Unit, bool]) -> ProjectJudging | None:
    """Return how a project was judged; None before there is anything to judge. Two queries.

    `units` are those who asked (see `asked_units`). Shares are among those of them who answered; whoever
    lives there and did not ask is counted in a column of their own.
    """
    is_open = project.stage in (Stage.DELIVERED, Stage.CLOSED)
    said = _said(project)
    if not is_open and not said:
        return None
    looks = list(ProjectLook.objects.filter(project=project).order_by("days"))
    look = current_look(looks) if is_open else max(one.look for one in said)
    now = [one for one in said if one.look == look]
    counted, others = _apart(now, units)
    result = _tally(counted, units)
    return ProjectJudging(
        is_open=is_open,
        look=look,
        tally=result,
        rows=_rows(result, others),
        others=sum(others.values()),
        bar=_bar(result),
        words=_words(said),
        looks=_looks(project, looks, said, units),
    )


def current_look(looks: Sequence[ProjectLook]) -> int:
    """Return which look is asked for: the last that was, or the first."""
    return max((look.days for look in looks if look.asked_at is not None), default=0)


def get_current_look(project: Project) -> int:
    """Return which look of a project is asked for. One query."""
    return current_look(list(ProjectLook.objects.filter(project=project)))


def get_own_evaluation(
    project: Project, person_id: int | None, household_id: int | None, look: int
) -> Evaluation | None:
    """Return what somebody, or their household, said in a look. At most two queries."""
    if person_id is None:
        return None
    given = Evaluation.objects.filter(project=project, look=look)
    own = given.filter(person=person_id).first()
    if own is None and household_id is not None:
        own = given.filter(household=household_id).first()
    return own


def share_words(share: Share | None, answered: int) -> str:
    """Say a share with its range: of few in "of ten households", of many in percent."""
    if share is None:
        return ""
    if answered < FEW:
        low, high = floor(share.low * 10), ceil(share.high * 10)
        return _("of ten households, probably between %(low)s and %(high)s") % {"low": low, "high": high}
    return _("%(value)s%% (between %(low)s%% and %(high)s%%)") % {
        "value": round(share.value * 100),
        "low": round(share.low * 100),
        "high": round(share.high * 100),
    }


def _said(project: Project) -> list[_Said]:
    """The judgements of the last delivery, newest first; what was said of an earlier one is history."""
    given = Evaluation.objects.filter(project=project)
    if project.delivered_at is not None:
        given = given.filter(at__gte=project.delivered_at)
    fields = ("person", "household", "person__household", "verdict", "word", "basis", "look")
    rows = given.order_by("-at", "-id").values_list(*fields)
    return [
        _Said(unit_of(person, household if household is not None else now), verdict, word, basis, look)
        for person, household, now, verdict, word, basis, look in rows
    ]


def _apart(said: Sequence[_Said], units: dict[Unit, bool]) -> tuple[dict[Unit, Verdict], Counter[str]]:
    """Part the judgements of one look into those of the base and those of others, the newest of each once."""
    inside: dict[Unit, Verdict] = {}
    outside: dict[Unit, Verdict] = {}
    for one in said:
        if one.unit not in units:
            outside.setdefault(one.unit, one.verdict)
        elif not units[one.unit]:
            inside.setdefault(one.unit, one.verdict)
    return inside, Counter(outside.values())


def _tally(counted: dict[Unit, Verdict], units: dict[Unit, bool]) -> Tally:
    verdicts: Counter[Verdict] = Counter(counted.values())
    return tally(len(units), {name: verdicts[name] for name in VERDICTS}, sum(units.values()))


def _rows(result: Tally, others: Counter[str]) -> tuple[VerdictRow, ...]:
    labels = dict(Judgement.Verdict.choices)
    counts: tuple[tuple[str, VerdictCount], ...] = (
        ("solved", result.solved),
        ("partly", result.partly),
        ("not", result.not_solved),
    )
    return tuple(
        VerdictRow(name, str(labels[name]), one.count, share_words(one.share, result.answered), others[name])
        for name, one in counts
    )


def _bar(result: Tally) -> tuple[BarPart, ...]:
    """Parts that fill the whole width, however they are rounded."""
    if not result.base:
        return ()
    counts = (
        ("solved", result.solved.count),
        ("partly", result.partly.count),
        ("not", result.not_solved.count),
        ("silent", result.silent),
    )
    parts, before = [], 0
    for kind, count in counts:
        start, end = BAR_WIDTH * before // result.base, BAR_WIDTH * (before + count) // result.base
        before += count
        if count:
            parts.append(BarPart(kind, start, end - start))
    return tuple(parts)


def _words(said: Sequence[_Said]) -> tuple[Word, ...]:
    labels = dict(Judgement.Verdict.choices)
    bases = dict(Evaluation.Basis.choices)
    return tuple(
        Word(one.verdict, str(labels[one.verdict]), shown_words(one.word), str(bases[one.basis]), one.look)
        for one in said
        if one.word
    )[:WORDS_SHOWN]


def _looks(
    project: Project, looks: Sequence[ProjectLook], said: Sequence[_Said], units: dict[Unit, bool]
) -> tuple[LookRow, ...]:
    rows = []
    planned = [(0, None, project.delivered_at), *((look.days, look.due_at, look.asked_at) for look in looks)]
    for days, due_at, asked_at in planned:
        given = [one for one in said if one.look == days]
        counted, _others = _apart(given, units)
        result = _tally(counted, units) if asked_at is not None or given else None
        rows.append(LookRow(days, due_at, asked_at, result))
    return tuple(rows)
