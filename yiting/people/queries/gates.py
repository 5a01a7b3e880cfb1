"""Things had only through their gate: what lies outside the actor's places is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yiting.people.actors import Actor
from yiting.people.errors import NotYours
from yiting.people.models import Account, ApiToken, Organisation, Role
from yiting.people.queries.roles import role_paths
from yiting.places.models import Place


def get_account(by: Actor, account_id: int) -> Account:
    """An account that the actor administers; one elsewhere is not there."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None or not (by.everywhere or _under(by.admin_paths, role_paths(account))):
        raise NotYours
    return account


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


def get_place(by: Actor, place_id: int) -> Place:
    """A place that the actor administers."""
    place = Place.objects.filter(pk=place_id).first()
    if place is None or not by.administers(place.path):
        raise NotYours
    return place


def _under(admin_paths: Sequence[str], paths: Iterable[str]) -> bool:
    return any(path.startswith(above) for path in paths for above in admin_paths)
