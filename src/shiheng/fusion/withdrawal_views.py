"""撤回批次: first exactly what it would change, then the reason, then the deed."""

from typing import Annotated, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import actions, preview
from shiheng.fusion.definition import FIELDS
from shiheng.fusion.models import Batch
from shiheng.fusion.tables import source_title, state_of, value_shown
from shiheng.kernel.errors import Problem
from shiheng.subjects import layout
from shiheng.subjects.models import Subject
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Table
from shiheng.ui.wording import say


def may_withdraw(who: Who, batch: Batch) -> bool:
    """Whether this person could take this batch back now."""
    standing = batch.state not in {"refused", "withdrawing", "withdrawn"}
    return standing and who.may(May.WITHDRAW_FILES, batch.scope)


TOUCHED = Table(
    "withdrawal",
    "会变化的主体",
    [
        Column(
            "name",
            "主体",
            lambda row: row.name or row.mint_key.partition(":")[2],
            kind="link",
            href=lambda row: reverse("subject", args=[row.pk]),
        ),
        Column("uscc", "统一社会信用代码", kind="code"),
        Column("will", "撤回后"),
    ],
    default_sort="pk",
    empty="这个批次还没有归到任何主体，撤回不改变任何档案。",
    page_size=20,
    export=False,
)


class Withdrawing(BaseModel):
    """撤回批次"""

    reason: Annotated[
        str,
        Field(
            title="撤回原因",
            max_length=500,
            description="写清楚为什么撤回，例如“导出时选错了年度”。原因会记入存证并显示在批次页上。",
            json_schema_extra={"widget": "textarea"},
        ),
    ]


@needs(May.WITHDRAW_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponseBase:
    """See what taking a batch back would change, and take it back."""
    who = who_at(request)
    found = actions.withdrawable(number, who=who)
    here = reverse("batch", args=[number])
    form = forms.from_model(Withdrawing, code="fusion.withdraw", about=str(number))
    if request.method == "POST" and (value := form.read(request)):
        try:
            actions.withdraw(number, who=who, reason=value.reason, key=form.key)
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("批次 %(number)s 已开始撤回，进度显示在本页。") % {"number": number})
            return htmx.redirect(request, here)
    if not may_withdraw(who, found) and not form.bound:
        return htmx.redirect(request, here)
    listing = TOUCHED.read(request, preview.subjects_of(found))
    will = preview.changes(found, [row.pk for row in listing.page_rows])
    for row in listing.page_rows:
        row.will = _will(who, row, will.get(row.pk, preview.Changes()))
    context = {
        "batch": found,
        "source_title": source_title(found),
        "state": state_of(found),
        # Turning a page of the list asks for the list alone: the whole counts need not be made again.
        "counts": None if request.headers.get("HX-Target") == "listing-withdrawal" else preview.counts(found),
        "listing": listing,
        "form": form,
    }
    return render(request, "fusion/withdraw.html", context, status=form.status)


def _will(who: Who, row: Subject, changes: preview.Changes) -> SafeString:
    """What becomes of one subject, in lines."""
    fields = [
        (say(FIELDS[c.field]), *(value_shown(who, row.scope, c.field, value) for value in (c.before, c.after)))
        for c in changes.fields
    ]
    gone = [(say(layout.RECORD_TITLES.get(kind, kind)), n) for kind, n in preview.kinds_of(changes.gone).items()]
    facts: dict[str, Any] = {"changes": changes, "fields": fields, "gone": gone}
    return SafeString(render_to_string("fusion/parts/will.html", facts))
