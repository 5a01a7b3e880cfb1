"""A topic as the files of Polis, so that it can be analysed elsewhere; nobody is in them.

Voters and authors are numbered by lot, apart from each other and anew for each export, so that neither two exports nor
somebody's own words lead to their votes. The votes are those that the last result counted, and all bear the day on
which the topic opened: who knows on which day a neighbour voted finds nobody by it. Groups are those that are
published: one that is too small to be shown counts with the group that votes most like it, as if it had never been.
Words that are not shown are not written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from random import Random

from yiting.deliberation.errors import TooFewToExport, TopicRunning
from yiting.deliberation.models import Analysis, Participant, Statement, Topic, VoteEvent
from yiting.deliberation.queries.matrix import read_statement
from yiting.methods import opinions

SECOND = 1_000


@dataclass(frozen=True, slots=True)
class PolisExport:
    """The files by their names, and what they hold."""

    files: Mapping[str, str]
    participants: int
    statements: int
    votes: int
    groups: int


def export_topic(topic: Topic, *, draw: Random, address: str = "") -> PolisExport:
    """The four files of a topic; `draw` shuffles the numbers. Four queries.

    Refuses a topic that is not over, and one whose last result counts fewer people than make a group that may be shown.
    Votes that came after that result are left out, also when the topic was open again in between: two files that
    differ by the votes of a few people would tell how these voted.
    """
    if topic.state not in (Topic.State.CLOSED, Topic.State.RESOLVED):
        raise TopicRunning
    statements = list(Statement.objects.filter(topic=topic).order_by("number"))
    last = Analysis.objects.filter(topic=topic).order_by("-pk").first()
    until = last.last_event if last is not None else 0
    events = VoteEvent.objects.filter(participant__topic=topic, pk__lte=until).order_by("pk")
    rows = list(events.values_list("participant", "statement__number", "value"))
    voters = _drawn({voice for voice, _number, _value in rows}, first=0, draw=draw)
    if len(voters) < topic.smallest_group:
        raise TooFewToExport(least=topic.smallest_group)
    authors = _drawn({one.author_id for one in statements if one.author_id is not None}, first=len(voters), draw=draw)
    ballots = _ballots(rows, voters, at=_day(topic.opened_at or topic.created_at))
    votes = opinions.votes_of(
        ((one.participant, one.statement, one.vote) for one in ballots),
        statements=[_shown(one) for one in statements],
        participants=list(voters.values()),
    )
    membership = _membership(last, voters)
    office = str(len(voters) + len(authors))  # readers want a number for whoever wrote
    written = {
        str(one.number): opinions.Written(author=authors.get(one.author_id or 0, office), at=_day(one.at))
        for one in statements
    }
    groups = len(set(membership.values()))
    summary = opinions.summary_csv(
        topic=topic.question,
        url=address,
        description=topic.background,
        voters=len(voters),
        commenters=len(authors),
        comments=len(statements),
        groups=groups,
    )
    files = {
        "participants-votes.csv": opinions.participants_csv(votes, membership=membership),
        "comments.csv": opinions.comments_csv(votes, written=written),
        "votes.csv": opinions.ballots_csv(ballots),
        "summary.csv": summary,
    }
    return PolisExport(files, len(voters), len(statements), votes.count, groups)


def _drawn(keys: set[int], *, first: int, draw: Random) -> dict[int, str]:
    """A number for each key, by lot."""
    order = sorted(keys)
    draw.shuffle(order)
    return {key: str(number) for number, key in enumerate(order, start=first)}


def _ballots(rows: list[tuple[int, int, int]], voters: Mapping[int, str], *, at: int) -> list[opinions.Ballot]:
    """The votes of each voter together, by the drawn numbers; a change of a vote is a second later, the last counts.

    Neither the order of the rows nor their times tell who came before whom.
    """
    ballots = []
    changes: dict[tuple[int, int], int] = {}
    for voice, number, value in rows:
        turn = changes.get((voice, number), 0)
        changes[voice, number] = turn + 1
        moment = at + turn * SECOND
        ballots.append(opinions.Ballot(at=moment, statement=str(number), participant=voters[voice], vote=value))
    return sorted(ballots, key=lambda one: (one.at, int(one.participant), int(one.statement)))


def _membership(last: Analysis | None, voters: Mapping[int, str]) -> dict[str, int]:
    """The groups of the last analysis as they are published, by the drawn numbers."""
    if last is None or not last.folded:
        return {}
    groups = {key: last.folded[str(group)] for key, group in last.members.items()}
    numbers = Participant.objects.filter(pk__in=voters).order_by("pk").values_list("pk", "number")
    return {voters[key]: groups[str(number)] for key, number in numbers if str(number) in groups}


def _shown(one: Statement) -> opinions.Statement:
    return replace(read_statement(one), text=one.text if one.state == Statement.State.SHOWN else "")


def _day(at: datetime) -> int:
    """The beginning of a day, in milliseconds since 1970."""
    return int(datetime.combine(at.astimezone(UTC).date(), time(), UTC).timestamp()) * SECOND
