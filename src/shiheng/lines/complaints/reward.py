"""举报奖励: a sealed file about a report; who applies is known to its handler alone, everybody else reads a code.

The grades, floors and the cap are those of 《市场监管领域重大违法行为举报奖励暂行办法》 (2021), from memory and to be
checked.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.procedures.definition import (
    OPENING,
    Basis,
    Bond,
    Guard,
    Limit,
    PartyKind,
    Procedure,
    Role,
    State,
    Step,
    declare,
    fact,
    run_out,
)

SINCE = date(2021, 12, 1)
UNREAD = "等级、比例、下限、上限和期限凭记忆录入，未见原文，待核对；省、市另有标准的从其规定。"
RULES = Basis("市场监管领域重大违法行为举报奖励暂行办法", "第十一条", SINCE, note=UNREAD)
OURS = Basis(LOCAL_CHOICE, note=UNREAD)
HEADS = (Role.DEPUTY_HEAD, Role.BUREAU_HEAD)
HANDLERS = (Role.INSPECTOR, Role.SECTION_CHIEF, Role.CITY_OFFICIAL)
TABLE: Mapping[str, tuple[int, int]] = {"1": (5, 500_000), "2": (3, 300_000), "3": (1, 100_000)}
"""For each grade the per cent of what was fined and confiscated, and the least sum in fen."""
CAP = 100_000_000
"""The most that is paid for one report, in fen."""
GRADES = {"1": "一级（5%，不少于五千元）", "2": "二级（3%，不少于三千元）", "3": "三级（1%，不少于一千元）"}


def reward(grade: str, fined: int) -> int:
    """What a grade gives, in fen: its part of what was fined, at least the floor, at most the cap."""
    percent, floor = TABLE[grade]
    return min(max(fined * percent // 100, floor), CAP)


class Application(BaseModel):
    """举报奖励申请"""

    summary: str = fact("事项", max_length=120, hint="不写申请人的姓名，例如“举报奖励申请”。")
    code: str = fact("领奖代码", pattern=r"^[A-Za-z0-9]{6,12}$", hint="交给申请人，凭它领奖；六至十二位字母、数字。")
    case: str = fact("据以奖励的案号", max_length=80)
    fined: int = fact("该案罚没款", widget="money", ge=0)
    applied_on: date | None = fact("申请日期", default=None)


class Checking(BaseModel):
    """审查"""

    first: bool = fact("是最先举报", default=False)
    unknown: bool = fact("线索事先未被掌握", default=False)
    true: bool = fact("举报内容查证属实", default=False)
    not_duty: bool = fact("不是履行职责的工作人员及其近亲属", default=False)
    grade: str = fact("建议等级", choices=GRADES)
    finding: str = fact("审查意见", widget="textarea", max_length=2000, hint="不写申请人的姓名和联系方式。")


class Deciding(BaseModel):
    """奖励决定"""

    grade: str = fact("奖励等级", choices=GRADES)
    amount: int = fact("奖励金额", widget="money", ge=1)
    deviates: str = fact("与标准不同的理由", max_length=500, default="")


class Refusing(BaseModel):
    """不予奖励"""

    why: str = fact("理由", widget="textarea", max_length=1000)


class Notifying(BaseModel):
    """通知领奖"""

    told_by: str = fact("通知方式", choices=("电话", "短信", "当面", "邮寄"))
    proof: str = fact("通知的证明", max_length=200, hint="不写姓名。")


class Paying(BaseModel):
    """发放"""

    code: str = fact("领奖人出示的代码", max_length=12)
    amount: int = fact("发放金额", widget="money", ge=1)
    way: str = fact("方式", choices=("凭代码领取现金", "凭代码转账", "非实名账户"))
    slip: str = fact("支付凭证编号", max_length=60)


def _decided(course: Any) -> Mapping[str, Any]:
    held = course.last("decide")
    return held.facts if held else {}


def _opened(course: Any) -> Mapping[str, Any]:
    held = course.opened
    return held.facts if held else {}


def _in_table(course: Any, given: Mapping[str, Any]) -> bool:
    grade, amount = str(given.get("grade") or ""), int(given.get("amount") or 0)
    if grade not in TABLE or amount > CAP:
        return False
    return bool(given.get("deviates")) or amount == reward(grade, int(_opened(course).get("fined") or 0))


TRUE = Guard(
    "true", "奖励须是最先举报、线索事先未被掌握、查证属实，且申请人不是履行职责的人员。",
    lambda course, _given: all((held := course.last("check")) and held.facts.get(name)
                               for name in ("first", "unknown", "true", "not_duty")), basis=RULES, of_file=True,
)  # fmt: skip
IN_TABLE = Guard(
    "in_table", "奖励金额须按等级的比例、下限和上限计算；不同的须写明理由，且不超过一百万元。", _in_table, basis=RULES
)
CODE = Guard("code", "出示的代码与登记的领奖代码不符，不能发放。",
             lambda course, given: given.get("code") == _opened(course).get("code"), basis=OURS)  # fmt: skip
EXACT = Guard("exact", "发放金额须与决定的金额相同。",
              lambda course, given: given.get("amount") == _decided(course).get("amount"), basis=OURS)  # fmt: skip
OVER = Guard("over", "领取的期限还没有届满。", run_out("claim"), basis=OURS)

declare(
    Procedure(
        code="complaints.reward", title="举报奖励", in_force_from=SINCE, group="complaints",
        about="对查证属实的举报给予奖励：申请、审查、由负责人决定、凭代码发放。申请人的身份加密，只有承办人能看，每次查看留痕。",
        facts=Application, title_from="summary", first="applied",
        series="{place}市监奖〔{year}〕{n}号",  # not shown: the number itself
        basis=(RULES,), opened_by=HANDLERS,
        states=(
            State("applied", "待审查"),
            State("checked", "待决定", "wait"),
            State("decided", "已决定，待通知", "ok"),
            State("notified", "待领取", "wait"),
            State("paid", "已发放", "done", ended=True),
            State("refused", "不予奖励", "done", ended=True),
            State("lapsed", "逾期未领取", "done", ended=True),
        ),
        parties=(PartyKind("applicant", "申请人", masked=True, hidden=True, sealed=True, most=1),),
        steps=(
            Step("check", "审查", ("applied",), "checked", by=HANDLERS, facts=Checking, basis=RULES),
            Step("decide", "决定奖励", ("checked",), "decided", by=HEADS, facts=Deciding, apart_from=(OPENING, "check"),
                 guards=(TRUE, IN_TABLE), basis=RULES, documents=("reward_decision",)),
            Step("refuse", "决定不予奖励", ("applied", "checked"), "refused", by=HEADS, facts=Refusing,
                 apart_from=(OPENING, "check"), basis=RULES),
            Step("notify", "通知领奖", ("decided",), "notified", by=HANDLERS, facts=Notifying, basis=RULES,
                 served=True),
            Step("pay", "凭代码发放", ("notified",), "paid", by=HANDLERS, facts=Paying, guards=(CODE, EXACT),
                 basis=RULES, documents=("reward_receipt",)),
            Step("lapse", "逾期未领取", ("notified",), "lapsed", by=HANDLERS, guards=(OVER,), basis=OURS),
        ),
        limits=(
            Limit("decide", "审查并决定", 30, "个工作日", "投诉举报处理办法", OURS, (OPENING,), ("decide", "refuse"),
                  warns=(10, 5, 0)),
            Limit("notify", "通知领奖", 10, "个工作日", "投诉举报处理办法", OURS, ("decide",), ("notify",)),
            Limit("claim", "领取奖励", 60, "日", "投诉举报处理办法", OURS, ("notify",), ("pay", "lapse"), of_party=True,
                  drafts="lapse"),
        ),
        bond=Bond("about", ("complaints.report",), needed=True, parties=(("reporter", "applicant"),)),
        sealed_to=HEADS,
    )
)  # fmt: skip
