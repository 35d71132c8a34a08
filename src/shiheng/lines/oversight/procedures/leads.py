"""Leads handed over and received, each kept until the other side has told what came of it; work done with the police.

No instrument that was read sets days for telling back: they are the bureau's own and say so.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.lines.oversight.facts import leads as facts
from shiheng.lines.oversight.procedures.grounds import RULES, STAFF
from shiheng.procedures.definition import (
    OPENING,
    Basis,
    Bond,
    Book,
    Event,
    Guard,
    Limit,
    PartyKind,
    Procedure,
    Role,
    State,
    Step,
    declare,
)

OURS = Basis(LOCAL_CHOICE, note="反馈的期限以函件写明的日期为准；没有写明的按本局选定的三十日，待核对。")
POLICE = Basis("行政执法机关移送涉嫌犯罪案件的规定", "第五条", date(2020, 8, 7), verified=True)
SINCE = date(2022, 11, 1)
EVERYONE = (*STAFF, Role.DEPUTY_HEAD, Role.BUREAU_HEAD)
HEADS = (Role.DEPUTY_HEAD, Role.BUREAU_HEAD)


def _direction(which: str) -> Any:
    return lambda course, _given: course.facts.get("direction") == which


def _ahead(_course: Any, given: Mapping[str, Any]) -> bool:
    day, until = given.get("day_"), given.get("until")
    return not (day and until) or date.fromisoformat(str(until)) > day


WE_SENT = Guard("we_sent", "这是收到的线索，没有这个环节。", _direction(facts.SENT), basis=OURS, of_file=True)
WE_GOT = Guard("we_got", "这是移出的线索，没有这个环节。", _direction(facts.RECEIVED), basis=OURS, of_file=True)
LATER = Guard("until_past", "反馈的日期须晚于办理当日。", _ahead, basis=OURS)
MET = Guard("met", "还没有共同研判，不能办结。", lambda course, _given: course.has("meet"), basis=OURS, of_file=True)
CONCLUDED = Guard("concluded", "还没有登记办理结果，不能办结。", lambda course, _given: course.has("result"),
                  basis=OURS, of_file=True)  # fmt: skip
TASKS_DONE = Guard(
    "tasks_done", "还有分工任务没有完成。",
    lambda course, _given: all(course.party_state(n) == "done" for n in course.of_kind("task")), basis=OURS,
    of_file=True,
)  # fmt: skip
BOTH = Guard(
    "both_sides", "专班须有市场监管和公安机关两方的成员。",
    lambda course, _given: {"ours", "police"} <= {
        passage.facts.get("side") for passage in course.taken("add_member")
        if course.party_state(passage.party or 0) == "active"
    },
    basis=OURS, of_file=True,
)  # fmt: skip

declare(
    Procedure(
        code="oversight.lead", title="线索移交与反馈", in_force_from=SINCE, group="oversight", opened_by=EVERYONE,
        about="移出、收到的每一条线索：移交、签收、阶段反馈、催办，直到对方（或者本局）反馈办理结果；到期没有反馈的列在待办里。",
        facts=facts.Lead, title_from="summary", first="open",
        series="{place}市监线移〔{year}〕{n}号",  # not shown: the number itself
        basis=(OURS,),
        states=(
            State("open", "待办"),
            State("sent", "已移交，待反馈"),
            State("working", "办理中", "ok"),
            State("answered", "对方已反馈", "done", ended=True),
            State("replied", "已反馈对方", "done", ended=True),
            State("back", "已退回", "done", ended=True),
        ),
        parties=(PartyKind("body", "对方单位"), PartyKind("target", "线索涉及的主体", subject=True)),
        steps=(
            Step("hand", "移交", ("open",), "sent", by=EVERYONE, facts=facts.Handing, guards=(WE_SENT, LATER),
                 basis=OURS, documents=("lead_letter",), served=True),
            Step("signed", "对方签收", ("sent",), by=EVERYONE, facts=facts.Signed, once=True, basis=OURS),
            Step("progress", "收到阶段反馈", ("sent",), by=EVERYONE, facts=facts.Progress, guards=(LATER,), basis=OURS),
            Step("urge", "催办", ("sent",), by=EVERYONE, facts=facts.Urging, basis=OURS),
            Step("answer", "收到办理结果", ("sent",), "answered", by=EVERYONE, facts=facts.Outcome, basis=OURS),
            Step("sent_back", "对方退回", ("sent",), "back", by=EVERYONE, facts=facts.SentBack, basis=OURS),
            Step("take", "接收", ("open",), "working", by=EVERYONE, facts=facts.Signed, guards=(WE_GOT,), basis=OURS),
            Step("tell_progress", "阶段反馈对方", ("working",), by=EVERYONE, facts=facts.Progress, guards=(LATER,),
                 basis=OURS),
            Step("reply", "反馈办理结果", ("working",), "replied", by=EVERYONE, facts=facts.Outcome, basis=OURS,
                 documents=("lead_feedback",), served=True),
            Step("send_back", "退回对方", ("open", "working"), "back", by=EVERYONE, facts=facts.SentBack,
                 guards=(WE_GOT,), basis=OURS, served=True),
        ),
        limits=(
            Limit("hand", "移交", 10, "个工作日", RULES, OURS, (OPENING,), ("hand",),
                  when=lambda told: told.get("direction") == facts.SENT),
            Limit("feedback", "对方反馈", 1, "日", RULES, OURS, ("hand",), ("answer", "sent_back"), until="until",
                  named=("progress",), drafts="urge", warns=(5, 2, 0)),
            Limit("reply", "反馈对方", 30, "日", RULES, OURS, (OPENING,), ("reply", "send_back"),
                  when=lambda told: told.get("direction") == facts.RECEIVED and not told.get("until"),
                  warns=(10, 5, 2, 0)),
            Limit("reply_set", "反馈对方（来函写明的日期）", 1, "日", RULES, OURS, (OPENING,), ("reply", "send_back"),
                  until="until", warns=(10, 5, 2, 0),
                  when=lambda told: told.get("direction") == facts.RECEIVED and bool(told.get("until"))),
        ),
        bond=Bond(
            "about", ("complaints.", "enforcement.case", "oversight.supervised"), carries=True,
            facts=(("title_", "summary"), ("story", "story"), ("leads", "story")),
            parties=(("party", "target"), ("trader", "target"), ("target", "target")),
            asked_after=("elsewhere", "to_police"),
        ),
        tells="outcome", counted_by=("direction", "body_kind", "outcome"),
        book=Book(
            "移交线索台账",
            (Event("handed", "移交", ("hand",)), Event("urged", "催办", ("urge",), each=True),
             Event("answered", "对方反馈", ("answer",)), Event("replied", "反馈对方", ("reply",)),
             Event("back", "退回", ("sent_back", "send_back"))),
            by=("direction", "body_kind", "outcome"), received="登记",
        ),
    )
)  # fmt: skip

declare(
    Procedure(
        code="oversight.joint", title="行刑并联办理", in_force_from=SINCE, group="oversight",
        opened_by=EVERYONE,
        about="重大侵权假冒线索，与公安机关共同研判、经营、打击：专班成员、会议、共享证据清单、分工、联合行动和结果都在一个案卷里。",
        facts=facts.Joint, title_from="summary", first="proposed",
        series="{place}市监并联〔{year}〕{n}号",  # not shown: the number itself
        basis=(Basis(LOCAL_CHOICE), POLICE),
        states=(
            State("proposed", "待公安机关同意"),
            State("running", "并联办理中", "ok"),
            State("closed", "已办结", "done", ended=True),
            State("declined", "不并联办理", "done", ended=True),
        ),
        parties=(
            PartyKind("member", "专班成员", later=True,
                      states=(State("active", "在专班", "ok"), State("left", "已退出", "done"))),
            PartyKind("task", "分工任务", later=True,
                      states=(State("given", "办理中"), State("done", "已完成", "done"))),
        ),
        steps=(
            Step("agree", "公安机关同意", ("proposed",), "running", by=EVERYONE, facts=facts.Agreeing),
            Step("decline", "不并联办理", ("proposed",), "declined", by=HEADS, facts=facts.Declining),
            Step("add_member", "加入专班", ("proposed", "running"), by=EVERYONE, facts=facts.Member,
                 adds="member"),
            Step("leave", "退出专班", ("proposed", "running"), by=EVERYONE, facts=facts.Leaving,
                 of_party="member", party_from=("active",), party_to="left"),
            Step("meet", "共同研判", ("running",), by=EVERYONE, facts=facts.Meeting, guards=(BOTH,),
                 basis=OURS, documents=("joint_minutes",)),
            Step("task", "分工任务", ("running",), by=EVERYONE, facts=facts.Task, adds="task",
                 guards=(LATER,), basis=OURS),
            Step("task_done", "任务完成", ("running",), by=EVERYONE, facts=facts.TaskDone, of_party="task",
                 party_from=("given",), party_to="done"),
            Step("share", "共享证据清单", ("running",), by=EVERYONE, facts=facts.Sharing,
                 documents=("shared_evidence",)),
            Step("act", "联合行动", ("running",), by=EVERYONE, facts=facts.Operation),
            Step("result", "登记办理结果", ("running",), by=EVERYONE, facts=facts.Result),
            Step("close", "办结", ("running",), "closed", by=HEADS, guards=(MET, CONCLUDED, TASKS_DONE), basis=OURS),
        ),
        limits=(
            Limit("agree", "与公安机关商定", 10, "个工作日", RULES, OURS, (OPENING,), ("agree", "decline")),
            Limit("task", "完成分工任务", 1, "日", RULES, OURS, ("task",), ("task_done",), until="until", each=True),
        ),
        bond=Bond("about", ("enforcement.case", "oversight.lead"), needed=True, carries=True,
                  facts=(("title_", "summary"),)),
        tells="finding", counted_by=("ground", "criminal", "administrative"),
    )
)  # fmt: skip
