"""The members of an alliance as units: one that left and came back is one, and so is a place to be filled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yiting.alliances.models import Absence, Alliance, Membership


@dataclass(frozen=True, slots=True)
class Unit:
    """A member with all its stays. Its number names it for good; its name may be known later."""

    number: int
    name: str
    organisation_id: int | None
    stays: tuple[Membership, ...]

    @property
    def latest(self) -> Membership:
        """The stay that counts today: the last."""
        return self.stays[-1]

    @property
    def is_filled(self) -> bool:
        """Whether it is known which organisation it is."""
        return self.organisation_id is not None

    def is_member(self, day: date) -> bool:
        """Whether it belongs to the alliance on that day."""
        return self.stay_on(day) is not None

    def stay_on(self, day: date) -> Membership | None:
        """The stay that a day falls in."""
        return next(
            (s for s in self.stays if (s.joined_on or date.min) <= day <= (s.left_on or date.max)),
            None,
        )


def unit_name(membership: Membership) -> str:
    """The name of a member, or its number while it is to be filled; its organisation must be loaded."""
    if membership.organisation is not None:
        return membership.organisation.name
    return _("No. %(number)s (to be filled)") % {"number": membership.number}


def list_units(alliance: Alliance) -> list[Unit]:
    """Every unit that is or was a member, in the order of their numbers. One query."""
    return units_of_stays(
        Membership.objects.filter(alliance=alliance).select_related("organisation").order_by("number", "pk")
    )


def units_of_stays(memberships: Iterable[Membership]) -> list[Unit]:
    """Put memberships of one alliance, with their organisations, together to units."""
    stays: dict[tuple[str, int], list[Membership]] = {}
    for one in memberships:
        key = ("organisation", one.organisation_id) if one.organisation_id is not None else ("number", one.number)
        stays.setdefault(key, []).append(one)
    units = []
    for found in stays.values():
        ordered = sorted(found, key=lambda stay: (stay.joined_on or date.min, stay.pk))
        units.append(
            Unit(
                number=min(stay.number for stay in found),
                name=unit_name(found[0]),
                organisation_id=found[0].organisation_id,
                stays=tuple(ordered),
            )
        )
    return sorted(units, key=lambda unit: unit.number)


def absences_by_membership(alliance: Alliance) -> dict[int, list[Absence]]:
    """The absences of an alliance's memberships, in the order of their days. One query."""
    found: dict[int, list[Absence]] = {}
    for absence in Absence.objects.filter(membership__alliance=alliance).order_by("from_on", "pk"):
        found.setdefault(absence.membership_id, []).append(absence)
    return found
