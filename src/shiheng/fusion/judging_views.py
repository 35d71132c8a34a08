"""待判: rows without a code that the matcher does not decide alone, side by side with whom they may mean."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import judging, matching, queries
from shiheng.fusion.match.sentences import TITLES
from shiheng.fusion.match.weigh import SIGNS
from shiheng.fusion.models import Nameless, Verdict
from shiheng.fusion.tables import source_filter, source_title, title_of
from shiheng.kernel.errors import Problem, Refused
from shiheng.subjects import layout
from shiheng.subjects.models import Subject
from shiheng.ui import htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"": "wait", "auto": "ok", "judged": "ok", "tie": "warn", "ask": "warn", "none": "done"}
# What a row says, as it stands beside what the subject's file says.
SAID = {
    "name": "名称",
    "address": "住所",
    "business_address": "经营地址",
    "representative": "负责人",
    "region": "区划",
    "phone": "电话",
}
_ALWAYS = ("address", "representative")

ROWS = Table(
    "nameless",
    "无码行",
    [
        Column("name", "来文名称", sort="name", kind="link", href=lambda row: reverse("judge", args=[row.pk])),
        Column("source", "数据源", lambda row: source_title(row.batch)),
        Column("decision", "判定", lambda row: (Nameless.DECISIONS[row.decision], TONES[row.decision]), kind="badge"),
        Column("likely", "把握", lambda row: f"{row.likely:.0%}" if row.best_id else "", sort="likely"),
        Column(
            "best",
            "最可能的主体",
            lambda row: row.best.name if row.best else "",
            kind="link",
            href=lambda row: reverse("subject", args=[row.best_id]) if row.best_id else "",
        ),
        Column(
            "batch",
            "批次",
            "batch_id",
            sort="batch_id",
            kind="number",
            href=lambda row: reverse("batch", args=[row.batch_id]),
        ),
        Column("row", "行号", kind="number"),
    ],
    [
        Filter("name", "来文名称含", "text", "name__contains"),
        Filter("decision", "判定", "choice", "decision", choices=[(k, v) for k, v in Nameless.DECISIONS.items() if k]),
        source_filter("batch__source"),
    ],
    default_sort="-likely",
    empty="没有无码行。部门来文中没有统一社会信用代码的行会按名称、地址、负责人等比对归户，结果列在这里。",
)


@needs(May.READ_SOURCES)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every row without a code of my territory and how it was judged."""
    who = who_at(request)
    found = ROWS.read(request, judging.visible_to(who).select_related("batch", "best"))
    if found.wants_export:
        return found.response()
    waiting = judging.pending(who).count() if who.may(May.JUDGE_LINKS) else 0
    held = judging.watched(who)
    precision = "" if held.precision is None else f"{held.precision:.1%}"
    context = {
        "listing": found,
        "waiting": waiting,
        "settled": matching.is_settled(),
        "next": _next(who),
        "watched": held,
        "asked": f"{held.asked:.1%}",
        "precision": precision,
        "counts": [(say(Nameless.DECISIONS[d]), n, f"?decision={d}") for d, n in held.decided.items() if d],
        "kinds": [say(title) for code, title in Nameless.DECISIONS.items() if code],
        "sources": [
            (title_of(code), [counts.get(d, 0) for d in Nameless.DECISIONS if d]) for code, counts in held.sources
        ],
    }
    return render(request, "fusion/nameless.html", context)


def _next(who: Who, after: int | None = None) -> str:
    """The address of the next row that waits for this person, or nothing."""
    if not who.may(May.JUDGE_LINKS):
        return ""
    rows = judging.pending(who)
    found = (rows.exclude(pk=after) if after else rows).values_list("pk", flat=True).first()
    return reverse("judge", args=[found]) if found else ""


@needs(May.READ_SOURCES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One row beside the subjects it may mean, why each, and what is said of it."""
    who = who_at(request)
    row = judging.find(who, number)
    problem = ""
    key = _key(request)
    if request.method == "POST":
        try:
            told = _said(request, row, who, key)
        except Problem as refused:
            problem = refused.message
            row.refresh_from_db()
        else:
            messages.success(request, told)
            return htmx.redirect(request, _next(who, number) or reverse("nameless"))
    return render(request, "fusion/judge.html", _about(row, who, key, problem), status=422 if problem else 200)


def _key(request: HttpRequest) -> UUID:
    """The key the page was given; a page sent without a right one is a deed of its own."""
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return uuid4()


def _said(request: HttpRequest, row: Nameless, who: Who, key: UUID) -> str:
    choice, reason = request.POST.get("choice", ""), request.POST.get("reason", "")
    if choice == "undo":
        judging.undo(row.pk, who=who, reason=reason, key=key)
        return _("已撤销这一行的判断，它会重新比对。")
    says, _colon, subject = choice.partition(":")
    code = ""
    if says == "other":
        says, code = "same", request.POST.get("code", "")
        if not code.strip():
            raise Refused("verdict.code", _("请填写这一户的统一社会信用代码。"), field="code")
    judging.say(
        row.pk, says, who=who, subject=int(subject) if subject.isdigit() else None, code=code, reason=reason,
        misled=request.POST.get("misled", ""), key=key,
    )  # fmt: skip
    return _("已记下判断。下面是下一行。")


def _about(row: Nameless, who: Who, key: UUID, problem: str) -> dict[str, Any]:
    whole = who.may(May.READ_PERSONAL, row.batch.scope)
    said = {field: _shown(field, value, whole) for field, value in {"name": row.name, **row.signs}.items()}
    beside = [
        {
            "subject": subject,
            "likely": f"{one['likely']:.1%}",
            "number": number,
            "values": [
                (say(SAID[field]), _shown(field, _value(subject, field), who.may(May.READ_PERSONAL, subject.scope)))
                for field in SAID
                if field in said or field in _ALWAYS
            ],
            "others": _others(subject),
            "reasons": judging.explained(one, say),
        }
        for number, (subject, one) in enumerate(judging.candidates(row), start=1)
    ]
    verdicts = list(row.verdicts.select_related("subject").order_by("-pk"))
    standing = [v for v in verdicts if v.undone_at is None and v.says != "unsure"]
    return {
        "row": row,
        "source_title": source_title(row.batch),
        "state": (Nameless.DECISIONS[row.decision], TONES[row.decision]),
        "said": [(say(SAID[field]), said.get(field, "")) for field in SAID if field in said or field in _ALWAYS],
        "beside": beside,
        "verdicts": [(v, Verdict.SAYS[v.says], TITLES.get(v.misled, "")) for v in verdicts],
        "standing": standing,
        "may_judge": who.may(May.JUDGE_LINKS) and not standing,
        "may_undo": who.may(May.JUDGE_LINKS) and bool(verdicts) and any(v.undone_at is None for v in verdicts),
        "signs": [(sign, say(TITLES[sign])) for sign in SIGNS],
        "key": key,
        "problem": problem,
        "original": reverse("batch-row", args=[row.batch_id, row.row]),
        "readable": queries.visible_to(who).filter(pk=row.batch_id).exists(),
    }


def _others(subject: Subject) -> list[tuple[str, str]]:
    """Names and doors it had or is also known by: the row may speak of one of those."""
    names = [name.text for name in subject.names.all() if name.text != subject.name]
    doors = [place.text for place in subject.premises.all() if place.text != subject.address]
    return [(say("其他名称"), text) for text in names] + [(say("其他地址"), text) for text in dict.fromkeys(doors)]


def _shown(field: str, value: str, whole: bool) -> str:
    """As the subject's file shows it to whoever may not read what is personal; that two agree the reasons say."""
    plan = layout.BY_CODE.get(field)
    return value if whole or plan is None or plan.mask is None else plan.mask(value)


def _value(subject: Subject, field: str) -> str:
    value = subject.fields.get(field, {}).get("value", "") if isinstance(subject.fields, dict) else ""
    return str(value or getattr(subject, field, "") or "")
