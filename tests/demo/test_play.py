"""The demo tells the page's story with the page's figures, and invents none."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.db.models import Max

from yiting.demo import facts
from yiting.demo.services import demo_play, is_played
from yiting.ledger.models import Entry
from yiting.ledger.services import ledger_verify
from yiting.needs.models import Need, Suggestion
from yiting.places.models import Place
from yiting.projects.models import Evaluation, FieldVisit, Project


@pytest.mark.slow
@pytest.mark.django_db
def test_the_story_of_the_pavilion() -> None:
    assert not is_played()
    opened = datetime.combine(facts.TODAY, time(), tzinfo=UTC)
    demo_play(messages=None, at=opened)
    assert is_played()
    estate = Place.objects.get(name=facts.ESTATE)
    assert (estate.households, estate.households_on_allowance) == (306, 36)
    project = Project.objects.get()
    assert (project.title, project.year, project.stage) == ("新建居民议事亭", 2024, "delivered")
    assert (project.households, project.households_on_allowance) == (306, 36)
    assert (project.delivered_on, project.delivered_when) == (None, "2024年5月中旬")
    assert (project.budget_fen, project.spent_fen) == (None, None)
    assert FieldVisit.objects.filter(with_deputies=True, deputies=None).count() == 1
    need = Need.objects.get(code=project.serves.get().need.code)
    assert (need.state, need.people_count) == ("judging", 20)
    assert need.place == estate
    verdicts = list(Evaluation.objects.values_list("verdict", flat=True))
    assert {verdict: verdicts.count(verdict) for verdict in set(verdicts)} == {"solved": 8, "partly": 2, "not": 1}
    assert Need.objects.filter(parent__isnull=True).count() < Need.objects.count() / 2
    assert Suggestion.objects.filter(answer="open", kind="merge").exists()
    assert ledger_verify().ok
    # nothing told lies after the day on which the demo is opened, and little of it is left lying for long
    assert Need.objects.aggregate(last=Max("last_at"))["last"] < opened
    assert Entry.objects.aggregate(last=Max("at"))["last"] < opened
    standing = Need.objects.filter(parent=None, handler=None, state="sorted")
    assert 5 <= standing.count() <= 25
    assert Need.objects.filter(parent=None, state="closed").count() > 40
    assert Need.objects.filter(parent=None, unsolved=True).exists()
