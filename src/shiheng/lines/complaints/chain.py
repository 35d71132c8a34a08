"""诉前联调: from mediation by the bureau to people's mediation and confirmation by the court, bound to a complaint.

The laws on people's mediation and on civil procedure were not read; their articles and days are to be checked.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.procedures.definition import (
    ANYONE,
    OPENING,
    Basis,
    Bond,
    Book,
    Event,
    Guard,
    Limit,
    PartyKind,
    Procedure,
    State,
    Step,
    Sum,
    declare,
    fact,
    in_time,
)

SINCE = date(2022, 1, 1)
UNREAD = "未见原文，条次和天数凭记忆，待核对。"
PEOPLES = Basis("人民调解法", "第三十三条", date(2011, 1, 1), note=UNREAD)
CIVIL = Basis("民事诉讼法", "第二百零五条", date(2024, 1, 1), note=UNREAD)
OURS = Basis(LOCAL_CHOICE)


class Chain(BaseModel):
    """诉前联调"""

    summary: str = fact("纠纷", max_length=120)
    place: str = fact("联调工作站", max_length=100, indexed=True, hint="市场、商圈或者监管所的工作站。")
    amount: int = fact("争议金额", widget="money", ge=0, default=0)
    both: bool = fact("双方同意诉前联调", default=False)


class Administrative(BaseModel):
    """行政调解"""

    mediator: str = fact("调解人员", max_length=60)
    held_on: date = fact("调解日期")
    result: str = fact("结果", choices={"agreed": "达成一致", "partly": "部分一致", "none": "没有达成一致"})
    points: str = fact("争议焦点和经过", widget="textarea", max_length=2000)


class Passing(BaseModel):
    """移交人民调解"""

    committee: str = fact("人民调解委员会", max_length=100)
    letter: str = fact("移交单编号", max_length=60)
    materials: str = fact("移交的材料", max_length=500)


class Peoples(BaseModel):
    """人民调解"""

    mediator: str = fact("人民调解员", max_length=60)
    held_on: date = fact("调解日期")
    agreed: bool = fact("达成调解协议", default=False)
    agreement: str = fact("协议内容", widget="textarea", max_length=2000, default="")
    settled: int = fact("协议金额", widget="money", ge=0, default=0)
    effective_on: date | None = fact("协议生效日期", default=None, hint="双方签字、盖章之日；没有达成的留空。")


class Applying(BaseModel):
    """共同申请司法确认"""

    court: str = fact("人民法院", max_length=100)
    both: bool = fact("双方共同申请", default=False)
    number: str = fact("申请书编号", max_length=60)


class Ruled(BaseModel):
    """法院裁定"""

    ruling: str = fact("裁定", choices={"confirmed": "裁定确认有效", "rejected": "裁定驳回"}, indexed=True)
    document: str = fact("裁定书编号", max_length=80)
    performed: bool = fact("已经履行", default=False)


class Ending(BaseModel):
    """结束"""

    why: str = fact(
        "情形", choices=("双方已履行，不需要确认", "没有达成协议，告知起诉", "一方撤回", "超过申请确认的期限")
    )
    told: bool = fact("已告知仲裁、诉讼的途径", default=False)


def _agreed(course: Any, _given: Mapping[str, Any]) -> bool:
    held = course.last("peoples")
    return bool(held and held.facts.get("agreed") and held.facts.get("effective_on"))


BOTH = Guard(
    "both", "诉前联调、司法确认都须双方同意，共同申请。", lambda _course, given: bool(given.get("both")), basis=CIVIL
)
WANTED = Guard(
    "both_want", "双方没有同意诉前联调，不能移交人民调解。",
    lambda course, _given: bool(course.opened and course.opened.facts.get("both")), basis=OURS, of_file=True,
)  # fmt: skip
WHOLE = Guard(
    "whole", "达成协议的，须写明协议内容和生效日期。",
    lambda _course, given: not given.get("agreed") or all(given.get(name) for name in ("agreement", "effective_on")),
    basis=PEOPLES,
)  # fmt: skip
AGREED = Guard("agreed", "人民调解还没有达成协议，不能申请司法确认。", _agreed, basis=PEOPLES, of_file=True)
IN_TIME = Guard("in_time", "申请司法确认的期限已经届满，只能结束。", in_time("apply"), basis=PEOPLES)
TOLD = Guard("told", "须告知当事人仲裁、诉讼的途径。", lambda _course, given: bool(given.get("told")), basis=OURS)

declare(
    Procedure(
        code="complaints.chain", title="诉前联调", in_force_from=SINCE, group="complaints", opened_by=ANYONE,
        about="行政调解、人民调解、司法确认“三位一体”：调解不成的移交人民调解，达成协议的三十日内共同向法院申请司法确认。",
        facts=Chain, title_from="summary", first="opened",
        series="{place}市监联调〔{year}〕{n}号",  # not shown: the number itself
        basis=(PEOPLES, CIVIL),
        states=(
            State("opened", "行政调解中"),
            State("passed", "人民调解中", "ok"),
            State("agreed", "待申请司法确认", "warn"),
            State("applied", "法院审查中", "wait"),
            State("confirmed", "已裁定", "done", ended=True),
            State("ended", "已结束", "done", ended=True),
        ),
        parties=(PartyKind("complainant", "投诉人", masked=True), PartyKind("trader", "经营者", subject=True)),
        steps=(
            Step("administrative", "行政调解", ("opened",), facts=Administrative, basis=OURS,
                 documents=("chain_record",)),
            Step("pass", "移交人民调解", ("opened",), "passed", facts=Passing, guards=(WANTED,), basis=OURS,
                 documents=("chain_transfer",)),
            Step("peoples", "人民调解", ("passed",), "agreed", facts=Peoples, guards=(WHOLE,), basis=PEOPLES,
                 documents=("chain_agreement",)),
            Step("apply", "共同申请司法确认", ("agreed",), "applied", facts=Applying, guards=(AGREED, BOTH, IN_TIME),
                 basis=CIVIL, documents=("chain_application",)),
            Step("rule", "法院裁定", ("applied",), "confirmed", facts=Ruled, basis=CIVIL, served=True),
            Step("end", "结束联调", ("opened", "passed", "agreed"), "ended", facts=Ending, guards=(TOLD,), basis=OURS),
        ),
        limits=(
            Limit("mediate", "行政调解", 30, "日", "投诉举报处理办法", OURS, (OPENING,), ("pass", "end")),
            Limit("apply", "申请司法确认", 30, "日", "投诉举报处理办法", PEOPLES, ("peoples",), ("apply", "end"),
                  since="effective_on", of_party=True, drafts="end", warns=(10, 5, 0)),
        ),
        bond=Bond(
            "about", ("complaints.complaint",), needed=True, carries=True,
            facts=(("summary", "summary"), ("amount", "amount")),
            parties=(("complainant", "complainant"), ("trader", "trader")),
        ),
        tells="ruling", counted_by=("place", "ruling"),
        book=Book(
            "诉前联调台账",
            (Event("administrative", "行政调解", ("administrative",)), Event("peoples", "人民调解", ("peoples",)),
             Event("applied", "申请司法确认", ("apply",)), Event("ruled", "法院裁定", ("rule",)),
             Event("ended", "结束", ("end",))),
            (Sum("settled", "协议金额", ("peoples",), ("settled",), "peoples", latest=True),),
            by=("place", "ruling"), received="登记",
        ),
    )
)  # fmt: skip
