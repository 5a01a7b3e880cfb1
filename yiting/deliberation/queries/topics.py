"""Topics: the public list, and the page of one with what concerns the one who looks at it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from yiting.deliberation.codes import read_code
from yiting.deliberation.errors import StatementMissing, TopicMissing
from yiting.deliberation.models import Evidence, Participant, Statement, Topic, TopicSupport, Vote
from yiting.deliberation.policies import can_moderate, can_take_part
from yiting.deliberation.states import VOTING, last_day
from yiting.ledger.queries import TimelineRow, list_entries
from yiting.needs.models import Need
from yiting.needs.queries.resident import find_need
from yiting.people.actors import Actor, Decision
from yiting.people.models import Organisation
from yiting.people.queries import person_lives_at
from yiting.places.models import Level, Place
from yiting.places.queries import full_names, short_name

PAGE = 30
State = Topic.State
OFFERED_LEVELS = (Level.COUNTY, Level.STREET, Level.COMMUNITY, Level.ESTATE)
# What of the topics is asked for, with its condition; a proposal is a draft of residents and public.
PROPOSED = Q(state=State.DRAFT, origin=Topic.Origin.RESIDENTS)
PUBLIC = ~Q(state=State.DRAFT) | PROPOSED
VIEWS: dict[str, Q] = {
    "open": Q(state__in=VOTING),
    "proposed": PROPOSED,
    "closed": Q(state__in=(State.CLOSED, State.RESOLVED)),
}


@dataclass(frozen=True, slots=True)
class TopicCard:
    """One topic as a line of a list. How many take part is told, never who."""

    pk: int
    code: str
    question: str
    state: str
    state_label: str
    is_declined: bool
    origin_label: str
    place: Place
    place_name: str
    last_day: date | None
    reason: str
    people: int
    statements: int
    supports: int
    supports_needed: int
    held: int

    @property
    def is_proposal(self) -> bool:
        """Whether it gathers supports."""
        return self.state == State.DRAFT


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place to choose."""

    id: int
    name: str
    indent: str


@dataclass(frozen=True, slots=True)
class TopicBoard:
    """A page of the public list, with what can be chosen."""

    view: str
    cards: list[TopicCard]
    counts: dict[str, int]
    places: list[PlaceChoice]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class TopicPage:
    """Everything that stands on the page of a topic but the statement to vote on."""

    topic: Topic
    card: TopicCard
    place_names: str
    evidence: list[Evidence]
    invited: list[Organisation]
    rows: list[TimelineRow]
    participant: Participant | None
    voted: int
    takes_votes: bool
    takes_statements: bool
    part: Decision
    supports: bool
    may_moderate: bool

    @property
    def left(self) -> int:
        """How many statements are still to be voted on."""
        return max(self.card.statements - self.voted, 0)


def find_topic(code: str) -> Topic:
    """The topic behind a code, as typed. One query."""
    found = Topic.objects.select_related("place__parent", "need").filter(code=read_code(code)[:16]).first()
    if found is None:
        raise TopicMissing
    return found


def get_topic(code: str, by: Actor) -> Topic:
    """A topic that the actor may see: what is being prepared only those see who work there. One query."""
    found = find_topic(code)
    hidden = found.state == State.DRAFT and found.origin != Topic.Origin.RESIDENTS
    if hidden and not can_moderate(by, place_path=found.place_path):
        raise TopicMissing
    return found


def get_topic_page(code: str, *, by: Actor, person_ids: Collection[int], at: datetime) -> TopicPage:
    """The page of a topic; `person_ids` are the voices of the browser. A fixed number of queries."""
    topic = get_topic(code, by)
    (card,) = list_cards([topic])
    participant = own_participant(topic, person_ids)
    invited = _invited(topic)
    open_now = topic.state in VOTING and topic.closes_at is not None and at < topic.closes_at
    return TopicPage(
        topic=topic,
        card=card,
        place_names=full_names([topic.place])[topic.place_id],
        evidence=list(Evidence.objects.filter(topic=topic).order_by("pk")),
        invited=invited,
        rows=list_entries("deliberation.topic", [topic.pk], public_only=True),
        participant=participant,
        voted=_voted(participant),
        takes_votes=open_now,
        takes_statements=open_now and topic.state == State.OPEN,
        part=may_take_part(by, topic, person_ids, invited=[one.pk for one in invited]),
        supports=TopicSupport.objects.filter(topic=topic, person__in=person_ids).exists(),
        may_moderate=bool(can_moderate(by, place_path=topic.place_path)),
    )


def get_topic_board(view: str, *, place: Place | None = None, page: int = 1, size: int = PAGE) -> TopicBoard:
    """A page of the public topics of one view. A fixed number of queries."""
    view = view if view in VIEWS else "open"
    found = Topic.objects.filter(PUBLIC)
    if place is not None:
        found = found.filter(place_path__startswith=place.path)
    counts = found.aggregate(**{name: Count("pk", filter=condition) for name, condition in VIEWS.items()})
    order = ("closes_at", "pk") if view == "open" else ("-changed_at", "-pk")
    skip = (max(page, 1) - 1) * size
    rows = list(found.filter(VIEWS[view]).select_related("place__parent").order_by(*order)[skip : skip + size + 1])
    return TopicBoard(view, list_cards(rows[:size]), counts, _list_places(), max(page, 1), len(rows) > size)


def get_need(code: str, by: Actor) -> Need:
    """The standing need behind a code, if it is public or the actor works there; merged ones lead to it. One query."""
    found = find_need(code)
    need = found.root or found
    if not need.is_public and not by.works_at(need.place_path):
        raise TopicMissing
    return need


def list_topics_of_need(need: int) -> list[TopicCard]:
    """The public topics about a need, the newest first. A fixed number of queries."""
    found = Topic.objects.filter(PUBLIC, Q(need=need) | Q(need__root=need)).select_related("place__parent")
    return list_cards(found.order_by("-pk"))


def list_cards(topics: Iterable[Topic]) -> list[TopicCard]:
    """Topics as lines, in the order given. Three queries, however many they are."""
    rows = list(topics)
    keys = [row.pk for row in rows]
    people = _counts(Participant.objects.filter(topic__in=keys, votes__isnull=False), "pk")
    supports = _counts(TopicSupport.objects.filter(topic__in=keys), "pk")
    by_state = Statement.objects.filter(topic__in=keys).order_by().values("topic", "state")
    said = {(row["topic"], row["state"]): row["number"] for row in by_state.annotate(number=Count("pk"))}
    return [
        TopicCard(
            pk=row.pk,
            code=row.code,
            question=row.question,
            state=row.state,
            state_label=_("Not taken up") if _is_declined(row) else str(row.get_state_display()),
            is_declined=_is_declined(row),
            origin_label=str(row.get_origin_display()),
            place=row.place,
            place_name=short_name(row.place),
            last_day=last_day(row.closes_at, row.place) if row.closes_at is not None else None,
            reason=row.reason,
            people=people.get(row.pk, 0),
            statements=said.get((row.pk, Statement.State.SHOWN), 0),
            supports=supports.get(row.pk, 0),
            supports_needed=row.supports_needed,
            held=said.get((row.pk, Statement.State.HELD), 0),
        )
        for row in rows
    ]


def _is_declined(row: Topic) -> bool:
    return row.state == State.CLOSED and row.opened_at is None


def own_participant(topic: Topic, person_ids: Collection[int]) -> Participant | None:
    """The reader's own voice in a topic, if they have one; the account's before the session's. One query."""
    found = Participant.objects.filter(topic=topic, person__in=person_ids)
    return found.order_by(F("person__account").asc(nulls_last=True), "pk").first()


def may_take_part(by: Actor, topic: Topic, person_ids: Collection[int], *, invited: Collection[int]) -> Decision:
    """Whether the topic is for somebody who is one of these persons, and why not. A query where it is for residents."""
    lives = topic.who == Topic.Who.RESIDENTS and person_lives_at(person_ids, topic.place_path)
    return can_take_part(by, who=topic.who, place_path=topic.place_path, lives_there=lives, invited=invited)


def list_statements(topic: Topic) -> list[Statement]:
    """The statements that are open for votes, in their order. One query."""
    return list(Statement.objects.filter(topic=topic, state=Statement.State.SHOWN).order_by("number"))


def get_statement(topic: Topic, number: int) -> Statement:
    """A statement of a topic by its number, whatever became of it. One query."""
    found = Statement.objects.select_related("topic").filter(topic=topic, number=number).first()
    if found is None:
        raise StatementMissing
    return found


def get_evidence(topic: Topic, pk: int) -> Evidence:
    """Something to know about a topic. One query."""
    found = Evidence.objects.select_related("topic").filter(topic=topic, pk=pk).first()
    if found is None:
        raise TopicMissing
    return found


def find_place(pk: int) -> Place | None:
    """A place by its key, if there is one."""
    return Place.objects.filter(pk=pk).first()


def _voted(participant: Participant | None) -> int:
    if participant is None:
        return 0
    return Vote.objects.filter(participant=participant, statement__state=Statement.State.SHOWN).count()


def _invited(topic: Topic) -> list[Organisation]:
    if topic.who != Topic.Who.INVITED:
        return []
    keys = topic.invitations.values("organisation")
    return list(Organisation.objects.filter(pk__in=keys).order_by("name", "pk"))


def _counts(rows: object, what: str) -> dict[int, int]:
    found = rows.order_by().values("topic").annotate(number=Count(what, distinct=True))  # type: ignore[attr-defined]
    return {row["topic"]: row["number"] for row in found}


def _list_places() -> list[PlaceChoice]:
    """The districts, streets, communities and estates that have a topic, in the order of the tree. Two queries."""
    paths = Topic.objects.filter(PUBLIC).order_by().values_list("place_path", flat=True).distinct()
    keys = {int(key) for path in paths for key in path.strip("/").split("/") if key}
    places = sorted(
        Place.objects.filter(pk__in=keys, level__in=OFFERED_LEVELS),
        key=lambda place: [int(key) for key in place.path.strip("/").split("/")],
    )
    top = min((place.path.count("/") for place in places), default=0)
    return [PlaceChoice(place.pk, place.name, "\u3000" * (place.path.count("/") - top)) for place in places]
