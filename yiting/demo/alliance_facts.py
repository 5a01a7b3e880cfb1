"""The page's alliances and its outreach day as data; what it does not say is empty, the rest says 示例 (example)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

SOURCE = "党群版"
SAID_WHEN = "2024年（报上说“目前”）"
# Divisions by their names in the statistical list; the page calls the zone 鄂尔多斯高新区.
ZONE_PLACE = ("street", "鄂尔多斯高新技术产业开发区", "150602405000")
OUTREACH_PLACES = (
    ("county", "康巴什区", "150603000000"),
    ("street", "滨河街道", "150603003000"),
    ("community", "康城社区", "150603003001"),
)


class AllianceFacts(NamedTuple):
    """An alliance as the page tells of it; `members` are places, of which those named come first."""

    slug: str
    name: str
    field: str
    lead: str
    cooperating: str
    rule_name: str
    rule: str
    turns: str
    kinds: tuple[str, ...]
    members: int
    named: tuple[tuple[str, str], ...]
    reported: tuple[tuple[str, int], ...]


FIVE = ("政治理论联学", "优势资源联享", "实践活动联办", "党员队伍联建", "中心工作联促")
ALLIANCES = (
    AllianceFacts(
        slug="zhizao",
        name="智造先锋",
        field="新能源、新材料、先进装备制造业及上下游配套企业",
        lead="",
        cooperating="",
        rule_name="五联五建",
        rule="支部建在项目一线、党旗插在项目一线、队伍包联在项目一线、作用发挥在项目一线、创新争优在项目一线。",
        turns="activity",
        kinds=("支部联建", "阵地联用", "活动联搞", "人才联用", "工作联抓"),
        members=7,
        named=(
            ("party_branch", "晶澳项目指挥部临时党支部"),
            ("party_branch", "奇瑞项目指挥部临时党支部"),
            ("party_branch", "金龙项目指挥部临时党支部"),
        ),
        reported=(("临时党支部", 7), ("党员", 129)),
    ),
    AllianceFacts(
        slug="zhisuan",
        name="智算未来",
        field="大数据、5G、大模型算法、算力中心、未来产业",
        lead="高新技术产业园管理办公室",
        cooperating="发展规划局",
        rule_name="轮值",
        rule="一次活动一轮值，或一季时间一轮值；成员单位有选择地参加。",
        turns="activity",
        kinds=FIVE,
        members=7,
        named=(),
        reported=(("数字经济和算力企业", 7),),
    ),
    AllianceFacts(
        slug="rongyao",
        name="绒耀世界",
        field="轻纺、生物制药、健康食品、康养",
        lead="轻纺产业园管理办公室",
        cooperating="政务服务局",
        rule_name="党建轮值",
        rule="联盟内成员单位实行“党建轮值”。",
        turns="season",
        kinds=(*FIVE[:3], "党建队伍联建", FIVE[4]),
        members=24,
        named=(
            ("enterprise", "原绒收购企业（示例）"),
            ("enterprise", "分梳厂（示例）"),
            ("enterprise", "纺纱厂（示例）"),
            ("enterprise", "成衣厂（示例）"),
            ("institute", "绒纺检测所（示例）"),
        ),
        reported=(("成员单位", 24),),
    ),
    AllianceFacts(
        slug="chuangying",
        name="创赢天下",
        field="科研院所、科研平台、研发机构、科创企业",
        lead="科技人才局",
        cooperating="项目孵化服务中心",
        rule_name="",
        rule="",
        turns="activity",
        kinds=FIVE,
        members=18,
        named=(),
        reported=(("新型研发机构", 18),),
    ),
)

# A year from the demo's day on: an activity a month, or two a season where a season is a turn.
PLANNED = (date(2024, 7, 1), date(2025, 6, 30))
PLANNED_DAY = 18

OUTREACH = "普法宣传进康城 法律意识入民心"
OUTREACH_WHEN = "2024年6月（报上说“近日”，没写日子）"
OUTREACH_LEAD = "康城社区居民委员会"
OUTREACH_HOSTS = (
    ("department", "康巴什区信访局", "康巴什区"),
    ("department", "康巴什区城市管理局", "康巴什区"),
    ("department", "滨河街道司法所", "滨河街道"),
)
OUTREACH_QUESTIONS = (
    "楼上漏水把我家墙泡了，找他他不认，该找谁评理？（示例）",
    "临街店铺的广告牌松了，一刮风就响，怕砸着人。（示例）",
)
PAVILION_DEEDS = (("talk", "反诈宣传"), ("clinic", "爱心义诊"), ("meeting", "小区议事会"))
PAVILION_WHEN = "2024年5月中旬亭子建成以后"

# Upstream, downstream, kind of relation, what: an example of a chain, for the page tells of none.
CHAIN = (
    ("原绒收购企业（示例）", "分梳厂（示例）", "supply", "原绒"),
    ("分梳厂（示例）", "纺纱厂（示例）", "supply", "无毛绒"),
    ("纺纱厂（示例）", "成衣厂（示例）", "supply", "绒纱"),
    ("绒纺检测所（示例）", "分梳厂（示例）", "research", "纤维检测"),
    ("绒纺检测所（示例）", "纺纱厂（示例）", "service", "色牢度检测"),
)
CHAIN_SOURCE = "示例"
VEHICLE_ASKS = (
    ("分梳厂（示例）", "接送班组参加联学用车（示例）"),
    ("纺纱厂（示例）", "送样去检测用车（示例）"),
    ("成衣厂（示例）", "进社区义卖用车（示例）"),
)
