"""The pictures of a result, each beside the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from yiting.ballots.electing import comparison_picture
from yiting.ballots.models import Candidate
from yiting.methods.allocations import Bar, bars_svg
from yiting.projects.money import yuan_shown


def draw_comparison(candidates: Sequence[Candidate], why: Mapping[str, Any], *, names: Sequence[str]) -> str:
    """Which projects each rule would build, or nothing where deputies voted."""
    if not why.get("others"):
        return ""
    title = _("Which projects each rule would build; the table says the same")
    return comparison_picture(candidates, why, title=title, names=names)


def draw_payments(paid: Mapping[Candidate, Mapping[str, int]]) -> str:
    """Out of whose shares each project is paid: amounts in fen by project and group; nothing without payments."""
    groups = list(dict.fromkeys(group for amounts in paid.values() for group in amounts))
    if not groups:
        return ""
    bars = [
        Bar(
            f"[{one.number}] {one.title}",
            tuple(amounts.get(group, 0) for group in groups),
            yuan_shown(one.cost_fen or 0),
        )
        for one, amounts in paid.items()
    ]
    title = _("Out of whose shares each project is paid; the table says the same")
    return bars_svg(bars, parts=groups, title=title, mark="ballot-payments")


def draw_groups(groups: Sequence[Mapping[str, Any]]) -> str:
    """How many of the projects built a ballot of each group wanted on average; nothing for one group alone."""
    if len(groups) < 2:
        return ""
    bars = [Bar(row["group"], (row["winners_mean"],), f"{row['winners_mean']:.1f}") for row in groups]
    title = _("How many of the projects built a ballot wanted, on average; the table says the same")
    return bars_svg(bars, parts=(), title=title, mark="ballot-groups")
