"""Two editions of an instrument article by article: what is new, changed, renumbered or gone, by phrase. Pure.

An article put in shifts the numbers of all that follow: so articles are paired by their words first, and by their
number only where the words still have something in common.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from shiheng.catalogue.law.definition import Article

ADDED, CHANGED, REMOVED, MOVED, SAME = "added", "changed", "removed", "moved", "same"
STATES = {ADDED: "新增", CHANGED: "修改", REMOVED: "删去", MOVED: "条号变动", SAME: "未变"}
ALIKE = 0.5
"""From this share of common pairs of characters two articles are one, changed; from half of it where numbers agree."""

_PHRASE = re.compile(r"[^，。；：、！？\n]*[，。；：、！？\n]?")  # not shown: where phrases end


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: ``kind`` is same, added or removed."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One article in the older and the newer edition; ``old`` and ``new`` are its words with what differs apart."""

    state: str
    before: Article | None
    after: Article | None
    old: tuple[Piece, ...] = ()
    new: tuple[Piece, ...] = ()

    @property
    def title(self) -> str:
        return STATES[self.state]


def compare(older: Sequence[Article], newer: Sequence[Article]) -> list[Pair]:
    """The articles of both editions in the newer one's order; what is gone stands where it stood."""
    partner = _partners(older, newer)
    found: list[Pair] = []
    waiting = 0
    taken = set(partner.values())
    for place, after in enumerate(newer):
        at = partner.get(place)
        if at is not None:
            while waiting < at:
                if waiting not in taken:
                    found.append(_gone(older[waiting]))
                waiting += 1
            waiting = max(waiting, at + 1)
        found.append(_pair(older[at], after) if at is not None else Pair(ADDED, None, after, (), _whole(after, ADDED)))
    found += [_gone(older[at]) for at in range(waiting, len(older)) if at not in taken]
    return found


def _gone(article: Article) -> Pair:
    return Pair(REMOVED, article, None, _whole(article, REMOVED), ())


def _whole(article: Article, kind: str) -> tuple[Piece, ...]:
    return (Piece(article.text, kind),)


def _pair(before: Article, after: Article) -> Pair:
    if _plain(before) == _plain(after):
        state = SAME if before.number == after.number else MOVED
        return Pair(state, before, after, _whole(before, SAME), _whole(after, SAME))
    old, new = pieces(before.text, after.text)
    return Pair(CHANGED, before, after, old, new)


def _partners(older: Sequence[Article], newer: Sequence[Article]) -> dict[int, int]:
    """The place in the older edition of every article of the newer one that has one there."""
    found: dict[int, int] = {}
    same: dict[str, list[int]] = {}
    for place, article in enumerate(older):
        same.setdefault(_plain(article), []).append(place)
    for place, article in enumerate(newer):
        if held := same.get(_plain(article)):
            found[place] = held.pop(0)
    free_old = [place for place in range(len(older)) if place not in set(found.values())]
    free_new = [place for place in range(len(newer)) if place not in found]
    grams = {("old", place): _grams(older[place]) for place in free_old}
    grams |= {("new", place): _grams(newer[place]) for place in free_new}
    scored = []
    for at in free_new:
        for was in free_old:
            share = _share(grams["new", at], grams["old", was])
            numbered = newer[at].number == older[was].number
            if share >= (ALIKE / 2 if numbered else ALIKE):
                scored.append((share + (0.1 if numbered else 0), at, was))
    used: set[int] = set()
    for _, at, was in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if at not in found and was not in used:
            found[at] = was
            used.add(was)
    return found


def _plain(article: Article) -> str:
    return re.sub(r"\s", "", article.text)


def _grams(article: Article) -> Counter[str]:
    text = _plain(article)
    return Counter(text[at : at + 2] for at in range(len(text) - 1)) or Counter([text])


def _share(one: Counter[str], other: Counter[str]) -> float:
    common = sum((one & other).values())
    return 2 * common / (sum(one.values()) + sum(other.values()))


def pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut into phrases, those that are not in the other apart."""
    old, new = _phrases(before), _phrases(after)
    was: list[Piece] = []
    now: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        first, second = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            was.append(Piece(first, SAME))
            now.append(Piece(second, SAME))
            continue
        if first:
            was.append(Piece(first, REMOVED))
        if second:
            now.append(Piece(second, ADDED))
    return tuple(was), tuple(now)


def _phrases(text: str) -> list[str]:
    return [phrase for phrase in _PHRASE.findall(text) if phrase]


def counted(pairs: Sequence[Pair]) -> dict[str, int]:
    """How many articles are new, changed, gone, renumbered and the same."""
    held = Counter(pair.state for pair in pairs)
    return {state: held[state] for state in STATES}
