"""An earlier system's open files: each row taken, already there or quarantined; clocks go on; undone if untouched."""

import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from shiheng.ledger.models import Leaf
from shiheng.procedures import actions
from shiheng.procedures.models import Batch, BatchRow, Clock, Passage, Proceeding
from tests.casework import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CODE = "complaints.complaint"
PLACE = "/files/takeover/"


def heads() -> list[str]:
    """The columns the tests fill in, by the template's own headings."""
    from shiheng.procedures.contents import procedure_of
    from shiheng.procedures.takeover import reading

    titles = reading.columns(procedure_of(CODE, on=date(2026, 11, 20)))
    names = ("@number", "@received", "@state", "@officer", "@office", "fact:summary", "fact:channel", "fact:kind",
             "fact:story", "fact:claims", "party:complainant:name", "party:complainant:phone", "party:trader:name",
             "step:accept", "step:appraise", "step:appraised", "step:mediate")  # fmt: skip
    return [titles[name] for name in names]


def row(
    number: str, state: str = "待决定是否受理", *, received: str = "2026-11-16", officer: str = "李窗",
    office: str = "", summary: str = "三天就坏", steps: tuple[str, ...] = (),
) -> list[str]:  # fmt: skip
    given = [number, received, state, officer, office, summary, "counter", "质量", "坏了。", "退款", "王女士",
             "13812345678", "恒达电器"]  # fmt: skip
    return given + list(steps) + [""] * (4 - len(steps))


def table(*rows: list[str]) -> bytes:
    lines = [heads(), *rows]
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines).encode("utf-8-sig")


def bring(browser: Any, content: bytes, name: str = "在办.csv") -> Batch:
    answer = browser.post(f"{PLACE}{CODE}/", {"_key": str(uuid4()), "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, words(answer)[:800]
    return Batch.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def take(browser: Any, batch: Batch) -> Batch:
    assert browser.post(f"{PLACE}batches/{batch.pk}/take/", {"_key": str(uuid4())}).status_code == 302
    batch.refresh_from_db()
    return batch


def test_the_template_of_every_procedure_can_be_filled_in(sign_in: Any) -> None:
    chief = sign_in("chief")
    page = words(chief.get(PLACE))
    assert "消费者投诉" in page
    assert "行政处罚案件" in page
    content = b"".join(chief.get(f"{PLACE}enforcement.case/template/").streaming_content)
    first = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0]
    assert first[:3] == ["原编号", "收到日期", "现在状态"]
    assert "“立案”日期" in first or any("立案" in title for title in first)
    assert len(set(first)) == len(first)


def test_rows_are_taken_with_their_dates_and_the_clocks_go_on_from_them(cast: Any, sign_in: Any) -> None:
    chief = sign_in("chief")
    batch = bring(chief, table(
        row("云临市监投诉〔2026〕120号"),
        row("云临市监投诉〔2026〕121号", "已受理", received="2026-10-08",
            steps=("2026-10-12", "2026-10-20", "2026-10-29")),
        row("旧系统-7", "调解中", received="2026-04-10", steps=("2026-04-20", "", "", "2026-05-06")),
    ))  # fmt: skip
    assert (batch.state, batch.rows, batch.taken, batch.already, batch.quarantined) == ("preview", 3, 3, 0, 0)
    assert not Proceeding.objects.exists()
    assert take(chief, batch).state == "done"
    waiting, accepted, old = Proceeding.objects.order_by("pk")
    assert (waiting.officer_name, waiting.due) == ("李窗", date(2026, 11, 25))
    # 12 October + 60 days and ten days at the laboratory
    assert (accepted.state, accepted.due) == ("accepted", date(2026, 12, 21))
    assert (old.version, old.source_number) == (date(2020, 1, 1), "旧系统-7")
    assert set(Passage.objects.values_list("taken_over", flat=True)) == {True}
    assert Clock.objects.get(proceeding=accepted, limit="mediation").receipt["pauses"]
    page = words(chief.get(f"/files/{accepted.pk}/"))
    assert "原系统" in page
    assert "13812345678" not in page
    # the series goes on after the highest
    fresh = actions.open_file(cast.who("clerk"), CODE, {"summary": "坏", "channel": "counter", "kind": "质量",
                              "story": "坏", "claims": ["退款"]}, scope="4499.01.")  # fmt: skip
    assert fresh.number == "云临市监投诉〔2026〕122号"
    # and the file goes on by its own steps
    done = actions.take(cast.who("clerk"), waiting.pk, "accept", {"told_by": "短信"})
    assert done.state == "accepted"
    assert Leaf.objects.filter(kind="takeover.taken").count() == 1


def test_every_faulty_row_says_row_column_and_what_to_do_and_none_is_lost(cast: Any, sign_in: Any) -> None:
    chief = sign_in("chief")
    batch = bring(chief, table(
        row("A-1"),
        row(""),
        row("A-3", received="2026年13月1日"),
        row("A-4", "已受理"),
        row("A-5", "组织调解中"),
        row("A-6", officer="没有此人"),
        row("A-1"),
        row("A-8", office="外区监管所"),
        row("A-9", "调解中", steps=("", "", "", "2026-11-18")),
        row("A-10", "调解成功"),
        row("A-11", summary=""),
        row("A-12", received="2026-12-01"),
        row("A-13", "已受理", steps=("2026-11-10",)),
    ))  # fmt: skip
    assert (batch.rows, batch.taken, batch.already, batch.quarantined) == (13, 1, 0, 12)
    told = {held.line: held.faults for held in BatchRow.objects.filter(batch=batch)}
    expected = {
        3: ("原编号", "没有填写"), 4: ("收到日期", "不是日期"), 5: ("现在状态", "待决定是否受理"),
        6: ("现在状态", "可填"),
        7: ("承办人", "没有这名工作人员"), 8: ("原编号", "第 2 行"), 9: ("承办单位", "没有这个单位"),
        10: ("“组织调解”日期", "补填"), 11: ("现在状态", "已经办结"), 12: (heads()[5], "填写"),
        13: ("收到日期", "还没有到"), 14: ("“受理”日期", "早于收到日期"),
    }  # fmt: skip
    for line, (column, why) in expected.items():
        assert any(held[0] == column and why in held[1] for held in told[line]), (line, told[line])
    page = words(chief.get(f"{PLACE}batches/{batch.pk}/?outcome=quarantined"))
    assert "承办单位没有这名工作人员" in page
    take(chief, batch)
    assert Proceeding.objects.count() == 1


def test_the_same_table_again_doubles_nothing_and_a_mended_row_is_taken(cast: Any, sign_in: Any) -> None:
    chief = sign_in("chief")
    take(chief, bring(chief, table(row("B-1"), row("B-2", "已受理"))))
    again = bring(chief, table(row("B-1"), row("B-2", "已受理", steps=("2026-11-17",)), row("B-3")))
    assert (again.rows, again.taken, again.already, again.quarantined) == (3, 2, 1, 0)
    take(chief, again)
    take_again = bring(chief, table(row("B-1"), row("B-2", "已受理", steps=("2026-11-17",)), row("B-3")))
    assert (take_again.taken, take_again.already) == (0, 3)
    assert sorted(Proceeding.objects.values_list("source_number", flat=True)) == ["B-1", "B-2", "B-3"]


def test_a_batch_is_undone_as_long_as_nothing_was_done_in_it(cast: Any, sign_in: Any) -> None:
    chief = sign_in("chief")
    batch = take(chief, bring(chief, table(row("C-1"), row("C-2"))))
    first = Proceeding.objects.order_by("pk")[0]
    actions.take(cast.who("clerk"), first.pk, "accept", {"told_by": "短信"})
    address = f"{PLACE}batches/{batch.pk}/"
    refused = chief.post(address, {"_key": str(uuid4()), "reason": "传错了"})
    assert "C-1" in words(refused)
    assert Proceeding.objects.count() == 2
    other = take(chief, bring(chief, table(row("D-1"), row("D-2"))))
    assert chief.post(f"{PLACE}batches/{other.pk}/", {"_key": str(uuid4()), "reason": "传错了"}).status_code == 302
    assert sorted(Proceeding.objects.values_list("source_number", flat=True)) == ["C-1", "C-2"]
    other.refresh_from_db()
    assert (other.state, other.undone_by) == ("undone", "章科")
    assert Leaf.objects.filter(kind="takeover.undone").count() == 1
    # and can be brought again
    assert take(chief, bring(chief, table(row("D-1"), row("D-2")))).taken == 2


def test_a_large_table_is_read_and_taken_by_the_worker(cast: Any, sign_in: Any, monkeypatch: Any) -> None:
    from shiheng.jobs import runner
    from shiheng.procedures.takeover import actions as takeover

    monkeypatch.setattr(takeover, "AT_ONCE", 10)
    monkeypatch.setattr(takeover, "CHUNK", 2)
    chief = sign_in("chief")
    batch = bring(chief, table(*(row(f"E-{n}") for n in range(7))))
    assert batch.state == "reading"
    runner.work(until_idle=True, names=frozenset({takeover.READ}))
    batch.refresh_from_db()
    assert (batch.state, batch.taken) == ("preview", 7)
    assert take(chief, batch).state == "running"
    runner.work(until_idle=True, names=frozenset({takeover.WRITE}))
    batch.refresh_from_db()
    assert (batch.state, Proceeding.objects.count()) == ("done", 7)


def test_a_table_without_its_columns_is_refused_whole(sign_in: Any) -> None:
    batch = bring(sign_in("chief"), "编号,日期\n1,2\n".encode())
    assert batch.state == "refused"
    assert "原编号" in batch.reason


def test_ended_files_are_found_by_number_party_document_text_year_and_shelf(
    cast: Any, sign_in: Any, bench: Any
) -> None:
    case = bench.to("archived")
    clerk = cast.who("clerk")
    held = actions.open_file(
        clerk, CODE,
        {"summary": "电饭煲", "channel": "counter", "kind": "质量", "story": "内胆起皮", "claims": ["退款"]},
        parties=[actions.Standing("trader", "恒达电器")], scope="4499.01.",
    )  # fmt: skip
    paper = actions.make_paper(clerk, held.pk, "complaints.complaint_form")
    actions.take(clerk, held.pk, "withdraw", {"why": "已经退款"})
    open_ = actions.open_file(clerk, CODE, {"summary": "电饭煲", "channel": "counter", "kind": "质量", "story": "x",
                              "claims": ["退款"]}, scope="4499.01.")  # fmt: skip
    chief = sign_in("chief")

    def found(**asked: str) -> str:
        return words(chief.get("/files/archive/", asked))

    for asked in ({"number": held.number}, {"party": "恒达电器"}, {"paper": paper.number}, {"text": "起皮"},
                  {"year": "2026", "procedure": CODE}):  # fmt: skip
        page = found(**asked)
        assert held.number in page, asked
        assert open_.number not in page
        assert case.number not in page, asked
    assert case.number in found(shelf="2026-处")
    assert "2026-处-1" in found(party="恒达食品")
    assert held.number not in found(year="2025")
