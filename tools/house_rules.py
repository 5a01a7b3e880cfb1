"""The project's own lint: remarks that were made twice in a review. Run as a script; ends with 1 when one is broken.

Each rule has a bad and a good sample, and tests/architecture/test_house_rules.py holds the rule to both.
"""

from __future__ import annotations

import ast
import pathlib
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "ngettext_lazy"}
WRITES = {"create", "bulk_create", "update_or_create", "get_or_create", "bulk_update"}


class Rule(NamedTuple):
    """A rule: what it says, where it holds, how it is found, and a bad and a good sample."""

    name: str
    says: str
    holds: Callable[[str], bool]
    broken: Callable[[ast.AST], bool]
    bad: str
    good: str


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    target = node.func
    return target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""


def _f_string_in_gettext(node: ast.AST) -> bool:
    return _called(node) in GETTEXT and any(isinstance(arg, ast.JoinedStr) for arg in node.args)  # type: ignore[attr-defined]


def _wall_clock(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"timezone", "datetime", "date", "dt"}
    )


def _write_outside_services(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr == "objects"
    )


def _signal_receiver(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(mark, ast.Call) and _called(mark) == "receiver" for mark in node.decorator_list
    )


def _model_ordering(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.ClassDef)
        and node.name == "Meta"
        and any(
            isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id == "ordering"
            for line in node.body
        )
    )


def _float_money(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.endswith("_fen")
        and _called(node.value) in {"FloatField", "DecimalField", "float"}
    )


def _in_services(path: str) -> bool:
    return "/services" in path or "/migrations/" in path


RULES = (
    Rule(
        "gettext-f-string",
        "a translated text takes named values with %, never an f-string: it could not be found in the catalogue",
        lambda path: path.startswith("yiting/"),
        _f_string_in_gettext,
        '_(f"{n} needs")',
        '_("%(n)s needs") % {"n": n}',
    ),
    Rule(
        "one-clock",
        "time is passed in as `at`; only places/clock.py reads the clock",
        lambda path: path.startswith("yiting/") and path != "yiting/places/clock.py",
        _wall_clock,
        "timezone.now()",
        "clock.now()",
    ),
    Rule(
        "write-in-services",
        "rows are written by service functions only",
        lambda path: path.startswith("yiting/") and not _in_services(path),
        _write_outside_services,
        "Need.objects.create(title=title)",
        "need_open(title=title)",
    ),
    Rule(
        "no-receivers",
        "no signal receivers: what happens stands where it happens",
        lambda path: path.startswith("yiting/"),
        _signal_receiver,
        "@receiver(saved)\ndef f(sender): ...",
        "def f(sender): ...",
    ),
    Rule(
        "no-ordering",
        "a model has no default order: a query says its own, ending in the key",
        lambda path: path.startswith("yiting/"),
        _model_ordering,
        "class Meta:\n    ordering = ['at']",
        "class Meta:\n    indexes = []",
    ),
    Rule(
        "money-in-fen",
        "money is integer fen",
        lambda path: path.startswith("yiting/"),
        _float_money,
        "budget_fen = models.FloatField()",
        "budget_fen = models.BigIntegerField()",
    ),
)


def broken_rules(path: str, source: str) -> Iterator[str]:
    """Name each place in a file where a rule is broken."""
    rules = [rule for rule in RULES if rule.holds(path)]
    for node in ast.walk(ast.parse(source)):
        for rule in rules:
            if rule.broken(node):
                yield f"{path}:{getattr(node, 'lineno', 0)}: {rule.name}: {rule.says}"


def main() -> int:
    """Check the tree; print what is broken."""
    broken = [
        line
        for path in sorted((ROOT / "yiting").rglob("*.py"))
        for line in broken_rules(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    ]
    print("\n".join(broken) or "house rules: all kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
