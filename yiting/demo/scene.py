"""What the demo is played on."""

from __future__ import annotations

from dataclasses import dataclass, field

from yiting.demo import facts
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.places.models import Place


@dataclass(slots=True)
class Scene:
    """What the demo stands on: its places, organisations and who acts."""

    places: dict[str, Place] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def community(self) -> Place:
        """The community of the story."""
        return self.places["天骄社区"]

    @property
    def estate(self) -> Place:
        """The estate of the story."""
        return self.places[facts.ESTATE]
