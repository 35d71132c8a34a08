"""Sector rules of credit and what was committed to: by a trade's enterprises, by those who run its associations."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"
OPINION = "关于加快推进社会信用体系建设构建以信用为基础的新型监管机制的指导意见"
TRADES = (
    "餐饮",
    "药品零售",
    "食品生产",
    "电梯维保",
    "检验检测",
    "汽车维修",
    "房地产中介",
    "校外培训",
    "成品油零售",
    "其他",
)
SIGNED = (
    State("on", "有效", "ok"),
    State("broken", "已失信", "late"),
    State("off", "已终止", "done", ended=True),
)
KEEPING = (
    Move("break", "认定失信", ("on",), "broken"),
    Move("mend", "履行后恢复", ("broken",), "on"),
    Move("end", "终止承诺", ("on", "broken"), "off"),
)


class SectorRule(BaseModel):
    """行业信用规则"""

    number: str = fact("规则编号", indexed=True, public=True, max_length=30)
    name: str = fact("规则名称", public=True, max_length=100)
    trade: str = fact("行业", indexed=True, public=True, choices=TRADES)
    good: str = fact("守信情形", public=True, max_length=500, widget="textarea")
    bad: str = fact("失信情形", public=True, max_length=500, widget="textarea")
    effect: str = fact("结果运用", public=True, max_length=500, widget="textarea", default="")


declare(
    Register(
        code="credit.sector_rules",
        title="行业信用管理规则",
        in_force_from=date(2019, 7, 9),
        group="commitments",
        about="各行业怎样算守信、怎样算失信、结果怎样运用，一个行业一份规则。",
        facts=SectorRule,
        basis=(Basis(OPINION, "第四条", verified=False, note=UNREAD),),
        bound="thing",
        key=("number",),
        name="name",
        counted_by=("trade",),
        kept_by=KEEPERS,
        public=True,
    )
)


class SectorCommitment(BaseModel):
    """行业信用承诺"""

    trade: str = fact("行业", indexed=True, public=True, choices=TRADES)
    rule: str = fact("对应规则编号", indexed=True, public=True, max_length=30, default="")
    text: str = fact("承诺内容", public=True, max_length=500, widget="textarea")
    signer: str = fact("签署人", max_length=30, default="")


declare(
    Register(
        code="credit.sector_commitments",
        title="行业信用承诺",
        in_force_from=date(2019, 7, 9),
        group="commitments",
        about="企业按行业规则签署的信用承诺：签了什么、守没守，失信的写明事由。",
        facts=SectorCommitment,
        basis=(Basis(OPINION, "第五条", verified=False, note=UNREAD),),
        key=("trade",),
        months=24,
        states=SIGNED,
        moves=KEEPING,
        counted_by=("trade",),
        notes=(NoteKind("check", "核查"),),
        kept_by=KEEPERS,
        public=True,
    )
)


class CleanPractice(BaseModel):
    """廉洁从业承诺"""

    association: str = fact("行业协会", indexed=True, public=True, max_length=100)
    signer: str = fact("承诺人", indexed=True, public=True, max_length=30)
    post: str = fact("职务", indexed=True, public=True, max_length=30)
    year: int = fact("签署年度", indexed=True, public=True, ge=2010, le=2100)
    opened: bool = fact("已向会员公开", indexed=True, public=True, default=False)
    phone: str = fact("联系电话", personal="phone", max_length=20, shown=False, default="")


declare(
    Register(
        code="credit.clean_practice",
        title="行业协会廉洁从业承诺",
        in_force_from=date(2015, 1, 1),
        group="commitments",
        about="行业协会负责人每年签署的廉洁从业承诺书，以及是否向会员公开。",
        facts=CleanPractice,
        basis=(Basis("行业协会商会综合监管办法（试行）", "第三条", verified=False, note=UNREAD),),
        bound="person",
        key=("association", "signer", "year"),
        name="signer",
        months=12,
        states=SIGNED,
        moves=KEEPING,
        counted_by=("association", "year"),
        kept_by=KEEPERS,
        public=True,
    )
)
