"""Ledgers a bureau works with: quality and equipment, wet markets, random inspection, oversight, the plan."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from shiheng.registers import feeding
from shiheng.registers.models import Entry
from tests import factories
from tests.mission.keeping import bring, change, enter, figures, note, page, send, step, titles

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def chief(sign_in: Any) -> Client:
    client: Client = sign_in("chief")
    return client


def firm(name: str = "云泽市恒达建材有限公司", number: int = 2001) -> Any:
    return factories.subject(name, number=number)


@pytest.mark.mission("H11")
def test_units_under_fixed_point_supervision_are_registered_with_their_visits(chief: Client) -> None:
    held = firm()
    entry = enter(chief, "quality.fixed_point", held.uscc, product="电线电缆", grade="C", cycle="4")
    assert "标签不规范" in note(chief, entry, "visit", "一批次标签不规范，责令改正")
    assert titles(chief, "quality.fixed_point", **{"f-product": "电线电缆", "f-grade": "C"}) == {held.name}
    assert "电线电缆" in figures(chief, "quality.fixed_point")


@pytest.mark.mission("H12")
def test_a_market_is_warned_mended_accepted_and_relieved_each_step_with_its_day_and_reason(chief: Client) -> None:
    code = "quality.warned_markets"
    entry = enter(
        chief, code, name="鹭洲商品城", area="鹭洲街道", goods="假冒皮具", plan="清退违法商户", day_="2026-06-01"
    )
    assert "鹭洲商品城" in page(Client(), f"/open/registers/{code}/")
    for move, day, state in (
        ("mend", "2026-07-01", "mending"),
        ("accept", "2026-10-01", "accepted"),
        ("lift", "2026-10-20", "lifted"),
    ):
        assert step(chief, entry, move, f"{move}的理由", day_=day).state == state
    shown = page(chief, f"/registers/{code}/{entry.pk}/")
    for said in ("清退违法商户", "2026-07-01", "2026-10-20", "lift的理由"):
        assert said in shown, said
    assert titles(chief, code, on="2026-08-01") == {"鹭洲商品城"}
    assert titles(chief, code, here="1") == set(), "nothing is warned today"
    assert "鹭洲商品城" not in page(Client(), f"/open/registers/{code}/")


@pytest.mark.mission("H17")
def test_key_objects_of_equipment_and_drugs_stand_by_product_and_enterprise_with_visits(chief: Client) -> None:
    held = firm()
    lift = enter(
        chief, "equipment.key_units", held.uscc, kind="电梯", count="12", cause="公众聚集场所", visit_by="2026-12-10"
    )
    drug = enter(chief, "drugs.key_objects", held.uscc, product="疫苗", link="使用", cause="冷链", times="4")
    assert "演练缺一次" in note(chief, lift, "visit", "演练缺一次，限期补")
    assert "温度记录完整" in note(chief, drug, "visit", "温度记录完整")
    assert titles(chief, "equipment.key_units", **{"f-kind": "电梯"}) == {held.name}
    assert titles(chief, "drugs.key_objects", **{"f-product": "疫苗"}) == {held.name}
    assert titles(chief, "equipment.key_units", standing="soon") == {held.name}
    shown = page(chief, f"/subjects/{held.pk}/")
    assert "特种设备重点监管单位名录" in shown
    assert "药品器械重点监管对象名单" in shown


@pytest.mark.mission("I26", "I27")
def test_every_device_stands_with_its_user_its_state_and_the_day_of_its_next_inspection(chief: Client) -> None:
    held = firm()
    for key, state, due in (
        ("梯1", "在用", "2026-10-01"),
        ("梯2", "停用", "2026-12-15"),
        ("梯3", "报废", "2026-09-01"),
        ("梯4", "在用", "2027-03-01"),
    ):
        factories.record(
            held,
            "equipment",
            key,
            state=state,
            title="电梯",
            scope=held.scope,
            facts={"title": "电梯", "next_inspection": due, "used_at": "一号楼"},
        )
    feeding.run()
    code = "equipment.devices"
    states = dict(Entry.objects.filter(register=code, subject=held).values_list("key", "state"))
    assert states == {"梯1": "on", "梯2": "stopped", "梯3": "off", "梯4": "on"}
    shown = page(chief, f"/registers/{code}/")
    for said in ("梯1", "2026-10-01", "在用", "停用", held.name):
        assert said in shown, said
    assert "梯1" in page(chief, f"/registers/{code}/", standing="over")
    assert "梯2" not in page(chief, f"/registers/{code}/", standing="over")
    assert "特种设备与使用单位库" in page(chief, f"/subjects/{held.pk}/")
    # The due list, the overdue list and the rate: a stopped device is owed no inspection.
    due = page(chief, "/registers/due/")
    (late,) = Entry.objects.filter(register=code, key="梯1").values_list("pk", flat=True)
    assert set(re.findall(rf"/registers/{code}/(\d+)/", due)) == {str(late)}
    counted = figures(chief, code)
    assert "有“下次检验日期”的 2 条，没有超期的 1 条，占 50.00%。" in counted
    (rows,) = re.findall(r'href="/registers/equipment.devices/\?(here=1&amp;f-next_inspection_to=[^"]*)"', counted)
    shown = page(chief, f"/registers/{code}/?{unescape(rows)}")
    assert "梯1" in shown
    assert "梯4" not in shown


@pytest.mark.mission("D04")
def test_an_item_of_random_inspection_stands_with_its_basis_and_its_rules(chief: Client) -> None:
    code = "inspection.items"
    entry = enter(
        chief,
        code,
        number="CC-01",
        name="电梯使用单位检查",
        field="特种设备",
        kind="重点检查事项",
        objects="电梯使用单位",
        basis="特种设备安全法第五十七条",
        rule="两人以上，逐项对照检查表。",
    )
    shown = page(chief, f"/registers/{code}/{entry.pk}/")
    assert "特种设备安全法第五十七条" in shown
    assert "逐项对照检查表" in shown
    assert titles(chief, code, **{"f-field": "特种设备"}) == {"电梯使用单位检查"}
    assert "电梯使用单位检查" in page(Client(), f"/open/registers/{code}/")


@pytest.mark.mission("D06")
def test_an_inspector_stands_with_card_unit_field_and_whom_to_keep_away_from(chief: Client) -> None:
    code = "inspection.inspectors"
    entry = enter(
        chief,
        code,
        name="查小明",
        card="449901000777",
        unit="听澜监管所",
        fields=["食品", "计量"],
        post="检查人员",
        avoids="云泽市某商行（近亲属任职）",
        phone="19900000002",
        since_="2022-01-10",
    )
    shown = page(chief, f"/registers/{code}/{entry.pk}/")
    for said in ("449901000777", "食品、计量", "近亲属任职"):
        assert said in shown, said
    assert "19900000002" not in shown
    assert entry.until == date(2027, 1, 9)
    assert titles(chief, code, **{"f-unit": "听澜监管所"}) == {"查小明"}
    assert step(chief, entry, "pause", "借调").state == "paused"


@pytest.mark.mission("H04")
def test_duties_of_law_education_stand_by_target_group_with_their_activities(chief: Client) -> None:
    code = "oversight.law_education"
    entry = enter(chief, code, number="PF-01", law="食品安全法", group="经营主体", unit="法规科", next_on="2026-12-04")
    assert "进市场宣讲" in note(chief, entry, "activity", "进市场宣讲，发放资料三百份")
    assert titles(chief, code, **{"f-group": "经营主体"}) == {"食品安全法"}
    assert "食品安全法" in page(Client(), f"/open/registers/{code}/")
    assert "经营主体" in figures(chief, code)


@pytest.mark.mission("H15")
def test_tasks_of_the_plan_have_their_state_and_evidence_and_leave_results(chief: Client) -> None:
    code = "oversight.projects"
    facts = {
        "number": "XM-01",
        "name": "放心消费示范街",
        "area": "消费维权",
        "unit": "信用监管科",
        "finish_by": "2026-11-10",
    }
    entry = enter(chief, code, **facts, progress="60")
    assert titles(chief, code, standing="over") == {"放心消费示范街"}
    assert "验收报告" in note(chief, entry, "evidence", "验收报告、照片已归档")
    change(chief, entry, "按期推进", **facts, progress="100", evidence="验收报告")
    assert step(chief, entry, "finish", "验收通过").state == "done"
    enter(
        chief,
        "oversight.results",
        number="CG-01",
        name="放心消费经验",
        kind="试点经验",
        project="XM-01",
        level="市级",
        made="2026-11-15",
    )
    assert titles(chief, "oversight.results", **{"f-level": "市级"}) == {"放心消费经验"}
    assert "消费维权" in figures(chief, code)


@pytest.mark.mission("O09")
def test_invited_supervisors_have_their_term_opinions_and_meetings(chief: Client) -> None:
    code = "oversight.supervisors"
    entry = enter(
        chief,
        code,
        number="TY-01",
        name="吴代表",
        kind="人大代表",
        unit="云泽大学",
        phone="19900000003",
        since_="2024-01-10",
    )
    note(chief, entry, "opinion", "建议出口设公平秤，转食品监管科")
    note(chief, entry, "answer", "公平秤已设，反馈本人")
    shown = note(chief, entry, "meeting", "参加年中座谈会")
    for said in ("意见建议", "公平秤", "办复", "座谈会"):
        assert said in shown, said
    assert "19900000003" not in shown
    assert titles(chief, code, standing="soon") == {"吴代表"}, "the term ends in January"


@pytest.mark.mission("P01", "P02", "P03")
def test_a_wet_market_has_its_upgrade_its_wall_its_promises_and_its_stalls(chief: Client) -> None:
    operator = firm("云泽市江口集贸市场有限公司")
    market = {"market": "江口农贸市场"}
    enter(
        chief,
        "food.wet_markets",
        name="江口农贸市场",
        subject_=operator.uscc,
        street="江口街道",
        stalls="120",
        area="3000",
        grade="三星",
    )
    upgrade = enter(
        chief,
        "food.market_upgrades",
        subject_=operator.uscc,
        **market,
        year="2026",
        budget="5000000",
        finish_by="2026-11-01",
    )
    step(chief, upgrade, "start", "开工")
    assert titles(chief, "food.market_upgrades", standing="over") == {"江口农贸市场"}
    step(chief, upgrade, "finish", "完工")
    assert step(chief, upgrade, "accept", "验收通过").state == "done"

    wall = enter(
        chief,
        "food.market_walls",
        subject_=operator.uscc,
        **market,
        checked="2026-11-18",
        hung=["营业执照", "投诉电话"],
        missing="7",
        mend_by="2026-12-01",
    )
    assert "营业执照、投诉电话" in page(chief, f"/registers/food.market_walls/{wall.pk}/")
    assert step(chief, wall, "mended", "已补齐").ended

    enter(
        chief, "food.market_promises", subject_=operator.uscc, **market, year="2026", items=["先行赔付", "每日检测公示"]
    )
    assert "先行赔付" in page(Client(), "/open/registers/food.market_promises/")
    for n, goods in enumerate(("蔬菜", "水产"), 1):
        enter(
            chief,
            "food.stalls",
            subject_=operator.uscc,
            **market,
            stall=f"A{n}",
            goods=goods,
            licensed="1",
            holder="钱小满",
            phone="19900000004",
        )
    assert titles(chief, "food.stalls", **{"f-market": "江口农贸市场", "f-goods": "水产"}) == {"A2"}
    assert "19900000004" not in page(chief, "/registers/food.stalls/")
    shown = page(chief, f"/subjects/{operator.pk}/")
    for title in ("农贸市场名册", "农贸市场上墙公示检查", "市场开办方公开承诺", "农贸市场摊位台账"):
        assert title in shown, title
    refused = send(chief, "/registers/food.market_promises/new/", **market, year="2026")
    assert refused.status_code == 422, "a promise without items is none"


@pytest.mark.mission("D05")
def test_objects_beside_the_firms_stand_by_class_area_and_risk_and_firms_come_from_the_register(chief: Client) -> None:
    code = "inspection.objects"
    schools = [("XX001", "云泽市临江小学", "学校", "食品", "江畔街道", "B"),
               ("XX002", "江畔花园小区", "住宅小区", "特种设备", "鹭洲街道", "C")]  # fmt: skip
    bring(chief, code, ("对象编号", "对象名称", "对象类别", "涉及检查类别", "所在镇街", "风险等级"), schools)
    assert titles(chief, code, **{"f-kind": "学校"}) == {"云泽市临江小学"}
    assert titles(chief, code, **{"f-street": "鹭洲街道", "f-risk": "C"}) == {"江畔花园小区"}
    counted = figures(chief, code)
    for said in ("学校", "住宅小区", "鹭洲街道"):
        assert said in counted, said
    # What the register writes is an object at once: the firm stands in the list of subjects by class and area.
    held = firm()
    listed = page(chief, "/subjects/", q=held.name)
    assert held.uscc in listed


@pytest.mark.mission("H16")
def test_a_key_enterprise_has_its_officer_its_fast_lane_and_what_each_visit_settled(chief: Client) -> None:
    code, held = "registration.key_enterprises", firm()
    entry = enter(chief, code, held.uscc, trade="新材料", reason="绿色通道", green="1", officer="商小敏")
    assert "用地手续" in note(chief, entry, "need", "用地手续跨两个部门，请协调")
    assert "已协调" in note(chief, entry, "answer", "已协调，一次办结")
    assert titles(chief, code, **{"f-green": "1", "f-officer": "商小敏"}) == {held.name}
    assert entry.until == date(2028, 11, 19)
    assert "重点企业与绿色通道名单" in page(chief, f"/subjects/{held.pk}/"), "the mark is seen by whoever serves it"


@pytest.mark.mission("A44")
def test_social_organisations_are_public_with_grade_and_report_each_year(chief: Client) -> None:
    code = "registration.social_organisations"
    rows = [
        ("51449901MJ0000001A", "云泽市餐饮行业协会", "社会团体", "4A", "云泽市商务局"),
        ("52449901MJ0000002B", "临江区乐龄服务中心", "民办非企业单位", "未评估", "临江区民政局"),
    ]
    bring(chief, code, ("统一社会信用代码", "社会组织名称", "类别", "评估等级", "业务主管单位"), rows)
    graded = Entry.objects.get(register=code, key="51449901MJ0000001A")
    assert "2025 年度报告已公示" in note(chief, graded, "report", "2025 年度报告已公示")
    late = Entry.objects.get(register=code, key="52449901MJ0000002B")
    assert step(chief, late, "warn", "连续两年没有报送年度报告").state == "warned"
    public = page(Client(), f"/open/registers/{code}/")
    for said in ("云泽市餐饮行业协会", "4A", "临江区乐龄服务中心"):
        assert said in public, said
    assert titles(chief, code, state="warned") == {"临江区乐龄服务中心"}
    assert "4A" in figures(chief, code)
