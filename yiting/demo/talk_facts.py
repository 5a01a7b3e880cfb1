"""Questions of the page's pavilion (电动车消防安全治理, 畅通生命通道) with example statements and made votes."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

VOICES = 36


class TopicFacts(NamedTuple):
    """A question, what one should know, and statements: each with how the two camps lean, of ten (agree, disagree)."""

    key: str
    question: str
    background: str
    statements: tuple[tuple[str, tuple[tuple[int, int], tuple[int, int]]], ...]


# Most of those who ride, and most of those who do not.
BIKES = TopicFacts(
    key="bikes",
    question="电动车在哪里停、怎么充电才安全？",
    background="小区里有一百多辆电动车，有的推进楼道充电。大家说说怎么办，都能接受的先做。（示例）",
    statements=(
        ("楼道里不能停电动车，也不能充电。（示例）", ((8, 1), (10, 0))),
        ("先把带棚的充电桩建好，再不让进楼。（示例）", ((10, 0), (8, 1))),
        ("电池可以拿回家充。（示例）", ((8, 1), (1, 8))),
        ("电梯里装识别，电动车进不去。（示例）", ((1, 8), (9, 0))),
        ("充电每度电不能比家里贵太多。（示例）", ((10, 0), (7, 1))),
        ("充电棚要离楼远一点，装上喷淋。（示例）", ((7, 1), (9, 0))),
        ("晚上十一点以后充电自动断电。（示例）", ((2, 7), (8, 1))),
        ("请消防来讲一次电池怎么会着火。（示例）", ((8, 0), (9, 0))),
        ("谁家推进楼道，物业可以挪走。（示例）", ((1, 8), (7, 2))),
        ("给送外卖的留几个快充位。（示例）", ((9, 1), (3, 5))),
    ),
)
LANES = TopicFacts(
    key="lanes",
    question="消防通道怎么才能一直空着？",
    background="3号楼前的通道常有车停。救护车、消防车来了进不去。（示例）",
    statements=(
        ("通道上画线写字，让人一看就知道不能停。（示例）", ((9, 0), (9, 0))),
        ("堵了通道，先打电话请车主挪。（示例）", ((9, 0), (8, 1))),
        ("打了电话不来的，请交警来拖。（示例）", ((3, 6), (9, 0))),
        ("晚上东门外的路边可以停，少来挤小区。（示例）", ((9, 0), (6, 2))),
        ("一户只给一个车位。（示例）", ((1, 8), (7, 2))),
        ("志愿者轮着劝，别让物业一家管。（示例）", ((6, 2), (8, 1))),
        ("通道口装个能放倒的桩，消防有钥匙。（示例）", ((5, 3), (8, 0))),
        ("来客的车停哪里，要有个说法。（示例）", ((9, 0), (7, 1))),
    ),
)
OPENED = "议事亭建好了，先从大家说得多的两件事议起。（示例）"
LANES_CLOSED = "时间到了，拿到议事会上商量。（示例）"
MEETING = "小区议事会：消防通道（示例）"
POINT = "消防通道怎么才能一直空着"
SAID = (
    ("居民", "画了线，写上字，谁都不好意思停。"),
    ("物业", "画线的漆和人工物业出，月底前画好。"),
    ("居民", "来客的车得有地方，东门外晚上能停就好办。"),
)
DECISION = "通道画黄线、写“消防通道”；堵了先打电话请车主挪；东门外夜间可以停车，社区去协调。（示例）"
DISSENT = "有一位觉得只打电话不够，应当请交警拖车；大家同意先试三个月再看。（示例）"
RESOLUTION = "消防通道画线、劝挪，东门外夜间停车（示例）"
PAINT = "通道画黄线、写字"
SIGNS = "和交警商量东门外夜间停车"
CONVENTION = "仁和家园居民公约（示例）"
ARTICLES = (("停车", "消防通道不停车。接到电话，十分钟内挪开。来客的车夜里停东门外。"),)


def vote_of(voice: int, number: int, leanings: tuple[tuple[int, int], tuple[int, int]]) -> int | None:
    """The made vote of a voice on a statement: 1, 0 or -1, and none now and then.

    A voice is of one camp or the other and mostly votes so; the same in every play.
    """
    if (3 * voice + number) % 11 == 0:
        return None
    agree, disagree = leanings[voice % 2]
    drawn = hashlib.sha256(f"{voice} {number}".encode()).digest()[0] % 10
    if drawn < agree:
        return 1
    return -1 if drawn < agree + disagree else 0
