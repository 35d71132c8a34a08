"""The rows of a ledger and its totals, both from the same passages, so that they cannot disagree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from shiheng.accounts.models import Office
from shiheng.accounts.permissions import Who
from shiheng.procedures import queries
from shiheng.procedures.books.definition import RECEIVED, Book, Event, Sum
from shiheng.procedures.definition import OPENING, Procedure
from shiheng.procedures.models import Party, Passage, Proceeding
from shiheng.registers.contents import shown

UNIT, MONTH = "unit", "month"


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are counted."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(slots=True)
class Row:
    """One file of the ledger: what happened to it in the span, and when each first did at all."""

    file: Proceeding
    unit: str = ""
    party: str = ""
    days: dict[str, date] = field(default_factory=dict)
    within: dict[str, list[date]] = field(default_factory=dict)
    sums: dict[str, list[tuple[date, int]]] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)  # as the file was opened, then what its steps told

    def sum(self, code: str) -> int:
        return sum(amount for _day, amount in self.sums.get(code, ()))

    def times(self, code: str) -> int:
        return len(self.within.get(code, ()))


@dataclass(frozen=True, slots=True)
class Total:
    """One line of the totals: what it is of, its figures, and the address of the rows behind each."""

    title: str
    cells: list[tuple[str, int, str, bool]]  # head, number, address, money


def rows(who: Who, procedure: Procedure, book: Book, span: Span) -> list[Row]:
    """Every file the reader sees to which something happened in the span, the latest received first."""
    files = queries.visible_to(who).filter(procedure=procedure.code).order_by()
    steps = {step for event in book.events for step in event.steps} | {s for one in book.sums for s in one.steps}
    passages = list(
        Passage.objects.filter(proceeding__in=files, step__in={*steps, OPENING}, voided_at=None)
        .order_by("proceeding", "number").only("proceeding_id", "step", "day", "party", "facts")
    )  # fmt: skip
    touched = {row.proceeding_id for row in passages if row.step != OPENING and span.holds(row.day)}
    wanted = Q(received_on__gte=span.first, received_on__lte=span.last) | Q(pk__in=touched)
    held = {row.pk: Row(row) for row in files.filter(wanted).order_by("-received_on", "-pk")}
    for row in held.values():
        row.days[RECEIVED] = row.file.received_on
        if span.holds(row.file.received_on):
            row.within[RECEIVED] = [row.file.received_on]
    for passage in passages:  # what a step calls by the same name does not change how the file came in
        if passage.step == OPENING and (opened := held.get(passage.proceeding_id)):
            opened.facts = {**opened.file.facts, **passage.facts}
    _happened(held, procedure, book, span, passages)
    _added(held, book, span, passages)
    _named(held)
    return list(held.values())


def _happened(
    held: Mapping[int, Row], procedure: Procedure, book: Book, span: Span, passages: Iterable[Passage]
) -> None:
    by_step: dict[str, list[Event]] = {}
    for event in book.events:
        for step in event.steps:
            by_step.setdefault(step, []).append(event)
    for passage in passages:
        row = held.get(passage.proceeding_id)
        if row is None:
            continue
        for event in by_step.get(passage.step, ()):
            row.days.setdefault(event.code, passage.day)
            if span.holds(passage.day):
                row.within.setdefault(event.code, []).append(passage.day)
                if event.tells and (info := procedure.told.get(event.tells)):
                    row.told.setdefault(event.code, []).append(shown(info, passage.facts.get(event.tells)))


def _added(held: Mapping[int, Row], book: Book, span: Span, passages: Iterable[Passage]) -> None:
    for one in book.sums:
        last: dict[tuple[int, int], tuple[date, int]] = {}
        for passage in passages:
            if passage.step not in one.steps or passage.proceeding_id not in held:
                continue
            amount = sum(int(passage.facts.get(name) or 0) for name in one.facts)
            if one.latest:
                last[passage.proceeding_id, passage.party or 0] = (passage.day, amount)
            elif span.holds(passage.day):
                held[passage.proceeding_id].sums.setdefault(one.code, []).append((passage.day, amount))
        for (number, _party), (day, amount) in last.items():
            if span.holds(day):
                held[number].sums.setdefault(one.code, []).append((day, amount))


def _named(held: Mapping[int, Row]) -> None:
    offices = dict(
        Office.objects.filter(path__in={row.file.scope for row in held.values()}).values_list("path", "title")
    )
    names: dict[int, list[str]] = {}
    parties = Party.objects.filter(proceeding__in=list(held), kind="party", gone=False).order_by("number")
    for number, name in parties.values_list("proceeding", "name"):
        names.setdefault(number, []).append(name)
    for number, row in held.items():
        row.unit = offices.get(row.file.scope, row.file.scope)
        row.party = "、".join(names.get(number, ()))  # not shown: between names


def columns_of(book: Book) -> list[Event | Sum]:
    """What is counted, each sum behind the event it belongs to."""
    found: list[Event | Sum] = []
    for event in (Event(RECEIVED, book.received, ()), *book.events):
        found += [event, *(one for one in book.sums if one.event == event.code)]
    return found


def totals(
    book: Book, found: Iterable[Row], by: str, asked: Mapping[str, str], titles: Mapping[str, str]
) -> list[Total]:
    """The figures for each value of what the ledger is split by, then all of it; each opens its rows."""
    groups: dict[str, list[Row]] = {}
    every = list(found)
    for row in every:
        for value in _values(row, by):
            groups.setdefault(value, []).append(row)
    lines = [
        _line(book, str(titles.get(value, value)), groups[value], by, value, asked)
        for value in sorted(groups, key=lambda value: list(titles).index(value) if value in titles else len(titles))
    ]
    return [*lines, _line(book, "", every, "", "", asked)]


def _values(row: Row, by: str) -> Iterable[str]:
    if by == UNIT:
        return (row.file.scope,)
    if by == MONTH:
        days = [day for held in row.within.values() for day in held]
        days += [day for held in row.sums.values() for day, _amount in held]
        return {f"{day:%Y-%m}" for day in days}
    return (str(row.facts.get(by) or "-"),)


def _line(book: Book, title: str, held: list[Row], by: str, value: str, asked: Mapping[str, str]) -> Total:
    def there(day: date) -> bool:
        return by != MONTH or f"{day:%Y-%m}" == value

    narrowed = dict(asked)
    if by == UNIT:
        narrowed["at"] = value
    elif by == MONTH:
        narrowed |= {"year": value[:4], "month": str(int(value[5:]))}
    elif by:
        narrowed[f"f-{by}"] = value
    cells: list[tuple[str, int, str, bool]] = []
    for one in columns_of(book):
        if isinstance(one, Sum):
            number = sum(amount for row in held for day, amount in row.sums.get(one.code, ()) if there(day))
            event = one.event
        else:
            times = [sum(map(there, row.within.get(one.code, ()))) for row in held]
            number = sum(times) if one.each else sum(map(bool, times))
            event = one.code
        cells.append((one.title, number, "?" + urlencode({**narrowed, "event": event}), isinstance(one, Sum)))
    return Total(title, cells)


def first_year(who: Who, procedure: Procedure) -> int | None:
    """The year of the first file of a procedure the reader sees."""
    held: Any = queries.visible_to(who).filter(procedure=procedure.code).order_by("received_on")
    day = held.values_list("received_on", flat=True).first()
    return day.year if day else None
