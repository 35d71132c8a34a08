"""Many entries from a file: every row accounted for, shown before it is written, taken back as if never brought."""

import io
from datetime import date
from uuid import uuid4

import pytest
import xlsxwriter

from shiheng.kernel.errors import Conflict, Forbidden
from shiheng.ledger import files
from shiheng.registers import actions, bulk, importing, undoing
from shiheng.registers.dumping import dump
from shiheng.registers.models import Act, Entry, Row
from tests import factories
from tests.registers.declared import AREAS, STALLS

pytestmark = pytest.mark.django_db
HEADS = ("统一社会信用代码", "主体名称", "摊位号", "器具种类", "最大称量", "购置价（元）", "下次检定日期", "已加铅封")


def book(*rows, heads=HEADS):
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet()
    for line, row in enumerate([heads, *rows]):
        for at, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(line, at, cell, made.add_format({"num_format": "yyyy-mm-dd"}))
            elif cell is not None:
                sheet.write(line, at, cell)
    made.close()
    return file.getvalue()


@pytest.fixture
def market(cast):
    return factories.subject("云泽市江口集贸市场有限公司", number=2001)


@pytest.fixture
def chief(cast):
    return cast.who("chief")


def bring(who, content, *, code=STALLS.code, name="台账.xlsx", key=None):
    return importing.begin(who, code, files.keep(content), name, key=key)


def told(act):
    return {row.line: (row.outcome, row.why) for row in Row.objects.filter(act=act)}


def test_rows_are_shown_first_and_written_once_confirmed(chief, market):
    due = date(2027, 1, 15)
    act = bring(chief, book((market.uscc, "", "A-01", "电子秤", 30, 123.5, due, "是"),
                            ("", market.name, "A-02", "电能表", None, None, None, "否")))  # fmt: skip
    assert (act.state, act.rows, act.faulty) == ("preview", 2, 0)
    assert not Entry.objects.exists()
    done = importing.confirm(chief, act.pk)
    assert (done.state, done.taken) == ("done", 2)
    first = Entry.objects.get(facts__stall="A-01")
    assert (first.facts["price"], first.due, first.facts["sealed"]) == (12_350, due, True)
    assert importing.confirm(chief, act.pk).taken == Entry.objects.count() == 2  # confirmed twice, done once


def test_every_row_is_accounted_for_and_each_fault_says_where_and_what(chief, market):
    factories.subject("同名商行", number=3001)
    factories.subject("同名商行", number=3002, code=None)
    factories.subject("湖东的店", number=3003, scope="4499.02.01.")
    rows = [
        (market.uscc, "", "A-01", "电子秤", 30, None, None, "是"),
        (market.uscc, "", "A-01", "电子秤", 60, None, None, "是"),
        ("91449901MA00000000", "", "A-02", "电子秤", 30, None, None, "是"),
        ("", "同名商行", "A-03", "电子秤", 30, None, None, "是"),
        (market.uscc, "", "A-04", "弹簧秤", 30, "很贵", "二月三十", "大概"),
        (market.uscc, "", "", "电子秤", 900, None, None, "是"),
        ("", "湖东的店", "A-05", "电子秤", 30, None, None, "是"),
        ("", "", "A-06", "电子秤", 30, None, None, "是"),
    ]
    act = bring(chief, book(*rows))
    found = told(act)
    assert len(found) == act.rows == len(rows)
    assert {line for line, (outcome, _why) in found.items() if outcome == "new"} == {2}
    assert "第 2 行" in found[3][1]
    assert "没有代码为“91449901MA00000000”的主体" in found[4][1]
    assert "同名" in found[5][1]
    for words in ("器具种类（弹簧秤）", "购置价", "下次检定日期", "已加铅封"):
        assert words in found[6][1]
    assert "摊位号" in found[7][1]
    assert "最大称量" in found[7][1]
    assert "不在您的管辖范围内" in found[8][1]
    assert "统一社会信用代码" in found[9][1]
    done = importing.confirm(chief, act.pk)
    assert done.taken + done.faulty == done.rows


def test_the_same_file_again_changes_nothing_and_another_one_changes_what_it_says(chief, market):
    content = book((market.uscc, "", "A-01", "电子秤", 30, None, None, "是"))
    importing.confirm(chief, bring(chief, content).pk)
    before = dump(STALLS.code)
    again = bring(chief, content)
    assert told(again)[2][0] == "same"
    changed = bring(chief, book((market.uscc, "", "A-01", "电子秤", 60, None, None, "是")))
    assert told(changed)[2][0] == "changed"
    importing.confirm(chief, changed.pk)
    assert Entry.objects.get().facts["limit"] == 60
    undoing.undo_small(chief, Act.objects.get(pk=changed.pk), "传错了文件")
    assert dump(STALLS.code) == before


def test_an_import_undone_leaves_the_register_as_it_was_whatever_came_after(chief, market):
    kept = actions.enter(chief, STALLS.code, {"stall": "Z", "kind": "scale"}, subject=market.pk)
    before = dump(STALLS.code)
    act = bring(chief, book(*((market.uscc, "", f"A-{n:02}", "电子秤", 30, None, None, "是") for n in range(20)),
                            (market.uscc, "", "Z", "电能表", 30, None, None, "是")))  # fmt: skip
    importing.confirm(chief, act.pk)
    assert Entry.objects.filter(live=True).count() == 21
    brought = Entry.objects.get(facts__stall="A-03", live=True)
    actions.change(chief, STALLS.code, brought.pk, {"stall": "A-03", "kind": "meter"}, reason="换表")
    undoing.undo_small(chief, Act.objects.get(pk=act.pk), "来文作废")
    assert dump(STALLS.code) == before
    kept.refresh_from_db()
    assert kept.facts["kind"] == "scale"
    with pytest.raises(Conflict):
        undoing.undo_small(chief, Act.objects.get(pk=act.pk), "再撤")


def test_a_file_without_its_columns_is_refused_whole_and_says_which(chief, market):
    act = bring(chief, book(("A-01",), heads=("档口号",)))
    assert act.state == "refused"
    assert "统一社会信用代码或者主体名称" in act.reason
    assert "器具种类" in act.reason
    assert bring(chief, b"\x00\x01 not a workbook").state == "refused"
    assert bring(chief, book()).state == "refused"
    assert not Row.objects.exists()


def test_a_text_file_in_gb18030_with_headings_of_the_department_is_read(chief, market):
    text = f"档口号,企业名称,器具种类\nB-1,{market.name},电子秤\n\n"
    act = bring(chief, text.encode("gb18030"), name="台账.csv")
    assert told(act) == {2: ("new", "")}


def test_entries_about_no_subject_are_known_by_their_own_key(chief):
    heads = ("区域名称", "问题商品", "状态")
    act = bring(
        chief, book(("江口夜市", "箱包", "已戴帽"), ("柳岸街", "手表", "没有的状态"), heads=heads), code=AREAS.code
    )
    importing.confirm(chief, act.pk)
    assert told(act)[3][1].startswith("状态（没有的状态）")
    entry = Entry.objects.get(register=AREAS.code)
    assert (entry.title, entry.subject_id, entry.scope) == ("江口夜市", None, "4499.01.")
    jump = bring(chief, book(("江口夜市", "箱包", "已摘帽"), heads=heads), code=AREAS.code)
    assert "状态不能由“已戴帽”变为“已摘帽”" in told(jump)[2][1]


def test_whoever_does_not_keep_the_register_brings_nothing(cast, market):
    nobody = cast.who("admin")
    with pytest.raises(Forbidden):
        bring(nobody, book())


def test_somebody_who_entered_the_same_meanwhile_is_told_on_the_row(chief, market):
    act = bring(chief, book((market.uscc, "", "A-01", "电子秤", 30, None, None, "是"),
                            (market.uscc, "", "A-02", "电子秤", 30, None, None, "是")))  # fmt: skip
    actions.enter(chief, STALLS.code, {"stall": "A-01", "kind": "scale"}, subject=market.pk)
    done = importing.confirm(chief, act.pk)
    assert (done.taken, done.faulty) == (1, 1)
    assert "已在册" in told(act)[2][1]


def test_one_step_for_many_is_one_act_and_one_way_back(chief, market):
    numbers = [
        actions.enter(chief, STALLS.code, {"stall": f"A-{n}", "kind": "scale"}, subject=market.pk).pk for n in range(5)
    ]
    before = dump(STALLS.code)
    key = uuid4()
    act = bulk.take(chief, STALLS, STALLS.move("remove"), numbers, reason="市场改造", key=key)
    assert bulk.take(chief, STALLS, STALLS.move("remove"), numbers, reason="市场改造", key=key) == act
    assert Entry.objects.filter(ended=True).count() == 5
    undoing.undo_small(chief, act, "改造取消")
    assert dump(STALLS.code) == before


def test_personal_cells_are_sealed_in_the_preview_too(chief, market):
    heads = (*HEADS[:4], "摊主电话")
    act = bring(chief, book((market.uscc, "", "A-01", "电子秤", "13800138000"), heads=heads))
    row = Row.objects.get(act=act)
    assert "13800138000" not in str(row.cells) + str(row.plan)


def test_a_column_by_the_registers_own_title_comes_before_another_heading_for_it(chief, market):
    heads = ("档口号", "统一社会信用代码", "摊位号", "器具种类")
    act = bring(chief, book(("", market.uscc, "A-01", "电子秤"), heads=heads))
    assert told(act) == {2: ("new", "")}
    assert act.facts["unknown"] == ["档口号"]
