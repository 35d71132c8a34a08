"""An inspector traces an address: whoever is at it, however each file writes it, and where one business was before."""

import re
from typing import Any

import pytest

from tests.factories import uscc
from tests.mission.test_register import SHARED, send, text

pytestmark = pytest.mark.django_db

FIRST = f"""{SHARED}
4499010000000001,开业,{uscc(1)},云泽市临江区老灶台小吃店,云泽市临江区江口街道码头路1号首层,陈立本,2026-1-5
4499010000000002,开业,{uscc(2)},云泽市临江区恒达食品有限公司,临江区码头路1号2楼201室,周立新,2026-1-6
4499010000000004,开业,{uscc(4)},云泽市临江区明德书社,广东省云泽市临江区码头路１＃3楼,吴明,2026-1-7
4499010000000005,开业,{uscc(5)},云泽市临江区书香茶行,云泽市临江区江口街道码头路11号,吴明,2026-1-7
"""
SECOND = f"""{SHARED}
4499010000000001,开业,{uscc(1)},云泽市临江区老灶台小吃店,云泽市临江区柳岸镇柳堤街9号,陈立本,2026-3-2
"""


@pytest.mark.mission("B08")
def test_an_address_leads_to_all_who_are_or_were_there(cast: Any, sign_in: Any, clock: Any) -> None:
    data, inspector = sign_in("data"), sign_in("inspector_b")
    send(data, "一月.csv", FIRST.encode())
    page = text(inspector.get("/trace/address/", {"q": "临江区码头路1号"}))
    assert "临江区码头路1号" in page
    for name in ("老灶台小吃店", "恒达食品有限公司", "明德书社"):
        assert name in page, name
    assert "书香茶行" not in page

    send(data, "三月.csv", SECOND.encode())
    page = text(inspector.get("/trace/address/", {"q": "临江区码头路1号", "current": "0"}))
    assert "老灶台小吃店" in page
    assert "曾在此处" in page

    # From the business itself: where it is now, and where that leads.
    found = inspector.get("/find/", {"q": "老灶台"}).content.decode()
    (address,) = set(re.findall(r'href="(/subjects/\d+/)"', found))
    tab = inspector.get(f"{address}?tab=tracing").content.decode()
    (house,) = set(re.findall(r'href="(/trace/address/\?[^"]+)"', tab))
    assert "老灶台小吃店" in text(inspector.get(house.replace("&amp;", "&")))
