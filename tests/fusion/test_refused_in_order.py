"""The list of refused rows is read in its own order, however it is sorted and narrowed: nothing is gathered first."""

import re
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shiheng.fusion.models import Batch, Quarantined
from shiheng.kernel import clock as house

ORDERS = ("", "sort=row", "sort=-batch")
NARROWED = ("", "state=open", "source=register", "state=open&source=register")
ASKED = {
    "chief": [*("&".join(filter(None, pair)) for pair in product(ORDERS, NARROWED)), "page=3", "sort=-row"],
    "city": ["", "sort=row&state=mended"],
}


def batch(scope: str, source: str, *rows: tuple[str, str]) -> Batch:
    """A batch sent by the office at ``scope`` with refused rows, each (the place it names, its state)."""
    made = Batch.objects.create(
        source=source, contract="1.0.0", key=str(uuid4()), file="0" * 64, filename=f"{source}.csv", size=1,
        scope=scope, landed_by="舒据", landed_at=house.now(), known_on=house.today(), state="published",
    )  # fmt: skip
    Quarantined.objects.bulk_create(
        Quarantined(batch=made, row=n, raw={"企业名称": f"坏行{n}"}, reasons=[], state=state, scope=place)
        for n, (place, state) in enumerate(rows, 1)
    )
    return made


def plan_of(sql: str) -> list[str]:
    """How the database means to answer; PostgreSQL, which would rather sort so few rows, is asked whether it must."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
            cursor.execute("EXPLAIN " + sql)
            plan = [line for (line,) in cursor.fetchall()]
            for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = on")
            return plan
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        return [row[3] for row in cursor.fetchall()]


def gathered(plan: list[str]) -> list[str]:
    """Where a plan sorts, or reads the refused rows from end to end without an index."""
    return [
        line.strip()
        for line in plan
        if re.search(r"TEMP B-TREE FOR ORDER BY|\bSort\b|Seq Scan on fusion_quarantined", line)
        or re.match(r"SCAN fusion_quarantined\b(?!.*INDEX)|MULTI-INDEX OR", line)
    ]


@pytest.mark.parametrize("role", list(ASKED))
def test_no_order_and_no_filter_sorts_the_refused_rows(offices: Any, clock: Any, sign_in: Any, role: str) -> None:
    batch("4499.", "register", *[("4499.01.01.", "open"), ("4499.02.01.", "mended")] * 90)
    browser = sign_in(role)
    for query in ASKED[role]:
        url = f"/quarantine/?{query}"
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url).status_code == 200
        read = [q["sql"] for q in asked.captured_queries if 'FROM "fusion_quarantined"' in q["sql"]]
        assert read, f"{url} reads no refused row"
        for sql in read:
            assert not gathered(plan_of(sql)), (url, plan_of(sql))


def test_the_orders_and_filters_give_the_right_rows_of_the_right_places(offices: Any, clock: Any, sign_in: Any) -> None:
    city = batch("4499.", "register", ("4499.01.01.", "open"), ("4499.02.01.", "open"), ("4499.01.02.", "mended"))
    mine = batch("4499.01.", "permits", ("", "open"), ("4499.01.01.", "rejected"))
    theirs = batch("4499.02.", "permits", ("", "open"), ("4499.02.01.", "open"))

    def shown(role: str, query: str) -> list[tuple[int, int]]:
        page = sign_in(role).get(f"/quarantine/?{query}").content.decode()
        ids = list(dict.fromkeys(re.findall(r'href="/quarantine/(\d+)/"', page)))
        held = {str(row.pk): (row.batch_id, row.row) for row in Quarantined.objects.all()}
        return [held[pk] for pk in ids]

    c, m, t = city.pk, mine.pk, theirs.pk
    assert shown("chief", "") == [(m, 2), (m, 1), (c, 3), (c, 1)]
    assert shown("chief", "sort=batch") == [(c, 1), (c, 3), (m, 1), (m, 2)]
    assert shown("chief", "sort=row") == [(c, 1), (m, 1), (m, 2), (c, 3)]
    assert shown("chief", "sort=-row") == [(c, 3), (m, 2), (m, 1), (c, 1)]
    assert shown("chief", "state=open&sort=row") == [(c, 1), (m, 1)]
    assert shown("chief", "source=permits") == [(m, 2), (m, 1)]
    assert shown("chief", f"batch={c}") == [(c, 3), (c, 1)]
    assert shown("inspector_b", "") == []
    assert len(shown("city", "")) == 7
    assert (t, 2) in shown("city", "source=permits&sort=row")
