"""The invented bureau's portal: pages, reports and open data made through the rooms' own actions, once."""

from typing import Any

import pytest
from django.test import Client

from shiheng.city import portal
from shiheng.publication.models import BureauPage, CreditReport, DataVersion
from shiheng.site import demo_portal
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_bureau_has_pages_and_citizens_took_reports(cast: Any, client: Client) -> None:
    firm = factories.subject()
    factories.record(firm, "penalty", key="1", facts={"document": "云临市监罚〔2026〕7号"})
    demo_portal.live()
    assert BureauPage.objects.filter(state="on").count() == len(portal.pages())
    assert CreditReport.objects.get().subject_id == firm.pk
    assert DataVersion.objects.filter(dataset="record-penalty").exists()
    page = client.get("/bureau/").content.decode()
    for held in portal.pages():
        assert held.hidden or held.title in page
        assert not held.hidden or held.hidden not in page
    demo_portal.live()
    assert CreditReport.objects.count() == 1
    assert BureauPage.objects.count() == len(portal.pages())
