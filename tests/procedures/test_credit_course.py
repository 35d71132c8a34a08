"""Lists, marks, repair and correction: how one comes on, by which way off, how long each clock runs, who may decide."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shiheng.kernel.calendars import published_calendar
from shiheng.kernel.clock import SHANGHAI
from shiheng.lines.credit.procedures.repair import earliest
from shiheng.procedures.contents import procedure_of
from shiheng.procedures.course import Course, Hand, Party, Passage
from shiheng.procedures.definition import OPENING

CALENDAR = published_calendar()


def course(code: str, on: date, *, bound: tuple[Hand, ...] = (), **facts: Any) -> Course:
    procedure = procedure_of(f"credit.{code}", on=on)
    return said(Course(procedure, parties=(Party(1, "firm"),), bound=bound), OPENING, on, **facts)


def said(held: Course, step: str, day: date, actor: str = "chuang", **facts: Any) -> Course:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    return held.after(Passage(len(held.passages) + 1, step, day, at, actor, facts=facts))


def why_not(held: Course, step: str, actor: str = "zhang", day: date | None = None, **given: Any) -> list[str]:
    found = held.procedure.step(step)
    assert found is not None
    told = held.objections(found, actor=actor, facts=given, day=day, calendar=CALENDAR)
    return [one.code for one in told]


def due(held: Course, limit: str) -> date | None:
    clock = held.clock(limit, CALENDAR)
    return clock.receipt.due_day if clock else None


def working(first: date, days: int) -> date:
    """So many days on which people work after the first, counted one by one."""
    while days:
        first += timedelta(days=1)
        days -= CALENDAR.is_workday(first)
    return first


JULY = date(2026, 7, 1)
DECIDED = {"document": "列 1 号", "remedies": True}


def test_a_missing_report_lists_only_after_the_last_day_and_within_ten_working_days() -> None:
    early = course("abnormal", date(2026, 6, 29), ground="1", year=2025)
    assert why_not(early, "list", day=date(2026, 6, 30), **DECIDED) == ["overdue"]
    held = course("abnormal", JULY, ground="1", year=2025)
    assert due(held, "decide_report") == working(JULY, 10) == date(2026, 7, 15)
    assert why_not(held, "list", day=JULY, **DECIDED) == []
    assert why_not(held, "list", day=JULY, document="1") == ["remedies"]
    assert why_not(course("abnormal", JULY, ground="1"), "list", day=JULY, **DECIDED) == ["overdue"], "no year named"


def test_what_was_not_published_is_ordered_first_and_listed_after_the_term() -> None:
    held = course("abnormal", JULY, ground="2")
    assert why_not(held, "list", day=JULY, **DECIDED) == ["ordered"]
    held = said(held, "order", JULY, document="责 1", until="2026-07-15", items="股权变更")
    assert why_not(held, "list", day=date(2026, 7, 15), **DECIDED) == ["ordered"]
    assert why_not(held, "list", day=date(2026, 7, 16), **DECIDED) == []
    assert due(held, "decide_order") == working(date(2026, 7, 15), 10)


@pytest.mark.parametrize(("apart", "holds"), [(14, False), (15, True), (30, True), (31, False)])
def test_who_cannot_be_reached_is_written_to_twice_fifteen_to_thirty_days_apart(apart: int, *, holds: bool) -> None:
    held = course("abnormal", JULY, ground="4")
    assert why_not(held, "confirm", day=JULY, finding="人去楼空", evidence="照片") == ["letters"]
    second = JULY + timedelta(days=apart)
    held = said(held, "post", JULY, letter="EMS1", address="江口路1号")
    held = said(held, "returned", JULY + timedelta(days=9), result="returned", proof="退件")
    held = said(held, "post", second, letter="EMS2", address="江口路1号")
    held = said(held, "returned", second + timedelta(days=9), result="returned", proof="退件")
    day = second + timedelta(days=10)
    assert (why_not(held, "confirm", day=day, finding="人去楼空", evidence="照片") == []) is holds


def test_a_letter_that_was_signed_for_lists_nobody() -> None:
    held = course("abnormal", JULY, ground="4")
    for n, result in enumerate(("returned", "signed")):
        day = JULY + timedelta(days=20 * n)
        held = said(said(held, "post", day, letter=f"EMS{n}", address="江口路1号"), "returned", day, result=result)
    assert why_not(held, "confirm", day=JULY + timedelta(days=30), finding="x", evidence="y") == ["letters"]


def listed(code: str = "abnormal", **facts: Any) -> Course:
    held = course(code, JULY, **{"ground": "1", "year": 2025, **facts})
    return said(held, "list", date(2026, 7, 10), "zhang", **DECIDED)


def test_one_leaves_by_the_way_that_fits_within_five_working_days() -> None:
    held = listed()
    assert why_not(held, "ask", exit="moved", proof="x", person="y") == ["fits"]
    day = date(2026, 9, 28)
    held = said(held, "ask", day, exit="reported", proof="回执", person="陈芳")
    assert due(held, "leave") == working(day, 5) == date(2026, 10, 10), "over the National Day, with a made-up Saturday"
    assert why_not(held, "remove", day=day, document="移 1") == []
    assert said(held, "remove", day, "zhang", document="移 1").ended


def test_a_business_that_is_reached_again_is_checked_by_one_and_removed_by_another() -> None:
    held = course("abnormal", JULY, ground="4")
    held = said(held, "confirm", JULY, finding="x", evidence="y")
    held = said(held, "list", JULY, "zhang", **DECIDED)
    held = said(held, "ask", date(2026, 8, 3), exit="reached", proof="租约", person="陈芳")
    assert why_not(held, "remove", day=date(2026, 8, 3), document="移 1") == ["checked"]
    held = said(held, "verify", date(2026, 8, 4), "cha", finding="在经营")
    assert why_not(held, "remove", "cha", date(2026, 8, 4), document="移 1") == ["apart"]
    assert due(held, "leave_checked") == working(date(2026, 8, 4), 5)


def test_an_objection_is_answered_in_twenty_working_days_by_somebody_else() -> None:
    held = said(listed(), "object", date(2026, 7, 20), story="已经报过")
    assert due(held, "objection") == working(date(2026, 7, 20), 20)
    assert why_not(held, "revoke", "zhang", document="答 1", why="属实") == ["apart"]
    assert why_not(held, "revoke", "shi", document="答 1", why="属实") == []


def test_an_individual_business_is_marked_and_restored_in_its_own_words() -> None:
    held = listed("mark")
    assert held.procedure.state(held.state).title == "已标记"
    assert held.procedure.step("remove").title == "恢复正常记载"  # type: ignore[union-attr]


SERIOUS = {"field": "food", "heavier": "fine"}


def test_the_serious_list_wants_notice_defence_consent_and_another_decider() -> None:
    held = course("serious", JULY, **SERIOUS)
    held = said(held, "tell", JULY, document="告 1", rights=True, way="直接", proof="回证")
    given = {"document": "列 1", "measures": "x", "remedies": True, "repair": True}
    assert why_not(held, "list", "ju", **given) == ["heard", "consent"]
    held = said(held, "defend", JULY, story="没有提出", checked="无")
    held = said(held, "consent", JULY, body="市局", agreed=False, document="1")
    assert why_not(held, "list", "ju", **given) == ["consent"]
    held = said(held, "consent", JULY, body="市局", agreed=True, document="2")
    assert why_not(held, "list", "chuang", **given) == ["apart"]
    held = said(held, "list", JULY, "ju", **given)
    assert due(held, "term") == date(2029, 7, 1), "a Sunday: nothing is public a day too long"


@pytest.mark.parametrize(
    ("kind", "field", "first"),
    [("penalty", "ordinary", date(2026, 7, 15)), ("penalty", "grave", date(2027, 1, 15)),
     ("serious", "ordinary", date(2027, 1, 15)), ("abnormal", "ordinary", date(2026, 1, 15))],
)  # fmt: skip
def test_a_repair_can_be_granted_from_the_shortest_term_on(kind: str, field: str, first: date) -> None:
    assert earliest(kind, field, date(2026, 1, 15)) == first


MEANT = {"kind": "penalty", "since": "2026-01-15", "field": "ordinary", "never": "none", "done": True,
         "harmless": True, "again": False, "listed": False}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "why"),
    [({}, []), ({"never": "revoked"}, ["never"]), ({"done": False}, ["done"]), ({"harmless": False}, ["harmless"]),
     ({"again": True}, ["again"]), ({"listed": True}, ["listed"]), ({"field": "grave"}, ["term"]),
     ({"kind": "abnormal", "done": False, "harmless": False}, [])],
)  # fmt: skip
def test_a_repair_is_refused_for_each_condition_by_name(change: dict[str, Any], why: list[str]) -> None:
    day = date(2026, 8, 3)
    held = said(course("repair", day, **{**MEANT, **change}), "accept", day)
    held = said(held, "check", day, way="网上核实", finding="属实")
    assert why_not(held, "grant", day=day, document="修 1") == why


def test_the_clocks_of_a_repair_are_two_fifteen_and_three_working_days() -> None:
    day = date(2026, 9, 28)
    held = course("repair", day, **MEANT)
    assert due(held, "acceptance") == working(day, 2)
    held = said(held, "accept", day)
    assert due(held, "decision") == working(day, 15)
    held = said(said(held, "check", day, way="网上核实", finding="属实"), "grant", day, "zhang", document="修 1")
    assert due(held, "execution") == working(day, 3) == date(2026, 10, 8)


def test_whoever_made_the_entry_does_not_decide_whether_it_is_wrong() -> None:
    entry = (Hand("zhang", "credit.abnormal", "云临市监异列〔2026〕1号"),)
    held = course("correction", JULY, bound=entry, summary="列入有误")
    given = {"result": "corrected", "why": "已报"}
    assert why_not(held, "decide", "zhang", **given) == ["apart"]
    assert why_not(held, "decide", "shi", **given) == []
    assert due(held, "answer") == working(JULY, 10)
