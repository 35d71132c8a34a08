"""Letters in the invented city: a group, repeats, peaks, a proposal to a chief, what the bureau learned from them."""

from datetime import date
from typing import Any

import pytest

from shiheng.procedures.models import Group, Judged, Link, Passage, Proceeding, Sketch
from shiheng.procedures.triage import hotspots, kept, repeats, senders
from shiheng.site import demo, demo_letters
from tests import factories
from tests.procedures.test_triage_learned import who_of

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 11, 23)


@pytest.fixture
def played(settings: Any, tmp_path: Any, clock: Any) -> None:
    from datetime import datetime

    from shiheng.kernel.clock import SHANGHAI

    clock.move_to(datetime(2026, 11, 23, 10, tzinfo=SHANGHAI))
    settings.MODE, settings.HOME = "demo", tmp_path
    demo.seat(size=20, seed=3, until=UNTIL.isoformat())
    for number in range(40):
        factories.subject(f"云泽市临江区恒达{number}商行", number=20_001 + number, scope="4499.01.01.")
    demo_letters.live(UNTIL)


@pytest.mark.usefixtures("played")
def test_the_letters_are_read_grouped_judged_and_learned_from_and_playing_again_adds_nothing() -> None:
    chief = who_of("zhang")
    group = Group.objects.get()
    assert group.members.filter(left_at=None).count() == 5
    assert group.acts.count() == 2
    assert Passage.objects.filter(step="mediate", proceeding__memberships__group=group).count() == 5
    assert [one.name for one in repeats.proposals(chief)], "others could be grouped"
    assert Judged.objects.filter(what="reading").count() > 10
    assert Link.objects.filter(kind="same").count() == 1
    counted = hotspots.Counted(chief, hotspots.span_of("30", UNTIL.isoformat()))
    assert any("祛斑面膜" in line.title or "化妆品" in line.title for line in counted.peaks(counted.parts()))
    serial = Sketch.objects.filter(proceeding__title="进口糖果没有中文标签").get()
    told = {one.code: one.number for one in senders.of_sender(chief, serial)}
    assert told["complaints"] == 9
    assert told["copies"] == 8
    assert told["paid"] == 3
    leads = Proceeding.objects.filter(procedure="complaints.campaign_lead")
    assert {row.facts["tag"] for row in leads} >= {"化妆品宣传"}
    model = kept.kept("4499.01.")
    assert model is not None
    assert model.measured.files > 60
    before = [held.objects.count() for held in (Proceeding, Passage, Judged, Link)]
    demo_letters.live(UNTIL)
    assert [held.objects.count() for held in (Proceeding, Passage, Judged, Link)] == before
