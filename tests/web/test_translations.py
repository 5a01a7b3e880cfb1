"""The Chinese is complete, keeps the named values of each text, and is the one that is compiled."""

from __future__ import annotations

import gettext
import pathlib
import re

CATALOGUE = pathlib.Path(__file__).resolve().parents[2] / "yiting" / "web" / "locale" / "zh_Hans" / "LC_MESSAGES"
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
NAMED = re.compile(r"%\((\w+)\)[sd]")


def _entries() -> list[dict[str, str]]:
    found = []
    for block in (CATALOGUE / "django.po").read_text(encoding="utf-8").split("\n\n"):
        if block.startswith("#~"):
            continue
        entry: dict[str, str] = {"flags": " ".join(line for line in block.splitlines() if line.startswith("#,"))}
        key = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith('"'):
                key = line.split(" ", 1)[0]
                entry[key] = ""
            for piece in STRING.findall(line):
                entry[key] += piece.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
        if entry.get("msgid"):
            found.append(entry)
    return found


def _chinese(entry: dict[str, str]) -> str:
    return entry.get("msgstr", "") or entry.get("msgstr[0]", "")


def test_every_text_has_its_chinese() -> None:
    entries = _entries()
    assert len(entries) > 1000
    assert not [entry["msgid"] for entry in entries if not _chinese(entry) or "fuzzy" in entry["flags"]]


def test_named_values_are_kept() -> None:
    wrong = []
    for entry in _entries():
        asked = set(NAMED.findall(entry["msgid"] + entry.get("msgid_plural", "")))
        if not set(NAMED.findall(_chinese(entry))) <= asked or asked - set(NAMED.findall(_chinese(entry))) - {"count"}:
            wrong.append(entry["msgid"])
    assert not wrong


def test_what_is_compiled_is_what_is_written() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [
        e["msgid"]
        for e in _entries()
        if "msgid_plural" not in e and "msgctxt" not in e and compiled.gettext(e["msgid"]) != _chinese(e)
    ]
    assert not stale
