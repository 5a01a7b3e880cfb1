"""All alliances, and the page of one: what it is, who belongs to it, what it does. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from yiting.activities.models import Activity, Host, Kind, SignUp
from yiting.alliances.errors import AllianceMissing
from yiting.alliances.models import Alliance, JointActivity, JointKind, Membership, Reported
from yiting.alliances.policies import MANAGING_KINDS, may_manage_alliance
from yiting.alliances.queries.turns import TurnsPage, get_turns_page
from yiting.alliances.queries.units import Unit, list_units, units_of_stays
from yiting.people.actors import Actor
from yiting.people.models import Account, Organisation, Role, RoleKind
from yiting.people.queries import held_on, local_day
from yiting.places.models import Level, Place

SHOWN_ACTIVITIES = 12
ORGANISATIONS_OFFERED = 500
PLACES_OFFERED = 500


@dataclass(frozen=True, slots=True)
class AllianceCard:
    """An alliance in a list: how many members are known by name, and how many places wait to be filled."""

    slug: str
    name: str
    field: str
    lead: str
    cooperating: str
    rule_label: str
    members: int
    open_places: int
    figures: tuple[Reported, ...]


@dataclass(frozen=True, slots=True)
class JointRow:
    """A joint activity, and which of the members said that they come."""

    code: str
    title: str
    kind: str
    activity: Activity
    hosts: tuple[str, ...]
    coming: tuple[str, ...]
    came: int
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class AlliancePage:
    """Everything that the page of an alliance shows."""

    alliance: Alliance
    kinds: tuple[JointKind, ...]
    units: tuple[Unit, ...]
    former: tuple[Unit, ...]
    figures: tuple[Reported, ...]
    turns: TurnsPage
    coming: tuple[JointRow, ...]
    past: tuple[JointRow, ...]


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody who speaks for a member: the name that the account shows, no personal data."""

    unit: str
    name: str


def get_alliance(slug: str) -> Alliance:
    """Return an alliance with its place and leading units; AllianceMissing else. One query."""
    found = Alliance.objects.select_related("place", "lead", "cooperating").filter(slug=slug).first()
    if found is None:
        raise AllianceMissing
    return found


def list_alliances(*, at: datetime) -> list[AllianceCard]:
    """Every alliance, in the order in which they were founded. Three queries."""
    return _cards(Alliance.objects.all(), at=at)


def list_own_alliances(by: Actor, *, at: datetime) -> list[AllianceCard]:
    """The alliances that somebody manages, or for a member of which they speak. Four queries."""
    alliances = Alliance.objects.select_related("lead", "cooperating")
    own = {grant.organisation_id for grant in by.grants if grant.kind == RoleKind.ALLIANCE}
    member_of = set(Membership.objects.filter(organisation__in=own - {None}).values_list("alliance", flat=True))
    keys = [one.pk for one in alliances if one.pk in member_of or may_manage_alliance(by, one)]
    return _cards(Alliance.objects.filter(pk__in=keys), at=at)


def get_alliance_page(alliance: Alliance, *, at: datetime) -> AlliancePage:
    """Return the page of an alliance. Twelve queries."""
    units = list_units(alliance)
    turns = get_turns_page(alliance, at=at)
    joint = list_joint_activities(alliance)
    coming = [row for row in joint if row.activity.ends_at >= at]
    past = [row for row in joint if row.activity.ends_at < at]
    return AlliancePage(
        alliance=alliance,
        kinds=tuple(JointKind.objects.filter(alliance=alliance).select_related("kind").order_by("position", "pk")),
        units=tuple(unit for unit in units if is_current(unit, turns.today)),
        former=tuple(unit for unit in units if not is_current(unit, turns.today)),
        figures=tuple(Reported.objects.filter(alliance=alliance).order_by("pk")),
        turns=turns,
        coming=tuple(coming[:SHOWN_ACTIVITIES]),
        past=tuple(reversed(past[-SHOWN_ACTIVITIES:])),
    )


def list_joint_activities(
    alliance: Alliance, *, since: datetime | None = None, until: datetime | None = None
) -> list[JointRow]:
    """The joint activities of an alliance by their start, from `since` to before `until`. Four queries."""
    found = JointActivity.objects.filter(alliance=alliance).select_related("activity__place", "joint_kind")
    if since is not None:
        found = found.filter(activity__starts_at__gte=since)
    if until is not None:
        found = found.filter(activity__starts_at__lt=until)
    rows = list(found.prefetch_related("activity__hosts__organisation").order_by("activity__starts_at", "pk"))
    signed = SignUp.objects.filter(
        activity__in=[row.activity_id for row in rows], organisation__isnull=False, withdrawn_at__isnull=True
    ).select_related("organisation")
    coming: dict[int, list[str]] = {}
    for one in signed.order_by("signed_at", "pk"):
        assert one.organisation is not None
        coming.setdefault(one.activity_id, []).append(one.organisation.name)
    came = dict(
        Activity.objects.filter(pk__in=[row.activity_id for row in rows])
        .order_by()
        .annotate(units=Count("check_ins__organisation", distinct=True))
        .values_list("pk", "units")
    )
    return [
        JointRow(
            code=row.activity.code,
            title=row.activity.title,
            kind=row.joint_kind.name if row.joint_kind else "",
            activity=row.activity,
            hosts=tuple(
                host.organisation.name
                for host in sorted(
                    row.activity.hosts.all(), key=lambda host: (host.part != "lead", host.position, host.pk)
                )
            ),
            coming=tuple(coming.get(row.activity_id, ())),
            came=came.get(row.activity_id, 0),
            is_cancelled=row.activity.state == Activity.State.CANCELLED,
        )
        for row in rows
    ]


def list_contacts(alliance: Alliance, *, at: datetime) -> list[ContactRow]:
    """Who speaks for the members: the accounts that hold the role of an alliance contact there. Two queries."""
    names = {
        unit.organisation_id: unit.name
        for unit in list_units(alliance)
        if unit.organisation_id is not None and is_current(unit, local_day(at))
    }
    roles = Role.objects.filter(
        held_on(local_day(at)), organisation__in=names, kind=RoleKind.ALLIANCE, account__is_active=True
    ).select_related("account")
    found: set[tuple[int, Account]] = {(role.organisation_id or 0, role.account) for role in roles}
    rows = [ContactRow(names[organisation], str(account)) for organisation, account in found]
    return sorted(rows, key=lambda row: (list(names.values()).index(row.unit), row.name))


def list_organisations_to_join(alliance: Alliance) -> list[Organisation]:
    """The working organisations of the place and of those around it that could be members. One query."""
    parts = alliance.place_path.strip("/").split("/")
    above = "/" + "/".join(parts[:-1]) + "/" if len(parts) > 1 else alliance.place_path
    found = Organisation.objects.filter(Q(place__path__startswith=above) | Q(place__in=parts), active=True)
    return list(found.order_by("name", "pk")[:ORGANISATIONS_OFFERED])


def is_current(unit: Unit, today: date) -> bool:
    """Whether a unit is a member, or is to become one."""
    return unit.latest.left_on is None or unit.latest.left_on >= today


def _lead_first(host: Host) -> tuple[bool, int, int]:
    return host.part != Host.Part.LEAD, host.position, host.pk


def _cards(alliances: QuerySet[Alliance], *, at: datetime) -> list[AllianceCard]:
    today = local_day(at)
    found = list(alliances.select_related("lead", "cooperating").order_by("created_at", "pk"))
    keys = [one.pk for one in found]
    stays: dict[int, list[Membership]] = {}
    for stay in Membership.objects.filter(alliance__in=keys).select_related("organisation").order_by("number", "pk"):
        stays.setdefault(stay.alliance_id, []).append(stay)
    figures: dict[int, list[Reported]] = {}
    for figure in Reported.objects.filter(alliance__in=keys).order_by("pk"):
        figures.setdefault(figure.alliance_id, []).append(figure)
    cards = []
    for one in found:
        units = [unit for unit in units_of_stays(stays.get(one.pk, ())) if is_current(unit, today)]
        cards.append(
            AllianceCard(
                slug=one.slug,
                name=one.name,
                field=one.field,
                lead=one.lead.name if one.lead else "",
                cooperating=one.cooperating.name if one.cooperating else "",
                rule_label=str(one.get_turns_display()),
                members=sum(unit.is_filled for unit in units),
                open_places=sum(not unit.is_filled for unit in units),
                figures=tuple(figures.get(one.pk, ())),
            )
        )
    return cards


def founding_paths(by: Actor) -> list[str]:
    """The places over which somebody may found alliances, as paths."""
    return ["/"] if by.everywhere else sorted({g.place_path for g in by.grants if g.kind in MANAGING_KINDS})


def list_places_to_found(by: Actor) -> list[Place]:
    """The places, down to communities, in which somebody may found an alliance. One query."""
    return _places_under(founding_paths(by))


def list_places_of(alliance: Alliance) -> list[Place]:
    """The place of an alliance and those in it, down to communities, where something may take place. One query."""
    return _places_under([alliance.place_path])


def list_organisations_near(places: Sequence[Place]) -> list[Organisation]:
    """The working organisations in some places. One query."""
    found = Organisation.objects.filter(place__in=[place.pk for place in places], active=True)
    return list(found.order_by("name", "pk")[:ORGANISATIONS_OFFERED])


def list_kinds() -> list[Kind]:
    """The kinds of activities in use. One query."""
    return list(Kind.objects.filter(active=True).order_by("position", "pk"))


def _places_under(paths: Sequence[str]) -> list[Place]:
    if not paths:
        return []
    under = Q()
    for path in paths:
        under |= Q(path__startswith=path)
    found = Place.objects.filter(under).exclude(level__in=(Level.ESTATE, Level.BUILDING))
    return list(found.order_by("path")[:PLACES_OFFERED])
