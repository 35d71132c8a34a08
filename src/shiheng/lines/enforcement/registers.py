"""Things in custody of a case: sealed, seized, released, confiscated, handed over."""

from datetime import date

from pydantic import BaseModel

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.lines.enforcement.facts.after import KINDS
from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

COERCION = "2012-01-01 起施行的文本。"
TERM = Basis("行政强制法", "第二十五条", verified=True, note=COERCION)
DECIDE = Basis("行政强制法", "第二十七条", verified=True, note=COERCION)
RELEASE = Basis("行政强制法", "第二十八条", verified=True, note=COERCION)
DISPOSE = Basis("行政处罚法", "第七十四条", date(2021, 7, 15), verified=True, note="2021-07-15 起施行的文本。")
HELD = ("sealed", "seized", "preserved")


class Seized(BaseModel):
    """涉案财物"""

    number: str = fact("清单编号", indexed=True, max_length=40)
    thing: str = fact("物品名称", indexed=True, max_length=100)
    case: str = fact("案号", indexed=True, max_length=60)
    count: int = fact("数量", indexed=True, ge=1)
    unit: str = fact("计量单位", max_length=10, default="件")
    value: int | None = fact("估价", indexed=True, widget="money", default=None)
    kept_at: str = fact("存放地点", indexed=True, max_length=80)
    decide_by: date | None = fact("查封扣押期限", indexed=True, default=None, hint="已经处理完毕的留空。")
    held: int | None = fact("仍在保管", indexed=True, ge=0, default=None, group="清点")
    released: int | None = fact("已解除返还", ge=0, default=None, shown=False)
    confiscated: int | None = fact("没收在库", ge=0, default=None, shown=False)
    gone: int | None = fact("已处置", ge=0, default=None, shown=False)
    handed: int | None = fact("已移交", ge=0, default=None, shown=False)


declare(
    Register(
        code="enforcement.seized_goods",
        title="涉案财物台账",
        in_force_from=date(2012, 1, 1),
        group="assets",
        about="查封、扣押的每一样财物：哪个案件、放在哪里、哪天到期，解除、没收、移送都有去向。",
        facts=Seized,
        basis=(Basis("行政强制法", "第二十四条", verified=True, note=COERCION), TERM),
        bound="thing",
        key=("number",),
        name="thing",
        owned=True,
        states=(
            State("seized", "已扣押", "wait"),
            State("sealed", "已查封", "wait"),
            State("preserved", "先行登记保存", "wait"),
            State("released", "已解除", "done", ended=True),
            State("confiscated", "已没收", "warn"),
            State("disposed", "已处置", "done", ended=True),
            State("handed", "已移送", "done", ended=True),
            State("converted", "已转为查封、扣押", "done", ended=True),
            State("withdrawn", "登记已撤回", "done", ended=True),
        ),
        moves=(
            Move("release", "解除", HELD, "released", basis=RELEASE),
            Move("confiscate", "没收", HELD, "confiscated", basis=DECIDE),
            Move("hand", "移送", HELD, "handed"),
            Move("dispose", "拍卖或销毁", ("confiscated",), "disposed", basis=DISPOSE),
        ),
        due="decide_by",
        due_title="查封扣押期限",
        warns=(10, 3, 0),
        counted_by=("kept_at",),
        notes=(NoteKind("check", "盘点"), NoteKind("longer", "延长期限"), NoteKind("test", "送检")),
        kept_by=(Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER),
    )
)


class PunishedPerson(BaseModel):
    """受处罚人员"""

    name: str = fact("姓名", indexed=True, max_length=60)
    number: str = fact("编号", indexed=True, max_length=80)
    case: str = fact("案号", indexed=True, max_length=60)
    part: str = fact("与案件的关系", max_length=200, default="")
    penalties: str = fact("处罚种类", max_length=200)
    fine: int = fact("罚款", indexed=True, widget="money", ge=0, default=0)
    decided_on: date = fact("决定日期", indexed=True)


declare(
    Register(
        code="enforcement.punished_persons",
        title="处罚到人名单",
        in_force_from=date(2021, 7, 15),
        group="people",
        about="因单位违法或者本人违法受到行政处罚的自然人：哪个案件、什么处罚；决定被撤销、变更的随案卷移出。",
        facts=PunishedPerson,
        basis=(Basis("行政处罚法", "第四条", date(2021, 7, 15), note="条次待核对。"),),
        bound="person",
        key=("number",),
        name="name",
        states=(
            State("on", "已处罚", "warn"),
            State("annulled", "决定已撤销、变更", "done", ended=True),
            State("withdrawn", "登记已撤回", "done", ended=True),
        ),
        moves=(),
        counted_by=("case",),
        kept_by=(Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER),
    )
)


class ModelCase(BaseModel):
    """典型案例"""

    title: str = fact("标题", indexed=True, public=True, max_length=120)
    kind: str = fact("类别", indexed=True, public=True, choices=KINDS)
    story: str = fact("案情和意义", widget="textarea", public=True, max_length=3000, shown=False)
    lesson: str = fact("评选理由", max_length=500, shown=False, default="")
    case: str = fact("案号", indexed=True, max_length=60)
    points: int | None = fact("案卷评查得分", indexed=True, ge=0, le=100, default=None)


declare(
    Register(
        code="enforcement.model_cases",
        title="典型案例和优秀案卷",
        in_force_from=date(2021, 7, 15),
        group="projects",
        about="评为典型案例、大案要案、新型案件和优秀案卷的案件；公开标题和案情，不公开当事人。",
        facts=ModelCase,
        basis=(Basis(LOCAL_CHOICE, note="本局自定，没有统一规定。"),),
        bound="thing",
        key=("case",),
        name="title",
        public=True,
        counted_by=("kind",),
        kept_by=(Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER),
    )
)
