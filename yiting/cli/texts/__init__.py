"""`yiting texts`: the text engine on tables of one's own, without the site and without a database."""

from yiting.cli.texts.commands import app

__all__ = ["app"]
