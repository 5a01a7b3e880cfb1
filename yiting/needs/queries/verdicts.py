"""What the residents judged, as a page tells it: counts, ranges, and silence apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiting.methods.verdicts import Share, Tally, tally
from yiting.needs.models import Judgement, Need, SecondLook, State
from yiting.needs.queries.wording import shown_words


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One line of the little table: a verdict, how many gave it, and the share with its range in words."""

    label: str
    count: int
    share: str


@dataclass(frozen=True, slots=True)
class Judging:
    """How the judging of a need stands: the look asked for, what was said, the words that came with it."""

    is_open: bool
    look: int
    tally: Tally
    rows: tuple[VerdictRow, ...]
    words: tuple[tuple[str, str], ...]


def get_judging(need: Need) -> Judging | None:
    """Return how a need was judged in the open look; at most two queries.

    None before there is anything to judge, and where it is judged with its project.
    """
    if need.judged_with_project:
        return None
    is_open = need.state in (State.JUDGING, State.CLOSED)
    said = (
        Judgement.objects.filter(need=need)
        .order_by("-at", "-id")
        .values_list("look", "person", "verdict", "word", "at")
    )
    judgements = list(said)
    if not is_open and not judgements:
        return None
    asked = (
        SecondLook.objects.filter(need=need, asked_at__isnull=False).order_by("-days").values_list("days", flat=True)
    )
    look = (asked.first() or 0) if is_open else max(row[0] for row in judgements)
    # after a new answer the old verdicts are history: what counts is what was said of this one
    since = need.answered_at
    counted = [row for row in judgements if row[0] == look and (since is None or not is_open or row[4] >= since)]
    verdicts: Counter[str] = Counter(row[2] for row in counted)
    people = max(need.people_count, len(counted))
    result = tally(
        people,
        {"solved": verdicts["solved"], "partly": verdicts["partly"], "not": verdicts["not"]},
    )
    labels = dict(Judgement.Verdict.choices)
    return Judging(
        is_open=is_open,
        look=look,
        tally=result,
        rows=(
            VerdictRow(str(labels["solved"]), result.solved.count, share_words(result.solved.share)),
            VerdictRow(str(labels["partly"]), result.partly.count, share_words(result.partly.share)),
            VerdictRow(str(labels["not"]), result.not_solved.count, share_words(result.not_solved.share)),
        ),
        words=tuple((str(labels[row[2]]), shown_words(row[3])) for row in counted if row[3])[:20],
    )


def share_words(share: Share | None) -> str:
    """A share with its range: "60 % (23 to 88 %)"."""
    if share is None:
        return ""
    return _("%(value)s%% (between %(low)s%% and %(high)s%%)") % {
        "value": round(share.value * 100),
        "low": round(share.low * 100),
        "high": round(share.high * 100),
    }
