"""增减与迁移: every figure on the page is the number of rows its link opens, whoever reads it and however."""

import random
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection

from shiheng.accounts.permissions import Who
from shiheng.subjects import balance, growth, stays
from shiheng.subjects.models import Stay
from shiheng.subjects.stays import Point
from tests import factories
from tests.mission.test_structure import rows_of

pytestmark = pytest.mark.django_db

PLACES = ("4499.01.01.", "4499.01.02.", "4499.02.01.", "4499.01.", "4499.02.")


def keep(subject, told, **columns):
    """The stays of a subject, written as they were worked out."""
    fields = {name: getattr(told, name) for name in told.__dataclass_fields__}
    return Stay.objects.create(subject=subject, **{"kind": subject.kind, "division": "52", **fields, **columns})


@pytest.fixture
def lives(offices, clock):
    """Eighty lives of every sort over three years, in five places, of three kinds and four industries."""
    draw = random.Random(7)
    first = date(2023, 12, 1)
    for n in range(80):
        status = draw.choice(("active", "active", "active", "suspended", *stays.ENDS))
        born = first + timedelta(days=draw.randrange(-900, 1000))
        ended = None if status in ("active", "suspended") else min(
            born + timedelta(days=draw.randrange(0, 900)), date(2026, 11, 18)
        )  # fmt: skip
        if ended and ended < born:
            continue
        points = sorted(
            (Point(first + timedelta(draw.randrange(1080)), draw.choice(PLACES)) for _ in range(draw.randrange(4))),
            key=lambda p: p.day,
        )  # fmt: skip
        scope = draw.choice(PLACES)
        told = stays.of(scope, established=born, ended_on=ended, status=status, standing=ended is None, told=points)
        kind = draw.choice(("enterprise", "individual", "branch"))
        division = draw.choice(("52", "62", "61", ""))
        row = factories.subject(
            f"第{n}商店", number=3000 + n, scope=scope, kind=kind, status=status, established=born, ended_on=ended,
            indexed=False, representative="",
        )  # fmt: skip
        for one in told:
            keep(row, one, division=division)


def figures(page):
    """(count, address) of every figure of the tables that opens rows."""
    found = re.findall(r'<a href="(/subjects/growth/rows/[^"]+)">([+-]?[\d,]+)</a>', page)
    return [(int(n.replace(",", "")), unescape(href)) for href, n in found]


@pytest.mark.parametrize(
    ("column", "query"),
    [
        ("chief", "?span=36"),
        ("chief", "?first=2025-03&last=2025-12&by=kind"),
        ("chief", "?first=2025-03&last=2025-12&by=industry&at=4499.01.02."),
        ("chief", "?first=2025-01&last=2026-10&kind=individual"),
        ("city", "?first=2025-01&last=2026-10"),
        ("city", "?first=2025-01&last=2026-10&at=4499.02.&industry=62"),
        ("inspector_b", "?first=2026-01&last=2026-10"),
    ],
)
def test_every_figure_is_the_number_of_its_rows(lives, sign_in, column, query):
    browser = sign_in(column)
    page = browser.get(f"/subjects/growth/{query}").content.decode()
    told = {href: count for count, href in figures(page)}
    assert len(told) > 20
    for href, count in told.items():
        assert rows_of(browser, href) == count, href


def test_the_months_add_up_and_agree_with_the_parts(lives, cast):
    for column in ("chief", "city", "inspector_b"):
        who = cast.who(column)
        asked = growth.Asked("2024-06", "2026-10")
        found = growth.of(who, asked)
        for (_m, line), (_n, following) in zip(found.months, found.months[1:], strict=False):
            assert line.closing == following.opening
        assert found.months[-1][1].closing == growth.stock_on(growth.visible_to(who), date(2026, 10, 31)).count()
        assert sum(part.line.closing for part in found.parts) == found.months[-1][1].closing
        for by in (growth.KIND, growth.INDUSTRY):
            parts = growth.broken_down(who, asked, by)
            assert sum(part.line.opening for part in parts) == found.total.opening
            assert sum(part.line.closing for part in parts) == found.total.closing
            for name in balance.EVENTS:
                assert sum(p.line.events[name] for p in parts) == found.total.events[name], name
    assert growth.paths_of(cast.who("inspector_b"), "4499.01.") == ()
    assert growth.of(Who("x", "无", "officer"), asked).total.closing == 0


def test_a_month_unlike_its_year_is_a_lead_and_opens_its_rows(offices, clock, sign_in):
    born = [balance.later("2025-06", n) for n in range(17)]
    serial = 5000
    for month in born:
        for _ in range(40 if month == "2026-09" else 8):
            serial += 1
            row = factories.subject(
                f"第{serial}店", number=serial, scope="4499.01.02.", indexed=False, representative=""
            )
            keep(row, stays.Stay("4499.01.02.", growth.first_day(month)))
    browser = sign_in("chief")
    page = browser.get("/subjects/growth/").content.decode()
    (said,) = re.findall(r'class="notice-title">([^<]+)</strong>([^<]+)<a href="([^"]+)"', page)
    assert said[0] == "疑似不同寻常：多"
    assert "柳岸监管所 2026-09 新设 40 户，此前十二个月月均 8.0 户，最少 8 户、最多 8 户" in said[1]
    assert rows_of(browser, unescape(said[2])) == 40
    assert "没有文件规定" in page


def test_what_cannot_be_read_is_told_and_nothing_is_lost(offices, clock, sign_in):
    browser = sign_in("chief")
    for wrong in ("?first=2026-13", "?first=2026-05&last=2026-01", "?first=1999-01&last=2026-01"):
        page = browser.get(f"/subjects/growth/{wrong}").content.decode()
        assert "现按近 12 个月显示" in page, wrong
    assert browser.get("/subjects/growth/?by=x&span=9&kind=x").status_code == 200
    assert browser.get("/subjects/growth/rows/?what=x").status_code == 200
    assert browser.get("/api/v1/desk/growth?first=2026-05&last=2026-01").status_code == 422
    assert browser.get("/api/v1/desk/growth?first=mai").status_code == 422
    assert browser.get("/api/v1/desk/growth?kind=x").status_code == 422


def test_nobody_sees_the_stays_of_another_territory(lives, sign_in):
    page = sign_in("inspector_b").get("/subjects/growth/rows/?what=stock&size=200").content.decode()
    assert "江口监管所" not in re.sub(r"<select.*?</select>", "", page, flags=re.DOTALL).split("迁自")[0]
    assert "没有这个选项" in sign_in("inspector_b").get("/subjects/growth/rows/?what=born&at=4499.01.").content.decode()


def test_counting_reads_indexes_alone(lives):
    rows = Stay.objects.order_by().filter(growth.within(("4499.01.",)))
    asked = [
        rows.filter(since__gte=date(2026, 1, 1), since__lte=date(2026, 6, 30)).values_list(
            "scope", "began", "came_from"
        ),
        rows.filter(until__gte=date(2026, 1, 1), until__lte=date(2026, 6, 30)).values_list("scope", "ended", "left_to"),
    ]
    if connection.vendor == "postgresql":
        return  # of eighty rows a planner reads the table
    for one, index in zip(asked, ("stay_in_territory", "stay_over"), strict=True):
        assert f"COVERING INDEX {index}" in one.explain(), one.explain()
