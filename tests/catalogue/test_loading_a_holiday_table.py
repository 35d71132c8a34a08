"""A bureau loads the yearly notice: all of it or none, once, on record, and due days move with it."""

import io
import uuid
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter

from shiheng.catalogue import queries, sheets
from shiheng.catalogue.actions import FaultyTable, load_calendar
from shiheng.catalogue.definition import judge, read_day
from shiheng.catalogue.models import CalendarLoad, WorkDay
from shiheng.kernel.calendars import DayKind, statutory_days
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.kernel.periods import Workdays, due
from shiheng.ledger.models import Leaf

NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
ROWS: list[dict[str, Any]] = [
    *(
        {"日期": day.isoformat(), "是否上班": "否", "名称": name, "文号": NOTICE}
        for day, name in statutory_days(2027).items()
    ),
    {"日期": "2027-10-04", "是否上班": "否", "名称": "国庆节", "文号": NOTICE},
    {"日期": "2027-10-09", "是否上班": "是", "名称": "国庆节调休", "文号": NOTICE},
]


def fresh() -> str:
    return str(uuid.uuid4())


def as_csv(rows: list[dict[str, Any]], encoding: str = "utf-8-sig") -> bytes:
    lines = ["日期,是否上班,名称,文号", *(",".join(str(v) for v in row.values()) for row in rows)]
    return "\r\n".join(lines).encode(encoding)


def as_xlsx(rows: list[dict[str, Any]]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["日期", "是否上班", "名称", "文号"])
    for place, row in enumerate(rows, start=1):
        sheet.write_datetime(place, 0, read_day(row["日期"]))
        sheet.write_row(place, 1, [row["是否上班"], row["名称"], row["文号"]])
    book.close()
    return made.getvalue()


def test_a_loaded_table_moves_due_days_and_settles_the_year(cast: SimpleNamespace) -> None:
    before = due(date(2027, 9, 30), Workdays(3), calendar=queries.calendar())
    assert before.provisional
    result = load_calendar(ROWS, who=cast.who("admin"), key=fresh())
    assert (result.rows, result.changed, result.repeated) == (15, 15, False)
    after = due(date(2027, 9, 30), Workdays(3), calendar=queries.calendar())
    assert not after.provisional
    assert (before.due, after.due) == (date(2027, 10, 6), date(2027, 10, 7))
    assert queries.calendar().day_kind(date(2027, 10, 9)).kind is DayKind.MAKEUP


def test_every_load_leaves_one_leaf_on_record(cast: SimpleNamespace) -> None:
    key = fresh()
    load_calendar(ROWS, who=cast.who("admin"), key=key, filename="2027.xlsx")
    load_calendar(ROWS, who=cast.who("admin"), key=key, filename="2027.xlsx")
    assert Leaf.objects.filter(subject="calendar:workdays").count() == 1


def test_a_double_click_loads_once_and_another_table_under_the_key_is_a_conflict(cast: SimpleNamespace) -> None:
    key, who = fresh(), cast.who("admin")
    first = load_calendar(ROWS, who=who, key=key)
    again = load_calendar(ROWS, who=who, key=key)
    assert again.repeated
    assert again.load == first.load
    assert (CalendarLoad.objects.count(), WorkDay.objects.count()) == (1, 15)
    with pytest.raises(Conflict):
        load_calendar(ROWS[:3], who=who, key=key)


def test_the_same_table_again_changes_no_day_and_a_correction_only_its_own(cast: SimpleNamespace) -> None:
    who = cast.who("admin")
    load_calendar(ROWS, who=who, key=fresh())
    assert load_calendar(ROWS, who=who, key=fresh()).changed == 0
    corrected = {"日期": "2027-10-04", "是否上班": "是", "名称": "", "文号": NOTICE}
    assert load_calendar([corrected], who=who, key=fresh()).changed == 1
    assert queries.calendar().is_workday(date(2027, 10, 4))
    assert WorkDay.objects.count() == 15


def test_a_calendar_held_in_a_process_is_read_again_after_a_load_by_another(cast: SimpleNamespace) -> None:
    held = queries.calendar()
    assert queries.calendar() is held
    load_calendar(ROWS[:1], who=cast.who("admin"), key=fresh())
    fresher = queries.calendar()
    assert fresher is not held
    CalendarLoad.objects.update(state="x" * 64)  # as another process's load would look from here
    assert queries.calendar() is not fresher


def test_asking_for_the_held_calendar_costs_two_queries(
    cast: SimpleNamespace, django_assert_num_queries: Callable[..., Any]
) -> None:
    load_calendar(ROWS, who=cast.who("admin"), key=fresh())
    queries.calendar()
    with django_assert_num_queries(2):
        queries.calendar()


def test_one_faulty_row_refuses_the_file_and_every_fault_is_named_by_its_line(cast: SimpleNamespace) -> None:
    bad = [
        ROWS[0],
        {"日期": "2027-02-30", "是否上班": "否", "名称": "春节", "文号": NOTICE},
        {"日期": "2027-03-01", "是否上班": "也许", "名称": "", "文号": ""},
        {"日期": "2027-03-06", "是否上班": "是", "名称": "", "文号": ""},
        {"日期": "1999-03-06", "是否上班": "否", "名称": "", "文号": ""},
        dict(ROWS[0]),
        {"日期": "2027-03-08", "是否上班": "否", "名称": "长" * 51, "文号": NOTICE},
    ]
    with pytest.raises(FaultyTable) as refused:
        load_calendar(bad, who=cast.who("admin"), key=fresh())
    told = [(fault.line, fault.column) for fault in refused.value.faults]
    assert told == [(3, "日期"), (4, "是否上班"), (5, "文号"), (6, "日期"), (7, "日期"), (8, "名称")]
    assert "第3行“日期”（2027-02-30）" in refused.value.message
    assert "与第2行是同一天" in refused.value.details["faults"][4]
    assert not WorkDay.objects.exists()
    assert not CalendarLoad.objects.exists()
    assert not Leaf.objects.filter(subject="calendar:workdays").exists()


def test_rows_in_are_rows_accepted_plus_rows_faulted() -> None:
    rows = sheets.read(as_csv([*ROWS, {"日期": "x", "是否上班": "", "名称": "", "文号": ""}]), "a.csv")
    judged = judge(rows)
    assert len(rows) == len(judged.accepted) + len(judged.faults) == 16


def test_only_who_keeps_the_calendar_may_load(cast: SimpleNamespace) -> None:
    for column in ("clerk", "chief", "inspector_b", "city", "data", "owner", "anyone"):
        with pytest.raises(Forbidden):
            load_calendar(ROWS, who=cast.who(column), key=fresh())
    with pytest.raises(Refused):
        load_calendar([], who=cast.who("admin"), key=fresh())


@pytest.mark.parametrize("filename", ["放假.csv", "放假.xlsx"])
def test_a_spreadsheet_and_a_csv_say_the_same(filename: str) -> None:
    content = as_csv(ROWS) if filename.endswith("csv") else as_xlsx(ROWS)
    judged = judge(sheets.read(content, filename))
    assert judged.faults == ()
    assert judged.accepted == judge(sheets.read(as_csv(ROWS, "gb18030"), "a.CSV")).accepted
    assert len(judged.accepted) == 15


@pytest.mark.parametrize(
    ("content", "filename", "why"),
    [
        (b"", "a.csv", "没有内容"),
        (b"\n \n", "a.csv", "没有内容"),
        ("日期,名称\n2027-01-01,元旦".encode(), "a.csv", "缺少列：是否上班"),
        ("日期,是否上班\n\n".encode(), "a.csv", "只有表头"),
        (b"not a zip", "a.xlsx", "打不开"),
        (b"x", "a.pdf", "不支持"),
        (b"x", "a", "不支持“无扩展名”"),
        (b"\x00\x01\x02\x03", "a.csv", "读不出"),
        (b"x" * (2 * 1024 * 1024 + 1), "a.csv", "超过2MB"),
        (("日期,是否上班\n" + "2027-01-01,是\n" * 5001).encode(), "a.csv", "5001行"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content: bytes, filename: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        sheets.read(content, filename)


@pytest.mark.parametrize(
    "text",
    [
        "2027-10-01",
        "2027/10/1",
        "2027.10.01",
        "20271001",
        "2027年10月1日",
        "２０２７－１０－０１",
        "2027-10-01 00:00:00",
    ],
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert read_day(text) == date(2027, 10, 1)


@pytest.mark.parametrize("text", ["", None, "2027-13-01", "2027101", "明天", 46661, "10-01", "2027-10-01 12:30"])
def test_what_is_no_day_is_not_guessed(text: object) -> None:
    assert read_day(text) is None
