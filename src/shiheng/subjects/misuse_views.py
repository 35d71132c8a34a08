"""冒名登记投诉: claimed from what a tracing found, listed with the days left, concluded."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.ledger import attachments, files
from shiheng.subjects import following, misuse
from shiheng.subjects.models import Record, Trace
from shiheng.ui import forms
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {misuse.OPEN: "wait", misuse.REVOKE: "warn", misuse.KEEP: "done"}


def _limit(row: Record) -> tuple[str, str]:
    """The last day of the investigation, late where it is past and nothing is concluded."""
    limit = str(row.facts.get("limit", ""))
    late = row.state == misuse.OPEN and bool(limit) and limit < clock.today().isoformat()
    return limit, "late" if late else "plain"


CLAIMS = Table(
    "misuse",
    "冒名登记投诉",
    [
        Column("subject", "主体", lambda row: row.subject.name, sort="subject__name", kind="link",
               href=lambda row: reverse("misuse-claim", args=[row.pk])),
        Column("claimant", "当事人", lambda row: row.facts.get("claimant", ""), kind="person"),
        Column("position", "被登记为", lambda row: say(row.facts.get("position", ""))),
        Column("matter", "事项编号", lambda row: row.facts.get("matter", ""), kind="code"),
        Column("day", "收到日期", sort="day", kind="day"),
        Column("limit", "调查期限", _limit, kind="badge"),
        Column("state", "状态", lambda row: (row.state, TONES.get(row.state, "plain")), kind="badge", sort="state"),
    ],
    [
        Filter("state", "状态", "choice", "state", choices=[(word, word) for word in TONES]),
        Filter("day", "收到日期", "day_range", "day"),
    ],
    default_sort="-day",
    empty="没有冒名登记投诉。先用“法人追寻”找出当事人名下的主体，再从结果页登记。",
)  # fmt: skip


class Claiming(BaseModel):
    """登记冒名登记投诉"""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    subjects: Annotated[
        list[str],
        Field(title="当事人否认的主体", json_schema_extra={"widget": "checkboxes", "draft": False}),
    ]
    received: Annotated[date, Field(title="收到日期", json_schema_extra={"width": "short"})]
    said: Annotated[
        str,
        Field(
            title="当事人陈述",
            max_length=1000,
            description="何时发现、如何不知情、是否丢失过证件。不要写入证件号码和电话。",
            json_schema_extra={"widget": "textarea"},
        ),
    ]
    evidence: Annotated[
        UploadedFile | None,
        Field(
            title="身份核验材料",
            default=None,
            description="报案回执、身份核验记录等，加密保存，不超过 20 MB。",
            json_schema_extra={"accept": ",".join(attachments.KINDS)},
        ),
    ]


class Concluding(BaseModel):
    """办结冒名登记投诉"""

    outcome: Annotated[
        Literal["revoke", "keep"],
        Field(title="调查结论", json_schema_extra={"choices": misuse.OUTCOMES, "widget": "radio"}),
    ]
    reason: Annotated[str, Field(title="认定的事实和理由", max_length=1000, json_schema_extra={"widget": "textarea"})]


@needs(May.INVESTIGATE_MISUSE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def claim(request: HttpRequest, number: int) -> HttpResponseBase:
    """Which of the subjects found the person denies, and what the person says."""
    who = who_at(request)
    made = following.opened(who, number)
    held = following.find(made.person).positions
    options = {str(r.subject_id): r.subject.name for r in held}
    initial = {"received": clock.today()}
    form = forms.from_model(
        Claiming, code="subjects.misuse", choices={"subjects": list(options.items())}, initial=initial
    )
    if request.method == "POST" and (given := form.read(request)):
        try:
            _claimed(who, made, given, UUID(str(form.key)))
            return redirect("misuse")
        except Problem as problem:
            form.refuse(problem)
    rule = misuse.rule(clock.today())
    context = {"trace": made, "form": form, "rule": rule, "any": bool(options)}
    return render(request, "subjects/misuse_claim.html", context, status=form.status)


def _claimed(who: Who, made: Trace, given: Claiming, key: UUID) -> None:
    chosen = [int(pk) for pk in given.subjects if pk.isdigit()]
    misuse.claim(
        who,
        made,
        chosen,
        said=given.said,
        received=given.received,
        evidence=attachments.keep(given.evidence),
        evidence_name=(given.evidence.name or "") if given.evidence else "",
        key=key,
    )


@needs(May.INVESTIGATE_MISUSE)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every claim of my territory."""
    found = CLAIMS.read(request, misuse.visible_to(who_at(request)))
    return found.response() if found.wants_export else render(request, "subjects/misuse.html", {"listing": found})


@needs(May.INVESTIGATE_MISUSE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def detail(request: HttpRequest, number: int) -> HttpResponseBase:
    """One claim: what was said, until when it is to be found out and how that was reckoned; and the conclusion."""
    who = who_at(request)
    found = misuse.find(who, number)
    form = forms.from_model(Concluding, code="subjects.misuse_end") if found.state == misuse.OPEN else None
    if form and request.method == "POST" and (given := form.read(request)):
        try:
            misuse.conclude(who, number, given.outcome, reason=given.reason, key=UUID(str(form.key)))
            return redirect("misuse-claim", number)
        except Problem as problem:
            form.refuse(problem)
    receipt = misuse.reckoned(found.day) if found.day else None
    context = {
        "claim": found,
        "form": form,
        "state": (found.state, TONES.get(found.state, "plain")),
        "limit": _limit(found),
        "receipt": receipt,
        "rule": misuse.rule(found.day or clock.today()),
    }
    return render(request, "subjects/misuse_detail.html", context, status=form.status if form else 200)


@needs(May.INVESTIGATE_MISUSE)
@require_safe
@never_cache
def evidence(request: HttpRequest, number: int) -> HttpResponseBase:
    """What the person brought as proof of who they are."""
    found = misuse.find(who_at(request), number)
    if not found.facts.get("evidence"):
        raise Missing("misuse.evidence", _("这件投诉没有材料。"))
    held, name = files.open_kept(found.facts["evidence"]), found.facts.get("evidence_name", "")
    return FileResponse(held, as_attachment=True, filename=name)
