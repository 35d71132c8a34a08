"""A bureau works by its catalogue: the powers list and what rests on it, the lists beside it, uniform discretion."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shiheng.accounts.models import Account, Office, Post
from shiheng.accounts.queries import who_of
from shiheng.catalogue.lists import definition as lists
from shiheng.catalogue.models import PowerChange
from shiheng.catalogue.powers import actions, queries
from shiheng.catalogue.powers.definition import POWERS
from shiheng.catalogue.violations import VIOLATIONS
from shiheng.kernel import clock, registry
from tests.catalogue.test_comparing_powers import GOOD, NEW, OTHER, sheet

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def text(response: Any) -> str:
    return response.content.decode()


def post(client: Client, address: str, **given: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **given})


@pytest.mark.mission("H01")
def test_the_list_has_versions_basis_and_owner_is_public_and_checks_point_at_it(
    cast: SimpleNamespace, sign_in: Any
) -> None:
    account = Account.objects.create(username="fa", name="法规", created_at=clock.now(), password="!")
    Post.objects.create(account=account, office=Office.objects.get(path="4499.01."), role="section_chief",
                        since=date(2024, 1, 1))  # fmt: skip
    head = cast.who("city")
    with clock.standing_at(DAY):
        row = actions.draft(
            cast.who("chief"), what="amend", power="food.check", content={"unit": "食品综合科"}, trigger="reform",
            instrument="云编〔2026〕1号", reason="科室合并", in_force_from=DAY + timedelta(days=5),
        )  # fmt: skip
        actions.check(who_of(account), row.pk, opinion="合法")
        actions.approve(head, row.pk)
        actions.publish(head, row.pk)
    assert queries.entry("food.check", on=DAY + timedelta(days=4)).power.unit == "食品安全协调科"
    assert queries.entry("food.check", on=DAY + timedelta(days=5)).power.unit == "食品综合科"
    powers = {power.code: power for power in registry.all_of(POWERS, on=DAY)}
    assert len({power.kind for power in powers.values()}) >= 7
    assert all(power.basis.instrument and power.basis.article and power.unit for power in powers.values())
    resting = [
        *registry.all_of(lists.CHECKLISTS, on=DAY),
        *registry.all_of(lists.SPOT_CHECKS, on=DAY),
        *registry.all_of(VIOLATIONS, on=DAY),
    ]
    assert not [held.code for held in resting if held.power not in powers]
    page = text(Client().get(reverse("public-powers")))
    assert "权责清单" in page
    assert Client().get(reverse("public-power", args=["food.check"])).status_code == 200


@pytest.mark.mission("H03")
def test_the_provincial_catalogue_shows_what_is_missing_changed_and_gone(sign_in: Any) -> None:
    chief = sign_in("chief")
    file = SimpleUploadedFile("省目录.csv", sheet(GOOD, OTHER, NEW))
    loaded = post(
        chief, reverse("upper-catalogues"), title="通用目录", issued_by="省局", issued_on="2026-10-01", file=file
    )
    assert post(chief, loaded["Location"]).status_code == 302
    for status, title in (
        ("same", GOOD[1]),
        ("different", OTHER[1]),
        ("lacking", NEW[1]),
        ("gone", "对价格欺诈的处罚"),
    ):
        page = text(chief.get(reverse("powers-compare"), {"status": status, "q": title}))
        assert title in page, status
    given = {"reason": "省新增", "in_force_from": "2026-12-01", "field": "食品", "unit": "食品经营安全监管科"}
    assert post(chief, reverse("powers-compare-one", args=[NEW[0]]), **given).status_code == 302
    assert PowerChange.objects.get().what == "add"


@pytest.mark.mission("H04")
def test_law_education_is_listed_by_audience_and_its_activities_are_recorded(sign_in: Any) -> None:
    chief = sign_in("chief")
    for audience, content in (
        ("officers", "处罚的设定与实施"),
        ("businesses", "进货查验"),
        ("public", "投诉与举报的区别"),
    ):
        assert content in text(chief.get(reverse("law-education"), {"audience": audience}))
    address = reverse("law-duty", args=["businesses.food"])
    given = {"day": str(clock.today()), "title": "食品安全培训", "place": "江口街道", "people": "45"}
    assert post(chief, address, **given).status_code == 302
    assert "食品安全培训" in text(sign_in("clerk").get(address))


@pytest.mark.mission("H05")
def test_a_clerk_checks_a_scope_against_the_negative_list(sign_in: Any) -> None:
    scope = "一般项目：日用百货销售。许可项目：餐饮服务；烟花爆竹零售；化工产品销售（不含危险化学品）；代币发行融资"
    page = text(post(sign_in("clerk"), reverse("market-access"), scope=scope))
    result = page[page.index('id="hits"') : page.index("核对经营范围")]
    assert "<mark>代币发行融资</mark>" in result
    assert "禁止准入" in result
    assert "<mark>烟花爆竹</mark>" in result
    assert "食品经营许可证" in result
    assert "日用百货" not in result
    assert "危险化学品经营许可证" not in result


@pytest.mark.mission("D04")
def test_spot_checks_have_items_with_basis_and_working_rules(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    page = text(clerk.get(reverse("spot-checks"), {"key": "1"}))
    assert "餐饮服务监督检查" in page
    assert "《食品安全法》第一百一十条" in page
    assert "登记事项检查" not in page
    assert "随机抽取" in text(clerk.get(reverse("spot-check-rules")))
    assert "餐饮具清洗消毒" in text(clerk.get(reverse("checklist", args=["food.catering"])))


@pytest.mark.mission("E20")
def test_two_officers_with_the_same_case_get_the_same_band_and_see_a_deviation(sign_in: Any) -> None:
    address = reverse("violation", args=["food.unlicensed"])
    given = {"goods": "20000", "stage": "first", "factors": ["removed_harm"], "grade": "", "proposed": "300000"}
    pages = [text(post(sign_in(column), address, **given)) for column in ("clerk", "inspector_b")]
    for page in pages:
        assert "第一百二十二条" in page
        assert "200,000.00" in page
        assert "260,000.00" in page
        assert "高于裁量幅度" in page
