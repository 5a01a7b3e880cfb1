"""Example contents for the gallery of the look: invented, never stored or shown to residents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from yiting.places import clock
from yiting.web.icons import ICONS

SHEETS = ("components", "home", "elder", "need", "bench", "slip")


@dataclass(frozen=True, slots=True)
class SampleStep:
    """A word of the way."""

    word: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SampleItem:
    """A need in a list."""

    code: str
    title: str
    households: int
    place_name: str = ""
    state_label: str = ""
    waiting: str = ""
    quote: str = ""
    steps: tuple[SampleStep, ...] = ()
    url: str = "#item"
    heard: str = ""


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A row of a timeline."""

    sentence: str
    at: datetime
    role: str = ""
    note: str = ""
    index: int | None = None
    waiting: bool = False


class SampleForm(forms.Form):
    """One of each field."""

    text = forms.CharField(label="要说的事", widget=forms.Textarea(attrs={"rows": 3}), help_text="写几个字就行。")
    estate = forms.ChoiceField(label="在哪个小区", choices=[("", "不说"), ("1", "仁和家园")], required=False)
    phone = forms.CharField(
        label="电话",
        required=False,
        help_text="留了电话，有回音就发短信告诉您。",
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    how = forms.ChoiceField(
        label="您是怎么听说的",
        choices=[("door", "社区上门"), ("phone", "电话"), ("paper", "纸条")],
        widget=forms.RadioSelect,
        required=False,
    )
    photo = forms.FileField(label="照片", required=False)
    agreed = forms.BooleanField(label="本人同意我代他说", help_text="没有本人同意，请先问一声。")


def steps(now: int) -> tuple[SampleStep, ...]:
    """The six words with the `now`-th under way."""
    notes = ("三月", "23 户", "四月二日", "民生实事", "五月中旬", "等您")
    words = (_("hear"), _("sort"), _("talk"), _("choose"), _("do"), _("judge"))
    return tuple(
        SampleStep(str(word), "done" if i < now else "now" if i == now else "next", notes[i])
        for i, word in enumerate(words)
    )


def context(sheet: str) -> dict[str, Any]:
    """What a sheet of the gallery shows."""
    now = clock.now()
    items = [
        SampleItem("A1", "三号楼前消防通道总被占", 41, "仁和家园", "正在议", steps=steps(2)),
        SampleItem(
            "A2",
            "楼道里给电动车充电，夜里害怕",
            36,
            "仁和家园",
            "",
            "等城管局答复，已停表 2 天",
            steps=steps(1),
        ),
        SampleItem(
            "A3",
            "新建居民议事亭",
            1_023,
            "仁和家园",
            "办好了，等您评",
            steps=steps(5),
            quote="老人想下楼坐坐都没地方。",
        ),
    ]
    asked = [
        SampleItem("B1", "三单元门口的灯坏了一个多月", 1, heard="电话，邻居代说"),
        SampleItem("B2", "晚上烧烤摊油烟直往家里灌", 1, heard="手机", state_label="像 3 件已有的事"),
        SampleItem("B3", "健身器材少个螺丝，孩子玩危险", 1, heard="入户", waiting="急"),
        SampleItem("B4", "医保缴费在哪里办", 1, heard="纸条"),
    ]
    rows = [
        SampleRow("街道、社区到现场看了三次", now - timedelta(days=40), "worker@天骄社区", "人大代表同去。", 12),
        SampleRow("列入今年的民生实事项目", now - timedelta(days=6), "street@天骄街道", index=31),
        SampleRow("在等城管局答复", now - timedelta(hours=3), waiting=True),
    ]
    empty = SampleForm({"wrong-text": "", "wrong-phone": "12"}, prefix="wrong")
    empty.add_error("phone", "这个号码少了几位，请再看一眼。")
    return {
        "sheet": sheet,
        "sheets": SHEETS,
        "icon_names": ("pavilion", *ICONS),
        "items": items,
        "asked": asked,
        "rows": rows,
        "way_now": [steps(0), steps(4), steps(5)],
        "form": SampleForm(initial={"text": "小区里没个遮阴的地方，夏天老人没处坐"}),
        "faulty": empty,
        "pager": Paginator(range(90), 30).page(2),
        "at": now - timedelta(hours=26),
        "address": "https://example.org/r/TJ-4K7M-92QP/",
        "code": "TJ-4K7M-92QP",
    }
