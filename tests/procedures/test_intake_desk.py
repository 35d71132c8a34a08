"""The telephone, the consumer council's desk, enterprises that settle online, partner regions."""

from typing import Any

import pytest

from shiheng.procedures.models import Proceeding
from tests import factories
from tests.procedures.ordering import of, send, step, taken, text, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
COMPLAINT = {
    "summary": "电饭煲三天就坏", "channel": "hotline", "kind": "质量", "story": "三天后不通电。", "claims": "退款",
    "name_complainant_": "王小明", "phone_complainant_": "19900001001", "name_trader_": "恒达电器",
    "scope_": "4499.01.",
}  # fmt: skip
REGION = (
    "转办编号",
    "事项类型",
    "转出日期",
    "答复期限",
    "转出单位",
    "事项",
    "情况说明",
    "消费者",
    "联系电话",
    "被反映单位",
)


@pytest.fixture
def clerk(sign_in: Any) -> Any:
    return sign_in("clerk")


def opened(client: Any, code: str, about: int | None = None, **facts: Any) -> Proceeding:
    query = f"?about={about}" if about else ""
    answer = send(client, f"/files/new/{code}/{query}", **facts)
    assert answer.status_code == 302, words(answer)[:800]
    return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def listed(client: Any, firm: Any) -> None:
    """The business put on the register of enterprises that settle online, on its page."""
    answer = send(
        client, "/registers/complaints.odr_firms/new/", subject_=firm.uscc, since_month="2024-05", trade="",
        settled="3", days="5",
    )  # fmt: skip
    if answer.status_code != 302:
        import re

        form = client.get("/registers/complaints.odr_firms/new/").content.decode()
        raise AssertionError(words(answer)[:600] + str(re.findall(r'name="(\w+)"', form)))


def test_a_call_shows_what_its_caller_told_before_and_what_is_open_against_the_business(clerk: Any) -> None:
    firm = factories.subject("恒达电器", number=10_001, scope="4499.01.01.")
    earlier = opened(clerk, "complaints.complaint", **COMPLAINT | {"subject_trader_": firm.uscc})
    page = clerk.post(
        "/intake/phone/", {"phone_": "199 0000 1001", "trader_": "恒达电器", "kind_": "complaints.report"}
    )
    told = words(page)
    assert "来电人以前反映的 1" in told
    assert "这家商户正在办理的 1" in told
    assert told.count(earlier.title) >= 2
    assert "王小明" not in told
    body = page.content.decode()
    assert f'value="{firm.uscc}"' in body
    assert "线索" in told
    nobody = words(clerk.post("/intake/phone/", {"phone_": "19900009999", "trader_": "没有的店"}))
    assert "这个号码没有反映过" in nobody
    assert "这家商户没有正在办理的来件" in nobody
    made = send(clerk, "/intake/phone/", kind_="complaints.complaint", **COMPLAINT | {"summary": "又坏了"})
    assert made.status_code == 302, words(made)[:600]
    assert Proceeding.objects.filter(title="又坏了", facts__channel="hotline").exists()


def test_the_councils_desk_mediates_or_hands_on_and_tells_back(clerk: Any) -> None:
    matter = opened(clerk, "complaints.council", **COMPLAINT | {"channel": "council"})
    assert matter.number.startswith("云临消协投诉")
    assert send(clerk, f"/files/new/complaints.complaint/?about={matter.pk}", **COMPLAINT).status_code == 422
    step(clerk, matter.pk, "hand_on", to="临江区市场监督管理局", why="涉嫌质量违法")
    complaint = opened(clerk, "complaints.complaint", matter.pk, **COMPLAINT | {"channel": "council"})
    assert complaint.links_in.get().first == matter
    step(clerk, complaint.pk, "withdraw", why="商家已退款。")
    step(clerk, matter.pk, "answered", result="商家已退款三百九十九元。")
    step(clerk, matter.pk, "tell", told_by="短信", proof="回执")
    matter.refresh_from_db()
    assert matter.state == "closed"
    own = opened(clerk, "complaints.council", **COMPLAINT | {"channel": "council"})
    no = send(clerk, f"/files/{own.pk}/take/take_up/", way="remote", complainant_agrees="1")
    assert no.status_code == 422
    step(clerk, own.pk, "take_up", way="remote", complainant_agrees="1", trader_agrees="1", room="会议 8888")
    step(clerk, own.pk, "settle", result="更换新机。", recovered="399")


def test_what_a_partner_region_sends_is_helped_with_and_answered_in_its_form(clerk: Any) -> None:
    row = ("Z1", "异地投诉", "2026-11-18", "2026-12-10", "海州市消委会", "网购不给退货", "拆封后拒退。", "赵海燕",
           "19900001004", "恒达电器")  # fmt: skip
    taken(clerk, text(REGION, row), platform="region", name="转办.csv")
    file = of("Z1").proceeding
    assert file.procedure == "complaints.region"
    assert send(clerk, f"/files/{file.pk}/take/pass/", document="1", told_by="函件").status_code == 422
    step(clerk, file.pk, "help", plan="联系商家")
    step(clerk, file.pk, "reply", reply="商家同意退货退款。", recovered="129")
    answer = send(clerk, "/intake/replies/region/")
    assert answer.status_code == 302
    page = words(clerk.get(answer["Location"]))
    assert "商家同意退货退款。" in page
    assert of("Z1").answered_on is not None
