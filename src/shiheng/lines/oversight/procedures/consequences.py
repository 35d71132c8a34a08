"""What follows: an annulled act handled anew within its term, who answers for it, and calls back after enforcement."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.kernel.periods import Roll
from shiheng.lines.oversight.facts import consequences as facts
from shiheng.lines.oversight.procedures.grounds import (
    CASES,
    LATER,
    LEADS,
    LITIGATION,
    OPEN,
    OURS,
    SINCE,
    STAFF,
    TERM,
    chosen,
    handled,
    lost,
    ordered_anew,
    review,
)
from shiheng.procedures.definition import Bond, Guard, Limit, PartyKind, Procedure, State, Step, declare, told

Given = Mapping[str, Any]


def _not_the_same(course: Any, given: Given) -> bool:
    return not given.get("same") or course.facts.get("cause") == "procedure"


def _passed_on(_course: Any, given: Given) -> bool:
    return given.get("finding") != "线索移交" or bool(given.get("passed_to"))


def _reached(course: Any, _given: Given) -> bool:
    return course.has("call") or len(course.taken("unreached")) >= 3


SAME = Guard(
    "same",
    "不得以同一事实和理由作出与原行为相同或者基本相同的行为；因违反法定程序被撤销的除外。",
    _not_the_same,
    basis=review("第六十四条"),
)
HEARD = Guard("heard", "认定责任前须听取有关人员的陈述、申辩。", told("heard"), basis=OURS)
ORDERED = Guard(
    "ordered",
    "只有决定、裁判责令重新处理，并且已经生效的，才登记重新处理。",
    ordered_anew,
    basis=review("第六十四条"),
)
WAS_LOST = Guard("lost", "只有原行为被否定的，才通报、约谈和追究。", lost, basis=OURS)
PASSED = Guard("passed", "结论是线索移交的，须写明移交给谁。", _passed_on, basis=OURS)
REACHED = Guard(
    "reached", "还没有回访到人；至少联系三次仍联系不上的，才能直接作结论。", _reached, of_file=True, basis=OURS
)
ENDED = Guard("ended", "只回访已经办结的案卷。", lambda course, _given: course.ended, basis=OURS)
INTERVIEWED = Guard(
    "interviewed", "须先通报镇街或者约谈，再了结。", lambda course, _given: course.has("notify", "interview"),
    of_file=True, basis=OURS,
)  # fmt: skip

declare(
    Procedure(
        code="oversight.rehandling", title="重新处理", in_force_from=SINCE, group="oversight",
        opened_by=STAFF,
        about="原行为被撤销、变更或者确认违法，责令重新处理的，在文书写明的期限内重新作出处理并报告。",
        facts=facts.Rehandling, title_from="summary", first="pending",
        series="{place}市监重〔{year}〕{n}号",  # not shown: the number itself
        basis=(review("第六十四条"),),
        states=(
            State("pending", "待交办"),
            State("working", "重新处理中", "ok"),
            State("decided", "已重新处理，待报告", "warn"),
            State("closed", "已报告归档", "done", ended=True),
        ),
        steps=handled(
            Step("hand", "交办", ("pending", "working"), "working", facts=facts.Handing, by=LEADS, basis=OURS),
            Step("extend", "期限变更", ("pending", "working"), facts=facts.Until, by=LEADS, guards=(LATER,),
                 basis=TERM),
            Step("redecide", "重新作出处理", ("working",), "decided", facts=facts.Redeciding, guards=(SAME,),
                 basis=review("第六十四条")),
            Step("report", "报告结果并归档", ("decided",), "closed", facts=facts.Reporting, basis=OURS, served=True),
        ),
        limits=(
            Limit("redo", "重新处理", 1, "日", LITIGATION, TERM, (OPEN,), ("redecide",), until="until",
                  named=("extend",), warns=(10, 5, 2, 0)),
        ),
        bond=Bond(
            "rehandles", ("oversight.reconsideration", "oversight.suit"), guards=(ORDERED,), needed=True,
            facts=(("title_", "summary"), ("document", "document"), ("cause", "cause"), ("unit", "unit"),
                   ("redo_until", "until"), ("reasons", "orders")),
            through=("appeals",),
        ),
        tells="result", counted_by=("unit", "result", "cause"),
    )
)  # fmt: skip

declare(
    Procedure(
        code="oversight.liability", title="复议诉讼通报与追责", in_force_from=date(2020, 1, 1), group="oversight",
        opened_by=STAFF,
        about="原行为被否定的，通报所在镇街，约谈经办单位主要负责人，调查并认定责任，跟踪整改。",
        facts=facts.Liability, title_from="summary", first="open",
        series="{place}市监责〔{year}〕{n}号",  # not shown: the number itself
        basis=(OURS,),
        states=(
            State("open", "通报、约谈中"),
            State("inquired", "待认定责任", "ok"),
            State("held", "已认定，待整改", "warn"),
            State("closed", "已整改归档", "done", ended=True),
        ),
        steps=handled(
            Step("notify", "通报镇街", ("open",), facts=facts.TownNotice, basis=OURS, documents=("town_notice",)),
            Step("interview", "约谈主要负责人", ("open",), facts=facts.Interview, by=LEADS, officers=2, basis=OURS,
                 documents=("interview",)),
            Step("inquire", "错案责任调查", ("open", "inquired"), "inquired", facts=facts.Inquiry, guards=(HEARD,),
                 apart_from_bound=CASES, basis=OURS, about="经办原案的人不调查自己的责任。"),
            Step("hold", "认定责任", ("inquired",), "held", facts=facts.Holding, by=LEADS, apart_from=("inquire",),
                 apart_from_bound=CASES, guards=(INTERVIEWED,), basis=OURS),
            Step("mend", "整改完成并归档", ("held",), "closed", facts=facts.Mending, basis=OURS),
        ),
        limits=(
            Limit("interview", "通报镇街并约谈", 30, "日", LITIGATION, chosen("三十日是本局选定的期限。"), (OPEN,),
                  ("interview",), roll=Roll.NONE),
        ),
        bond=Bond(
            "about", ("oversight.reconsideration", "oversight.suit"), guards=(WAS_LOST,), needed=True,
            facts=(("title_", "summary"), ("document", "document"), ("cause", "cause"), ("unit", "unit")),
            through=("appeals",),
        ),
        tells="held", counted_by=("unit", "held", "cause"),
    )
)  # fmt: skip

declare(
    Procedure(
        code="oversight.callback", title="执法回访", in_force_from=date(2020, 1, 1), group="oversight",
        opened_by=STAFF,
        about="从办结的案卷中选出回访对象，由没有经办原案的人联系，问改正情况、执法作风和廉洁情况。",
        facts=facts.Callback, title_from="summary", first="chosen",
        series="{place}市监回访〔{year}〕{n}号",  # not shown: the number itself
        basis=(OURS,),
        states=(
            State("chosen", "待回访"),
            State("called", "已回访，待结论", "ok"),
            State("closed", "已作结论", "done", ended=True),
        ),
        parties=(PartyKind("visited", "回访对象", masked=True, subject=True),),
        steps=handled(
            Step("unreached", "没有联系上", ("chosen",), facts=facts.Unreached, apart_from_bound=CASES, basis=OURS),
            Step("call", "回访", ("chosen", "called"), "called", facts=facts.Called, apart_from_bound=CASES, basis=OURS,
                 documents=("callback",)),
            Step("conclude", "作出结论", ("chosen", "called"), "closed", facts=facts.Concluding, by=LEADS,
                 guards=(REACHED, PASSED), apart_from=("call",), basis=OURS),
        ),
        limits=(
            Limit("call", "完成回访", 30, "日", LITIGATION, chosen("三十日是本局选定的期限。"), (OPEN,), ("conclude",),
                  roll=Roll.NONE),
        ),
        bond=Bond(
            "about", ("complaints.", "enforcement."), guards=(ENDED,), needed=True, unit="unit",
            picked=(("chosen", "随机抽取"),),
            facts=(("title_", "summary"), ("officer_", "handler")),
            parties=(("party", "visited"), ("complainant", "visited"), ("trader", "visited"), ("target", "visited")),
        ),
        tells="finding", counted_by=("unit", "finding", "manner", "corrected", "chosen"),
    )
)  # fmt: skip
