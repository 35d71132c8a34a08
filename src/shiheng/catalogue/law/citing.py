"""Who cites which article, and whether the library has it as in force on the day the citation means.

Declarations are found wherever the registry holds them, whatever engine they are for. What is declared elsewhere (the
folders of sources, the tables of a room) is told through the slot ``law.citations``: functions that give ``Cited``.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shiheng.catalogue.law import queries
from shiheng.catalogue.law.definition import INSTRUMENTS
from shiheng.catalogue.law.models import Edition, Provision
from shiheng.catalogue.law.queries import Shelf
from shiheng.kernel import registry
from shiheng.kernel.calendars.statutory import STATUTORY_HOLIDAYS
from shiheng.kernel.citation import Citation, Cited, Number, canonical, mentions, references, within
from shiheng.kernel.periods import LAWS
from shiheng.ui import slots

log = logging.getLogger(__name__)

SLOT = "law.citations"
slots.declare(SLOT, "引用条文的声明")

ENGINES = {
    "periods": "期限计算",
    "holidays": "法定节假日",
    "permits": "应有许可",
    "misuse": "冒名登记",
    "crowds": "追寻阈值",
    "suspicions": "疑似的准确率",
    "sources": "数据源",
    "lists": "公示名单",
    "sharing": "信息共享",
    "layouts": "报送格式",
    "comparisons": "部门比对",
    "powers": "权责事项",
    "checklists": "检查清单",
    "discretion": "裁量基准",
    "registers": "登记册",
    "procedures": "办理程序",
    "measures": "指标",
    "behaviour": "行为指标",
}
"""What the engines we know are called; another is shown by its code."""


def citations() -> tuple[list[Cited], list[str]]:
    """Every citation of the platform by engine and code, and who could not be asked for theirs."""
    told, failed = _told()
    found = [*_declared(), *_periods(), *_holidays(), *told]
    return sorted(found, key=lambda one: (one.engine, one.code, one.since or date.min)), failed


def _declared() -> Iterator[Cited]:
    for engine in registry.engines():
        if engine == INSTRUMENTS:
            continue
        for code, since, item in registry.held(engine):
            title = str(getattr(item, "title", "") or code)
            for citation in dict.fromkeys(within(item)):
                yield Cited(engine, code, title, since, citation)


def _periods() -> Iterator[Cited]:
    for law, dated in LAWS.items():
        for version in dated.versions:
            for citation in dict.fromkeys(filter(None, (version.value.basis, version.value.roll_basis))):
                yield Cited("periods", law, law, version.since, citation)


def _holidays() -> Iterator[Cited]:
    for version in STATUTORY_HOLIDAYS.versions:
        for mention in mentions(version.value):
            cited = mention.citation
            dated = Citation(cited.instrument, cited.article, version.since, note="未见原文。")
            yield Cited("holidays", version.since.isoformat(), "法定节假日", version.since, dated)


def _told() -> tuple[list[Cited], list[str]]:
    found: list[Cited] = []
    failed: list[str] = []
    for filling in slots.fillings(SLOT):
        try:
            found += filling.function(None, None)
        except Exception:
            log.exception("slot %s: filling %s failed", SLOT, filling.code)
            failed.append(filling.title)
    return found, failed


@dataclass(frozen=True, slots=True)
class Standing:
    """A citation against the library: the edition meant, whether its words are there, and what is not right."""

    cited: Cited
    day: date
    shelf: Shelf | None
    edition: Edition | None
    found: tuple[Number, ...]
    faults: tuple[str, ...]
    words: bool

    @property
    def citation(self) -> Citation:
        return self.cited.citation

    @property
    def settled(self) -> bool:
        """Nothing is left to check: the text was read, and is what it is said to be."""
        return self.citation.verified and not self.faults

    @property
    def why(self) -> tuple[str, ...]:
        """Why it is still to be checked."""
        said = (self.citation.note or "声明时未见原文",) if not self.citation.verified else ()
        return (*said, *self.faults)


class Library:
    """All of the library that citations need, read at once: editions, and which articles each has."""

    def __init__(self) -> None:
        self.shelves = {one.instrument.key: one for one in queries.shelves()}
        self.articles: dict[int, dict[Number, int]] = defaultdict(dict)
        rows = Provision.objects.values_list("edition_id", "article", "inserted", "text").iterator()
        for edition, article, inserted, text in rows:
            self.articles[edition][Number(article, inserted)] = text.count("\n") + 1 if text else 0

    def standing(self, cited: Cited, today: date) -> Standing:
        """How one citation stands: on the day of the text it says was read, else of the declaration, else today."""
        citation = cited.citation
        day = citation.in_force_from or cited.since or today
        if citation.chosen:
            return Standing(cited, day, None, None, (), (), False)
        shelf = self.shelves.get(canonical(citation.instrument))
        if shelf is None:
            return Standing(cited, day, None, None, (), ("法规库里没有这件法规",), False)
        edition = shelf.on(day)
        if edition is None:
            return Standing(cited, day, shelf, None, (), ("这一天没有施行的版本",), False)
        held, faults = self.articles[edition.pk], []
        if not edition.digest:
            return Standing(cited, day, shelf, edition, (), ("这一版的原文没有载入",), False)
        found = []
        for reference in references(citation.article):
            for number in reference.numbers():
                if number in held:
                    found.append(number)
                else:
                    faults.append("这一版没有这一条")
            paragraphs = held.get(reference.first, 0)
            if reference.paragraph and 1 < paragraphs < reference.paragraph:
                faults.append("这一条没有这一款")
        if citation.verified and cited.since and citation.in_force_from and cited.since < citation.in_force_from:
            faults.append("所读的文本比声明施行得晚，此前的文本没有核对")
        return Standing(cited, day, shelf, edition, tuple(found), tuple(dict.fromkeys(faults)), True)


def standings(today: date) -> tuple[list[Standing], list[str]]:
    """Every citation with how it stands, and who could not be asked."""
    library = Library()
    found, failed = citations()
    return [library.standing(one, today) for one in found], failed


def citing(key: str, number: Number | None = None) -> tuple[list[Cited], list[str]]:
    """Who cites an instrument, or one article of it."""
    found, failed = citations()
    return [one for one in found if canonical(one.citation.instrument) == key and _names(one.citation, number)], failed


def _names(citation: Citation, number: Number | None) -> bool:
    return number is None or any(reference.covers(number) for reference in references(citation.article))
