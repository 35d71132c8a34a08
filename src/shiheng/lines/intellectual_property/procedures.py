"""权利人反映侵权线索: a holder of a mark or patent writes in, his right is checked, the lead looked into."""

from datetime import date

from pydantic import BaseModel

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.procedures.definition import Basis, Limit, PartyKind, Procedure, Role, State, Step, declare, fact, told
from shiheng.procedures.definition import Guard as Condition

RULES, SINCE = "行政处罚程序规定", date(2022, 11, 1)
LEADS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL)
GROUNDS = (
    "权利已经失效或者不在保护范围",
    "不能证明是权利人或者受托人",
    "查无侵权事实",
    "违法行为轻微并及时改正",
    "其他",
)


def penalty(article: str) -> Basis:
    """An article of the rules of penalty procedure as amended 2022."""
    return Basis("市场监督管理行政处罚程序规定", article, SINCE, verified=True)


class Letter(BaseModel):
    """权利人反映侵权线索"""

    summary: str = fact("侵权线索摘要", max_length=120)
    right: str = fact("权利种类", indexed=True, choices=("注册商标", "专利", "商业秘密", "地理标志", "其他"))
    number: str = fact("注册号、专利号", max_length=60, default="")
    title: str = fact("商标、专利名称", max_length=120)
    leads: str = fact("侵权的事实和线索", widget="textarea", max_length=4000)
    place: str = fact("侵权行为发生地", max_length=200, default="")
    proof: str = fact("权利证明", max_length=300, hint="注册证、转让或者许可合同、委托书，写明份数。")
    sample: str = fact("鉴别意见或者比对材料", max_length=300, default="")


class Checked(BaseModel):
    """核对权利"""

    valid: bool = fact("权利在有效期内", default=False)
    holder: bool = fact("反映人是权利人、被许可人或者受托人", default=False)
    source: str = fact("怎样核对的", max_length=200, hint="在商标、专利台账或者国家库中查得，注明查询日期。")


class Lacking(BaseModel):
    """通知补正"""

    items: str = fact("还缺什么", max_length=300)
    told_by: str = fact("告知方式", choices=("电话", "短信", "邮寄", "当面"))


class Added(BaseModel):
    """收到补正材料"""

    items: str = fact("收到什么", max_length=300)


class Looking(BaseModel):
    """核查"""

    finding: str = fact("核查情况", widget="textarea", max_length=2000)


class Filed(BaseModel):
    """决定立案"""

    finding: str = fact("认定的事实", widget="textarea", max_length=2000)


class NotFiled(BaseModel):
    """决定不予立案"""

    ground: str = fact("理由", indexed=True, choices=GROUNDS)
    finding: str = fact("核查结论", widget="textarea", max_length=2000)


class Told(BaseModel):
    """告知权利人"""

    result: str = fact("告知的内容", widget="textarea", max_length=1000)
    told_by: str = fact("告知方式", choices=("电话", "短信", "邮寄", "当面"))


class CaseNews(BaseModel):
    """转办案件的进展"""

    case: str = fact("案号", max_length=80)
    outcome: str = fact("进展", max_length=100, indexed=True)
    on: date = fact("发生日期")


RIGHT = Condition("right", "须先核对权利有效、反映人是权利人或者受托人。", lambda course, _given: any(
    one.facts.get("valid") and one.facts.get("holder") for one in course.taken("check")), basis=Basis(LOCAL_CHOICE),
    of_file=True)  # fmt: skip
SOUND = Condition("holder", "反映人不是权利人也没有受托的，请通知补正或者不予立案。", told("holder"),
                  basis=Basis(LOCAL_CHOICE))  # fmt: skip
STATES = (
    State("pending", "待核对权利"), State("lacking", "待补正"), State("checked", "待核查"), State("looking", "核查中"),
    State("filed", "已立案，待告知", "ok"), State("not_filed", "不予立案，待告知"),
    State("told", "已告知权利人", "done", ended=True),
)  # fmt: skip
declare(
    Procedure(
        code="intellectual_property.infringement", title="知识产权侵权线索投诉", in_force_from=SINCE,
        group="complaints",
        about="商标、专利等权利人反映侵权、假冒：核对权利，核查线索，立案的随案办理，逐件告知结果。",
        facts=Letter, title_from="summary", first="pending", states=STATES,
        parties=(PartyKind("holder", "权利人", masked=True), PartyKind("infringer", "涉嫌侵权人", subject=True)),
        series="{place}市监知投〔{year}〕{n}号",  # not shown: the number itself
        basis=(penalty("第十八条"),),
        steps=(
            Step("lack", "通知补正", ("pending",), "lacking", facts=Lacking),
            Step("added", "收到补正材料", ("lacking",), "pending", facts=Added),
            Step("check", "核对权利", ("pending",), "checked", facts=Checked, guards=(SOUND,)),
            Step("look", "核查", ("checked", "looking"), "looking", facts=Looking, officers=2, guards=(RIGHT,),
                 basis=penalty("第十八条")),
            Step("file", "决定立案", ("looking",), "filed", facts=Filed, by=LEADS, apart_from=("look",),
                 basis=penalty("第十九条")),
            Step("no_file", "决定不予立案", ("pending", "lacking", "checked", "looking"), "not_filed", facts=NotFiled,
                 by=LEADS, apart_from=("look",), basis=penalty("第二十条")),
            Step("tell", "告知权利人", ("filed", "not_filed"), "told", facts=Told, served=True),
            Step("case_news", "转办案件有进展", tuple(state.code for state in STATES), by=(), facts=CaseNews,
                 by_house=True, basis=Basis(LOCAL_CHOICE)),
        ),
        limits=(
            Limit("verification", "核查并决定是否立案", 15, "个工作日", RULES, penalty("第十八条"), ("open",),
                  ("file", "no_file")),
            Limit("tell", "告知权利人结果", 5, "个工作日", RULES, Basis(LOCAL_CHOICE), ("file", "no_file"), ("tell",)),
        ),
        counted_by=("right", "ground"),
    )
)  # fmt: skip
