"""Chinese business names taken apart, pure: folding, the trade name (字号), pinyin initials, search tokens.

Folding goes character by character on purpose: only then is the folded part of a name always a part of the folded
name, so that every piece a person types can find it.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from itertools import islice, pairwise, product

import opencc

LONGEST = 300
INITIALS_LENGTH = 12
READINGS_TRIED = 6

# Marks no folded text holds: what a name begins with ``^恒达``, its last character ``达$``, initials ``@hd``.
START, END, INITIAL = "^", "$", "@"
# How a name may begin with a piece, best first: it is the whole trade name, the trade name begins so, the name does.
WHOLE_TRADE, TRADE, NAME = 0, 1, 2
LONGEST_BEGINNING = 4

_SIMPLIFY = opencc.OpenCC("t2s")


class _Folds(dict[int, str]):
    """Character → folded text, worked out once a character (for ``str.translate``)."""

    def __missing__(self, point: int) -> str:
        wide = unicodedata.normalize("NFKD", chr(point)).casefold()
        plain = unicodedata.normalize("NFKD", _SIMPLIFY.convert(wide) if ord(max(wide)) > 0x2E7F else wide)
        folded = "".join(c for c in plain if c.isalnum())
        self[point] = folded
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """``text`` as it is compared: full and half width, case, traditional characters and punctuation made equal."""
    return text.translate(_FOLDS)


def span_of(text: str, folded_part: str) -> tuple[int, int] | None:
    """Where in ``text``, as written, the folded part stands; None when it does not."""
    owners: list[int] = []
    pieces: list[str] = []
    for place, character in enumerate(text):
        piece = fold(character)
        pieces.append(piece)
        owners.extend([place] * len(piece))
    at = "".join(pieces).find(folded_part) if folded_part else -1
    if at < 0:
        return None
    return owners[at], owners[at + len(folded_part) - 1] + 1


@cache
def words(file: str) -> tuple[str, ...]:
    """The words of one data file, longest first, comments left out."""
    text = resources.files("shiheng.subjects").joinpath("words", file).read_text(encoding="utf-8")
    words = {word for line in text.splitlines() if not line.startswith("#") for word in line.split()}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def lines(file: str) -> tuple[str, ...]:
    """The lines of one data file in their order, comments and empty ones left out."""
    text = resources.files("shiheng.subjects").joinpath("words", file).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def _ending(file: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(map(re.escape, words(file)))})$")


# A region at the head of a name, by its own last character: 某某省, 某某市, 某某区 (but 超市 and 社区 are none).
_REGION = re.compile(
    r"(?:[^省市县区]{2,3}省|[^省市县区]{2,8}自治区|[^省市县区州]{2,7}自治州)?"
    r"(?:[^省市县区]{2,4}(?<![超城都夜门上菜集闹])市)?"
    r"(?:[^省市县区]{1,5}(?<![社小园景校片厂])(?:区|县))?"
    r"(?:[^省市县区镇]{1,4}(?:镇|街道))?"
)
# A company's own form in the middle: what follows names its branch.
_COMPANY = re.compile(r"(?:股份|集团|控股|责任)*有限(?:责任)?公司|股份公司|集团公司")
_BRACKETED = re.compile(r"[（(〔\[【][^）)〕\]】]*[）)〕\]】]")


@lru_cache(maxsize=16)
def _places(regions: tuple[str, ...]) -> re.Pattern[str]:
    """Known places at the head: the given regions and the provinces, with or without their last character."""
    known = set(words("provinces.txt"))
    for region in map(fold, regions):
        known.add(region)
        if len(region) > 2 and region[-1] in "省市区县镇":
            known.add(region[:-1])
    ordered = sorted(filter(None, known), key=lambda word: (-len(word), word))
    return re.compile(f"(?:(?:{'|'.join(map(re.escape, ordered))})(?:省|市|区|县|镇|街道)?)+")


def parts(name: str, regions: tuple[str, ...] = ()) -> tuple[str, str, str]:
    """A name folded and cut into region, trade name and the rest: ``云泽市`` ``恒达`` ``食品有限公司``.

    A trade name keeps at least two characters: what would eat it up is left on.
    """
    whole = fold(name)
    bare = fold(_BRACKETED.sub("", name)) or whole
    head = 0
    for pattern in (_places(regions), _REGION):
        if (found := pattern.match(bare, head)) and len(bare) - found.end() >= 2:
            head = found.end()
    if (found := _places(regions).match(bare, head)) and len(bare) - found.end() >= 2:
        head = found.end()
    trade = bare[head:]
    for pattern in (_COMPANY, _ending("forms.txt")):
        if (found := pattern.search(trade)) and found.start() >= 2:
            trade = trade[: found.start()]
            break
    while (found := _ending("industries.txt").search(trade)) and found.start() >= 2:
        trade = trade[: found.start()]
    at = whole.find(trade)
    if at < 0:  # the trade name stood around a bracket
        return "", trade, ""
    return whole[:at], trade, whole[at + len(trade) :]


@cache
def _other_initials() -> dict[str, str]:
    """Characters whose other reading, as a surname or in a brand, begins with another letter: 单 → s, 乐 → y."""
    found: dict[str, str] = {}
    for pair in words("readings.txt"):
        found[pair[0]] = found.get(pair[0], "") + pair[1:]
    return found


def _as_written(text: str) -> str:
    return text


@lru_cache(maxsize=65_536)
def _letters(piece: str) -> str:
    """First letters of one piece by its common reading; Latin letters and figures stand for themselves."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a second to load: only who indexes pays for them

    return "".join(lazy_pinyin(piece, style=Style.FIRST_LETTER, errors=_as_written, strict=False)).lower()


def initials(region: str, trade: str, rest: str) -> set[str]:
    """What a name is looked for by: initials of the whole and from its trade name on, in every likely reading."""
    tail = _letters(rest)
    first = _letters(trade)
    readings = [first]
    if len(first) == len(trade):
        others = _other_initials()
        choices = [dict.fromkeys((first[i], *others.get(c, ""))) for i, c in enumerate(trade)]
        readings = ["".join(reading) for reading in islice(product(*choices), READINGS_TRIED)]
    found = {(reading + tail)[:INITIALS_LENGTH] for reading in readings}
    if region:
        lead = _letters(region)
        found |= {(lead + reading + tail)[:INITIALS_LENGTH] for reading in readings}
    return {text for text in found if text}


def grams(text: str) -> list[str]:
    """Overlapping pairs of characters: ``恒达食`` → ``恒达 达食``."""
    return list(map("".join, pairwise(text)))


def threes(folded: str) -> list[str]:
    """A name as overlapping triples one after another, shorter at its end: whatever it holds begins one of them."""
    return [folded[at : at + 3] for at in range(len(folded) - 2)] + [folded[-2:] + END, folded[-1] + END]


def beginnings(folded: str, trade: str) -> dict[str, int]:
    """What a name or its trade name begins with, as long as there is an index for, and how: each piece the best way."""
    at = folded.find(trade)
    from_trade = folded[at:] if at >= 0 else trade
    held = {folded[:length]: NAME for length in range(1, min(LONGEST_BEGINNING, len(folded)) + 1)}
    for length in range(1, min(LONGEST_BEGINNING, len(from_trade)) + 1 if trade else 1):
        held[from_trade[:length]] = WHOLE_TRADE if from_trade[:length] == trade else TRADE
    return held


def begins(folded: str, trade: str, text: str) -> int | None:
    """How a name begins with ``text``; None where it only holds it further on, or not at all."""
    at = folded.find(trade) if trade else -1
    if trade and (folded.startswith(text, at) if at >= 0 else trade.startswith(text)):
        return WHOLE_TRADE if trade == text else TRADE
    return NAME if folded.startswith(text) else None
