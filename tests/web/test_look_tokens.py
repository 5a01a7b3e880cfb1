"""The colours and sizes of the look, in numbers: contrast, the ministry's sizes, one source of dark."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

import yiting.web

STYLES = Path(yiting.web.__file__).parent / "static" / "yiting"
TOKENS = (STYLES / "tokens.css").read_text("utf-8")
GROUNDS = ("paper", "sheet", "tint", "warm-tint")
TEXTS = ("ink", "ink-2", "accent", "accent-2", "warm", "good")


def block(selector: str) -> dict[str, str]:
    """The declarations of the first rule with this very selector."""
    found = re.search(rf"(?:^|[}}{{/\s]){re.escape(selector)}\s*\{{([^}}]*)\}}", TOKENS)
    assert found, f"no rule {selector}"
    return dict(re.findall(r"--([\w-]+):([^;]+);", found[1]))


LIGHT = block(":root")
DARK = block(":root[data-theme=dark]")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    digits = colour.removeprefix("#")
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right() -> None:
    """Black on white is 21, and a known grey has its published ratio."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), list(itertools.product(TEXTS, GROUNDS)))
def test_every_text_on_every_ground_can_be_read(theme: str, text: str, ground: str) -> None:
    """Any text token on any ground token has at least 4.5:1."""
    tokens = LIGHT if theme == "light" else DARK
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [("accent-ink", "accent"), ("accent-ink", "accent-2"), ("paper", "warm"), ("paper", "accent")],
)
def test_text_on_filled_buttons_can_be_read(theme: str, text: str, ground: str) -> None:
    """Filled buttons, also under the pointer and while listening, have at least 4.5:1."""
    tokens = LIGHT if theme == "light" else DARK
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("drawn", ["edge", "accent", "warm"])
def test_edges_of_controls_and_focus_rings_stand_out(theme: str, ground: str, drawn: str) -> None:
    """What is drawn and must be seen (edges of fields, dots of the way, focus) has at least 3:1."""
    tokens = LIGHT if theme == "light" else DARK
    assert contrast(tokens[drawn], tokens[ground]) >= 3


def test_dark_is_one_set_of_values() -> None:
    """The dark asked for by the system and the dark set by attribute are the same."""
    assert block(":root:not([data-theme=light])") == DARK
    assert set(DARK) == {name for name, value in LIGHT.items() if value.startswith("#")}


@pytest.mark.parametrize(("size", "least_text", "least_target"), [("elder", 24, 60), ("elder-large", 40, 60)])
def test_elder_sizes_are_the_ministrys(size: str, least_text: int, least_target: int) -> None:
    """18 pt and 30 pt for every text, line height of 1.3, targets of 60 px: tokens alone change."""
    tokens = block(f":root[data-size={size}]")
    assert tokens["t"].startswith(f"max({least_text}px,")
    assert {tokens[name] for name in ("t-s", "t-xs", "t-way", "t-bench")} == {"var(--t)"}
    assert float(tokens["lh"]) >= 1.3
    assert int(tokens["target"].removesuffix("px")) >= least_target
    # The space between paragraphs (1 em) is at least 1.3 times the space between lines.
    assert LIGHT["gap"] == "1em"
    assert 1.3 * (float(tokens["lh"]) - 1) <= 1


def test_normal_targets_are_44_px() -> None:
    """Outside the elder mode a target is 44 px."""
    assert LIGHT["target"] == "44px"


@pytest.mark.parametrize("name", ["base.css", "components.css", "bench.css"])
def test_styles_name_no_colour_of_their_own(name: str) -> None:
    """Colours stand in the tokens; the white of a QR code, the black of print and the veil are exceptions."""
    text = re.sub(r"@media print\s*\{(?:[^{}]|\{[^{}]*\})*\}", "", (STYLES / name).read_text("utf-8"))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = text.replace("background:#fff;border-radius:6px", "").replace("rgb(0 0 0/.5)", "")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s})])|rgba?\(|hsla?\(", text)


@pytest.mark.parametrize("name", ["yiting.js", "bench.js"])
def test_scripts_stay_small(name: str) -> None:
    """Comfort weighs less than 12 KB a file."""
    assert (STYLES / name).stat().st_size < 12 * 1024
