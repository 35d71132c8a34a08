"""Public lists on the credit portal: all of them, one of them, one issue to print; a clerk's check of a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import anyone, needs, who_at
from shiheng.accounts.permissions import May
from shiheng.fusion import sources
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.kernel.personal import clean
from shiheng.publication.definition import PublicList
from shiheng.publication.lists import checking, entries
from shiheng.publication.lists.entries import Entry
from shiheng.subjects import own
from shiheng.subjects.layout import ABSENT, capital
from shiheng.ui import forms, pages
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

UNNUMBERED = "-"
"""Stands in an address for the issue of entries whose source names none."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of a list: how many entries it ever had, how many are still on it, in how many places."""

    code: str
    title: str
    published: str
    ever: int
    now: int
    places: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A list among all of them."""

    plan: PublicList
    delivered: entries.Delivered
    now: int
    ever: int


def _overview(plan: PublicList, today: date) -> Overview:
    all_of_it = entries.everything(plan)
    now = sum(entry.standing(today) for entry in all_of_it)
    return Overview(plan, entries.delivered(plan), now, sum(entry.published(today) for entry in all_of_it))


@anyone
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """公示名单: every list, how many stand on it, and when it was last updated."""
    today = clock.today()
    lists = [_overview(plan, today) for plan in entries.plans(today)]
    return pages.render(request, "publication/lists/overview.html", {"lists": lists})


@anyone
@require_safe
def public_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """One list: sought by name, code, place and issue; exported as it is shown."""
    today = clock.today()
    plan = entries.plan_of(code, today)
    on_list = entries.standing(plan, today)
    listing = _table(plan, on_list).read(request, on_list)
    if listing.wants_export:
        return listing.response()
    context = {
        "list": _overview(plan, today),
        "plan": plan,
        "listing": listing,
        "issues": issues(plan, today) if plan.grouped[0] else [],
    }
    return pages.render(request, "publication/lists/list.html", context)


@anyone
@require_safe
def issue(request: HttpRequest, code: str) -> HttpResponse:
    """One issue as a table by place, to be printed: who is still on the list, and how many have left it."""
    today = clock.today()
    plan = entries.plan_of(code, today)
    number = request.GET.get("issue", "")
    found = next((held for held in issues(plan, today) if held.code == number), None) if plan.grouped[0] else None
    if found is None:
        raise Missing("list.issue", _("没有这一期。请返回名单，从各期中选择。"))
    wanted = "" if number == UNNUMBERED else number
    rows = [entry for entry in entries.standing(plan, today) if entry.issue == wanted]
    places: dict[str, list[Entry]] = {}
    for entry in sorted(rows, key=lambda entry: (entry.place, entry.name)):
        places.setdefault(entry.place, []).append(entry)
    groups = [
        (place, [(entry, [_open(entry, f.code, f.kind) for f in plan.shown]) for entry in held])
        for place, held in places.items()
    ]
    context = {
        "plan": plan,
        "issue": found,
        "groups": groups,
        "left": found.ever - found.now,
        "today": today,
        "delivered": entries.delivered(plan),
    }
    return pages.render(request, "publication/lists/issue.html", context)


def issues(plan: PublicList, today: date) -> list[Issue]:
    """Every issue of a list, the latest first."""
    held: dict[str, list[Entry]] = {}
    for entry in entries.everything(plan):
        if entry.published(today):
            held.setdefault(entry.issue, []).append(entry)
    made = []
    for number in sorted(held, key=_in_order, reverse=True):
        rows = held[number]
        days = sorted(str(e.facts[plan.published]) for e in rows if e.facts.get(plan.published))
        made.append(
            Issue(
                number or UNNUMBERED,
                issue_title(number),
                days[0] if days else "",
                len(rows),
                sum(entry.standing(today) for entry in rows),
                len({entry.place for entry in rows}),
            )
        )
    return made


def issue_title(number: str) -> str:
    """What an issue is called: its number in words, as its source writes it when that is words already."""
    if not number:
        return _("未注明期号")
    return _("第 %(number)s 期") % {"number": number} if number.isdigit() else number


def _in_order(number: str) -> tuple[list[int], str]:
    return [int(figure) for figure in re.findall(r"\d{1,9}", number)], number


def _shown(entry: Entry, fact: str, kind: str) -> str:
    value = entry.facts.get(fact)
    if value in (None, ""):
        return str(say(ABSENT[entry.absent[fact]])) if fact in entry.absent else ""
    return capital(str(value)) if kind == "money" else str(value)


def _open(entry: Entry, fact: str, kind: str) -> str:
    """The same for everybody: what is written freely goes out with everything personal in it marked as left out."""
    text = _shown(entry, fact, kind)
    return clean(text, keep=() if entry.natural else (entry.name,)) if kind == "text" else text


def _address(entry: Entry) -> str | None:
    return reverse("portal-subject", args=[entry.address]) if entry.address else None


def _source(entry: Entry) -> str:
    if entry.source == own.SOURCE:
        return str(say(entries.OURS))
    found = _titles().get(entry.source)
    if found is None:
        return entry.source
    title, third_party = found
    return str(say(title)) + (str(say("（第三方数据）")) if third_party else "")


def _titles() -> dict[str, tuple[str, bool]]:
    return {code: (source.title, source.third_party) for code, source in sources.every().items()}


def _fact_column(fact: Any) -> Column:
    kind = {"day": "day", "number": "number", "money": "number"}.get(fact.kind, "text")

    def value(entry: Entry) -> Any:
        text = _open(entry, fact.code, fact.kind)
        return (date.fromisoformat(text) if _DAY.fullmatch(text) else None) if kind == "day" else text or None

    return Column(fact.code, fact.title, value, kind="text" if fact.kind == "money" else kind)


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _table(plan: PublicList, on_list: Sequence[Entry]) -> Table:
    columns = [
        Column("name", "名称", "shown_name", kind="link", href=_address),
        Column("uscc", "统一社会信用代码", lambda entry: entry.uscc if entry.address else None, kind="code"),
    ]
    filters = [
        Filter("q", "名称或代码", apply=entries.matching, hint="自然人须输入完整姓名"),
    ]
    if plan.grouped[0]:
        numbers = sorted({entry.issue for entry in on_list}, key=_in_order, reverse=True)
        places = sorted({entry.place for entry in on_list})
        columns.append(Column("issue", "期号", lambda entry: issue_title(entry.issue)))
        columns.append(Column("place", "街镇", "place", sort="place"))
        filters.append(
            Filter(
                "issue", "期号", "choice", apply=_of_issue, choices=[(n or UNNUMBERED, issue_title(n)) for n in numbers]
            )
        )
        filters.append(Filter("place", "街镇", "choice", apply=_of_place, choices=[(p, p) for p in places if p]))
    columns += [_fact_column(fact) for fact in plan.shown]
    columns += [
        Column("state", "状态", lambda entry: say(entry.state), kind="badge"),
        Column("day", "日期", kind="day", sort="day"),
        Column("source", "来源", _source),
    ]
    return Table(
        f"list-{plan.code}",
        plan.title,
        columns,
        filters,
        default_sort="-day",
        empty="没有符合条件的记录。名单以部门最近一次报送的为准。",
    )


def _of_issue(rows: Sequence[Entry], number: str) -> list[Entry]:
    wanted = "" if number == UNNUMBERED else number
    return [entry for entry in rows if entry.issue == wanted]


def _of_place(rows: Sequence[Entry], place: str) -> list[Entry]:
    return [entry for entry in rows if entry.place == place]


Purpose = Literal["establish", "change", "filing", "permit", "other"]


class Checking(BaseModel):
    """任职资格核查"""

    name: Annotated[
        str,
        Field(
            title="姓名或名称",
            max_length=100,
            description="自然人的姓名，或者单位名称",
            json_schema_extra={"draft": False},
        ),
    ] = ""
    number: Annotated[
        str,
        Field(
            title="证件号码",
            max_length=30,
            description="居民身份证号码。只按姓名查到的都是“同名待核”；号码只用来比对，不保存。",
            json_schema_extra={"draft": False},
        ),
    ] = ""
    code: Annotated[
        str,
        Field(title="统一社会信用代码", max_length=30, description="查单位时填写", json_schema_extra={"draft": False}),
    ] = ""
    purpose: Annotated[
        Purpose,
        Field(title="用途", json_schema_extra={"choices": checking.PURPOSES, "widget": "select", "draft": False}),
    ]
    reason: Annotated[
        str,
        Field(
            title="业务编号",
            max_length=100,
            description="正在办理的申请编号等，可不填；不要写入个人信息",
            json_schema_extra={"draft": False},
        ),
    ] = ""


@needs(May.READ_PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check_person(request: HttpRequest) -> HttpResponse:
    """Does this person or business stand on a list now? Asked for a purpose, answered with the rows, on record."""
    form = forms.from_model(Checking, code="publication.check-person")
    context: dict[str, Any] = {"form": form, "lists": entries.plans(clock.today())}
    if request.method == "POST" and (given := form.read(request)):
        try:
            answers = checking.check(
                who_at(request),
                name=given.name,
                number=given.number,
                code=given.code,
                purpose=given.purpose,
                reason=given.reason,
                key=form.key,
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            shown = [
                (answer, [(hit, _hit_facts(hit.entry), _source(hit.entry)) for hit in answer.hits])
                for answer in answers
            ]
            found = {
                **context,
                "answers": shown,
                "asked": given,
                "at": clock.now(),
                "form": forms.from_model(Checking, code="publication.check-person"),
            }
            return pages.render(request, "publication/lists/check.html", found)
    return pages.render(request, "publication/lists/check.html", context, status=form.status)


def _hit_facts(entry: Entry) -> list[tuple[str, str]]:
    """What the entry says and the second signs beside its name, as an officer reads them."""
    facts = [(fact.title, _shown(entry, fact.code, fact.kind)) for fact in entry.plan.shown]
    signs = {
        "证件号码": entry.masked_id,
        "法定代表人": entry.signs.get("representative", ""),
        "地址": entry.signs.get("business_address") or entry.signs.get("address", ""),
        "街镇": entry.place if entry.plan.grouped[1] else "",
    }
    return [(title, value) for title, value in [*facts, *signs.items()] if value]
