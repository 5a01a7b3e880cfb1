"""Each house rule finds its bad sample and lets its good one pass."""

from __future__ import annotations

import importlib.util
import pathlib

import pytest

PATH = pathlib.Path(__file__).resolve().parents[2] / "tools" / "house_rules.py"
SPEC = importlib.util.spec_from_file_location("house_rules", PATH)
assert SPEC is not None
assert SPEC.loader is not None
house_rules = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(house_rules)


@pytest.mark.parametrize("rule", house_rules.RULES, ids=lambda rule: rule.name)
def test_a_rule_tells_good_from_bad(rule) -> None:
    where = "yiting/needs/views/sample.py"
    assert any(rule.name in line for line in house_rules.broken_rules(where, rule.bad))
    assert not any(rule.name in line for line in house_rules.broken_rules(where, rule.good))
