"""Registers of drugs and devices: whom to watch closely, pharmacists on duty, recalls of drugs and devices."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"
PRODUCTS = ("处方药", "特殊管理药品", "疫苗", "中药饮片", "植入器械", "无菌器械", "体外诊断试剂", "化妆品")


class KeyObject(BaseModel):
    """药械重点监管对象"""

    product: str = fact("重点品种", indexed=True, choices=PRODUCTS)
    link: str = fact("环节", indexed=True, choices=("生产", "批发", "零售", "使用"))
    cause: str = fact("列为重点的原因", indexed=True, max_length=80)
    officer: str = fact("责任监管员", indexed=True, max_length=30, default="")
    times: int = fact("每年检查次数", indexed=True, ge=1, le=12, default=2)


declare(
    Register(
        code="drugs.key_objects",
        title="药品器械重点监管对象名单",
        in_force_from=date(2019, 12, 1),
        group="lists",
        about="药品、医疗器械、化妆品的重点监管对象：按品种和企业列明，每次检查记一条。",
        facts=KeyObject,
        basis=(Basis("药品管理法", "第九十九条", verified=False, note=UNREAD),),
        key=("product",),
        counted_by=("product", "link", "officer"),
        notes=(NoteKind("visit", "检查"), NoteKind("mended", "整改复查")),
        kept_by=KEEPERS,
    )
)


class Pharmacist(BaseModel):
    """执业药师"""

    number: str = fact("注册证编号", indexed=True, public=True, max_length=40)
    name: str = fact("姓名", indexed=True, public=True, max_length=30)
    kind: str = fact("注册类别", indexed=True, public=True, choices=("药学", "中药学", "药学与中药学"))
    remote: bool = fact("远程审方", indexed=True, public=True, default=False)
    identity: str = fact("证件号码", personal="id", max_length=40, shown=False, default="")


declare(
    Register(
        code="drugs.pharmacists",
        title="执业药师在岗登记",
        in_force_from=date(2019, 3, 1),
        group="people",
        about="药店登记在岗的执业药师：注册到哪天、是否远程审方。",
        facts=Pharmacist,
        basis=(Basis("药品经营和使用质量监督管理办法", "第二十条", verified=False, note=UNREAD),),
        bound="person",
        key=("number",),
        name="name",
        owned=True,
        months=60,
        counted_by=("kind", "remote"),
        notes=(NoteKind("absent", "不在岗"),),
        kept_by=KEEPERS,
        public=True,
    )
)


class Recall(BaseModel):
    """药品器械召回"""

    product: str = fact("产品名称", indexed=True, public=True, max_length=80)
    batch: str = fact("批号", indexed=True, public=True, max_length=60)
    level: str = fact("召回级别", indexed=True, public=True, choices=("一级", "二级", "三级"))
    cause: str = fact("召回原因", public=True, max_length=200)
    finish_by: date = fact("应完成日期", indexed=True, public=True)


declare(
    Register(
        code="drugs.recalls",
        title="药品和医疗器械召回",
        in_force_from=date(2017, 5, 1),
        group="projects",
        about="辖区企业召回的药品和医疗器械：级别、批号、应完成日期。",
        facts=Recall,
        basis=(Basis("药品召回管理办法", "第十八条", verified=False, note=UNREAD),),
        key=("product", "batch"),
        states=(State("on", "召回中", "wait"), State("off", "已结案", "done", ended=True)),
        moves=(Move("close", "结案", ("on",), "off"),),
        due="finish_by",
        due_title="应完成日期",
        counted_by=("level",),
        notes=(NoteKind("stage", "阶段报告"),),
        kept_by=KEEPERS,
        public=True,
    )
)
