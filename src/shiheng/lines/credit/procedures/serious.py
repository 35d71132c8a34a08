"""严重违法失信名单: candidate after a penalty, notice, defence, consent, decision; out after three years or early."""

from collections.abc import Mapping
from typing import Any

from shiheng.kernel.periods import Roll
from shiheng.lines.credit import records
from shiheng.lines.credit.facts import serious as facts
from shiheng.lines.credit.procedures.grounds import HEADS, LEADS, LISTS, SINCE, serious
from shiheng.lines.credit.procedures.mending import mended
from shiheng.procedures.definition import ANYONE, Bond, Guard, Limit, PartyKind, Procedure, State, Step, declare, told

Given = Mapping[str, Any]


def _agreed(course: Any, _given: Given) -> bool:
    last = course.last("consent")
    return bool(last and last.facts.get("agreed"))


def _heard(course: Any, _given: Given) -> bool:
    return course.has("defend")


def _decided(course: Any, _given: Given) -> bool:
    """The case has a decision to rest on."""
    return course.has("decide")


RIGHTS = Guard("rights", "须告知陈述、申辩的权利。", told("rights"), basis=serious())
HEARD = Guard("heard", "须听取陈述、申辩，没有提出的也要记明。", _heard, basis=serious(), of_file=True)
CONSENT = Guard("consent", "县级、设区市局列入的，须先报上一级机关同意。", _agreed, basis=serious(), of_file=True)
REMEDIES = Guard("remedies", "决定书须写明复议、诉讼的途径和期限。", told("remedies"), basis=serious())
REPAIR = Guard("repair", "须提示信用修复的条件和程序。", told("repair"), basis=serious())
DECISION = Guard("decision", "须先作出行政处罚决定。", _decided, basis=serious("第二条"), of_file=True)

declare(
    Procedure(
        code="credit.serious", title="严重违法失信名单", in_force_from=SINCE, group="credit",
        about="违反法律、行政法规，性质恶劣、情节严重、社会危害较大，受到较重行政处罚的，列入名单，公示三年；"
              "符合条件的可以申请提前移出。",
        facts=facts.Candidate, title_from="summary", first="candidate",
        states=(
            State("candidate", "拟列入"), State("told", "已告知"), State("listed", "已列入", "warn"),
            State("off", "已移出", "done", ended=True), State("dropped", "不予列入", "done", ended=True),
            State("annulled", "列入决定已撤销", "done", ended=True),
        ),
        steps=(
            Step("tell", "列入告知", ("candidate",), "told", facts=facts.Told, guards=(RIGHTS,),
                 basis=serious(), served=True),
            Step("defend", "听取陈述、申辩", ("told",), facts=facts.Spoken, basis=serious()),
            Step("consent", "上级机关意见", ("told",), by=LEADS, facts=facts.Consented, basis=serious()),
            Step("list", "列入", ("told",), "listed", by=HEADS, facts=facts.Listed, apart_from=("tell",),
                 guards=(HEARD, CONSENT, REMEDIES, REPAIR), basis=serious(), served=True),
            Step("drop", "不予列入", ("candidate", "told"), "dropped", by=LEADS, facts=facts.Left),
            Step("leave", "提前移出", ("listed",), "off", by=HEADS, facts=facts.Left,
                 about="信用修复申请准予以后办理。", basis=serious(), served=True),
            Step("expire", "期满移出", ("listed",), "off", facts=facts.Left, basis=serious()),
            Step("annul", "撤销列入决定", ("listed",), "annulled", by=HEADS, facts=facts.Left, served=True,
                 about="处罚决定被撤销，或者列入的依据不成立。", basis=serious()),
            *mended(("listed",), "off", "listed"),
        ),
        limits=(
            Limit("term", "公示三年期满移出", 3, "年", "民法典", serious(), ("list",),
                  ("expire", "leave", "annul", "repaired"), roll=Roll.NONE, drafts="expire"),
            Limit("early", "可以申请提前移出", 1, "年", "民法典", serious(), ("list",),
                  ("leave", "expire", "annul", "repaired"), of_party=True),
            Limit("decide", "告知后决定是否列入", 30, "日", LISTS, serious(), ("tell",), ("list", "drop")),
        ),
        parties=(PartyKind("firm", "当事人", subject=True, most=1),),
        series="{place}市监严列〔{year}〕{n}号",  # not shown: the number itself
        basis=(serious("第二条"), serious("第十二条")), opened_by=ANYONE, records=records.SERIOUS,
        bond=Bond("about", ("enforcement.case",), guards=(DECISION,), parties=(("party", "firm"),),
                  facts=(("summary", "summary"),)),
        counted_by=("field", "heavier"),
    )
)  # fmt: skip
