"""The list of one industry is read in its own order: however many there are, none is sorted to show a page."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shiheng.subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_common_industry_is_listed_by_name_without_sorting_it(cast: Any, sign_in: Any) -> None:
    numbers = factories.crowd(3_000)
    some = set(numbers[::3])
    for rows, code in ((some, "5212"), (set(numbers) - some, "6210")):
        Subject.objects.filter(pk__in=rows).update(fields={"industry_code": factories.fact(code)})
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE subjects_subject")
    with CaptureQueriesContext(connection) as asked:
        page = sign_in("city").get("/subjects/?industry=52")
    body = page.content.decode()
    first = Subject.objects.filter(pk__in=some).order_by("name", "id")[:5]
    assert all(subject.name in body for subject in first)
    told = [q["sql"] for q in asked.captured_queries if "industry_code" in q["sql"]]
    plans = [plan_of(sql) for sql in told]
    # The page in its order; how many there are is counted to a thousand in whatever order.
    assert any("subject_by_industry" in plan for plan in plans), plans
    for plan in plans:
        assert "TEMP B-TREE" not in plan, plan
        assert "Sort" not in plan, plan


def plan_of(sql: str) -> str:
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql.replace("%", "%%"), [])
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
