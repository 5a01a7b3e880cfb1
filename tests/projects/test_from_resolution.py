"""A project that a resolution asked for."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.meetings import LATER, make_resolution
from tests.factories.town import Town
from yiting.deliberation.errors import ResolutionMissing
from yiting.ledger.services import ledger_verify
from yiting.projects.errors import NeedElsewhere, NoNeedGiven, ProjectMissing
from yiting.projects.models import Project
from yiting.projects.services import project_open

pytestmark = pytest.mark.django_db


def test_a_resolution_becomes_a_project_and_stands_on_its_page(town: Town) -> None:
    resolution = make_resolution(town.estate)
    worker = town.actor("worker", town.ours)
    project = project_open(
        by=worker, from_needs=[], from_resolution=resolution, title="充电棚", year=2026, place=town.estate, at=LATER
    )
    resolution.refresh_from_db()
    assert project.resolution == resolution
    assert project.serves.get().need == resolution.need
    assert resolution.title in Client().get(reverse("projects:project", args=[project.code])).content.decode()
    assert ledger_verify().ok


def test_it_is_proposed_on_the_workbench_with_what_is_known(town: Town) -> None:
    resolution = make_resolution(town.estate)
    bench = town.browser("worker", town.ours)
    address = reverse("projects:propose")
    assert bench.get(address, {"resolution": resolution.code}).content.decode().count(resolution.text) == 1
    assert town.browser("worker", town.theirs).get(address, {"resolution": resolution.code}).status_code == 404
    said = {"title": "充电棚", "place": town.estate.pk, "year": 2026, "resolution": resolution.code}
    assert bench.post(address, {**said, "title": ""}).status_code == 422
    bench.post(address, said)
    assert Project.objects.get().resolution == resolution


def test_elsewhere_and_for_strangers_it_is_refused(town: Town) -> None:
    resolution = make_resolution(town.estate)
    given = {"from_needs": [], "title": "充电棚", "year": 2026, "at": LATER}
    office, theirs = town.actor("street", town.office), town.actor("worker", town.theirs)
    with pytest.raises(NeedElsewhere):
        project_open(by=office, from_resolution=resolution, place=town.there, **given)
    with pytest.raises(ProjectMissing):
        project_open(by=theirs, from_resolution=resolution, place=town.estate, **given)
    with pytest.raises(NoNeedGiven):
        project_open(by=office, place=town.estate, **given)
    around = make_resolution(town.street)
    with pytest.raises(ResolutionMissing):
        project_open(by=theirs, from_resolution=around, place=town.there, **given)
    assert not Project.objects.exists()
