"""The credit files of the invented city: entries, repairs, answers, permits, failed batches; played once each."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shiheng.accounts.models import Account
from shiheng.procedures.models import Heeded, Proceeding
from shiheng.site import demo, demo_credit
from shiheng.subjects.models import Record, Representation
from tests import factories
from tests.casework import words

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 11, 23)


@pytest.fixture
def played(settings: Any, tmp_path: Any) -> Account:
    settings.MODE, settings.HOME = "demo", tmp_path
    demo.seat(size=20, seed=3, until=UNTIL.isoformat())
    owner = Account.objects.create(username="laoban", name="劳板", kind="enterprise", created_at=timezone.now())
    for number in range(24):
        firm = factories.subject(f"云泽市临江区恒达{number}商行", number=20_001 + number, scope="4499.01.01.")
        if number < 2:
            Representation.objects.create(account=owner, subject=firm, basis="法定代表人", since=date(2026, 1, 1))
    demo_credit.live(UNTIL)
    return owner


def test_the_city_has_every_turn_a_credit_file_can_take_and_playing_again_adds_nothing(played: Account) -> None:
    rows = Proceeding.objects.all()
    there = set(rows.values_list("procedure", "state"))
    for wanted in (
        ("credit.abnormal", "listed"), ("credit.abnormal", "off"), ("credit.abnormal", "proposed"),
        ("credit.serious", "off"), ("credit.serious", "listed"), ("credit.repair", "executed"),
        ("credit.repair", "refused"), ("credit.repair", "accepted"), ("credit.correction", "decided"),
        ("credit.reply", "shown"), ("food.licence", "done"), ("food.licence", "refused"),
        ("quality.failed_food", "closed"), ("quality.failed_food", "public"), ("quality.failed_goods", "public"),
    ):  # fmt: skip
        assert wanted in there, wanted
    assert Heeded.objects.filter(measure="food_banned_person", outcome="applied").exists()
    assert Record.objects.filter(kind="serious", facts__removed_for="准予信用修复").exists()
    count = rows.count()
    demo_credit.live(UNTIL)
    assert Proceeding.objects.count() == count
    browser = Client()
    browser.force_login(played)
    page = words(browser.get("/enterprise/credit/"))
    for said in ("需要您办理", "小暖牌电热水壶", "未按规定的期限公示年度报告", "列入严重违法失信名单"):
        assert said in page, said
