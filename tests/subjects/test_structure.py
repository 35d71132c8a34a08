"""主体结构: every figure is the number of rows its link opens, for whoever reads it."""

from datetime import date
from typing import Any

import pytest

from shiheng.subjects import structure
from shiheng.subjects.models import Subject

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
