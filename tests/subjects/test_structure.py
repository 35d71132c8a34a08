"""主体结构: every figure is the number of rows its link opens, for whoever reads it."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from shiheng.subjects import stock as stocks
from shiheng.subjects import structure
from shiheng.subjects.actions import Files, from_fields, write_files
from shiheng.subjects.models import Subject
from tests.publication.test_exchange import land

pytestmark = pytest.mark.django_db

WAN = 10_000 * 100


def subject(number: int, **more: Any) -> None:
    usual = {
        "mint_key": f"uscc:{number}",
        "scope": "4499.01.",
        "name": f"云泽市甲{number}店",
        "kind": "enterprise",
        "status": "active",
        "established": date(2020, 5, 1),
        "capital_fen": 10 * WAN,
        "capital_currency": "CNY",
        "updated_on": date(2026, 11, 1),
    }
    Subject.objects.create(pk=number, **{**usual, **more})


@pytest.fixture
def stock(cast: Any) -> None:
    """A dozen subjects, two of another district, one of each awkward kind."""
    subject(1)
    subject(2, kind="individual", capital_fen=None, capital_currency="")
    subject(3, status="suspended", capital_fen=10 * WAN - 1)
    subject(4, status="deregistered", capital_fen=50 * WAN)
    subject(5, capital_fen=50 * WAN, established=date(2026, 1, 2))
    subject(6, capital_fen=16_000 * WAN, established=date(1999, 1, 2))
    subject(7, capital_fen=30 * WAN, capital_currency="USD")
    subject(8, scope="4499.02.", capital_fen=499 * WAN)
    subject(9, scope="4499.02.", kind="cooperative", established=None)
    subject(10, live=False)


def figures(who: Any) -> list[structure.Figure]:
    found = structure.of(who)
    return [found.standing, *found.kinds, *found.bands, *found.years, *found.statuses]


def test_the_stock_by_kind_and_band(stock: None, cast: Any) -> None:
    found = structure.of(cast.who("chief"))
    assert found.standing.count == 6
    assert {f.title: f.count for f in found.kinds if f.count} == {"企业": 5, "个体工商户": 1}
    assert {f.title: f.count for f in found.bands if f.count} == {
        "10 万元以下": 1,
        "10 万元至 50 万元以下": 1,
        "50 万元至 100 万元以下": 1,
        "1 亿元及以上": 1,
        "外币出资": 1,
        "未取得": 1,
    }
    assert sum(f.count for f in found.bands) == found.standing.count
    assert {f.title: f.count for f in found.years if f.count} == {"2020": 5, "2026": 1}


def test_the_city_sees_both_districts(stock: None, cast: Any) -> None:
    assert structure.of(cast.who("city")).standing.count == 8


@pytest.mark.parametrize("column", ["chief", "inspector_b", "city"])
def test_every_figure_opens_as_many_rows_as_it_counts(stock: None, cast: Any, sign_in: Any, column: str) -> None:
    client = sign_in(column)
    for figure in figures(cast.who(column)):
        shown = client.get(figure.href).content.decode()
        assert (f"共 {figure.count} 条" if figure.count else "没有符合") in shown, figure


@pytest.fixture
def lives(cast: Any, clock: Any) -> None:
    """Beginnings and ends around year ends; today is in 2026."""
    subject(1, established=date(2023, 12, 31))
    subject(2, established=date(2024, 1, 1))
    subject(3, established=date(2024, 5, 1), status="deregistered", ended_on=date(2025, 12, 31))
    subject(4, established=date(2024, 5, 1), status="revoked", ended_on=date(2026, 1, 1))
    subject(5, established=date(2025, 6, 1), kind="individual", status="suspended")
    subject(6, established=date(2026, 2, 1), kind="individual")
    subject(7, established=date(2026, 2, 1), status="moved_out", ended_on=date(2026, 3, 1))
    subject(8, established=None)
    subject(9, established=date(2020, 1, 1), status="deregistered")
    subject(10, established=date(2020, 1, 1), status="deregistered", ended_on=date(2019, 1, 1))
    subject(11, established=date(2020, 1, 1), status="unknown")
    subject(12, established=date(2023, 1, 1), scope="4499.02.")


def of_all(growth: stocks.Growth) -> dict[str, tuple[int, float | None]]:
    return {point.title: (point.cells[0].count, point.cells[0].growth) for point in growth.points[-4:]}


def test_the_stock_at_each_year_end_and_its_growth(lives: None, cast: Any) -> None:
    growth = stocks.of(cast.who("chief"))
    today = growth.points[-1].title
    assert of_all(growth) == {
        "2023 年末": (1, None),  # the one established that very day
        "2024 年末": (4, 300.0),  # two, three and four came
        "2025 年末": (4, 0.0),  # five came, three ended that very day
        today: (4, 0.0),  # six came, four ended, seven came and went
    }
    kinds = {cell.title: (cell.count, cell.growth) for cell in growth.points[-1].cells[1:] if cell.count}
    assert kinds == {"企业": (2, -33.3), "个体工商户": (2, 100.0)}
    assert growth.undated == 3
    assert of_all(stocks.of(cast.who("inspector_b")))["2024 年末"] == (1, 0.0)


def test_every_figure_of_the_growth_opens_as_many_rows(lives: None, cast: Any, sign_in: Any) -> None:
    client = sign_in("chief")
    growth = stocks.of(cast.who("chief"))
    figures = [(cell.count, cell.href) for point in growth.points[-3:] for cell in point.cells]
    for count, href in [*figures, (growth.undated, growth.undated_href)]:
        shown = client.get(href).content.decode()
        assert (f"共 {count} 条" if count else "没有符合") in shown, href


def test_today_s_stock_is_what_stands_but_for_those_without_a_day(lives: None, cast: Any) -> None:
    who = cast.who("chief")
    assert stocks.of(who).points[-1].cells[0].count == structure.of(who).standing.count - 1


def test_the_end_is_the_day_of_the_cancellation_else_of_what_the_register_says(clock: Any, offices: Any) -> None:
    land(("恒达食品有限公司", 1, "注销"), ("老灶台酒楼", 2, "存续"), approved=date(2025, 8, 5))
    gone, there = Subject.objects.order_by("-status")
    assert (gone.status, gone.ended_on, there.ended_on) == ("deregistered", date(2025, 8, 5), None)
    again = from_fields(gone.pk, gone.fields, scope=gone.scope, updated_on=gone.updated_on)
    files = Files([again], *[pl.DataFrame()] * 4)
    files.records.append({"subject": gone.pk, "kind": "cancellation", "day": "2025-07-01", "state": "", "source": "c",
                          "key": "1", "facts": {}, "batch": 1, "row": 1})  # fmt: skip
    write_files(files)
    assert Subject.objects.get(pk=gone.pk).ended_on == date(2025, 7, 1)
