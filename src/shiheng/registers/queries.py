"""Entries as the rest of the house reads them: lists of a territory, one entry with its history, as of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow, narrow_in_order, within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.registers.contents import version_of
from shiheng.registers.definition import SOON, Register, Standing, in_a_row, standing
from shiheng.registers.models import Act, Entry, Indexed, Note, Version
from shiheng.subjects.queries import family_of


def visible_to(who: Who, register: Register) -> "QuerySet[Entry]":
    """The entries of a register in the territory over which ``who`` may read registers."""
    rows = Entry.objects.filter(register=register.code, live=True)
    return narrow_in_order(rows, who, May.READ_REGISTERS)


def may_keep(who: Who, register: Register, scope: str | None = None) -> bool:
    """Whether ``who`` keeps this register, at all or in one territory."""
    if who.kind == "system":
        return True
    return any(
        May.KEEP_REGISTERS in grant.powers
        and grant.role in register.kept_by
        and (scope is None or scope.startswith(grant.path))
        for grant in who.grants
    )


def keeping_paths(who: Who, register: Register) -> tuple[str, ...]:
    """Over which territories ``who`` keeps this register; the system over the whole bureau's."""
    if who.kind == "system":
        return tuple(Office.objects.filter(parent=None, closed_on=None).order_by("path").values_list("path", flat=True))
    return tuple(sorted({g.path for g in who.grants if May.KEEP_REGISTERS in g.powers and g.role in register.kept_by}))


def find(who: Who, register: Register, number: int) -> Entry:
    """One entry, or ``Missing``: another territory's is not told apart from none."""
    rows = narrow(Entry.objects.filter(register=register.code), who, May.READ_REGISTERS)
    found = rows.select_related("subject").filter(pk=number).first()
    if found is None:
        raise Missing("entry.unknown", _("没有这个条目，或它不在您的管辖范围内。"))
    return found


def standing_of(entry: Entry | Version, today: date | None = None) -> Standing:
    """How an entry stands today."""
    return standing(ended=entry.ended, until=entry.until, due=entry.due, today=today or clock.today())


def standing_as(code: str, today: date) -> Q:
    """``definition.standing`` as a condition on rows."""
    soon = today + SOON
    over = Q(until__lt=today) | Q(due__lt=today)
    near = Q(until__gte=today, until__lte=soon) | Q(due__gte=today, due__lte=soon)
    return {
        "ended": Q(ended=True),
        "over": Q(ended=False) & over,
        "soon": Q(ended=False) & near & ~_past("until", today) & ~_past("due", today),
        "current": Q(ended=False) & (Q(until=None) | Q(until__gt=soon)) & (Q(due=None) | Q(due__gt=soon)),
    }[code]


def _past(field: str, today: date) -> Q:
    """Past, where there is a day at all: a condition that an empty column does not turn to nothing."""
    return Q(**{f"{field}__isnull": False, f"{field}__lt": today})


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said of an entry, for its history."""

    version: Version
    act: Act
    changed: list[str]


def history_of(entry: Entry) -> list[Turn]:
    """Everything said of an entry, the latest first, the undone among it."""
    rows = Version.objects.filter(entry=entry, restates=None).select_related("act").order_by("-day", "-pk")
    register = version_of(entry.register, entry.version)
    return [Turn(row, row.act, _changed(register, row)) for row in rows]


_COLUMNS = {"state": "状态", "since": "起", "until": "止", "subject": "主体", "title": "名称", "scope": "管辖"}


def _changed(register: Register, row: Version) -> list[str]:
    if "entered" in row.changes:
        return []
    titles = {**_COLUMNS, **{f"facts.{name}": title for name, title in register.titles.items()}}
    return [titles[name] for name in row.changes if name in titles]


def notes_of(entry: Entry) -> "QuerySet[Note]":
    return Note.objects.filter(entry=entry, undone=False).order_by("-day", "-pk")


def as_of(rows: "QuerySet[Version]", day: date, *, known: datetime | None = None) -> "QuerySet[Version]":
    """Of some versions those that held on ``day``, as was known at ``known`` (or is known now); one an entry."""
    asked = {"day__lte": day, **({"at__lte": known} if known else {})}
    later = Version.objects.filter(entry=OuterRef("entry"), **asked).filter(
        Q(day__gt=OuterRef("day")) | Q(day=OuterRef("day"), pk__gt=OuterRef("pk"))
    )
    return rows.filter(**asked).exclude(Exists(later)).filter(live=True)


def stood_on(who: Who, register: Register, day: date, *, known: datetime | None = None) -> "QuerySet[Version]":
    """A register of a territory as it stood on a day."""
    rows = narrow(Version.objects.filter(register=register.code), who, May.READ_REGISTERS)
    return as_of(rows, day, known=known).select_related("entry", "subject")


def entry_on(entry: Entry, day: date, *, known: datetime | None = None) -> Version | None:
    """One entry as it stood on a day."""
    return as_of(Version.objects.filter(entry=entry), day, known=known).first()


def of_subject(subject_id: int) -> "QuerySet[Entry]":
    """Every entry of a subject, also those written under a number that was merged into it."""
    return Entry.objects.filter(subject__in=family_of(subject_id), live=True).order_by("register", "-since", "-pk")


def of_businesses(numbers: Sequence[int]) -> dict[int, list[Entry]]:
    """The entries of several subjects, each also with those of what was merged into it. One query."""
    held: dict[int, list[Entry]] = {number: [] for number in numbers}
    of_them = Q(subject__in=numbers) | Q(subject__redirect_to__in=numbers)
    rows = Entry.objects.filter(of_them, live=True).select_related("subject").order_by("register", "-since", "-pk")
    for entry in rows:
        number = entry.subject.redirect_to_id or entry.subject.pk if entry.subject else 0
        held.setdefault(number, []).append(entry)
    return held


def acts_visible_to(who: Who) -> "QuerySet[Act]":
    """The writings of many rows in the territory of ``who``."""
    return Act.objects.filter(within(who.paths(May.READ_REGISTERS)), kind__in=("import", "bulk"))


def everywhere(who: Who) -> "QuerySet[Entry]":
    """The entries of every register in the territory of ``who``."""
    return narrow(Entry.objects.filter(live=True), who, May.READ_REGISTERS)


def latest_in_a_row(register: Register, rows: "QuerySet[Entry]") -> list[tuple[int, int]]:
    """Of a yearly register each subject's latest entry, and for how many years in a row the subject is on it."""
    held = Indexed.objects.filter(register=register.code, field=register.yearly, entry__in=rows.order_by().values("pk"))
    found: dict[int, dict[int, int]] = {}
    for subject, year, entry in held.exclude(entry__subject=None).values_list("entry__subject_id", "text", "entry_id"):
        if year.isdigit():
            found.setdefault(subject, {})[int(year)] = entry
    return [(years[max(years)], in_a_row(list(years))) for years in found.values()]
