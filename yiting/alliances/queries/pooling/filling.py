"""What the forms of pooling are filled with: one's own units, and what one asks for."""

from __future__ import annotations

from dataclasses import dataclass

from yiting.alliances.errors import AskMissing
from yiting.alliances.models import Ask, Match, Offer
from yiting.alliances.policies import units_of
from yiting.needs.models import Need
from yiting.needs.queries import read_code
from yiting.needs.queries.wording import shown_words
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.projects.models import Project


@dataclass(frozen=True, slots=True)
class Asker:
    """The need or project that something is asked for, and its title; neither when a unit asks for itself."""

    need: Need | None = None
    project: Project | None = None
    subject: str = ""


def get_asker(by: Actor, *, need: str = "", project: str = "") -> Asker:
    """Return what is asked for by its code, where the reader works; what lies elsewhere is not there. One query."""
    if need:
        found = Need.objects.select_related("root__place").filter(code=read_code(need)[:16]).first()
        root = found.root if found is not None else None
        if root is None or not by.works_at(root.place_path):
            raise AskMissing
        return Asker(need=root, subject=shown_words(root.title))
    if project:
        known = Project.objects.select_related("place").filter(code=read_code(project)[:16]).first()
        if known is None or not by.works_at(known.place_path):
            raise AskMissing
        return Asker(project=known, subject=known.title)
    return Asker()


def list_own_units(by: Actor) -> list[Organisation]:
    """The working organisations for which the reader gives and asks, by name. One query."""
    found = Organisation.objects.select_related("place").filter(pk__in=units_of(by), active=True)
    return list(found.order_by("name", "pk"))


def find_suggestion(offer: Offer, ask: Ask) -> Match | None:
    """Return what was suggested between the two, if anything. One query."""
    return Match.objects.filter(offer=offer, ask=ask, state=Match.State.SUGGESTED).first()
