"""Serving: the web server and, beside it, the worker for what can wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import Annotated

import typer
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from yiting.cli.boot import boot
from yiting.cli.output import show_json, tell

ROUND_EVERY = 3600.0
PARENT_SEEN_EVERY = 5.0


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Server processes.")] = 2,
) -> None:
    """Serve the web pages and run the worker, until Ctrl-C."""
    boot()
    start(host=host, port=port, workers=workers)


def start(*, host: str, port: int, workers: int = 2) -> None:
    """Run the server in this process and the worker in a child, which ends when the server ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiting.web.settings")
    command = [sys.executable, "-m", "yiting.cli", "worker", "--parent", str(os.getpid())]
    worker = subprocess.Popen(command)  # noqa: S603  our own interpreter and module
    tell(f"http://{host}:{port}/    Ctrl-C stops it.")
    server = Granian(
        "yiting.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
        log_enabled=False,
    )
    try:
        server.serve()
    finally:
        worker.terminate()
        worker.wait(timeout=20)


def work(
    parent: Annotated[int, typer.Option(hidden=True, help="End when this process is gone.")] = 0,
) -> None:
    """Run the worker: notices, suggestions, reminders and second looks."""
    boot(migrate=False)
    from yiting.alliances.tasks import daily as alliances_daily
    from yiting.ballots.tasks import daily as ballots_daily
    from yiting.deliberation.tasks import daily as deliberation_daily
    from yiting.needs.tasks import daily as needs_daily
    from yiting.notices.tasks import sweep_schedule
    from yiting.projects.tasks import daily as projects_daily

    def enqueue_rounds() -> None:
        needs_daily.enqueue()
        deliberation_daily.enqueue()
        projects_daily.enqueue()
        ballots_daily.enqueue()
        alliances_daily.enqueue()

    sweep_schedule()
    stopped = threading.Event()

    def keep_round() -> None:
        enqueue_rounds()
        while not stopped.wait(ROUND_EVERY):
            enqueue_rounds()

    def follow_parent() -> None:
        while not stopped.wait(PARENT_SEEN_EVERY):
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)

    def end(_number: int, _frame: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    threading.Thread(target=keep_round, daemon=True).start()
    if parent:
        threading.Thread(target=follow_parent, daemon=True).start()
    try:
        call_command("db_worker", queue_name="*", interval=1.0, startup_delay=False, verbosity=0)
    finally:
        stopped.set()


def migrate() -> None:
    """Create or update the tables of whichever database is configured."""
    boot(migrate=False)
    call_command("migrate", interactive=False, verbosity=1)


def day_round(json_out: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Do the daily round now: reminders, second looks, closings, topics and votes that end, hot matters, what fits."""
    boot()
    from yiting.alliances.tasks import pool_round
    from yiting.ballots.tasks import ballots_round
    from yiting.deliberation.tasks import deliberation_round
    from yiting.needs.services import daily_round
    from yiting.places.clock import now
    from yiting.projects.tasks import project_round

    at = now()
    done = daily_round(at=at)
    done |= {f"deliberation {name}": count for name, count in deliberation_round(at=at).items()}
    done |= {f"projects {name}": count for name, count in project_round(at=at).items()}
    done |= {f"ballots {name}": count for name, count in ballots_round(at=at).items()}
    done |= {f"alliances {name}": count for name, count in pool_round(at=at).items()}
    if json_out:
        show_json(done)
    else:
        tell(", ".join(f"{name} {count}" for name, count in done.items()))
