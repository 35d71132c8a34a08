"""A complaint on paper: where it stands, what may be done next and why not, and each clock with its receipt."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shiheng.kernel.calendars import published_calendar
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.contents import procedure_of
from shiheng.procedures.course import Course, Party, Passage

CALENDAR = published_calendar()
RECEIVED = date(2026, 5, 6)


def course(on: date = RECEIVED, code: str = "complaints.complaint") -> Course:
    procedure = procedure_of(code, on=on)
    held = Course(procedure, parties=(Party(1, "complainant"), Party(2, "trader")))
    return said(held, "open", on)


def said(held: Course, step: str, day: date, actor: str = "chuang", **facts: Any) -> Course:
    """One step more, as it was entered at noon of its day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    return held.after(Passage(len(held.passages) + 1, step, day, at, actor, facts=facts))


def why_not(held: Course, step: str, **given: Any) -> list[str]:
    found = held.procedure.step(step)
    assert found is not None
    day = given.pop("day", None)
    return [one.code for one in held.objections(found, actor="chuang", facts=given, day=day, calendar=CALENDAR)]


def due(held: Course, limit: str) -> date | None:
    clock = held.clock(limit, CALENDAR)
    assert clock is not None
    return clock.receipt.due_day


def test_seven_working_days_run_from_receipt_to_the_decision_on_acceptance() -> None:
    held = course(date(2026, 9, 24))
    assert held.state == "pending"
    # Mid-autumn is Friday to Sunday, National Day the first to the seventh of October with work on 10 October.
    clock = held.clock("acceptance", CALENDAR)
    assert clock is not None
    assert clock.running
    counted = [d.day.day for d in clock.receipt.days if d.role == "counted"]
    assert len(counted) == 7
    assert all(CALENDAR.is_workday(day) for day in counted)
    done = said(held, "accept", date(2026, 9, 28))
    met = done.clock("acceptance", CALENDAR)
    assert met is not None
    assert met.met is not None
    assert met.late(date(2026, 12, 1)) == 0


def test_sixty_days_of_mediation_leave_out_the_time_of_an_appraisal() -> None:
    held = said(course(), "accept", date(2026, 5, 8))
    assert due(held, "mediation") == date(2026, 5, 8) + timedelta(days=60)
    stopped = said(held, "appraise", date(2026, 5, 20), document="鉴 1 号")
    assert due(stopped, "mediation") is None
    assert stopped.halted("appraisal") is not None
    assert "halted" in why_not(stopped, "appraise")
    again = said(stopped, "appraised", date(2026, 5, 29))
    assert due(again, "mediation") == date(2026, 5, 8) + timedelta(days=70)
    (pause,) = again.pauses(again.procedure.limits[1])
    assert (pause.first, pause.last, pause.document) == (date(2026, 5, 20), date(2026, 5, 29), "鉴 1 号")


def test_what_was_received_before_the_new_order_keeps_forty_five_working_days() -> None:
    old = said(course(date(2026, 4, 14)), "accept", date(2026, 4, 16))
    assert old.procedure.in_force_from == date(2020, 1, 1)
    clock = old.clock("mediation", CALENDAR)
    assert clock is not None
    assert sum(d.role == "counted" for d in clock.receipt.days) == 45
    assert all(d.day.is_workday for d in clock.receipt.days if d.role == "counted")
    assert course(date(2026, 4, 15)).procedure.in_force_from == date(2026, 4, 15)


def test_mediation_needs_both_to_agree_and_on_site_a_time_and_a_place() -> None:
    held = said(course(), "accept", date(2026, 5, 8))
    assert why_not(held, "mediate", way="remote", complainant_agrees=True) == ["consent"]
    assert why_not(held, "mediate", way="site", complainant_agrees=True, trader_agrees=True) == ["beforehand"]
    assert why_not(held, "mediate", way="remote", complainant_agrees=True, trader_agrees=True) == []


def test_mediation_stands_still_until_a_recusal_is_decided() -> None:
    held = said(said(course(), "accept", date(2026, 5, 8)), "mediate", date(2026, 5, 11))
    asked = said(held, "recusal", date(2026, 5, 12))
    assert why_not(asked, "settle") == ["recusal_open"]
    assert why_not(said(asked, "recusal_decided", date(2026, 5, 13)), "settle") == []


def test_the_end_of_the_time_is_no_ground_before_the_time_has_ended() -> None:
    held = said(course(), "accept", date(2026, 5, 8))
    last = due(held, "mediation")
    assert last is not None
    assert why_not(held, "terminate", ground="T5", day=last) == ["not_early"]
    assert why_not(held, "terminate", ground="T5", day=last + timedelta(days=1)) == []
    assert why_not(held, "terminate", ground="T3", day=date(2026, 5, 9)) == []


def test_the_seven_days_to_tell_run_from_the_decision_and_not_from_the_end_of_the_sixty() -> None:
    held = said(said(course(), "accept", date(2026, 5, 8)), "terminate", date(2026, 5, 12), ground="T3")
    clock = held.clock("notice", CALENDAR)
    assert clock is not None
    assert clock.started.day == date(2026, 5, 12)
    assert clock.receipt.due_day == date(2026, 5, 21)
    assert held.state == "terminated"
    assert not held.ended
    assert said(held, "notify", date(2026, 5, 13)).ended


def test_a_refusal_names_the_other_ways() -> None:
    assert why_not(course(), "refuse", ground="NA1", why="无权") == ["remedies"]
    assert why_not(course(), "refuse", ground="NA1", why="无权", remedies=True) == []


def test_a_step_taken_back_leaves_nothing_of_itself() -> None:
    held = said(said(course(), "accept", date(2026, 5, 8)), "mediate", date(2026, 5, 11))
    gone = held.without(3)
    assert gone.state == "accepted"
    assert held.without(2).broken() is not None, "mediation rests on acceptance"
    assert gone.broken() is None


def test_a_report_is_filed_by_somebody_else_than_who_verified_it_and_longer_once() -> None:
    procedure = procedure_of("complaints.report", on=RECEIVED)
    held = said(said(Course(procedure), "open", RECEIVED), "verify", date(2026, 5, 7), actor="chuang")
    assert why_not(held, "file", finding="属实") == ["apart"]
    first = due(held, "verification")
    longer = said(held, "longer", date(2026, 5, 20), actor="zhang")
    assert sum(d.role == "counted" for d in _days(longer, "verification")) == 30
    assert first is not None
    assert (due(longer, "verification") or first) > first
    assert "once" in why_not(longer, "longer")


def _days(held: Course, limit: str) -> Any:
    clock = held.clock(limit, CALENDAR)
    assert clock is not None
    return clock.receipt.days


@pytest.mark.parametrize("step", ["settle", "terminate", "notify", "mediate"])
def test_nothing_is_done_before_acceptance(step: str) -> None:
    assert "state" in why_not(course(), step)
