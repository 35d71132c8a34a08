"""Lists a bureau keeps of businesses and their rights: honours, commitments, incentives, consumers, marks, pledges."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from shiheng.accounts.models import Post
from shiheng.kernel import clock as house_clock
from shiheng.registers import feeding
from shiheng.registers.models import Entry
from shiheng.subjects.models import Representation
from tests import factories
from tests.mission.keeping import bring, change, enter, figures, note, page, send, step, titles

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def chief(sign_in: Any) -> Client:
    client: Client = sign_in("chief")
    return client


def firm(name: str = "云泽市恒达建材有限公司", number: int = 2001) -> Any:
    return factories.subject(name, number=number)


def owned(cast: Any, held: Any) -> None:
    Representation.objects.create(account=cast.owner, subject=held, basis="法定代表人", since=date(2010, 1, 1))


@pytest.mark.mission("A37")
def test_a_pledge_of_equity_is_registered_changed_released_and_shown_to_the_public(chief: Client) -> None:
    held = firm()
    code = "registration.equity_pledges"
    facts = {"number": "质登2026001", "pledgor": "陈立本", "pledgee": "云泽银行", "shares": "300", "debt": "2000000"}
    entry = enter(chief, code, held.uscc, **facts)
    assert "质登2026001" in page(Client(), f"/open/registers/{code}/")
    changed = change(chief, entry, "追加担保", **facts | {"shares": "500"})
    assert changed.facts["shares"] == 500
    assert step(chief, changed, "release", "债权已清偿").ended
    assert "质登2026001" not in page(Client(), f"/open/registers/{code}/")
    assert "已注销" in page(chief, f"/registers/{code}/{entry.pk}/")

    refused = send(
        chief,
        "/registers/registration.chattel_mortgages/new/",
        subject_=held.uscc,
        number="动1",
        mortgagee="云泽银行",
        collateral="机床",
        debt="10000",
    )
    assert refused.status_code == 422
    assert "征信中心" in refused.content.decode()
    old = enter(
        chief,
        "registration.chattel_mortgages",
        held.uscc,
        number="动1",
        mortgagee="云泽银行",
        collateral="机床",
        debt="10000",
        since_="2019-05-06",
    )
    assert old.since == date(2019, 5, 6)


@pytest.mark.mission("C10")
def test_incentives_stand_department_by_department_with_who_is_entitled_and_what_was_used(chief: Client) -> None:
    for n, department in enumerate(("区税务局", "区人力资源和社会保障局"), 1):
        enter(
            chief,
            "credit.incentive_measures",
            number=f"JL-{n:03}",
            name=f"优先办理{n}",
            department=department,
            honour="守合同重信用",
            kind="优先办理",
        )
    counted = figures(chief, "credit.incentive_measures")
    assert "区税务局" in counted
    assert titles(chief, "credit.incentive_measures", **{"f-department": "区税务局"}) == {"优先办理1"}

    held = firm()
    facts = {"measure": "JL-001", "department": "区税务局", "honour": "守合同重信用"}
    entry = enter(chief, "credit.incentives", held.uscc, **facts)
    assert entry.until == date(2027, 11, 19)
    assert titles(chief, "credit.incentives", **{"f-used": "1"}) == set()
    assert "压缩三个工作日" in note(chief, entry, "used", "退税压缩三个工作日")
    change(chief, entry, "已享受", **facts, used="1", used_on="2026-11-20", result="退税压缩三个工作日")
    assert titles(chief, "credit.incentives", **{"f-used": "1"}) == {held.name}
    assert "守信激励对象与享受记录" in page(chief, f"/subjects/{held.pk}/")


@pytest.mark.mission("C14")
def test_contract_keepers_were_applied_for_checked_and_published_and_their_years_in_a_row_are_counted(
    cast: Any, chief: Client, sign_in: Any
) -> None:
    held, other = firm(), firm("云泽市润丰制衣有限公司", 2002)
    owned(cast, held)
    Post.objects.update(since=date(2010, 1, 1))
    code = "credit.contract_keeping"
    with house_clock.standing_at(date(2016, 3, 1)):  # when the authorities still selected
        owner = sign_in("owner")
        asked = send(owner, f"/enterprise/{held.pk}/apply/{code}/", year="2015", level="市级", contracts="40")
        assert asked.status_code == 302
        entry = Entry.objects.get(register=code)
        assert entry.state == "asked"
        assert held.name not in page(Client(), f"/open/registers/{code}/")
        step(sign_in("chief"), entry, "grant", "核查合同台账属实")
        assert held.name in page(Client(), f"/open/registers/{code}/")
    rows = [(held.uscc, str(year), "市级", f"{year + 1}-03-15") for year in range(2005, 2015)]
    rows += [(other.uscc, str(year), "区级", f"{year + 1}-03-15") for year in (2011, 2013, 2014)]
    bring(chief, code, ("统一社会信用代码", "公示年度", "公示层级", "有效期起"), rows)
    assert titles(chief, code, row_from="10") == {held.name}
    assert titles(chief, code, row_from="2", row_to="2") == {other.name}
    assert "连续 10 年以上" in figures(chief, code)
    assert titles(chief, code, **{"f-year_from": "2013", "f-year_to": "2013"}) == {held.name, other.name}
    late = send(chief, f"/registers/{code}/new/", subject_=held.uscc, year="2026", level="市级")
    assert late.status_code == 422
    assert "不再评选" in late.content.decode()


@pytest.mark.mission("C15")
def test_honest_model_markets_are_registered_by_year(chief: Client) -> None:
    code = "credit.model_markets"
    for year in ("2025", "2026"):
        enter(chief, code, name="听澜农贸市场", year=year, kind="农贸市场", score="93")
    enter(chief, code, name="鹭洲商品城", year="2026", kind="专业批发市场", score="88")
    assert titles(chief, code, **{"f-year_from": "2025", "f-year_to": "2025"}) == {"听澜农贸市场"}
    assert "鹭洲商品城" in page(Client(), f"/open/registers/{code}/")
    assert "2026" in figures(chief, code)


@pytest.mark.mission("C17")
def test_a_sector_has_its_rules_and_its_commitments_with_who_broke_them(chief: Client) -> None:
    enter(
        chief,
        "credit.sector_rules",
        number="XY-01",
        name="餐饮业信用规则",
        trade="餐饮",
        good="按时公示",
        bad="隐瞒处罚",
        effect="守信的少查",
    )
    assert "隐瞒处罚" in page(Client(), "/open/registers/credit.sector_rules/")
    held = firm()
    entry = enter(chief, "credit.sector_commitments", held.uscc, trade="餐饮", rule="XY-01", text="不使用过期原料")
    assert step(chief, entry, "break", "使用过期原料，已处罚").state == "broken"
    assert titles(chief, "credit.sector_commitments", state="broken", **{"f-trade": "餐饮"}) == {held.name}
    assert "已失信" in page(chief, f"/subjects/{held.pk}/")


@pytest.mark.mission("C18")
def test_enterprises_of_a_park_have_their_credit_file_and_grade(chief: Client) -> None:
    code = "credit.park_files"
    first, second = firm(), firm("云泽市润丰制衣有限公司", 2002)
    facts = {"park": "望帆工业园", "grade": "A", "assessed": "2026-03-01"}
    entry = enter(chief, code, first.uscc, **facts)
    enter(chief, code, second.uscc, **facts | {"grade": "C"})
    assert "订单减少" in note(chief, entry, "visit", "走访：订单减少，用工稳定")
    change(chief, entry, "年报逾期", **facts | {"grade": "B"})
    assert titles(chief, code, **{"f-park": "望帆工业园", "f-grade": "B"}) == {first.name}
    assert "望帆工业园" in figures(chief, code)
    assert "年报逾期" in page(chief, f"/registers/{code}/{entry.pk}/"), "why and when the grade changed"


@pytest.mark.mission("C22")
def test_clean_practice_commitments_of_associations_are_registered_year_by_year(chief: Client) -> None:
    code = "credit.clean_practice"
    entry = enter(
        chief,
        code,
        association="临江区餐饮行业协会",
        signer="周会长",
        post="会长",
        year="2026",
        opened="1",
        phone="19900000001",
    )
    assert entry.until == date(2027, 11, 19) or entry.since is not None
    shown = page(Client(), f"/open/registers/{code}/")
    assert "周会长" in shown
    assert "19900000001" not in shown + page(chief, f"/registers/{code}/{entry.pk}/")
    assert titles(chief, code, **{"f-association": "临江区餐饮行业协会"}) == {"周会长"}


@pytest.mark.mission("F12")
def test_shops_apply_are_listed_and_published_and_removed_for_a_breach(cast: Any, chief: Client, sign_in: Any) -> None:
    held = firm()
    owned(cast, held)
    owner = sign_in("owner")
    for code, facts in (
        (
            "complaints.assured_units",
            {"shop": "恒达旗舰店", "trade": "家电", "street": "江口街道", "promises": ["品质保证", "维权保障"]},
        ),
        ("complaints.return_shops", {"shop": "恒达旗舰店", "days": "15", "goods": "家电", "cost": "商家承担"}),
    ):
        assert send(owner, f"/enterprise/{held.pk}/apply/{code}/", **facts).status_code == 302
        entry = Entry.objects.get(register=code)
        assert "恒达旗舰店" not in page(Client(), f"/open/registers/{code}/")
        step(chief, entry, "grant", "现场核查属实")
        assert entry.until == date(2028, 11, 19)
        assert "恒达旗舰店" in page(Client(), f"/open/registers/{code}/")
        step(chief, entry, "breach", "拒不退货，经查属实")
        assert "恒达旗舰店" not in page(Client(), f"/open/registers/{code}/")
        assert "拒不退货" in page(chief, f"/registers/{code}/{entry.pk}/")


@pytest.mark.mission("J07", "J08")
def test_marks_and_patents_of_the_area_stand_firm_by_firm_with_their_state(chief: Client) -> None:
    held = firm()
    for kind, key, state, facts in (
        ("trademark", "5500001", "有效", {"title": "恒达", "class": "19"}),
        ("trademark", "5500002", "注销", {"title": "老恒达", "class": "19"}),
        ("patent", "ZL1", "有效", {"title": "一种砖", "type": "发明"}),
        ("patent", "ZL2", "终止", {"title": "一种瓦", "type": "实用新型"}),
    ):
        factories.record(held, kind, key, state=state, title=facts["title"], scope=held.scope, facts=facts)
    feeding.run()
    marks, patents = "intellectual_property.marks", "intellectual_property.patents"
    assert Entry.objects.get(register=marks, key="5500001").subject == held
    assert "老恒达" not in page(chief, f"/registers/{marks}/", here="1")
    assert "已失效" in page(chief, f"/registers/{marks}/", standing="ended")
    assert "发明" in figures(chief, patents)
    assert "一种砖" in page(chief, f"/registers/{patents}/", **{"f-kind": "发明"})
    enter(
        chief,
        "intellectual_property.well_known_marks",
        held.uscc,
        mark="恒达",
        case="商评字〔2019〕第1号",
        body="商标评审部门",
    )
    shown = page(chief, f"/subjects/{held.pk}/")
    for title in ("注册商标台账", "授权专利台账", "驰名商标认定记录"):
        assert title in shown


@pytest.mark.mission("J13")
def test_certified_management_is_registered_with_its_term_and_ends(chief: Client) -> None:
    held = firm()
    code = "intellectual_property.certified"
    entry = enter(
        chief,
        code,
        held.uscc,
        number="IPMS2026001",
        body="云泽质量认证中心",
        standard="GB/T 29490-2023",
        subsidy="50000",
        since_="2023-12-25",
    )
    assert entry.until == date(2026, 12, 24), "three years"
    assert titles(chief, code, standing="soon") == {held.name}
    assert held.name in page(chief, "/registers/due/")
    assert step(chief, entry, "pause", "监督审核不符合").state == "paused"
    assert step(chief, entry, "end", "证书撤销").ended


@pytest.mark.mission("H14")
def test_brands_are_cultivated_by_trade_and_stage(chief: Client) -> None:
    held = firm()
    code = "intellectual_property.brand_candidates"
    entry = enter(chief, code, held.uscc, brand="恒达", trade="家居建材", goal="国际注册")
    for move, state in (("grow", "growing"), ("file", "filed"), ("reach", "reached")):
        assert step(chief, entry, move, "按年度培育计划").state == state
    assert titles(chief, code, state="reached", **{"f-trade": "家居建材"}) == {held.name}
    assert "家居建材" in figures(chief, code)


@pytest.mark.mission("F10")
def test_service_stations_are_registered_and_their_disputes_counted_as_settled_or_reported(chief: Client) -> None:
    code = "complaints.station_disputes"
    enter(chief, "complaints.stations", name="听澜市场服务站", kind="市场", street="听澜街道", keeper="周站长")
    assert "周站长" not in page(Client(), "/open/registers/complaints.stations/")
    common = {"station": "听澜市场服务站", "received": "2026-11-18", "matter": "缺秤"}
    settled = enter(chief, code, number="WZ1", result="就地化解", refunded="30", **common)
    upward = enter(chief, code, number="WZ2", result="上报监管所", **common)
    step(chief, settled, "settle", "补足差价")
    assert step(chief, upward, "report", "双方分歧大").state == "up"
    counted = figures(chief, code)
    for said in ("就地化解", "上报监管所", "听澜市场服务站"):
        assert said in counted
    assert len(Entry.objects.filter(register=code, state="settled")) == 1


@pytest.mark.mission("F11")
def test_signals_of_sentinel_points_are_checked_and_become_leads_or_are_closed(chief: Client) -> None:
    enter(chief, "complaints.sentinels", name="听澜一号哨点", field="计量", street="听澜街道")
    code = "complaints.signals"
    held = [
        enter(
            chief,
            code,
            number=f"XH{n}",
            sentinel="听澜一号哨点",
            field="计量",
            level=level,
            seen="2026-11-19",
            said=f"缺秤{n}",
        )
        for n, level in enumerate(("red", "blue"))
    ]
    step(chief, held[0], "lead", "同类三起")
    assert step(chief, held[1], "close", "核实无异常").ended
    assert titles(chief, code, state="lead", **{"f-level": "red"}) == {"缺秤0"}
    assert "听澜一号哨点" in figures(chief, code)
