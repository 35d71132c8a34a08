"""A citation of law: which instrument, which article, since when; and how articles are written in Chinese.

Everything declared on a legal basis holds a ``Citation``. Where the text itself lies, and whether it says what is
claimed, is asked of the law library; here is only what can be known from the words of the citation.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, fields, is_dataclass
from datetime import date
from functools import lru_cache
from typing import Final

LOCAL_CHOICE: Final = "本地选择"
"""Stands where an instrument would: no instrument says so, the bureau chose."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Instrument and article; ``in_force_from`` is the first day of the text that was read, where that is known.

    ``verified`` says whether the text itself was read when this was written down; ``note`` says which text that was, or
    what is still to be checked.
    """

    instrument: str
    article: str = ""
    in_force_from: date | None = None
    _: KW_ONLY
    verified: bool = False
    note: str = ""

    def __str__(self) -> str:
        return self.words(str)

    def words(self, say: Callable[[str], str]) -> str:
        """Instrument and article, each word put into the reader's language by ``say``."""
        told = say(TOLD) % {"instrument": say(self.instrument), "article": say(self.article)}
        return told if self.verified else told + say(UNCHECKED)

    @property
    def chosen(self) -> bool:
        """Whether it names no instrument, but a choice of the bureau."""
        return self.instrument == LOCAL_CHOICE


TOLD: Final = "《%(instrument)s》%(article)s"
UNCHECKED: Final = "（条文待核对）"


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with who cites it: the engine, the declaration's code and title, and its first day."""

    engine: str
    code: str
    title: str
    since: date | None
    citation: Citation
    href: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """The number of an article: 第四十四条之一 is ``Number(44, 1)``."""

    article: int
    inserted: int = 0

    def __str__(self) -> str:
        return f"第{in_chinese(self.article)}条" + (f"之{in_chinese(self.inserted)}" if self.inserted else "")

    @property
    def token(self) -> str:
        """As it stands in an address: ``44-1``."""
        return f"{self.article}-{self.inserted}" if self.inserted else str(self.article)


@dataclass(frozen=True, slots=True)
class Reference:
    """One article (or a range of them) in the text of a citation, with its place there."""

    text: str
    start: int
    end: int
    first: Number
    last: Number
    paragraph: int | None = None
    item: int | None = None

    def covers(self, number: Number) -> bool:
        return self.first <= number <= self.last

    def numbers(self) -> Iterator[Number]:
        """The articles meant; of a range every whole number between its ends."""
        yield self.first
        for article in range(self.first.article + 1, self.last.article):
            yield Number(article)
        if self.last != self.first:
            yield self.last


_DIGITS = dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))  # not shown: figures
_PLACES = {"十": 10, "百": 100, "千": 1000}  # not shown: figures
_N = r"[〇零一二两三四五六七八九十百千\d０-９]+"  # not shown: full-width figures stand in real texts
_WITHIN = rf"(?:第({_N})款)?(?:第[（(]?({_N})[）)]?项)?(?:第{_N}目)?"
_ARTICLE = rf"第({_N})条(?:之({_N}))?"
_REFERENCE = re.compile(rf"{_ARTICLE}(?:[至到—－\-～]{_ARTICLE}|{_WITHIN})")
_CONTINUED = re.compile(rf"[、和及与或]+(第{_N}款(?:第[（(]?{_N}[）)]?项)?|第[（(]?{_N}[）)]?项)(?!条)")
_MENTION = re.compile(
    rf"《([^《》]+)》(?:（[^（）]*）)?({_REFERENCE.pattern}(?:[、和及与]+(?:{_REFERENCE.pattern}|第{_N}款|第{_N}项))*)?"
)
_REMARK = re.compile(r"（[^（）]*(?:废止|失效|历史)[^（）]*）$")  # not shown: read only
_STATE = "中华人民共和国"  # not shown: left out of names


def in_chinese(number: int) -> str:
    """154 is 一百五十四, as articles are numbered."""
    if not 0 < number < 10_000:
        raise ValueError(f"no article has the number {number}")
    words, names = "", "〇一二三四五六七八九"  # not shown: figures
    for unit, title in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):  # not shown: figures
        figure = number // unit % 10
        if figure:
            words += names[figure] + title
        elif words and number % unit and not words.endswith("零"):  # not shown: figures
            words += "零"  # not shown: figures
    return words.removeprefix("一") if 10 <= number < 20 else words  # not shown: figures


def read_number(text: str) -> int | None:
    """一百五十四, 一五四, 154 and １５４ are the same; nothing where it is no number."""
    if text and all(character.isdecimal() for character in text):
        return int(text)
    if text and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total, figure = 0, None
    for character in text:
        if character in _DIGITS:
            figure = _DIGITS[character]
        elif character in _PLACES:
            total += (1 if figure is None else figure or 1) * _PLACES[character]
            figure = None
        else:
            return None
    return total + (figure or 0) or None


def read_token(token: str) -> Number | None:
    """``44-1`` of an address, or 第四十四条之一 as somebody typed it."""
    found = re.fullmatch(r"(\d{1,4})(?:-(\d{1,2}))?", token, re.ASCII)
    if found:
        return Number(int(found[1]), int(found[2] or 0)) if int(found[1]) else None
    named = references(token)
    return named[0].first if len(named) == 1 and named[0].text == token else None


def references(text: str) -> tuple[Reference, ...]:
    """The articles a citation names, in its order: 第三十五条第一款、第三十六条; 第十四条至第十六条; 第四十四条之一."""
    found: list[Reference] = []
    at = 0
    while True:
        match = _REFERENCE.search(text, at)
        if match is None:
            return tuple(found)
        article, inserted, to, to_inserted, paragraph, item = (_number(part) for part in match.groups())
        at = match.end()
        if not article:
            continue
        first = Number(article, inserted or 0)
        last = Number(to, to_inserted or 0) if to else first
        last = max(last, first)
        found.append(Reference(match[0], match.start(), match.end(), first, last, paragraph, item))
        while more := _CONTINUED.match(text, at):
            said = re.fullmatch(_WITHIN, more[1])
            if said is None:
                break
            within, further = (_number(part) for part in said.groups())
            held = paragraph if within is None else within
            found.append(Reference(more[1], more.start(1), more.end(1), first, first, held, further))
            at = more.end()


def _number(text: str | None) -> int | None:
    return read_number(text) if text else None


@dataclass(frozen=True, slots=True)
class Mention:
    """An instrument named in running text, with the articles that follow it and the place of both."""

    start: int
    end: int
    citation: Citation
    instrument_at: tuple[int, int]
    article_at: int


def mentions(text: str) -> Iterator[Mention]:
    """Every 《…》 of a text with the articles named right after it."""
    for match in _MENTION.finditer(text):
        article = match[2] or ""
        yield Mention(
            match.start(), match.end(), Citation(match[1], article), match.span(1), match.start(2) if article else -1
        )


@lru_cache(4096)
def canonical(title: str) -> str:
    """One instrument, one name: 《中华人民共和国食品安全法》 and 食品安全法 are the same."""
    plain = re.sub(r"\s", "", title).strip("《》").replace("(", "（").replace(")", "）")
    plain = _REMARK.sub("", plain)
    short = plain.removeprefix(_STATE)
    return short or plain


def within(value: object, *, depth: int = 6) -> Iterator[Citation]:
    """Every citation somewhere in a declaration: in its fields, and in what those hold."""
    if isinstance(value, Citation):
        yield value
    elif depth and not isinstance(value, str | bytes):
        for part in _parts(value):
            yield from within(part, depth=depth - 1)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, tuple | list | set | frozenset):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, part.name) for part in fields(value)]
    return ()
