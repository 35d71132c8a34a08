"""Permits of a subject: how each stands, what is missing, and that lists, figures and pages say the same."""

import re
from datetime import date, timedelta
from itertools import product
from typing import Any

import polars as pl
import pytest

from shiheng.kernel import registry
from shiheng.subjects import actions, permits
from shiheng.subjects.definition import ENDED_STATES, ENGINE, STATES, VALIDITIES, Basis, PermitRule, gaps, validity
from shiheng.subjects.models import PermitGap, Record, Subject
from tests import factories

TODAY = date(2026, 11, 20)
LAW = Basis("食品安全法", "第三十五条", verified=False)
RULE = PermitRule("x.catering", date(2015, 10, 1), "食品经营许可证", ("食品经营许可证", "小餐饮登记证"), ("62",), LAW)


def permit(subject: Subject, key: str, until: date | None, **columns: Any) -> Record:
    facts = {"number": key, "issuer": "临江区市场监督管理局", "content": "热食类食品制售", "title": "食品经营许可证"}
    facts |= {"valid_from": "2021-01-01"} | ({"valid_until": until.isoformat()} if until else {})
    columns = {"title": "食品经营许可证", "state": "valid", "reference": "7:3", "source": "food_permits"} | columns
    return factories.record(subject, "permit", key=key, until=until, scope=subject.scope, facts=facts, **columns)


@pytest.mark.parametrize(
    ("until", "state", "words"),
    [
        (TODAY - timedelta(days=1), "valid", "已过期"),
        (TODAY, "valid", "60 日内到期"),
        (TODAY + timedelta(days=60), "valid", "60 日内到期"),
        (TODAY + timedelta(days=61), "valid", "有效"),
        (TODAY + timedelta(days=61), "", "有效"),
        (None, "valid", "未载有效期"),
        (None, "lapsed", "失效"),
        (TODAY + timedelta(days=400), "closed", "已注销"),
        (TODAY - timedelta(days=400), "revoked", "已吊销"),
        (date(9999, 12, 31), "valid", "有效"),
        (TODAY + timedelta(days=400), "deleted", "已由部门删除"),
        (None, "deleted", "已由部门删除"),
    ],
)
def test_a_permit_is_told_in_words(until: date | None, state: str, words: str) -> None:
    assert validity(until, state, TODAY).title == words


def test_the_database_and_the_law_agree_on_every_kind_of_permit(offices: Any, clock: Any) -> None:
    firm = factories.subject()
    untils = [None, *(TODAY + timedelta(days=n) for n in (-400, -1, 0, 1, 59, 60, 61, 2000))]
    for n, (until, state) in enumerate(product(untils, ["", *STATES])):
        permit(firm, str(n), until, state=state)
    rows = Record.objects.filter(kind="permit")
    seen: set[int] = set()
    for v in VALIDITIES:
        found = {row.pk for row in rows.filter(permits.standing(v.code, TODAY))}
        assert found == {row.pk for row in rows if validity(row.until, row.state, TODAY).code == v.code}
        assert not found & seen
        seen |= found
    assert len(seen) == rows.count() == len(untils) * (len(STATES) + 1)


def test_a_needed_permit_is_missing_until_one_stands() -> None:
    def told(*held: tuple[str, str], status: str = "active", industry: str = "6210") -> list[str]:
        return [rule.code for rule in gaps([RULE], industry=industry, status=status, held=held)]

    assert told() == ["x.catering"]
    assert told(("食品经营许可证", "valid")) == []
    assert told(("小餐饮登记证", "")) == []
    assert told(("食品经营许可证", "lapsed")) == []  # it shows as expired
    assert all(told(("食品经营许可证", state)) for state in ENDED_STATES)
    assert told(("营业性演出许可证", "valid")) == ["x.catering"]
    assert told(industry="5212") == told(industry="") == told(status="deregistered") == told(status="suspended") == []


def test_every_declared_rule_names_its_article_and_an_industry_of_the_standard(offices: Any) -> None:
    from shiheng.catalogue.models import CodeEntry

    known = set(CodeEntry.objects.filter(table__code="industry").values_list("code", flat=True))
    rules = registry.all_of(ENGINE)
    assert {"food.catering", "drugs.trade", "equipment.making", "labour.dispatch"} <= {rule.code for rule in rules}
    for rule in rules:
        assert rule.basis.article.startswith("第")
        assert rule.titles
        assert rule.in_force_from <= TODAY
        assert all(code in known or not known for code in rule.industries), rule.code
        assert ("待核对" in str(rule.basis)) == (not rule.basis.verified)
        assert rule.basis.verified or rule.basis.note, f"{rule.code} does not say what is still to be checked"
        assert not rule.basis.verified or "施行" in rule.basis.note, (
            f"{rule.code} does not say since when its text holds"
        )


def test_the_articles_that_were_read_are_told_apart_from_those_that_were_not() -> None:
    read = {rule.code for rule in registry.all_of(ENGINE, on=TODAY) if rule.basis.verified}
    assert read == {"food.catering", "food.retail", "food.making", "equipment.making"}
    assert not registry.find(ENGINE, "food.retail", on=date(2020, 1, 1)).basis.verified


def test_packed_food_may_be_put_on_file_only_since_the_law_says_so() -> None:
    before, after = (registry.find(ENGINE, "food.retail", on=day) for day in (date(2020, 1, 1), TODAY))
    assert not before.met_by("仅销售预包装食品备案")
    assert after.met_by("仅销售预包装食品备案")


def missing(subject: Subject, rule: str, title: str, industry: str) -> PermitGap:
    """A gap, of a permit that somebody else is known to hold."""
    other = factories.subject(f"望湖区{title}持证户", scope="4499.02.01.")
    factories.record(other, "permit", key=f"他户{rule}", title=title, scope=other.scope, state="valid")
    return PermitGap.objects.create(subject=subject, scope=subject.scope, rule=rule, title=title, industry=industry)


def _write(subject: Subject, *said: dict[str, Any], industry: str = "6210") -> None:
    """The subject's file written as fusion would."""
    nothing = pl.DataFrame(schema=dict.fromkeys(("s", "t", "f", "l", "c", "o"), pl.String))
    fields = {**subject.fields, "industry_code": factories.fact(industry)}
    row = actions.from_fields(subject.pk, fields, scope=subject.scope, updated_on=TODAY)
    lines = [
        {
            "subject": subject.pk,
            "kind": "permit",
            "source": "food_permits",
            "key": "1",
            "day": "2021-01-01",
            "state": "valid",
            "facts": {"title": "食品经营许可证"},
            "batch": 1,
            "row": 1,
        }
        | line
        for line in said
    ]
    actions.write_files(actions.Files([row], nothing, nothing, nothing, nothing, lines))


def test_writing_a_file_promotes_the_last_day_and_settles_what_is_missing(offices: Any, clock: Any) -> None:
    firm = factories.subject()
    _write(firm)
    assert list(PermitGap.objects.values_list("subject_id", "rule", "scope")) == [
        (firm.pk, "food.catering", firm.scope)
    ]
    _write(firm, {"facts": {"title": "食品经营许可证", "valid_until": "2027-01-08"}})
    held = Record.objects.get(kind="permit")
    assert (held.title, held.until, held.scope, held.current) == (
        "食品经营许可证",
        date(2027, 1, 8),
        firm.scope,
        True,
    )
    assert not PermitGap.objects.exists()
    _write(firm, {"state": "closed"})
    assert PermitGap.objects.count() == 1
    _write(firm, industry="5232")
    assert not PermitGap.objects.exists()
    assert not Record.objects.filter(kind="permit").exists()


def test_one_permit_that_two_sources_report_is_counted_once(offices: Any, clock: Any, cast: Any) -> None:
    firm = factories.subject()
    facts = {"title": "食品经营许可证", "valid_until": "2027-01-08"}
    _write(firm, {"facts": facts}, {"source": "permits", "facts": {**facts, "valid_until": "2028-01-08"}})
    assert dict(Record.objects.values_list("source", "current")) == {"food_permits": False, "permits": True}
    assert permits.visible_to(cast.who("chief")).count() == 1
    (line,) = permits.shelf_of(cast.who("chief"), firm).lines
    assert line.term == "至 2028-01-08"
    assert line.also == ("食品经营许可证",)


def test_what_its_department_deleted_is_held_no_longer_and_its_row_is_told(
    offices: Any, clock: Any, cast: Any, sign_in: Any, client: Any
) -> None:
    firm = factories.subject()
    facts = {"title": "食品经营许可证", "valid_until": "2029-01-08"}
    _write(firm, {"state": "deleted", "facts": facts, "batch": 31, "row": 4})
    assert permits.visible_to(cast.who("chief")).filter(permits.standing("valid", TODAY)).count() == 0
    assert [gap.rule for gap in PermitGap.objects.all()] == ["food.catering"]
    page = sign_in("clerk").get(f"/subjects/{firm.pk}/?tab=permits").content.decode()
    for said in ("已由部门删除", "删除标志见", "批次 31 第 4 行", "食品经营许可证：按行业应有，未取得"):
        assert said in page, said
    assert "共 <b>1</b> 条" in sign_in("clerk").get("/permits/?state=deleted").content.decode()
    assert "2029-01-08" not in client.get(f"/s/{firm.uscc}/").content.decode(), "the public reads what was taken back"


def test_a_permit_one_source_deleted_and_another_still_reports_is_held(offices: Any, clock: Any, cast: Any) -> None:
    firm = factories.subject()
    facts = {"title": "食品经营许可证", "valid_until": "2027-01-08"}
    _write(
        firm,
        {"facts": {**facts, "valid_until": "2030-01-08"}, "state": "deleted", "batch": 31, "row": 4},
        {"source": "permits", "facts": facts},
    )
    assert not PermitGap.objects.exists()
    (line,) = permits.shelf_of(cast.who("chief"), firm).lines
    assert (line.standing.code, line.term, line.also) == ("soon", "至 2027-01-08", ())
    assert line.deleted_by == ("食品经营许可证（批次 31 第 4 行）",)


@pytest.mark.parametrize(
    ("until", "words", "stands"),
    [("9999-12-31", "长期有效", "valid"), ("2099-12-31", "长期有效", "valid"), (None, "未载有效期", "undated")],
)
def test_no_last_day_and_none_told_are_two_things(
    offices: Any, clock: Any, sign_in: Any, client: Any, until: str | None, words: str, stands: str
) -> None:
    firm = factories.subject()
    facts = {"title": "食品经营许可证", "valid_from": "2021-01-01"} | ({"valid_until": until} if until else {})
    _write(firm, {"facts": facts})
    clerk = sign_in("clerk")
    shown = clerk.get(f"/subjects/{firm.pk}/?tab=permits").content.decode()
    listed = clerk.get("/permits/", {"state": stands}).content.decode()
    exported = b"".join(sign_in("chief").get("/permits/?export=csv").streaming_content).decode("utf-8-sig")
    told = [f"自 2021-01-01 起，{words}" in shown, words in listed, words in exported, "共 <b>1</b> 条" in listed]
    assert all(told), told
    public = client.get(f"/s/{firm.uscc}/").content.decode()
    assert ("长期有效" in public) == (until is not None)
    assert not any(bare in page for page in (shown, listed, exported, public) for bare in ("9999", "2099"))


def test_a_permit_runs_out_on_its_day_though_nothing_is_written(
    offices: Any, clock: Any, sign_in: Any, client: Any
) -> None:
    firm = factories.subject()
    _write(firm, {"facts": {"title": "食品经营许可证", "valid_until": "2026-12-01"}})
    written = Record.objects.values().get()
    for day, words, state in (
        (date(2026, 11, 20), "60 日内到期", "soon"),
        (date(2026, 12, 1), "60 日内到期", "soon"),
        (date(2026, 12, 2), "已过期", "expired"),
    ):
        clock.moment = clock.moment.replace(year=day.year, month=day.month, day=day.day)
        chief = sign_in("chief")
        figures = chief.get("/permits/").content.decode()
        assert f'<span class="stat-title">{words}</span><span class="stat-value">1</span>' in figures, day
        for other in ("soon", "expired", "valid"):
            count = int(other == state)
            assert f"共 <b>{count}</b> 条" in chief.get(f"/permits/?state={other}").content.decode(), (day, other)
        assert words in chief.get(f"/subjects/{firm.pk}/?tab=permits").content.decode()
        assert words in client.get(f"/s/{firm.uscc}/").content.decode()
    assert Record.objects.values().get() == written


def test_the_figures_open_the_rows_they_count(offices: Any, clock: Any, sign_in: Any) -> None:
    for n, days in enumerate((-500, -1, 0, 30, 60, 61, 900)):
        permit(factories.subject(f"云泽市临江区第{n}餐馆"), f"JY{n}", TODAY + timedelta(days=days))
    firm = factories.subject("云泽市临江区第八餐馆")
    permit(firm, "JY8", None)
    permit(firm, "JY9", TODAY, state="revoked")
    permit(firm, "JY10", TODAY + timedelta(days=900), state="deleted")
    missing(firm, "food.catering", "食品经营许可证", "6210")
    chief = sign_in("chief")
    page = chief.get("/permits/").content.decode()
    for title, count, href in [
        ("有效", 2, "/permits/?state=valid"),
        ("60 日内到期", 3, "/permits/?state=soon"),
        ("已过期", 2, "/permits/?state=expired"),
        ("未载有效期", 1, "/permits/?state=undated"),
        ("已失效", 1, "/permits/?state=ended"),
        ("已由部门删除", 1, "/permits/?state=deleted"),
        ("应有未见", 1, "/permits/missing/"),
    ]:
        assert f'<span class="stat-title">{title}</span><span class="stat-value">{count}</span>' in page
        assert f"共 <b>{count}</b> 条" in chief.get(href).content.decode()
    page = chief.get("/permits/missing/").content.decode()
    assert "按行业应有，未取得" in page
    assert "《食品安全法》第三十五条第一款" in page
    assert "（条文待核对）" not in page


def test_the_list_is_filtered_by_kind_days_number_and_subject(offices: Any, clock: Any, sign_in: Any) -> None:
    first = factories.subject("云泽市临江区恒达酒楼")
    permit(first, "JY1", date(2026, 12, 1))
    permit(first, "演1", date(2027, 6, 1), title="营业性演出许可证")
    permit(factories.subject("云泽市临江区远东面馆"), "JY2", date(2027, 3, 1))
    chief = sign_in("chief")
    for query, count in [
        ({"title": "食品经营许可证"}, 2),
        ({"title": "其他证件"}, 1),
        ({"until_from": "2026-12-01", "until_to": "2027-03-01"}, 2),
        ({"number": "JY2"}, 1),
        ({"q": "恒达"}, 2),
        ({"office": "4499.01.02."}, 0),
        ({"state": "soon"}, 1),
    ]:
        assert f"共 <b>{count}</b> 条" in chief.get("/permits/", query).content.decode(), query
    assert b"JY1" in b"".join(chief.get("/permits/?export=csv&state=soon").streaming_content)


def test_what_nobody_reports_is_not_missing(offices: Any, clock: Any, sign_in: Any) -> None:
    firm = factories.subject()
    gap = missing(firm, "food.catering", "食品经营许可证", "6210")
    clerk = sign_in("clerk")
    assert "按行业应有" in clerk.get(f"/subjects/{firm.pk}/").content.decode()
    Record.objects.all().delete()
    assert PermitGap.objects.filter(pk=gap.pk).exists()
    page = clerk.get(f"/subjects/{firm.pk}/?tab=permits").content.decode()
    assert "按行业应有" not in page
    assert "还没有来源向本平台报送" in page
    assert "共 <b>0</b> 条" in clerk.get("/permits/missing/").content.decode()


def test_officers_see_the_permits_of_their_territory_only(offices: Any, clock: Any, sign_in: Any) -> None:
    permit(factories.subject(scope="4499.01.01."), "JY1", date(2027, 6, 1))
    other = factories.subject("望湖区水岸餐馆", scope="4499.02.01.")
    permit(other, "JY2", date(2027, 6, 1))
    missing(other, "food.catering", "食品经营许可证", "62")
    assert "JY2" not in sign_in("chief").get("/permits/").content.decode()
    assert "JY1" not in sign_in("inspector_b").get("/permits/").content.decode()
    assert "望湖区水岸餐馆" not in sign_in("clerk").get("/permits/missing/").content.decode()
    city = sign_in("city").get("/permits/").content.decode()
    assert "JY1" in city
    assert "JY2" in city
    assert sign_in("clerk").get("/permits/?export=csv").status_code == 403


def test_the_subject_page_shows_each_permit_and_what_is_missing(offices: Any, clock: Any, sign_in: Any) -> None:
    firm = factories.subject()
    permit(firm, "JY-旧", date(2026, 11, 1))
    permit(firm, "JY-新", date(2026, 12, 20))
    missing(firm, "drugs.trade", "药品经营许可证", "5251")
    for place in (f"/subjects/{firm.pk}/?tab=permits", f"/subjects/{firm.pk}/"):
        page = re.sub("</?a[^>]*>", "", sign_in("clerk").get(place).content.decode())
        for said in (
            "JY-旧", "已过期", "已过 19 日", "60 日内到期", "还有 30 日", "2021-01-01 至 2026-12-20", "批次 7 第 3 行",
            "药品经营许可证：按行业应有，未取得", "《药品管理法》第五十一条（条文待核对）", "疑似情形，须核实",
        ):  # fmt: skip
            assert said in page, said
    assert sign_in("clerk").get(f"/subjects/{firm.pk}/?tab=all").content.decode().count("JY-旧") == 1


def test_the_public_reads_number_title_and_validity_but_no_suspicion(offices: Any, clock: Any, client: Any) -> None:
    firm = factories.subject()
    permit(firm, "JY-1", date(2026, 12, 20))
    missing(firm, "drugs.trade", "药品经营许可证", "5251")
    page = client.get(f"/s/{firm.uscc}/").content.decode()
    for said in ("食品经营许可证", "JY-1", "60 日内到期", "有效期至", "2026-12-20", "临江区市场监督管理局"):
        assert said in page
    for unsaid in ("按行业应有", "药品经营许可证", "批次", "7:3", "valid_until"):
        assert unsaid not in page
