"""Writes of places. Permission is the caller's matter: people and roles live in a module above this one."""

from yiting.places.services.importing import BadRow, ImportOutcome, places_import
from yiting.places.services.reading import PlaceRow, places_read
from yiting.places.services.single import (
    place_add,
    place_count,
    place_default,
    place_locate,
    place_recode,
    place_rename,
)

__all__ = [
    "BadRow",
    "ImportOutcome",
    "PlaceRow",
    "place_add",
    "place_count",
    "place_default",
    "place_locate",
    "place_recode",
    "place_rename",
    "places_import",
    "places_read",
]
