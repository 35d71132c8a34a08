"""罚没收缴: who owes what and paid, the totals above; files of receipts held against it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Problem
from shiheng.procedures.money import actions, queries
from shiheng.procedures.money.queries import Due
from shiheng.procedures.money.slips import MATCHED, RESULTS
from shiheng.ui import formats, forms
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

DUES = Table(
    "dues",
    "罚没收缴",
    [
        Column("number", "案号", lambda row: row.file.number, kind="link",
               href=lambda row: reverse("file", args=[row.file.pk])),
        Column("party", "当事人", "party", sort="party"),
        Column("decided_on", "决定日期", "decided_on", kind="day", sort="decided_on"),
        Column("owed", "应缴", "owed", sort="owed", kind="money"),
        Column("paid", "已缴", "paid", sort="paid", kind="money"),
        Column("rest", "尚欠", "rest", sort="rest", kind="money"),
        Column("late", "加处罚款", "late", kind="money"),
        Column("slips", "票据", lambda row: _("、").join(filter(None, row.slips)), hidden=True),
    ],
    [
        Filter("q", "案号或当事人", apply=lambda rows, text: [r for r in rows if text in f"{r.file.number} {r.party}"]),
        Filter("open", "只看尚欠的", "flag", apply=lambda rows, _on: [row for row in rows if row.rest > 0]),
    ],
    empty="没有应缴的罚没款。",
    row_label="party",
)  # fmt: skip


class Uploading(BaseModel):
    """财政缴款文件"""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    file: UploadedFile = Field(
        title="文件", description="表头：票据号码、缴款日期、金额、缴款人。", json_schema_extra={"accept": ".csv,.xlsx"}
    )


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every party that owes or owed; taking in a file of receipts."""
    who = who_at(request)
    form = forms.from_model(Uploading, code="procedures.money") if who.may(May.ASSIGN_FILES) else None
    if request.method == "POST" and form and (given := form.read(request)):
        try:
            made = actions.take(who, given.file.read(), given.file.name or "", key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已收下 %(n)s 张票据。") % {"n": len(made.slips)})
            return redirect("money-file", made.pk)
    rows = queries.dues(who)
    table = DUES.read(request, rows)
    if table.wants_export:
        return table.response()
    context = {"listing": table, "totals": _totals(rows), "files": queries.files(who)[:20], "form": form}
    return render(request, "procedures/money/listing.html", context, status=form.status if form else 200)


def _totals(rows: list[Due]) -> list[tuple[str, str, str]]:
    owed, paid = sum(row.owed for row in rows), sum(row.paid for row in rows)
    late, rest = sum(row.late for row in rows), sum(max(row.rest, 0) for row in rows)
    return [
        (str(_("应缴罚没款")), formats.money_text(owed), "?"),
        (str(_("已缴")), formats.money_text(paid), "?"),
        (str(_("加处罚款")), formats.money_text(late), "?"),
        (str(_("尚欠")), formats.money_text(rest), "?open=1"),
    ]


@needs(May.READ_FILES)
@require_safe
@never_cache
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """One file of receipts against the files: what differs first."""
    who = who_at(request)
    held = queries.find(who, number)
    compared = queries.compared(who, held)
    counts: dict[str, int] = {}
    for one in compared:
        counts[one.result] = counts.get(one.result, 0) + 1
    lines: list[dict[str, Any]] = [
        {
            "one": one,
            "result": (str(say(RESULTS[one.result])), "ok" if one.result == MATCHED else "warn"),
            "theirs": [(slip.day, formats.money_text(slip.amount), slip.payer) for slip in one.theirs],
            "ours": [(paid, formats.money_text(paid.amount)) for paid in one.ours],
            "difference": formats.money_text(one.difference) if one.difference else "",
        }
        for one in compared
    ]
    context = {
        "file": held,
        "counts": [(str(say(title)), counts.get(code, 0)) for code, title in RESULTS.items()],
        "lines": lines,
        "faults": held.faults[: actions.FAULTS_SHOWN],
        "taken": len(held.slips),
        "refused": len(held.faults),
    }
    return render(request, "procedures/money/file.html", context)
