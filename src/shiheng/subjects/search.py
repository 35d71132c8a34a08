"""Finding a subject by any piece of its name, its code or its pinyin initials, in the transactional database itself.

A search goes through tiers, best first, and stops when a page is full: code, whole name, trade name, beginning of the
trade name, beginning of the name, anywhere in a name, initials, (for several words) every word somewhere, and last
names that differ from what was typed by one slip. Within a tier the living come before the gone, current names before
former ones, shorter before longer.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q, QuerySet

from shiheng.accounts.models import Office
from shiheng.subjects import misspelt, naming, postings, tiers
from shiheng.subjects.models import Identifier, Name, SearchName, Subject
from shiheng.subjects.postings import Posted

GONE = frozenset({"revoked", "revoked_closed", "deregistered", "cancelled", "moved_out"})
CODES = ("uscc", "regno")
WHOLE_CODES = {18: "uscc", 15: "regno"}
SHORTEST_CODE = 4
WHOLE_NAME = 7
MOST = 1000
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
    """What a person typed, and the same made comparable."""

    text: str
    whole: str

    @property
    def words(self) -> list[str]:
        """The words typed apart from each other, where there are several."""
        words = list(dict.fromkeys(filter(None, map(naming.fold, self.text.split()))))
        return words[:6] if len(words) > 1 else []

    @property
    def code(self) -> str:
        """The text as (the beginning of) a code, or nothing."""
        if not self.whole.isascii():
            return ""
        text = self.whole.upper()
        return text if SHORTEST_CODE <= len(text) <= 18 and any(c.isdigit() for c in text) else ""

    @property
    def initials(self) -> str:
        return self.whole[: naming.INITIALS_LENGTH] if len(self.whole) > 1 and self.whole.isascii() else ""


def _asked(text: str) -> _Asked:
    text = text[:200]
    return _Asked(text, naming.fold(text))


_WAYS = {naming.WHOLE_TRADE: "trade", naming.TRADE: "trade_beginning", naming.NAME: "beginning", None: "part"}


def _tier_of(text: str, name: SearchName) -> str:
    """The tier of a name that holds ``text``."""
    return "name" if name.folded == text else _WAYS[naming.begins(name.folded, name.trade, text)]


def _of_code(code: str) -> list[int]:
    """The subject a whole code names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.subject_id, s.redirect_to_id FROM subjects_identifier AS i JOIN subjects_subject AS s "
            "ON s.id = i.subject_id WHERE i.kind = %s AND i.value = %s",
            [WHOLE_CODES[len(code)], code],
        )
        return [_survivor(to) if to else subject for subject, to in cursor.fetchall()]


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


_Found = dict[int, tuple[int | None, str]]  # subject → the rank of the name that was found and how, best first


def ids(text: str, limit: int = 10) -> list[int]:
    """The subjects ``text`` may mean, best first, and nothing read of them."""
    asked = _asked(text)
    return list(_found(asked, limit))[:limit] if asked.whole else []


def find(text: str, *, limit: int = 20, offset: int = 0, count: bool = False) -> Found:
    """One page of the subjects ``text`` may mean, best first; at most ``MOST`` can be paged through."""
    asked = _asked(text)
    limit, offset = max(limit, 1), max(offset, 0)
    if not asked.whole or offset >= MOST:
        return Found(total=0 if count else None)
    # What is found in several ways is counted by reading it, a piece of a name by the index.
    several = asked.whole.isascii() or bool(asked.words)
    wanted = MOST + 1 if count and several else min(offset + limit + 1, MOST + 1)
    found = _found(asked, wanted)
    number = len(found)
    if count and not several and number >= wanted:
        number = max(number, tiers.count(asked.whole, MOST + 1))
    ordered = list(found.items())
    hits = _hits(asked, ordered[offset : offset + limit])
    return Found(hits, len(ordered) > offset + limit, min(number, MOST) if count else None, number > MOST)


def _found(asked: _Asked, wanted: int) -> _Found:
    """So many subjects, best first; a later way is gone only when the ones before found too few."""
    found: _Found = {}
    if code := asked.code:
        if len(code) in WHOLE_CODES and (whole := _of_code(code)):
            return dict.fromkeys(whole, (None, "code"))
        found |= dict.fromkeys(_by_code(code, wanted), (None, "code"))
    if len(found) < wanted:
        for post in tiers.tiered(asked.whole, wanted):
            found.setdefault(post & postings.SUBJECTS, (post >> postings.RANK_BITS & postings.RANKS, "held"))
    if len(found) < wanted:
        for post, how in _posts(asked, wanted, found):
            subject, rank = postings.name_of(post)
            found.setdefault(subject, (rank, how))
            if len(found) >= wanted:
                break
    return found


def _posts(asked: _Asked, wanted: int, found: _Found) -> Iterator[tuple[int, str]]:
    """Names found in other ways than by a piece they hold; what is asked later is asked only when it is wanted."""
    # Several names of one subject may stand in a row: twice as many names are enough in practice.
    if asked.initials:
        yield from ((post, "initials") for post in tiers.lettered(asked.initials, 2 * wanted))
    if words := asked.words:
        yield from ((post, "words") for post in tiers.holding(words, 2 * wanted))
    # What is as long as a whole name may be misspelt into another there is.
    if not found or len(asked.whole) >= WHOLE_NAME:
        yield from ((post, "misspelt") for post in misspelt.posts(asked.whole))


def _hits(asked: _Asked, page: Sequence[tuple[int, tuple[int | None, str]]]) -> list[Hit]:
    """The page's subjects with the name that was found; whoever is gone from the file since is left out."""
    # By key alone: with more conditions SQLite may leave the key for a poorer index.
    numbers = [subject for subject, _ in page]
    subjects = Subject.objects.defer("fields").in_bulk(numbers)
    ranks = {rank for _, (rank, _how) in page if rank is not None}
    names = {(n.subject_id, n.rank): n for n in SearchName.objects.filter(subject_id__in=numbers, rank__in=ranks)}
    hits = []
    for number, (rank, how) in page:
        subject, name = subjects.get(number), names.get((number, -1 if rank is None else rank))
        if subject is None or not subject.live or subject.redirect_to_id is not None:
            continue
        tier = _tier_of(asked.whole, name) if name and how == "held" else how
        text = name.text if name else subject.name
        former = name is not None and naming.fold(subject.name) != name.folded
        span = naming.span_of(text, asked.whole) if tier not in {"code", "initials", "misspelt"} else None
        hits.append(Hit(subject, tier, text, former, span))
    return hits


def narrow(rows: "QuerySet[Subject]", text: str) -> "QuerySet[Subject]":
    """Only those of ``rows`` that ``text`` may mean: what a list's search field does."""
    asked = _asked(text)
    if not asked.whole:
        return rows.none()
    wanted = Q(id__in=tiers.subjects(asked.whole))
    if asked.code:
        codes = Identifier.objects.filter(kind__in=CODES, value__gte=asked.code, value__lt=asked.code + "\U0010ffff")
        wanted |= Q(id__in=codes.values("subject_id"))
    if asked.initials:
        wanted |= Q(id__in=tiers.subjects_lettered(asked.initials))
    return rows.filter(wanted)


def rank_of(*, gone: bool, former: bool, length: int) -> int:
    """Smaller is better: alive before gone, current before former, shorter before longer (beyond 63 all the same)."""
    return (2 * gone + former) * postings.CLASS + min(length, postings.CLASS - 1)


def _free(rank: int, taken: Collection[int]) -> int | None:
    """The rank of its class nearest ``rank`` that no other name of the subject has; None after 64 of a class."""
    first = rank - rank % postings.CLASS
    ranks = (*range(rank, first + postings.CLASS), *range(rank - 1, first - 1, -1))
    return next((free for free in ranks if free not in taken), None)


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
    taken: dict[int, set[int]] = {}  # no two names of one subject have the same rank
    for subject, text, status, live, merged in rows:
        if not live or merged is not None:
            continue
        gone[subject] = status in GONE
        folded = naming.fold(text)[: naming.LONGEST]
        rank = rank_of(gone=gone[subject], former=False, length=len(folded))
        taken[subject] = {rank}
        found[subject, folded] = (text, rank)
    for subject, text in Name.objects.filter(subject_id__in=batch).order_by("id").values_list("subject_id", "text"):
        if subject in gone:
            folded = naming.fold(text)[: naming.LONGEST]
            wished = rank_of(gone=gone[subject], former=True, length=len(folded))
            if (subject, folded) not in found and (rank := _free(wished, taken[subject])) is not None:
                taken[subject].add(rank)
                found[subject, folded] = (text, rank)
    return {key: what for key, what in found.items() if key[1]}


def _posting(key: _Key, text: str, rank: int, places: tuple[str, ...]) -> postings.Posting:
    subject, folded = key
    region, trade, rest = naming.parts(text, places)
    trade = trade[: naming.LONGEST]
    letters = sorted(naming.initials(region, trade, rest))
    return postings.Posting(subject, text, folded, trade, " ".join(letters), rank)
