"""The reference documents are whole: every command, setting and ledger verb stands in them."""

from __future__ import annotations

import pathlib
import re

import typer

from yiting.cli.main import app
from yiting.ledger.services import list_verbs

ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def _commands() -> set[str]:
    def names(click_command, before: str) -> set[str]:
        inner = getattr(click_command, "commands", None)
        if inner is None:
            return {before}
        return {name for key, command in inner.items() for name in names(command, f"{before} {key}")}

    return names(typer.main.get_command(app), "yiting")


def test_every_command_is_documented() -> None:
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    missing = [name for name in sorted(_commands()) if f"`{name}" not in text]
    assert len(_commands()) > 10
    assert not missing


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "yiting").rglob("*.py"))
    read = set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', code)) | set(re.findall(r'env_\w+\("([A-Z_]+)"', code))
    read |= set(re.findall(r'envvar="([A-Z_]+)"', code))
    read -= {"DJANGO_SETTINGS_MODULE", "PATH", "YITING_TEST_PROCESSES"}
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (REFERENCE / "settings.md").read_text(encoding="utf-8"), re.M))
    assert read == documented


def test_every_verb_of_the_ledger_is_documented() -> None:
    text = (REFERENCE / "verbs.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([a-z_.]+)`", text, re.M))
    assert documented == set(list_verbs())


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert not broken
