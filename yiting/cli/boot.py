"""What every command that needs the database does first: settings, apps, and tables of the embedded database."""

from __future__ import annotations

import os

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def boot(*, migrate: bool = True) -> None:
    """Make Django ready; create and migrate the embedded database when that is the one in use."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiting.web.settings")
    django.setup()
    if migrate and connection.vendor == "sqlite" and tables_missing():
        call_command("migrate", interactive=False, verbosity=0)


def tables_missing() -> bool:
    """Say whether the database lacks a migration."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
