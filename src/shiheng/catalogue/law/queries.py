"""The law library as pages and other rooms read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from shiheng.catalogue.law.models import Edition, Instrument, Provision
from shiheng.kernel import clock
from shiheng.kernel.citation import Number, canonical, references
from shiheng.kernel.errors import Missing

MOST_FOUND = 200
SHORTEST = 2
WORDS = 6


@dataclass(frozen=True, slots=True)
class Shelf:
    """An instrument with its editions, oldest first."""

    instrument: Instrument
    editions: tuple[Edition, ...] = field(default=())

    def on(self, day: date) -> Edition | None:
        """The edition in force on a day."""
        return in_force(self.editions, day)

    def until(self, edition: Edition) -> date | None:
        """The last day of an edition: its own, or the day before the next begins."""
        later = [e.in_force_from for e in self.editions if e.in_force_from > edition.in_force_from]
        following = date.fromordinal(min(later).toordinal() - 1) if later else None
        return min(filter(None, (edition.until, following)), default=None)

    def ended(self, day: date) -> bool:
        """Whether the last edition is repealed by a day, or its source says that it is."""
        last = self.editions[-1] if self.editions else None
        return last is not None and (last.ended or (last.until is not None and last.until < day))

    @property
    def loaded(self) -> tuple[Edition, ...]:
        return tuple(edition for edition in self.editions if edition.digest)


def in_force(editions: Iterable[Edition], day: date) -> Edition | None:
    """The latest edition that had begun and not ended on a day; of one that ended on an unknown day nothing is said."""
    begun = [edition for edition in editions if edition.in_force_from <= day]
    latest = max(begun, key=lambda edition: edition.in_force_from, default=None)
    if latest is None or latest.ended or (latest.until is not None and latest.until < day):
        return None
    return latest


def shelves(rows: QuerySet[Instrument] | None = None) -> list[Shelf]:
    """Every instrument with its editions, in two queries."""
    held: dict[int, list[Edition]] = {}
    for edition in Edition.objects.order_by("in_force_from"):
        held.setdefault(edition.instrument_id, []).append(edition)
    found = Instrument.objects.order_by("title") if rows is None else rows
    return [Shelf(row, tuple(held.get(row.pk, ()))) for row in found]


def shelf(code: str) -> Shelf:
    """One instrument, or ``Missing``."""
    row = Instrument.objects.filter(code=code).first()
    if row is None:
        raise Missing("law.unknown", "法规库里没有这件法规。请从法规库的目录或搜索里打开。")
    return Shelf(row, tuple(row.editions.order_by("in_force_from")))


def provision(edition: Edition | None, number: Number) -> Provision | None:
    """One article of an edition."""
    if edition is None:
        return None
    return edition.provisions.filter(article=number.article, inserted=number.inserted).first()


def standing(day: date) -> dict[int, bool]:
    """The editions a search reads, each with whether it is in force on the day.

    Where the words of the edition in force are not loaded, the latest loaded one before it is read too.
    """
    found = {}
    for one in shelves():
        now = one.on(day)
        loaded = [edition for edition in one.loaded if edition.in_force_from <= day]
        if now is not None:
            found[now.pk] = True
            if loaded and not now.digest:
                found[loaded[-1].pk] = False
    return found


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found: ``parts`` is its excerpt, each piece with whether it was sought."""

    provision: Provision
    instrument: Instrument
    edition: Edition
    parts: tuple[tuple[str, bool], ...]
    summary: bool
    in_force: bool

    @property
    def seen_on(self) -> date:
        """The first day on which the article reads so."""
        return self.edition.in_force_from


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search: the articles, whether there are more, and the words that were sought."""

    hits: tuple[Hit, ...]
    more: bool
    words: tuple[str, ...]


def search(text: str, *, on: date | None = None, everything: bool = False) -> Found:
    """Articles that hold every word of the query, as in force on a day; ``everything`` seeks older editions too.

    A reference such as 食品安全法第三十五条 finds that article itself.
    """
    day = on or clock.today()
    named = references(text)
    title = text[: named[0].start].strip("《》 ") if named else ""
    rest = text[named[-1].end :] if named else text
    words = tuple(dict.fromkeys(word for word in rest.replace("，", " ").replace("、", " ").split()))[:WORDS]
    words = tuple(word for word in words if len(word) >= SHORTEST or (word.isdigit() and named))
    if not words and not named:
        return Found((), False, words)
    rows, now = Provision.objects.all(), standing(day)
    if not everything:
        rows = rows.filter(edition__in=now)
    for word in words:
        rows = rows.filter(
            GreaterThan(StrIndex("text", Value(word)), 0) | GreaterThan(StrIndex("summary", Value(word)), 0)
        )
    if named:
        wanted = Q()
        for reference in named:
            wanted |= Q(article__gte=reference.first.article, article__lte=reference.last.article)
        rows = rows.filter(wanted)
        if title:
            rows = rows.filter(edition__instrument__key__contains=canonical(title))
    ordered = rows.order_by("edition__instrument__title", "-edition__in_force_from", "article", "inserted")
    chosen = list(ordered.values_list("pk", flat=True)[: MOST_FOUND + 1])  # only numbers are sorted, not the texts
    held = Provision.objects.select_related("edition__instrument").in_bulk(chosen)
    found = [held[pk] for pk in chosen]
    return Found(tuple(_hit(row, words, now) for row in found[:MOST_FOUND]), len(found) > MOST_FOUND, words)


def _hit(row: Provision, words: tuple[str, ...], now: Mapping[int, bool]) -> Hit:
    parts = excerpt(row.text or row.summary, words)
    return Hit(row, row.edition.instrument, row.edition, parts, not row.text, now.get(row.edition_id, False))


AROUND = 60


def excerpt(text: str, words: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """The piece of a text around the first word that was sought, the sought words apart."""
    plain = text.replace("\n", " ")
    places = [place for word in words if (place := plain.find(word)) >= 0]
    start = max(0, min(places, default=0) - AROUND)
    shown = plain[start : start + 3 * AROUND]
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    while shown:
        nearest = min(((at, word) for word in words if (at := shown.find(word)) >= 0), default=None)
        if nearest is None:
            pieces.append((shown, False))
            break
        at, word = nearest
        pieces += [(shown[:at], False), (word, True)]
        shown = shown[at + len(word) :]
    if start + 3 * AROUND < len(plain):
        pieces.append(("…", False))
    return tuple(piece for piece in pieces if piece[0])
