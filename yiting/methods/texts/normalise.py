"""One written form for what people type in many: width, script, numerals, spaces; personal numbers masked."""

import functools
import re
import unicodedata
from typing import Final

import opencc

from yiting.methods.texts.numerals import quantities_to_digits

PHONE: Final = "‹phone›"
IDENTITY: Final = "‹id›"
CARD: Final = "‹card›"
MAIL: Final = "‹mail›"
ACCOUNT: Final = "‹account›"
MASKS: Final = (PHONE, IDENTITY, CARD, MAIL, ACCOUNT)
"""Every token that may stand for a masked number."""

_MOST_PASSES: Final = 6
# Everything but what is surely no invisible mark; what is looked at is then mostly short.
_UNUSUAL: Final = re.compile(r"[^\n\r\t -~\u2013-\u201d\u2026\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]+")
# Characters whose compatibility form is themselves, or for the full-width ones a letter of ASCII: nearly every text.
_COMMON: Final = re.compile(
    r"[\n\r\t -~\u2013\u2014\u2018-\u201d\u3001-\u3003\u3008-\u3011\u3014-\u301b\u4e00-\u9fff\uff01-\uff5e]*"
)
_FULL_WIDTH: Final = re.compile(r"[\uff01-\uff5e]")
_FROM_FULL_WIDTH: Final = 0xFEE0

# Letters for numbers on a telephone line (幺 is one) and every width of digit, one character each.
_DIGIT_FORMS: Final = str.maketrans(
    "零〇一幺二三四五六七八九０１２３４５６７８９－（）＋＠．Ｘｘ", "0011234567890123456789-()+@.Xx"
)
_GAP: Final = r"[-\s.·*—–]{0,2}"
_PERSONAL: Final = re.compile(
    r"(?P<mail>[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})"
    r"|(?<![0-9])(?P<id>[1-9][0-9]{5}[-\s]?(?:18|19|20)[0-9]{2}[-\s]?[0-9]{4}[-\s]?[0-9]{3}[0-9Xx](?![0-9])"
    r"|[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{3}(?![0-9]))"
    rf"|(?<![0-9])(?P<phone>(?:\+?0{{0,2}}86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9]|[万亿]?元)"
    rf"|1[-\s.·][3-9](?:[-\s.·][0-9]){{9}}(?![0-9])"
    rf"|1[3-9][0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}(?![0-9]|[万亿]?元)"
    rf"|\(?0[1-9][0-9]{{1,2}}\)?{_GAP}[2-9][0-9]{{2,3}}{_GAP}[0-9]{{4}}(?:-[0-9]{{1,5}})?(?![0-9]))"
    r"|(?<![0-9])(?P<card>[3-6][0-9]{3}(?:[-\s]?[0-9]{4}){3}(?:[-\s]?[0-9]{1,3})?(?![0-9]))"
    r"|(?:(?<=电话)|(?<=手机)|(?<=座机)|(?<=联系方式)|(?<=联系))[号码为是:：\s]{0,4}(?P<local>[2-9][0-9]{6,7}(?![0-9]))"
    r"|(?:微信|薇信|[Qq]{2}|[Vv][Xx]|[Ww]e[Cc]hat)[号码群为是:：\s]{0,4}(?P<account>[A-Za-z0-9][A-Za-z0-9_-]{4,19})"
)
# Six digits or more in a row of digits and gaps, an @, or a chat account's name: cheap to look for.
_DIGIT: Final = "0-9０-９零〇一幺二三四五六七八九"
_MAY_BE_PERSONAL: Final = re.compile(
    rf"(?=[@＠信QqVvCc{_DIGIT}])(?:[{_DIGIT}](?:[^\u4e00-\u9fff0-9]{{0,4}}[{_DIGIT}]){{5}}|[@＠信]|[Qq]{{2}}|[Vv][Xx]|[Cc]hat)"
)
_MASK_OF: Final = {
    "mail": MAIL,
    "id": IDENTITY,
    "phone": PHONE,
    "card": CARD,
    "local": PHONE,
    "account": ACCOUNT,
}


@functools.cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Bring `text` to one form, so that the same words compare equal; normalising twice changes nothing.

    NFKC, simplified characters, lower case, digits for quantities, single spaces, no control or direction
    marks, and telephone and identity numbers masked. Meant for comparing, not for showing.
    """
    for _ in range(_MOST_PASSES):
        before, text = text, _normalise_once(text)
        if text == before:
            break
    return text


def _normalise_once(text: str) -> str:
    text = _compatible(text).lower()
    text = quantities_to_digits(_to_simplified().convert(text))
    return " ".join(_masked(text).split())


def _compatible(text: str) -> str:
    """Return the NFKC form of `text` without invisible marks."""
    if _COMMON.fullmatch(text):
        return _FULL_WIDTH.sub(lambda found: chr(ord(found.group()) - _FROM_FULL_WIDTH), text)
    return unicodedata.normalize("NFKC", _without_marks(text))


def one_line(text: str) -> str:
    """A text as one line without what no database keeps."""
    return " ".join(text.replace("\x00", "").split())


def mask_personal(text: str) -> str:
    """Put a token in place of each telephone, identity, bank card number, mail address and chat account.

    Nothing else changes but invisible marks, which are dropped since they would hide a number. This is what a
    public page shows of a resident's own words. It does not find names: no rule can do so and miss none.
    """
    return _masked(_without_marks(text))


def _masked(text: str) -> str:
    if not _MAY_BE_PERSONAL.search(text):
        return text
    pieces, done = [], 0
    for found in _PERSONAL.finditer(text.translate(_DIGIT_FORMS)):
        kind = found.lastgroup or "phone"
        start, end = found.span(kind)
        pieces += [text[done:start], _MASK_OF[kind]]
        done = end
    return "".join([*pieces, text[done:]])


def _without_marks(text: str) -> str:
    return _UNUSUAL.sub(lambda found: "".join(_kept(char) for char in found.group()), text)


def _kept(char: str) -> str:
    if char.isspace():
        return " " if char in "\x1c\x1d\x1e\x1f\x85\u2028\u2029" else char
    category = unicodedata.category(char)
    return "" if category[0] == "C" or 0xFE00 <= ord(char) <= 0xFE0F else char
