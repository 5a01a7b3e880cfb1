"""Words out of running Chinese text, without a dictionary file, and how telling each word is.

Cutting takes the likeliest row of words (Viterbi over the counts in `wordcounts`); runs of characters which
no known word covers (most names) come out as one piece of up to four characters.
"""

import functools
import math
import re
from collections.abc import Iterable
from typing import Final

from yiting.methods.texts.wordcounts import COUNTED_MESSAGES, WORD_COUNTS

_CHINESE_RUN: Final = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+(?:\.[0-9]+)?")
_LONGEST_PIECE: Final = 4

_ONE_CHARACTER: Final = frozenset(
    "的了是在我有和就不也都要到说这那你他她它们上下去来为以从对与及或等被把向给让将于由而但却并又再还很太更最只才已"
    "后前中里外内间者之其此该各每某本能会可应请望盼吗呢吧啊呀哦嘛么个些种样次年月日天时分元人名家大小多少好没"
)
_FUNCTION_WORDS_TEXT: Final = """
    我们 你们 他们 她们 它们 自己 大家 这个 那个 这些 那些 这样 那样 这里 那里 什么 怎么 如何 为何
    为什么 哪里 哪些 但是 可是 不过 因为 所以 如果 虽然 而且 并且 或者 以及 还是 还有 就是 只是 都是
    不是 也是 可以 可能 能否 是否 能不能 没有 不能 不会 不要 不让 不给 不知 一些 一样 一起 一般 一点
    有些 有的 有没有 其他 其它 其中 之间 之后 之前 以前 以后 关于 对于 由于 通过 根据 按照 为了 作为
    比如 例如 甚至 尤其 特别 非常 十分 比较 几乎 只有 只要 只能 必须 应该 尊敬 领导 您好 你好 谢谢 感谢
    此致 敬礼 书记 市长 局长 区长 县长 厅长 省长 主任 同志 市委 政府 部门 有关 相关 希望 请求 恳请 强烈
    要求 建议 投诉 举报 反映 咨询 请问 询问 反馈 回复 答复 解决 处理 关注 重视 帮助 协调 督促 尽快
    百忙之中 百忙 抽空 老百姓 百姓 群众 市民 居民 业主 本人 问题 情况 现在 目前 至今 一直 已经 今天 昨天
    最近 今年 去年 每天 时候 时间 多次 再次 何时 到底 究竟 真的 其实 确实 知道 觉得 认为 表示 进行 得到
    造成 导致 存在 出现 发生 严重 影响 生活 正常 还我们 一个 两个 几个 一次 一下 有人 没人 一名 一位
    各位 相信 麻烦 辛苦 拜托 诉求 心声 呼声 附近 周边 旁边 位于 地处 位置 地方 上面 下面 里面 外面 前面
    后面 方面 对此 为此 因此 如此 彻底 有效 合理 无果 未果 无人 难道 居然 竟然 不断 继续 仍然 依然 依旧
    不管 无论 根本 完全 全部 所有 整个 属于 给予 能够 予以 我家 我国 我市 我区 我县 我村 本市 本区 贵局
    贵单位 来信 留言 您的 我的 他的 起来 下去 出来 过来 回来 不了 不到 得不到
"""
_FUNCTION_WORDS: Final = frozenset(_FUNCTION_WORDS_TEXT.split())


@functools.cache
def _costs() -> dict[str, float]:
    """Cost of each known word in a cutting: minus the logarithm of how often it is met."""
    counts = dict.fromkeys(_FUNCTION_WORDS, 400) | dict(WORD_COUNTS)
    total = sum(counts.values()) * 2
    return {word: -math.log(count / total) for word, count in counts.items()}


@functools.cache
def _longest_from() -> dict[str, int]:
    """Length of the longest known word that begins with two given characters."""
    longest: dict[str, int] = {}
    for word in _costs():
        longest[word[:2]] = max(longest.get(word[:2], 0), len(word))
    return longest


_UNKNOWN_CHARACTER: Final = 11.0
_FUNCTION_CHARACTER: Final = 7.0


def cut(text: str) -> list[str]:
    """Cut normalised `text` into words and unknown pieces, in order; punctuation and spaces are left out."""
    pieces: list[str] = []
    for found in _CHINESE_RUN.finditer(text):
        run = found.group()
        pieces += [run] if run[0] < "\u4e00" else _join_unknown(_likeliest(run))
    return pieces


def _likeliest(run: str) -> list[str]:
    costs, reach = _costs(), _longest_from()
    best = [math.inf] * (len(run) + 1)
    best[0] = 0.0
    came_from = [0] * (len(run) + 1)
    for start, char in enumerate(run):
        here = best[start]
        alone = here + (_FUNCTION_CHARACTER if char in _ONE_CHARACTER else _UNKNOWN_CHARACTER)
        if alone < best[start + 1]:
            best[start + 1], came_from[start + 1] = alone, start
        longest = reach.get(run[start : start + 2])
        if longest is None:
            continue
        for end in range(start + 2, min(start + longest, len(run)) + 1):
            cost = costs.get(run[start:end])
            if cost is not None and here + cost < best[end]:
                best[end] = here + cost
                came_from[end] = start
    words: list[str] = []
    end = len(run)
    while end:
        words.append(run[came_from[end] : end])
        end = came_from[end]
    return words[::-1]


def _join_unknown(words: Iterable[str]) -> list[str]:
    """Put single characters that are no function words together: they are mostly parts of one name."""
    joined: list[str] = []
    growing = False
    for word in words:
        single = len(word) == 1 and word not in _ONE_CHARACTER
        if single and growing and len(joined[-1]) < _LONGEST_PIECE:
            joined[-1] += word
        else:
            joined.append(word)
        growing = single
    return joined


def is_function_word(word: str) -> bool:
    """Is `word` one that every message has (我们, 希望, 领导), or a character that tells nothing?"""
    return word in _FUNCTION_WORDS or (len(word) == 1 and (word in _ONE_CHARACTER or not word.isdigit()))


def everyday_words() -> frozenset[str]:
    """The words, some of one character, that every message has."""
    return _FUNCTION_WORDS | _ONE_CHARACTER


def is_known(word: str) -> bool:
    """Is `word` in the list of counted words, and not just a piece of unknown text?"""
    return word in WORD_COUNTS


def content_words(text: str) -> list[str]:
    """The words of normalised `text` which may tell what it is about, in order, with repeats."""
    return [word for word in cut(text) if len(word) > 1 and not is_function_word(word) and not word.isdigit()]


def background_share(word: str) -> float:
    """Share of citizens' messages in general that hold `word`; 0 for a word not counted."""
    if word in _FUNCTION_WORDS:
        return max(0.1, WORD_COUNTS.get(word, 0) / COUNTED_MESSAGES)
    return WORD_COUNTS.get(word, 0) / COUNTED_MESSAGES
