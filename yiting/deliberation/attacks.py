"""Words with which a statement is held back until somebody has looked at it: attacks on persons, not on matters.

A short list of what is said to people's faces; it is no censor of opinions and misses whatever is said politely.
"""

from __future__ import annotations

ATTACKS: tuple[str, ...] = (
    "傻逼",
    "傻b",
    "煞笔",
    "沙比",
    "脑残",
    "智障",
    "白痴",
    "蠢货",
    "蠢猪",
    "废物",
    "人渣",
    "败类",
    "畜生",
    "狗东西",
    "狗日的",
    "王八蛋",
    "混蛋",
    "滚蛋",
    "去死",
    "不要脸",
    "贱人",
    "他妈的",
    "你妈的",
    "操你",
    "老不死",
    "死老头",
    "死老太婆",
    "神经病",
    "骗子",
    "idiot",
    "moron",
    "asshole",
    "fuck you",
    "bastard",
    "scum",
)
