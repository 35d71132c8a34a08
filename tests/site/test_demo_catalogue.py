"""The invented bureau keeps its lists: changes in every state, the province's catalogue beside them, lectures held."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from shiheng.catalogue.models import LawActivity, PowerChange, UpperCatalogue
from shiheng.catalogue.powers import queries
from shiheng.catalogue.powers.definition import STATES
from shiheng.city import catalogue_days
from shiheng.ledger.models import Leaf
from shiheng.site import demo, demo_catalogue

UNTIL = date(2026, 11, 20)


@pytest.fixture
def bureau(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "folder", lambda: tmp_path)
    demo.seat(size=150, seed=3, until=UNTIL.isoformat())


def test_changes_stand_in_every_state_by_different_people(bureau: None) -> None:
    demo_catalogue.live(UNTIL)
    assert set(PowerChange.objects.values_list("state", flat=True)) == set(STATES)
    for row in PowerChange.objects.exclude(approved_at=None):
        assert len({row.drafted_key, row.checked_key, row.approved_key}) == 3
        assert row.drafted_at < row.checked_at < row.approved_at  # type: ignore[operator]
    held = queries.entries(on=UNTIL)
    assert held["price.not_marked"].entrusted_to == "临江区市场管理服务中心"
    assert held["local.pickup_cabinet"].status == "add"
    assert not held["quality.arbitration"].in_force


def test_the_province_s_catalogue_differs_in_every_way(bureau: None) -> None:
    demo_catalogue.live(UNTIL)
    upper = UpperCatalogue.objects.get(state="current")
    assert upper.faulty == len(catalogue_days.SPOILT)
    assert upper.rows == upper.accepted + upper.faulty
    counts = Counter(row.status for row in queries.compared(upper, on=UNTIL))
    assert set(counts) == {"same", "different", "lacking", "gone"}
    assert counts["lacking"] >= len(catalogue_days.ADDED)


def test_lectures_count_and_a_second_start_adds_nothing(bureau: None) -> None:
    demo_catalogue.live(UNTIL)
    before = (LawActivity.objects.count(), PowerChange.objects.count(), Leaf.objects.count())
    assert before[0] == len(catalogue_days.LECTURES)
    demo_catalogue.live(UNTIL)
    assert (LawActivity.objects.count(), PowerChange.objects.count(), Leaf.objects.count()) == before
