"""The page's facts as data. What it does not say is empty here, never made up; the rest says 示例 (example)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

CODE_YEAR = 2023
PLACES = (
    ("province", "内蒙古自治区", "150000000000"),
    ("city", "鄂尔多斯市", "150600000000"),
    ("county", "东胜区", "150602000000"),
    ("street", "天骄街道", "150602006000"),
    ("community", "天骄社区", "150602006001"),
)
ESTATE = "仁和家园"
HOUSEHOLDS = 306
HOUSEHOLDS_ON_ALLOWANCE = 36
BUILDINGS = ("1号楼", "2号楼", "3号楼", "4号楼")
ESTATE_SOURCE = "党群版：2012年建成，三栋回迁房、一栋保障性住房；306户，低保户36户"
EXAMPLE_ESTATES = ("安和苑", "松林小区")
EXAMPLE_SOURCE = "示例"

STREET_OFFICE = "天骄街道办事处"
COMMUNITY = "天骄社区居民委员会"
EXAMPLE_DEPARTMENT = "城市管理部门（示例）"
EXAMPLE_SERVICE = "物业服务中心（示例）"

PROJECT = "新建居民议事亭"
PROJECT_YEAR = 2024
PROJECT_PURPOSE = (
    "小区里夏天没有遮阴的地方，下雨没有躲雨的地方，居民想坐下来歇脚、说话没处去。"
    "在仁和家园建一座居民议事亭：平时歇脚、聊天、下棋，有事在这里商量。"
)
FINISHED = "2024年5月中旬"
TODAY = date(2024, 6, 17)  # the day after the last that is told; the demo's clock is set back to it
SHADE = "仁和家园没处遮阴歇脚"
NEED_TITLE = "仁和家园没有遮阳避雨的歇脚处"


class DemoAccount(NamedTuple):
    """An account of the demo: user name, what it is shown as, its role, and the organisation it is held at."""

    username: str
    public_name: str
    kind: str
    organisation: str


PASSWORD = "yiting-demo"  # noqa: S105  a demo is open to whoever runs it
ACCOUNTS = (
    DemoAccount("guanli", "管理员", "admin", STREET_OFFICE),
    DemoAccount("jiedao", "街道工作人员", "street", STREET_OFFICE),
    DemoAccount("shequ", "社区工作者", "worker", COMMUNITY),
    DemoAccount("daibiao", "人大代表", "deputy", STREET_OFFICE),
    DemoAccount("jumin", "居民", "resident", ""),
)
# A number that belongs to nobody; with it the resident of the demo may vote.
RESIDENT_PHONE = "13800138000"
SECRETARY = DemoAccount("mishu", "联盟联系人", "alliance", "高新技术产业园管理办公室")
