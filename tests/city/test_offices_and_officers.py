"""The city's offices and officers: realistic posts, and spreadsheets the platform takes without a fault."""

from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from shiheng.accounts.permissions import SYSTEM
from shiheng.city import offices
from shiheng.city.places import towns


def _sheet(path: Path, name: str) -> list[dict[str, Any]]:
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def sheets(city: SimpleNamespace) -> SimpleNamespace:
    first, second = city.path / city.manifest.offices, city.path / city.manifest.officers
    return SimpleNamespace(offices=_sheet(first, "机构"), towns=_sheet(first, "镇街"), officers=_sheet(second, "人员"))


def test_every_town_has_one_station(sheets: SimpleNamespace) -> None:
    stations = [o["镇街"] for o in sheets.offices if o["机构类别"] == "监管所"]
    assert sorted(stations) == sorted(t.name for t in towns())
    assert [t["镇街代码"] for t in sheets.towns] == [t.code for t in towns()]


def test_a_few_hundred_officers_fill_nearly_all_posts(sheets: SimpleNamespace) -> None:
    posts = Counter(o["机构代码"] for o in sheets.officers)
    established = {o["机构代码"]: int(o["核定编制数"]) for o in sheets.offices}
    assert all(posts[code] <= count for code, count in established.items())
    assert 0.99 < sum(posts.values()) / sum(established.values()) < 1
    assert 250 < len({o["登录名"] for o in sheets.officers}) < 600


def test_some_officers_hold_several_posts_and_no_post_is_held_twice_by_one(sheets: SimpleNamespace) -> None:
    held: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in sheets.officers:
        held[row["登录名"]].append((row["机构代码"], row["角色"]))
    assert sum(len(p) > 1 for p in held.values()) > 10
    assert all(len(set(p)) == len(p) for p in held.values())
    assert all(row["执法证号"] for row in sheets.officers if row["角色"] == "检查人员")


def test_the_cast_is_there_at_its_offices(sheets: SimpleNamespace) -> None:
    found = {(r["登录名"], r["姓名"], r["机构代码"], r["角色"]) for r in sheets.officers}
    assert set(offices.CAST) <= found


def test_the_platform_loads_both_and_a_second_time_changes_nothing(db: None, clock: Any, city: SimpleNamespace) -> None:
    from shiheng.accounts.actions import load_officers_xlsx, load_offices_xlsx
    from shiheng.accounts.models import Office, Post

    first, second = ((city.path / f).read_bytes() for f in (city.manifest.offices, city.manifest.officers))
    for load, content in ((load_offices_xlsx, first), (load_officers_xlsx, second)):
        done = load(SYSTEM, content)
        assert done.faults == []
        assert done.applied
    assert set(Office.objects.filter(path__in=["4499.", "4499.01.", "4499.02."]).values_list("code", flat=True)) == {
        "449900",
        "449901",
        "449902",
    }
    assert Office.objects.filter(kind="station", path__startswith="4499.01.").count() == 10
    assert Post.objects.count() > 300
    assert load_offices_xlsx(SYSTEM, first).changes == []
    assert load_officers_xlsx(SYSTEM, second).changes == []
