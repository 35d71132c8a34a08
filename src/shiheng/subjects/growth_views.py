"""增减与迁移: the page of a territory's births, ends and moves by month, and the stays behind every figure of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.subjects import balance, growth
from shiheng.subjects.balance import Line
from shiheng.subjects.growth import Asked, Growth
from shiheng.subjects.models import Stay, Subject
from shiheng.ui import charts, pages
from shiheng.ui.filters import Choices
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

SPANS = {"12": ("近 12 个月", 12), "36": ("近 36 个月", 36)}
BREAKDOWNS = {"": "按辖区", growth.KIND: "按主体类别", growth.INDUSTRY: "按行业大类"}
_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: what it counts, how many, and where its rows are."""

    title: str
    count: int
    href: str
    sign: str = ""

    @property
    def text(self) -> str:
        return f"{self.sign}{self.count:,}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; ``cells`` is empty where nothing is obtained yet."""

    title: str
    href: str
    cells: Sequence[Figure]
    leads: int = 0


def asked_of(given: Mapping[str, str]) -> tuple[Asked, str, str]:
    """What an address asks: months, territory, kind, industry; the span chosen; and what could not be read."""
    first, last, fault = given.get("first", "").strip(), given.get("last", "").strip(), ""
    span = given.get("span", "12")
    chosen = growth.latest(SPANS.get(span, SPANS["12"])[1])
    if first or last:
        first, last = first or last, last or first
        if not (_MONTH.fullmatch(first) and _MONTH.fullmatch(last)) or first > last:
            fault = _("月份请写成 2026-05 的样子，起在前、止在后；现按近 12 个月显示。")
        elif len(balance.months(first, last)) > growth.MOST_MONTHS:
            fault = _("一次最多看 %(most)s 个月；现按近 12 个月显示。") % {"most": growth.MOST_MONTHS}
        else:
            chosen, span = (first, last), ""
    kind = given.get("kind", "")
    asked = Asked(
        *chosen,
        at=given.get("at", ""),
        kind=kind if kind in Subject.KINDS else "",
        industry=given.get("industry", "").strip()[:2],
    )
    return asked, span if span in {*SPANS, ""} else "12", fault


@needs(May.READ_SUBJECTS)
@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """增减与迁移: by month, by part of the territory, the matrix of moves, and what is unusual."""
    who = who_at(request)
    asked, span, fault = asked_of(request.GET.dict())
    by = request.GET.get("by", "") if request.GET.get("by") in BREAKDOWNS else ""
    found = growth.of(who, asked)
    depth = min((balance.depth(path) for path in found.paths), default=0)
    columns = _columns(depth, many=len(found.paths) > 1)
    parts = growth.broken_down(who, asked, by) if by else list(found.parts)
    leads = [_lead(found, lead) for lead in found.leads]
    context = {
        "asked": asked,
        "span": span,
        "fault": fault,
        "spans": [(code, title, code == span) for code, (title, _n) in SPANS.items()],
        "offices": growth.offices(who),
        "kinds": list(Subject.KINDS.items()),
        "found": found,
        "total": found.total,
        "stats": _stats(found, columns),
        "chart": _chart(found, columns),
        "heads": [balance.TITLES[name] for name in columns],
        "months": [_month(found, month, line, columns) for month, line in reversed(found.months)],
        "breakdowns": [(_here(asked, span, by=code), title, code == by) for code, title in BREAKDOWNS.items()],
        "by": by,
        "part_heads": [balance.TITLES[name] for name in _part_columns(depth, by, columns)],
        "parts": [_part(found, part, by, _part_columns(depth, by, columns)) for part in parts],
        "matrix": _matrix(found),
        "leads": leads,
        "law": [(balance.TITLES.get(name, _LAW.get(name, name)), how) for name, how in balance.LAW.items()],
        "unknown": balance.UNKNOWN,
        "undated": f"{reverse('subjects')}?stock=undated",
        "least": balance.LEAST,
    }
    return pages.render(request, "subjects/growth.html", context)


_LAW = {"opening": "期初实有", "closing": "期末实有"}


def _columns(depth: int, *, many: bool) -> list[str]:
    """The figures that can be other than nothing in a territory of this depth."""
    left_out = set()
    if depth < 2 and not many:
        left_out |= {"across_in", "across_out"}
    if depth < 3:
        left_out |= {"within_in", "within_out"}
    if depth >= 2 and not many:
        left_out.add("inner_across")
    if depth >= 3:
        left_out.add("inner_within")
    return [name for name in balance.EVENTS if name not in left_out]


def _part_columns(depth: int, by: str, columns: Sequence[str]) -> list[str]:
    return list(columns) if by else _columns(depth + 1, many=False)


def _href(found: Growth, what: str, *, at: str | None = None, first: str = "", last: str = "", **more: str) -> str:
    """The rows a figure counts."""
    asked = found.asked
    first, last = first or asked.first, last or asked.last
    days = (
        {"stock_to": growth.last_day(last).isoformat()}
        if what == growth.STOCK
        else {"day_from": growth.first_day(first).isoformat(), "day_to": growth.last_day(last).isoformat()}
    )
    given = {"what": what, "at": asked.at if at is None else at, "kind": asked.kind, "industry": asked.industry}
    given = {**given, **days, **more}
    return f"{reverse('subject-growth-rows')}?{urlencode({k: v for k, v in given.items() if v})}"


def _here(asked: Asked, span: str, **more: str) -> str:
    """This page asked otherwise."""
    months = {"span": span} if span else {"first": asked.first, "last": asked.last}
    given = {**months, "at": asked.at, "kind": asked.kind, "industry": asked.industry, **more}
    return f"{reverse('subject-growth')}?{urlencode({k: v for k, v in given.items() if v})}"


def _cells(found: Growth, line: Line, columns: Sequence[str], **at: str) -> list[Figure]:
    """The stock before, each figure, the net change and the stock after; each with its rows."""
    first = at.get("first") or found.asked.first
    before = {**at, "first": "", "last": balance.later(first, -1)}
    return [
        Figure("期初实有", line.opening, _href(found, growth.STOCK, **before)),
        *(
            Figure(balance.TITLES[name], line.events[name], _href(found, name, **at) if line.events[name] else "")
            for name in columns
        ),
        Figure("净增减", line.net, "", "+" if line.net > 0 else ""),
        Figure("期末实有", line.closing, _href(found, growth.STOCK, **at)),
    ]


def _month(found: Growth, month: str, line: Line, columns: Sequence[str]) -> Row:
    leads = sum(lead.month == month for lead in found.leads)
    if not found.obtained(month):
        return Row(month, "", [])
    return Row(month, "", _cells(found, line, columns, first=month, last=month), leads)


def _part(found: Growth, part: growth.Part, by: str, columns: Sequence[str]) -> Row:
    at = {"at": part.code} if not by else {by: part.code}
    opens = "" if by or part.code.endswith(balance.DIRECT) else _here(found.asked, "", at=part.code)
    if by and not part.code:  # a list is narrowed to a code, and to no code not
        return Row(part.title, "", [Figure(f.title, f.count, "", f.sign) for f in _cells(found, part.line, columns)])
    leads = 0 if by else sum(balance.inside(lead.scope, (part.code,)) for lead in found.leads)
    return Row(str(say(part.title)), opens, _cells(found, part.line, columns, **at), leads)


def _stats(found: Growth, columns: Sequence[str]) -> list[Figure]:
    cells = _cells(found, found.total, columns)
    return [cells[0], *(cell for cell in cells[1:-2] if cell.count), cells[-2], cells[-1]]


def _chart(found: Growth, columns: Sequence[str]) -> charts.Chart:
    """Born, ended, came and gone by month; a month not obtained is a gap."""

    def run(names: Sequence[str]) -> list[int | None]:
        held = [name for name in names if name in columns]
        return [
            sum(line.events[name] for name in held) if found.obtained(month) else None for month, line in found.months
        ]

    series = [
        charts.Series("新设", run(("born",))),
        charts.Series("终止", run(balance.CLOSED)),
        charts.Series("迁出", run(balance.OUT)),
    ]
    if set(balance.IN[1:]) & set(columns):
        series.append(charts.Series("迁入", run(balance.IN[1:])))
    return charts.line(
        say("逐月增减"),
        [month for month, _line in found.months],
        series,
        sentence=_("新设、终止（注销、吊销、撤销登记）、迁入和迁出的户数；来文未到的月份留空。"),
        unit="户",
    )


def _matrix(found: Growth) -> dict[str, Any] | None:
    """Rows where they came from, columns where they went; nothing where nobody moved."""
    if not found.matrix:
        return None
    units = [part.code for part in found.parts]
    origins = [u for u in [*units, balance.OUTSIDE] if any(pair[0] == u for pair in found.matrix)]
    goals = [u for u in [*units, balance.OUTSIDE, balance.ELSEWHERE] if any(pair[1] == u for pair in found.matrix)]
    names = {balance.OUTSIDE: _("辖区以外"), balance.ELSEWHERE: _("外地")}

    def title(code: str) -> str:
        return names.get(code) or _short(found.title(code))

    rows = []
    for origin in origins:
        cells = []
        for goal in goals:
            count = found.matrix.get((origin, goal), 0)
            href = _href(found, "", origin=origin, goal=goal) if count else ""
            cells.append(Figure(title(goal), count, href))
        rows.append(Row(title(origin), "", cells))
    return {"heads": [title(goal) for goal in goals], "rows": rows}


def _short(title: str) -> str:
    """An office's title without what all of them share."""
    before, bureau, after = title.partition("市场监督管理局")  # not shown: read in titles
    return after if bureau and after and not after.startswith("（") else before + after


def _lead(found: Growth, lead: balance.Lead) -> dict[str, Any]:
    told = {
        "office": found.title(lead.scope), "month": lead.month, "count": lead.count, "mean": f"{lead.mean:.1f}",
        "lowest": lead.lowest, "highest": lead.highest,
        "what": say("新设") if lead.what == "born" else say("终止和迁出"),
    }  # fmt: skip
    sentence = _(
        "%(office)s %(month)s %(what)s %(count)s 户，此前十二个月月均 %(mean)s 户，"
        "最少 %(lowest)s 户、最多 %(highest)s 户。"
    )
    at = lead.scope if balance.depth(lead.scope) > 2 else lead.scope + balance.DIRECT
    return {
        "many": lead.many,
        "sentence": sentence % told,
        "href": _href(found, lead.what, at=at, first=lead.month, last=lead.month),
    }


# --- rows --------------------------------------------------------------------------------------------------------

ROWS = Table(
    "stays",
    "增减与迁移的主体",
    columns=(
        Column("name", "名称", lambda row: row.subject.name, sort="subject__name", kind="link",
               href=lambda row: reverse("subject", args=[row.subject_id])),
        Column("uscc", "统一社会信用代码", lambda row: row.subject.uscc, kind="code"),
        Column("kind", "主体类别", lambda row: say(Subject.KINDS.get(row.kind, row.kind))),
        Column("division", "行业大类", sort="division", hidden=True),
        Column("scope", "辖区"),
        Column("since", "在辖起", sort="since", kind="day"),
        Column("began", "来由", lambda row: say(Stay.BEGAN.get(row.began, row.began))),
        Column("came_from", "迁自"),
        Column("until", "在辖止", sort="until", kind="day"),
        Column("ended", "去向", lambda row: say(Stay.ENDED.get(row.ended, row.ended))),
        Column("left_to", "迁往"),
        Column("told", "迁移的依据", lambda row: say(Stay.TOLD.get(row.told, ""))),
    ),
    filters=(
        Filter("what", "数的是什么", "choice", apply=lambda rows, _what: rows, choices=list(growth.EVENTS.items())),
        Filter("at", "辖区", "choice", apply=lambda rows, _at: rows),
        Filter("day", "发生日期", "day_range", "day"),
        Filter("kind", "主体类别", "choice", "kind", choices=list(Subject.KINDS.items())),
        Filter("industry", "行业大类", lookup="division", hint="行业代码前两位，例如 62"),
        Filter("origin", "迁自", "choice", apply=lambda rows, _at: rows),
        Filter("goal", "迁往", "choice", apply=lambda rows, _at: rows),
        Filter("stock", "期末实有（截至）", "day_range",
               apply=lambda rows, pair: growth.stock_on(rows, pair[1] or pair[0])),
    ),
    default_sort="-day",
    empty="没有符合条件的主体。新设、终止、迁入、迁出的主体会列在这里。",
)  # fmt: skip


def _table(who: Who, titles: Mapping[str, str]) -> Table:
    """The list with this person's territories to choose from, offices by their titles."""
    mine = growth.offices(who)
    direct = [(p + balance.DIRECT, growth.title_of(p + balance.DIRECT, titles)) for p, _t in mine if p.count(".") < 3]
    choices: dict[str, Choices] = {
        "at": [*mine, *direct],
        "origin": [*mine, *direct, (balance.OUTSIDE, "辖区以外")],
        "goal": [*mine, *direct, (balance.OUTSIDE, "辖区以外"), (balance.ELSEWHERE, "外地")],
    }

    def office(name: str) -> Any:
        return lambda row: titles.get(getattr(row, name), getattr(row, name))

    return replace(
        ROWS,
        columns=[replace(c, value=office(c.key)) if c.key in {"scope", "came_from", "left_to"} else c
                 for c in ROWS.columns],
        filters=[replace(f, choices=choices[f.key]) if f.key in choices else f for f in ROWS.filters],
    )  # fmt: skip


@needs(May.READ_SUBJECTS)
@require_safe
def rows(request: HttpRequest) -> HttpResponseBase:
    """The stays a figure counts: of a territory, in a span of days, of one thing that happened."""
    who = who_at(request)
    asked = request.GET
    paths = growth.paths_of(who, asked.get("at", ""))
    held = growth.visible_to(who).select_related("subject")
    what = asked.get("what", "")
    if asked.get("origin") and asked.get("goal"):
        held = growth.moved_between(held, asked["origin"], asked["goal"], paths)
    else:
        held = growth.happened(held, what if what in growth.EVENTS else "born", paths)
    titles = dict(Office.objects.values_list("path", "title"))
    listing = _table(who, titles).read(request, held, may_export=who.may(May.EXPORT_SUBJECTS))
    if listing.wants_export:
        return listing.response()
    context = {"listing": listing, "what": growth.EVENTS.get(what, "")}
    return pages.render(request, "subjects/growth_rows.html", context)
