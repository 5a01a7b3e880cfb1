"""What the demo is played on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from yiting.demo import facts
from yiting.people.actors import Actor, system_actor
from yiting.people.models import Organisation
from yiting.places.models import Place
from yiting.places.services import place_add

DEMO = system_actor("demo")


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

    def add_divisions(self, rows: Iterable[tuple[str, str, str]], *, under: Place | None, at: datetime) -> None:
        """Add divisions (level, name, code), each below the one before and the first below `under`."""
        for level, name, code in rows:
            under = place_add(
                by_role=DEMO.role_label,
                parent=under,
                level=level,
                name=name,
                code=code,
                code_year=facts.CODE_YEAR,
                at=at,
            )
            self.places[name] = under
