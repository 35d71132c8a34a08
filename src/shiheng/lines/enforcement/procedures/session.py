"""案件审理委员会会议: agenda, papers, each member's opinion, a resolution case by case, signed minutes."""

from typing import Any

from shiheng.lines.enforcement.facts import session as facts
from shiheng.lines.enforcement.procedures.grounds import SINCE, Given, rules
from shiheng.lines.enforcement.procedures.parties import HEADS, REVIEWERS
from shiheng.procedures.definition import Guard, PartyKind, Procedure, State, Step, declare, told

CONVENERS = (*REVIEWERS, *HEADS)


def _opened(course: Any) -> dict[str, Any]:
    held = course.last("open_session")
    return dict(held.facts) if held else {}


def _members(course: Any, given: Given) -> bool:
    called = course.opened.facts.get("members") or () if course.opened else ()
    return set(given.get("present") or ()) | set(given.get("recused") or ()) <= set(called)


def _enough(course: Any, given: Given) -> bool:
    called = course.opened.facts.get("members") or () if course.opened else ()
    return len(set(given.get("present") or ())) * 2 > len(called)


def _was_there(course: Any, given: Given) -> bool:
    held = _opened(course)
    return given.get("member") in set(held.get("present") or ()) - set(held.get("recused") or ())


def _said(course: Any, given: Given) -> list[Any]:
    return [passage.facts for passage in course.taken("opinion", party=given.get("party_"))]


def _once(course: Any, given: Given) -> bool:
    return given.get("member") not in {said.get("member") for said in _said(course, given)}


def _all_said(course: Any, given: Given) -> bool:
    held = _opened(course)
    there = set(held.get("present") or ()) - set(held.get("recused") or ())
    return there <= {said.get("member") for said in _said(course, given)}


def _all_resolved(course: Any, _given: Given) -> bool:
    return all(course.party_state(number) != "listed" for number in course.of_kind("item"))


AGENDA = Guard("agenda", "还没有列入议题。", lambda course, _given: bool(course.of_kind("item")), of_file=True)
MEMBERS = Guard("members", "出席、回避的须是本次会议的委员。", _members)
ENOUGH = Guard("enough", "出席的委员须过半数。", _enough)
THERE = Guard("there", "发表意见的须是出席并且没有回避的委员。", _was_there)
ONCE = Guard("once_each", "这名委员已经发表过意见。", _once)
ALL_SAID = Guard("all_said", "还有出席的委员没有发表意见。", _all_said, of_file=True)
ALL_RESOLVED = Guard("all_resolved", "还有议题没有形成决议，也没有暂缓。", _all_resolved, of_file=True)
SIGNED = Guard("signed", "会议记录须由出席委员签字。", told("signed"))

declare(
    Procedure(
        code="enforcement.session",
        title="案件审理委员会会议",
        in_force_from=SINCE,
        group="enforcement",
        about="须集体讨论的案件逐件审议：议题和材料、每名委员的意见、决议、会议记录。决议的编号写入案件的集体讨论环节。",
        facts=facts.Session,
        title_from="summary",
        first="called",
        states=(
            State("called", "筹备中"),
            State("sitting", "审议中", "ok"),
            State("closed", "已形成会议记录", "done", ended=True),
            State("cancelled", "已取消", "done", ended=True),
        ),
        parties=(
            PartyKind(
                "item", "议题", later=True, most=100, file=True,
                states=(
                    State("listed", "待审议"),
                    State("resolved", "已决议", "done"),
                    State("postponed", "暂缓", "warn"),
                ),
            ),
        ),
        steps=(
            Step("list_item", "列入议题", ("called",), by=CONVENERS, facts=facts.Item, adds="item",
                 basis=rules("第六十条"), documents=()),
            Step("open_session", "开会", ("called",), "sitting", by=CONVENERS, facts=facts.Opened,
                 guards=(AGENDA, MEMBERS, ENOUGH), basis=rules("第六十条")),
            Step("opinion", "记录委员意见", ("sitting",), by=CONVENERS, facts=facts.Opinion, of_party="item",
                 party_from=("listed",), guards=(THERE, ONCE), basis=rules("第六十条")),
            Step("resolve", "形成决议", ("sitting",), by=CONVENERS, facts=facts.Resolved, of_party="item",
                 party_from=("listed",), party_to="resolved", guards=(ALL_SAID,), basis=rules("第六十条")),
            Step("postpone", "暂缓审议", ("sitting",), by=CONVENERS, facts=facts.Postponed, of_party="item",
                 party_from=("listed",), party_to="postponed"),
            Step("minutes", "整理会议记录", ("sitting",), "closed", by=CONVENERS, facts=facts.Minutes,
                 guards=(ALL_RESOLVED, SIGNED), basis=rules("第六十条")),
            Step("cancel", "取消会议", ("called",), "cancelled", by=CONVENERS),
        ),
        series="{place}市监案审〔{year}〕{n}号",  # not shown: the number itself
        basis=(rules("第六十条"),),
        opened_by=CONVENERS,
    )
)  # fmt: skip
