"""Projects for tests: by factory where a state is only looked at, by services where the way matters."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import factory
from PIL import Image

from tests.factories.people import PersonFactory
from tests.factories.places import make_estate
from yiting.needs.models import Need, State
from yiting.needs.queries import fresh_code
from yiting.needs.services import Draft, request_file
from yiting.people.actors import RESIDENT, Actor, system_actor
from yiting.people.models import Person
from yiting.places.models import Place
from yiting.projects.models import Evaluation, Project, ProjectNeed, Stage
from yiting.projects.services import project_choose, project_deliver, project_open, project_start

AT = datetime(2024, 4, 15, 1, 0, tzinfo=UTC)
EVERYWHERE = system_actor("tests")


class ProjectFactory(factory.django.DjangoModelFactory[Project]):
    """A candidate in an estate of its own; nothing is told to the ledger."""

    class Meta:
        model = Project

    code = factory.LazyFunction(lambda: fresh_code(8))
    title = factory.Sequence(lambda n: f"项目{n}")
    year = 2024
    place = factory.LazyFunction(make_estate)
    place_path = factory.LazyAttribute(lambda project: project.place.path)
    stage = Stage.CANDIDATE
    created_at = AT


class ProjectNeedFactory(factory.django.DjangoModelFactory[ProjectNeed]):
    """A link from a project to a need in the same place."""

    class Meta:
        model = ProjectNeed

    project = factory.SubFactory(ProjectFactory)
    need = factory.LazyAttribute(lambda link: make_need(link.project.place, public=True))
    added_at = AT


class EvaluationFactory(factory.django.DjangoModelFactory[Evaluation]):
    """What somebody said of a project."""

    class Meta:
        model = Evaluation

    project = factory.SubFactory(ProjectFactory, stage=Stage.DELIVERED)
    person = factory.SubFactory(PersonFactory)
    basis = Evaluation.Basis.ASKED
    verdict = "solved"
    at = AT


def make_need(
    place: Place | None = None,
    *,
    people: int = 1,
    title: str = "楼下没有遮阳避雨的地方",
    public: bool = False,
    at: datetime = AT,
) -> Need:
    """A need that so many people asked for, one after the other."""
    place = place or make_estate()
    need: Need | None = None
    for _number in range(people):
        draft = Draft(place=place, person=PersonFactory(), text=title, title=title, need=need)
        need = request_file(by=RESIDENT, draft=draft, at=at).need
    assert need is not None
    if public:
        Need.objects.filter(pk=need.pk).update(is_public=True, state=State.SORTED)
    need.refresh_from_db()
    return need


def make_project(
    stage: str = Stage.CANDIDATE,
    *,
    by: Actor = EVERYWHERE,
    place: Place | None = None,
    people: int = 1,
    at: datetime = AT,
    **more: Any,
) -> Project:
    """A project brought to a stage through the services, for a need that so many people asked for."""
    place = place or make_estate(households=306, households_on_allowance=36)
    needs = more.pop("from_needs", None) or [make_need(place, people=people)]
    base = {"title": "新建居民议事亭", "year": 2024, "place": place}
    project = project_open(by=by, from_needs=needs, at=at, **(base | more))
    for step, then in (
        (project_choose, Stage.CHOSEN),
        (project_start, Stage.BUILDING),
        (project_deliver, Stage.DELIVERED),
    ):
        if project.stage == stage:
            break
        project = step(by=by, project=project, at=at)
        assert project.stage == then
    return project


def askers(project: Project) -> list[Person]:
    """Those who asked for what a project serves."""
    asked = Person.objects.filter(
        pk__in=Need.objects.filter(root__in=ProjectNeed.objects.filter(project=project).values("need__root")).values(
            "requests__person"
        )
    )
    return list(asked.order_by("pk"))


def picture(kind: str = "JPEG") -> bytes:
    """The bytes of a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind)
    return out.getvalue()
