"""What the deliberation module holds about a person: given out with their copy, erased with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiting.deliberation.models import Approval, Participant, Topic, TopicSupport
from yiting.deliberation.queries.disputes import dispute_copies
from yiting.deliberation.services import approval_words_forget, disputes_forget, topics_forget
from yiting.people.actors import Actor
from yiting.people.models import Person
from yiting.people.services import register_holding


class TopicsHolding:
    """What somebody supported, said and voted, with the votes changed."""

    def export(self, person: Person, by: Actor) -> list[dict[str, Any]]:
        """Return it all, ready for JSON; what they said and voted only to the person."""
        supported = TopicSupport.objects.filter(person=person).select_related("topic").order_by("at", "pk")
        proposed = Topic.objects.filter(proposer=person).order_by("created_at", "pk")
        voices = []
        if by.person_id == person.pk:
            spoken = Participant.objects.filter(person=person).select_related("topic")
            voices = list(spoken.order_by("since", "pk"))
        return [
            *({"kind": "topic_proposed", "topic": one.code, "question": one.question} for one in proposed),
            *({"kind": "topic_support", "topic": one.topic.code, "at": one.at.isoformat()} for one in supported),
            *(
                {"kind": "statement", "topic": voice.topic.code, "at": said.at.isoformat(), "text": said.text}
                for voice in voices
                for said in voice.statements.order_by("pk")
            ),
            *(
                {
                    "kind": "vote",
                    "topic": voice.topic.code,
                    "statement": event.statement.number,
                    "value": event.value,
                    "at": event.at.isoformat(),
                }
                for voice in voices
                for event in voice.events.select_related("statement").order_by("pk")
            ),
        ]

    def erase(self, person: Person, by: Actor, at: datetime) -> None:
        """Cut the thread from the person to their voice; every count stays."""
        topics_forget(person=person)


class MeetingsHolding:
    """What somebody said of minutes, and the quarrels that they are a party to."""

    def export(self, person: Person, by: Actor) -> list[dict[str, Any]]:
        """Return it all, ready for JSON; of a quarrel only that there is one."""
        given = Approval.objects.filter(person=person).select_related("minutes__meeting__activity").order_by("at", "pk")
        return [
            *(
                {
                    "kind": "minutes_answer",
                    "meeting": one.minutes.meeting.activity.code,
                    "at": one.at.isoformat(),
                    "agrees": one.agrees,
                    "word": one.word,
                }
                for one in given
            ),
            *dispute_copies(person),
        ]

    def erase(self, person: Person, by: Actor, at: datetime) -> None:
        """Take out the words; answers count on, and the other parties keep what is theirs."""
        approval_words_forget(person=person)
        disputes_forget(person=person)


def register() -> None:
    """Take part in copies and erasures."""
    register_holding("topics", TopicsHolding())
    register_holding("meetings", MeetingsHolding())
