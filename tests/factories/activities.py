"""Activities for tests: planned through the services, at an organisation of their place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.factories.people import OrganisationFactory
from tests.factories.places import make_estate
from yiting.activities.models import Activity, Kind, Series
from yiting.activities.services import Plan, activity_plan, kinds_set_up, series_plan
from yiting.people.actors import Actor, system_actor
from yiting.places.models import Place

AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
# a Thursday, 15:00 in Shanghai
STARTS = datetime(2026, 7, 9, 7, 0, tzinfo=UTC)
EVERYWHERE = system_actor("tests")


def make_plan(place: Place | None = None, *, kind: str = "talk", **more: Any) -> Plan:
    """A plan for two hours in an estate, held by an organisation there."""
    kinds_set_up()
    place = place or make_estate()
    starts_at = more.pop("starts_at", STARTS)
    base: dict[str, Any] = {
        "kind": Kind.objects.get(code=kind),
        "title": "反诈宣讲",
        "place": place,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
    }
    if "lead" not in more:
        base["lead"] = OrganisationFactory(place=place)
    return Plan(**(base | more))


def make_activity(place: Place | None = None, *, by: Actor = EVERYWHERE, at: datetime = AT, **more: Any) -> Activity:
    """An activity planned through the service."""
    return activity_plan(by=by, plan=make_plan(place, **more), at=at)


def make_series(
    place: Place | None = None,
    *,
    rule: str = "FREQ=WEEKLY;COUNT=4",
    by: Actor = EVERYWHERE,
    at: datetime = AT,
    **more: Any,
) -> tuple[Series, list[Activity]]:
    """A series planned through the service, with its activities in order."""
    series = series_plan(by=by, plan=make_plan(place, **more), rule=rule, at=at)
    return series, rows_of(series)


def rows_of(series: Series) -> list[Activity]:
    """The activities of a series in order."""
    return list(series.activities.order_by("series_start_at"))
