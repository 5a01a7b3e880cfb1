"""What the projects module holds about a person: given out with their copy, erased with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiting.people.actors import Actor
from yiting.people.models import Person
from yiting.people.services import register_holding
from yiting.projects.models import Evaluation
from yiting.projects.services import evaluation_words_forget


class ProjectsHolding:
    """Evaluations of a person."""

    def export(self, person: Person, by: Actor) -> list[dict[str, Any]]:
        """Return what the person judged, ready for JSON."""
        given = Evaluation.objects.filter(person=person).select_related("project").order_by("at", "id")
        return [
            {"project": e.project.code, "at": e.at.isoformat(), "verdict": e.verdict, "word": e.word} for e in given
        ]

    def erase(self, person: Person, by: Actor, at: datetime) -> None:
        """Take out the words; the judgement still counts."""
        evaluation_words_forget(person=person)


def register() -> None:
    """Take part in copies and erasures."""
    register_holding("projects", ProjectsHolding())
