"""Places for tests: each call makes what it says and the places above it, through the service."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from yiting.places.models import Level, Place
from yiting.places.services import place_add

MADE_AT = datetime(2024, 1, 8, 1, 0, tzinfo=UTC)
YEAR = 2023
_numbers = itertools.count(1)


def make_street(name: str = "天骄街道", code: str = "150602001000") -> Place:
    """A street with the district, city and province above it; asked for twice, the same one."""
    parent: Place | None = None
    levels = [
        (Level.PROVINCE, "内蒙古自治区", f"{code[:2]}0000000000"),
        (Level.CITY, "鄂尔多斯市", f"{code[:4]}00000000"),
        (Level.COUNTY, "东胜区", f"{code[:6]}000000"),
        (Level.STREET, name, code),
    ]
    for level, its_name, its_code in levels:
        found = Place.objects.filter(code=its_code).first()
        parent = found or place_add(
            by_role="tests",
            parent=parent,
            level=level,
            name=its_name,
            code=its_code,
            code_year=YEAR,
            at=MADE_AT,
        )
    assert parent is not None
    return parent


def make_community(name: str | None = None, street: Place | None = None) -> Place:
    """A community with a local code, in the given street or the usual one."""
    street = street or make_street()
    return place_add(
        by_role="tests", parent=street, level="community", name=name or f"社区{next(_numbers)}", at=MADE_AT
    )


def make_estate(
    name: str | None = None,
    community: Place | None = None,
    households: int | None = None,
    households_on_allowance: int | None = None,
) -> Place:
    """An estate, in the given community or a new one."""
    return place_add(
        by_role="tests",
        parent=community or make_community(),
        level="estate",
        name=name or f"小区{next(_numbers)}",
        households=households,
        households_on_allowance=households_on_allowance,
        at=MADE_AT,
    )


def make_building(name: str | None = None, estate: Place | None = None) -> Place:
    """A building, in the given estate or a new one."""
    return place_add(
        by_role="tests",
        parent=estate or make_estate(),
        level="building",
        name=name or f"{next(_numbers)}号楼",
        at=MADE_AT,
    )
