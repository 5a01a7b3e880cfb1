"""What the demo answers to matters that are long over. All of it is example: the page tells of none of them."""

from typing import NamedTuple


class Answer(NamedTuple):
    """A final answer, and how those who asked first judge it, in the order in which they asked."""

    text: str
    verdicts: tuple[str, ...]


MATTERS = {
    "仁和家园暖气不热": Answer("换热站换了循环泵，入冬再测一次温。（示例）", ("solved", "partly", "solved")),
    "松林小区暖气不热": Answer("二次管网冲洗过了，入冬上门测温。（示例）", ("solved", "partly")),
    "仁和家园2号楼地下水泵夜里响": Answer("水泵加了减振垫，夜里低速。（示例）", ("solved", "solved", "partly")),
    "仁和家园下雪没人扫结冰": Answer("物业把扫雪排进了值班，坡上备了防滑垫。（示例）", ("solved", "solved")),
    "菜市场搬走买菜远": Answer("和便民菜车说好了，每周二、周五早上停东门。（示例）", ("partly", "solved")),
    "仁和家园遛狗不拴绳": Answer("社区民警上门讲了规定，门口贴了提示。（示例）", ("solved", "partly")),
    "医保怎么缴费": Answer("在社区办了两次帮办，不会用手机的现场交。（示例）", ("solved", "solved", "solved")),
    "仁和家园高层水压小": Answer("加压泵修好了，六层以上入户量过。（示例）", ("solved",)),
    "安和苑楼道灯不亮": Answer("换了十一盏灯，坏了请打物业电话。（示例）", ("solved", "solved")),
    "仁和家园单元门口缺坡道扶手": Answer("三个单元门口装了扶手，坡道做了防滑。（示例）", ("solved", "solved")),
    "仁和家园健身器材坏了": Answer("坏的拆了，换了四件新的。（示例）", ("solved", "partly")),
    "安和苑健身器材坏了": Answer("松的都紧过了，报废的围了起来，等换。（示例）", ("partly",)),
    "松林小区停车收费不合理": Answer("请物业把收费标准贴了出来。（示例）", ("partly", "not")),
}
TO_ONE = "社区打电话答复了本人，该去哪儿、找谁、带什么都说清楚了。（示例）"
