"""What people of the invented city have done with its data by today: there once, however often a start is cut off."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from shiheng.accounts.models import Account
from shiheng.city import truth
from shiheng.fusion.models import Dispute, Return, Ruling
from shiheng.ledger.models import Leaf
from shiheng.publication.exchange import queries
from shiheng.publication.models import Subscription
from shiheng.site import demo, demo_days
from shiheng.site.cli.answers import Progress
from shiheng.subjects.models import Subject

UNTIL = date(2026, 11, 20)


@pytest.fixture
def city(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "folder", lambda: tmp_path)
    demo.seat(size=150, seed=3, until=UNTIL.isoformat())
    demo._register(demo.plan(), Progress(wanted=False))


def test_each_subscription_is_in_a_state_of_its_own(city: None) -> None:
    demo._live(UNTIL)
    held = {row.way + row.office.title[-3:]: row for row in Subscription.objects.select_related("office")}
    tax, labour, court, health = held["pull税务局"], held["file保障局"], held["push民法院"], held["pull健康局"]
    assert [row.state for row in (tax, labour, court, health)] == ["approved", "approved", "approved", "asked"]
    assert tax.taken > 0
    assert labour.taken == labour.sent > 0
    assert queries.difference(labour).empty
    assert sorted(labour.receipts.values_list("state", flat=True)) == ["bad", "taken"]
    assert court.endpoint


def test_doubts_stand_at_every_stage_and_rows_were_sent_back(city: None) -> None:
    demo._live(UNTIL)
    assert sorted(Dispute.objects.values_list("state", flat=True)) == ["answered", "open", "open", "refused"]
    assert set(Dispute.objects.values_list("reporter_name", flat=True)) == {"李窗", "劳板", "章科", "查宁"}
    sent_back = Return.objects.get()
    assert (sent_back.state, sent_back.made_by, sent_back.made_at.date()) == ("sent", "舒据", date(2026, 11, 14))


def test_a_start_cut_off_anywhere_does_only_what_is_missing(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class CutOffError(Exception):
        pass

    def cut_off(_today: date) -> None:
        raise CutOffError

    with monkeypatch.context() as held:
        held.setattr(demo_days, "_send_back", cut_off)
        with pytest.raises(CutOffError):
            demo._live(UNTIL)
    leaves = Leaf.objects.count()
    demo._live(UNTIL)
    assert Leaf.objects.count() == leaves + 1
    demo._live(UNTIL)
    assert (Leaf.objects.count(), Dispute.objects.count(), Subscription.objects.count()) == (leaves + 1, 4, 4)


def test_the_data_officer_has_merged_one_business_and_undone_another_merger(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "folder", lambda: tmp_path)
    demo.seat(size=300, seed=3, until=UNTIL.isoformat())
    demo._register(demo.plan(), Progress(wanted=False))
    said = {line["k"]: line for line in truth.read(tmp_path / "truth", truth.SUBJECTS)}
    (twice,) = (line for line in said.values() if line["divided"])
    (slipped,) = (line for line in said.values() if line["slip"][1])
    (neighbour,) = (line for line in said.values() if line["regno"] == slipped["slip"][1])
    both = Subject.objects.filter(live=True, name=twice["name"][-1][1])
    assert sorted(both.values_list("uscc", flat=True)) == ["", twice["uscc"]]
    demo._live(UNTIL)
    demo._live(UNTIL)
    one, two = Ruling.objects.order_by("pk")
    assert (one.made_by, one.undone_by) == ("舒据", "")
    assert both.get().uscc == twice["uscc"]
    assert (two.made_by, two.undone_by) == ("舒据", "舒据")
    assert {two.subject.uscc, two.other.uscc} == {slipped["uscc"], neighbour["uscc"]}
    assert Subject.objects.filter(live=True, uscc__in=[slipped["uscc"], neighbour["uscc"]]).count() == 2
    browser = Client()
    browser.force_login(Account.objects.get(username="shuju"))
    assert all(ruling.reason in browser.get("/rulings/").content.decode() for ruling in (one, two))
    page = browser.get(f"/subjects/{two.subject_id}/rulings/").content.decode()
    assert neighbour["regno"] in page


def test_the_smallest_city_has_its_days_too(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "folder", lambda: tmp_path)
    demo.seat(size=1, seed=3, until=UNTIL.isoformat())
    demo._register(demo.plan(), Progress(wanted=False))
    demo._live(UNTIL)
    assert Subscription.objects.count() == 4
