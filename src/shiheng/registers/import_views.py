"""Many entries from a file: brought, shown row by row, confirmed, given up, taken back."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.deeds import once
from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.jobs import queue
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem
from shiheng.ledger import files, keyring
from shiheng.registers import importing, undoing
from shiheng.registers.actions import check_keeper
from shiheng.registers.contents import named
from shiheng.registers.definition import Register
from shiheng.registers.entry_views import About
from shiheng.registers.models import Act, Row
from shiheng.registers.reading import headings
from shiheng.ui import forms
from shiheng.ui.grids import ACCEPTED
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"new": "ok", "changed": "wait", "same": "done", "faulty": "late"}


class Bringing(BaseModel):
    """导入文件"""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: Annotated[
        UploadedFile,
        Field(
            title="表格文件",
            description="xlsx 或者 csv，第一行是表头，每行一条。",
            json_schema_extra={"accept": ACCEPTED},
        ),
    ]


@needs(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bring(request: HttpRequest, code: str) -> HttpResponseBase:
    """Choose a file; what it would do is shown before anything is written."""
    register = named(code, on=clock.today())
    check_keeper(who_at(request), register)
    form = forms.from_model(Bringing, code=f"registers.import.{code}")
    if request.method == "POST" and (given := form.read(request)):
        try:
            kept = files.keep(given.file, sealed=bool(register.personal))
            act = importing.begin(who_at(request), code, kept, given.file.name or "", key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            return redirect("register-act", act.pk)
    context = {"register": register, "form": form, "headings": headings(register)}
    return render(request, "registers/import.html", context, status=form.status)


def _to_entry(row: Row) -> str | None:
    return reverse("register-entry", args=[row.act.register, row.entry_id]) if row.entry_id else None


def _table(register: Register, act: Act) -> Table:
    columns = [
        Column("line", "行号", "line", sort="line", kind="number"),
        Column("outcome", "结果", lambda row: (say(Row.OUTCOMES[row.outcome]), TONES[row.outcome]), kind="badge"),
        Column("why", "原因", "why"),
        Column("entry", "条目", lambda row: row.entry.title if row.entry else "", kind="link", href=_to_entry),
    ]  # fmt: skip
    columns += [Column(f"c-{title}", title, _cell(title)) for title in act.facts.get("columns", [])]
    found = [
        Filter("outcome", "结果", "choice", "outcome", choices=list(Row.OUTCOMES.items())),
        Filter("why", "原因含有", lookup="why__contains"),
    ]
    return Table(f"register-act-{register.code}", f"{register.title}导入", columns, found, default_sort="line",
                 empty="没有这样的行。", export_most=1_000_000)  # fmt: skip


def _cell(title: str) -> Any:
    def value(row: Row) -> str:
        held = row.cells.get(title, "")
        return keyring.shown(held) if isinstance(held, str) else str(held)

    return value


@needs(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD"])
@never_cache
def act(request: HttpRequest, number: int) -> HttpResponseBase:
    """One act of many rows: how far it is, every row with what became of it."""
    found = importing.find(who_at(request), number)
    register = named(found.register, on=clock.today())
    listing = None
    if found.kind == "import" and found.state not in {"reading", "refused"}:
        rows = Row.objects.filter(act=found).select_related("entry", "act")
        listing = _table(register, found).read(request, rows)
        if listing.wants_export:
            return listing.response()
    counts = {outcome: Row.objects.filter(act=found, outcome=outcome).count() for outcome in Row.OUTCOMES}
    context = {
        "register": register,
        "act": found,
        "listing": listing,
        "counts": [(say(Row.OUTCOMES[o]), n, f"?outcome={o}", TONES[o]) for o, n in counts.items()],
        "writable": counts["new"] + counts["changed"],
        "written": Row.objects.filter(act=found, written=True).count(),
        "working": found.state in {"reading", "running", "undoing"},
        "state": Act.STATES[found.state],
        "entries": _of_bulk(found) if found.kind == "bulk" else [],
        "key": uuid4(),
    }
    return render(request, "registers/act.html", context)


def _of_bulk(found: Act) -> list[Any]:
    held = found.versions.filter(restates=None).select_related("entry")[:200]
    return [version.entry for version in held]


@needs(May.KEEP_REGISTERS)
@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponseBase:
    """Write what the preview shows."""
    found = importing.confirm(who_at(request), number)
    if found.state == "done":
        messages.success(request, _("已写入 %(count)s 条。") % {"count": found.taken})
    return redirect("register-act", number)


@needs(May.KEEP_REGISTERS)
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponseBase:
    """Give up a preview."""
    importing.drop(who_at(request), number)
    messages.success(request, _("已放弃，没有写入任何条目。"))
    return redirect("register-acts")


@needs(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def undo(request: HttpRequest, number: int) -> HttpResponseBase:
    """Take back an act of many rows."""
    who = who_at(request)
    found = importing.find(who, number)
    register = named(found.register, on=clock.today())
    form = forms.from_model(About, code="registers.undo-many", about=str(number))
    form.fields = [item for item in form.fields if item.name == "reason_"]
    if request.method == "POST" and (given := form.read(request)):

        def do() -> dict[str, int]:
            undoing.begin(who, found, given.reason_)
            queue.enqueue(undoing.JOB, key=f"{undoing.JOB}:{found.pk}", act=found.pk)
            return {"act": found.pk}

        try:
            once(who, key=UUID(str(form.key)), action="registers.undo_many", payload={"act": number}, do=do)
            if found.taken <= undoing.CHUNK:
                undoing.run(who, found)
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("正在撤销；撤销后条目恢复为没有这次办理的样子。"))
            return redirect("register-act", number)
    context = {
        "register": register,
        "form": form,
        "heading": _("撤销第 %(n)s 次批量办理") % {"n": number},
        "act": found,
    }
    return render(request, "registers/act_on.html", context, status=form.status)
