"""Registers of product quality: units under fixed-point supervision, markets and areas under warning."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact


class FixedPoint(BaseModel):
    """质量定点监管对象"""

    product: str = fact("监管产品", indexed=True, max_length=60)
    grade: str = fact("监管等级", indexed=True, choices=("A", "B", "C", "D"), headers=("分类等级", "等级"))
    officer: str = fact("责任监管员", max_length=30, default="")
    cycle: int = fact("每年巡查次数", indexed=True, ge=1, le=12, default=2)
    cause: str = fact("纳入原因", max_length=200, widget="textarea", shown=False, default="")


declare(
    Register(
        code="quality.fixed_point",
        title="质量定点监管对象名册",
        in_force_from=date(2014, 1, 1),
        group="lists",
        about="纳入定点监管的生产、经营单位：监管什么产品、什么等级、由谁巡查，每次巡查记一条。",
        facts=FixedPoint,
        basis=(Basis("产品质量监督抽查管理暂行办法", "第三条", verified=False, note="条文待核对。"),),
        key=("product",),
        counted_by=("grade", "product"),
        notes=(NoteKind("visit", "巡查", "到场时间、发现的问题和要求"), NoteKind("answer", "整改回复")),
        kept_by=(Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL),
    )
)


class Market(BaseModel):
    """打假重点市场、警示区域"""

    name: str = fact("市场或区域名称", indexed=True, public=True, max_length=80, headers=("名称", "市场名称"))
    area: str = fact("所在镇街", indexed=True, public=True, max_length=40)
    goods: str = fact("主要问题商品", indexed=True, public=True, max_length=80)
    plan: str = fact("整治方案", max_length=500, widget="textarea", shown=False, default="")
    accepted_by: str = fact("验收单位", max_length=80, shown=False, default="")


declare(
    Register(
        code="quality.warned_markets",
        title="打假重点市场与警示区域",
        in_force_from=date(2014, 1, 1),
        group="places",
        about="制售假劣问题突出的市场和区域：戴帽、整治、验收、摘帽，每一步有日期和理由。",
        facts=Market,
        basis=(
            Basis(
                "国务院关于进一步做好打击侵犯知识产权和制售假冒伪劣商品工作的意见",
                "第五条",
                verified=False,
                note="条文待核对。",
            ),
        ),
        bound="place",
        key=("name",),
        name="name",
        owned=True,
        states=(
            State("warned", "已戴帽", "late"),
            State("mending", "整治中", "wait"),
            State("accepted", "已验收", "ok"),
            State("lifted", "已摘帽", "done", ended=True),
        ),
        moves=(
            Move("mend", "开始整治", ("warned",), "mending"),
            Move("accept", "验收通过", ("mending",), "accepted"),
            Move("lift", "摘帽", ("accepted",), "lifted"),
            Move("again", "再次戴帽", ("lifted", "accepted"), "warned"),
        ),
        public=True,
        counted_by=("area", "goods"),
        notes=(NoteKind("visit", "检查"), NoteKind("meeting", "约谈")),
        kept_by=(Role.SECTION_CHIEF, Role.CITY_OFFICIAL),
    )
)
