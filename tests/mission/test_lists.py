"""Courts and the labour office send their lists; the public reads them, a clerk checks a person against them."""

# ruff: noqa: E501 - rows of tables read best one a line

import re
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.test import Client

from shiheng.kernel.identifiers import resident_id_check_character
from shiheng.ledger.models import Leaf
from shiheng.subjects.models import Subject
from tests import factories
from tests.mission.test_permits import count, send

REGISTER = (
    "统一社会信用代码",
    "企业名称（字号名称）",
    "登记状态（中文）",
    "成立日期",
    "法定代表人",
    "住所所在行政区划",
    "住所（登记、个体户经营场所）",
)
DEBTORS = (
    "失信id", "被执行人姓名/名称", "被执行人性质", "身份证号码", "统一社会信用代码", "法定代表人或者负责人姓名", "执行法院", "案号",
    "被执行人的履行情况", "失信被执行人行为情况", "发布时间", "退出日期",
)  # fmt: skip
WAGES = (
    "序号", "公布期号", "用人单位名称", "统一社会信用代码", "法定代表人（经营者）", "身份证件号码", "经营地址", "所属街镇", "欠薪人数", "欠薪金额",
    "发现日期", "是否逃匿", "处理状态", "结清日期", "公布日期",
)  # fmt: skip
HENGDA, RUNFENG, YONGTAI = (factories.uscc(n) for n in range(9101, 9104))
COURT = "临江区人民法院"


def number(body: str) -> str:
    return body + resident_id_check_character(body)


CHEN, OTHER_CHEN, ZHAO = number("44990119800101001"), number("44990119750505003"), number("44990119820203005")


def book(header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    held = BytesIO()
    made = xlsxwriter.Workbook(held)
    sheet = made.add_worksheet()
    for at, row in enumerate([header, *rows]):
        sheet.write_row(at, 0, row)
    made.close()
    return held.getvalue()


def register() -> bytes:
    return book(
        REGISTER,
        [
            (
                HENGDA,
                "云泽市恒达建材有限公司",
                "开业",
                "2018-03-01",
                "赵大海",
                "449901",
                "云泽市临江区江口街道码头路1号",
            ),
            (
                RUNFENG,
                "云泽市润丰制衣有限公司",
                "开业",
                "2019-03-01",
                "钱小满",
                "449901",
                "云泽市临江区江口街道码头路2号",
            ),
            (YONGTAI, "云泽市永泰箱包厂", "开业", "2020-03-01", "孙立", "449901", "云泽市临江区柳岸镇柳岸路3号"),
        ],
    )


def debtors(*, without: str = "") -> bytes:
    rows = [
        ("S001", "云泽市恒达建材有限公司", "法人或者其他组织", "", HENGDA, "赵大海", COURT, "（2026）云0101执11号", "全部未履行",
         "有履行能力而拒不履行", "2026-05-06", ""),
        ("S002", "陈立本", "自然人", CHEN, "", "", COURT, "（2026）云0101执22号", "全部未履行", "违反财产报告制度", "2026-06-01", ""),
        ("S003", "陈立本", "自然人", CHEN[:10] + "****" + CHEN[14:], "", "", COURT, "（2026）云0101执33号", "部分未履行", "规避执行", "2026-07-01", ""),
        ("S004", "云泽市润丰制衣有限公司", "法人或者其他组织", "", RUNFENG, "钱小满", COURT, "（2025）云0101执44号", "全部已履行", "",
         "2025-02-01", ""),
        ("S005", "周远航", "自然人", ZHAO, "", "", COURT, "（2025）云0101执55号", "全部未履行", "", "2025-03-01", "2026-10-01"),
    ]  # fmt: skip
    return book(DEBTORS, [row for row in rows if row[0] != without])


def wages() -> bytes:
    first, second = "江口街道", "柳岸镇"
    return book(
        WAGES,
        [
            ("W01", "11", "云泽市润丰制衣有限公司", RUNFENG, "钱小满", "", "", first, "32", "456000", "2026-02-01", "是", "处理中", "", "2026-03-01"),
            ("W02", "12", "云泽市永泰箱包厂", YONGTAI, "孙立", "", "", second, "12", "120000.5", "2026-05-01", "是", "已移送公安", "", "2026-06-01"),
            ("W03", "12", "无照皮具作坊", "", "吴三省", OTHER_CHEN, "江口街道后街", first, "5", "30000", "2026-05-02", "是", "处理中", "", "2026-06-01"),
            ("W04", "12", "云泽市恒达建材有限公司", HENGDA, "赵大海", "", "", first, "8", "90000", "2026-05-03", "否", "已结清", "2026-09-01", "2026-06-01"),
            ("W05", "13", "云泽市永泰箱包厂", YONGTAI, "孙立", "", "", second, "3", "9000", "2026-11-10", "否", "处理中", "", "2026-12-01"),
        ],
    )  # fmt: skip


def check(client: Client, asked: dict[str, str]) -> str:
    """The clerk's question through the page; gives the page with the answer."""
    page = client.get("/registration/check-person/").content.decode()
    key = re.search(r'name="_key" value="([^"]+)"', page)
    assert key
    answer = client.post("/registration/check-person/", {"_key": key[1], **asked})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def export(client: Client, address: str) -> str:
    return b"".join(client.get(address).streaming_content).decode("utf-8-sig")


@pytest.mark.mission("C12")
def test_the_list_of_judgment_debtors_is_matched_published_and_used_in_registration(clock: Any, sign_in: Any) -> None:
    public = Client()
    assert "未取得" in public.get("/lists/").content.decode(), "nobody sent a list: that is no zero"
    assert "未取得" in public.get("/lists/judgment_debtors/").content.decode()

    data = sign_in("data")
    send(data, "register", "登记.xlsx", register())
    batch = send(data, "judgment_debtors", "失信名单.xlsx", debtors())
    assert "已入档" in batch

    page = public.get("/lists/judgment_debtors/").content.decode()
    assert count(public, "/lists/judgment_debtors/") == 3, "S004 has paid, S005 has left"
    assert f'href="/s/{HENGDA}/"' in page
    assert "陈某某" in page
    for hidden in ("陈立本", CHEN, "周远航", "（2025）云0101执44号"):
        assert hidden not in page, hidden
    told = export(public, "/lists/judgment_debtors/?export=csv")
    assert "云泽市恒达建材有限公司" in told
    assert "陈立本" not in told
    assert count(public, "/lists/judgment_debtors/?q=恒达") == 1
    assert count(public, f"/lists/judgment_debtors/?q={HENGDA}") == 1
    assert count(public, "/lists/judgment_debtors/?q=陈立本") == 2, "a person is found by the whole name"
    assert count(public, "/lists/judgment_debtors/?q=陈立") == 0

    business = public.get(f"/s/{HENGDA}/").content.decode()
    for said in ("失信被执行人", "（2026）云0101执11号", COURT):
        assert said in business, said
    assert "（2025）云0101执44号" not in public.get(f"/s/{RUNFENG}/").content.decode()

    clerk = sign_in("clerk")
    asked = {"purpose": "filing", "reason": "云临登〔2026〕5号"}
    by_number = check(clerk, {"name": "陈立本", "number": CHEN, **asked})
    for said in (
        "本人",
        "（2026）云0101执22号",
        "同名待核",
        "（2026）云0101执33号",
        "第 2 行",
        "第一百七十八条",
        "条文待核对",
    ):
        assert said in by_number, said
    assert CHEN not in by_number

    other = check(clerk, {"name": "陈立本", "number": OTHER_CHEN, **asked})
    assert "同名，证件号码不同" in other
    assert ">本人<" not in other

    by_name = check(clerk, {"name": "陈立本", **asked})
    assert "同名待核" in by_name
    assert ">本人<" not in by_name
    assert "只凭姓名不能认定是本人" in by_name

    by_code = check(clerk, {"code": HENGDA, **asked})
    assert "本人" in by_code
    assert "（2026）云0101执11号" in by_code
    nobody = check(clerk, {"name": "郑无名", **asked})
    assert "未见" in nobody
    assert "未取得" in nobody, "the labour office sent nothing yet"

    leaves = list(Leaf.objects.filter(kind="person.checked").order_by("pk"))
    assert len(leaves) == 5
    assert leaves[0].actor_name == "李窗"
    assert leaves[0].facts["purpose"] == "董事、监事、高级管理人员备案"
    assert leaves[0].facts["name"] == "陈某某"
    assert CHEN not in str([leaf.facts for leaf in leaves])

    # Next month's whole list no longer names the company: it has left.
    send(data, "judgment_debtors", "失信名单-12月.xlsx", debtors(without="S001"))
    assert count(public, "/lists/judgment_debtors/") == 2
    assert "（2026）云0101执11号" not in public.get(f"/s/{HENGDA}/").content.decode()
    assert "未见" in check(clerk, {"code": HENGDA, **asked})


@pytest.mark.mission("C13")
def test_wage_arrears_are_published_issue_by_issue_and_street_by_street(clock: Any, sign_in: Any) -> None:
    data = sign_in("data")
    send(data, "register", "登记.xlsx", register())
    assert "已入档" in send(data, "wage_arrears", "欠薪逃匿.xlsx", wages())

    public = Client()
    page = public.get("/lists/wage_arrears/").content.decode()
    for said in ("第 12 期", "第 11 期", "江口街道", "柳岸镇", "45.6 万元", "无照皮具作坊", f'href="/s/{YONGTAI}/"'):
        assert said in page, said
    assert "第 13 期" not in page, "published in December"
    assert OTHER_CHEN not in page
    assert "吴三省" not in page
    assert count(public, "/lists/wage_arrears/") == 3
    assert count(public, "/lists/wage_arrears/?issue=12") == 2
    assert count(public, "/lists/wage_arrears/?place=柳岸镇") == 1
    assert count(public, "/lists/wage_arrears/?q=皮具") == 1

    printed = public.get("/lists/wage_arrears/issue/?issue=12").content.decode()
    for said in ("本期公布 3 户", "其中 1 户已退出", "江口街道", "柳岸镇", "无照皮具作坊", "人力资源和社会保障局"):
        assert said in printed, said
    assert "云泽市恒达建材有限公司" not in printed, "settled"
    assert public.get("/lists/wage_arrears/issue/?issue=99").status_code == 404

    arrears = public.get(f"/s/{YONGTAI}/").content.decode()
    assert "拖欠工资" in arrears
    assert "2026-12-01" not in arrears
    answer = check(sign_in("clerk"), {"name": "孙立", "purpose": "change"})
    assert "任法定代表人的单位在名单上" in answer


@pytest.mark.mission("B15")
def test_data_of_a_platform_is_marked_as_such_wherever_it_shows(clock: Any, sign_in: Any) -> None:
    data = sign_in("data")
    send(data, "register", "登记.xlsx", register())
    shop = (
        "所属平台名称", "网站标识", "网站（网店）名称", "统一社会信用代码", "企业名称（字号名称）", "店铺状态", "是否已办理市场主体登记",
        "核验更新日期",
    )  # fmt: skip
    batch = send(data, "online_shops", "网店.xlsx", book(shop, [
        ("云集易购", "DP0001", "润丰制衣旗舰店", RUNFENG, "云泽市润丰制衣有限公司", "营业", "是", "2026-10-01"),
    ]))  # fmt: skip
    assert "已入档" in batch, batch
    subject = Subject.objects.get(uscc=RUNFENG)
    file = sign_in("clerk").get(f"/subjects/{subject.pk}/?tab=all").content.decode()
    assert "润丰制衣旗舰店" in file
    assert "第三方数据" in file
    given = sign_in("clerk").get(f"/api/v1/subjects/{RUNFENG}").json()["records"]
    assert [(r["source"], "第三方数据" in r["source_title"]) for r in given] == [("online_shops", True)]
    assert "第三方数据" not in sign_in("clerk").get(
        f"/subjects/{Subject.objects.get(uscc=HENGDA).pk}/?tab=all"
    ).content.decode()  # fmt: skip
