"""What of the registers is open to everybody: the facts declared public, of what stands on them, nothing personal."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from pydantic.fields import FieldInfo

from shiheng.accounts.doors import anyone
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.registers.contents import all_on, named
from shiheng.registers.definition import SUBJECT, Register, choices_of, kind_of
from shiheng.registers.models import Entry
from shiheng.registers.opened import open_to_all, shown_to_all
from shiheng.registers.tables import KINDS
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table


@anyone
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """公开名录: every public register with how many stand on it."""
    registers = [register for register in all_on(clock.today()) if register.public]
    shown = Q(pk__in=())
    for register in registers:
        shown |= open_to_all(register)
    counts = dict(Entry.objects.filter(shown).order_by().values_list("register").annotate(Count("pk")))
    return render(request, "registers/public.html", {"registers": [(r, counts.get(r.code, 0)) for r in registers]})


@anyone
@require_safe
def listing(request: HttpRequest, code: str) -> HttpResponseBase:
    """One public register: who stands on it now."""
    register = named(code, on=clock.today())
    if not register.public:
        raise Missing("register.unknown", "没有这个公开名录。请从公开名录中选择。")
    rows = Entry.objects.filter(open_to_all(register)).select_related("subject")
    found = _table(register).read(request, rows)
    if found.wants_export:
        return found.response()
    return render(request, "registers/public_list.html", {"register": register, "listing": found})


def _table(register: Register) -> Table:
    fields = register.facts.model_fields
    title = "主体" if register.bound == SUBJECT and not register.name else register.titles.get(register.name, "名称")
    columns = [Column("title", title, "title", sort="title")]
    if register.bound == SUBJECT or register.owned:
        columns.append(
            Column("uscc", "统一社会信用代码", lambda row: row.subject.uscc if row.subject else "", kind="code")
        )
    columns += [_column(name, fields[name]) for name in register.public_facts if name != register.name]
    columns += [
        Column("since", "起", "since", sort="since", kind="day"),
        Column("until", "止", "until", sort="until", kind="day"),
    ]
    filters = [Filter("q", "名称", lookup="title__contains")]
    return Table(f"open-register-{register.code}", register.title, columns, filters, default_sort="-since",
                 empty="现在没有在册的条目。")  # fmt: skip


def _column(name: str, info: FieldInfo) -> Column:
    kind = kind_of(info)

    def value(row: Any) -> Any:
        held = row.facts.get(name)
        if held is None or kind == "text" or choices_of(info):
            return shown_to_all(info, held)
        if kind == "day":
            return date.fromisoformat(held)
        return held if kind in {"number", "money"} else shown_to_all(info, held)

    return Column(f"f-{name}", info.title or name, value, kind=KINDS.get(kind, "text"))
