"""The catalogue of the level above is read with every row accounted for and laid beside the own list."""

import csv
import io
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from shiheng.catalogue.powers import actions, comparing, queries, upper
from shiheng.catalogue.powers.definition import POWERS
from shiheng.catalogue.powers.models import UpperCatalogue
from shiheng.kernel import registry
from shiheng.kernel.errors import Forbidden, Refused

DAY = date(2026, 11, 20)
HEAD = ("基本编码", "职权名称", "类别", "设定依据", "行使层级", "法定期限")
GOOD = (
    "440000001001",
    "对经营超过保质期食品、使用超过保质期原料的处罚",
    "行政处罚",
    "《中华人民共和国食品安全法》第一百二十四条",
    "市、县、镇街",
    "90日",
)
OTHER = ("440000001002", "食品经营许可", "行政许可", "《食品安全法》第三十五条", "县", "20个工作日")
NEW = ("440000001003", "对外卖封签缺失的处罚", "行政处罚", "《广东省外卖食品管理办法》第二十条", "县", "90日")


def sheet(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows([head, *rows])
    return held.getvalue().encode("utf-8-sig")


def book(*rows: tuple[str, ...]) -> bytes:
    held = BytesIO()
    made = xlsxwriter.Workbook(held)
    page = made.add_worksheet()
    for place, row in enumerate([("广东省市场监督管理权力通用目录",), HEAD, *rows]):
        page.write_row(place, 0, row)
    made.close()
    return held.getvalue()


def load(who: Any, content: bytes, name: str = "省目录.csv") -> UpperCatalogue:
    return upper.load(who, content, name, title="通用目录", issued_by="省市场监督管理局", issued_on=DAY)


@pytest.mark.django_db
def test_rows_in_are_accepted_or_faulty(cast: SimpleNamespace) -> None:
    bad = [
        ("44", "x", "行政处罚", "《食品安全法》第一条", "县", ""),
        ("440000001009", "没有的类别", "行政许可证", "《食品安全法》第一条", "县", ""),
        ("440000001010", "没有依据", "行政处罚", "有关规定", "县", ""),
        ("440000001011", "没有的层级", "行政处罚", "《食品安全法》第一条", "街", ""),
        ("440000001012", "没有的期限", "行政处罚", "《食品安全法》第一条", "县", "尽快"),
        (*GOOD[:1], "编码重复", *GOOD[2:]),
    ]
    held = load(cast.who("chief"), sheet(GOOD, *bad, OTHER))
    assert (held.rows, held.accepted, held.faulty) == (8, 2, 6)
    assert [fault["line"] for fault in held.faults] == [3, 4, 5, 6, 7, 8]
    assert "第2行" in held.faults[-1]["why"] % held.faults[-1]["facts"]


@pytest.mark.django_db
def test_a_workbook_under_a_title_line_reads_the_same(cast: SimpleNamespace) -> None:
    held = load(cast.who("chief"), book(GOOD, OTHER), "省目录.xlsx")
    assert (held.accepted, held.faulty) == (2, 0)
    assert held.items.get(base_code=GOOD[0]).line == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (sheet(GOOD, head=("编号", "名称", "类", "据", "级", "限")), "没有找到表头"),
        (sheet(GOOD, head=("基本编码", "职权名称", "x", "设定依据", "y", "z")), "缺少列：类别、行使层级"),
        (sheet(), "只有表头"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_in_words(content: bytes, said: str, cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match=said):
        load(cast.who("chief"), content)


@pytest.mark.django_db
def test_only_who_keeps_the_list_loads(cast: SimpleNamespace) -> None:
    with pytest.raises(Forbidden):
        load(cast.who("inspector_b"), sheet(GOOD))


@pytest.mark.django_db
def test_a_catalogue_with_faulty_rows_is_used_only_knowingly(cast: SimpleNamespace) -> None:
    held = load(cast.who("chief"), sheet(GOOD, ("44", "x", "y", "z", "w", "")))
    with pytest.raises(Refused, match="已知悉"):
        upper.use(cast.who("chief"), held.pk, knowing=False)
    assert queries.current_upper() is None
    upper.use(cast.who("chief"), held.pk, knowing=True)
    assert queries.current_upper() == held


@pytest.mark.django_db
def test_the_next_catalogue_takes_the_place_of_the_first(cast: SimpleNamespace) -> None:
    first = upper.use(cast.who("chief"), load(cast.who("chief"), sheet(GOOD)).pk, knowing=False)
    second = upper.use(cast.who("chief"), load(cast.who("chief"), sheet(OTHER)).pk, knowing=False)
    first.refresh_from_db()
    assert (first.state, second.state) == ("past", "current")


@pytest.mark.django_db
def test_each_item_is_same_different_lacking_or_gone(cast: SimpleNamespace) -> None:
    held = upper.use(cast.who("chief"), load(cast.who("chief"), sheet(GOOD, OTHER, NEW)).pk, knowing=False)
    rows = {row.key: row for row in queries.compared(held, on=DAY)}
    assert rows[GOOD[0]].status == "same"
    assert rows[OTHER[0]].status == "different"
    assert [d.name for d in rows[OTHER[0]].differences] == ["levels"]
    assert rows[NEW[0]].status == "lacking"
    assert rows["price.fraud"].status == "gone"
    assert len(rows) == len(registry.all_of(POWERS, on=DAY)) + 1


@pytest.mark.django_db
def test_adopting_drafts_a_change_with_the_code_from_above(cast: SimpleNamespace) -> None:
    chief = cast.who("chief")
    held = upper.use(chief, load(chief, sheet(OTHER, NEW)).pk, knowing=False)
    changed = actions.adopt(chief, held, OTHER[0], reason="与省目录一致", in_force_from=DAY)
    assert (changed.what, changed.power) == ("amend", "food.trade_permit")
    assert changed.content == {"levels": ["county"], "base_code": OTHER[0]}
    assert changed.before["levels"] == ["city", "county", "town"]
    added = actions.adopt(
        chief, held, NEW[0], reason="省新增", in_force_from=DAY, field="食品", unit="食品经营安全监管科"
    )
    assert (added.what, added.trigger) == ("add", "upper")
    assert added.content["base_code"] == NEW[0]
    gone = actions.adopt(chief, held, "price.fraud", reason="省已取消", in_force_from=DAY)
    assert (gone.what, gone.state) == ("cancel", "draft")


@given(
    own=st.lists(st.integers(0, 20), unique=True, max_size=12),
    above=st.lists(st.integers(0, 20), unique=True, max_size=12),
)
def test_every_item_of_either_side_appears_exactly_once(own: list[int], above: list[int]) -> None:
    powers = list(registry.all_of(POWERS, on=DAY))
    ours = [powers[n] for n in own]
    theirs = [
        comparing.UpperRow(n, f"4400{n:04d}", powers[n].title, powers[n].kind, powers[n].basis.instrument,
                           powers[n].basis.article, powers[n].levels, powers[n].statutory)
        for n in above
    ]  # fmt: skip
    rows = comparing.compare(ours, theirs)
    assert sorted(row.ours.code for row in rows if row.ours) == sorted(power.code for power in ours)
    assert sorted(row.theirs.base_code for row in rows if row.theirs) == sorted(row.base_code for row in theirs)
    both = set(own) & set(above)
    assert sum(row.status == comparing.SAME for row in rows) == len(both)
