"""What an instrument of law is: its editions, their articles, and which edition a text turns out to be. Pure.

The platform ships titles, days and summaries of its own. The texts themselves come from the bureau; which edition a
text is, and since when it holds, is taken from what it says of itself, else from what is declared here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shiheng.kernel.citation import Number, canonical

INSTRUMENTS: Final = "instruments"
"""The engine of known instruments; lines and third parties declare theirs too."""

LEVELS: Final = ("法律", "行政法规", "司法解释", "部门规章", "地方性法规", "规范性文件", "标准", "未写明")


@dataclass(frozen=True, slots=True)
class KnownEdition:
    """One edition as declared. ``verified``: its first day was read in a text; ``read``: so were those summed up.

    ``mark`` is an article and a few words of it that no other edition has: it tells a text that does not say which
    edition it is. ``summaries`` are ours, by article, and never the words of the instrument.
    """

    in_force_from: date
    adopted: date | None = None
    number: str = ""
    verified: bool = False
    read: bool = False
    until: date | None = None
    mark: tuple[Number, str] | None = None
    summaries: Mapping[Number, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument as declared: what it is called, who issued it, which editions are known."""

    code: str
    title: str
    level: str
    issuer: str
    editions: tuple[KnownEdition, ...]

    @property
    def key(self) -> str:
        return canonical(self.title)

    @property
    def in_force_from(self) -> date:
        return min((edition.in_force_from for edition in self.editions), default=date.min)


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a text; ``chapter`` is the heading it stands under."""

    number: Number
    text: str
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as read from a file: what it says of itself, and its articles in order.

    ``day`` stands in the file's name; ``published`` are the days on which the head says it was promulgated; ``stated``
    is the day its own words set for coming into force, ``on_publication`` that they set the day of promulgation.
    """

    file: str
    title: str
    articles: tuple[Article, ...]
    digest: str
    day: date | None = None
    head: str = ""
    published: tuple[date, ...] = ()
    stated: date | None = None
    on_publication: bool = False
    ended: bool = False
    number: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return canonical(self.title)


@dataclass(frozen=True, slots=True)
class Dating:
    """Since when a text holds, and how that is known.

    ``how``: ``stated`` (an article says so), ``published`` (from promulgation, and the head names that day),
    ``declared`` (it is an edition we know), ``file`` (nothing but the day in the file's name).
    """

    in_force_from: date
    how: str
    verified: bool
    why: str = ""


HOWS: Final = {
    "stated": "条文写明施行日",
    "published": "自公布之日起施行，公布日见文首",
    "declared": "按登记的版本",
    "file": "只有文件名上的日期",
    "": "登记的版本，尚未载入原文",
}


AMENDED: Final = "条文写的施行日早于文件名上的日期，是修正以前的；这一版的施行日文中没有写"


def known_edition(text: Text, editions: Sequence[KnownEdition]) -> KnownEdition | None:
    """The declared edition this text is: by its mark, else by the day it was adopted."""
    words = {article.number: article.text for article in text.articles}
    for edition in editions:
        if edition.mark and edition.mark[1] in words.get(edition.mark[0], ""):
            return edition
    if text.day is None:
        return None
    return next((edition for edition in editions if text.day in {edition.adopted, edition.in_force_from}), None)


def dating(text: Text, editions: Sequence[KnownEdition] = ()) -> Dating | None:
    """Since when the text holds; nothing when neither it nor anything known says so.

    The article on coming into force of an amended text often still names the day of the first edition: it counts only
    where it is not before the day in the file's name.
    """
    known = known_edition(text, editions)
    if text.day is None:
        return _undated(text, editions, known)
    if text.stated and text.stated >= text.day:
        return Dating(text.stated, "stated", True)
    if text.on_publication and text.day in text.published:
        return Dating(text.day, "published", True)
    if known:
        return Dating(known.in_force_from, "declared", known.verified, "" if known.verified else "登记的施行日未见原文")
    if text.on_publication:
        return Dating(text.day, "file", False, "条文写自公布之日起施行，文首没有写这一版的公布日")
    if text.stated:
        return Dating(text.day, "file", False, AMENDED)
    return Dating(text.day, "file", False, "文中没有写施行日")


def _undated(text: Text, editions: Sequence[KnownEdition], known: KnownEdition | None) -> Dating | None:
    if known and text.stated == known.in_force_from:
        return Dating(known.in_force_from, "stated", True)
    if known:
        return Dating(known.in_force_from, "declared", known.verified, "" if known.verified else "登记的施行日未见原文")
    if text.stated is None:
        return None
    if len(editions) == 1 and editions[0].in_force_from == text.stated:
        return Dating(text.stated, "stated", True)
    return Dating(text.stated, "stated", False, "文件没有写明是哪一次修正的文本，条文写的可能是最初的施行日")


def missing(numbers: Iterable[Number]) -> list[Number]:
    """The articles that are not there between the first and the last."""
    held = {number.article for number in numbers}
    return [Number(n) for n in range(1, max(held, default=0) + 1) if n not in held]
