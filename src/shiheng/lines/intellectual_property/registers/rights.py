"""Registered marks and patents as reported, marks recognised as well known, famous marks of earlier years, pledges."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Feed, Move, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"


class Mark(BaseModel):
    """注册商标"""

    mark: str = fact("商标名称", indexed=True, public=True, max_length=200)
    number: str = fact("注册号", indexed=True, public=True, max_length=200)
    nice: str = fact("国际分类", indexed=True, public=True, max_length=20, default="")
    applied: date | None = fact("申请日期", indexed=True, default=None)
    agent: str = fact("代理机构", max_length=200, default="")


declare(
    Register(
        code="intellectual_property.marks",
        title="注册商标台账",
        in_force_from=date(2014, 5, 1),
        group="marks",
        about="辖区企业的注册商标：类别、专用权到哪天，由部门来文更新。",
        facts=Mark,
        basis=(Basis("商标法", "第三十九条", verified=False, note=UNREAD),),
        key=("number",),
        states=(
            State("on", "有效", "ok"),
            State("off", "已失效", "done", ended=True),
        ),
        moves=(),
        counted_by=("nice",),
        kept_by=(),
        public=True,
        feed=Feed(
            "trademark",
            {"mark": "title", "number": "key", "nice": "class", "applied": "applied", "agent": "agent"},
            {"注销": "off", "撤销": "off", "无效": "off", "期满未续展": "off"},
        ),
    )
)


class Patent(BaseModel):
    """授权专利"""

    patent: str = fact("专利名称", public=True, max_length=300)
    number: str = fact("专利号", indexed=True, public=True, max_length=200)
    kind: str = fact("专利类型", indexed=True, public=True, max_length=20, default="")
    applied: date | None = fact("申请日期", indexed=True, public=True, default=None)


declare(
    Register(
        code="intellectual_property.patents",
        title="授权专利台账",
        in_force_from=date(2009, 10, 1),
        group="marks",
        about="辖区企业的授权专利：发明、实用新型、外观设计，由部门来文更新。",
        facts=Patent,
        basis=(Basis("专利法", "第四十二条", verified=False, note=UNREAD),),
        key=("number",),
        states=(State("on", "有效", "ok"), State("off", "已终止", "done", ended=True)),
        moves=(),
        warns=(),
        counted_by=("kind",),
        kept_by=(),
        public=True,
        feed=Feed(
            "patent",
            {"patent": "title", "number": "key", "kind": "type", "applied": "applied"},
            {"终止": "off", "无效": "off", "期满": "off"},
        ),
    )
)


class WellKnown(BaseModel):
    """驰名商标"""

    mark: str = fact("商标名称", indexed=True, public=True, max_length=100)
    number: str = fact("注册号", indexed=True, public=True, max_length=40, default="")
    case: str = fact("认定案件", indexed=True, public=True, max_length=80)
    body: str = fact("认定机关", indexed=True, public=True, choices=("国家知识产权局", "商标评审部门", "人民法院"))
    goods: str = fact("认定商品", public=True, max_length=100, default="")


declare(
    Register(
        code="intellectual_property.well_known_marks",
        title="驰名商标认定记录",
        in_force_from=date(2003, 6, 1),
        group="marks",
        about="在个案中被认定为驰名的商标；按需认定，不是荣誉，不得用于广告宣传。",
        facts=WellKnown,
        basis=(Basis("商标法", "第十四条", verified=False, note=UNREAD),),
        key=("mark", "case"),
        counted_by=("body",),
        kept_by=KEEPERS,
        public=True,
    )
)


class FamousMark(BaseModel):
    """著名商标"""

    mark: str = fact("商标名称", indexed=True, public=True, max_length=100)
    level: str = fact("认定层级", indexed=True, public=True, choices=("省著名商标", "市著名商标", "知名商标"))
    year: int = fact("认定年度", indexed=True, public=True, ge=1992, le=2100)
    goods: str = fact("认定商品", public=True, max_length=100, default="")


declare(
    Register(
        code="intellectual_property.famous_marks",
        title="著名商标、知名商标（历史）",
        in_force_from=date(1992, 1, 1),
        group="marks",
        about="历年认定的著名商标、知名商标，现已停止认定，只作历史查询。",
        facts=FamousMark,
        basis=(Basis("商标法", "第十四条", verified=False, note="停止地方著名商标认定的文件和日期待核对。"),),
        key=("mark", "year"),
        months=36,
        warns=(),
        counted_by=("level", "year"),
        kept_by=KEEPERS,
        public=True,
        over_since=date(2018, 1, 1),
        over_why="政府部门停止认定著名商标、知名商标，停止日期待核对；",
    )
)


class RightPledge(BaseModel):
    """知识产权质押"""

    number: str = fact("登记编号", indexed=True, public=True, max_length=40)
    kind: str = fact("质押标的", indexed=True, public=True, choices=("专利权", "商标专用权", "著作权"))
    bank: str = fact("质权人", indexed=True, public=True, max_length=100)
    amount: int = fact("质押金额", indexed=True, widget="money", ge=0)
    subsidy: int | None = fact("贴息金额", indexed=True, widget="money", default=None)


declare(
    Register(
        code="intellectual_property.pledges",
        title="知识产权质押登记",
        in_force_from=date(2010, 10, 1),
        group="assets",
        about="以专利权、商标专用权出质的登记和贴息；企业应在二十个工作日内公示。",
        facts=RightPledge,
        basis=(
            Basis(
                "企业信息公示暂行条例",
                "第十条",
                date(2014, 10, 1),
                verified=True,
                note="核对的是 2014 年文本，2024 年修改后的待核对。",
            ),
        ),
        key=("number",),
        states=(State("on", "有效", "ok"), State("released", "已注销", "done", ended=True)),
        moves=(Move("release", "注销质押", ("on",), "released"),),
        counted_by=("kind", "bank"),
        kept_by=KEEPERS,
        public=True,
    )
)
