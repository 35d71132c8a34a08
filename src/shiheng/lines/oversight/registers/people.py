"""Invited supervisors, with what they said and where they met; experts for emergencies."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, NoteKind, Register, Role, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"


class Supervisor(BaseModel):
    """特邀监察员"""

    number: str = fact("聘书编号", indexed=True, max_length=30)
    name: str = fact("姓名", indexed=True, max_length=30)
    kind: str = fact("界别", indexed=True, choices=("人大代表", "政协委员", "企业代表", "媒体", "社区群众", "专家学者"))
    unit: str = fact("工作单位", indexed=True, max_length=80, default="")
    phone: str = fact("联系电话", personal="phone", max_length=20)
    address: str = fact("通信地址", personal="address", max_length=200, shown=False, default="")


declare(
    Register(
        code="oversight.supervisors",
        title="特邀监察员",
        in_force_from=date(2013, 10, 1),
        group="people",
        about="聘请的特邀监察员：任期、提过什么意见、参加过哪些会议和活动。",
        facts=Supervisor,
        basis=(Basis("国家监察委员会特约监察员工作办法", "第二条", verified=False, note="参照执行，条文待核对。"),),
        bound="person",
        key=("number",),
        name="name",
        months=36,
        counted_by=("kind",),
        notes=(
            NoteKind("opinion", "意见建议", "说了什么、转给谁"),
            NoteKind("answer", "办复"),
            NoteKind("meeting", "会议"),
            NoteKind("visit", "明察暗访"),
        ),
        kept_by=KEEPERS,
    )
)


class Expert(BaseModel):
    """应急专家"""

    name: str = fact("姓名", indexed=True, max_length=30)
    unit: str = fact("工作单位", indexed=True, max_length=80)
    field: str = fact(
        "专业领域", indexed=True, choices=("食品安全", "药品安全", "特种设备", "产品质量", "计量", "舆情", "法律")
    )
    title: str = fact("职称", indexed=True, choices=("正高级", "副高级", "中级", "其他"))
    phone: str = fact("应急电话", personal="phone", max_length=20)


declare(
    Register(
        code="oversight.experts",
        title="应急专家库",
        in_force_from=date(2010, 1, 1),
        group="people",
        about="突发事件时可以请的专家：什么专业、怎么找到，每次出动和演练记一条。",
        facts=Expert,
        basis=(Basis("突发事件应对法", "第四十二条", verified=False, note=UNREAD),),
        bound="person",
        key=("name", "unit"),
        name="name",
        months=36,
        counted_by=("field", "title"),
        notes=(NoteKind("drill", "演练"), NoteKind("called", "出动")),
        kept_by=KEEPERS,
    )
)
