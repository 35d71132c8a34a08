"""法人追寻: who is meant and what for first, then every subject of theirs; and the page of who traced whom."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Problem, Refused
from shiheng.kernel.identifiers import normalise
from shiheng.subjects import following, graph, layout, suspicions
from shiheng.subjects.following import Found
from shiheng.subjects.models import Opinion, Relation, Subject, Trace
from shiheng.ui import forms
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

Purpose = Literal["misuse", "case", "complaint", "inspection", "licence", "request"]
DRAWN = 24

POSITIONS = Table(
    "positions",
    "此人名下的主体",
    [
        Column("name", "主体", lambda row: row.subject.name, sort="subject__name", kind="link",
               href=lambda row: reverse("subject", args=[row.subject_id])),
        Column("role", "关系", lambda row: say(Relation.ROLES.get(row.role, row.role)), sort="role"),
        Column("named", "所报姓名"),
        Column("first_day", "起", sort="first_day", kind="day"),
        Column("last_day", "止", sort="last_day", kind="day"),
        Column("current", "现任", lambda row: say("是") if row.current else say("否")),
        Column("status", "登记状态", lambda row: (Subject.STATUSES.get(row.subject.status, row.subject.status),
               layout.STATUS_TONES.get(row.subject.status, "plain")), kind="badge"),
        Column("address", "住所", lambda row: row.subject.address),
        Column("source", "来源", hidden=True),
    ],
    [
        Filter("role", "关系", "choice", "role", choices=list(Relation.ROLES.items())),
        Filter("current", "现任", "choice", "current", choices=[("1", "是"), ("0", "否")]),
    ],
    default_sort="subject__name",
    empty="此人名下没有主体。",
)  # fmt: skip

TRACES = Table(
    "traces",
    "人员追寻记录",
    [
        Column("asked_at", "时间", sort="asked_at", kind="moment"),
        Column("asked_by", "追寻人", kind="person"),
        Column("person", "对象", lambda row: row.person.name, kind="person"),
        Column("purpose", "目的", lambda row: say(Trace.PURPOSES[row.purpose])),
        Column("matter", "事项编号", kind="code"),
        Column("reason", "事由"),
        Column("subjects", "主体数", kind="number"),
    ],
    [
        Filter("asked_by", "追寻人", lookup="asked_by__icontains"),
        Filter("purpose", "目的", "choice", "purpose", choices=list(Trace.PURPOSES.items())),
        Filter("matter", "事项编号", lookup="matter__icontains"),
        Filter("day", "日期", "moment_range", "asked_at"),
    ],
    default_sort="-asked_at",
    empty="还没有人追寻过人员。每次追寻的人、对象、目的、事项编号与事由会列在这里。",
)


class Asking(BaseModel):
    """法人追寻"""

    name: Annotated[
        str, Field(title="姓名", max_length=100, default="", json_schema_extra={"width": "short", "draft": False})
    ]
    number: Annotated[
        str,
        Field(
            title="证件号码",
            max_length=30,
            default="",
            description="填了证件号码就只找这一个人；号码不保存，不记入存证。",
            json_schema_extra={"draft": False},
        ),
    ]
    purpose: Annotated[
        Purpose,
        Field(title="追寻目的", json_schema_extra={"choices": Trace.PURPOSES, "widget": "select", "draft": False}),
    ]
    matter: Annotated[
        str,
        Field(
            title="事项编号",
            max_length=64,
            description="案号、投诉编号或申请编号。",
            json_schema_extra={"width": "short", "draft": False},
        ),
    ]
    reason: Annotated[
        str,
        Field(
            title="具体事由",
            max_length=300,
            description="让事后查阅的人知道为什么要查此人。不要写入个人信息。",
            json_schema_extra={"widget": "textarea", "draft": False},
        ),
    ]


class Choosing(Asking):
    """法人追寻"""

    person: Annotated[
        str,
        Field(
            title="是哪一个人",
            default="",
            description="只有姓名相同的不会合并：一行是一个人。",
            json_schema_extra={"widget": "radio", "draft": False},
        ),
    ]


@needs(May.TRACE_PERSONS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponseBase:
    """Say who is meant and why; where a name may mean several, choose."""
    who = who_at(request)
    named = _named(request)
    form = forms.from_model(Asking, code="subjects.trace", initial={"name": named.named if named else ""})
    several = False
    if request.method == "POST" and (given := form.read(request)):
        try:
            offered = _offered(named, given)
            picked = [one for one in offered if len(offered) == 1 or str(one.pk) == request.POST.get("person", "")]
            asked = {"purpose": given.purpose, "matter": given.matter, "reason": given.reason}
            if picked:
                made = following.ask(who, picked[0].pk, **asked, key=UUID(str(form.key)))
                return redirect("trace-person-found", made.pk)
            following.sought(who, len(offered), **asked)
            several = True
            choices = {"person": [(str(one.pk), _told(one)) for one in offered]}
            form = forms.from_model(Choosing, code="subjects.trace", initial=given.model_dump(), choices=choices)
        except Problem as problem:
            form.refuse(problem)
    context = {"named": named, "several": several, "form": form}
    return render(request, "subjects/trace_person.html", context, status=form.status)


def _named(request: HttpRequest) -> Relation | None:
    """The position on a subject's page from which somebody came."""
    number = request.GET.get("relation", "")
    held = Relation.objects.select_related("subject", "person").exclude(person=None)
    return held.filter(pk=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 19 else None


def _offered(named: Relation | None, given: Asking) -> list[following.Offered]:
    # Who comes from a subject's page means the person there, unless another name or a number is written.
    if named and named.person and given.name.strip() in {"", named.named} and not normalise(given.number):
        return [following.Offered(named.person.pk, named.named, named.person.verified, 0, "")]
    offered = following.offered(given.name, given.number)
    if not offered:
        raise Refused("trace.nobody", _("登记人员中没有这个人。请核对姓名或证件号码。"), field="name")
    return offered


def _told(one: following.Offered) -> str:
    """A person as one can be told from others of the name: how sure, how many subjects, and one of them."""
    proved = _("证件号码相互印证") if one.verified else _("身份未核实")
    return _("%(name)s（%(proved)s，%(n)s 户，如 %(where)s）") % {
        "name": one.name, "proved": proved, "n": one.subjects, "where": one.where}  # fmt: skip


@needs(May.TRACE_PERSONS)
@require_safe
@never_cache
def found(request: HttpRequest, number: int) -> HttpResponseBase:
    """What a tracing found: positions, namesakes, suspicions, the web, and the way to another subject."""
    who = who_at(request)
    made = following.opened(who, number)
    day = _day(request)
    held = following.find(made.person, on=day)
    rows = Relation.objects.filter(pk__in=[r.pk for r in held.positions]).select_related("subject")
    listing = POSITIONS.read(request, rows, may_export=who.may(May.EXPORT_SUBJECTS))
    if listing.wants_export:
        return listing.response()
    goal, steps = _way(request, held, day)
    judged = suspicions.opinions(made)
    context = {
        "trace": made,
        "may_claim": who.may(May.INVESTIGATE_MISUSE),
        "purpose": Trace.PURPOSES[made.purpose],
        "found": held,
        "listing": listing,
        "namesakes": [(r, Relation.ROLES.get(r.role, r.role)) for r in following.namesakes(made.person, held.names)],
        "suspects": [
            (s, _roles(s.positions), _opinion(judged.get((s.person.pk, s.subject.pk)))) for s in held.suspects
        ],
        "precision": suspicions.precision(),
        "web": _web(held),
        "left_out": max(0, held.subjects - DRAWN),
        "on": day,
        "to": request.GET.get("to", ""),
        "goal": goal,
        "steps": [(s, *(Relation.ROLES.get(r.role, r.role) for r in (s.near, s.far))) for s in steps],
    }
    return render(request, "subjects/trace_person_found.html", context)


def _opinion(held: Opinion | None) -> tuple[str, str, str] | None:
    """What was found of a suspicion: the word, its tone, and why by whom."""
    if held is None:
        return None
    return Opinion.VERDICTS[held.verdict], "warn" if held.verdict == "so" else "done", f"{held.reason}（{held.by}）"


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


def _way(request: HttpRequest, held: Found, day: date | None) -> tuple[Subject | None, list[following.Step]]:
    """From any of the person's subjects to the one named by its code."""
    code = normalise(request.GET.get("to", ""))
    goal = Subject.objects.filter(uscc=code, redirect_to=None).first() if code else None
    starts = dict.fromkeys(r.subject_id for r in held.positions)
    if goal is None or goal.pk in starts:
        return goal, []
    return goal, following.between(starts, goal.pk, on=day)


def _roles(rows: Iterable[Relation]) -> str:
    """The positions, each once, as this page says them."""
    return "、".join(dict.fromkeys(str(say(Relation.ROLES.get(r.role, r.role))) for r in rows))


def _web(held: Found) -> str:
    """The person, the subjects, and whoever left the same telephone."""
    roles: dict[int, list[Relation]] = {}
    for relation in held.positions:
        roles.setdefault(relation.subject_id, []).append(relation)
    shown = list(roles.items())[:DRAWN]
    places = {pk: place for place, (pk, _rows) in enumerate(shown)}
    subjects = [
        graph.Node(
            rows[0].subject.name,
            _roles(rows),
            reverse("subject", args=[pk]),
            ended=not any(r.current for r in rows),
        )
        for pk, rows in shown
    ]
    suspects: dict[int, tuple[Relation, set[int]]] = {}
    for suspect in held.suspects:
        if suspect.subject.pk not in roles:
            on = {places[subject.pk] for subject in suspect.shared_at if subject.pk in places}
            suspects.setdefault(suspect.subject.pk, (suspect.positions[0], set()))[1].update(on)
    others = [
        graph.Node(
            r.subject.name,
            _("疑似：与 %(name)s 留同一电话") % {"name": r.named},
            reverse("subject", args=[pk]),
            tuple(sorted(on)),
        )
        for pk, (r, on) in list(suspects.items())[:DRAWN]
    ]
    label = _("%(name)s 名下的主体 %(n)s 户，疑似关联 %(m)s 户，明细见下表") % {
        "name": held.person.name, "n": held.subjects, "m": len(suspects)}  # fmt: skip
    return graph.drawn(held.person.name, subjects, others, label=label)


@needs(May.READ_LEDGER)
@require_safe
def log(request: HttpRequest) -> HttpResponseBase:
    """人员追寻审计: who traced whom, for what; by month and by officer."""
    who = who_at(request)
    held = _mine(Trace.objects.select_related("person"), who.paths(May.READ_LEDGER))
    listing = TRACES.read(request, held)
    if listing.wants_export:
        return listing.response()
    by_month = held.values("asked_at__year", "asked_at__month", "asked_by").annotate(n=Count("pk"))
    months = by_month.order_by("-asked_at__year", "-asked_at__month", "-n", "asked_by")[:24]
    lines = [(f"{m['asked_at__year']}-{m['asked_at__month']:02d}", m["asked_by"], m["n"]) for m in months]
    return render(request, "subjects/traces.html", {"listing": listing, "months": lines})


def _mine(rows: "QuerySet[Trace]", paths: Any) -> "QuerySet[Trace]":
    return rows if "" in paths else rows.filter(within(paths))
