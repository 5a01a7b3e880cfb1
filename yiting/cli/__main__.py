"""`python -m yiting.cli` is the `yiting` command."""

from yiting.cli.main import run

run()
