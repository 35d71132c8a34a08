"""What the law forbids in a penalty case, as conditions of steps; each says what is missing and under which article."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.kernel.errors import Refused
from shiheng.kernel.periods import latest_before, read_as
from shiheng.lines.enforcement.procedures.grounds import (
    HEARD_KINDS,
    HEARING,
    PENALTY_LAW,
    UNPUBLISHED,
    Given,
    coercion,
    late_fine,
    law,
    publication,
    rules,
    transfer,
)
from shiheng.procedures.definition import LACKING, Basis, Guard, in_time, run_out, told

Holds = Callable[[Any, Given], bool]
PROVING = ("inspect", "question", "gather", "tested", "seized_tested")


def of(course: Any, given: Given, *steps: str) -> dict[str, Any]:
    """What the latest of these steps told for the party the step is about."""
    held = course.last(*steps, party=given.get("party_"))
    return dict(held.facts) if held else {}


def all_told(*names: str) -> Holds:
    return lambda _course, given: all(given.get(name) for name in names)


# -- inquiry

FOUR = Guard(
    "four",
    "立案须同时符合四项条件：有证据初步证明、应当给予行政处罚、属于本部门管辖、在法定期限内。",
    all_told("evidence", "due", "ours", "not_barred"),
    basis=rules("第十九条"),
)
CARDS = Guard("cards", "执法人员须出示执法证件。", told("cards"), basis=rules("第二十二条"))
FILMED = Guard("filmed", "现场检查、询问、抽样和保全措施须全程音像记录。", told("filmed"), basis=rules("第四十四条"))
RIGHTS = Guard(
    "rights",
    "首次询问须告知当事人陈述、申辩和申请回避的权利。",
    lambda course, given: bool(given.get("told_rights")) or any(
        passage.facts.get("told_rights") for passage in course.taken("question")
    ),
    basis=rules("第二十一条"),
)  # fmt: skip
LISTED = Guard("listed", "决定书、通知书和清单须当场交付。", told("listed"), basis=rules("第三十七条"))
NOT_TWICE = Guard(
    "no_test_open",
    "还有检测、鉴定没有结束，不能终结调查。",
    lambda course, _given: course.halted("testing") is None and course.halted("measure_testing") is None,
    basis=rules("第四十八条"),
    of_file=True,
)
SETTLED = Guard(
    "settled",
    "还有先行登记保存的证据没有处理，须在七个工作日内处理。",
    lambda course, _given: all(course.party_state(n) != "held" for n in course.of_kind("preserved")),
    basis=rules("第三十五条"),
    of_file=True,
)


def unproved(course: Any, given: Given, elements: Iterable[str]) -> list[str]:
    """The elements of the violation nothing speaks to: no record or test of the case, and no item of its evidence."""
    shown = {title for passage in course.taken(*PROVING) for title in passage.facts.get("elements") or ()}
    lacking = given.get(LACKING)
    bare = None if lacking is None else {title for _violation, titles in lacking for title in titles}
    return [title for title in elements if title not in shown and (bare is None or title in bare)]


def _proved(course: Any, given: Given) -> bool:
    asked, day = given.get("rules_"), given.get("day_")
    if asked is None or day is None:
        return True
    elements = asked.elements(str(course.facts.get("violation") or ""), day)
    return bool(given.get("gaps")) or not unproved(course, given, elements)


def _returned(course: Any) -> int:
    """How many points the review of the last conclusion sent back."""
    last = course.last("conclude", "review_return")
    return len(last.facts.get("points") or ()) if last and last.step == "review_return" else 0


ANSWERED_POINTS = Guard(
    "answered_points",
    "审核退回的意见须逐条回应，一条不少。",
    lambda course, given: len(given.get("replies") or ()) >= _returned(course),
    basis=rules("第五十四条"),
)
POINTS_SETTLED = Guard(
    "points_settled",
    "退回过的案件，须核对退回的意见已经逐条落实。",
    lambda course, given: bool(given.get("settled")) or not of(course, {}, "conclude").get("replies"),
    basis=rules("第五十四条"),
)
PROVED = Guard(
    "proved",
    "违法行为的构成要件还有没有证据的，请补充证据，或者写明证据不足的说明。",
    _proved,
    basis=rules("第四十八条"),
)

# -- what is held


def _in_term(course: Any, given: Given) -> bool:
    return in_time("seizure")(course, given)


IN_TERM = Guard("in_term", "查封、扣押的期限已经届满，只能解除。", _in_term, basis=coercion("第二十八条"), of_file=True)
TOLD_LONGER = Guard("told_longer", "延长须书面告知当事人并说明理由。", told("told"), basis=coercion("第二十五条"))
TOLD_TEST = Guard("told_test", "检测期间须书面告知当事人，才不计入查封、扣押的期限。", told("told"),
                  basis=rules("第三十八条"))  # fmt: skip
CONSENT = Guard("consent", "先行处置须经权利人同意并经批准。", told("consent"), basis=rules("第四十一条"))
DECIDED = Guard("decided", "没有作出行政处罚决定，不能没收。", lambda course, _given: course.has("decide"),
                basis=rules("第三十九条"), of_file=True)  # fmt: skip

# -- review, notice, defence, hearing


def case_of(course: Any, given: Given) -> dict[str, Any]:
    """What is known of the decision against one party, as the list of decisions that need legal review asks it."""
    concluded, noticed = course.last("conclude"), of(course, given, "notice")
    told_ = dict(concluded.facts) if concluded else {}
    penal = given if given.get("penalties") else noticed
    return {
        "decision": "penalty",
        "penalties": tuple(penal.get("penalties") or ()),
        "fine": penal.get("fine") or 0,
        "confiscated": (penal.get("gains_taken") or 0) + (penal.get("goods_taken") or 0),
        "person": bool(noticed.get("person")),
        "heard": course.has("hear", party=given.get("party_")),
        "public_interest": bool(told_.get("public_interest")),
        "difficult": bool(told_.get("difficult")),
        "legal_relations": told_.get("legal_relations") or 1,
    }


GRAVE = ("public_interest", "difficult", "legal_relations")


def needs_legal(course: Any, given: Given) -> bool:
    asked, day = given.get("rules_"), given.get("day_")
    return bool(asked is not None and day is not None and asked.reviews(case_of(course, given), day))


def _legally_reviewed(course: Any, given: Given) -> bool:
    """The review after the hearing where there was one, else any legal review of the case as it was concluded."""
    if not needs_legal(course, given):
        return True
    concluded = course.last("conclude")
    first = concluded.number if concluded else 0
    return any(
        passage.number > first and (passage.step == "review_after" or passage.facts.get("kind") == "legal")
        for passage in course.taken("review", "review_after")
    )


LEGAL = Guard("legal", "这一决定属于重大执法决定，须先经法制审核。", _legally_reviewed, basis=rules("第五十条"))


def _reviewed_after(course: Any, given: Given) -> bool:
    heard = course.last("hear", party=given.get("party_"))
    return heard is None or any(passage.number > heard.number for passage in course.taken("review_after"))


AFTER_HEARING = Guard(
    "after_hearing", "经过听证的案件，须在听证结束后法制审核。", _reviewed_after, basis=rules("第五十条"), of_file=True
)


def _discussed(course: Any, given: Given) -> bool:
    if not needs_legal(course, given):
        return True
    last = course.last("review", "review_after")
    return any(passage.number > (last.number if last else 0) for passage in course.taken("discuss"))


COLLECTIVE = Guard(
    "collective", "须法制审核的案件拟给予处罚的，由部门负责人集体讨论决定。", _discussed, basis=rules("第六十条")
)


def _kind_of_review(course: Any, given: Given) -> bool:
    """What is known already when the inquiry ends: the sums are not, they are told with the notice."""
    asked, day, concluded = given.get("rules_"), given.get("day_"), course.last("conclude")
    if given.get("kind") == "legal" or asked is None or day is None or concluded is None:
        return True
    known = {name: concluded.facts[name] for name in GRAVE if concluded.facts.get(name)}
    return not asked.reviews({"decision": "penalty", **known}, day)


REVIEW_KIND = Guard(
    "review_kind", "案件涉及重大公共利益或者疑难复杂，须法制审核。", _kind_of_review, basis=rules("第五十条")
)
SPOKE = Guard("spoke", "须告知当事人陈述、申辩的权利。", told("spoke"), basis=rules("第五十七条"))


def hearing_due(given: Given) -> bool:
    """Whether a hearing must be offered for such a penalty (行政处罚法 art 63)."""
    bar, taken = HEARING.of(given), (given.get("gains_taken") or 0) + (given.get("goods_taken") or 0)
    return (
        bool(HEARD_KINDS & set(given.get("penalties") or ())) or (given.get("fine") or 0) >= bar or taken >= bar
    )  # fmt: skip


OFFERED = Guard(
    "offered",
    "拟处罚的内容达到听证的标准，须告知要求听证的权利。",
    lambda _course, given: bool(given.get("hearing")) or not hearing_due(given),
    basis=law("第六十三条"),
)
HAS_HEARING = Guard(
    "has_hearing", "告知书没有给予听证的权利。", lambda course, given: bool(of(course, given, "notice").get("hearing")),
    basis=law("第六十三条"), of_file=True,
)  # fmt: skip
ASKED_IN_TIME = Guard(
    "asked_in_time", "要求听证的期限已过。", in_time("defence"), basis=law("第六十四条"), of_file=True
)
WAITED = Guard(
    "waited",
    "陈述、申辩的期限还没有届满，当事人也没有书面放弃。",
    run_out("defence", when=told("how", "expired")),
    basis=rules("第五十七条"),
)


def _beforehand(_course: Any, given: Given) -> bool:
    day, calendar, on = given.get("day_"), given.get("calendar_"), given.get("on")
    if day is None or calendar is None or not on:
        return True
    held = on if isinstance(on, date) else date.fromisoformat(str(on))
    return day <= latest_before(held, read_as(PENALTY_LAW, 7, "日", on=day), calendar=calendar)


BEFOREHAND = Guard("beforehand", "听证须提前七个工作日通知当事人。", _beforehand, basis=law("第六十四条"))


def _on_its_day(course: Any, given: Given) -> bool:
    named, day = of(course, given, "hearing_notice").get("on"), given.get("day_")
    return bool(named) and (day is None or day >= date.fromisoformat(str(named)))


ON_ITS_DAY = Guard(
    "on_its_day", "还没有通知听证，或者还没有到听证的日期。", _on_its_day, basis=law("第六十四条"), of_file=True
)

# -- decision


def _not_raised(course: Any, given: Given) -> bool:
    noticed = of(course, given, "notice")
    more = any((given.get(name) or 0) > (noticed.get(name) or 0) for name in ("fine", "gains_taken", "goods_taken"))
    return not more and set(given.get("penalties") or ()) <= set(noticed.get("penalties") or ())


NOT_RAISED = Guard(
    "not_raised", "不得因陈述、申辩或者听证加重处罚；处罚超出告知书的，须重新告知。", _not_raised,
    basis=law("第四十五条"),
)  # fmt: skip


def _in_band(course: Any, given: Given) -> bool:
    asked, day = given.get("rules_"), given.get("day_")
    if asked is None or day is None or given.get("deviates") or "2A" not in (given.get("penalties") or ()):
        return True
    concluded = course.last("conclude")
    try:
        band = asked.band(str(course.facts.get("violation") or ""), concluded.facts if concluded else {}, day)
    except Refused:
        return False
    fine = given.get("fine") or 0
    return band is None or band.deviation(fine) == 0


IN_BAND = Guard("in_band", "罚款在裁量基准以外，请写明偏离的理由。", _in_band, basis=law("第三十四条"))
REMEDIES = Guard("remedies", "决定书须写明复议、诉讼的途径和期限。", told("remedies"), basis=rules("第六十二条"))
EDUCATED = Guard(
    "educated", "不予行政处罚的，须对当事人进行教育。",
    lambda _course, given: given.get("outcome") != "no_penalty" or bool(given.get("educated")),
    basis=law("第三十三条"),
)  # fmt: skip
ANSWERED = Guard(
    "answered",
    "当事人陈述、申辩或者听证的，须写明意见是否采纳和理由。",
    lambda course, given: bool(given.get("answered")) or not course.has("defend", "hear", party=given.get("party_")),
    basis=rules("第六十二条"),
)

# -- service and execution

CONFIRMED = Guard(
    "confirmed", "电子送达须有签字的送达地址确认书。",
    lambda _course, given: given.get("way") != "electronic" or bool(given.get("confirmed")), basis=rules("第八十二条"),
)  # fmt: skip
ANNOUNCED = Guard("announced", "公告还没有满三十日。", run_out("announcement"), basis=rules("第八十二条"), of_file=True)


def owed(course: Any, given: Given) -> int:
    """Fine and confiscated gains of one party that are not paid yet, in fen; what was paid as late fine apart."""
    decided = of(course, given, "decide")
    paid = sum(
        (p.facts.get("amount") or 0) - (p.facts.get("late") or 0)
        for p in course.taken("pay", party=given.get("party_"))
    )
    return int((decided.get("fine") or 0) + (decided.get("gains_taken") or 0) - paid)


NOT_OVERPAID = Guard(
    "not_overpaid", "缴款超过应缴的罚没款；重复缴纳的，请核对罚没票据。",
    lambda course, given: 0 <= (given.get("amount") or 0) - (given.get("late") or 0) <= owed(course, given),
    basis=rules("第七十二条"),
)  # fmt: skip
PAID = Guard("paid", "罚没款还没有缴清。", lambda course, given: owed(course, given) <= 0, basis=rules("第七十七条"),
             of_file=True)  # fmt: skip


def late_due(course: Any, given: Given) -> int:
    """What may be claimed for lateness up to the day of the step, in fen; days of a remedy do not count."""
    day, calendar, party = given.get("day_"), given.get("calendar_"), given.get("party_")
    clock = course.clock("payment", calendar, party) if calendar is not None else None
    end = clock.receipt.due_day if clock else None
    if end is None or day is None or day <= end:
        return 0
    stopped, begun = set[int](), None
    for passage in course.taken("remedy", "remedy_over", party=party):
        if passage.step == "remedy":
            begun = passage.day
        elif begun is not None:
            stopped |= set(range(begun.toordinal(), passage.day.toordinal() + 1))
            begun = None
    if begun is not None:
        stopped |= set(range(begun.toordinal(), day.toordinal() + 1))
    counted = sum(number not in stopped for number in range(end.toordinal() + 1, day.toordinal() + 1))
    return late_fine(int(of(course, given, "decide").get("fine") or 0), counted)


def _late_capped(course: Any, given: Given) -> bool:
    claimed = given.get("late") or 0
    paid = sum(p.facts.get("late") or 0 for p in course.taken("pay", party=given.get("party_")))
    if not claimed or given.get("calendar_") is None or given.get("day_") is None:
        return True
    return bool(claimed + paid <= late_due(course, given))


LATE_CAPPED = Guard(
    "late_capped", "加处罚款按罚款每日百分之三计算，不超过罚款本身，复议、诉讼期间不计。", _late_capped,
    basis=law("第七十二条"),
)  # fmt: skip
HARDSHIP = Guard("hardship", "延期、分期须由当事人书面申请并确有经济困难。", told("asked"), basis=rules("第七十四条"))


PAYMENT_OVER = Guard(
    "payment_over", "缴款期限还没有届满，不能催告。", run_out("payment"), basis=rules("第七十六条"), of_file=True
)
DEMAND_OVER = Guard(
    "demand_over", "催告以后未满十个工作日。", run_out("demand"), basis=coercion("第五十四条"), of_file=True
)


def _by_remedy(first: str, again: str, asks: Callable[[str], Holds]) -> Holds:
    """Asked of the first clock, or of the one that runs after a remedy was used and ended."""
    plain, after = asks(first), asks(again)

    def holds(course: Any, given: Given) -> bool:
        return (after if course.has("remedy_over", party=given.get("party_")) else plain)(course, given)

    return holds


APPEAL_OVER = Guard(
    "appeal_over", "申请复议、提起诉讼的期限还没有届满。", _by_remedy("appeal", "appeal_again", run_out),
    basis=coercion("第五十三条"), of_file=True,
)  # fmt: skip
IN_THREE_MONTHS = Guard(
    "in_three_months", "申请强制执行的三个月期限已过。", _by_remedy("court", "court_again", in_time),
    basis=coercion("第五十三条"), of_file=True,
)  # fmt: skip
NO_REMEDY = Guard(
    "no_remedy",
    "复议、诉讼还没有结束。",
    lambda course, given: course.halted("remedy", given.get("party_")) is None,
    basis=rules("第七十六条"),
    of_file=True,
)
UNDONE = Guard(
    "undone",
    "没有撤销、变更这一决定的复议决定或者判决。",
    lambda course, given: of(course, given, "remedy_over").get("outcome") in {"annulled", "changed"},
    basis=rules("第六十三条"),
    of_file=True,
)

# -- publication, closing


def publishable(decided: Given) -> bool:
    """Whether such a penalty is published: anything but a bare warning."""
    return bool(set(decided.get("penalties") or ()) - UNPUBLISHED)


PUBLISHABLE = Guard(
    "publishable", "仅给予警告的行政处罚不公示。", lambda course, given: publishable(of(course, given, "decide")),
    basis=publication("第二条"), of_file=True,
)  # fmt: skip
TOLD_PUBLISH = Guard(
    "told_publish",
    "送达决定书时没有书面告知将公示，不能公示。",
    lambda course, given: bool(of(course, given, "serve", "announce").get("told_publish")),
    basis=publication("第八条"),
    of_file=True,
)
MASKED = Guard("masked", "公示以前须隐去依法不应公开的内容。", told("masked"), basis=publication("第六条"))
PUBLISHED = Guard(
    "published", "没有公示过，不需要撤回。",
    lambda course, given: course.has("publish", party=given.get("party_")), basis=publication("第十一条"), of_file=True,
)  # fmt: skip
NOTHING_HELD = Guard(
    "nothing_held",
    "还有查封、扣押的财物没有处理。",
    lambda course, _given: all(course.party_state(n) not in {"held", "longer"} for n in course.of_kind("measure")),
    basis=rules("第七十七条"),
    of_file=True,
)
WHOLE_PACKAGE = Guard(
    "package", "移送须附移送书、调查报告和涉案物品清单。",
    lambda _course, given: {"移送书", "调查报告", "涉案物品清单"} <= set(given.get("package") or ()),
    basis=transfer("第六条"),
)  # fmt: skip
MARKED = Guard("marked", "这个案件没有评为案例。", lambda course, _given: course.has("mark"),
               basis=Basis(LOCAL_CHOICE), of_file=True)  # fmt: skip
