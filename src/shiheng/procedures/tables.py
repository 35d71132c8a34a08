"""The desk as a list: every kind of file in one, by what falls due; given to an officer, one or many at once."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache, partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from pydantic.fields import FieldInfo

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Account, Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.procedures import figures, joining, queries
from shiheng.procedures.contents import all_on, version_of
from shiheng.procedures.definition import Procedure
from shiheng.procedures.duty import actions as duty
from shiheng.procedures.duty import queries as duty_queries
from shiheng.procedures.exchange import queries as orders
from shiheng.procedures.models import Proceeding
from shiheng.registers.definition import choices_of
from shiheng.ui import addresses
from shiheng.ui.tables import Column, Filter, Step, StepPreview, Table
from shiheng.ui.wording import say

SOON = timedelta(days=3)
MOST_OFFICERS = 12
SHOWN = ("number", "title", "procedure", "version", "subject__name", "state", "ended", "due", "due_limit",
         "officer_name", "received_on")  # fmt: skip
"""What the columns read of a file: what was told with its opening is long, and stands in none of them."""


def table_of(who: Who, code: str = "") -> Table:
    """The desk of one reader; with one procedure chosen, also by what its files are counted by."""
    held = next((one for one in all_on(clock.today()) if one.code == code), None)
    filters = _filters(who) + (_counted(held) if held else [])
    return Table("files", str(_("待办案卷")), _columns(), filters, default_sort="due", empty="没有要办的案卷。")


def _columns() -> list[Column]:
    file, subject = addresses.numbered("file"), addresses.numbered("subject")
    left = partial(urgency, today=clock.today())
    return [
        Column("number", "编号", "number", kind="link", href=lambda row: file(row.pk)),
        Column("title", "名称", "title"),
        Column("procedure", "程序", _once(procedure_title, "procedure", "version")),
        Column("subject", "主体", "subject.name", kind="link", href=lambda row: subject(row.subject_id)),
        Column("state", "状态", _once(state_of, "procedure", "version", "state"), kind="badge"),
        Column("left", "期限", _once(left, "ended", "due", "due_limit"), kind="badge", sort="due"),
        Column("due", "最近期限", "due", kind="day", sort="due", hidden=True),
        Column("limit", "期限事项", limit_title, hidden=True),
        Column("officer", "承办人", "officer_name", kind="person"),
        Column("received", "收到日期", "received_on", kind="day", sort="received_on", hidden=True),
    ]


def _once(said: Callable[[Proceeding], Any], *names: str) -> Callable[[Proceeding], Any]:
    """What is said of a file by these columns alone: said once a page, for many rows stand alike."""
    made: dict[Any, Any] = {}
    key_of = attrgetter(*names)

    def value(row: Proceeding) -> Any:
        key = key_of(row)
        if key not in made:
            made[key] = said(row)
        return made[key]

    return value


def procedure_title(row: Proceeding) -> str:
    try:
        return str(say(version_of(row.procedure, row.version).title))
    except Missing:
        return row.procedure  # no longer declared


def state_of(row: Proceeding) -> tuple[str, str]:
    try:
        held = version_of(row.procedure, row.version).state(row.state)
    except Missing:
        return row.state, "plain"
    return str(say(held.title)), held.tone


def limit_title(row: Proceeding) -> str:
    if row.due_limit == orders.LIMIT:
        return str(_("回复来件平台"))
    try:
        held = version_of(row.procedure, row.version).limit(row.due_limit)
    except Missing:
        return row.due_limit
    return str(say(held.title)) if held else ""


def urgency(row: Proceeding, today: date | None = None) -> tuple[str, str]:
    """How long there is, in words and colour."""
    if row.ended:
        return str(_("已办结")), "done"
    if row.due is None and row.due_limit:
        return str(_("暂停计算")), "wait"
    return left_words(row.due, today or clock.today())


def left_words(due: date | None, today: date) -> tuple[str, str]:
    """Days until a due day, in words and colour; of none it says so."""
    if due is None:
        return str(_("没有在计的期限")), "plain"
    left = (due - today).days
    if left < 0:
        return str(_("已超期 %(days)s 日") % {"days": -left}), "late"
    if left == 0:
        return str(_("今日到期")), "warn"
    return str(_("还有 %(days)s 日") % {"days": left}), "warn" if left <= SOON.days else "ok"


def _filters(who: Who) -> list[Filter]:
    offices = Office.objects.filter(within(who.paths(May.READ_FILES), "path"), closed_on=None)

    @cache
    def places() -> Sequence[tuple[str, str]]:  # once a list: two filters offer them
        return list(offices.order_by("path").values_list("path", "title"))

    kinds = [(one.code, one.title) for one in all_on(clock.today())]
    return [
        Filter("q", "编号或名称", apply=_by_text),
        Filter("mine", "只看我承办的", "flag", apply=partial(_mine, who)),
        Filter("late", "已超期", "flag", apply=lambda rows, _on: rows.filter(queries.OPEN, due__lt=clock.today())),
        Filter("done", "也看已办结的", "flag", apply=lambda rows, _on: rows),
        Filter("procedure", "程序", "choice", "procedure", choices=kinds),
        Filter("due", "最近期限", "day_range", "due"),
        Filter("received", "收到日期", "day_range", "received_on"),
        Filter("officer", "承办人", apply=lambda rows, name: rows.filter(officer_name=name)),
        Filter("nobody", "还没有承办人", "flag", apply=lambda rows, _on: rows.filter(officer=None)),
        Filter(
            "at", "承办单位（不含下属）", "choice", apply=lambda rows, path: rows.filter(scope=path), choices=places
        ),
        Filter("office", "承办单位", "choice", apply=lambda rows, path: rows.filter(within((path,))), choices=places),
    ]


def _counted(procedure: Procedure) -> list[Filter]:
    """Filters by the facts and limits a procedure's figures name."""
    found = [
        Filter(f"f-{name}", info.title or name, "choice", apply=partial(_told, name), choices=_offered(info))
        if choices_of(info)
        else Filter(f"f-{name}", info.title or name, apply=partial(_told, name))
        for name, info in ((name, procedure.told[name]) for name in procedure.counted_by)
    ]
    limits = [(limit.code, limit.title) for limit in procedure.limits if not limit.of_party]
    return [
        *found,
        Filter("missed", "超过的期限", "choice", apply=figures.late, choices=[(figures.ANY, "任何一个"), *limits]),
    ]


def _offered(info: FieldInfo) -> list[tuple[str, str]]:
    return [*choices_of(info).items(), (figures.UNTOLD, "还没有")]


def _told(name: str, rows: "QuerySet[Proceeding]", value: str) -> "QuerySet[Proceeding]":
    if value == figures.UNTOLD:
        return rows.exclude(facts__has_key=name)
    return rows.filter(**{f"facts__{name}": value})


def _mine(who: Who, rows: "QuerySet[Proceeding]", _on: object) -> "QuerySet[Proceeding]":
    return rows.filter(officer_id=who.account_id)


def _by_text(rows: "QuerySet[Proceeding]", text: str) -> "QuerySet[Proceeding]":
    text = text.strip()
    return rows.filter(Q(number__startswith=text) | Q(title__contains=text))


def steps_of(who: Who) -> list[Step]:
    """What may be done with many files at once: taking them over, and giving them to somebody."""
    if not who.account_id or not who.may(May.HANDLE_FILES):
        return []
    found = [_giving(who.account_id, who.name, "mine", "由我承办", free=True)]
    for path in who.paths(May.ASSIGN_FILES)[:1]:
        others = queries.officers_at(path).exclude(pk=who.account_id).values_list("pk", "name")[:MOST_OFFICERS]
        found += [_giving(pk, name, f"to-{pk}", str(_("交给%(name)s") % {"name": name})) for pk, name in others]
    return found + [_opening(one) for one in joining.offered(who)]


def _opening(procedure: Procedure) -> Step:
    """A step that opens a file of a procedure from each of those picked."""

    def preview(who: Who, rows: Sequence[Proceeding]) -> StepPreview:
        refused = [(row.pk, row.number, why) for row in rows if (why := joining.refusal(who, procedure, row))]
        out = {number for number, _title, _why in refused}
        return StepPreview([(row.pk, row.number) for row in rows if row.pk not in out], refused)

    def apply(who: Who, numbers: Sequence[Any], key: str) -> str:
        rows = list(queries.visible_to(who).filter(pk__in=[int(number) for number in numbers]).order_by("pk"))
        made = joining.open_each(who, procedure.code, rows, UUID(key))
        return str(_("已登记“%(title)s” %(count)s 件。") % {"title": say(procedure.title), "count": len(made)})

    return Step(f"open-{procedure.code}", str(_("登记“%(title)s”") % {"title": say(procedure.title)}), preview, apply)


def _giving(to: int, name: str, code: str, title: str, *, free: bool = False) -> Step:
    """A step that gives files to an account; ``free``: whoever handles files takes those that are nobody's."""

    def preview(who: Who, rows: Sequence[Proceeding]) -> StepPreview:
        accepted, refused = [], []
        unfit = duty_queries.refusals(rows, Account.objects.get(pk=to))
        for row in rows:
            if why := unfit.get(row.pk) or _refusal(who, row, free=free):
                refused.append((row.pk, row.number, why))
            else:
                accepted.append((row.pk, row.number))
        return StepPreview(accepted, refused)

    def apply(who: Who, numbers: Sequence[Any], key: str, reason: str = "") -> str:
        moved = duty.assign(who, [int(number) for number in numbers], to, reason=reason, key=UUID(key))
        return str(_("%(count)s 件交由%(name)s承办。") % {"count": moved, "name": name})

    return Step(code, title, preview, apply, asks="" if free else "理由")


def _refusal(who: Who, row: Proceeding, *, free: bool) -> str:
    own = free and row.officer_id is None and who.may(May.HANDLE_FILES, row.scope)
    return "" if own or queries.may_assign(who, row.scope) else str(_("您的岗位不能指定这个案卷的承办人"))
