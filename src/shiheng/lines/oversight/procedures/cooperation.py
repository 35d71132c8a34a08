"""Work with others about one case: letters of assistance between bureaus, and consultations with their minutes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.lines.oversight.facts import cooperation as facts
from shiheng.lines.oversight.procedures.grounds import LEADS, OPEN, OURS, RULES, STAFF, handled, rules
from shiheng.procedures.definition import Bond, Guard, Limit, PartyKind, Procedure, State, Step, declare, in_time

Given = Mapping[str, Any]


def _direction(which: str) -> Any:
    return lambda course, _given: course.facts.get("direction") == which


def _used(_course: Any, given: Given) -> bool:
    return not given.get("recognised") or bool(given.get("used"))


def _several(_course: Any, given: Given) -> bool:
    return int(given.get("count") or 0) > 1


WE_SENT = Guard(
    "we_sent", "这是收到的协查函，没有这个环节。", _direction(facts.SENT), of_file=True, basis=rules("第四十五条")
)
WE_GOT = Guard(
    "we_got",
    "这是本局发出的协查函，没有这个环节。",
    _direction(facts.RECEIVED),
    of_file=True,
    basis=rules("第四十五条"),
)
IN_TIME = Guard("in_time", "需要延期的，须在期限届满前告知对方。", in_time("reply"), basis=rules("第四十五条"))
USED = Guard("used", "认可对方结果的，须写明用在哪里、证明什么。", _used, basis=OURS)
SEVERAL = Guard("several", "会商须有两个以上单位参加。", _several, basis=OURS)
AGREED = Guard(
    "agreed", "没有形成一致意见的，须写明保留意见。",
    lambda _course, given: bool(given.get("agreed") or given.get("dissent")), basis=OURS,
)  # fmt: skip

declare(
    Procedure(
        code="oversight.assistance", title="跨区域协查", in_force_from=date(2022, 11, 1), group="oversight",
        opened_by=STAFF,
        about="与其他地区的市场监管部门互相协查：收到的十五个工作日内办完复函，发出的催办、收复函，认可的结果用到本局案卷。",
        facts=facts.Assistance, title_from="summary", first="open",
        series="{place}市监协查〔{year}〕{n}号",  # not shown: the number itself
        basis=(rules("第四十五条"),),
        states=(
            State("open", "待办"),
            State("inquired", "已查明，待复函", "ok"),
            State("sent", "已发函，待对方复函"),
            State("replied", "已复函", "done", ended=True),
            State("answered", "已收到复函", "done", ended=True),
            State("unable", "已告知不能协助", "done", ended=True),
        ),
        parties=(PartyKind("body", "对方单位"),),
        steps=handled(
            Step("inquire", "协助调查取证", ("open", "inquired"), "inquired", facts=facts.Inquired, guards=(WE_GOT,),
                 officers=2, basis=rules("第四十五条")),
            Step("delay", "告知需要延期", ("open", "inquired"), facts=facts.Unable, guards=(WE_GOT, IN_TIME),
                 basis=rules("第四十五条")),
            Step("unable", "告知无法协助", ("open",), "unable", facts=facts.Unable, guards=(WE_GOT,),
                 basis=rules("第四十五条")),
            Step("reply", "复函", ("inquired",), "replied", facts=facts.Reply,
                 basis=rules("第四十五条"), documents=("assistance_reply",), served=True),
            Step("send", "发出协查函", ("open",), "sent", facts=facts.Dispatch, guards=(WE_SENT,), by=LEADS,
                 basis=rules("第四十五条"), documents=("assistance_letter",), served=True),
            Step("arrive", "对方收到", ("sent",), facts=facts.Arrival, once=True,
                 basis=rules("第四十五条")),
            Step("urge", "催办", ("sent",), facts=facts.Urging, basis=OURS),
            Step("answer", "收到复函", ("sent",), "answered", facts=facts.Answer, guards=(USED,),
                 basis=rules("第四十五条")),
        ),
        limits=(
            Limit("reply", "完成协查并复函", 15, "个工作日", RULES, rules("第四十五条"), (OPEN,), ("reply", "unable"),
                  when=lambda given: given.get("direction") == facts.RECEIVED, warns=(5, 2, 0)),
            Limit("answer", "对方完成协查", 15, "个工作日", RULES, rules("第四十五条"), ("arrive",), ("answer",),
                  since="arrived_on", of_party=True, drafts="urge"),
        ),
        bond=Bond("about", facts=(("title_", "target"),)),
        tells="finding", counted_by=("region", "direction"),
    )
)  # fmt: skip

declare(
    Procedure(
        code="oversight.consultation", title="疑难案件会商", in_force_from=date(2022, 11, 1), group="oversight",
        opened_by=STAFF,
        about="对定性、管辖、证据有重大分歧的案件，请有关单位会商，形成纪要，结论回到案卷。",
        facts=facts.Consultation, title_from="summary", first="asked",
        series="{place}市监会商〔{year}〕{n}号",  # not shown: the number itself
        basis=(OURS,),
        states=(
            State("asked", "待召集"),
            State("convened", "已召集", "ok"),
            State("minuted", "纪要待签发", "warn"),
            State("signed", "已签发，待采用", "warn"),
            State("used", "结论已用于案卷", "done", ended=True),
        ),
        steps=handled(
            Step("convene", "召集会商", ("asked", "convened"), "convened", facts=facts.Convening, by=LEADS, basis=OURS),
            Step("minute", "整理纪要", ("convened", "minuted"), "minuted", facts=facts.Minutes,
                 guards=(SEVERAL, AGREED), basis=OURS, documents=("minutes",)),
            Step("sign", "签发纪要", ("minuted",), "signed", facts=facts.Signature, by=LEADS, apart_from=("minute",),
                 basis=OURS),
            Step("use", "结论用于案卷", ("signed",), "used", facts=facts.Adopting, basis=OURS),
        ),
        limits=(
            Limit("convene", "召集会商", 10, "个工作日", RULES,
                  OURS, (OPEN,), ("convene",)),
        ),
        bond=Bond("about", needed=True, facts=(("title_", "summary"),)),
        tells="conclusion", counted_by=("kind",),
    )
)  # fmt: skip
