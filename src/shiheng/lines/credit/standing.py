"""What stands against a business: lists, marks and published penalties; how long, and how each is left."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shiheng.kernel.calendars import published_calendar
from shiheng.kernel.periods import Receipt, Roll, due, read_as
from shiheng.lines.credit.facts.listing import EXITS, FITS, NO_REPORT
from shiheng.lines.credit.procedures.grounds import LISTS, SINCE, chosen, lists, publicity, published, repaired, serious
from shiheng.lines.credit.procedures.repair import CHECK, WAIT
from shiheng.publication.notices.definition import LOWER_FINE
from shiheng.services.definition import Basis, Condition, Line, Standing, Way, declare

UNREAD = "未见原文，待核对。"
GRAVE = ("food.", "drugs.", "equipment.")
"""Violations whose penalties are public for a year before they can be repaired."""
STOPS = {"4B": "stopped", "4C": "stopped", "4A": "restricted", "4D": "career", "3B": "lowered", "3C": "revoked"}
"""Penalties whose publication is never stopped early, as the repair file calls them."""
NEVER_WORDS = {
    "责令停产停业": "stopped", "责令关闭": "stopped", "限制开展生产经营活动": "restricted", "限制从业": "career",
    "降低资质等级": "lowered", "吊销": "revoked",
}  # fmt: skip
CIVIL = "民法典"
"""By which months and years are counted."""


def _ends(since: date, number: int, unit: str, basis: Basis, *, roll: Roll = Roll.NONE) -> Receipt:
    return due(since, read_as(CIVIL, number, unit, on=since), calendar=published_calendar(), basis=basis, roll=roll)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _kinds(line: Line) -> set[str]:
    """The kinds of penalty in a decision, by code where our own file says them."""
    return {str(code) for code in line.told.get("penalties") or ()}


def field_of(line: Line) -> str:
    """Whether a penalty lies in one of the fields with the longer wait."""
    return "grave" if str(line.told.get("violation", "")).startswith(GRAVE) else "ordinary"


def never_of(line: Line) -> str:
    """Which penalty of a decision forbids stopping its publication early."""
    held = [STOPS[code] for code in sorted(_kinds(line)) if code in STOPS]
    words = str(line.facts.get("types", "")) + str(line.facts.get("revoked") or "")
    held += [name for said, name in NEVER_WORDS.items() if said in words]
    return held[0] if held else "none"


def penalty_until(line: Line) -> Receipt | None:
    """The last day a penalty is published: three months where it was criticised or fined a little, else three years."""
    since = _day(line.facts.get("published")) or line.day
    if since is None:
        return None
    kinds = _kinds(line)
    fine = str(line.facts.get("fine") or "0")
    short = kinds and kinds <= {"1A", "1B", "2A"} and fine.isdigit() and int(fine) <= LOWER_FINE
    return _ends(since, 3, "个月" if short else "年", published("第十三条"))


def penalty_from(line: Line) -> Receipt | None:
    since = _day(line.facts.get("published")) or line.day
    return _ends(since, WAIT["penalty", field_of(line)], "个月", repaired()) if since else None


def serious_until(line: Line) -> Receipt | None:
    return _ends(line.day, 3, "年", serious()) if line.day else None


def serious_from(line: Line) -> Receipt | None:
    return _ends(line.day, WAIT["serious", "ordinary"], "个月", repaired()) if line.day else None


def objecting_until(line: Line) -> Receipt | None:
    """A right of the business: it rolls past a weekend."""
    if line.day is None:
        return None
    period = read_as(LISTS, 30, "日", on=line.day, party=True)  # not shown: the unit as the text has it
    return due(line.day, period, calendar=published_calendar(), basis=lists(), roll=Roll.REST)


def _reported(line: Line, _on: date) -> bool | None:
    """Whether the report of the year the entry is about has come in since."""
    year = str(line.told.get("year") or "")
    if str(line.told.get("ground")) != NO_REPORT or not year:
        return None
    return any(one.kind == "annual_report" and str(one.facts.get("year")) == year for one in line.others) or None


def _term(since: Any) -> Any:
    def met(line: Line, day: date) -> bool | None:
        receipt = since(line)
        return receipt is None or receipt.due_day is None or day >= receipt.due_day

    return met


def _again(line: Line, _on: date) -> bool | None:
    """Not punished again for the same kind of violation; known where our own files name it."""
    own = line.told.get("violation")
    if not own:
        return None
    same = (one for one in line.others if one.kind == "penalty" and one.key != line.key and one.state != "已撤销")
    return not any(one.told.get("violation") == own and (one.day or date.min) > (line.day or date.min) for one in same)


def _unlisted(line: Line, _on: date) -> bool:
    return not any(one.kind in {"abnormal", "serious"} for one in line.others)


def _done(line: Line, _on: date) -> bool | None:
    """The penalty was carried out, as the party's own course in the case says."""
    return line.party_state in {"done", "ended"} if line.party_state else None


ART = published("第十四条")
NEVER = Condition("never", "处罚里没有不得提前停止公示的种类", ART, lambda line, _day: never_of(line) == "none")
DONE = Condition("done", "已自觉履行处罚决定的义务", ART, _done)
HARMLESS = Condition("harmless", "已主动消除危害后果和不良影响", ART, lambda _line, _day: None)
AGAIN = Condition("again", "没有因同一类违法行为再次受到处罚", ART, _again)
UNLISTED = Condition("listed", "不在经营异常名录和严重违法失信名单", ART, _unlisted)


def _application(kind: str) -> Any:
    def fills(line: Line, day: date) -> Mapping[str, Any]:
        first = _day(line.facts.get("published")) or line.day or day
        again = _again(line, day)
        return {
            "kind": kind, "about": line.place, "summary": line.title[:120],
            "document": str(line.facts.get("document") or line.key)[:80],
            "since": first.isoformat(), "field": field_of(line) if kind == "penalty" else "ordinary",
            "never": never_of(line) if kind == "penalty" else "none", "again": again is False,
            "listed": kind == "penalty" and not _unlisted(line, day),
        }  # fmt: skip

    return fills


def _exits(line: Line) -> Mapping[str, Sequence[str]]:
    """By which ways this ground is left."""
    return {"exit": sorted(FITS.get(str(line.told.get("ground")), set(EXITS)), key=list(EXITS).index)}


def _leave(title: str, basis: Basis) -> Way:
    return Way(
        "leave", title, "履行义务、更正信息或者恢复联系以后申请；五个工作日内决定，须查实的自查实之日起算。", basis,
        lambda line: line.file_state == "listed", step="ask", asks=("exit", "proof"), offers=_exits,
        conditions=(Condition("reported", "已补报并公示所缺年度的报告", basis, _reported),),
    )  # fmt: skip


OBJECT = Way(
    "object", "提出异议", "认为列入、标记的决定有误，自公示之日起三十日内提出；二十个工作日内核实并书面答复。", lists(),
    lambda line: line.file_state == "listed", step="object", asks=("story",), until=objecting_until,
)  # fmt: skip


def _about(line: Line, _on: date) -> Mapping[str, Any]:
    return {"summary": line.title[:120], "about": line.place}


REPLY = Way(
    "reply", "作出说明", "不收费。五个工作日内核对，原文显示在这条公示信息旁边；不改变公示的信息。",
    chosen("被公示人说明的权利由本局设定。"), lambda _line: True, procedure="credit.reply", asks=("text",),
    fills=_about,
)  # fmt: skip


def saying(basis: Basis) -> tuple[Way, Way]:
    """What can always be said to a line, whoever keeps it: that it is wrong, and what the business has to say."""
    correct = Way(
        "correct", "信息有误，申请更正",
        "不收费。十个工作日内向来源核实，由没有参与这条信息的人员决定并答复，答复显示在这条信息旁边。",
        basis, lambda _line: True, procedure="credit.correction", asks=("wrong", "right", "proof"), fills=_about,
    )  # fmt: skip
    return correct, REPLY


SAYING = saying(CHECK)
declare(
    Standing(
        "abnormal", SINCE, "经营异常名录、异常状态标记",
        "不适用简易注销；因无法联系列入的，办理其他变更登记时须一并变更住所。列入满三年本身不再有其他后果。",
        "没有自动期满的日子：履行义务后申请，准予以后移出。",
        (publicity("第十八条"), Basis("市场主体登记管理条例实施细则", "第四十八条", date(2022, 3, 1), verified=True)),
        ways=(_leave("申请移出、恢复记载", lists()), OBJECT, *SAYING),
        elsewhere="由作出列入决定的登记机关办理移出。",
    )
)  # fmt: skip
declare(
    Standing(
        "serious", SINCE, "严重违法失信名单",
        "不适用简易注销；办理许可、申请资金和荣誉时作为考虑因素，抽查比例提高。",
        "公示三年期满移出；满一年并符合条件的，可以申请提前移出。",
        (serious("第二条"), Basis("市场主体登记管理条例", "第三十三条", date(2022, 3, 1), verified=True)),
        until=serious_until,
        ways=(
            Way("repair", "申请提前移出",
                "两个工作日内决定是否受理，受理后十五个工作日内决定，准予的三个工作日内停止公示。",
                repaired(), lambda line: line.file_state == "listed", procedure="credit.repair",
                asks=("done", "harmless", "promise"), since=serious_from, fills=_application("serious"),
                conditions=(Condition("term", "公示已满最短期限", repaired(), _term(serious_from)), DONE, HARMLESS,
                            AGAIN)),
            *SAYING,
        ),
        elsewhere="由作出列入决定的市场监督管理部门办理。",
    )
)  # fmt: skip
declare(
    Standing(
        "penalty", SINCE, "公示中的行政处罚", "在信用门户和公示系统上公开；期满自动停止公示。",
        "期满停止公示；符合条件的可以申请提前停止。",
        (published("第十三条"), ART), until=penalty_until,
        ways=(
            Way("repair", "申请提前停止公示",
                "两个工作日内决定是否受理，受理后十五个工作日内决定，准予的三个工作日内停止公示。",
                ART, lambda line: line.procedure == "enforcement.case" and line.state == "公示中",
                procedure="credit.repair",
                asks=("done", "harmless", "promise"), since=penalty_from, fills=_application("penalty"),
                conditions=(NEVER, Condition("term", "公示已满最短期限", repaired(), _term(penalty_from)), DONE,
                            HARMLESS, AGAIN, UNLISTED)),
            *saying(published("第十二条")),
        ),
        elsewhere="谁作出处罚、谁办理修复：请向作出决定的机关申请，也可以通过“信用中国”网站提交。",
    )
)  # fmt: skip
COURT_LIST = "最高人民法院关于公布失信被执行人名单信息的若干规定"
declare(
    Standing(
        "judgment", SINCE, "失信被执行人", "由人民法院公布；部分任职、融资和高消费依法受限。",
        "履行完毕或者符合其他删除情形的，由执行法院删除。",
        (Basis(COURT_LIST, "第十条", note=UNREAD),), ways=SAYING,
        elsewhere="由执行法院办理，本局不能移出；信息有误的，可以在这里提出，本局向法院核实。",
    )
)  # fmt: skip
declare(
    Standing(
        "wage_arrears", SINCE, "企业经营者欠薪逃匿名单",
        "由人力资源和社会保障部门公布；资金支持、资质资格等方面依法受限。",
        "结清工资后由人力资源和社会保障部门移出。",
        (Basis("保障农民工工资支付条例", "第四十八条", note=UNREAD),), ways=SAYING,
        elsewhere="由人力资源和社会保障部门办理，本局不能移出；信息有误的，可以在这里提出，本局向来源核实。",
    )
)  # fmt: skip
