"""Who calls: the token of an organisation's program, and what it opens."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from yiting.people.actors import Actor, Grant
from yiting.people.errors import NotAllowed, TokenUnknown
from yiting.people.models import ApiToken, Organisation, TokenScope
from yiting.people.services import token_check
from yiting.places.clock import now

PRINTABLE = re.compile(r"[!-~]{1,100}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A checked token, and the actor it speaks for; the actor works only with the scope needs:work."""

    token: ApiToken
    actor: Actor

    @property
    def organisation(self) -> Organisation:
        """Whose program it is."""
        return self.token.organisation

    @property
    def reader(self) -> Actor:
        """The same actor, seeing what the organisation's workbench shows. It is for queries only."""
        seat = Grant(
            kind="worker",
            organisation_id=self.organisation.pk,
            organisation_name=self.organisation.name,
            place_id=self.organisation.place_id,
            place_path=self.organisation.place.path,
        )
        return replace(self.actor, grants=(seat,))


class Bearer(HttpBearer):
    """`Authorization: Bearer yt_…`, with at least one of these scopes."""

    openapi_description = "A token of an organisation, given out by its administrator."

    def __init__(self, *scopes: TokenScope) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Return the caller, or raise the named refusal."""
        if PRINTABLE.fullmatch(token) is None:
            raise TokenUnknown
        checked, actor = token_check(token, now())
        if not set(self.scopes) & set(checked.scopes):
            raise NotAllowed(
                _("This token lacks the scope %(scope)s. Ask the administrator for one that has it."),
                scope=" / ".join(self.scopes),
            )
        return Caller(checked, actor)


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls a route that a Bearer guards."""
    caller = getattr(request, "auth", None)
    if not isinstance(caller, Caller):
        raise TokenUnknown
    return caller
