"""接收原系统案卷: the template of a procedure, a table shown row by row, taken, taken back."""

import tempfile
from typing import Annotated, Any
from uuid import UUID, uuid4

import xlsxwriter
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem
from shiheng.ledger import files
from shiheng.procedures.contents import all_on, procedure_of
from shiheng.procedures.definition import Procedure
from shiheng.procedures.models import Batch, BatchRow
from shiheng.procedures.takeover import actions, reading
from shiheng.registers.definition import choices_of
from shiheng.ui import exports, forms
from shiheng.ui.grids import ACCEPTED
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"new": "ok", "taken": "ok", "already": "done", "quarantined": "late", "undone": "done"}
STATE_TONES = {"reading": "wait", "preview": "warn", "running": "wait", "done": "ok", "refused": "late"}
CHOICES_MOST = 255

ROWS = Table(
    "takeover",
    "接收原系统案卷",
    [
        Column("line", "行号", "line", sort="line", kind="number"),
        Column("number", "原编号", "number"),
        Column("outcome", "结果", lambda row: (str(say(row.get_outcome_display())), TONES[row.outcome]), kind="badge"),
        Column("column", "列", lambda row: _("；").join(column for column, _why in row.faults)),
        Column("why", "怎样改", lambda row: _("；").join(f"{column}{_('：')}{why}" for column, why in row.faults)),
        Column("file", "案卷", lambda row: row.proceeding.number if row.proceeding else "", kind="link",
               href=lambda row: reverse("file", args=[row.proceeding_id]) if row.proceeding_id else None),
    ],
    [Filter("outcome", "结果", "choice", "outcome", choices=list(BatchRow.OUTCOMES.items()))],
    default_sort="line",
    empty="没有这样的行。",
    row_label="number",
)  # fmt: skip


class Bringing(BaseModel):
    """上传"""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: Annotated[
        UploadedFile,
        Field(title="表格文件", description="xlsx 或者 csv，第一行是表头，每行一件在办案卷。",
              json_schema_extra={"accept": ACCEPTED}),
    ]  # fmt: skip


class Undoing(BaseModel):
    """撤销"""

    reason: str = Field(title="撤销的理由", max_length=500)


@needs(May.ASSIGN_FILES)
@require_safe
@never_cache
def every(request: HttpRequest) -> HttpResponseBase:
    """The procedures whose files can be taken over, and the batches there were."""
    who = who_at(request)
    titles = {one.code: say(one.title) for one in all_on(clock.today())}
    batches = [(batch, titles.get(batch.procedure, batch.procedure), STATE_TONES.get(batch.state, "done"))
               for batch in actions.visible_to(who)[:100]]  # fmt: skip
    return render(request, "procedures/takeover/every.html", {"procedures": all_on(clock.today()), "batches": batches})


@needs(May.ASSIGN_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bring(request: HttpRequest, code: str) -> HttpResponseBase:
    """Bring a table; what would become of each row is shown before anything is written."""
    procedure = procedure_of(code, on=clock.today())
    form = forms.from_model(Bringing, code=f"procedures.takeover.{code}")
    if request.method == "POST" and (given := form.read(request)):
        try:
            held = files.keep(given.file, sealed=True)
            batch = actions.begin(who_at(request), code, held, given.file.name or "", key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            return redirect("takeover-batch", batch.pk)
    must = reading.required(procedure)
    columns = [(title, name in must) for name, title in reading.columns(procedure).items()]
    context = {"procedure": procedure, "form": form, "columns": columns}
    return render(request, "procedures/takeover/bring.html", context, status=form.status)


@needs(May.ASSIGN_FILES)
@require_safe
def template(request: HttpRequest, code: str) -> HttpResponseBase:  # noqa: ARG001 - the shape of every view
    """An empty workbook in the columns of a procedure, with what may be chosen in each."""
    procedure = procedure_of(code, on=clock.today())
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    _write(file, procedure)
    file.seek(0)
    name = f"{say(procedure.title)}_接收模板.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=exports.XLSX_TYPE)


def _write(file: Any, procedure: Procedure) -> None:
    must = reading.required(procedure)
    offered = {f"fact:{name}": list(choices_of(info).values()) for name, info in procedure.facts.model_fields.items()}
    offered[reading.STATE] = [state.title for state in procedure.states if not state.ended]
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("在办案卷")  # not shown: the sheet's own name
    head = book.add_format({"bold": True, "bottom": 1})
    red = book.add_format({"bold": True, "bottom": 1, "color": "red"})
    text = book.add_format({"num_format": "@"})
    for at, (name, title) in enumerate(reading.columns(procedure).items()):
        sheet.write_string(0, at, title, red if name in must else head)
        sheet.set_column(at, at, 20, text)
        choices = offered.get(name, [])
        if choices and len("".join(choices)) + len(choices) < CHOICES_MOST:
            sheet.data_validation(1, at, 10_000, at, {"validate": "list", "source": choices})
    sheet.freeze_panes(1, 1)
    book.close()


@needs(May.ASSIGN_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def batch(request: HttpRequest, number: int) -> HttpResponseBase:
    """One batch row by row: the preview, what was taken; taking it back."""
    who = who_at(request)
    held = actions.find(who, number)
    form = forms.from_model(Undoing, code="procedures.takeover.undo", about=str(number))
    if request.method == "POST" and held.state == "done" and (given := form.read(request)):
        try:
            actions.undo(who, number, reason=given.reason, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已整批撤销。"))
            return redirect("takeover-batch", number)
    listing = ROWS.read(request, held.lines.select_related("proceeding"))
    if listing.wants_export:
        return listing.response()
    procedure = procedure_of(held.procedure, on=clock.today())
    counts = [
        (str(_("行数")), held.rows, "?", "plain"),
        (str(_("接收") if held.state in {"done", "undone", "running"} else _("可以接收")), held.taken,
         f"?outcome={_of(held)}", "ok"),
        (str(_("已在系统")), held.already, "?outcome=already", "plain"),
        (str(_("隔离")), held.quarantined, "?outcome=quarantined", "late" if held.quarantined else "plain"),
    ]  # fmt: skip
    context = {
        "batch": held, "procedure": procedure, "listing": listing, "counts": counts,
        "tone": STATE_TONES.get(held.state, "done"), "form": form if held.state == "done" else None, "key": uuid4(),
    }  # fmt: skip
    return render(request, "procedures/takeover/batch.html", context, status=form.status)


def _of(held: Batch) -> str:
    return {"done": "taken", "running": "taken", "undone": "undone"}.get(held.state, "new")


@needs(May.ASSIGN_FILES)
@require_POST
def decide(request: HttpRequest, number: int, what: str) -> HttpResponseBase:
    """Take the rows that can be taken, or give the table up."""
    who = who_at(request)
    try:
        if what == "take":
            held = actions.confirm(who, number, key=UUID(request.POST.get("_key", "")))
            messages.success(request, _("已接收。") if held.state == "done" else _("正在接收，请稍后刷新。"))
        else:
            actions.drop(who, number)
            messages.success(request, _("已放弃，没有写入任何案卷。"))
    except ValueError:
        messages.error(request, _("这次提交缺少防重编号，请刷新页面。"))
    return redirect("takeover-batch", number)
