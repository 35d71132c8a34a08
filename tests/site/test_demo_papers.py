"""The invented bureau's papers: served in every way, one taken back, a form of its own in force and one waiting."""

from datetime import date
from pathlib import Path

import pytest

from shiheng.ledger.models import Leaf
from shiheng.procedures.models import Address, OwnForm, Paper, Serving
from shiheng.site import demo, demo_cases, demo_files, demo_papers

UNTIL = date(2026, 11, 20)


@pytest.fixture
def bureau(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "folder", lambda: tmp_path)
    demo.seat(size=150, seed=3, until=UNTIL.isoformat())
    demo_files.live(UNTIL)
    demo_cases.live(UNTIL)


def test_papers_were_served_in_every_way_and_nothing_is_done_twice(bureau: None) -> None:
    demo_papers.live(UNTIL)
    assert set(Serving.objects.values_list("way", flat=True)) == {"direct", "leaving", "electronic", "post", "public"}
    assert {"served", "refused", "failed"} == set(Serving.objects.values_list("result", flat=True))
    assert Paper.objects.filter(served_on=None, withdrawn_on=None).exists(), "some are not served yet"
    assert Address.objects.exists()
    withdrawn = Paper.objects.get(withdrawn_on__isnull=False)
    assert withdrawn.instead is not None
    assert sorted(OwnForm.objects.values_list("state", flat=True)) == ["draft", "published"]
    assert Paper.objects.filter(own__isnull=False).exists(), "papers of the bureau's own form"
    of_cases = set(Paper.objects.filter(form__startswith="enforcement.").values_list("title", flat=True))
    assert {"案件来源登记表", "立案/不予立案审批表", "行政处罚决定书", "结案审批表", "当场行政处罚决定书"} <= of_cases
    assert len(of_cases) >= 12, of_cases
    before = (Paper.objects.count(), Serving.objects.count(), Leaf.objects.count())
    demo_papers.live(UNTIL)
    assert (Paper.objects.count(), Serving.objects.count(), Leaf.objects.count()) == before
