"""A register nobody here wrote: declared at run time, as a bureau's own package would."""

from datetime import date

from pydantic import BaseModel

from shiheng.kernel import registry
from shiheng.registers.definition import (
    APPLIED,
    ENGINE,
    GRANTING,
    Basis,
    Move,
    NoteKind,
    Register,
    State,
    fact,
)


class Stall(BaseModel):
    """摊位计量器具"""

    stall: str = fact("摊位号", indexed=True, max_length=20, headers=("档口号",))
    kind: str = fact("器具种类", indexed=True, choices={"scale": "电子秤", "meter": "电能表"})
    limit: int = fact("最大称量", indexed=True, ge=1, le=500, default=30)
    price: int | None = fact("购置价", indexed=True, widget="money", default=None)
    checked: date | None = fact("检定日期", indexed=True, default=None)
    due: date | None = fact("下次检定日期", indexed=True, default=None)
    sealed: bool = fact("已加铅封", indexed=True, default=False)
    phone: str = fact("摊主电话", personal="phone", max_length=20, default="")
    faults: list[str] = fact("历次问题", default=[])


STALLS = Register(
    code="test.stalls",
    title="摊位计量器具台账",
    in_force_from=date(2020, 1, 1),
    group="equipment",
    about="集贸市场摊位的强制检定器具。",
    facts=Stall,
    basis=(Basis("计量法", "第九条", verified=False, note="条文待核对。"),),
    key=("stall",),
    due="due",
    due_title="下次检定日期",
    counted_by=("kind",),
    notes=(NoteKind("visit", "巡查"),),
)


class Pledge(BaseModel):
    """承诺"""

    text: str = fact("承诺内容", public=True, max_length=200)
    days: int = fact("退货天数", indexed=True, public=True, ge=7, le=90, default=7)


PLEDGES = Register(
    code="test.pledges",
    title="无理由退货承诺",
    in_force_from=date(2020, 1, 1),
    group="commitments",
    about="公开承诺无理由退货的商户。",
    facts=Pledge,
    states=APPLIED,
    moves=GRANTING,
    months=24,
    public=True,
    applied_for=True,
)


class Award(BaseModel):
    """荣誉"""

    year: int = fact("年度", indexed=True, public=True, ge=1990, le=2100)


AWARDS = Register(
    code="test.awards",
    title="某某荣誉",
    in_force_from=date(2000, 1, 1),
    group="lists",
    about="历年评选的荣誉。",
    facts=Award,
    key=("year",),
    yearly="year",
    public=True,
    over_since=date(2020, 1, 1),
    over_why="政府部门不再评选。",
)


class Area(BaseModel):
    """区域"""

    name: str = fact("区域名称", indexed=True, public=True)
    goods: str = fact("问题商品", indexed=True, public=True)


AREAS = Register(
    code="test.areas",
    title="警示区域",
    in_force_from=date(2020, 1, 1),
    group="places",
    about="戴帽的区域。",
    facts=Area,
    bound="place",
    key=("name",),
    name="name",
    owned=True,
    states=(
        State("warned", "已戴帽", "late"),
        State("mending", "整治中", "wait"),
        State("lifted", "已摘帽", ended=True),
    ),
    moves=(Move("mend", "开始整治", ("warned",), "mending"), Move("lift", "摘帽", ("mending",), "lifted")),
    counted_by=("goods",),
)

ALL = (STALLS, PLEDGES, AWARDS, AREAS)


def declare() -> None:
    for register in ALL:
        registry.declare(ENGINE, register)
