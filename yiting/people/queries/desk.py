"""The lists and pickers of the administrator's pages, and organisations of a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Length

from yiting.people.actors import Actor
from yiting.people.models import Account, ApiToken, Organisation, Role, TokenScope
from yiting.people.queries.roles import RoleRow, local_day, path_under, role_row
from yiting.places import clock
from yiting.places.models import Level, Place

LIST_LIMIT = 200
PLACES_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as a line of the administrator's list."""

    id: int
    username: str
    public_name: str
    is_active: bool
    last_login: datetime | None
    roles: tuple[RoleRow, ...]


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation as a line of the administrator's list."""

    id: int
    name: str
    kind_label: str
    place: str
    parent: str
    active: bool
    people: int


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token as a line of the administrator's list; the token itself is nowhere."""

    id: int
    label: str
    prefix: str
    organisation: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


def list_organisations(place: Place, *, kind: str = "") -> list[Organisation]:
    """The working organisations in a place and below it, the nearest to the top first."""
    found = Organisation.objects.filter(active=True, place__path__startswith=place.path).select_related("place")
    if kind:
        found = found.filter(kind=kind)
    return list(found.order_by("place__path", "name", "pk"))


def organisation_for_place(place: Place, *, kind: str = "") -> Organisation | None:
    """The organisation that answers for a place: its own, else the one of the nearest place above.

    Communities and street offices come before other bodies of the same place.
    """
    keys = [int(key) for key in place.path.split("/") if key]
    found = Organisation.objects.filter(active=True, place_id__in=keys)
    if kind:
        found = found.filter(kind=kind)
    offices = [Organisation.Kind.COMMUNITY, Organisation.Kind.STREET_OFFICE]
    best = found.annotate(depth=Length("place__path")).order_by("-depth", "pk")
    return best.filter(kind__in=offices).first() or best.first()


def list_own_organisations(by: Actor) -> list[OrganisationRow]:
    """The organisations in the places that the actor administers, working ones first."""
    found = (
        Organisation.objects.filter(path_under("place__path", by.admin_paths))
        .select_related("place", "parent")
        .annotate(people=Count("roles__account", filter=Q(roles__until_on__isnull=True), distinct=True))
        .order_by("-active", "place__path", "name", "pk")[:LIST_LIMIT]
    )
    return [
        OrganisationRow(
            id=row.pk,
            name=row.name,
            kind_label=row.get_kind_display(),
            place=row.place.name,
            parent=row.parent.name if row.parent else "",
            active=row.active,
            people=row.people,
        )
        for row in found
    ]


def organisation_options(by: Actor) -> list[tuple[int, str]]:
    """The working organisations that the actor may choose from, for pickers."""
    found = Organisation.objects.filter(path_under("place__path", by.admin_paths), active=True)
    return list(found.order_by("place__path", "name", "pk").values_list("pk", "name"))


def place_options(by: Actor) -> list[tuple[int, str]]:
    """The places that the actor administers, down to estates, for pickers: deeper ones are set in."""
    found = Place.objects.filter(path_under("path", by.admin_paths)).exclude(level=Level.BUILDING)
    rows = list(found.order_by("path").values_list("pk", "name", "path")[:PLACES_LIMIT])
    top = min((path.count("/") for _pk, _name, path in rows), default=0)
    return [(pk, "\u3000" * (path.count("/") - top) + name) for pk, name, path in rows]


def list_accounts(by: Actor, *, at: datetime, text: str = "", offset: int = 0, limit: int = 50) -> list[AccountRow]:
    """The accounts holding a role in the places that the actor administers, by name; two queries."""
    day = local_day(at)
    mine = Role.objects.filter(path_under("place__path", by.admin_paths))
    roles = mine.select_related("organisation", "place").order_by("since_on", "pk")
    page = (
        _accounts_under(by, text)
        .order_by("username", "pk")
        .prefetch_related(Prefetch("roles", queryset=roles, to_attr="shown_roles"))
    )
    return [
        AccountRow(
            id=account.pk,
            username=account.username,
            public_name=account.public_name,
            is_active=account.is_active,
            last_login=clock.in_step(account.last_login) if account.last_login else None,
            roles=tuple(role_row(role) for role in account.shown_roles if role.until_on is None or role.until_on > day),
        )
        for account in page[offset : offset + limit]
    ]


def list_roles(account: Account, by: Actor) -> list[RoleRow]:
    """The roles of an account, past ones too, in the places that the actor administers; newest first."""
    found = account.roles.filter(path_under("place__path", by.admin_paths))
    return [role_row(role) for role in found.select_related("organisation", "place").order_by("-since_on", "-pk")]


def list_tokens(by: Actor) -> list[TokenRow]:
    """The tokens of the organisations in the places that the actor administers, newest first."""
    found = (
        ApiToken.objects.filter(path_under("organisation__place__path", by.admin_paths))
        .select_related("organisation")
        .order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "-pk")[:LIST_LIMIT]
    )
    return [
        TokenRow(
            id=token.pk,
            label=token.label,
            prefix=token.prefix,
            organisation=token.organisation.name,
            scopes=tuple(str(TokenScope(scope).label) for scope in token.scopes),
            created_at=token.created_at,
            revoked_at=token.revoked_at,
            last_used_at=token.last_used_at,
        )
        for token in found
    ]


class AccountList(Sequence[AccountRow]):
    """The accounts of the administrator's list as a paginator wants them: counted, and cut where it asks."""

    def __init__(self, *, by: Actor, at: datetime, text: str = "") -> None:
        self.by, self.at, self.text = by, at, text

    def __len__(self) -> int:
        return _accounts_under(self.by, self.text).count()

    @overload
    def __getitem__(self, cut: int) -> AccountRow: ...

    @overload
    def __getitem__(self, cut: slice) -> list[AccountRow]: ...

    def __getitem__(self, cut: int | slice) -> AccountRow | list[AccountRow]:
        if isinstance(cut, int):
            return list_accounts(self.by, at=self.at, text=self.text, offset=cut, limit=1)[0]
        start, stop = cut.start or 0, cut.stop or LIST_LIMIT
        return list_accounts(self.by, at=self.at, text=self.text, offset=start, limit=stop - start)


def _accounts_under(by: Actor, text: str) -> QuerySet[Account]:
    mine = Role.objects.filter(path_under("place__path", by.admin_paths))
    found = Account.objects.filter(pk__in=mine.values("account"))
    if text:
        found = found.filter(Q(username__icontains=text) | Q(public_name__icontains=text))
    return found
