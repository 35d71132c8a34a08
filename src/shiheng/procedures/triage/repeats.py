"""Letters that may be the same again, and equal ones against one business: found by sketch, proposed with reasons."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.procedures.models import Judged, Link, Member, Proceeding, Sketch
from shiheng.procedures.triage import sketches
from shiheng.procedures.triage.declared import letter_of, letters
from shiheng.procedures.triage.definition import Letter
from shiheng.procedures.triage.likeness import EQUAL_DAYS, LEAST_EQUAL, LIKE, REPEAT_DAYS, Compared, Sides, compare
from shiheng.procedures.triage.likeness import pieces as pieces_of

MOST = 200
SHOWN = 20
SAME, NOT_SAME = "same", "not_same"


@dataclass(frozen=True, slots=True)
class Near:
    """Another letter near one, with what makes it so in words."""

    file: Proceeding
    compared: Compared
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Equal:
    """Open letters against one business that could be mediated together."""

    against: str
    name: str
    kind: str
    procedure: str
    files: tuple[Proceeding, ...]


def visible_to(who: Who) -> "QuerySet[Sketch]":
    """The letters whose files the reader handles: that two were sent by one person is told to nobody else."""
    return Sketch.objects.filter(within(who.paths(May.HANDLE_FILES), "proceeding__scope"))


def repeats(who: Who, found: Proceeding, own: Sketch) -> list[Near]:
    """Which letters may be this one sent before or again; those already judged are left out."""
    held = letter_of(found.procedure)
    if held is None:
        return []
    told = set(Judged.objects.filter(proceeding=found, what__in=(SAME, NOT_SAME)).values_list("other", flat=True))
    told |= set(Judged.objects.filter(other=found, what__in=(SAME, NOT_SAME)).values_list("proceeding", flat=True))
    rows = _near(who, found.procedure, own.person, own.against, own.text, own.day, REPEAT_DAYS)
    rows = rows.exclude(proceeding__in=told | {found.pk})
    text = pieces_of(held[1].words_of(found.facts))
    return _ranked(Sides(own.person, own.against, text, own.day, own.kind), rows, held[1])


def repeats_of_words(
    who: Who, procedure: str, words: str, *, phone: str, against: str, day: date | None = None
) -> list[Near]:
    """The same for a letter that is only being opened."""
    held = letter_of(procedure)
    if held is None:
        return []
    day, person, text = day or clock.today(), sketches.person_of(phone), sketches.text_of(words)
    if not (person or against or text):
        return []
    rows = _near(who, procedure, person, against, text, day, REPEAT_DAYS)
    return _ranked(Sides(person, against, pieces_of(words), day), rows, held[1])


def _near(who: Who, procedure: str, person: str, against: str, text: str, day: date, days: int) -> "QuerySet[Sketch]":
    some = Q(pk__in=())
    for name, value in (("person", person), ("against", against), ("text", text)):
        some |= Q(**{name: value}) if value else Q(pk__in=())
    span = timedelta(days=days)
    rows = visible_to(who).filter(some, proceeding__procedure=procedure, day__gte=day - span, day__lte=day + span)
    return rows.select_related("proceeding").order_by("-day", "-pk")


def _ranked(own: Sides, rows: "QuerySet[Sketch]", letter: Letter) -> list[Near]:
    found = []
    for row in rows[:MOST]:
        compared = compare(own, sides_of(row, letter))
        if compared.repeat:
            found.append(Near(row.proceeding, compared, reasons(compared)))
    return sorted(found, key=lambda near: (-near.compared.like, near.compared.days))[:SHOWN]


def sides_of(row: Sketch, letter: Letter) -> Sides:
    """A kept letter as it is compared."""
    return Sides(row.person, row.against, pieces_of(letter.words_of(row.proceeding.facts)), row.day, row.kind)


def reasons(compared: Compared) -> tuple[str, ...]:
    """What was found alike, in words."""
    said = []
    if compared.person:
        said.append(str(_("来信人电话相同")))
    if compared.against:
        said.append(str(_("同一商家")))
    if compared.like >= LIKE:
        said.append(str(_("文字 %(share)s 相同") % {"share": f"{100 * compared.like:.0f}%"}))
    said.append(str(_("相隔 %(days)s 日") % {"days": compared.days}))
    return tuple(said)


def same_as(found: Proceeding) -> list[Proceeding]:
    """The letters this one was judged to repeat, the oldest first."""
    links = Link.objects.filter(kind=SAME, second=found).select_related("first")
    return [link.first for link in links.order_by("first__received_on", "first")]


def equals(who: Who, found: Proceeding, own: Sketch) -> list[Near]:
    """Open letters of others against the same business for the same thing, in no group yet."""
    held = letter_of(found.procedure)
    if held is None or not held[1].together or not own.against or found.ended:
        return []
    mine = sides_of(own, held[1])
    rows = _open(who, found.procedure).filter(against=own.against).exclude(pk=found.pk)
    near = [Near(row.proceeding, compared, reasons(compared)) for row in rows[:MOST]
            if (compared := compare(mine, sides_of(row, held[1]))).equal]  # fmt: skip
    return sorted(near, key=lambda one: (one.compared.days, one.file.pk))


def _open(who: Who, procedure: str) -> "QuerySet[Sketch]":
    since = clock.today() - timedelta(days=EQUAL_DAYS)
    rows = visible_to(who).filter(proceeding__procedure=procedure, proceeding__ended=False, day__gte=since)
    grouped = Member.objects.filter(left_at=None).values("proceeding")
    return rows.exclude(proceeding__in=grouped).select_related("proceeding").order_by("-day", "-pk")


def proposals(who: Who) -> list[Equal]:
    """Every business with several open equal letters of several people, the most first."""
    found = []
    for procedure, (_lexicon, letter) in letters().items():
        if not letter.together:
            continue
        held: dict[tuple[str, str], list[Sketch]] = defaultdict(list)
        for row in _open(who, procedure).exclude(against="").exclude(kind="")[:5_000]:
            held[row.against, row.kind].append(row)
        for (against, kind), rows in held.items():
            if len(rows) >= LEAST_EQUAL and _people(rows) >= LEAST_EQUAL:
                files = tuple(row.proceeding for row in rows)
                found.append(Equal(against, rows[0].against_name, kind, procedure, files))
    return sorted(found, key=lambda one: (-len(one.files), one.name))


def _people(rows: Iterable[Sketch]) -> int:
    """How many people wrote, at least: one who left no telephone is somebody else."""
    return len({row.person or f"#{row.pk}" for row in rows})
