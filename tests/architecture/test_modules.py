"""What the import linter cannot see: which parts of a module others may use, marks on views, string links."""

from __future__ import annotations

import ast
import pathlib

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUBJECTS = (
    "places",
    "people",
    "ledger",
    "notices",
    "activities",
    "needs",
    "deliberation",
    "projects",
    "ballots",
    "alliances",
)
# What a module shows to the others: its writes, reads, tables and refusals; and the ground everybody stands on.
SHOWN = {"services", "queries", "models", "errors"}
GROUND = {
    "yiting.places.clock",
    "yiting.places.access",
    "yiting.places.doing",
    "yiting.places.fields",
    "yiting.places.printing",
    "yiting.people.actors",
    "yiting.people.cipher",
    "yiting.people.sessions",
    "yiting.activities.ical",
    "yiting.projects.money",
}
# Who may use more of a module than it shows, and why.
EXCEPTIONS = {
    ("yiting.web.settings", "yiting.web.keys"): "settings make the keys",
    (
        "yiting.cli.needs",
        "yiting.needs.spreadsheets",
    ): "the command reads a mapping file before it calls the service",
    (
        "yiting.cli.demo",
        "yiting.needs.spreadsheets",
    ): "the command turns an unreadable file into one clear line",
    **{
        (f"yiting.cli.{part}", "yiting.needs.spreadsheets"): "tables on one's own disk are read as an office's would be"
        for part in (
            "tables.lines",
            "tables.parquet",
            "tables.refusals",
            "tables.sources",
            "tables.writing",
            "texts.grouping",
        )
    },
    (
        "yiting.demo.messages",
        "yiting.needs.spreadsheets",
    ): "the demo's messages are read as an office's would be",
    (
        "yiting.projects.views.visitors",
        "yiting.needs.views.resident_session",
    ): "one browser is one person, on the pages of needs and of projects",
    ("yiting.web.api", "yiting.places.api"): "the web mounts the routers",
    ("yiting.web.api", "yiting.ledger.api"): "the web mounts the routers",
    ("yiting.web.api", "yiting.needs.api"): "the web mounts the routers",
    ("yiting.web.api", "yiting.projects.api"): "the web mounts the routers",
    ("yiting.cli.serving", "yiting.needs.tasks"): "the worker starts the daily round",
    ("yiting.cli.serving", "yiting.projects.tasks"): "the worker starts the daily round",
    ("yiting.cli.serving", "yiting.deliberation.tasks"): "the worker starts the daily round",
    ("yiting.cli.serving", "yiting.ballots.tasks"): "the worker starts the daily round",
    ("yiting.cli.serving", "yiting.alliances.tasks"): "the worker starts the daily round",
    ("yiting.cli.serving", "yiting.notices.tasks"): "the worker starts the sweep of what was not sent",
}
# Which app's tables may point at which, by string as well as by class.
MAY_POINT_AT = {
    "places": {"places"},
    "people": {"places", "people", "auth", "contenttypes"},
    "ledger": {"ledger"},
    "notices": {"people", "notices"},
    "activities": {"places", "people", "activities"},
    "needs": {"places", "people", "activities", "needs"},
    "deliberation": {"places", "people", "activities", "needs", "deliberation"},
    "projects": {"places", "people", "needs", "deliberation", "projects"},
    "ballots": {"places", "people", "needs", "deliberation", "projects", "ballots"},
    "alliances": {"places", "people", "activities", "needs", "projects", "alliances"},
}


def _imports(path: pathlib.Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def foreign_imports(source: str, imported: set[str]) -> list[str]:
    """Return the imports of a source module that reach into what another module does not show."""
    own = source.split(".")[1]
    wrong = []
    for name in sorted(imported):
        parts = name.split(".")
        if parts[0] != "yiting" or len(parts) < 3 or parts[1] == own or parts[1] not in SUBJECTS:
            continue
        if parts[2] in SHOWN or ".".join(parts[:3]) in GROUND:
            continue
        if any(source == s and name.startswith(t) for s, t in EXCEPTIONS):
            continue
        wrong.append(name)
    return wrong


def test_only_what_a_module_shows_is_used_by_others() -> None:
    wrong = {}
    for path in sorted((ROOT / "yiting").rglob("*.py")):
        source = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if source.count(".") and "migrations" not in source and (found := foreign_imports(source, _imports(path))):
            wrong[source] = found
    assert not wrong


def test_reads_use_no_writes() -> None:
    wrong = {}
    for subject in SUBJECTS:
        room = ROOT / "yiting" / subject
        for path in sorted([*room.glob("queries.py"), *room.glob("queries/*.py")]):
            found = {name for name in _imports(path) if ".services" in name}
            if found:
                wrong[str(path.relative_to(ROOT))] = found
    assert not wrong


def test_the_rule_finds_a_seeded_fault() -> None:
    assert foreign_imports("yiting.projects.views", {"yiting.needs.policies"}) == ["yiting.needs.policies"]
    assert foreign_imports("yiting.projects.views", {"yiting.needs.services"}) == []


def _patterns(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found += _patterns(entry, prefix + str(entry.pattern))
        else:
            found.append((prefix + str(entry.pattern), entry))
    return found


def test_every_view_of_ours_carries_an_access_mark() -> None:
    ours = [(where, p) for where, p in _patterns(get_resolver()) if p.callback.__module__.startswith("yiting.")]
    assert len(ours) > 20
    unmarked = [
        where
        for where, p in ours
        if getattr(p.callback, "access", None) not in {"public", "signed_in", "staff", "admin"}
    ]
    assert not unmarked


def test_tables_point_only_at_tables_below() -> None:
    wrong = []
    for label, below in MAY_POINT_AT.items():
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                target = getattr(field, "related_model", None)
                if target is not None and field.concrete and target._meta.app_label not in below:
                    wrong.append(f"{label}.{model.__name__}.{field.name}")
    assert not wrong


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_module_looks_like_its_neighbours(subject: str) -> None:
    room = ROOT / "yiting" / subject
    for name in ("models", "errors", "queries", "services", "urls"):
        assert (room / f"{name}.py").exists() or (room / name / "__init__.py").exists(), f"{subject} lacks {name}"


def test_no_drawer() -> None:
    drawers = {"utils", "lib", "helpers", "helper", "common", "misc", "manager", "managers"}
    assert not [p for p in (ROOT / "yiting").rglob("*.py") if p.stem in drawers or p.parent.name in drawers]


def test_files_stay_short() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in (ROOT / "yiting").rglob("*.py")
        if "migrations" not in p.parts and (n := len(p.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert not long
