"""经营异常名录 and the mark on individual businesses: in by decision, out on application, an objection beside.

Three years on the list have no effect of their own since 2024-05-01. Individual businesses are marked, not listed.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from shiheng.lines.credit import records
from shiheng.lines.credit.facts import listing as facts
from shiheng.lines.credit.facts.listing import FALSE, FITS, NO_REPORT, NOT_PUBLISHED, UNREACHABLE
from shiheng.lines.credit.procedures.grounds import LEADS, LISTS, SINCE, lists, marks, publicity
from shiheng.lines.credit.procedures.mending import mended
from shiheng.procedures.definition import ANYONE, Basis, Guard, Limit, PartyKind, Procedure, State, Step, declare, told

Given = Mapping[str, Any]
MARKS = marks("第十四条、第十五条")
APART = (timedelta(days=15), timedelta(days=30))


def _ground(course: Any) -> str:
    return str(course.opened.facts.get("ground")) if course.opened else ""


def _of(*grounds: str) -> Any:
    return lambda course, _given: _ground(course) in grounds


def _ordered(course: Any, given: Given) -> bool:
    """Ground 2: ordered first, and the term is over."""
    order, day = course.last("order"), given.get("day_")
    if _ground(course) != NOT_PUBLISHED:
        return True
    return order is not None and (day is None or day > date.fromisoformat(str(order.facts["until"])))


def _two_letters(course: Any, _given: Given) -> bool:
    """Ground 4: two letters to the registered address, fifteen to thirty days apart, both returned."""
    if _ground(course) != UNREACHABLE:
        return True
    back = [one for one in course.taken("returned") if one.facts.get("result") == "returned"]
    sent = [one.day for one in course.taken("post")][-2:]
    return len(back) >= 2 and len(sent) == 2 and APART[0] <= sent[1] - sent[0] <= APART[1]


def _confirmed(course: Any, _given: Given) -> bool:
    return _ground(course) not in {FALSE, UNREACHABLE} or course.has("confirm")


def _overdue(course: Any, given: Given) -> bool:
    """Ground 1: the year is named, and its last day for reporting, 30 June of the next, is over."""
    year, day = course.opened.facts.get("year"), given.get("day_")
    return _ground(course) != NO_REPORT or (bool(year) and (day is None or day > date(int(year) + 1, 6, 30)))


def _exit_fits(course: Any, given: Given) -> bool:
    return given.get("exit") in FITS.get(_ground(course), set())


def _checked(course: Any, _given: Given) -> bool:
    """What was false or out of reach is verified before it is believed."""
    return _ground(course) not in {FALSE, UNREACHABLE} or _since_asked(course, "verify")


def _since_asked(course: Any, step: str) -> bool:
    asked, held = course.last("ask"), course.last(step)
    return bool(asked and held and held.number > asked.number)


FIRM = PartyKind("firm", "当事人", subject=True, most=1)
STATES = (
    State("proposed", "待决定"),
    State("listed", "已列入", "warn"),
    State("asked", "已申请移出", "wait"),
    State("objected", "异议处理中", "wait"),
    State("off", "已移出", "done", ended=True),
    State("dropped", "不予列入", "done", ended=True),
    State("revoked", "列入决定已撤销", "done", ended=True),
)
MARKED = tuple(
    State(one.code, {"listed": "已标记", "asked": "已申请恢复", "off": "已恢复正常记载", "dropped": "不予标记",
                     "revoked": "标记已撤销"}.get(one.code, one.title), one.tone, ended=one.ended)
    for one in STATES
)  # fmt: skip


def _steps(at: Any, words: tuple[str, str], entry: Basis, leaving: Basis) -> tuple[Step, ...]:
    """The steps of a list or a mark: what differs are the words and the articles."""
    put, take = words
    order = Guard("ordered", "须先责令限期公示，并且期限已经届满。", _ordered, basis=entry)
    letters = Guard("letters", "须向登记的地址寄出两次专用信函，相隔十五日以上三十日以下，并且都被退回。", _two_letters,
                    basis=entry, of_file=True)  # fmt: skip
    confirmed = Guard("confirmed", "须先查实。", _confirmed, basis=entry, of_file=True)
    overdue = Guard("overdue", "须写明未报送的年度，并且次年六月三十日已过。", _overdue, basis=entry)
    remedies = Guard("remedies", "决定书须写明复议、诉讼的途径和期限。", told("remedies"), basis=entry)
    fits = Guard("fits", "申请的事由和列入的情形不对应。", _exit_fits, basis=leaving)
    checked = Guard("checked", "须先查实申请的情况。", _checked, basis=leaving, of_file=True)
    return (
        Step("order", "责令限期公示", ("proposed",), facts=facts.Ordered, basis=entry,
             guards=(Guard("is_order", "只有未公示信息的情形须先责令。", _of(NOT_PUBLISHED), of_file=True),)),
        Step("post", "寄出专用信函", ("proposed",), facts=facts.Posted, basis=entry,
             guards=(Guard("is_letter", "只有无法联系的情形须寄专用信函。", _of(UNREACHABLE), of_file=True),)),
        Step("returned", "登记信函结果", ("proposed",), facts=facts.Returned, basis=entry,
             guards=(Guard("posted", "还没有寄出信函。",
                           lambda course, _given: len(course.taken("post")) > len(course.taken("returned")),
                           of_file=True),)),
        Step("confirm", "查实", ("proposed",), facts=facts.Confirmed, basis=entry, guards=(letters,)),
        Step("list", put, ("proposed",), "listed", by=LEADS, facts=facts.Listed, basis=entry, served=True,
             guards=(overdue, order, confirmed, remedies), apart_from=("confirm",)),
        Step("drop", f"不予{put}", ("proposed",), "dropped", by=LEADS, facts=facts.NotListed, basis=entry),
        Step("ask", f"申请{take}", ("listed",), "asked", facts=facts.Asked, basis=leaving, guards=(fits,),
             by_public=True),
        Step("unask", "撤回申请", ("asked",), "listed", facts=facts.Withdrawn, basis=leaving, by_public=True),
        Step("verify", "查实申请的情况", ("asked",), facts=facts.Verified, basis=leaving),
        Step("remove", take, ("asked",), "off", by=LEADS, facts=facts.Removed, basis=leaving, served=True,
             guards=(checked,), apart_from=("verify",)),
        Step("keep", f"不予{take}", ("asked",), "listed", by=LEADS, facts=facts.Kept, basis=leaving, served=True),
        Step("object", "提出异议", ("listed",), "objected", facts=facts.Objected, basis=at, by_public=True),
        Step("unobject", "撤回异议", ("objected",), "listed", facts=facts.Withdrawn, basis=at, by_public=True),
        Step("uphold", "维持决定并答复", ("objected",), "listed", by=LEADS, facts=facts.Answered, basis=at,
             apart_from=("list",), served=True),
        Step("revoke", "撤销决定并答复", ("objected",), "revoked", by=LEADS, facts=facts.Answered, basis=at,
             apart_from=("list",), served=True),
        *mended(("listed", "asked", "objected"), "off", "listed"),
    )  # fmt: skip


def _limits(entry: Basis, leaving: Basis, objection: Basis) -> tuple[Limit, ...]:
    confirmed = ("list", "drop")
    return (
        Limit("decide_report", "决定是否列入（未报年报）", 10, "个工作日", LISTS, entry, ("open",), confirmed,
              when=lambda told: told.get("ground") == NO_REPORT),
        Limit("decide_order", "决定是否列入（责令期满）", 10, "个工作日", LISTS, entry, ("order",), confirmed,
              since="until"),
        Limit("decide", "查实后决定是否列入", 10, "个工作日", LISTS, entry, ("confirm",), confirmed),
        Limit("leave", "决定是否移出", 5, "个工作日", LISTS, leaving, ("ask",),
              ("remove", "keep", "verify", "unask")),
        Limit("leave_checked", "查实后决定是否移出", 5, "个工作日", LISTS, leaving, ("verify",),
              ("remove", "keep", "unask")),
        Limit("objecting", "当事人提出异议", 30, "日", LISTS, objection, ("list",), ("object",), of_party=True),
        Limit("objection", "核实异议并书面答复", 20, "个工作日", LISTS, objection, ("object",),
              ("uphold", "revoke", "unobject")),
    )  # fmt: skip


declare(
    Procedure(
        code="credit.abnormal", title="经营异常名录", in_force_from=SINCE, group="credit",
        about="企业、农民专业合作社有法定情形的，决定列入经营异常名录并公示；履行义务、申请移出的，五个工作日内决定。"
              "列入满三年本身不再有其他后果。",
        facts=facts.Listing, title_from="summary", first="proposed", states=STATES,
        steps=_steps(lists(), ("列入", "移出"), lists(), lists()),
        limits=_limits(lists(), lists(), lists()),
        parties=(FIRM,), series="{place}市监异列〔{year}〕{n}号",  # not shown: the number itself
        basis=(publicity("第十八条"),), opened_by=ANYONE, records=records.ABNORMAL, counted_by=("ground",),
    )
)  # fmt: skip
declare(
    Procedure(
        code="credit.mark", title="个体工商户经营异常标记", in_force_from=SINCE, group="credit",
        about="个体工商户有法定情形的，标记为经营异常状态；补报、更正、恢复联系以后申请恢复正常记载。不列入名录。",
        facts=facts.Marking, title_from="summary", first="proposed", states=MARKED,
        steps=_steps(MARKS, ("标记", "恢复正常记载"), MARKS, MARKS),
        limits=_limits(MARKS, MARKS, MARKS),
        parties=(FIRM,), series="{place}市监标记〔{year}〕{n}号",  # not shown: the number itself
        basis=(marks("第十四条"),), opened_by=ANYONE, records=records.MARK, counted_by=("ground",),
    )
)  # fmt: skip
