"""Three made-up rounds: the page says that projects are chosen, but not among which. All of it is examples."""

from __future__ import annotations

from typing import NamedTuple

YUAN = 100


class CandidateFacts(NamedTuple):
    """A candidate: where, its cost in yuan, what the department says; `alternatives` where one excludes others.

    `matter` names what residents had asked for, where it came from there.
    """

    title: str
    place: str
    category: str
    yuan: int
    check: str
    feasible: bool = True
    alternatives: str = ""
    matter: str = ""


CHARGING, LITTER = "仁和家园楼道里给电动车充电", "仁和家园垃圾桶满了不清"
CHECKED = "现场看过，能做，价格按去年同类项目估。（示例）"
# What residents of a community voted on, each estate with wishes of its own.
COMMUNITY_TITLE = "天骄社区小改造项目（示例）"
COMMUNITY_ABOUT = "每户一票，喜欢几项就勾几项。钱只够做一部分，怎么算出来的写在下面。（示例）"
COMMUNITY_YUAN = 200_000
COMMUNITY_LIST = (
    CandidateFacts("3号楼前装路灯", "仁和家园", "照明", 36_000, CHECKED),
    CandidateFacts("楼道加装扶手", "仁和家园", "适老", 58_000, CHECKED),
    CandidateFacts("电动车充电棚", "仁和家园", "安全", 80_000, CHECKED, alternatives="充电", matter=CHARGING),
    CandidateFacts("电动车充电柜", "仁和家园", "安全", 66_000, CHECKED, alternatives="充电"),
    CandidateFacts("儿童滑梯", "安和苑", "儿童", 52_000, CHECKED),
    CandidateFacts("健身器材换新", "安和苑", "健身", 48_000, CHECKED),
    CandidateFacts("小区门口修无障碍坡道", "松林小区", "适老", 30_000, CHECKED),
    CandidateFacts("广场喷泉", "松林小区", "绿化", 120_000, "水电费没有人出，建了也开不起来。（示例）", feasible=False),
    CandidateFacts("晾衣架", "松林小区", "便民", 18_000, CHECKED),
)
# How many households of each estate voted, and for which numbers of the list; who reads 7 and 9 lives in the smallest.
COMMUNITY_VOTES = {
    "仁和家园": (24, ((1, 2, 3), (2, 3), (1, 4), (1, 2), (3,), (2, 4, 7))),
    "安和苑": (14, ((5, 6), (5,), (6, 7), (5, 6, 9))),
    "松林小区": (10, ((7, 9), (7,), (9, 7, 2))),
}
# Those who came for a paper ballot, old people most of them.
PAPER_BUILDING, PAPERS = "仁和家园1号楼", 12
PAPER_WISHES = ((2, 7), (2,), (2, 6), (1, 2, 7))
# What the visitor can vote on: the resident of the demo, and its deputy.
ESTATE_TITLE = "仁和家园楼前小项目（示例）"
ESTATE_ABOUT = "勾选想做的，加起来不超过预算。投完不能改。（示例）"
ESTATE_YUAN = 60_000
ESTATE_MOST = {"便民": 1}
ESTATE_LIST = (
    CandidateFacts("1号楼前加两张长椅", "仁和家园", "便民", 8_000, CHECKED),
    CandidateFacts("垃圾房加盖、装水龙头", "仁和家园", "卫生", 26_000, CHECKED, matter=LITTER),
    CandidateFacts("议事亭装灯", "仁和家园", "照明", 12_000, CHECKED),
    CandidateFacts("门口快递架", "仁和家园", "便民", 15_000, CHECKED),
    CandidateFacts("补种树、修花池", "仁和家园", "绿化", 22_000, CHECKED),
)
STREET_TITLE = "天骄街道民生实事候选项目票决（示例）"
STREET_ABOUT = "由人大代表一项一项投赞成、反对或弃权，过半数的入选，钱用完为止。（示例）"
STREET_YUAN = 3_000_000
STREET_LIST = (
    CandidateFacts("老旧小区换雨水管", "天骄街道", "改造", 1_600_000, CHECKED),
    CandidateFacts("社区老年食堂", "天骄社区", "适老", 900_000, CHECKED),
    CandidateFacts("街心口袋公园", "天骄街道", "绿化", 1_100_000, CHECKED),
    CandidateFacts("公交站加座椅和雨棚", "天骄街道", "出行", 400_000, CHECKED),
)
OPENED = "每年先收再比，钱花在大家最想要的地方。（示例）"
COLLECTED = "征集到期，交给部门去看。（示例）"
LISTED = "能做的都列在这里，比预算多，要选一选。（示例）"
VOTING = "名单公示过了，开始投票。（示例）"
COUNTED = "投票到期，当众封箱。（示例）"
