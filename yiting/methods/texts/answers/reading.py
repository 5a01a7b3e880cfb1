"""A reply read clause by clause: courtesy, the question said again and the passing-on are set aside.

They answer nothing, however long they are. What is left is what the reply really says.
"""

import re
from dataclasses import dataclass
from typing import Final

# Two replies pasted together often stand without a stop between them: a greeting begins a sentence.
_GREETING: Final = re.compile(
    "(?:(?:尊敬|亲爱)的)?(?:网友|网民|信访人|写信人|来信人|来信同志|市民朋友|市民)?[ :,]{0,3}"
    '(?:["“‘][^"”’。]{1,20}["”’])?[ :,]{0,3}[您你]们?好'
    '|(?:(?:尊敬|亲爱)的)?(?:网友|网民)[ :"“‘,]{1,3}[^"”’,。]{0,20}["”’:,]|["“]uu[0-9]+["”]'
)
# The day under a letter is not the day of a deed.
_SIGNED: Final = re.compile(
    "(?:20[0-9]{2}|二[0〇零]1[0-9一二三四五六七八九]) ?[年/.-] ?[0-9]{1,2} ?[月/.-] ?[0-9]{1,2} ?日? *"
    '(?=$|["“。]|网友|尊敬|亲爱|[您你])'
)
_SENTENCE_ENDS: Final = re.compile(r"[。!?;]+|(?<=如下)[:,]?")
_CLAUSE_ENDS: Final = re.compile(r"[,:]+| +(?=[\u4e00-\u9fff])")

_COURTESY: Final = re.compile(
    "感谢|谢谢|敬请|谅解|见谅|海涵|^请.{0,6}放心|请.{0,4}(?:理解|支持)|^祝|欢迎.{0,16}(?:监督|意见|建议)|歉意|抱歉"
    "|热忱|竭诚|^特此|^此复|高度重视|十分重视"
    "|(?:留言|来信|来函|函件|来帖|来邮|邮件|信件|网帖|帖文|帖子|反映|问题|建议|意见|情况).{0,30}"
    "(?:收悉|获悉|知悉|收到|阅办|已阅|悉知)"
    "|收悉|(?:回复|答复|说明|反馈|情况|回应|解答|作答)(?:意见)?如下|^(?:首先|再次|此致|敬礼)$"
)
# The question said again shows which matter is meant, and no more; what follows it in the clause is kept.
_QUESTION: Final = re.compile(
    "^.{0,14}(?:[您你]|信访人|来信人|投诉人|网友|留言|来信|来函).{0,40}?"
    "(?:反映|反应|来信|来函|留言|咨询|发表|发帖|发布|提出|提到|提及|投诉|所述|所说|所问|网帖|中)"
    ".{0,60}?(?:问题|情况|留言|来信|网帖|帖文|帖子|诉求|事项|一事|建议|意见|回复)"
    "|^现?(?:关于|针对|就).{2,60}?(?:问题|情况|诉求|事项|一事|建议|投诉|请示)"
)
_PASSED_ON: Final = re.compile(
    "转交|转至|转由|转给|转送|转发|转办|转请|转到|批转|移交|交办|函转|发函"
    "|(?:已|将|会|问题|情况|留言).{0,6}转(?=[a-z0-9]{0,3}[市县区]|相关|有关"
    "|[^学让接账业变型正盘换出弯向移].{0,15}(?:局|委|办|公司|部门|单位|中心|政府|街道|镇|乡))"
    "|(?:已|将|会|并).{0,12}交(?:由|给)?(?=相关|有关|[市县区省].{1,10}(?:调查|处理|办理|核实|核处))"
    "|^.{0,6}有.{0,6}(?:情况|结果|进展).{0,8}(?:回复|反馈|答复)"
    "|(?:办理|处理|调查).{0,6}(?:情况|结果).{0,14}(?:回复|反馈|答复|告知)|后续回复"
    "|^.{0,8}(?:答复反馈|核实|核查|办理|处理|核处|办复)(?:、?(?:核处|处理|办理|办复|回复|答复|反馈))*$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply taken apart: sentences of clauses that say something, and what was set aside."""

    said: tuple[tuple[str, ...], ...]
    passed_on: tuple[str, ...]
    """Clauses that only hand the matter to another office."""
    courtesy: tuple[str, ...]

    @property
    def body(self) -> str:
        """What is said, in one text."""
        return "。".join(",".join(sentence) for sentence in self.said)


def read(plain: str) -> Reading:
    """Take a normalised reply apart."""
    said: list[tuple[str, ...]] = []
    passed_on: list[str] = []
    courtesy: list[str] = []
    for sentence in _SENTENCE_ENDS.split(_SIGNED.sub("。", _GREETING.sub("。", plain))):
        kept: list[str] = []
        for clause in _CLAUSE_ENDS.split(sentence):
            rest = _QUESTION.sub("", clause).strip(' 、"“”')
            if _COURTESY.search(clause):
                courtesy.append(clause)
            elif _PASSED_ON.search(rest):
                passed_on.append(rest)
            elif len(rest) > 1:
                kept.append(rest)
        if kept:
            said.append(tuple(kept))
    return Reading(tuple(said), tuple(passed_on), tuple(courtesy))
