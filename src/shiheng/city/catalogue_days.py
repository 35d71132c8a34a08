"""What the invented bureau did with its lists by today: changes in every state, the province's catalogue, lectures."""

import csv
import io
from collections.abc import Iterable
from typing import Any, NamedTuple

from shiheng.catalogue.powers.comparing import COLUMNS
from shiheng.catalogue.powers.definition import KINDS, LEVELS, Power, read_limit

DRAFTER, HEAD = "zhang", "shi"
OFFICE = "4499.01."


class Changed(NamedTuple):
    """A change: what it sets, how many days before today it was drafted, and how far it has come."""

    power: str
    what: str
    content: dict[str, Any]
    trigger: str
    instrument: str
    reason: str
    ago: int
    state: str
    after: int = 10
    lasts: int | None = None


CHANGES = (
    Changed(
        "food.trade_permit",
        "amend",
        {"promised": "5wd"},
        "reform",
        "云市监〔2026〕14号",
        "压减食品经营许可办理时间。",
        190,
        "published",
    ),
    Changed(
        "registration.establish",
        "amend",
        {"promised": "1wd", "fee": "不收费"},
        "reform",
        "云府〔2026〕6号",
        "明确登记不收费。",
        160,
        "published",
    ),
    Changed(
        "food.no_inspection_record",
        "devolve",
        {"levels": ["county", "town"]},
        "devolution",
        "省人民政府公告〔2026〕第3号",
        "下放由县（区）和镇街行使。",
        150,
        "published",
    ),
    Changed(
        "price.not_marked",
        "entrust",
        {
            "entrusted_to": "临江区市场管理服务中心",
            "agreement": "临市监委〔2026〕1号",
            "published_where": "区局网站公告栏",
        },
        "reform",
        "临市监委〔2026〕1号",
        "城区明码标价日常执法。",
        120,
        "published",
        10,
        365,
    ),
    Changed(
        "quality.arbitration",
        "cancel",
        {},
        "reform",
        "云市监〔2026〕21号",
        "仲裁检验由法定技术机构直接受理。",
        100,
        "published",
    ),
    Changed(
        "local.pickup_cabinet",
        "add",
        {
            "title": "食品自提柜设置备案",
            "kind": "other",
            "field": "食品",
            "unit": "食品经营安全监管科",
            "levels": ["county", "town"],
            "instrument": "云泽市网络订餐管理办法",
            "article": "第十一条",
            "statutory": "5wd",
        },
        "law",
        "云泽市网络订餐管理办法",
        "市人民政府规章新设。",
        90,
        "published",
        20,
    ),
    Changed(
        "equipment.use_registration",
        "amend",
        {"promised": "3wd"},
        "reform",
        "云市监〔2026〕19号",
        "承诺期限拟再压减。",
        70,
        "undone",
    ),
    Changed(
        "competition.ad_check",
        "amend",
        {"unit": "广告与合同监督管理科"},
        "reform",
        "云编〔2026〕33号",
        "科室合并。",
        12,
        "approved",
        30,
    ),
    Changed(
        "drugs.retail_permit",
        "amend",
        {"promised": "7wd"},
        "reform",
        "云市监〔2026〕40号",
        "压减药品零售许可办理时间。",
        8,
        "checked",
        30,
    ),
    Changed(
        "food.health_certificate",
        "devolve",
        {"levels": ["town"]},
        "devolution",
        "省人民政府公告〔2026〕第9号",
        "拟由镇街行使。",
        4,
        "draft",
        45,
    ),
    Changed("price.venue", "cancel", {}, "reform", "云市监〔2026〕38号", "拟并入明码标价事项。", 25, "returned", 30),
)
OPINION = "依据充分，程序合法，建议批准。"
RETURNED = "并入没有依据，应当保留为单独事项。"
UNDONE = "上级文件已经调整，恢复原承诺期限。"


class Lecture(NamedTuple):
    """One activity of law education, so many days before today."""

    duty: str
    title: str
    place: str
    people: int
    ago: int


LECTURES = (
    Lecture("officers.penalty", "行政处罚程序培训", "区局三楼会议室", 64, 210),
    Lecture("officers.penalty", "旁听庭审", "临江区人民法院", 22, 80),
    Lecture("officers.procedure", "案例研讨：现场笔录", "区局三楼会议室", 31, 45),
    Lecture("businesses.food", "食品安全管理人员培训", "江口街道文化站", 120, 130),
    Lecture("businesses.food", "校园食堂负责人约谈培训", "区教育局", 58, 60),
    Lecture("businesses.price", "节前价格提醒告诫会", "区政务中心", 43, 52),
    Lecture("businesses.equipment", "电梯使用单位安全培训", "柳岸镇政府", 77, 33),
    Lecture("public.food", "食品安全宣传周", "人民广场", 600, 150),
    Lecture("public.complaints", "12315 进社区", "江口街道滨江社区", 85, 20),
    Lecture("public.lift", "安全乘梯进校园", "临江区第一小学", 240, 15),
    Lecture("public.consumer", "3·15 现场咨询", "人民广场", 900, 240),
)

CATALOGUE, ISSUED_BY, ISSUED_AGO, LOADED_AGO = "市场监督管理权力通用目录（2026年版）", "省市场监督管理局", 60, 40
ADDED = (
    ("对外卖食品未使用封签的处罚", "行政处罚", "《省外卖食品安全管理规定》第二十六条", "县、镇街", "90日"),
    ("预付式消费经营者备案", "其他行政权力", "《省消费者权益保护条例》第三十一条", "县", "5个工作日"),
    ("对预付式消费经营者未按规定退款的处罚", "行政处罚", "《省消费者权益保护条例》第六十五条", "市、县", "90日"),
    ("电动自行车充电设施计量监督检查", "行政检查", "《省计量监督管理条例》第十八条", "县", ""),
    ("个体工商户升级为企业的扶持奖励", "行政奖励", "《省促进个体工商户发展办法》第十二条", "县", "30个工作日"),
    ("直播营销平台监督检查", "行政检查", "《省网络交易监督管理规定》第九条", "市、县", ""),
)
SPOILT = (
    ("对外观设计专利的登记", "登记备案", "《专利法》第四十条", "省", ""),
    ("对食品相关产品生产的处罚", "行政处罚", "有关规定", "市、县", "90日"),
)
"""Rows of the province's file that nobody can read: a kind that is none, a basis without an instrument."""


def upper_sheet(powers: Iterable[Power]) -> bytes:
    """The province's catalogue as its file: most items as lines declare them, some changed, some left out, some new."""
    held = io.StringIO()
    out = csv.writer(held)
    out.writerow(COLUMNS)
    for place, power in enumerate(sorted(powers, key=lambda p: p.code)):
        if place % 29 == 11:
            continue
        article, levels, statutory = power.basis.article, list(power.levels), power.statutory
        if place % 31 == 5:
            article += "第一款"
        if place % 37 == 7:
            levels = ["county", "town"]
        if place % 41 == 9 and statutory:
            statutory = "15wd"
        row = (KINDS[power.kind], f"《{power.basis.instrument}》{article}", "、".join(LEVELS[one] for one in levels))
        out.writerow([f"4400{place:08d}", power.title, *row, _limit(statutory)])
    for place, extra in enumerate((*ADDED, *SPOILT), start=900):
        out.writerow([f"4400{place:08d}", *extra])
    return held.getvalue().encode("utf-8-sig")


def _limit(text: str) -> str:
    limit = read_limit(text)
    return limit.words().replace(" ", "") if limit else ""
