"""What is left of a batch goes back to its department in the department's own form, under a number, with a receipt."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts.models import Message
from shiheng.accounts.permissions import POWERS, SYSTEM, Grant, Role, Who
from shiheng.fusion import actions, mending, reading, returns, sources
from shiheng.fusion.models import Batch, Mending, Quarantined, Return
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import files
from tests.factories import uscc
from tests.fusion import sources as declared

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 5)
CONTRACT = declared.contract(
    declared.column("code", "uscc", "信用代码"),
    declared.column("title", "name", "名称", required=True),
    declared.column("phone", "phone", "联系电话", sensitive="phone"),
    custom={"department": "测试科"},
)
SAID = {"identify": ["code"], "statements": {"uscc": "code", "name": "title"}, "authority": {"name": 1}}
HEADER = ["信用代码", "名称", "联系电话", "备注"]
ROWS = [
    [uscc(1), "云泽市恒达食品有限公司", "13800000001", ""],
    [uscc(2), "", "13800000002", "没有名称"],
    ["91449901XX", "云泽市青禾粮油有限公司", "13800000003", "=1+1"],
]


@pytest.fixture(autouse=True)
def sample(tmp_path: Any) -> None:
    sources.add(declared.folder(tmp_path / "sample", CONTRACT, SAID))


def land(rows: list[list[str]] | None = None, *, charset: str = "utf-8", day: int = 1, **more: Any) -> Batch:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *(rows or ROWS)])
    return land_bytes(text.getvalue().encode(charset), day=day, **more)


def land_bytes(content: bytes, *, day: int = 1, filename: str = "登记.csv", **more: Any) -> Batch:
    with clock.standing_at(FIRST + timedelta(days=day)):
        batch = actions.land("sample", BytesIO(content), filename=filename, who=SYSTEM, **{"scope": "4499.01.", **more})
        return actions.advance(batch.pk)


def xlsx(rows: list[list[str]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, line in enumerate([HEADER, *rows]):
        for at, cell in enumerate(line):
            sheet.write_string(number, at, cell)
    book.close()
    return out.getvalue()


def lines_of(found: Return) -> list[list[str]]:
    table = reading.read(files.KeptFile(found.file), found.filename)
    return [table.header, *(row.cells for row in table.rows)]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_departments_own_form_comes_back_with_reasons(charset: str) -> None:
    found = returns.send_back(land(charset=charset).pk, who=SYSTEM, why="请补正后于五日内重报")
    content = files.open_kept(found.file).read()
    header, second, third = csv.reader(io.StringIO(content.decode(charset).removeprefix("\ufeff")))
    assert header == [*HEADER, "退回原因", "建议"]
    assert second[:2] == [uscc(2), ""]
    assert second[4].startswith("第 2 行：")
    assert third[3] == "'=1+1"
    assert found.size == 2


def test_a_spreadsheet_comes_back_as_a_spreadsheet() -> None:
    found = returns.send_back(land_bytes(xlsx(ROWS), filename="登记.xlsx").pk, who=SYSTEM, why="请补正")
    assert found.filename == "登记-退回.xlsx"
    header, second, third = lines_of(found)
    assert header[-2:] == ["退回原因", "建议"]
    assert third[3] == "=1+1"
    assert second[0] == uscc(2)


def test_what_is_personal_is_masked_in_the_form() -> None:
    form = returns.form(land().pk, who=SYSTEM)
    assert b"13800000002" not in form.content
    assert b"138****0002" in form.content


def test_rows_sent_back_are_settled_each_with_its_record_and_numbers_follow_one_another() -> None:
    first = returns.send_back(land().pk, who=SYSTEM, why="请补正")
    assert set(Quarantined.objects.values_list("state", flat=True)) == {"returned"}
    assert [m.quarantined.row for m in returns.rows_of(first)] == [2, 3]
    with pytest.raises(Refused):
        returns.send_back(first.batch_id, who=SYSTEM, why="请补正")
    second = returns.send_back(land([[uscc(3), "", "", ""], ROWS[0]], day=2).pk, who=SYSTEM, why="请补正")
    assert second.serial == first.serial + 1
    assert second.number == f"退数〔{second.year}〕{second.serial}号"


def test_only_rows_with_the_reason_named_go_back() -> None:
    batch = land()
    found = returns.send_back(batch.pk, who=SYSTEM, why="请补名称", reason="title.missing")
    assert found.size == 1
    assert Quarantined.objects.get(batch=batch, state="open").row == 3


def test_a_double_click_makes_one_return_and_no_reason_makes_none() -> None:
    batch, key = land(), uuid4()
    with pytest.raises(Refused):
        returns.send_back(batch.pk, who=SYSTEM, why=" ")
    first = returns.send_back(batch.pk, who=SYSTEM, why="请补正", key=key)
    assert returns.send_back(batch.pk, who=SYSTEM, why="请补正", key=key) == first
    assert Return.objects.count() == 1


def test_whoever_sends_that_offices_files_is_told_and_confirms(cast: SimpleNamespace) -> None:
    found = returns.send_back(land().pk, who=SYSTEM, why="请补正")
    message = Message.objects.get(account=cast.data)
    assert found.number in message.title
    assert f"/{found.pk}/" in message.link
    data = cast.who("data")
    with pytest.raises(Forbidden):
        returns.receive(found.pk, who=cast.who("chief"))
    received = returns.receive(found.pk, who=data)
    assert (received.state, received.received_by) == ("received", data.name)
    with pytest.raises(Conflict):
        returns.receive(found.pk, who=data)


def test_a_department_without_an_account_is_told_through_the_file_channel() -> None:
    found = returns.send_back(land().pk, who=SYSTEM, why="请补正")
    message = Message.objects.get()
    assert (message.channel, message.address) == ("file", "测试科")
    assert found.told == "测试科（文件渠道）"


def test_a_corrected_file_answers_what_was_sent_back() -> None:
    batch = land()
    found = returns.send_back(batch.pk, who=SYSTEM, why="请补正")
    whole = [ROWS[0], [uscc(2), "云泽市青禾粮油有限公司", "", ""]]
    corrected = land(whole, day=5, replaces=batch.pk)
    found.refresh_from_db()
    assert (found.state, found.answered_by) == ("answered", corrected)


def test_the_returned_form_itself_can_be_sent_in_again_and_named_as_the_answer() -> None:
    found = returns.send_back(land().pk, who=SYSTEM, why="请补正")
    header, second, _third = lines_of(found)
    second[1] = "云泽市青禾粮油有限公司"
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, [*second[:2], "", *second[3:]]])
    again = land_bytes(text.getvalue().encode(), day=9)
    assert (again.accepted, again.quarantined) == (1, 0)
    with pytest.raises(Refused):
        returns.answer(found.pk, found.batch_id, who=SYSTEM)
    assert returns.answer(found.pk, again.pk, who=SYSTEM).answered_by == again


def test_a_row_sent_back_may_still_be_mended_here() -> None:
    batch = land()
    found = returns.send_back(batch.pk, who=SYSTEM, why="请补正")
    row = Quarantined.objects.get(batch=batch, row=2)
    mending.mend(row.pk, {"名称": "云泽市青禾粮油有限公司"}, who=SYSTEM, why="来电更正")
    row.refresh_from_db()
    assert row.state == "mended"
    assert Mending.objects.filter(quarantined=row, undone_at=None).get().kind == "mended"
    assert returns.rows_of(found).count() == 2


def test_a_mended_cell_that_is_personal_is_kept_sealed_and_comes_in_whole() -> None:
    batch = land([ROWS[0], [uscc(2), "云泽市青禾粮油有限公司", "1380000", ""]])
    row = Quarantined.objects.get(batch=batch)
    mending.mend(row.pk, {"联系电话": "13800000009"}, who=SYSTEM, why="来电更正")
    held = Mending.objects.get(quarantined=row)
    assert "13800000009" not in str(held.after)
    made = mending.enter(batch.pk)
    done = actions.advance(made[0])
    assert (done.accepted, done.quarantined) == (1, 0)
    assert files.is_sealed(done.file)


def test_another_office_finds_no_such_return() -> None:
    found = returns.send_back(land().pk, who=SYSTEM, why="请补正")
    grant = Grant(role="data_officer", office="b", path="4499.02.", powers=frozenset(POWERS[Role.DATA_OFFICER]))
    other = Who(key="test:b", name="王数", kind="officer", grants=(grant,))
    steps: list[Callable[[], Any]] = [
        lambda: returns.receive(found.pk, who=other),
        lambda: returns.form(found.batch_id, who=other),
        lambda: returns.send_back(found.batch_id, who=other, why="请补正"),
    ]
    for step in steps:
        with pytest.raises(Missing):
            step()


def test_a_district_sends_back_its_own_rows_of_a_citys_file(cast: SimpleNamespace) -> None:
    batch = land(scope="4499.")
    row = Quarantined.objects.filter(batch=batch).order_by("row")[0]
    Quarantined.objects.filter(batch=batch).exclude(pk=row.pk).update(scope="4499.02.01.")
    Quarantined.objects.filter(pk=row.pk).update(scope="4499.01.01.")
    found = returns.send_back(batch.pk, who=cast.who("data"), why="请补正")
    assert (found.size, found.scope) == (1, "4499.01.")
    assert Quarantined.objects.filter(batch=batch, state="open").count() == 1


def test_the_department_itself_sees_and_confirms_what_was_sent_back_to_it(cast: SimpleNamespace) -> None:
    from shiheng.accounts.models import Office

    Office.objects.create(
        code="4499CS", title="云泽市测试科", kind="department", path="4499.D09.",
        parent=Office.objects.get(path="4499."),
    )  # fmt: skip
    grant = Grant(role="outside_party", office="4499CS", path="4499.D09.", powers=frozenset(POWERS[Role.OUTSIDE_PARTY]))
    own = Who(key="test:own", name="魏步", kind="officer", grants=(grant,))
    found = returns.send_back(land().pk, who=SYSTEM, why="请补正")
    assert returns.receive(found.pk, who=own).received_by == "魏步"
    foreign = Office.objects.create(
        code="4499QT", title="云泽市其他局", kind="department", path="4499.D08.",
        parent=Office.objects.get(path="4499."),
    )  # fmt: skip
    other = Grant(role="outside_party", office="o", path=foreign.path, powers=frozenset(POWERS[Role.OUTSIDE_PARTY]))
    with pytest.raises(Missing):
        returns.find(found.pk, who=Who(key="test:o", name="钱", kind="officer", grants=(other,)))
