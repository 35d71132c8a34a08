"""Whether a business scope touches the negative list for market access: which part of it, on which words. Pure.

It finds words, it does not decide: a clerk reads the item. What is taken out ("不含…", "除…外") is no hit.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from shiheng.catalogue.lists.definition import NegativeItem

_PARTS = re.compile(r"[;；。，,、\n]|许可项目[:：]|一般项目[:：]")  # not shown: read only
_ASIDE = re.compile(  # not shown: read only
    r"[(（][^()（）]*(?:不含|不包括|除外|不得)[^()（）]*[)）]"  # not shown: read only
    r"|(?:不含|不包括)[^;；。，,]*"  # not shown: read only
    r"|除[^;；。]{1,60}?(?:以外|之外|外)(?=[的，,;；。)）]|$)"  # not shown: read only
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One part of the scope and the item it meets: ``words`` are those found in it."""

    item: NegativeItem
    part: str
    words: tuple[str, ...]


def check_scope(text: str, items: Iterable[NegativeItem]) -> list[Hit]:
    """Every part of a business scope that names something of the list, in the order of the scope."""
    plain = _ASIDE.sub("", unicodedata.normalize("NFKC", text).replace("(", "（").replace(")", "）"))
    held = list(items)
    hits = []
    for raw in _PARTS.split(plain):
        part = "".join(raw.split())
        for item in held:
            found = tuple(word for word in item.words if word in part)
            if found and not any(word in part for word in item.unless):
                hits.append(Hit(item, part, found))
    return sorted(hits, key=lambda hit: hit.item.measure != "banned")


def marked(hit: Hit) -> list[tuple[str, bool]]:
    """The part cut up into what is a found word and what is not, for a page that marks them."""
    pattern = re.compile("|".join(map(re.escape, sorted(hit.words, key=len, reverse=True))))
    pieces: list[tuple[str, bool]] = []
    at = 0
    for match in pattern.finditer(hit.part):
        pieces += [(hit.part[at : match.start()], False), (match[0], True)]
        at = match.end()
    return [piece for piece in [*pieces, (hit.part[at:], False)] if piece[0]]
