"""Every day count of a declared procedure against a loop that walks from day to day and knows only the notices."""

import ast
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shiheng.kernel import registry
from shiheng.kernel.calendars import published_calendar
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.course import Clock, Course, Party, Passage
from shiheng.procedures.definition import ENGINE, OPENING, Procedure
from tests.procedures.golden import loop
from tests.procedures.golden.notices import FIXED, NOTICES
from tests.procedures.golden.table import COMPLAINT, DAY, MOMENT, NAMED, NEW, TABLE, Use

CALENDAR = published_calendar()
ONE = timedelta(days=1)
HERE = Path(__file__).parent
FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)
NIGH = (date(2026, 4, 14), date(2026, 4, 15))
Taken = tuple[tuple[str, date, dict[str, Any]], ...]
UNLIKE = timedelta(hours=9, minutes=40)


@pytest.fixture(autouse=True)
def _declared() -> None:
    from shiheng.site import loading

    loading.load_lines()


def declared(use: Use) -> Procedure:
    """The procedure a row of the table speaks of: its newest version unless another is named."""
    held = [one for one in registry.all_of(ENGINE) if one.code == use.procedure]
    return next(
        one for one in sorted(held, key=lambda one: one.in_force_from, reverse=True)
        if use.version in {None, one.in_force_from}
    )  # fmt: skip


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + UNLIKE


def told(use: Use, day: date) -> dict[str, Any]:
    words = {DAY: day.isoformat(), MOMENT: at(day).isoformat()}
    return {name: words.get(value, value) if isinstance(value, str) else value for name, value in use.facts.items()}


def clock_of(use: Use, procedure: Procedure, day: date, more: Taken = ()) -> Clock:
    """The clock as the course of a file reads it, started on ``day``; ``more`` are steps taken afterwards."""
    start = use.start
    if start.startswith("@"):
        start = next(step.code for step in procedure.steps if step.to == start[1:] and not step.party_kind)
    limit = procedure.limit(use.limit)
    assert limit is not None
    step = procedure.step(start)
    kind = (step.party_kind if step else "") or next((party.code for party in procedure.parties), "")
    opening = told(use, day) if start == OPENING else {}
    said = [Passage(1, OPENING, day, at(day), "a", facts=opening)]
    if start != OPENING:
        said.append(Passage(2, start, day, at(day), "a", facts=told(use, day), party=1))
    for code, when, facts in more:
        said.append(Passage(len(said) + 1, code, when, at(when), "a", facts=facts, party=1))
    parties = (Party(1, kind),) if kind else ()
    found = Course(procedure, tuple(said), parties).clock(use.limit, CALENDAR, 1 if limit.each else None)
    assert found is not None, f"{use.limit} of {use.procedure} is not started by {start}"
    return found


def halting(procedure: Procedure, halt: str) -> tuple[str, str]:
    begins = next(step.code for step in procedure.steps if step.halts == halt)
    return begins, next(step.code for step in procedure.steps if step.resumes == halt)


def plain(use: Use, day: date, out: tuple[loop.Stretch, ...] = (), more: int = 0) -> tuple[object, bool]:
    """What the loop says of it."""
    unsure = False
    if use.unit == "HOUR":
        return at(day) + timedelta(hours=use.count), False
    if use.after:
        day, unsure = loop.ends(day, *use.after)
    end, moves = loop.ends(day, use.count, use.unit, use.roll, out, more)
    return end, moves or unsure


def said(clock: Clock) -> tuple[object, bool]:
    return clock.receipt.due, clock.receipt.provisional


def days_of(use: Use, chosen: list[date]) -> Iterator[date]:
    return (day for day in chosen if use.since <= day <= use.until)


def unlike(chosen: list[date], rng: random.Random) -> tuple[int, list[str]]:
    """How many clocks were compared over these trigger days, and those that came out otherwise."""
    compared, found = 0, []

    def compare(use: Use, day: date, got: Clock, expected: tuple[object, bool], how: str = "") -> None:
        nonlocal compared
        compared += 1
        if said(got) != expected:
            found.append(f"{use.row} {use.procedure}.{use.limit} from {day}{how}: {said(got)}, by the loop {expected}")

    for use in TABLE:
        procedure = declared(use)
        steps = [halting(procedure, halt) for halt in use.halts]
        for day in days_of(use, chosen):
            compare(use, day, clock_of(use, procedure, day), plain(use, day))
            more: list[tuple[str, date, dict[str, Any]]] = []
            if use.longer:
                more = [(use.longer[0], day + ONE, {})]
                longer = clock_of(use, procedure, day, tuple(more))
                compare(use, day, longer, plain(use, day, more=use.longer[1]), " longer")
            if steps:
                stretches = tuple(_stretch(day, rng) for _ in steps) if len(steps) > 1 else (_stretch(day, rng),)
                for (begins, ends), (first, last) in zip(steps, stretches, strict=False):
                    more += [(begins, first, {"document": "鉴定委托书"}), (ends, last, {})]
                paused = clock_of(use, procedure, day, tuple(more))
                extra = use.longer[1] if use.longer else 0
                compare(use, day, paused, plain(use, day, stretches, extra), f" without {stretches}")
    return compared, found


def _stretch(day: date, rng: random.Random) -> loop.Stretch:
    first = day + rng.randrange(0, 25) * ONE
    return first, first + rng.randrange(0, 30) * ONE


def test_the_loop_and_the_table_take_nothing_from_the_house() -> None:
    for place in (HERE / "golden").glob("*.py"):
        for node in ast.walk(ast.parse(place.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] in {"shiheng", "chinese_calendar", "holidays"} for name in names), place


def test_every_limit_a_procedure_declares_is_in_the_table() -> None:
    held = {(one.code, one.in_force_from, limit.code) for one in registry.all_of(ENGINE) for limit in one.limits}
    told_of = {(use.procedure, declared(use).in_force_from, use.limit) for use in (*TABLE, *NAMED)}
    assert held - told_of == set(), "a clock nobody reckoned by hand"
    for use in TABLE:
        limit = declared(use).limit(use.limit)
        assert limit is not None
        assert set(limit.halted) == set(use.halts), use


def test_the_years_of_the_notices_are_the_years_the_house_is_sure_of() -> None:
    day = FIRST
    while day <= date(2027, 12, 31):
        kind = CALENDAR.kind_of(day)
        assert (kind.is_workday, kind.is_festival) == (loop.works(day), loop.festive(day)), day
        assert CALENDAR.is_provisional(day) == (not loop.settled(day)), day
        day += ONE
    assert set(FIXED).isdisjoint(NOTICES)


def test_clocks_around_every_holiday_and_make_up_day_agree_with_the_loop() -> None:
    near = {day + n * ONE for day in (*loop.WORKED, *NIGH) for n in (-8, -2, -1, 0, 1)}
    far = {FIRST + n * ONE for n in range(0, (LAST - FIRST).days + 1, 23)}
    compared, found = unlike(sorted(day for day in near | far if FIRST <= day <= LAST), random.Random(20260415))
    assert compared > 10_000
    assert found == []


@pytest.mark.parametrize("use", NAMED, ids=lambda use: f"{use.procedure}.{use.limit}")
def test_a_clock_to_a_named_day_ends_on_that_day_and_only_a_partys_never_on_a_day_of_rest(use: Use) -> None:
    procedure = declared(use)
    for n in range(1, 365):
        day, named = date(2026, 1, 1), date(2026, 1, 1) + n * ONE
        end = named
        while use.roll == "REST" and not loop.works(end):
            end += ONE
        held = replace(use, facts={**use.facts, "until": named.isoformat()})
        assert clock_of(held, procedure, day).receipt.due == end, named


def test_a_complaint_of_14_april_2026_is_reckoned_by_order_20_and_one_of_the_15th_by_order_121() -> None:
    old, new = (next(use for use in TABLE if use.limit == "mediation" and use.version == version)
                for version in (date(2020, 1, 1), None))  # fmt: skip
    assert (registry.find(ENGINE, COMPLAINT, on=NIGH[0]), registry.find(ENGINE, COMPLAINT, on=NIGH[1])) == (
        declared(old), declared(new),
    )  # fmt: skip
    # taken up on the same day of April, by whichever order the file was received under
    for day in (NIGH[1] + n * ONE for n in range(60)):
        assert clock_of(old, declared(old), day).receipt.due == loop.ends(day, 45, "WD", "")[0]
        assert clock_of(new, declared(new), day).receipt.due == loop.ends(day, 60, "CD", "HOLIDAY")[0]
    # written out by hand: five days of 劳动节, of which three would have been worked, and a Saturday worked for them
    assert clock_of(old, declared(old), NIGH[0]).receipt.due == date(2026, 6, 18)
    assert clock_of(new, declared(new), NIGH[1]).receipt.due == date(2026, 6, 14)
    assert declared(new).in_force_from == NEW


@pytest.mark.slow
@pytest.mark.parametrize("year", range(2022, 2027))
def test_every_trigger_day_of_a_year_agrees_with_the_loop(year: int, quality: Callable[[str, str], None]) -> None:
    """Three draws of pauses for every day; each year is a bar of its own, so a broken evening goes on with the next."""
    first = date(year, 1, 1)
    every = [first + n * ONE for n in range((date(year, 12, 31) - first).days + 1)]
    compared, found = 0, list[str]()
    for seed in range(3):
        some, unequal = unlike(every, random.Random(year * 10 + seed))
        compared, found = compared + some, found + unequal
    quality(
        f"golden_clocks_{year}",
        f"Clocks of {len(TABLE)} declared limits against a plain loop over the notices, every trigger day of {year}:\n"
        f"{compared:,} compared, {len(found)} differences.",
    )
    assert found == []
