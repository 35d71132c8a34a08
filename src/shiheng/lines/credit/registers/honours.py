"""Honours by year: enterprises that keep contracts, honest model markets, model shops."""

from dataclasses import replace
from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import APPLIED, GRANTING, Basis, NoteKind, Register, Role, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"


class KeptContracts(BaseModel):
    """守合同重信用"""

    year: int = fact("公示年度", indexed=True, public=True, ge=1986, le=2100, headers=("年度",))
    level: str = fact("公示层级", indexed=True, public=True, choices=("国家级", "省级", "市级", "区级"))
    contracts: int | None = fact("当年合同份数", indexed=True, ge=0, default=None)
    performed: int | None = fact("合同履约率（%）", indexed=True, ge=0, le=100, default=None)
    document: str = fact("公示文号", public=True, max_length=60, default="")


KEPT = Register(
    code="credit.contract_keeping",
    title="守合同重信用企业",
    in_force_from=date(1999, 1, 1),
    group="lists",
    about="历年公示的守合同重信用企业：哪一年、哪一级，连续多少年。",
    facts=KeptContracts,
    basis=(Basis("关于“守合同重信用”企业公示工作的若干意见", "第二条", verified=False, note=UNREAD),),
    key=("year",),
    states=APPLIED,
    moves=GRANTING,
    counted_by=("year", "level"),
    yearly="year",
    kept_by=KEEPERS,
    public=True,
    applied_for=True,
)
declare(KEPT)
declare(
    replace(
        KEPT,
        in_force_from=date(2018, 1, 1),
        applied_for=False,
        over_since=date(2018, 1, 1),
        over_why="政府部门不再组织公示，由行业协会自行开展；停办日期待核对。",
    )
)


class ModelMarket(BaseModel):
    """诚信示范市场"""

    name: str = fact("市场名称", indexed=True, public=True, max_length=80)
    year: int = fact("评定年度", indexed=True, public=True, ge=2000, le=2100, headers=("年度",))
    kind: str = fact(
        "市场类别", indexed=True, public=True, choices=("农贸市场", "专业批发市场", "商场超市", "电商园区")
    )
    score: int = fact("考评得分", indexed=True, public=True, ge=0, le=100)
    operator: str = fact("开办单位", public=True, max_length=100, default="")


declare(
    Register(
        code="credit.model_markets",
        title="诚信示范市场",
        in_force_from=date(2010, 1, 1),
        group="places",
        about="按年考评的诚信示范市场：考评得分、开办单位，连续多少年评定。",
        facts=ModelMarket,
        basis=(Basis("社会信用体系建设规划纲要（2014—2020年）", "第二部分", verified=False, note=UNREAD),),
        bound="place",
        key=("name", "year"),
        name="name",
        owned=True,
        yearly="year",
        counted_by=("year", "kind"),
        notes=(NoteKind("check", "复核"),),
        kept_by=KEEPERS,
        public=True,
    )
)


class HonestShop(BaseModel):
    """诚信经营示范户"""

    year: int = fact("评定年度", indexed=True, public=True, ge=2000, le=2100, headers=("年度",))
    trade: str = fact(
        "行业", indexed=True, public=True, choices=("零售", "餐饮", "住宿", "居民服务", "汽车维修", "其他")
    )
    street: str = fact("所在镇街", indexed=True, public=True, max_length=40)
    party: bool = fact("党员示范岗", indexed=True, public=True, default=False)


declare(
    Register(
        code="credit.honest_individuals",
        title="诚信经营个体工商户",
        in_force_from=date(2022, 11, 1),
        group="lists",
        about="先进典型中的诚信经营个体工商户，按年评定。",
        facts=HonestShop,
        basis=(Basis("促进个体工商户发展条例", "第二十九条", verified=True, note="2022-11-01 起施行的文本。"),),
        key=("year",),
        yearly="year",
        counted_by=("year", "trade", "street"),
        kept_by=KEEPERS,
        public=True,
    )
)
