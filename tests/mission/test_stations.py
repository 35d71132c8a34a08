"""A manager asks how the stations in towns stand, opens each figure, and takes the list along."""

import re
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from shiheng.accounts.models import Account, Office, Post, Town
from shiheng.kernel import clock as house

TOWNS, STATIONS, ESTABLISHED = 170, 169, 1030


@pytest.fixture
def district(cast: SimpleNamespace) -> Office:
    """170 towns, 169 of them with a station; 1,030 established posts, 1,021 of them filled."""
    bureau = Office.objects.get(path="4499.01.")
    bureau.children.all().delete()
    Town.objects.bulk_create(
        Town(code=f"449901{n:03d}", title=f"第{n}街道", office=bureau) for n in range(1, TOWNS + 1)
    )
    sizes = [ESTABLISHED // STATIONS + (1 if n < ESTABLISHED % STATIONS else 0) for n in range(STATIONS)]
    Office.objects.bulk_create(
        Office(
            code=f"449901{n:03d}", title=f"第{n}街道监管所", kind="station", parent=bureau, path=f"4499.01.{n:03d}.",
            town=f"第{n}街道", established_posts=size,
        )
        for n, size in enumerate(sizes, start=1)
    )  # fmt: skip
    people = Account.objects.bulk_create(
        Account(username=f"p{n}", name=f"员{n}", password="!", created_at=house.now()) for n in range(ESTABLISHED - 9)
    )
    homes = [o for o in Office.objects.filter(kind="station", parent=bureau) for _ in range(o.established_posts)]
    Post.objects.bulk_create(
        Post(account=person, office=home, role="inspector", since=date(2024, 1, 1))
        for person, home in zip(people, homes, strict=False)
    )
    return bureau


def figures(page: str) -> dict[str, tuple[str, str]]:
    """Each figure on the page by its title: what it says, what it opens."""
    found = re.findall(
        r'<a class="stat [^"]*" href="([^"]+)"><span class="stat-title">([^<]+)</span>'
        r'<span class="stat-value">([^<]+)</span>', page
    )  # fmt: skip
    return {title: (value, href.replace("&amp;", "&")) for href, title, value in found}


def total(client: Client, address: str) -> int:
    """How many rows a list says it has, read from its export: every row, not a page of them."""
    answer = client.get(address + ("&" if "?" in address else "?") + "export=xlsx")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return len(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()) - 1


@pytest.mark.mission("I46")
def test_a_manager_reads_the_stations_in_towns_and_opens_every_figure(district: Office, sign_in: Any) -> None:
    client = sign_in("chief")
    page = client.get("/stations/").content.decode()
    assert "170 个镇街，169 个设置了监管所，设置率 99.4%" in page
    assert "核定编制 1030 名，在岗 1021 人，到岗率 99.1%" in page
    shown = figures(page)
    assert {title: value for title, (value, _) in shown.items()} == {
        "镇街": "170",
        "已设监管所的镇街": "169",
        "未设监管所的镇街": "1",
        "监管所": "169",
        "核定编制": "1,030",
        "在岗人数": "1,021",
    }
    for title in ("镇街", "已设监管所的镇街", "未设监管所的镇街", "监管所", "在岗人数"):
        value, href = shown[title]
        assert total(client, href) == int(value.replace(",", "")), title
    answer = client.get(shown["核定编制"][1] + "?export=xlsx")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    grid = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    across = grid[0].index("核定编制")
    assert sum(int(row[across]) for row in grid[1:]) == ESTABLISHED

    missing = client.get(shown["未设监管所的镇街"][1]).content.decode()
    assert "第170街道" in missing
    assert "共 <b>1</b> 条" in missing

    station = Office.objects.get(title="第3街道监管所")
    staff = client.get(f"/stations/staff/?office={station.code}").content.decode()
    assert f"共 <b>{station.established_posts}</b> 条" in staff
    assert client.get(f"/offices/{station.pk}/").status_code == 200

    Post.objects.filter(office=station).update(until=house.today())
    assert f"在岗 {1021 - station.established_posts} 人" in client.get("/stations/").content.decode()


@pytest.mark.mission("I46")
def test_the_neighbouring_district_sees_its_own_stations_only(district: Office, sign_in: Any) -> None:
    page = sign_in("inspector_b").get("/stations/").content.decode()
    assert "1 个监管所核定编制" in page
    assert "第1街道" not in page
    assert "1 个监管所" not in sign_in("chief").get("/stations/").content.decode().split("设置率")[0]
    city = sign_in("city").get("/stations/posts/").content.decode()
    assert "170 个监管所核定编制 1030 名" in city
