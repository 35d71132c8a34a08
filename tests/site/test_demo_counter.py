"""The counter of the invented bureau: letters in every state, additions unread, a rating; nothing done twice."""

from datetime import date
from pathlib import Path

import pytest

from shiheng.ledger.models import Leaf
from shiheng.procedures.models import Proceeding
from shiheng.services.models import Addition, Follow, Rating
from shiheng.site import demo, demo_counter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
UNTIL = date(2026, 11, 20)


def test_letters_by_the_net_are_there_with_what_their_senders_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "folder", lambda: tmp_path)
    demo.seat(size=150, seed=3, until=UNTIL.isoformat())
    demo_counter.live(UNTIL)
    held = Proceeding.objects.filter(facts__channel="web", procedure__startswith="complaints.")
    assert held.count() == 7
    assert {"settled", "refused", "accepted", "pending", "withdrawn"} <= set(held.values_list("state", flat=True))
    assert Addition.objects.filter(read_at=None, kind="withdraw").exists()
    assert sorted(Rating.objects.values_list("score", flat=True)) == [2, 5]
    asked = Proceeding.objects.filter(procedure="oversight.disclosure").order_by("pk")
    assert [one.state for one in asked] == ["answered", "answered", "answered", "received", "received"]
    assert Follow.objects.count() == 7 + 5
    before = (Proceeding.objects.count(), Addition.objects.count(), Leaf.objects.count())
    demo_counter.live(UNTIL)
    assert (Proceeding.objects.count(), Addition.objects.count(), Leaf.objects.count()) == before
