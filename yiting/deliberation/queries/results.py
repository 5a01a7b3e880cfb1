"""What came of the votes, in the words of the statements: what all agree on first, then the groups.

Everything here was made for showing when it was computed (see `opinions.published`): no participant is in it, and
groups too small to be shown are not either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase
from typing import Any

from yiting.deliberation.models import Analysis, Statement, Topic, VoteEvent

MOST = 10


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with how it was answered: `agree` says which answer `share`, `own` and `others` count.

    `own` is the share of the group whose statement it is; `others` are those of the other groups, or of all. Both are
    empty where groups may not be told.
    """

    number: int
    text: str
    agree: bool
    agrees: int
    disagrees: int
    passes: int
    own: int | None
    others: tuple[tuple[str, int], ...]

    @property
    def votes(self) -> int:
        """How many of those in groups voted on it."""
        return self.agrees + self.disagrees + self.passes

    @property
    def share(self) -> int:
        """How many in a hundred answer so."""
        return _percent(self.agrees if self.agree else self.disagrees, self.votes)


@dataclass(frozen=True, slots=True)
class GroupSaid:
    """A group in its own statements."""

    letter: str
    size: int
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Circle:
    """A group on the map: the nearer two are, the more alike they voted."""

    letter: str
    size: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results. `reason` is empty, or why there are no two groups to show.

    `left_out` says that a few votes came at the end that are not in it: they would tell how these few voted.
    """

    at: datetime
    participants: int
    statements: int
    reason: str
    agreed: tuple[Said, ...]
    groups: tuple[GroupSaid, ...]
    divisive: tuple[Said, ...]
    bridging: tuple[Said, ...]
    circles: tuple[Circle, ...]
    width: float
    height: float
    left_out: bool

    @property
    def too_few(self) -> bool:
        """Whether there is nothing to be told yet."""
        return self.reason.startswith("too-")


def get_results(topic: Topic) -> Results | None:
    """The last results of a topic; None before there are any. Three queries."""
    last = Analysis.objects.filter(topic=topic).defer("members").order_by("-pk").first()
    if last is None:
        return None
    statements = Statement.objects.filter(topic=topic, state=Statement.State.SHOWN)
    texts = dict(statements.order_by("number").values_list("number", "text"))
    is_over = topic.state in (Topic.State.CLOSED, Topic.State.RESOLVED)
    left_out = is_over and VoteEvent.objects.filter(participant__topic=topic, pk__gt=last.last_event).exists()
    return _results(last.shown, {str(number): text for number, text in texts.items()}, last.at, left_out=left_out)


def _results(shown: Mapping[str, Any], texts: Mapping[str, str], at: datetime, *, left_out: bool) -> Results:
    letters = {group["id"]: _letter(group["id"]) for group in shown["groups"]}
    opinions = {row["statement_id"]: row for row in shown["opinions"]}
    order = [letters[group["id"]] for group in shown["groups"]]

    def said(key: str, *, agree: bool = True, of: str = "") -> Said:
        row = opinions[key]
        tallies = zip(order, row["by_group"], strict=False) if len(order) > 1 else ()
        shares = {letter: _share(tally, agree=agree) for letter, tally in tallies}
        return Said(
            number=int(key),
            text=texts[key],
            agree=agree,
            agrees=row["agrees"],
            disagrees=row["disagrees"],
            passes=row["passes"],
            own=shares.pop(of, None),
            others=tuple(shares.items()),
        )

    def listed(keys: Iterable[str]) -> tuple[Said, ...]:
        return tuple(said(key) for key in keys if key in texts and key in opinions)[:MOST]

    def chosen(rows: Iterable[Mapping[str, Any]], of: str = "") -> tuple[Said, ...]:
        known = (one for one in rows if one["statement_id"] in texts and one["statement_id"] in opinions)
        return tuple(said(one["statement_id"], agree=one["agree"], of=of) for one in known)[:MOST]

    picture = shown["picture"]
    agreed = {one["statement_id"] for one in shown["consensus"]}
    return Results(
        at=at,
        participants=shown["participants"],
        statements=shown["statements"],
        reason=shown["reason"],
        agreed=chosen(shown["consensus"]),
        groups=tuple(
            GroupSaid(
                letter=letters[group["id"]],
                size=group["size"],
                said=chosen(group["representative"], letters[group["id"]]),
            )
            for group in shown["groups"]
        ),
        divisive=listed(shown["divisive"]),
        bridging=listed(key for key in shown["bridging"] if key not in agreed),
        circles=tuple(
            Circle(letters[one["group_id"]], one["size"], one["x"], one["y"], one["radius"])
            for one in picture["circles"]
            if one["group_id"] in letters
        ),
        width=picture["width"],
        height=picture["height"],
        left_out=left_out,
    )


def _letter(group: int) -> str:
    """A group's letter; it stays with the group from one analysis to the next."""
    return ascii_uppercase[group] if group < len(ascii_uppercase) else f"A{group}"


def _share(tally: tuple[int, int, int], *, agree: bool) -> int:
    agrees, _, disagrees = tally
    return _percent(agrees if agree else disagrees, sum(tally))


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
