"""Quality awards, famous products of earlier years, standards authored, recalls of consumer goods."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"
LAW = Basis("产品质量法", "第六条", date(2018, 12, 29), verified=True, note="2018 年修正文本。")


class Award(BaseModel):
    """政府质量奖"""

    year: int = fact("获奖年度", indexed=True, public=True, ge=2001, le=2100, headers=("年度",))
    level: str = fact(
        "奖项层级", indexed=True, public=True, choices=("中国质量奖", "省政府质量奖", "市政府质量奖", "区政府质量奖")
    )
    nominated: bool = fact("提名奖", indexed=True, public=True, default=False)
    bonus: int | None = fact("奖励金额", indexed=True, widget="money", default=None)
    model: str = fact("质量管理模式", public=True, max_length=200, default="")


declare(
    Register(
        code="quality.awards",
        title="政府质量奖获奖企业",
        in_force_from=date(2001, 1, 1),
        group="marks",
        about="获得各级政府质量奖及提名奖的企业。",
        facts=Award,
        basis=(LAW,),
        key=("year", "level"),
        counted_by=("year", "level"),
        notes=(NoteKind("share", "经验推广"),),
        kept_by=KEEPERS,
        public=True,
    )
)


class FamousProduct(BaseModel):
    """名牌产品"""

    product: str = fact("产品名称", indexed=True, public=True, max_length=80)
    brand: str = fact("品牌", indexed=True, public=True, max_length=60)
    level: str = fact("名牌层级", indexed=True, public=True, choices=("中国名牌", "广东省名牌"))
    year: int = fact("认定年度", indexed=True, public=True, ge=1994, le=2100)


declare(
    Register(
        code="quality.famous_products",
        title="名牌产品（历史）",
        in_force_from=date(1994, 1, 1),
        group="marks",
        about="历年评定的名牌产品，现已停止评选，只作历史查询。",
        facts=FamousProduct,
        basis=(
            Basis("产品质量法", "第六条", date(2018, 12, 29), verified=True, note="只规定奖励，停止评选的文件待核对。"),
        ),
        key=("product", "year"),
        months=36,
        warns=(),
        counted_by=("level", "year"),
        kept_by=KEEPERS,
        public=True,
        over_since=date(2018, 1, 1),
        over_why="政府部门停止评选名牌产品，停止日期待核对；",
    )
)


class Standard(BaseModel):
    """标准制修订"""

    number: str = fact("标准编号", indexed=True, public=True, max_length=60)
    name: str = fact("标准名称", public=True, max_length=120)
    kind: str = fact(
        "标准类别", indexed=True, public=True, choices=("国际标准", "国家标准", "行业标准", "地方标准", "团体标准")
    )
    part: str = fact("参与方式", indexed=True, public=True, choices=("主导", "参与"))
    published: date = fact("发布日期", indexed=True, public=True)
    subsidy: int | None = fact("资助金额", indexed=True, widget="money", default=None)


declare(
    Register(
        code="quality.standards",
        title="企业主导和参与制定的标准",
        in_force_from=date(2018, 1, 1),
        group="marks",
        about="企业主导或者参与制定的各类标准，资助按此核对。",
        facts=Standard,
        basis=(Basis("标准化法", "第七条", verified=False, note=UNREAD),),
        key=("number",),
        states=(
            State("on", "现行", "ok"),
            State("revised", "已修订", "done", ended=True),
            State("off", "已废止", "done", ended=True),
        ),
        moves=(Move("revise", "修订", ("on",), "revised"), Move("repeal", "废止", ("on",), "off")),
        counted_by=("kind", "part"),
        kept_by=KEEPERS,
        public=True,
    )
)


class Recall(BaseModel):
    """消费品召回"""

    product: str = fact("产品名称", indexed=True, public=True, max_length=80)
    number: str = fact("召回编号", indexed=True, public=True, max_length=40)
    way: str = fact("召回方式", indexed=True, public=True, choices=("主动召回", "责令召回"))
    defect: str = fact("缺陷", public=True, max_length=200)
    pieces: int = fact("涉及数量（件）", indexed=True, public=True, ge=1)
    back: int = fact("已召回数量（件）", indexed=True, public=True, ge=0, default=0)
    finish_by: date = fact("计划完成日期", indexed=True, public=True)


declare(
    Register(
        code="quality.recalls",
        title="缺陷消费品召回",
        in_force_from=date(2020, 1, 1),
        group="projects",
        about="缺陷消费品的召回：计划、进度、评估、结案。",
        facts=Recall,
        basis=(
            Basis("消费者权益保护法", "第十九条", date(2014, 3, 15), verified=True, note="2013 年修正文本。"),
            Basis("消费品召回管理暂行规定", "第十六条", verified=False, note=UNREAD),
        ),
        key=("number",),
        states=(
            State("on", "召回中", "wait"),
            State("judge", "评估中", "wait"),
            State("off", "已结案", "done", ended=True),
        ),
        moves=(
            Move("judge", "提交评估", ("on",), "judge"),
            Move("close", "结案", ("judge",), "off"),
            Move("more", "继续召回", ("judge",), "on"),
        ),
        due="finish_by",
        due_title="计划完成日期",
        counted_by=("way",),
        notes=(NoteKind("stage", "阶段报告"),),
        kept_by=KEEPERS,
        public=True,
    )
)
