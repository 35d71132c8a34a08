"""An officer looks up what a permit gap rests on, reads the article as of the day, and sees what else cites it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from shiheng.catalogue.law import actions
from shiheng.subjects.models import PermitGap
from tests import factories
from tests.catalogue import laws


@pytest.mark.mission("E21")
@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_from_a_missing_permit_to_the_article_and_back_to_what_cites_it(sign_in: Callable[[str], Client]) -> None:
    actions.install()
    laws.load_both()
    chief = sign_in("chief")
    listed = chief.get(reverse("law")).content.decode()
    assert laws.TITLE in listed
    assert "食品安全法" in listed

    article = reverse("law-article", args=["food-safety-law", "35"])
    row = factories.subject("云泽市临江区恒达餐饮有限公司", number=9301, scope="4499.01.01.")
    other = factories.subject("云泽市望湖区持证餐饮有限公司", number=9302, scope="4499.02.01.")
    factories.record(other, "permit", key="9302", title="食品经营许可证", scope=other.scope, state="valid")
    PermitGap.objects.create(
        subject=row, rule="food.catering", title="食品经营许可证", industry="6210", scope=row.scope
    )
    file = chief.get(reverse("subject", args=[row.pk]) + "?tab=permits").content.decode()
    assert f"{article}?on=2026-11-20" in file
    missing = chief.get(reverse("permits-missing")).content.decode()
    assert f"{article}?on=2026-11-20" in missing

    read = chief.get(f"{article}?on=2026-11-20").content.decode()
    assert "摘要（非原文）" in read
    assert "应有许可：" in read
    assert "数据源：" in read
