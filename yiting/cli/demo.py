"""`yiting demo`: play the page's facts in, and serve them."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone

from yiting.cli.boot import boot
from yiting.cli.output import progress_bar, refuse, tell
from yiting.cli.serving import start


def play(
    messages: Annotated[Path | None, typer.Option(help="A spreadsheet of real messages to read in as well.")] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="Forget the demo in this data folder and play it anew.")
    ] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Serve it afterwards, until Ctrl-C.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="Port to listen on.")] = 8000,
) -> None:
    """Play the story of 天骄街道 in, once; a second call keeps what is there."""
    if messages is not None and not messages.is_file():
        refuse(f"{messages}: no such file")
    boot(migrate=False)
    if reset:
        _forget()
    boot()
    from yiting.demo import facts
    from yiting.demo.services import demo_play, is_played
    from yiting.needs.spreadsheets import SheetRefused
    from yiting.places.clock import machine_now, now

    if is_played():
        tell(f"The demo is already in {settings.YITING_DATA_DIR}; it is kept as it is.")
    else:
        if _in_use():
            refuse(f"{settings.YITING_DATA_DIR} holds other data. Set YITING_DATA_DIR to an empty folder for the demo.")
        # settings were read before the demo was there, and what serves it is a fork of this process
        settings.DEMO = settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
        settings.CLOCK_BEHIND = timedelta(days=(timezone.localdate(machine_now()) - facts.TODAY).days)
        _marker().write_text(f"{settings.CLOCK_BEHIND.days}\n")
        try:
            with progress_bar("天骄街道") as bar:
                demo_play(messages=messages, at=now(), progress=bar)
        except SheetRefused as refusal:
            refuse(refusal.message)
        tell(f"The demo has been played into {settings.YITING_DATA_DIR}.")
    tell("Accounts (password for all: " + facts.PASSWORD + "):")
    for account in (*facts.ACCOUNTS, facts.SECRETARY):
        tell(f"  {account.username:<8} {account.public_name}")
    if serve:
        start(host=host, port=port)


def _marker() -> Path:
    return Path(settings.YITING_DATA_DIR) / "demo"


def _in_use() -> bool:
    from yiting.people.models import Account
    from yiting.places.models import Place

    return Account.objects.exists() or Place.objects.exists()


def _forget() -> None:
    """Delete the demo's database and files; a folder without the demo's mark is not touched."""
    from django.db import connection

    if not _marker().exists():
        if not Path(settings.YITING_DATA_DIR, "yiting.sqlite3").exists():
            return
        refuse(f"{settings.YITING_DATA_DIR} does not hold the demo, so it is not reset.")
    if connection.vendor != "sqlite":
        refuse("Only a demo in the embedded database can be reset; empty the other database by its own means.")
    connection.close()
    for path in Path(settings.YITING_DATA_DIR).glob("yiting.sqlite3*"):
        path.unlink()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    _marker().unlink()
