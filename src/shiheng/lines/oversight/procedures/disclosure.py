"""Disclosure on request: the request, what stops and lengthens its clock, the answer by kind, each with its article.

The days of answering (20 and 20 more), what is not counted, the joint maker's 15 days and what an excess of requests
allows were checked for articles 33 to 35; the text itself is not at hand, and all other articles are from memory.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.lines.oversight.facts import disclosure as facts
from shiheng.lines.oversight.procedures.grounds import LATER, LEADS, OPEN, STAFF, handled
from shiheng.procedures.definition import (
    Basis,
    Guard,
    Halt,
    Limit,
    PartyKind,
    Procedure,
    State,
    Step,
    declare,
    done,
    in_time,
)

Given = Mapping[str, Any]
SINCE = date(2019, 5, 15)
LAW = "政府信息公开条例"


def read(article: str) -> Basis:
    """An article whose days were checked against a summary of the text."""
    return Basis(LAW, article, SINCE, note="天数按摘要核对；原文未载入，待核对。")


def unread(article: str) -> Basis:
    return Basis(LAW, article, SINCE, note="条次和内容凭记忆，未见原文，待核对。")


ANSWER = read("第三十三条")


def _grounded(_course: Any, given: Given) -> bool:
    return given.get("reply_kind") not in {facts.REFUSED, facts.PARTLY} or bool(given.get("reply_ground"))


def _named(_course: Any, given: Given) -> bool:
    return given.get("reply_kind") != facts.ELSEWHERE or bool(given.get("reply_body"))


def _third_heard(course: Any, given: Given) -> bool:
    if given.get("reply_kind") != facts.OPEN or course.facts.get("opinion") != facts.OBJECTS:
        return True
    return bool(given.get("interest"))


def _third_asked(course: Any, given: Given) -> bool:
    refused = given.get("reply_kind") in {facts.REFUSED, facts.PARTLY} and given.get("reply_ground") == "third"
    return not refused or course.has("third")


def _reasons_asked(course: Any, given: Given) -> bool:
    return given.get("reply_kind") != "excessive" or course.has("ask_reasons")


GROUNDED = Guard("grounded", "不予公开、部分公开的，须写明属于哪一种情形。", _grounded, basis=unread("第三十六条"))
NAMED = Guard("named", "不属于本机关负责公开的，须告知负责公开的机关。", _named, basis=unread("第三十六条"))
THIRD_HEARD = Guard(
    "third_heard", "第三方不同意公开的，须写明不公开会对公共利益造成的重大影响，才能公开。", _third_heard,
    basis=unread("第三十二条"),
)  # fmt: skip
THIRD_ASKED = Guard(
    "third_asked", "以商业秘密、个人隐私为由不公开的，须先征求第三方的意见。", _third_asked, basis=unread("第三十二条")
)  # fmt: skip
REASONS_ASKED = Guard("reasons_asked", "须先要求申请人说明理由。", _reasons_asked, basis=read("第三十五条"))
HAS_REASONS = Guard("reasons", "须先要求申请人说明理由。", done("ask_reasons"), of_file=True, basis=read("第三十五条"))
NOT_HALTED = Guard(
    "third_open", "正在征求第三方的意见，收到意见或者逾期以后再拟答复。",
    lambda course, _given: course.halted("third") is None, of_file=True, basis=ANSWER,
)  # fmt: skip
JOINT_ASKED = Guard(
    "joint_asked", "没有征求过共同制作机关的意见。", done("ask_joint"), of_file=True, basis=read("第三十四条")
)  # fmt: skip
NOT_DELAYED = Guard(
    "undelayed", "已经确定了延迟答复的期限。", lambda course, _given: not course.has("delay"), of_file=True,
    basis=read("第三十五条"),
)  # fmt: skip
IN_TIME = Guard("in_time", "答复期限已经届满，不能再延长。", in_time("answer"), basis=ANSWER)

BEFORE = ("received", "drafted")
declare(
    Procedure(
        code="oversight.disclosure", title="政府信息公开申请", in_force_from=SINCE, group="oversight",
        opened_by=STAFF,
        about="申请公开本局制作、保存的信息。收到之日起二十个工作日内书面答复，征求第三方意见的时间不计算；不服可以申请行政复议或者提起诉讼。",
        facts=facts.Disclosure, title_from="summary", first="received", public={"channel": "web"},
        series="{place}市监公开申〔{year}〕{n}号",  # not shown: the number itself
        basis=(unread("第二十七条"), ANSWER, read("第三十四条"), read("第三十五条")),
        states=(
            State("received", "办理中"),
            State("mending", "待申请人补正", "wait"),
            State("drafted", "答复待签发", "ok"),
            State("signed", "已签发，待答复", "warn"),
            State("answered", "已答复", "done", ended=True),
            State("abandoned", "逾期未补正，视为放弃", "done", ended=True),
            State("withdrawn", "申请人撤回", "done", ended=True),
        ),
        parties=(PartyKind("applicant", "申请人", masked=True, most=5),),
        steps=handled(
            Step("ask_mend", "要求补正", ("received",), "mending", facts=facts.AskMend, once=True,
                 basis=unread("第三十条"), documents=("disclosure_mend",),
                 about="申请内容不明确的，一次性告知补正的事项和期限；答复期限从收到补正之日重新计算。"),
            Step("mended", "收到补正", ("mending",), "received", facts=facts.Mended, basis=unread("第三十条")),
            Step("abandon", "视为放弃申请", ("mending",), "abandoned", facts=facts.Abandoned,
                 basis=unread("第三十条"), served=True),
            Step("third", "征求第三方意见", ("received",), facts=facts.Asking, halts="third",
                 basis=unread("第三十二条"), documents=("disclosure_third",)),
            Step("third_said", "收到第三方意见", ("received",), facts=facts.ThirdAnswer,
                 resumes="third", basis=unread("第三十二条")),
            Step("ask_joint", "征求共同制作机关意见", ("received",), facts=facts.Asking, once=True,
                 basis=read("第三十四条"), documents=("disclosure_joint",)),
            Step("joint_said", "收到共同制作机关意见", ("received",), facts=facts.JointAnswer, once=True,
                 guards=(JOINT_ASKED,), basis=read("第三十四条")),
            Step("ask_reasons", "要求说明申请过多的理由", ("received",), facts=facts.AskReasons, once=True,
                 basis=read("第三十五条")),
            Step("delay", "确定延迟答复的期限", ("received",), facts=facts.Delay, by=LEADS, once=True,
                 guards=(HAS_REASONS, LATER), basis=read("第三十五条")),
            Step("extend", "延长答复期限", BEFORE, facts=facts.Extend, by=LEADS, once=True,
                 guards=(NOT_DELAYED, IN_TIME), basis=ANSWER,
                 documents=("disclosure_extension",)),
            Step("draft", "拟制答复", BEFORE, "drafted", facts=facts.Draft,
                 guards=(NOT_HALTED, GROUNDED, NAMED, THIRD_ASKED, THIRD_HEARD, REASONS_ASKED),
                 basis=unread("第三十六条")),
            Step("back", "退回重拟", ("drafted",), "received", facts=facts.Back, by=LEADS, basis=ANSWER),
            Step("sign", "签发答复", ("drafted",), "signed", facts=facts.Sign, by=LEADS, apart_from=("draft",),
                 basis=ANSWER, documents=("disclosure_answer",)),
            Step("send", "答复申请人", ("signed",), "answered", facts=facts.Sent, basis=ANSWER, served=True),
            Step("withdraw", "撤回申请", (*BEFORE, "mending"), "withdrawn", facts=facts.Withdrawing, by_public=True,
                 basis=unread("第二十九条")),
        ),
        halts=(Halt("third", "征求第三方意见", basis=ANSWER),),
        limits=(
            Limit("answer", "书面答复", 20, "个工作日", LAW, ANSWER, (OPEN, "mended"),
                  ("send", "ask_mend", "delay", "withdraw"), halted=("third",), extended=("extend",), extension=20,
                  warns=(10, 5, 2, 0)),
            Limit("answer_later", "书面答复（延迟答复的期限）", 1, "日", LAW, read("第三十五条"), ("delay",),
                  ("send", "ask_mend", "withdraw"), until="until", warns=(10, 5, 2, 0)),
            Limit("mend", "申请人补正", 1, "日", LAW, unread("第三十条"), ("ask_mend",), ("mended", "withdraw"),
                  until="until", of_party=True, drafts="abandon"),
            Limit("third", "第三方提出意见", 15, "个工作日", LAW, unread("第三十二条"), ("third",), ("third_said",),
                  of_party=True, drafts="third_said"),
            Limit("joint", "共同制作机关提出意见", 15, "个工作日", LAW, read("第三十四条"), ("ask_joint",),
                  ("joint_said",), of_party=True, drafts="joint_said"),
        ),
        tells="reply_kind", counted_by=("reply_kind", "applicant_kind", "channel"),
    )
)  # fmt: skip
