"""What others ask of the bureau by a day: supervised matters, proposals of deputies, tasks of joint meetings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.kernel.periods import Roll
from shiheng.lines.oversight.facts import cooperation as facts
from shiheng.lines.oversight.procedures.grounds import (
    LATER,
    LEADS,
    LITIGATION,
    MONTHS,
    OPEN,
    OURS,
    STAFF,
    TERM,
    chosen,
    handled,
)
from shiheng.procedures.definition import Bond, Guard, Limit, PartyKind, Procedure, State, Step, declare, done

Given = Mapping[str, Any]


def _all_done(course: Any, _given: Given) -> bool:
    return all(course.party_state(number) == "done" for number in course.of_kind("body"))


TALKED = Guard("talked", "答复前须与提案人沟通。", done("talk"), of_file=True, basis=OURS)
TASKED = Guard(
    "tasked", "会议还没有议定事项。", lambda course, _given: bool(course.of_kind("body")), of_file=True, basis=OURS
)  # fmt: skip
ALL_DONE = Guard("all_done", "还有议定事项没有完成。", _all_done, of_file=True, basis=OURS)
NOT_CONTENT = Guard(
    "not_content", "提案人没有不满意，不需要重新办理。",
    lambda course, _given: course.facts.get("content_with") == "不满意", of_file=True, basis=OURS,
)  # fmt: skip
CONTENT = Guard(
    "content", "提案人不满意的，须重新办理。",
    lambda course, _given: course.facts.get("content_with") != "不满意", of_file=True, basis=OURS,
)  # fmt: skip
HAS_FEEDBACK = Guard(
    "feedback", "还没有收到提案人的评价。", lambda course, _given: course.since("reply", "feedback"),
    of_file=True, basis=OURS,
)  # fmt: skip
THREE_MONTHS = chosen(
    "待核对：三个月凭记忆，各地人大、政协的办理规定未见原文；交办通知写明期限的以通知为准。"
)  # fmt: skip

declare(
    Procedure(
        code="oversight.supervised", title="督办与交办线索", in_force_from=date(2020, 1, 1), group="oversight",
        opened_by=STAFF,
        about="上级交办的线索、挂牌督办的案件：分办到单位，按文书写明的期限办理，催办，审核后报回交办单位。",
        facts=facts.Supervised, title_from="summary", first="received",
        series="{place}市监督〔{year}〕{n}号",  # not shown: the number itself
        basis=(OURS,),
        states=(
            State("received", "待分办"),
            State("working", "办理中", "ok"),
            State("reported", "待审核上报", "warn"),
            State("closed", "已上报", "done", ended=True),
        ),
        steps=handled(
            Step("assign", "分办", ("received", "working"), "working", facts=facts.Assigning, by=LEADS, basis=OURS,
                 documents=("assignment",)),
            Step("urge", "催办", ("working",), facts=facts.Urging, by=LEADS, basis=OURS, documents=("urging",)),
            Step("extend", "同意延期", ("received", "working", "reported"), facts=facts.Extending, by=LEADS,
                 guards=(LATER,), basis=TERM),
            Step("report", "报告办理情况", ("working",), "reported", facts=facts.Result, basis=OURS),
            Step("return", "退回补办", ("reported",), "working", facts=facts.Returned, by=LEADS, apart_from=("report",),
                 basis=OURS),
            Step("submit", "审核上报", ("reported",), "closed", facts=facts.Submission, by=LEADS,
                 apart_from=("report",), basis=OURS, documents=("supervised_report",), served=True),
        ),
        limits=(
            Limit("report", "办理并报回", 1, "日", LITIGATION, TERM, (OPEN,), ("submit",), until="until",
                  named=("extend",), warns=(10, 5, 2, 0)),
        ),
        bond=Bond("about", facts=(("title_", "summary"),)),
        tells="outcome", counted_by=("unit", "outcome", "source", "kind"),
    )
)  # fmt: skip

declare(
    Procedure(
        code="oversight.proposal", title="建议提案办理", in_force_from=date(2021, 1, 1), group="oversight",
        opened_by=STAFF,
        about="人大代表建议、政协提案：与提案人沟通，在交办通知写明的期限内答复，记录评价，不满意的重新办理。",
        facts=facts.Proposal, title_from="summary", first="received",
        series="{place}市监提〔{year}〕{n}号",  # not shown: the number itself
        basis=(OURS,),
        states=(
            State("received", "办理中"),
            State("drafted", "答复待签发", "ok"),
            State("signed", "待答复", "warn"),
            State("replied", "已答复，待评价", "ok"),
            State("closed", "已办结", "done", ended=True),
        ),
        parties=(PartyKind("proposer", "提案人", masked=True),),
        steps=handled(
            Step("talk", "与提案人沟通", ("received", "drafted"), facts=facts.Talking, basis=OURS),
            Step("draft", "拟制答复", ("received", "drafted"), "drafted", facts=facts.Drafting, basis=OURS),
            Step("sign", "签发答复", ("drafted",), "signed", facts=facts.Signature, by=LEADS, apart_from=("draft",),
                 guards=(TALKED,), basis=OURS),
            Step("reply", "答复提案人", ("signed",), "replied", facts=facts.Answered, basis=OURS,
                 documents=("proposal_reply",), served=True),
            Step("feedback", "收到评价", ("replied",), facts=facts.Feedback, basis=OURS),
            Step("again", "重新办理", ("replied",), "received", by=LEADS, facts=facts.Extending,
                 guards=(HAS_FEEDBACK, NOT_CONTENT, LATER), basis=OURS),
            Step("close", "办结", ("replied",), "closed", by=LEADS, facts=facts.Signature,
                 guards=(HAS_FEEDBACK, CONTENT), basis=OURS),
        ),
        limits=(
            Limit("reply", "答复", 3, "个月", MONTHS, THREE_MONTHS, (OPEN,), ("reply",),
                  when=lambda given: not given.get("until"), roll=Roll.NONE, warns=(30, 10, 5, 0)),
            Limit("reply_set", "答复（通知写明的期限）", 1, "日", LITIGATION, TERM, (OPEN, "again"), ("reply",),
                  until="until", when=lambda given: bool(given.get("until")), warns=(30, 10, 5, 0)),
        ),
        tells="grade", counted_by=("kind", "content_with", "part", "grade"),
    )
)  # fmt: skip

declare(
    Procedure(
        code="oversight.joint_meeting", title="联席会议", in_force_from=date(2020, 1, 1), group="oversight",
        opened_by=STAFF,
        about="部门联席会议：议题、会议、议定事项逐项交给责任单位并按期跟踪，全部完成后办结。",
        facts=facts.Meeting, title_from="summary", first="planned",
        series="{place}市监联〔{year}〕{n}号",  # not shown: the number itself
        basis=(OURS,),
        states=(
            State("planned", "待定议题"),
            State("called", "已通知", "ok"),
            State("held", "已召开，跟踪议定事项", "ok"),
            State("closed", "议定事项已完成", "done", ended=True),
        ),
        parties=(
            PartyKind("body", "责任单位", later=True,
                      states=(State("tasked", "办理中"), State("done", "已完成", "done", ended=True))),
        ),
        steps=handled(
            Step("agenda", "确定议题并通知", ("planned", "called"), "called", facts=facts.Agenda, by=LEADS, basis=OURS,
                 documents=("agenda",)),
            Step("hold", "召开会议并形成纪要", ("called",), "held", facts=facts.Minutes, basis=OURS,
                 documents=("meeting_minutes",)),
            Step("task", "议定事项", ("held",), adds="body", facts=facts.Followup, guards=(LATER,), basis=OURS),
            Step("task_done", "议定事项完成", ("held",), facts=facts.FollowedUp, of_party="body",
                 party_from=("tasked",), party_to="done", basis=OURS),
            Step("close", "办结", ("held",), "closed", facts=facts.Signature, by=LEADS, guards=(TASKED, ALL_DONE),
                 basis=OURS),
        ),
        limits=(
            Limit("task", "完成议定事项", 1, "日", LITIGATION, TERM, ("task",), ("task_done",), until="until",
                  each=True),
        ),
        tells="conclusion", counted_by=("series",),
    )
)  # fmt: skip
