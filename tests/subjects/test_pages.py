"""The desk's pages about subjects: who sees what, and that list, count, export and detail agree."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shiheng.kernel.errors import Missing
from shiheng.subjects import queries
from shiheng.subjects.models import Person, Relation, Representation, Subject
from shiheng.ui import slots
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(cast: Any) -> Subject:
    held = factories.subject(former=("云泽老灶台食品厂",))
    held.fields["representative_phone"] = factories.fact("13800138000")
    held.fields["business_scope"] = factories.fact("糕点制售", others=1, why="日期最新（2026-03-01）")
    held.save()
    person = Person.objects.create(key="at:x:欧阳小明", name="欧阳小明")
    Relation.objects.create(subject=held, role="shareholder", person=person, source="register")
    return held


def text(response: Any) -> str:
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def test_the_file_shows_values_with_source_day_and_reason(firm: Subject, sign_in: Any, monkeypatch: Any) -> None:
    named = {12: ("商事登记", "登记.csv", "batch-row")}
    real = slots.fillings
    given = [slots.Filling("t", "t", lambda who, key: {n: named[n] for n in key[1]})]
    monkeypatch.setattr(slots, "fillings", lambda name: given if name == "subject.batches" else real(name))
    firm.fields["business_scope"] |= {"batch": 12, "row": 345}
    firm.save()
    page = text(sign_in("chief").get(f"/subjects/{firm.id}/?tab=registration"))
    for said in (
        firm.name,
        firm.uscc,
        "陈立本",
        "商事登记 · 2026-03-01",
        "日期最新",
        "另有 1 种说法",
        "批次 12 · 登记.csv · 第 345 行",
    ):
        assert said in page, said
    assert 'href="/batches/12/rows/345/"' in page
    assert "云泽老灶台食品厂" in page
    assert "13800138000" in page
    assert "欧阳小明" in text(sign_in("chief").get(f"/subjects/{firm.id}/?tab=relations"))


def test_outside_the_territory_personal_fields_are_masked_with_the_reason(firm: Subject, sign_in: Any) -> None:
    page = text(sign_in("inspector_b").get(f"/subjects/{firm.id}/?tab=all"))
    assert "13800138000" not in page
    assert "138****8000" in page
    assert "欧阳小明" not in page
    assert "欧阳某某" in page
    assert "不在您的辖区内" in page
    assert "陈立本" in page  # who answers for the business is registered data


def test_what_no_source_sends_is_not_taken_for_nothing(firm: Subject, sign_in: Any) -> None:
    page = text(sign_in("chief").get(f"/subjects/{firm.id}/?tab=permits"))
    assert "还没有来源向本平台报送" in page
    other = factories.subject("云泽长青食品有限公司")
    factories.record(other, "permit", facts={"许可内容": "食品经营"})
    page = text(sign_in("chief").get(f"/subjects/{firm.id}/?tab=permits"))
    assert "已接入的来源中没有" in page
    page = text(sign_in("chief").get(f"/subjects/{other.id}/?tab=permits"))
    assert "食品经营" in page


def test_complaints_of_another_district_exist_but_do_not_open(firm: Subject, sign_in: Any) -> None:
    factories.record(firm, "complaint", facts={"诉求": {"value": "退货退款", "personal": True}}, reference="T-1")
    assert "退货退款" in text(sign_in("chief").get(f"/subjects/{firm.id}/?tab=complaints"))
    page = text(sign_in("inspector_b").get(f"/subjects/{firm.id}/?tab=complaints"))
    assert "退货退款" not in page
    assert "内容限辖区内查看" in page


def test_a_merged_number_leads_to_the_survivor(firm: Subject, sign_in: Any) -> None:
    gone = factories.subject("云泽恒达食品厂")
    Subject.objects.filter(id=gone.id).update(redirect_to=firm)
    response = sign_in("chief").get(f"/subjects/{gone.id}/")
    assert response.status_code == 302
    assert f"/subjects/{firm.id}/" in response["Location"]
    assert "已并入本主体" in text(sign_in("chief").get(response["Location"]))


@pytest.mark.parametrize("number", [999_999_999, 2**63 + 5])
def test_an_unknown_number_is_not_found(number: int, firm: Subject, sign_in: Any) -> None:
    assert sign_in("chief").get(f"/subjects/{number}/").status_code == 404


def test_an_earlier_day_shows_what_was_known_then(firm: Subject, sign_in: Any, monkeypatch: Any) -> None:
    asked = []

    def then(who: Any, key: Any) -> Any:
        asked.append(key)
        fields = {"name": factories.fact("云泽老灶台食品厂")} if key[1] >= date(2025, 1, 1) else {}
        return queries.Known(fields)

    monkeypatch.setattr(
        slots, "fillings", lambda name: [slots.Filling("t", "t", then)] if name == "subject.asof" else []
    )
    browser = sign_in("chief")
    page = text(browser.get(f"/subjects/{firm.id}/?on=2025-06-01"))
    assert "本平台所知" in page
    assert "云泽老灶台食品厂" in page
    assert "还没有收到过" in text(browser.get(f"/subjects/{firm.id}/?on=2024-06-01"))
    assert asked == [(firm.id, date(2025, 6, 1)), (firm.id, date(2024, 6, 1))]


@pytest.mark.parametrize(
    ("typed", "said"), [("昨天", "不是日期"), ("2999-01-01", "还没有到"), ("2026-02-30", "不是日期")]
)
def test_a_day_that_cannot_be_read_is_told_beside_the_box(typed: str, said: str, firm: Subject, sign_in: Any) -> None:
    page = text(sign_in("chief").get(f"/subjects/{firm.id}/", {"on": typed}))
    assert said in page
    assert firm.uscc in page


def test_list_count_export_and_detail_agree_on_the_territory(firm: Subject, sign_in: Any) -> None:
    theirs = factories.subject("云泽市望湖区长青食品有限公司", scope="4499.02.01.")
    browser = sign_in("chief")
    page = text(browser.get("/subjects/"))
    assert firm.name in page
    assert theirs.name not in page
    export = b"".join(browser.get("/subjects/?export=csv").streaming_content).decode("utf-8-sig")
    assert firm.name in export
    assert theirs.name not in export
    assert theirs.name in text(sign_in("city").get("/subjects/"))
    assert sign_in("inspector_b").get("/subjects/?export=csv").status_code == 403
    assert firm.name not in text(sign_in("inspector_b").get("/subjects/"))


def test_the_list_is_searched_by_a_piece_of_a_name_a_code_or_initials(firm: Subject, sign_in: Any) -> None:
    factories.subject("云泽市临江区长青建材有限公司")
    for typed in ("恒达", "hdsp", firm.uscc):
        page = text(sign_in("chief").get("/subjects/", {"q": typed}))
        assert firm.name in page
        assert "长青建材" not in page


def test_the_search_box_finds_everybodys_subjects_and_names_the_former_name(firm: Subject, sign_in: Any) -> None:
    page = text(sign_in("inspector_b").get("/find/", {"q": "老灶台"}))
    assert firm.name in page
    assert "<mark>老灶台</mark>" in page
    assert "曾用名" in page
    assert "辖区外" in page
    assert "没有找到" in text(sign_in("inspector_b").get("/find/", {"q": "查无此家"}))
    assert "前四位起" in text(sign_in("inspector_b").get("/find/"))


def test_an_owner_sees_the_own_business_as_the_officer_does_and_no_other(
    firm: Subject, sign_in: Any, cast: Any
) -> None:
    Representation.objects.create(account=cast.owner, subject=firm, basis="登记", since=date(2024, 1, 1))
    other = factories.subject("云泽长青食品有限公司")
    browser = sign_in("owner")
    assert firm.name in text(browser.get("/enterprise/"))
    page = text(browser.get(f"/enterprise/{firm.id}/?tab=all"))
    assert "13800138000" in page
    assert "欧阳小明" in page
    assert browser.get(f"/enterprise/{other.id}/").status_code == 404
    assert browser.get(f"/subjects/{firm.id}/").status_code == 403
    Representation.objects.update(until=date(2025, 1, 1))
    assert browser.get(f"/enterprise/{firm.id}/").status_code == 404


def test_a_public_key_is_a_code_or_a_number_of_a_living_subject(firm: Subject) -> None:
    assert queries.by_key(firm.uscc.lower()) == queries.by_key(str(firm.id)) == firm.id
    for key in ("", "abc", "0", "9" * 30, "91449901MA0000000X"):
        with pytest.raises(Missing):
            queries.by_key(key)
    Subject.objects.filter(id=firm.id).update(live=False)
    with pytest.raises(Missing):
        queries.by_key(firm.uscc)


def test_the_territory_is_read_by_index(cast: Any) -> None:
    factories.crowd(3000, scope="4499.02.01.", first=7_000_000, index=False)
    factories.crowd(200, first=8_000_000, index=False)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE subjects_subject")
    rows = queries.visible_to(cast.who("chief")).order_by("name", "id")
    assert rows.count() == 200
    plan = rows[:51].explain()
    assert "Seq Scan" not in plan
    assert "INDEX subject_by_name" in plan or connection.vendor == "postgresql"
    assert "TEMP B-TREE" not in plan, "nothing is sorted for one page"


def test_a_page_costs_a_bounded_number_of_queries(firm: Subject, cast: Any) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.page_of(cast.who("chief"), firm.id)
        return len(captured)

    few = cost()
    for number in range(50):
        factories.record(firm, "penalty", key=str(number), facts={"文号": f"〔2026〕{number}"})
    assert cost() <= few <= 9


def test_machines_read_the_territory_page_by_page(firm: Subject, sign_in: Any) -> None:
    for number in range(3):
        factories.subject(f"云泽市临江区长青{'甲乙丙'[number]}食品有限公司")
    browser = sign_in("chief")
    first = browser.get("/api/v1/desk/subjects?limit=3").json()
    rest = browser.get("/api/v1/desk/subjects", {"limit": 3, "cursor": first["next"]}).json()
    assert len(first["items"]) == 3
    assert [row["name"] for row in rest["items"]]
    assert rest["next"] is None
    assert sign_in("inspector_b").get("/api/v1/desk/subjects").status_code == 403


def test_the_search_box_stands_only_where_it_may_be_used(firm: Subject, sign_in: Any) -> None:
    assert 'id="desk-q"' in text(sign_in("chief").get("/subjects/"))
    assert 'id="desk-q"' not in text(sign_in("owner").get("/enterprise/"))
