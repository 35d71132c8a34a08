"""Reconsiderations and suits against what the bureau did: answered on the clock, by others than whoever did it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.lines.oversight.facts import remedies as facts
from shiheng.lines.oversight.procedures.grounds import (
    CASES,
    LEADS,
    LITIGATION,
    LOST,
    OPEN,
    OURS,
    RECONSIDERATION,
    SINCE,
    STAFF,
    handled,
    review,
    suit,
    unread_suit,
)
from shiheng.procedures.definition import (
    Bond,
    Guard,
    Halt,
    Limit,
    PartyKind,
    Procedure,
    State,
    Step,
    declare,
    told,
)

Given = Mapping[str, Any]


def _is(name: str, value: str) -> Any:
    """What starts a limit told ``name`` so."""
    return lambda given: given.get(name) == value


def _cause_fits(_course: Any, given: Given) -> bool:
    return (given.get("outcome") in LOST) == (given.get("cause", facts.NO_CAUSE) != facts.NO_CAUSE)


def _redo_has_term(_course: Any, given: Given) -> bool:
    return not given.get("redo") or (bool(given.get("redo_until")) and given.get("outcome") in LOST)


def _answered(course: Any, given: Given) -> bool:
    return course.has("submit") or bool(given.get("unanswered"))


def _handled_anew(course: Any, given: Given) -> bool:
    return not course.facts.get("redo") or bool(given.get("rehandling"))


def _head_or_why(_course: Any, given: Given) -> bool:
    return given.get("head") != "staff" or bool(given.get("why_not"))


def _head_at_hearing(_course: Any, given: Given) -> bool:
    return given.get("form") != "hearing" or bool(given.get("head") or given.get("why_not"))


def _copy_received(_course: Any, given: Given) -> bool:
    return given.get("by") == "bureau" or bool(given.get("received"))


EVIDENCE = Guard(
    "evidence",
    "答复须附作出行政行为的证据、依据，请先从案卷列出证据目录。",
    told("evidence"),
    basis=review("第四十八条"),
)
DEFENCE_EVIDENCE = Guard(
    "evidence",
    "答辩须提供证据和所依据的规范性文件，请先从案卷列出证据清单。",
    told("evidence"),
    basis=suit("第六十七条"),
)
CAUSE = Guard("cause", "撤销、变更、确认违法、责令履行的，须写明原因；其他结果不写。", _cause_fits, basis=OURS)
REDO = Guard("redo", "责令重新处理的，须是否定原行为的结果，并写明期限。", _redo_has_term, basis=review("第六十四条"))
REDO_SUIT = Guard(
    "redo", "判令重新处理的，须是否定原行为的结果，并写明期限。", _redo_has_term, basis=unread_suit("第七十条")
)
ANSWERED = Guard(
    "answered",
    "没有提交答复就有了结果的，须写明未答复的原因：不答复视为没有证据。",
    _answered,
    basis=review("第七十条"),
)
ANEW = Guard("anew", "责令重新处理的，须写明重新处理案卷的编号。", _handled_anew, basis=review("第七十七条"))
WAS_SUMMARY = Guard(
    "was_summary", "现在就是普通程序。", lambda course, _given: course.facts.get("kind") == facts.SUMMARY, of_file=True,
    basis=review("第五十五条"),
)  # fmt: skip
HEARD_HEAD = Guard(
    "head", "负责人应当参加听证；不能参加的，须写明理由和委托的人员。", _head_at_hearing, basis=review("第五十一条")
)
HEAD = Guard("head", "负责人没有出庭的，须写明理由。", _head_or_why, basis=unread_suit("第三条"))
COPY = Guard(
    "copy",
    "对方上诉的，须写明收到上诉状副本的日期，答辩期限从那天起算。",
    _copy_received,
    basis=unread_suit("第八十六条"),
)

APPLICANT = PartyKind("applicant", "申请人", masked=True, subject=True)
PLAINTIFF = PartyKind("plaintiff", "原告", masked=True, subject=True)
THIRD = PartyKind("third", "第三人", subject=True, later=True)

ENTRY = ("pending", "drafted", "signed", "submitted")
declare(
    Procedure(
        code="oversight.reconsideration", title="行政复议答复", in_force_from=SINCE, group="oversight",
        opened_by=STAFF,
        about="本局是被申请人的行政复议：在法定期限内答复并提交证据，记录听证、结果和原因。复议决定由复议机关公开，本局不代为公布。",
        facts=facts.Reconsideration, title_from="summary", first="pending",
        series="{place}市监复〔{year}〕{n}号",  # not shown: the number itself
        basis=(review("第四十八条"), review("第五十四条"), review("第八十八条")),
        states=(
            State("pending", "待拟答复"),
            State("drafted", "待审签", "ok"),
            State("signed", "待提交", "warn"),
            State("submitted", "已答复，待结果", "ok"),
            State("decided", "已有结果，待履行", "warn"),
            State("closed", "已履行归档", "done", ended=True),
            State("withdrawn", "申请撤回", "done", ended=True),
        ),
        parties=(APPLICANT, THIRD),
        halts=(Halt("suspended", "复议中止", basis=review("第三十九条")),),
        steps=handled(
            Step("third", "第三人参加", ENTRY, adds="third", facts=facts.Third, basis=review("第十六条")),
            Step("draft", "拟制答复书", ("pending", "drafted"), "drafted", facts=facts.Answering,
                 guards=(EVIDENCE,), basis=review("第四十八条")),
            Step("sign", "审签答复书", ("drafted",), "signed", facts=facts.Signing, by=LEADS, apart_from=("draft",),
                 apart_from_bound=CASES, basis=OURS, about="经办原案的人不审签本案的答复。"),
            Step("send_back", "退回重拟", ("drafted",), "pending", facts=facts.Signing, by=LEADS, apart_from=("draft",),
                 basis=OURS),
            Step("submit", "提交答复和证据", ("signed",), "submitted", facts=facts.Sending, basis=review("第四十八条"),
                 documents=("reply", "evidence_list"), served=True),
            Step("hear", "听证、听取意见", ("submitted",), facts=facts.Hearing, guards=(HEARD_HEAD,),
                 basis=review("第五十一条")),
            Step("to_ordinary", "转为普通程序", ENTRY, facts=facts.ToOrdinary, once=True, guards=(WAS_SUMMARY,),
                 basis=review("第五十五条"),
                 about="复议机关的审理期限按普通程序重算；条文没有说答复期限重算，原期限照计。"),
            Step("suspend", "复议中止", ENTRY, facts=facts.Suspending, halts="suspended",
                 basis=review("第三十九条")),
            Step("resume", "恢复审理", ENTRY, facts=facts.Resuming, resumes="suspended",
                 basis=review("第三十九条")),
            Step("prolong", "复议机关延长审理", ("submitted",), facts=facts.Prolonging, once=True,
                 basis=review("第六十二条")),
            Step("decide", "收到复议决定", ENTRY, "decided", facts=facts.Deciding, guards=(CAUSE, REDO, ANSWERED),
                 basis=review("第六十三条至第六十九条")),
            Step("withdraw", "申请人撤回申请", ENTRY, "withdrawn", facts=facts.Withdrawal,
                 basis=review("第四十一条")),
            Step("comply", "履行决定并归档", ("decided",), "closed", facts=facts.Complying, guards=(ANEW,),
                 basis=review("第七十七条"), documents=("compliance_report",)),
        ),
        limits=(
            Limit("answer", "提交答复和证据（普通程序）", 10, "日", RECONSIDERATION, review("第四十八条"), (OPEN,),
                  ("submit", "withdraw", "decide"), when=_is("kind", facts.ORDINARY), warns=(5, 3, 1, 0)),
            Limit("answer_summary", "提交答复和证据（简易程序）", 5, "日", RECONSIDERATION, review("第五十四条"),
                  (OPEN,), ("submit", "withdraw", "decide"), when=_is("kind", facts.SUMMARY), warns=(3, 1, 0)),
            Limit("decision", "复议机关作出决定（普通程序）", 60, "日", RECONSIDERATION, review("第六十二条"),
                  (OPEN, "to_ordinary"), ("decide", "withdraw"), since="accepted_on",
                  when=_is("kind", facts.ORDINARY), of_party=True, halted=("suspended",), extended=("prolong",),
                  extension=30),
            Limit("decision_summary", "复议机关作出决定（简易程序）", 30, "日", RECONSIDERATION, review("第六十二条"),
                  (OPEN,), ("decide", "withdraw", "to_ordinary"), since="accepted_on", when=_is("kind", facts.SUMMARY),
                  of_party=True, halted=("suspended",)),
        ),
        bond=Bond(
            "appeals", CASES, facts=(("title_", "summary"),), unit="unit",
            parties=(("party", "applicant"), ("reporter", "applicant"), ("complainant", "applicant"),
                     ("applicant", "applicant")),
        ),
        tells="outcome", counted_by=("unit", "outcome", "kind", "act", "cause"),
    )
)  # fmt: skip

FIRST = ("pending", "drafted", "signed", "defended")
declare(
    Procedure(
        code="oversight.suit", title="行政应诉", in_force_from=date(2017, 7, 1), group="oversight",
        opened_by=STAFF,
        about="本局是被告的行政诉讼：十五日内提交答辩状、证据和依据，记录负责人出庭、裁判和原因。裁判由法院公布，本局不代为公布。",
        facts=facts.Suit, title_from="summary", first="pending",
        series="{place}市监诉〔{year}〕{n}号",  # not shown: the number itself
        basis=(suit("第六十七条"), suit("第八十五条"), suit("第八十八条")),
        states=(
            State("pending", "待拟答辩"),
            State("drafted", "待审签", "ok"),
            State("signed", "待提交", "warn"),
            State("defended", "一审中", "ok"),
            State("judged", "一审已裁判", "warn"),
            State("second", "二审待答辩"),
            State("second_signed", "二审待提交", "warn"),
            State("second_defended", "二审中", "ok"),
            State("effective", "已生效，待履行", "warn"),
            State("closed", "已履行归档", "done", ended=True),
            State("withdrawn", "已撤诉", "done", ended=True),
        ),
        parties=(PLAINTIFF, THIRD),
        halts=(Halt("suspended", "诉讼中止", basis=unread_suit("第一百零一条")),),
        steps=handled(
            Step("third", "第三人参加", FIRST, adds="third", facts=facts.Third, basis=unread_suit("第二十九条")),
            Step("draft", "拟制答辩状", ("pending", "drafted"), "drafted", facts=facts.Answering,
                 guards=(DEFENCE_EVIDENCE,), basis=suit("第六十七条")),
            Step("sign", "审签答辩状", ("drafted",), "signed", facts=facts.Signing, by=LEADS, apart_from=("draft",),
                 apart_from_bound=CASES, basis=OURS, about="经办原案的人不审签本案的答辩。"),
            Step("submit", "提交答辩状和证据", ("signed",), "defended", facts=facts.Sending, basis=suit("第六十七条"),
                 documents=("defence", "defence_evidence"), served=True),
            Step("appear", "开庭", ("defended", "second_defended"), facts=facts.Appearing, guards=(HEAD,),
                 basis=unread_suit("第三条")),
            Step("suspend", "诉讼中止", ("defended", "second_defended"), facts=facts.Suspending, halts="suspended",
                 basis=unread_suit("第一百零一条")),
            Step("resume", "恢复审理", ("defended", "second_defended"), facts=facts.Resuming, resumes="suspended",
                 basis=unread_suit("第一百零一条")),
            Step("judge", "收到一审裁判", FIRST, "judged", facts=facts.Judging, guards=(CAUSE, REDO_SUIT),
                 basis=suit("第八十一条")),
            Step("appeal", "上诉", ("judged",), "second", facts=facts.Appeal, guards=(COPY,), basis=suit("第八十五条")),
            Step("sign_second", "审签二审答辩", ("second",), "second_signed", facts=facts.Signing, by=LEADS,
                 apart_from=("draft",), apart_from_bound=CASES, basis=OURS),
            Step("submit_second", "提交二审答辩", ("second_signed",), "second_defended", facts=facts.Sending,
                 basis=unread_suit("第八十六条"), served=True),
            Step("judge_second", "收到二审裁判", ("second", "second_signed", "second_defended"), "effective",
                 facts=facts.Judging, guards=(CAUSE, REDO_SUIT), basis=suit("第八十八条")),
            Step("effective", "一审裁判生效", ("judged",), "effective", facts=facts.Effective,
                 basis=suit("第八十五条")),
            Step("withdraw", "原告撤诉", FIRST, "withdrawn", facts=facts.Withdrawal, basis=unread_suit("第六十二条")),
            Step("perform", "履行裁判并归档", ("effective",), "closed", facts=facts.Complying, guards=(ANEW,),
                 basis=unread_suit("第九十四条")),
        ),
        limits=(
            Limit("defence", "提交答辩状、证据和依据", 15, "日", LITIGATION, suit("第六十七条"), (OPEN,),
                  ("submit", "withdraw", "judge"), warns=(7, 3, 1, 0)),
            Limit("appeal_judgment", "对判决上诉", 15, "日", LITIGATION, suit("第八十五条"), ("judge",),
                  ("appeal", "effective"), since="served_on", when=_is("form", "judgment"), of_party=True,
                  drafts="effective"),
            Limit("appeal_ruling", "对裁定上诉", 10, "日", LITIGATION, suit("第八十五条"), ("judge",),
                  ("appeal", "effective"), since="served_on", when=_is("form", "ruling"), of_party=True,
                  drafts="effective"),
            Limit("defence_second", "提交二审答辩", 15, "日", LITIGATION, unread_suit("第八十六条"), ("appeal",),
                  ("submit_second", "judge_second"), since="received"),
        ),
        bond=Bond(
            "appeals", (*CASES, "oversight.reconsideration"), facts=(("title_", "summary"),), unit="unit",
            parties=(("applicant", "plaintiff"), ("party", "plaintiff"), ("reporter", "plaintiff"),
                     ("complainant", "plaintiff")),
            through=("appeals",),
        ),
        tells="outcome", counted_by=("unit", "outcome", "act", "cause", "head"),
    )
)  # fmt: skip
