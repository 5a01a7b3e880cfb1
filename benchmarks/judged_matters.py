"""Eight matters among the 4,326 real messages, judged by hand: bare ids, and how a grouping agrees with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from python_calamine import CalamineWorkbook

from yiting.methods.texts import Groups, Message

# Eight matters, each found by its words and then read message by message; what a second reader might leave out or take
# in besides stands with a bar before it. Bare ids.
JUDGED = {
    "plant": """
        188809 189950 190108 190523 190802 199379 203393 208285 208714 213464 213930 214282 215563 215842
        216824 217700 222831 225217 231136 233158 234327 235362 238212 239336 239648 243692 244335 244512
        247160 253040 255008 255276 257091 258242 258378 259788 260979 261072 264944 266665 267050 268109
        268300 272224 272361 272447 273282 274004 281348 281546 281902 281943 283482 284485 287331 287458
    """,
    "parking": """
        188801 190337 191001 192739 195511 195995 196264 199190 200085 204960 205277 205982 206355 207243
        209506 209571 212323 213584 214975 218709 218739 220534 222209 223247 224767 225479 229731 230554
        234633 236301 239032 241373 244243 244342 244528 246407 246785 250514 251601 251844 255507 258037
        258386 260254 268299 268626 268920 271517 276016 276460 278263 279070 279941 280774 283879 283901
        285897 286304 289473 289588 289950
    """,
    "fumes": """
        189381 195095 236798 242792 245136 246362 246598 268914 272122 284147 287386 360100 360101 360102
        360103 360104 360105 360106 360107 360108 360109
    """,
    "loan": """
        194343 214238 217032 218132 220711 223787 226265 234320 240554 254532 264119 268251 272413 272858
        275171
    """,
    "intern": """
        195917 233759 242062 266368 360110 360111 360112 360113 360114 | 255719 262477
    """,
    "subsidy": """
        189180 199435 203760 204245 205771 212128 215591 219026 224042 225657 228559 229963 244951 265577
        270015 282104 282248 283494 289408 | 200353 206983 247736 250956 268023
    """,
    "power": """
        200480 218442 225849 231773 234885 254865 262052 268250 272089
    """,
    "rail": """
        191951 202575 216316 243551 263672 266931 | 246974
    """,
}


def readings(name: str) -> tuple[set[str], set[str]]:
    """The ids of a matter read narrowly and widely."""
    sure, _, perhaps = JUDGED[name].partition("|")
    return set(sure.split()), set(sure.split()) | set(perhaps.split())


def pairs_right_strange_and_missed(groups: Groups, gold: set[str]) -> tuple[int, int, int]:
    """Pairs of `gold` that are together, pairs of one of it with a stranger, pairs of it that are not together."""
    parts = [(len(gold & set(matter)), len(matter)) for matter in groups.matters if gold & set(matter)]
    right = sum(n * (n - 1) // 2 for n, _ in parts)
    return right, sum(n * (size - n) for n, size in parts), len(gold) * (len(gold) - 1) // 2 - right


def f1(right: int, strange: int, missed: int) -> float:
    return 2 * right / (2 * right + strange + missed)


def judged_f1(groups: Groups, *, widely: bool) -> float:
    """Pairwise F1 over the eight matters put together, read narrowly or widely."""
    counts = [pairs_right_strange_and_missed(groups, readings(name)[widely]) for name in JUDGED]
    return f1(*map(sum, zip(*counts, strict=True)))


def _when(cell: object) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=UTC)
    if isinstance(cell, date):
        return datetime.combine(cell, time(), tzinfo=UTC)
    try:
        return datetime.strptime(str(cell).replace("-", "/"), "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def real_messages(file: Path) -> list[Message]:
    """The messages of a spreadsheet as the office has it."""
    header, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    return [
        Message(
            id=str(int(float(cell["留言编号"]))),
            title=cell["留言主题"],
            body=cell["留言详情"],
            person=cell["留言用户"],
            at=_when(cell["留言时间"]),
            supports=int(float(cell["点赞数"])),
            objections=int(float(cell["反对数"])),
        )
        for cell in cells
    ]
