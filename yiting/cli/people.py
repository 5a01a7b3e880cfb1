"""`yiting people`: the first administrator of an installation."""

from __future__ import annotations

from typing import Annotated

import typer

from yiting.cli.boot import boot
from yiting.cli.output import refuse, tell

app = typer.Typer(help="People and their roles.", no_args_is_help=True)


@app.command("add-admin")
def add_admin(
    username: Annotated[str, typer.Argument(help="User name to sign in with.")],
    place: Annotated[str, typer.Option(help="12-digit code of the place to administer.")],
    organisation: Annotated[str, typer.Option(help="Name of the street office or community.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make an administrator over a place, and the organisation if it is new."""
    boot()
    from django.db import transaction

    from yiting.people.actors import system_actor
    from yiting.people.models import Organisation
    from yiting.people.services import account_create, organisation_add, role_grant
    from yiting.places.clock import now
    from yiting.places.errors import Refused
    from yiting.places.queries import get_place_by_code

    by, at = system_actor("command"), now()
    try:
        with transaction.atomic():
            where = get_place_by_code(place)
            office = Organisation.objects.filter(name=organisation, place=where).first() or organisation_add(
                by=by, kind=Organisation.Kind.STREET_OFFICE, name=organisation, place=where
            )
            account = account_create(by=by, username=username, password=password, at=at)
            role_grant(by=by, account=account, kind="admin", place=where, organisation=office, at=at)
    except Refused as refusal:
        refuse(refusal.message)
    tell(f"{username}: administrator of {where.name}")


@app.command("rotate-keys")
def rotate_keys() -> None:
    """Seal every personal record anew under the newest key, after a key was added in keys/cipher.key."""
    boot()
    from yiting.deliberation.services import disputes_rotate
    from yiting.people.actors import system_actor
    from yiting.people.services import personal_rotate

    by = system_actor("command")
    tell(f"{personal_rotate(by=by) + disputes_rotate(by=by)} sealed anew")
