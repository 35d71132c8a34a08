"""The city's own lists of judgment debtors and unpaid wages, read by the public and held against what is true."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shiheng.accounts.permissions import SYSTEM
from shiheng.city.departments import generator, truth
from shiheng.fusion import actions
from shiheng.kernel import clock
from shiheng.kernel.masking import mask_name
from shiheng.publication.lists import checking, entries

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 11, 20)
SOURCES = ("judgment_debtors", "wage_arrears")


@pytest.fixture
def told(tmp_path: Path) -> Any:
    """Every file of both sources landed on its day; gives the true events of each source by key."""
    for file in generator.write(tmp_path, subjects=4000, seed=11, until=UNTIL, sources=SOURCES):
        with clock.standing_at(file.known_on):
            content = BytesIO((tmp_path / file.path).read_bytes())
            batch = actions.land(
                file.source, content, filename=Path(file.path).name, who=SYSTEM, scope="4499.", delivery=file.delivery
            )
            assert actions.advance(batch.pk).state == "published"
    with clock.standing_at(UNTIL):
        yield {source: {e["key"]: e for e in truth.read(tmp_path, source, "events")} for source in SOURCES}


def standing(code: str) -> dict[str, entries.Entry]:
    return {entry.key: entry for entry in entries.standing(entries.plan_of(code, UNTIL), UNTIL)}


def test_issues_and_natural_persons_are_on_the_lists_as_the_truth_says(told: Any) -> None:
    public = Client()
    wages = standing("wage_arrears")
    assert {key: entry.issue for key, entry in wages.items()} == {
        key: told["wage_arrears"][key]["issue"] for key in wages
    }
    page = public.get("/lists/wage_arrears/").content.decode()
    for issue in {entry.issue for entry in wages.values()}:
        assert f"第 {issue} 期" in page
    assert "未注明期号" not in page
    debtors = standing("judgment_debtors")
    true = {key for key, event in told["judgment_debtors"].items() if "person" in event}
    natural = {key: entry for key, entry in debtors.items() if entry.natural}
    assert natural
    assert set(natural) == true & set(debtors)
    shown = "".join(public.get(f"/lists/{code}/").content.decode() for code in SOURCES)
    for key, entry in natural.items():
        person = told["judgment_debtors"][key]["person"]
        assert entry.subject is None, "a natural person is no business"
        name = person["name"].replace(" ", "")  # some write two characters apart
        assert entry.name == name
        assert mask_name(name) in shown
    assert not re.search(r"4499\d{13}[0-9X]", shown), "no identity number is public"


def test_a_natural_person_on_a_list_is_found_by_name_and_number(told: Any) -> None:
    (key, _entry), *_ = ((key, entry) for key, entry in standing("judgment_debtors").items() if entry.natural)
    person = told["judgment_debtors"][key]["person"]
    asked = {"code": "", "purpose": "filing", "reason": "试", "key": "1"}
    answers = checking.check(SYSTEM, name=person["name"], number=person["number"], **asked)
    hits = {hit.entry.key: hit.surety for answer in answers for hit in answer.hits}
    assert hits[key] == checking.SELF
