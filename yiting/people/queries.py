"""Reads of people: who acts, the lists of the administrator's pages, and what a person may know of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext

from yiting.people import cipher
from yiting.people.actors import RESIDENT, Actor, Grant
from yiting.people.errors import NotYours, PhoneInvalid
from yiting.people.models import (
    Account,
    ApiToken,
    Organisation,
    Person,
    PersonalReading,
    PersonalRecord,
    PhoneClaim,
    Role,
    RoleKind,
)
from yiting.people.phones import masked_phone, normal_phone
from yiting.places import clock
from yiting.places.models import Level, Place

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

LIST_LIMIT = 200
PLACES_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role as a line of a page."""

    id: int
    kind: str
    kind_label: str
    organisation: str
    place: str
    place_path: str
    since_on: date
    until_on: date | None


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


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading of somebody's record, as that person sees it."""

    who: str
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything that the page 'mine' shows about the person who opens it."""

    account: Account
    person_id: int | None
    name: str
    phone: str
    home: str
    phone_verified: bool
    roles: tuple[RoleRow, ...]
    readings: tuple[ReadingRow, ...]


def local_day(at: datetime) -> date:
    """The day that it is, at that moment, where this installation lives."""
    return timezone.localtime(at).date()


def held_on(day: date) -> Q:
    """Condition on roles: held on that day, at an organisation that still works."""
    return (
        Q(since_on__lte=day)
        & (Q(until_on__isnull=True) | Q(until_on__gt=day))
        & (Q(organisation__isnull=True) | Q(organisation__active=True))
    )


def get_actor(account: Account | AnonymousUser, at: datetime | None = None) -> Actor:
    """Who an account is at this moment: its person and the roles it holds today. Two queries, none for a visitor."""
    if not isinstance(account, Account):
        # request.user is a lazy wrapper: its class says Account only once it was looked up
        if not getattr(account, "is_authenticated", False):
            return RESIDENT
        raise TypeError(f"no account: {type(account).__name__}")
    if not account.is_active:
        return RESIDENT
    day = local_day(at or clock.now())
    roles = (
        Role.objects.filter(held_on(day), account_id=account.pk)
        .select_related("organisation", "place")
        .order_by("since_on", "pk")
    )
    grants = tuple(
        Grant(
            kind=role.kind,
            organisation_id=role.organisation_id,
            organisation_name=role.organisation.name if role.organisation else "",
            place_id=role.place_id,
            place_path=role.place.path,
        )
        for role in roles
    )
    person_id = Person.objects.filter(account_id=account.pk).values_list("pk", flat=True).first()
    return Actor(account_id=account.pk, person_id=person_id, grants=grants, label=str(account))


def get_account(by: Actor, account_id: int) -> Account:
    """An account that the actor administers; one elsewhere is not there."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None or not (by.everywhere or _under(by.admin_paths, role_paths(account))):
        raise NotYours
    return account


def role_paths(account: Account) -> list[str]:
    """The paths of all places over which the account holds a role or once held one."""
    return list(account.roles.order_by("pk").values_list("place__path", flat=True))


def get_role(by: Actor, role_id: int) -> Role:
    """A role over a place that the actor administers."""
    role = Role.objects.select_related("account", "organisation", "place").filter(pk=role_id).first()
    if role is None or not by.administers(role.place.path):
        raise NotYours
    return role


def get_organisation(by: Actor, organisation_id: int) -> Organisation:
    """An organisation in a place that the actor administers."""
    organisation = Organisation.objects.select_related("place").filter(pk=organisation_id).first()
    if organisation is None or not by.administers(organisation.place.path):
        raise NotYours
    return organisation


def get_token(by: Actor, token_id: int) -> ApiToken:
    """A token of an organisation in a place that the actor administers."""
    token = ApiToken.objects.select_related("organisation__place").filter(pk=token_id).first()
    if token is None or not by.administers(token.organisation.place.path):
        raise NotYours
    return token


def get_person_by_phone(phone: str) -> Person | None:
    """The person whom this telephone number identifies, however it is written."""
    try:
        index = cipher.blind_index("phone", normal_phone(phone))
    except PhoneInvalid:
        return None
    record = PersonalRecord.objects.select_related("person").filter(phone_index=index).first()
    return record.person if record else None


def get_account_by_phone(phone: str) -> Account | None:
    """The account that signs in with this number: the one that proved it, else the one that claims it."""
    try:
        index = cipher.blind_index("phone", normal_phone(phone))
    except PhoneInvalid:
        return None
    proved = Account.objects.filter(person__record__phone_index=index).first()
    if proved is not None:
        return proved
    claim = (
        PhoneClaim.objects.select_related("account")
        .filter(phone_index=index)
        .order_by("-claimed_at", "-pk")
        .first()
    )
    return claim.account if claim else None


def get_account_phone(account: Account) -> tuple[str, bool] | None:
    """The number with which an account signs in, and whether it was proved."""
    record = (
        PersonalRecord.objects.filter(person__account_id=account.pk).exclude(phone_verified_at=None).first()
    )
    claim = PhoneClaim.objects.filter(account_id=account.pk).first()
    if record is not None and record.phone:
        return cipher.decrypt(record.phone), True
    return (cipher.decrypt(claim.phone), False) if claim is not None else None


def list_organisations(place: Place, *, kind: str = "") -> list[Organisation]:
    """The working organisations in a place and below it, the nearest to the top first."""
    found = Organisation.objects.filter(active=True, place__path__startswith=place.path).select_related(
        "place"
    )
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
        Organisation.objects.filter(_path_under("place__path", by.admin_paths))
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
    found = Organisation.objects.filter(_path_under("place__path", by.admin_paths), active=True)
    return list(found.order_by("place__path", "name", "pk").values_list("pk", "name"))


def place_options(by: Actor) -> list[tuple[int, str]]:
    """The places that the actor administers, down to estates, as a picker shows a tree: deeper ones set in."""
    found = Place.objects.filter(_path_under("path", by.admin_paths)).exclude(level=Level.BUILDING)
    rows = list(found.order_by("path").values_list("pk", "name", "path")[:PLACES_LIMIT])
    top = min((path.count("/") for _pk, _name, path in rows), default=0)
    return [(pk, "\u3000" * (path.count("/") - top) + name) for pk, name, path in rows]


def get_place(by: Actor, place_id: int) -> Place:
    """A place that the actor administers."""
    place = Place.objects.filter(pk=place_id).first()
    if place is None or not by.administers(place.path):
        raise NotYours
    return place


def list_accounts(
    by: Actor, *, at: datetime, text: str = "", offset: int = 0, limit: int = 50
) -> list[AccountRow]:
    """The accounts holding a role in the places that the actor administers, by name; two queries."""
    day = local_day(at)
    mine = Role.objects.filter(_path_under("place__path", by.admin_paths))
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
            last_login=account.last_login,
            roles=tuple(
                role_row(role) for role in account.shown_roles if role.until_on is None or role.until_on > day
            ),
        )
        for account in page[offset : offset + limit]
    ]


def list_roles(account: Account, by: Actor) -> list[RoleRow]:
    """The roles of an account, past ones too, in the places that the actor administers; newest first."""
    found = account.roles.filter(_path_under("place__path", by.admin_paths))
    return [
        role_row(role) for role in found.select_related("organisation", "place").order_by("-since_on", "-pk")
    ]


def list_tokens(by: Actor) -> list[TokenRow]:
    """The tokens of the organisations in the places that the actor administers, newest first."""
    found = (
        ApiToken.objects.filter(_path_under("organisation__place__path", by.admin_paths))
        .select_related("organisation")
        .order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "-pk")[:LIST_LIMIT]
    )
    return [
        TokenRow(
            id=token.pk,
            label=token.label,
            prefix=token.prefix,
            organisation=token.organisation.name,
            scopes=tuple(token.scopes),
            created_at=token.created_at,
            revoked_at=token.revoked_at,
            last_used_at=token.last_used_at,
        )
        for token in found
    ]


class AccountList:
    """The accounts of the administrator's list as a paginator wants them: counted, and cut where it asks."""

    def __init__(self, *, by: Actor, at: datetime, text: str = "") -> None:
        self.by, self.at, self.text = by, at, text

    def count(self) -> int:
        """How many there are; one query."""
        return _accounts_under(self.by, self.text).count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, cut: slice) -> list[AccountRow]:
        start, stop = cut.start or 0, cut.stop or LIST_LIMIT
        return list_accounts(self.by, at=self.at, text=self.text, offset=start, limit=stop - start)


def get_own_person(by: Actor) -> Person | None:
    """The actor's own person, when they have one."""
    return Person.objects.filter(pk=by.person_id).first() if by.person_id is not None else None


def get_own_page(account: Account, at: datetime) -> OwnPage:
    """What the page 'mine' shows; the reader is the person themself, so that no reading is logged."""
    person = Person.objects.select_related("record").filter(account_id=account.pk).first()
    record = getattr(person, "record", None)
    day = local_day(at)
    roles = (
        account.roles.filter(held_on(day)).select_related("organisation", "place").order_by("since_on", "pk")
    )
    readings = PersonalReading.objects.filter(person=person).order_by("-at", "-pk")[:20] if person else []
    phone, verified = get_account_phone(account) or (cipher.decrypt(record.phone) if record else "", False)
    return OwnPage(
        account=account,
        person_id=person.pk if person else None,
        name=cipher.decrypt(record.name) if record else "",
        phone=masked_phone(phone) if phone else "",
        home=cipher.decrypt(record.home) if record else "",
        phone_verified=verified,
        roles=tuple(role_row(role) for role in roles),
        readings=tuple(ReadingRow(_who(row.role_label), _purpose(row.purpose), row.at) for row in readings),
    )


def list_role_holders(place: Place, kinds: Iterable[str], at: datetime) -> list[Account]:
    """The accounts that hold one of the roles over exactly this place or one above it: whom to tell of a matter."""
    paths = _prefixes(place.path)
    holders = Role.objects.filter(held_on(local_day(at)), kind__in=list(kinds), place__path__in=paths)
    return list(Account.objects.filter(pk__in=holders.values("account"), is_active=True).order_by("pk"))


def list_members(organisation: Organisation, at: datetime) -> list[Account]:
    """The accounts that work for an organisation today."""
    members = Role.objects.filter(held_on(local_day(at)), organisation=organisation)
    return list(Account.objects.filter(pk__in=members.values("account"), is_active=True).order_by("pk"))


def _who(role_label: str) -> str:
    kind, _at, organisation = role_label.partition("@")
    if kind in RoleKind.values:
        return " · ".join(part for part in (str(RoleKind(kind).label), organisation) if part)
    return gettext("This site itself") if kind.startswith("system:") else role_label


def _purpose(purpose: str) -> str:
    known = {
        "notice": gettext("to send you a message"),
        "copy for the person": gettext("to make a copy for you"),
    }
    return known.get(purpose, purpose)


def role_row(role: Role) -> RoleRow:
    """A role as a line of a page; its organisation and place must have been selected with it."""
    return RoleRow(
        id=role.pk,
        kind=role.kind,
        kind_label=str(RoleKind(role.kind).label),
        organisation=role.organisation.name if role.organisation else "",
        place=role.place.name,
        place_path=role.place.path,
        since_on=role.since_on,
        until_on=role.until_on,
    )


def _accounts_under(by: Actor, text: str) -> QuerySet[Account]:
    mine = Role.objects.filter(_path_under("place__path", by.admin_paths))
    found = Account.objects.filter(pk__in=mine.values("account"))
    if text:
        found = found.filter(Q(username__icontains=text) | Q(public_name__icontains=text))
    return found


def _path_under(field: str, paths: Sequence[str]) -> Q:
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def _under(admin_paths: Sequence[str], paths: Iterable[str]) -> bool:
    return any(path.startswith(above) for path in paths for above in admin_paths)


def _prefixes(path: str) -> list[str]:
    parts = [part for part in path.split("/") if part]
    return ["/" + "/".join(parts[: end + 1]) + "/" for end in range(len(parts))]


def phone_is_free(account: Account, phone: str) -> bool:
    """Whether a number that this account has just proved may become its own (see `phone_prove`)."""
    owner = get_person_by_phone(phone)
    if owner is None or owner.account_id == account.pk:
        return True
    return owner.account_id is None and not Person.objects.filter(account_id=account.pk).exists()
