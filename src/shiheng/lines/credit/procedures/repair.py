"""信用修复 and 异议更正: a right of the business, on its clock, decided by somebody who did not make the entry."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.kernel.calendars import published_calendar
from shiheng.kernel.periods import due, read_as
from shiheng.lines.credit import records
from shiheng.lines.credit.facts import repair as facts
from shiheng.lines.credit.procedures.grounds import LEADS, REPAIR, SINCE, chosen, published, repaired
from shiheng.lines.credit.procedures.mending import BACK, UNDO
from shiheng.procedures.definition import ANYONE, Bond, Guard, Halt, Limit, PartyKind, Procedure, State, Step, declare

Given = Mapping[str, Any]
WAIT = {("penalty", "ordinary"): 6, ("penalty", "grave"): 12, ("serious", "ordinary"): 12, ("serious", "grave"): 12}
"""Months a penalty or a listing must have been public before it can be repaired (信用修复管理办法, 待核对)."""


def _opened(course: Any) -> Mapping[str, Any]:
    return dict(course.opened.facts) if course.opened else {}


def earliest(kind: str, field: str, since: date) -> date:
    """The first day on which a repair can be granted."""
    months = WAIT.get((kind, field or "ordinary"), 0)
    if not months:
        return since
    return due(since, read_as("民法典", months, "个月", on=since), calendar=published_calendar()).due_day or since


def _term(course: Any, given: Given) -> bool:
    told, day = _opened(course), given.get("day_")
    if day is None:
        return True
    since = date.fromisoformat(str(told.get("since")))
    return day >= earliest(str(told.get("kind")), str(told.get("field")), since)


def _met(name: str, *, kinds: tuple[str, ...] = ("penalty", "serious"), wanted: bool = True) -> Any:
    def holds(course: Any, _given: Given) -> bool:
        told = _opened(course)
        return told.get("kind") not in kinds or bool(told.get(name)) is wanted

    return holds


def _never(course: Any, _given: Given) -> bool:
    told = _opened(course)
    return told.get("kind") != "penalty" or told.get("never", "none") == "none"


ART = published("第十四条")
NEVER = Guard(
    "never", "责令停产停业、限制从业、降低资质、吊销等处罚不得提前停止公示。", _never, basis=ART, of_file=True
)
TERM = Guard("term", "公示、列入的时间还没有达到申请修复的最短期限。", _term, basis=ART)
DONE = Guard("done", "须已自觉履行处罚决定的义务。", _met("done"), basis=ART, of_file=True)
HARMLESS = Guard("harmless", "须已主动消除危害后果和不良影响。", _met("harmless"), basis=ART, of_file=True)
AGAIN = Guard(
    "again", "因同一类违法行为再次受到处罚的，不能修复。", _met("again", wanted=False), basis=ART, of_file=True
)
LISTED = Guard("listed", "还在经营异常名录或者严重违法失信名单的，不能提前停止公示。",
               _met("listed", kinds=("penalty",), wanted=False), basis=ART, of_file=True)  # fmt: skip
CONDITIONS = (NEVER, TERM, DONE, HARMLESS, AGAIN, LISTED)
CLEARED = Guard("cleared", "须先核对不含他人个人信息、国家秘密和违法内容。",
                lambda _course, given: bool(given.get("cleared")), basis=chosen())  # fmt: skip
TOLD = Guard("told", "须书面告知理由和救济途径。", lambda _course, given: bool(given.get("told")), basis=repaired())

declare(
    Procedure(
        code="credit.repair", title="信用修复", in_force_from=SINCE, group="credit",
        about="当事人申请移出名录、恢复记载、提前停止公示：受理、核查、决定，通知各公示系统。修复不删除记录，只停止公示和使用。",
        facts=facts.Repair, title_from="summary", first="applied",
        states=(
            State("applied", "待受理"), State("asked", "待补正", "wait"), State("accepted", "核查中", "ok"),
            State("granted", "已准予，待执行", "ok"), State("executed", "已修复", "done"),
            State("refused", "不予修复", "done", ended=True), State("declined", "不予受理", "done", ended=True),
            State("closed", "已办结", "done", ended=True), State("revoked", "修复已撤销", "done", ended=True),
            State("withdrawn", "申请已撤回", "done", ended=True),
        ),
        steps=(
            Step("ask", "要求补正", ("applied",), "asked", facts=facts.Asking, halts="papers", basis=repaired()),
            Step("given", "收到补正", ("asked",), "applied", facts=facts.Given, resumes="papers",
                 basis=repaired(), by_public=True),
            Step("withdraw", "撤回申请", ("applied", "asked", "accepted"), "withdrawn", facts=facts.Withdrawn,
                 basis=repaired(), by_public=True),
            Step("accept", "受理", ("applied",), "accepted", basis=repaired(), documents=()),
            Step("decline", "不予受理", ("applied", "asked"), "declined", facts=facts.Refused, guards=(TOLD,),
                 basis=repaired(), served=True),
            Step("check", "核查", ("accepted",), facts=facts.Checked, basis=repaired()),
            Step("grant", "准予修复", ("accepted",), "granted", by=LEADS, facts=facts.Granted, apart_from=("check",),
                 guards=(Guard("checked", "还没有核查。", lambda course, _given: course.has("check"), of_file=True,
                               basis=repaired()), *CONDITIONS),
                 basis=repaired(), served=True),
            Step("refuse", "不予修复", ("accepted",), "refused", by=LEADS, facts=facts.Refused, apart_from=("check",),
                 guards=(TOLD,), basis=repaired(), served=True),
            Step("execute", "停止公示并通知各系统", ("granted",), "executed", facts=facts.Executed,
                 basis=repaired(), served=True, about="案卷所围绕的名录、处罚记录随之停止公示。"),
            Step("revoke", "撤销修复", ("executed", "granted", "closed"), "revoked", by=LEADS, facts=facts.Revoked,
                 served=True, about="以虚假材料取得修复的，撤销并恢复公示，公示期限重新计算。", basis=repaired()),
            Step("close", "办结", ("executed",), "closed", documents=()),
        ),
        halts=(Halt("papers", "补正材料", basis=repaired()),),
        limits=(
            Limit("acceptance", "决定是否受理", 2, "个工作日", REPAIR, repaired(), ("open",),
                  ("accept", "decline", "withdraw"), halted=("papers",)),
            Limit("decision", "决定是否准予修复", 15, "个工作日", REPAIR, repaired(), ("accept",),
                  ("grant", "refuse", "withdraw")),
            Limit("execution", "停止公示、解除措施", 3, "个工作日", REPAIR, repaired(), ("grant",),
                  ("execute", "revoke")),
        ),
        parties=(PartyKind("firm", "申请人", subject=True, most=1),),
        series="{place}市监信修〔{year}〕{n}号",  # not shown: the number itself
        basis=(repaired(), ART), opened_by=ANYONE, by_owner=True,
        bond=Bond("about", ("credit.abnormal", "credit.mark", "credit.serious", "enforcement.case"),
                  parties=(("firm", "firm"), ("party", "firm")), facts=(("summary", "summary"),),
                  back=BACK, news=("execute",), undo=UNDO, undone_by=("revoke",)),
        counted_by=("kind",),
    )
)  # fmt: skip
CHECK = chosen("公示条例规定及时更正；天数由本局设定。")
declare(
    Procedure(
        code="credit.correction", title="信用信息异议更正", in_force_from=SINCE, group="credit",
        about="认为公示的信息有误的，提出异议；向来源核实，由没有参与这条信息的人员决定，答复显示在这条信息旁边。不收费。",
        facts=facts.Correction, title_from="summary", first="asked",
        states=(
            State("asked", "待核实"), State("inquiring", "向来源核实中", "wait"), State("replied", "来源已答复", "ok"),
            State("decided", "已答复", "done", ended=True),
            State("withdrawn", "申请已撤回", "done", ended=True),
        ),
        steps=(
            Step("inquire", "向来源核实", ("asked", "replied"), "inquiring", facts=facts.Inquired, basis=CHECK),
            Step("withdraw", "撤回申请", ("asked", "inquiring", "replied"), "withdrawn", facts=facts.Withdrawn,
                 basis=CHECK, by_public=True),
            Step("reply", "来源答复", ("inquiring",), "replied", facts=facts.Replied, basis=CHECK),
            Step("decide", "作出决定并答复", ("asked", "replied"), "decided", by=LEADS, facts=facts.Decided,
                 apart_from=("inquire",), apart_from_bound=("credit.", "enforcement."),
                 basis=published("第十二条"), served=True),
        ),
        limits=(
            Limit("answer", "核实并答复", 10, "个工作日", REPAIR, CHECK, ("open",), ("decide", "withdraw")),
        ),
        parties=(PartyKind("firm", "申请人", subject=True, most=1),),
        series="{place}市监更正〔{year}〕{n}号",  # not shown: the number itself
        basis=(published("第十二条"),), opened_by=ANYONE, by_owner=True, records=records.CORRECTION,
        bond=Bond("about", ("credit.abnormal", "credit.mark", "credit.serious", "enforcement.case"),
                  parties=(("firm", "firm"), ("party", "firm"))),
        counted_by=("result",),
    )
)  # fmt: skip
SHOWN = chosen("被公示人说明的权利由本局设定：原样显示在公示信息旁边，不改变公示的信息。")
declare(
    Procedure(
        code="credit.reply", title="公示信息旁的说明", in_force_from=SINCE, group="credit",
        about="被公示的经营主体对一条不利信息作说明；核对不含他人个人信息、国家秘密和违法内容以后，原文显示在这条信息旁边。不收费。",
        facts=facts.Statement, title_from="summary", first="sent",
        states=(
            State("sent", "待核对"), State("shown", "显示中", "ok"),
            State("over", "不再显示", "done", ended=True), State("declined", "不予显示", "done", ended=True),
            State("withdrawn", "已撤回", "done", ended=True),
        ),
        steps=(
            Step("show", "核对后显示", ("sent",), "shown", by=LEADS, facts=facts.Cleared, guards=(CLEARED,),
                 apart_from_bound=("credit.", "enforcement."), basis=SHOWN),
            Step("decline", "不予显示", ("sent",), "declined", by=LEADS, facts=facts.Refused, guards=(TOLD,),
                 apart_from_bound=("credit.", "enforcement."), basis=SHOWN, served=True),
            Step("withdraw", "撤回说明", ("sent", "shown"), "withdrawn", facts=facts.Withdrawn, basis=SHOWN,
                 by_public=True),
            Step("end", "不再显示", ("shown",), "over", facts=facts.Withdrawn, basis=SHOWN,
                 about="所说明的信息不再公示。"),
        ),
        limits=(
            Limit("answer", "核对并显示或者答复", 5, "个工作日", REPAIR, SHOWN, ("open",),
                  ("show", "decline", "withdraw")),
        ),
        parties=(PartyKind("firm", "说明人", subject=True, most=1),),
        series="{place}市监说明〔{year}〕{n}号",  # not shown: the number itself
        basis=(SHOWN,), opened_by=ANYONE, by_owner=True, records=records.REPLY,
        bond=Bond("about", ("credit.abnormal", "credit.mark", "credit.serious", "enforcement.case"),
                  parties=(("firm", "firm"), ("party", "firm"))),
    )
)  # fmt: skip
