"""Keys with which the programs of an organisation call the API."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.crypto import get_random_string

from yiting.people import policies
from yiting.people.actors import Actor, Grant
from yiting.people.errors import NameMissing, NotAllowed, ScopeUnknown, TokenUnknown
from yiting.people.models import ApiToken, Organisation, TokenScope

LABEL_LIMIT = 80
_PREFIX_LENGTH = 8
_SECRET_LENGTH = 40
_NOTE_USE_EVERY = timedelta(minutes=1)


def token_issue(
    *, by: Actor, organisation: Organisation, label: str, scopes: Sequence[str], at: datetime
) -> tuple[ApiToken, str]:
    """Make a token and return it with its plain text, which is shown this once and kept nowhere."""
    _demand_admin(by, organisation)
    label = label.strip()
    if not 1 <= len(label) <= LABEL_LIMIT:
        raise NameMissing(limit=LABEL_LIMIT)
    if not scopes or not set(scopes) <= set(TokenScope.values):
        raise ScopeUnknown(known=", ".join(TokenScope.values))
    prefix = get_random_string(_PREFIX_LENGTH)
    plain = f"yt_{prefix}_{get_random_string(_SECRET_LENGTH)}"
    token = ApiToken.objects.create(
        organisation=organisation,
        label=label,
        prefix=prefix,
        token_hash=_hash(plain),
        scopes=sorted(set(scopes)),
        created_at=at,
    )
    return token, plain


def token_revoke(*, by: Actor, token: ApiToken, at: datetime) -> ApiToken:
    """Stop a token for good; stopping it twice changes nothing."""
    _demand_admin(by, token.organisation)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
    return token


def token_check(plain: str, at: datetime) -> tuple[ApiToken, Actor]:
    """The token of a call and the actor it speaks for; raises TokenUnknown.

    Only the scope `needs:work` makes the actor a worker of the organisation over its place; what the other
    scopes open is for the API to decide by `token.scopes`. The last use is noted at most once a minute.
    """
    parts = plain.split("_")
    if len(parts) != 3 or parts[0] != "yt":
        raise TokenUnknown
    token = ApiToken.objects.select_related("organisation__place").filter(prefix=parts[1]).first()
    if token is None or not hmac.compare_digest(token.token_hash, _hash(plain)):
        raise TokenUnknown
    if token.revoked_at is not None or not token.organisation.active:
        raise TokenUnknown
    if token.last_used_at is None or at - token.last_used_at >= _NOTE_USE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
        token.last_used_at = at
    return token, _actor_of(token)


def _actor_of(token: ApiToken) -> Actor:
    organisation = token.organisation
    worker = Grant(
        kind="worker",
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        place_id=organisation.place_id,
        place_path=organisation.place.path,
    )
    grants = (worker,) if TokenScope.WORK in token.scopes else ()
    return Actor(account_id=None, person_id=None, grants=grants, label=f"api:{organisation.name}")


def _hash(plain: str) -> str:
    # A random text of this length cannot be guessed, so that a plain hash protects it and a call stays quick.
    return hashlib.sha256(plain.encode()).hexdigest()


def _demand_admin(by: Actor, organisation: Organisation) -> None:
    decision = policies.can_administer(by, place_path=organisation.place.path)
    if not decision:
        raise NotAllowed(decision.reason)
