"""What a file says of itself: a later step says the same thing anew, and never another thing by the same name."""

from typing import Any

import pytest

from shiheng.procedures.models import Proceeding
from tests.casework import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BILLS = {"kind": "01", "title": "进货票据", "source": "当事人提供，核对后复印", "proves": "货值"}


def test_where_a_paper_came_from_is_not_where_the_case_came_from(bench: Any) -> None:
    held = bench.to("investigating")
    bench.takes("jian", held, "gather", **BILLS)
    assert held.facts["source"] == "check"
    page = words(bench.at("jian").get("/files/?procedure=enforcement.case"))
    assert "无证经营糕点" in page


def test_what_a_step_says_anew_of_the_same_thing_counts(bench: Any) -> None:
    held = bench.to("noticing")
    concluded = held.passages.get(step="conclude").facts
    assert held.facts["goods"] == concluded["goods"]


def test_the_summary_for_publication_does_not_rename_the_case(bench: Any) -> None:
    held = bench.to("settle")
    assert Proceeding.objects.get(pk=held.pk).facts["summary"] == "无证经营糕点"
