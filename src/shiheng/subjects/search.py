"""Finding a subject by any piece of its name, its code or its pinyin initials, in the transactional database itself.

A search goes through tiers, best first, and stops when a page is full: code, whole name, trade name, beginning of the
trade name, beginning of the name, anywhere in a name, initials, and (for several words) every word somewhere. Within
a tier the living come before the gone, current names before former ones, shorter before longer.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from shiheng.accounts.models import Office
from shiheng.subjects import naming, postings
from shiheng.subjects.models import Identifier, Name, SearchName, Subject
from shiheng.subjects.postings import Phrase, Posted

GONE = frozenset({"revoked", "revoked_closed", "deregistered", "cancelled", "moved_out"})
CODES = ("uscc", "regno")
SHORTEST_CODE = 4
MOST = postings.CAP - 1
NARROW = 200  # matches that are read at once and tiered at hand
BATCH = 5_000
HOPS = 8
_PLACE = re.compile("[^省市区县]+[省市区县]")


@dataclass(frozen=True, slots=True)
class Hit:
    """One subject found: under which of its names, how, and where in that name."""

    subject: Subject
    tier: str
    matched: str
    former: bool
    span: tuple[int, int] | None

    @property
    def key(self) -> str:
        """What the public address of the subject ends in: its code, else its id."""
        return self.subject.uscc or str(self.subject.id)

    @property
    def cut(self) -> tuple[str, str, str]:
        """The matched name before, in and after the piece that was asked for."""
        start, end = self.span or (0, 0)
        return self.matched[:start], self.matched[start:end], self.matched[end:]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits; ``total`` is exact up to ``MOST`` when it was asked for, else None."""

    hits: list[Hit] = field(default_factory=list)
    more: bool = False
    total: int | None = None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a person typed, made comparable."""

    whole: str
    words: tuple[str, ...]

    @property
    def code(self) -> str:
        """The text as (the beginning of) a code, or nothing."""
        text = self.whole.upper()
        likely = SHORTEST_CODE <= len(text) <= 18 and text.isascii() and any(c.isdigit() for c in text)
        return text if likely else ""

    @property
    def initials(self) -> str:
        return self.whole[: naming.INITIALS_LENGTH] if len(self.whole) > 1 and self.whole.isascii() else ""


def _asked(text: str) -> _Asked:
    words = tuple(dict.fromkeys(filter(None, (naming.fold(word) for word in text[:200].split()))))
    return _Asked(naming.fold(text[:200]), words[:6])


def _anywhere(part: str) -> Phrase:
    """A piece of a name; one character is the beginning of a pair."""
    return Phrase(tuple(naming.phrase(part))) if len(part) > 1 else Phrase((part,), open_end=True)


_Fetch = Callable[[int], list[Posted]]  # at most so many names, best first
_PARTS = ("name", "trade", "trade_beginning", "beginning", "part")


def _tiers(text: str) -> Iterator[tuple[str, _Fetch]]:
    """The better ways to names that hold ``text``, best first."""

    def held(phrase: Phrase) -> _Fetch:
        return lambda limit: postings.matching([phrase], limit)

    yield "name", lambda limit: postings.equal("folded", text, limit)
    yield "trade", lambda limit: postings.equal("trade", text, limit)
    yield "trade_beginning", held(Phrase(tuple(naming.phrase(text, naming.TRADE))))
    yield "beginning", held(Phrase(tuple(naming.phrase(text, naming.START))))


def _tier_of(text: str, name: Posted) -> str:
    """The tier of a name that holds ``text``."""
    if name.folded == text:
        return "name"
    if name.trade == text:
        return "trade"
    if naming.from_trade(name.folded, name.trade).startswith(text):
        return "trade_beginning"
    return "beginning" if name.folded.startswith(text) else "part"


def _by_code(code: str, limit: int) -> list[int]:
    """The subjects whose code begins so, in the order of codes; merged ones by what they were merged into."""
    found: list[int] = []
    for kind in CODES:  # one kind at a time: the index then gives the order and ends at the limit
        rows = Identifier.objects.filter(kind=kind, value__gte=code, value__lt=code + "\U0010ffff").order_by("value")
        found += rows.values_list("subject_id", flat=True)[: limit - len(found)]
        if len(found) >= limit:
            break
    merged = Subject.objects.filter(id__in=found, redirect_to__isnull=False).values_list("id", "redirect_to_id")
    to = {subject: _survivor(survivor) for subject, survivor in merged if survivor}
    return list(dict.fromkeys(to.get(subject, subject) for subject in found))


def _survivor(subject_id: int) -> int:
    """Follow merges to the file that goes on."""
    for _ in range(HOPS):
        to = Subject.objects.filter(id=subject_id).values_list("redirect_to_id", flat=True).first()
        if to is None:
            break
        subject_id = to
    return subject_id


_Found = dict[int, tuple[Posted | None, str]]  # subject → the name that was found and by which tier, best first


def find(text: str, *, limit: int = 20, offset: int = 0, count: bool = False) -> Found:
    """One page of the subjects ``text`` may mean, best first; at most ``MOST`` can be paged through."""
    asked = _asked(text)
    limit, offset = max(limit, 1), max(offset, 0)
    if not asked.whole or offset >= MOST:
        return Found(total=0 if count else None)
    wanted = postings.CAP if count else min(offset + limit + 1, postings.CAP)
    found: _Found = {}
    if asked.code:
        found |= dict.fromkeys(_by_code(asked.code, wanted), (None, "code"))
    for tier, name in _names(asked, wanted):
        found.setdefault(name.subject_id, (name, tier))
        if len(found) >= wanted:
            break
    ordered = list(found.items())
    hits = _hits(asked, ordered[offset : offset + limit])
    total = min(len(ordered), MOST) if count else None
    return Found(hits, len(ordered) > offset + limit, total, len(ordered) > MOST)


def _names(asked: _Asked, wanted: int) -> Iterator[tuple[str, Posted]]:
    """Names with their tier, best first; a later query is asked only when its names are wanted."""
    text = asked.whole
    enough = max(wanted, NARROW)
    every = postings.matching([_anywhere(text)], enough)
    if len(every) < enough:  # all of them are at hand: one query has answered every tier
        tiered = [(_tier_of(text, name), name) for name in every]
        yield from sorted(tiered, key=lambda pair: (_PARTS.index(pair[0]), pair[1].rank, pair[1].id))
    else:
        # Several names of one subject may stand in a row: twice as many names are enough in practice.
        for tier, fetch in _tiers(text):
            yield from ((tier, name) for name in fetch(2 * wanted))
        yield from (("part", name) for name in every)
    if asked.initials:
        letters = Phrase((naming.INITIAL + asked.initials,), open_end=True)
        yield from (("initials", name) for name in postings.matching([letters], 2 * wanted))
    if len(asked.words) > 1:
        words = list(map(_anywhere, asked.words))
        yield from (("words", name) for name in postings.matching(words, 2 * wanted))


def _hits(asked: _Asked, page: Sequence[tuple[int, tuple[Posted | None, str]]]) -> list[Hit]:
    """The page's subjects with the name that was found; whoever is gone from the file since is left out."""
    # By key alone: with more conditions SQLite may leave the key for a poorer index.
    subjects = Subject.objects.defer("fields").in_bulk([subject for subject, _ in page])
    hits = []
    for number, (name, tier) in page:
        subject = subjects.get(number)
        if subject is None or not subject.live or subject.redirect_to_id is not None:
            continue
        text = name.text if name else subject.name
        former = name is not None and naming.fold(subject.name) != name.folded
        span = naming.span_of(text, asked.whole) if tier not in {"code", "initials"} else None
        hits.append(Hit(subject, tier, text, former, span))
    return hits


def narrow(rows: "QuerySet[Subject]", text: str) -> "QuerySet[Subject]":
    """Only those of ``rows`` that ``text`` may mean: what a list's search field does."""
    asked = _asked(text)
    if not asked.whole:
        return rows.none()
    by_name = SearchName.objects.filter(id__in=postings.ids([_anywhere(asked.whole)]))
    wanted = Q(id__in=by_name.values("subject_id"))
    if asked.code:
        codes = Identifier.objects.filter(kind__in=CODES, value__gte=asked.code, value__lt=asked.code + "\U0010ffff")
        wanted |= Q(id__in=codes.values("subject_id"))
    if asked.initials:
        letters = Phrase((naming.INITIAL + asked.initials,), open_end=True)
        by_letters = SearchName.objects.filter(id__in=postings.ids([letters]))
        wanted |= Q(id__in=by_letters.values("subject_id"))
    return rows.filter(wanted)


def rank_of(*, gone: bool, former: bool, length: int) -> int:
    """Smaller is better: alive before gone, current before former, shorter before longer."""
    return (2 * gone + former) * postings.BETTER_HALF + min(length, postings.BETTER_HALF - 1)


def regions() -> tuple[str, ...]:
    """The places names begin with here: what the bureaux of this installation are called after."""
    titles = Office.objects.filter(kind__in=["city", "district"]).order_by("path").values_list("title", flat=True)
    places = (place for title in titles for place in _PLACE.findall(title.partition("市场监督")[0]))
    return tuple(dict.fromkeys(places))


def index(subject_ids: Iterable[int], *, afresh: bool = False) -> int:
    """Bring the search rows of these subjects up to date in the caller's transaction; how many names were written.

    A name that stands there with the same rank is left alone, unless ``afresh`` (after the places' names changed).
    """
    places = regions()
    written = 0
    for batch in _batches(subject_ids):
        wanted, standing = _wanted(batch), _standing(batch)
        kept = {key for key, p in standing.items() if not afresh and wanted.get(key) == (p.text, p.rank)}
        postings.unpost([posted for key, posted in standing.items() if key not in kept])
        fresh = [_posting(key, *what, places) for key, what in wanted.items() if key not in kept]
        postings.post(fresh)
        written += len(fresh)
    return written


def forget(subject_ids: Iterable[int]) -> None:
    """Take the search rows of these subjects out, in the caller's transaction."""
    for batch in _batches(subject_ids):
        postings.unpost(list(_standing(batch).values()))


def _batches(subject_ids: Iterable[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for subject_id in subject_ids:
        batch.append(subject_id)
        if len(batch) == BATCH:
            yield sorted(set(batch))
            batch = []
    if batch:
        yield sorted(set(batch))


_Key = tuple[int, str]  # a subject and one of its names, folded


def _standing(batch: list[int]) -> dict[_Key, Posted]:
    """What is posted of a batch."""
    rows = SearchName.objects.filter(subject_id__in=batch).values_list(*Posted._fields)
    return {(posted.subject_id, posted.folded): posted for posted in (Posted(*row) for row in rows)}


def _wanted(batch: list[int]) -> dict[_Key, tuple[str, int]]:
    """Every name, present and former, of the living subjects of a batch, with its rank."""
    rows = Subject.objects.filter(id__in=batch).values_list("id", "name", "status", "live", "redirect_to_id")
    found: dict[_Key, tuple[str, int]] = {}
    gone: dict[int, bool] = {}
    for subject, text, status, live, merged in rows:
        if not live or merged is not None:
            continue
        gone[subject] = status in GONE
        folded = naming.fold(text)[: naming.LONGEST]
        found[subject, folded] = (text, rank_of(gone=gone[subject], former=False, length=len(folded)))
    for subject, text in Name.objects.filter(subject_id__in=batch).order_by("id").values_list("subject_id", "text"):
        if subject in gone:
            folded = naming.fold(text)[: naming.LONGEST]
            rank = rank_of(gone=gone[subject], former=True, length=len(folded))
            found.setdefault((subject, folded), (text, rank))
    return {key: what for key, what in found.items() if key[1]}


def _posting(key: _Key, text: str, rank: int, places: tuple[str, ...]) -> postings.Posting:
    subject, folded = key
    region, trade, rest = naming.parts(text, places)
    trade = trade[: naming.LONGEST]
    letters = sorted(naming.initials(region, trade, rest))
    return postings.Posting(subject, text, folded, trade, " ".join(letters), rank)
