"""Subjects on the desk: the list of the territory, the search for everything, 一企一档; and the owner's own page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.subjects import layout, peers, queries, search, stock
from shiheng.subjects import permits as shelves
from shiheng.subjects import structure as structures
from shiheng.subjects.models import Subject
from shiheng.ui import charts, pages, slots
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

PAGE = 20


def _of_industry(rows: "QuerySet[Subject]", asked: str) -> "QuerySet[Subject]":
    return peers.of_industry(rows, asked[:2])


TABLE = Table(
    "subjects",
    "辖区主体",
    columns=(
        Column("name", "名称", sort="name", kind="link", href=lambda row: reverse("subject", args=[row.id])),
        Column("uscc", "统一社会信用代码", kind="code", sort="uscc"),
        Column(
            "status",
            "登记状态",
            lambda row: (Subject.STATUSES.get(row.status, row.status), layout.STATUS_TONES.get(row.status, "plain")),
            kind="badge",
        ),
        Column("kind", "主体类别", lambda row: say(Subject.KINDS.get(row.kind, row.kind))),
        Column("representative", "法定代表人（经营者）", kind="person"),
        Column("established", "成立日期", kind="day", sort="established"),
        Column("address", "住所"),
        Column("industry", "行业", hidden=True),
        Column("capital", "注册资本", "capital_fen", kind="money", sort="capital_fen", hidden=True),
        Column("updated_on", "最近更新", kind="day", hidden=True),
    ),
    filters=(
        Filter("q", "名称、代码或拼音", apply=search.narrow, hint="名称一部分、代码前四位或首字母"),
        Filter(
            "status",
            "登记状态",
            "choice",
            apply=structures.by_status,
            choices=[("standing", "实有（存续、歇业）"), *Subject.STATUSES.items()],
        ),
        Filter("kind", "主体类别", "choice", "kind", choices=list(Subject.KINDS.items())),
        Filter("office", "管辖机构", "choice", apply=lambda rows, path: rows.filter(within((path,)))),
        Filter("industry", "行业大类", apply=_of_industry, hint="行业代码前两位，例如 62"),
        Filter("established", "成立日期", "day_range", "established"),
        Filter("capital", "注册资本（元）", "money_range", "capital_fen"),
        Filter(
            "currency",
            "币种",
            "choice",
            apply=structures.in_currency,
            choices=[("CNY", "人民币"), ("foreign", "外币")],
        ),
        Filter("stock", "期末实有", "choice", apply=stock.narrow, choices=stock.choices),
        Filter("capital_unknown", "未取得注册资本", "flag", apply=lambda rows, _on: structures.without_capital(rows)),
    ),
    default_sort="name",
    empty="辖区内还没有主体。登记数据入档后，主体会出现在这里。",
)


def _table(who: Who) -> Table:
    """The list with the districts and stations of this person's territory to choose from."""
    mine = within(who.paths(May.READ_SUBJECTS), "path")
    stations = Office.objects.filter(mine, kind__in=("district", "station"), closed_on=None)

    def choices() -> Sequence[tuple[str, str]]:
        return list(stations.order_by("path").values_list("path", "title"))

    filters = tuple(replace(f, choices=choices) if f.key == "office" else f for f in TABLE.filters)
    return replace(TABLE, filters=filters)


@needs(May.READ_SUBJECTS)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """辖区主体."""
    who = who_at(request)
    found = _table(who).read(request, queries.visible_to(who), may_export=who.may(May.EXPORT_SUBJECTS))
    if found.wants_export:
        return found.response()
    return pages.render(request, "subjects/list.html", {"listing": found})


@needs(May.READ_SUBJECTS)
@require_safe
def structure(request: HttpRequest) -> HttpResponse:
    """主体结构: the stock of my territory by kind, capital and year; every figure opens its rows."""
    found = structures.of(who_at(request))
    drawn = charts.bar(
        "按注册资本分布",
        [charts.Bar(f.title, f.count, f.href) for f in found.bands],
        sentence=_("实有主体按注册资本分档；外币出资和未取得注册资本的另列。"),
        unit="户",
        name="户数",
    )
    grown = charts.bar(
        "按成立年份",
        [charts.Bar(f.title, f.count, f.href) for f in found.years],
        sentence=_("近十年各年成立的主体，含后来注销的；最近一年尚未结束。"),
        unit="户",
        name="户数",
    )
    growth = stock.of(who_at(request))
    context = {"structure": found, "bands": drawn, "years": grown, "growth": growth, "day": clock.today()}
    return pages.render(request, "subjects/structure.html", context)


@needs(May.READ_SUBJECTS)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The search box at the top: every subject, whoever's territory; other rooms add what they find."""
    text = request.GET.get("q", "").strip()[:100]
    number = page_number(request)
    found = search.find(text, limit=PAGE, offset=(number - 1) * PAGE, count=True) if text else search.Found()
    if request.GET.get("go") and len(found.hits) == 1 and number == 1:
        return HttpResponseRedirect(reverse("subject", args=[found.hits[0].subject.id]))
    paths = who_at(request).paths(May.READ_SUBJECTS)
    context = {
        "search_text": text,
        "found": found,
        "rows": [(hit, any(hit.subject.scope.startswith(path) for path in paths)) for hit in found.hits],
        "page": number,
        "first": (number - 1) * PAGE + 1,
    }
    return pages.render(request, "subjects/find.html", context)


@needs(May.READ_SUBJECTS)
@require_safe
def permits(request: HttpRequest) -> HttpResponseBase:
    """经营许可证照库: the permits of my territory, by how they stand."""
    who = who_at(request)
    rows = shelves.visible_to(who).select_related("subject")
    return _shelf(request, who, shelves.table_for(who), rows, _("经营许可证照库"))


@needs(May.READ_SUBJECTS)
@require_safe
def missing_permits(request: HttpRequest) -> HttpResponseBase:
    """The permits an industry needs and nobody reported."""
    who = who_at(request)
    rows = shelves.gaps_visible_to(who).select_related("subject")
    return _shelf(request, who, shelves.missing_table_for(who), rows, _("应有未见的许可"))


def _shelf(request: HttpRequest, who: Who, table: Table, rows: "QuerySet[Any]", heading: str) -> HttpResponseBase:
    listing = table.read(request, rows, may_export=who.may(May.EXPORT_SUBJECTS))
    if listing.wants_export:
        return listing.response()
    context = {
        "listing": listing,
        "figures": shelves.figures(who),
        "heading": heading,
        "missing": table.code == shelves.MISSING.code,
    }
    return pages.render(request, "subjects/permits.html", context)


def page_number(request: HttpRequest) -> int:
    """The page asked for; anything that is no page is the first."""
    given = request.GET.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 6 else 1


@needs(May.READ_SUBJECTS)
@require_safe
def subject(request: HttpRequest, subject_id: int) -> HttpResponse:
    """一企一档: one screen about one subject, as known today or on an earlier day."""
    survivor = queries.survivor_of(subject_id)
    if survivor != subject_id:
        return HttpResponseRedirect(f"{reverse('subject', args=[survivor])}?merged={subject_id}")
    return pages.render(request, "subjects/subject.html", _file(request, subject_id))


def _file(request: HttpRequest, subject_id: int) -> dict[str, Any]:
    """What the page about one subject needs; a day that cannot be read is told beside the box."""
    who = who_at(request)
    on, fault = _day(request.GET.get("on", ""))
    try:
        page = queries.page_of(who, subject_id, as_of=on)
    except Missing:
        raise
    except Problem as problem:
        fault, on = problem.message, None
        page = queries.page_of(who, subject_id)
    tab = request.GET.get("tab", "overview")
    if tab != "all" and tab not in {t.code for t in page.tabs}:
        tab = "overview"
    return {
        "page": page,
        "subject": page.subject,
        "tab": tab,
        "timeline": timeline(page) if tab in {"timeline", "all"} else [],
        "panels": _panels(who, page.subject.id, tab),
        "day_fault": fault,
        "day_typed": request.GET.get("on", "")[:20],
        "today": clock.today(),
        "merged": request.GET.get("merged", "")[:20] if request.GET.get("merged", "").isdigit() else "",
    }


def _panels(who: Who, subject_id: int, tab: str) -> list[slots.Filled]:
    """What rooms add: everything on the overview, under a tab what bears the tab's name."""
    if tab in {"overview", "all"}:
        return slots.fragments("subject.panels", who, subject_id)
    return slots.fragments("subject.panels", who, subject_id, only=tab)


def _day(text: str) -> tuple[date | None, str]:
    if not text.strip():
        return None, ""
    try:
        return date.fromisoformat(text.strip()), ""
    except ValueError:
        return None, _("“%(text)s”不是日期，请写成 2026-03-01 的样子。") % {"text": text[:20]}


def timeline(page: queries.Page) -> list[dict[str, Any]]:
    """What became of the subject, latest first: names, places, people and records on one line of time."""
    items: list[dict[str, Any]] = [
        {"day": name.first_day, "title": _headed("登记名称" if name.current else "曾用名称", name.text)}
        for name in page.names
    ]
    items += [
        {"day": place.first_day, "title": _headed(place.KINDS.get(place.kind, place.kind), place.text)}
        for place in page.premises
    ]
    for line in page.relations:
        items.append({"day": line.since, "title": _headed(line.role, line.name)})
        if line.until and not line.current:
            ended = _("%(role)s %(name)s 不再任职") % {"role": say(line.role), "name": line.name}
            items.append({"day": line.until, "title": ended, "tone": "done"})
    for tab in page.tabs:
        for record in tab.records:
            said = filter(None, (say(record.state), say(page.source_title(record.source))))
            items.append({"day": record.day, "title": say(record.title), "text": " · ".join(said)})
    return sorted(items, key=lambda item: item["day"] or date.min, reverse=True)


def _headed(head: str, text: str) -> str:
    return _("%(head)s：%(text)s") % {"head": say(head), "text": text}


@needs(May.OWN_BUSINESS)
@require_safe
def enterprise(request: HttpRequest) -> HttpResponse:
    """企业首页: the businesses this login stands for."""
    who = who_at(request)
    context = {"subjects": list(queries.of_account(who.account_id or 0)), "tones": layout.STATUS_TONES}
    return pages.render(request, "subjects/enterprise.html", context)


@needs(May.OWN_BUSINESS)
@require_safe
def enterprise_subject(request: HttpRequest, subject_id: int) -> HttpResponse:
    """What the bureau holds on one's own business: the same facts an officer sees."""
    who = who_at(request)
    if not queries.of_account(who.account_id or 0).filter(id=subject_id).exists():
        raise Missing("subject.missing", "这不是您名下的主体。请从企业首页进入；如需增加代表关系，请到登记窗口办理。")
    return pages.render(request, "subjects/enterprise_subject.html", _file(request, subject_id))
