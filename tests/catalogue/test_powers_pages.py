"""The pages of powers, lists and discretion as people use them, from drafting to what the public reads."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shiheng.accounts.models import Account, Office, Post
from shiheng.catalogue.models import LawActivity, PowerChange, UpperCatalogue
from shiheng.kernel import clock
from tests.catalogue.test_comparing_powers import GOOD, NEW, OTHER, sheet

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def post(client: Client, address: str, **given: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **given})


@pytest.fixture
def second(cast: SimpleNamespace) -> Client:
    """Another chief, who checks what the first drafted."""
    account = Account.objects.create(username="fa", name="法规", created_at=clock.now(), password="!")
    Post.objects.create(
        account=account, office=Office.objects.get(path="4499.01."), role="section_chief", since=clock.today()
    )
    client = Client()
    client.force_login(account)
    return client


AMEND = {
    "trigger": "reform", "instrument": "云市监〔2026〕8号", "reason": "压减", "title": "对经营超过保质期食品的处罚",
    "kind": "penalty", "field": "食品", "unit": "执法稽查局", "levels": ["city", "county", "town"], "law": "食品安全法",
    "article": "第一百二十四条", "statutory": "90cd", "promised": "60cd", "content": "", "fee": "", "base_code": "",
}  # fmt: skip


def test_a_change_goes_from_its_form_to_the_public_page(sign_in: Browser, second: Client) -> None:
    chief, city, anyone = sign_in("chief"), sign_in("city"), Client()
    address = reverse("power-draft", args=["food.expired", "amend"])
    assert "违法行为与裁量" in chief.get(address).content.decode()
    made = post(chief, address, in_force_from=str(clock.today()), **AMEND)
    assert made.status_code == 302
    row = PowerChange.objects.get()
    assert set(row.content) == {"title", "promised"}
    steps = {name: reverse("power-change-step", args=[row.pk, name]) for name in ("check", "approve", "publish")}
    assert post(chief, steps["check"], opinion="").status_code == 422
    assert post(second, steps["check"], opinion="合法", text_read="1").status_code == 302
    assert post(city, steps["approve"], opinion="").status_code == 302
    public = reverse("public-power", args=["food.expired"])
    assert "对经营超过保质期食品、" in anyone.get(public).content.decode()
    assert post(city, steps["publish"], opinion="").status_code == 302
    page = anyone.get(public).content.decode()
    assert "对经营超过保质期食品的处罚" in page
    assert "60 日" in page
    undone = post(city, reverse("power-change-step", args=[row.pk, "undo"]), opinion="")
    assert "请写明理由" in undone.content.decode()


def test_a_faulty_form_is_shown_back_with_its_sentence(sign_in: Browser) -> None:
    address = reverse("power-draft", args=["food.expired", "amend"])
    response = post(sign_in("chief"), address, in_force_from=str(clock.today()), **{**AMEND, "promised": "60天"})
    assert response.status_code == 422
    assert "期限请写成" in response.content.decode()
    assert not PowerChange.objects.exists()


def test_the_chart_draws_every_step_with_its_limit(sign_in: Browser) -> None:
    page = sign_in("clerk").get(reverse("power", args=["food.expired"])).content.decode()
    drawn = page[page.index('class="flow"') : page.index("</svg>")]
    for title in ("核查线索", "立案", "听证", "结案归档"):
        assert title in drawn
    assert drawn.count("<rect") == 13
    assert "90日 · 部门负责人" in drawn
    assert "退回补充调查" in drawn


def test_the_list_is_filtered_and_exported(sign_in: Browser) -> None:
    client = sign_in("clerk")
    page = client.get(reverse("powers"), {"kind": "adjudication"}).content.decode()
    assert "专利侵权纠纷行政裁决" in page
    assert "对经营超过保质期食品" not in page
    exported = client.get(reverse("powers"), {"kind": "adjudication", "export": "csv"})
    text = b"".join(exported.streaming_content).decode("utf-8-sig") if exported.streaming else exported.content.decode()
    assert "企业名称争议裁决" in text
    assert len(text.strip().splitlines()) == 4


def test_the_list_on_an_earlier_day_shows_the_article_of_then(sign_in: Browser) -> None:
    page = sign_in("clerk").get(reverse("power", args=["competition.confusion"]), {"on": "2025-01-01"}).content.decode()
    assert "《反不正当竞争法》第十八条" in page


def test_the_public_sees_no_cancelled_power(sign_in: Browser) -> None:
    from datetime import date

    PowerChange.objects.create(
        power="food.waste", title="x", what="cancel", trigger="law", instrument="x", reason="x",
        in_force_from=date(2026, 1, 1), state="published", drafted_by="a", drafted_key="a", drafted_at=clock.now(),
        published_at=clock.now(),
    )  # fmt: skip
    assert Client().get(reverse("public-power", args=["food.waste"])).status_code == 404
    assert sign_in("clerk").get(reverse("power", args=["food.waste"])).status_code == 200


def test_a_catalogue_is_loaded_seen_used_and_an_item_adopted(sign_in: Browser) -> None:
    chief = sign_in("chief")
    file = SimpleUploadedFile("省目录.csv", sheet(GOOD, OTHER, NEW, ("44", "", "", "", "", "")))
    done = post(
        chief, reverse("upper-catalogues"), title="通用目录", issued_by="省局", issued_on="2026-10-01", file=file
    )
    held = UpperCatalogue.objects.get()
    assert done["Location"] == reverse("upper-catalogue", args=[held.pk])
    page = chief.get(done["Location"]).content.decode()
    assert "应为 3 至 40 位数字、字母" in page
    assert post(chief, done["Location"]).status_code == 422
    assert post(chief, done["Location"], knowing="1").status_code == 302
    assert "1 行未读入" in chief.get(reverse("powers-compare")).content.decode()
    one = reverse("powers-compare-one", args=[OTHER[0]])
    assert "不同" in chief.get(one).content.decode()
    assert post(chief, one, reason="一致", in_force_from="2026-12-01").status_code == 302
    assert PowerChange.objects.get().content["base_code"] == OTHER[0]
    assert "正在办理" in chief.get(one).content.decode()


def test_a_scope_is_checked_with_its_words_marked(sign_in: Browser) -> None:
    page = post(sign_in("clerk"), reverse("market-access"), scope="烟草制品零售；日用百货销售").content.decode()
    assert "<mark>烟草制品零售</mark>" in page
    assert "烟草专卖零售许可证" in page
    clean = post(sign_in("clerk"), reverse("market-access"), scope="日用百货销售").content.decode()
    assert "未命中" in clean


def test_a_decision_is_judged_for_legal_review(sign_in: Browser) -> None:
    asked = {"decision": "penalty", "fine": "200000", "confiscated": "0", "seized": "0", "legal_relations": "1"}
    page = post(sign_in("chief"), reverse("legal-reviews"), **asked).content.decode()
    assert "须法制审核" in page
    page = post(sign_in("chief"), reverse("legal-reviews"), **{**asked, "fine": "2000"}).content.decode()
    assert "不须法制审核" in page


def test_an_activity_of_law_education_counts_this_year(sign_in: Browser) -> None:
    address = reverse("law-duty", args=["public.food"])
    given = {"day": str(clock.today()), "title": "进社区", "place": "江口街道", "people": "80"}
    assert post(sign_in("chief"), address, **given).status_code == 302
    assert LawActivity.objects.get().people == 80
    page = sign_in("clerk").get(reverse("law-education"), {"q": "举报奖励"}).content.decode()
    assert re.search(r">\s*80\s*<", page)
    assert post(sign_in("chief"), address, **{**given, "day": "2099-01-01"}).status_code == 422


def test_a_fine_is_worked_out_with_reasons_and_articles(sign_in: Browser) -> None:
    address = reverse("violation", args=["food.unlicensed"])
    page = post(
        sign_in("clerk"), address, goods="30000", stage="first", factors=["repeated"], grade="", proposed="200000"
    ).content.decode()
    for told in ("从重处罚", "300,000.00", "510,000.00", "600,000.00", "第一百二十二条", "低于裁量幅度"):
        assert told in page, told


def test_the_interface_gives_the_list_and_the_comparison(sign_in: Browser) -> None:
    client = sign_in("clerk")
    held = client.get("/api/v1/desk/powers", {"kind": "adjudication"}).json()
    assert held["total"] == len(held["items"]) == 3
    one = client.get("/api/v1/desk/powers/food.expired").json()
    assert one["article"] == "第一百二十四条"
    assert [step["code"] for step in one["steps"]][:2] == ["clue", "no_file"]
    assert client.get("/api/v1/desk/powers/compare").status_code == 404
    assert client.get("/api/v1/desk/powers/no.such").status_code == 404
