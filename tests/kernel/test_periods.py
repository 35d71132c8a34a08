"""Due days: each law's own counting, what pauses and extends, what rolls, and that the receipt tells the truth."""

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.kernel.calendars import DayKind, published_calendar
from shiheng.kernel.clock import SHANGHAI
from shiheng.kernel.errors import Missing, Refused
from shiheng.kernel.periods import (
    Basis,
    Days,
    Extension,
    Hours,
    Months,
    Pause,
    Period,
    Roll,
    Workdays,
    Years,
    counting,
    due,
    latest_before,
    read_as,
)
from tests.kernel.test_calendar import rows_of_2027

CALENDAR = published_calendar()
TODAY = date(2026, 11, 20)
years = st.dates(date(2007, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("law", "n", "unit", "read"),
    [
        ("行政处罚法", 7, "日", Workdays), ("APL", 2, "日", Workdays), ("APL", 15, "日", Days), ("APL", 90, "日", Days),
        ("APL", 10, "日", Days), ("行政强制法", 10, "日", Workdays), ("ACL", 4, "日", Workdays),
        ("ACL", 30, "日", Days),
        ("ACL", 3, "个月", Months), ("行政复议法", 10, "日", Workdays), ("ARL", 15, "日", Days),
        ("ARL", 60, "日", Days),
        ("行政许可法", 20, "日", Workdays), ("LIC", 45, "日", Workdays), ("行政诉讼法", 15, "日", Days),
        ("ALL", 6, "个月", Months), ("投诉举报处理办法", 7, "个工作日", Workdays), ("CRM121", 60, "日", Days),
        ("PPR", 90, "日", Days), ("PPR", 15, "个工作日", Workdays), ("MER", 20, "日", Days),
        ("移送规定", 3, "日", Days),
        ("TRF", 24, "小时", Hours), ("民法典", 1, "年", Years), ("APL", 7, "自然日", Days),
    ],
)  # fmt: skip
def test_a_number_of_days_is_read_as_its_law_counts(law: str, n: int, unit: str, read: type[Period]) -> None:
    period = read_as(law, n, unit, on=TODAY)
    assert type(period) is read
    assert period.n == n
    assert period.counting is counting(law, on=TODAY)


def test_the_version_of_the_law_on_the_day_decides() -> None:
    assert type(read_as("行政处罚法", 7, "日", on=date(2021, 7, 14))) is Days
    assert type(read_as("行政处罚法", 7, "日", on=date(2021, 7, 15))) is Workdays
    assert type(read_as("行政复议法", 10, "日", on=date(2023, 12, 31))) is Days
    assert type(read_as("行政复议法", 10, "日", on=date(2024, 1, 1))) is Workdays


def test_the_working_days_of_the_licensing_law_bind_the_agency_only() -> None:
    assert type(read_as("行政许可法", 5, "日", on=TODAY, party=True)) is Days


def test_an_unknown_law_unit_or_number_is_refused_in_words() -> None:
    with pytest.raises(Missing, match="没有“火星法”"):
        read_as("火星法", 7, "日", on=TODAY)
    with pytest.raises(Refused, match="不认识的期限单位"):
        read_as("APL", 7, "旬", on=TODAY)
    with pytest.raises(ValueError, match="makes no sense"):
        Workdays(0)


@pytest.mark.parametrize(
    "law", ["行政处罚法", "行政强制法", "行政复议法", "行政许可法", "投诉举报处理办法", "行政处罚程序规定"]
)
def test_every_way_of_counting_names_its_text(law: str) -> None:
    rule = counting(law, on=TODAY)
    assert rule.basis.article
    assert rule.basis.in_force_from is not None
    assert rule.says
    assert rule.verified


def test_seven_working_days_over_national_day_show_their_working() -> None:
    receipt = due(
        date(2026, 9, 28), read_as("CRM121", 7, "个工作日", on=date(2026, 9, 28)), calendar=CALENDAR,
        basis=Basis("市场监督管理投诉举报处理办法", "第十五条", date(2026, 4, 15)),
    )  # fmt: skip
    assert receipt.due == date(2026, 10, 13)
    assert receipt.counted == 7
    assert {day.name for day in receipt.holidays} == {"国庆节"}
    assert [day.day for day in receipt.makeup_days] == [date(2026, 10, 10)]
    assert [d.role for d in receipt.days][:2] == ["trigger", "counted"]
    assert not receipt.provisional
    sentence = receipt.sentence()
    for part in (
        "当日不计",
        "7个工作日",
        "跳过国庆节放假",
        "调休上班10-10",
        "2026-10-13届满",
        "第十五条",
        "第四十五条",
    ):
        assert part in sentence
    stored = json.loads(json.dumps(receipt.to_dict(), ensure_ascii=False))
    assert stored["due"] == "2026-10-13"
    assert stored["counting"]["article"] == "第四十五条"
    assert [d["number"] for d in stored["days"] if d["role"] == "counted"] == list(range(1, 8))


def test_the_last_day_rolls_only_as_declared() -> None:
    # 2026-09-21 + 10 days is 1 October; 2026-11-06 + 15 days is a Saturday.
    for roll, holiday_end, weekend_end in [
        (Roll.NONE, date(2026, 10, 1), date(2026, 11, 21)),
        (Roll.HOLIDAY, date(2026, 10, 8), date(2026, 11, 21)),
        (Roll.REST, date(2026, 10, 8), date(2026, 11, 23)),
    ]:
        assert due(date(2026, 9, 21), Days(10), calendar=CALENDAR, roll=roll).due == holiday_end
        assert due(date(2026, 11, 6), Days(15), calendar=CALENDAR, roll=roll).due == weekend_end


def test_without_a_declared_rule_the_laws_own_holds() -> None:
    assert due(date(2026, 9, 21), read_as("PPR", 10, "日", on=TODAY), calendar=CALENDAR).roll is Roll.HOLIDAY
    assert due(date(2026, 9, 21), read_as("ARL", 60, "日", on=TODAY), calendar=CALENDAR).roll is Roll.REST
    assert due(date(2026, 9, 21), Days(10), calendar=CALENDAR).roll is Roll.NONE
    receipt = due(date(2026, 9, 21), read_as("PPR", 10, "日", on=TODAY), calendar=CALENDAR)
    assert receipt.was_rolled
    assert receipt.last_counted == date(2026, 10, 1)
    assert "顺延" in receipt.sentence()
    assert {d.role for d in receipt.days} == {"trigger", "counted", "rolled"}


def test_months_and_years_end_on_the_same_day_or_the_months_last() -> None:
    def end(start: date, period: Period) -> object:
        return due(start, period, calendar=CALENDAR).due

    assert end(date(2025, 11, 30), Months(3)) == date(2026, 2, 28)
    assert end(date(2023, 11, 30), Months(3)) == date(2024, 2, 29)
    assert end(date(2024, 2, 29), Years(1)) == date(2025, 2, 28)
    assert end(date(2026, 1, 31), Months(1)) == date(2026, 2, 28)
    assert end(date(2026, 5, 15), Months(6)) == date(2026, 11, 15)
    assert end(date(2026, 12, 31), Months(2)) == date(2027, 2, 28)


def test_hours_run_from_the_next_full_hour_where_the_text_says_so() -> None:
    found = datetime(2026, 11, 20, 10, 20, tzinfo=SHANGHAI)
    rules = due(found, read_as("PPR", 24, "小时", on=TODAY), calendar=CALENDAR)
    assert rules.due == datetime(2026, 11, 21, 11, 0, tzinfo=SHANGHAI)
    assert "开始的时不计" in rules.sentence()
    plain = due(found, read_as("TRF", 24, "小时", on=TODAY), calendar=CALENDAR)
    assert plain.due == datetime(2026, 11, 21, 10, 20, tzinfo=SHANGHAI)
    assert plain.due_day == date(2026, 11, 21)
    paused = due(found, Hours(24), calendar=CALENDAR, pauses=[Pause(date(2026, 11, 21), date(2026, 11, 22), "检测")])
    assert paused.due == datetime(2026, 11, 23, 10, 20, tzinfo=SHANGHAI)
    with pytest.raises(Refused, match="时刻"):
        due(TODAY, Hours(24), calendar=CALENDAR)
    assert due(found, Hours(1), calendar=CALENDAR, pauses=[Pause(TODAY, None, "鉴定")]).due is None


def test_a_moment_counts_by_its_day_in_shanghai() -> None:
    late = datetime.fromisoformat("2026-11-19T17:30:00+00:00")  # already the 20th in Shanghai
    assert due(late, Days(1), calendar=CALENDAR).due == date(2026, 11, 21)
    assert due(datetime(2026, 11, 20, 9), Days(1), calendar=CALENDAR).due == date(2026, 11, 21)  # no zone: Shanghai


def test_paused_days_are_left_out_and_shown() -> None:
    pauses = [
        Pause(date(2026, 3, 5), date(2026, 3, 14), "检验", document="检验委托书"),
        Pause(date(2026, 3, 10), date(2026, 3, 20), "听证"),
    ]
    receipt = due(date(2026, 3, 1), Days(30), calendar=CALENDAR, pauses=pauses)
    assert receipt.due == date(2026, 3, 31) + timedelta(days=16)
    assert sum(d.role == "paused" for d in receipt.days) == 16
    assert receipt.counted == 30
    assert "扣除检验（2026-03-05 至 2026-03-14）" in receipt.sentence()
    months = due(date(2026, 3, 1), Months(1), calendar=CALENDAR, pauses=pauses)
    assert months.due == date(2026, 4, 17)


def test_an_unfinished_pause_stops_the_clock() -> None:
    receipt = due(date(2026, 3, 1), Days(30), calendar=CALENDAR, pauses=[Pause(date(2026, 3, 5), None, "中止")])
    assert receipt.due is None
    assert receipt.waiting is not None
    assert receipt.waiting.reason == "中止"
    assert "期限暂停计算" in receipt.sentence()
    assert receipt.to_dict()["due"] is None
    assert (
        due(date(2026, 3, 1), Months(1), calendar=CALENDAR, pauses=[Pause(date(2026, 3, 5), None, "中止")]).due is None
    )
    done = due(date(2026, 3, 1), Days(3), calendar=CALENDAR, pauses=[Pause(date(2026, 3, 5), None, "中止")])
    assert done.due == date(2026, 3, 4), "the count was over before the pause"


def test_a_pause_is_made_of_days_in_order() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Pause(date(2026, 3, 5), date(2026, 3, 4), "检验")
    with pytest.raises(TypeError, match="moments"):
        Pause(datetime(2026, 3, 5), None, "检验")


def test_an_extension_counts_on_from_the_end() -> None:
    more = Extension(Workdays(15), "章科", date(2026, 10, 12), "第十八条")
    receipt = due(date(2026, 9, 28), Workdays(15), calendar=CALENDAR, extensions=[more])
    assert receipt.due == due(date(2026, 9, 28), Workdays(30), calendar=CALENDAR).due
    assert "延长15个工作日（章科批准）" in receipt.sentence()
    assert receipt.to_dict()["extensions"][0]["approver"] == "章科"
    quarter = Extension(Months(3), "章科", date(2026, 11, 1))
    assert due(date(2026, 8, 31), Months(3), calendar=CALENDAR, extensions=[quarter]).due == date(2027, 2, 28)
    with pytest.raises(Refused, match="工作日"):
        due(TODAY, Days(30), calendar=CALENDAR, extensions=[more])
    with pytest.raises(Refused, match="小时"):
        due(datetime(2026, 3, 5, 9), Hours(24), calendar=CALENDAR, extensions=[more])
    with pytest.raises(Refused, match="小时"):
        due(TODAY, Days(30), calendar=CALENDAR, extensions=[Extension(Hours(24), "章科", TODAY)])


def test_only_what_rests_on_an_unpublished_day_is_provisional() -> None:
    near = due(date(2026, 12, 28), Workdays(3), calendar=CALENDAR)
    over = due(date(2026, 12, 28), Workdays(7), calendar=CALENDAR)
    plain = due(date(2026, 12, 28), Days(60), calendar=CALENDAR)
    rolled = due(date(2026, 12, 28), Days(60), calendar=CALENDAR, roll=Roll.HOLIDAY)
    assert [r.provisional for r in (near, over, plain, rolled)] == [False, True, False, True]
    assert "2027年放假安排尚未载入" in over.reason
    assert "暂定：" in over.sentence()
    loaded = CALENDAR.with_rows(rows_of_2027())
    assert not due(date(2026, 12, 28), Workdays(7), calendar=loaded).provisional


def test_loading_a_table_moves_a_due_day() -> None:
    before = due(date(2027, 9, 28), Workdays(5), calendar=CALENDAR)
    after = due(date(2027, 9, 28), Workdays(5), calendar=CALENDAR.with_rows(rows_of_2027()))
    assert (before.due, after.due) == (date(2027, 10, 6), date(2027, 10, 8))


def test_a_notice_before_an_event_leaves_the_whole_period_between() -> None:
    hearing = date(2026, 10, 15)
    notice = latest_before(hearing, Workdays(7), calendar=CALENDAR)
    between = [notice + timedelta(days=n) for n in range(1, (hearing - notice).days)]
    assert sum(map(CALENDAR.is_workday, between)) == 7
    assert latest_before(hearing, Days(7), calendar=CALENDAR) == date(2026, 10, 7)
    assert latest_before(date(2026, 3, 31), Months(1), calendar=CALENDAR) == date(2026, 2, 27)
    assert latest_before(date(2026, 3, 31), Years(1), calendar=CALENDAR) == date(2025, 3, 30)
    with pytest.raises(Refused):
        latest_before(hearing, Hours(24), calendar=CALENDAR)


@given(years, st.integers(1, 60))
def test_the_due_day_of_working_days_is_worked_and_closes_the_count(start: date, n: int) -> None:
    receipt = due(start, Workdays(n), calendar=CALENDAR)
    assert isinstance(receipt.due, date)
    assert CALENDAR.is_workday(receipt.due)
    assert receipt.counted == n
    assert receipt.days[-1].number == n
    assert all(not d.day.is_workday for d in receipt.days if d.role == "skipped")
    assert [d.day.day for d in receipt.days] == [start + timedelta(days=i) for i in range(len(receipt.days))]


@given(years, st.integers(1, 40), st.integers(1, 40), st.sampled_from([Workdays, Days]))
def test_counting_on_from_a_due_day_is_counting_the_sum(start: date, a: int, b: int, unit: type[Period]) -> None:
    middle = due(start, unit(a), calendar=CALENDAR).due
    assert isinstance(middle, date)
    assert due(middle, unit(b), calendar=CALENDAR).due == due(start, unit(a + b), calendar=CALENDAR).due


@given(years, st.integers(1, 60), st.integers(0, 80), st.integers(0, 30), st.sampled_from([Workdays, Days, Months]))
def test_a_pause_never_shortens_and_its_days_never_count(
    start: date, n: int, after: int, length: int, unit: type[Period]
) -> None:
    n = n % 6 + 1 if unit is Months else n
    first = start + timedelta(days=after)
    pause = Pause(first, first + timedelta(days=length), "检验")
    plain = due(start, unit(n), calendar=CALENDAR)
    paused = due(start, unit(n), calendar=CALENDAR, pauses=[pause])
    assert isinstance(plain.due, date)
    assert isinstance(paused.due, date)
    assert paused.due >= plain.due
    assert (paused.due == plain.due) == (first > plain.due or pause.last == start or (
        unit is Workdays and not any(d.role == "paused" and d.day.is_workday for d in paused.days)
    ))  # fmt: skip
    assert not pause.covers(paused.due)
    if unit is not Months:
        assert paused.counted == n


@given(years, st.integers(1, 120), st.sampled_from(list(Roll)))
def test_rolling_only_moves_forward_and_ends_where_the_rule_lets_it(start: date, n: int, roll: Roll) -> None:
    receipt = due(start, Days(n), calendar=CALENDAR, roll=roll)
    assert isinstance(receipt.due, date)
    assert receipt.last_counted == start + timedelta(days=n)
    kind = CALENDAR.kind_of(receipt.due)
    if roll is Roll.REST:
        assert kind.is_workday
    if roll is Roll.HOLIDAY:
        assert kind not in {DayKind.HOLIDAY, DayKind.LIEU}
    passed = [receipt.last_counted + timedelta(days=i) for i in range((receipt.due - receipt.last_counted).days)]
    assert all(not CALENDAR.is_workday(day) for day in passed)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 400), st.sampled_from([Months, Years]))
def test_months_and_years_keep_the_day_or_end_the_month(start: date, n: int, unit: type[Period]) -> None:
    end = due(start, unit(n), calendar=CALENDAR).due
    assert isinstance(end, date)
    months = n if unit is Months else n * 12
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end + timedelta(days=1)).day == 1
