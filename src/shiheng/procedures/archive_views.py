"""档案查找: ended files found again by number, party, document, text, year and shelf number."""

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.procedures import queries, tables
from shiheng.procedures.contents import all_on, version_of
from shiheng.procedures.models import Paper, Party, Passage, Proceeding
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table

Rows = QuerySet[Proceeding]


def shelf_of(row: Proceeding) -> str:
    """Where the file stands, as the step that put it there says."""
    try:
        step, name = version_of(row.procedure, row.version).shelf
    except Missing:
        return ""
    held = [said for said in row.passages.all() if said.step == step and said.voided_at is None] if step else []
    return str(held[-1].facts.get(name, "")) if held else ""


def _by_party(rows: Rows, text: str) -> Rows:
    return rows.filter(pk__in=Party.objects.filter(name__contains=text.strip(), gone=False).values("proceeding"))


def _by_paper(rows: Rows, text: str) -> Rows:
    return rows.filter(pk__in=Paper.objects.filter(number__contains=text.strip()).values("proceeding"))


def _by_number(rows: Rows, text: str) -> Rows:
    return rows.filter(Q(number__contains=text.strip()) | Q(source_number__contains=text.strip()))


def _by_text(names: tuple[str, ...], rows: Rows, text: str) -> Rows:
    """The title, and what the file says in its own words; what is personal is sealed and is not looked through."""
    asked = Q(title__contains=text.strip())
    for name in names:
        asked |= Q(**{f"facts__{name}__icontains": text.strip()})
    return rows.filter(asked)


def _by_shelf(steps: dict[str, str], rows: Rows, text: str) -> Rows:
    found = Q(pk__in=[])
    for step, name in steps.items():
        found |= Q(step=step, **{f"facts__{name}__icontains": text.strip()})
    return rows.filter(pk__in=Passage.objects.filter(found, voided_at=None).values("proceeding"))


def _by_year(rows: Rows, text: str) -> Rows:
    text = text.strip()
    return rows.filter(received_on__year=int(text)) if text.isdigit() and len(text) == 4 else rows.none()


def _table() -> Table:
    every = all_on(clock.today())
    shelves = {one.shelf[0]: one.shelf[1] for one in every if any(one.shelf)}
    return Table(
        "archive",
        "档案查找",
        [
            Column("number", "编号", "number", kind="link", href=lambda row: reverse("file", args=[row.pk])),
            Column("source", "原系统编号", "source_number", hidden=True),
            Column("title", "名称", "title"),
            Column("procedure", "程序", tables.procedure_title),
            Column("parties", "当事各方", _names),
            Column("state", "状态", tables.state_of, kind="badge"),
            Column("ended", "办结日期", "ended_on", kind="day", sort="ended_on"),
            Column("shelf", "档案号", shelf_of, kind="code"),
            Column("received", "收到日期", "received_on", kind="day", sort="received_on", hidden=True),
        ],
        [
            Filter("number", "编号", apply=_by_number),
            Filter("party", "当事人", apply=_by_party),
            Filter("paper", "文书编号", apply=_by_paper),
            Filter("text", "内容含有", apply=partial(_by_text, TEXTS)),
            Filter("year", "收到年份", apply=_by_year),
            Filter("shelf", "档案号", apply=partial(_by_shelf, shelves)),
            Filter("procedure", "程序", "choice", "procedure", choices=[(one.code, one.title) for one in every]),
        ],
        default_sort="-ended_on",
        empty="没有找到。请少填几项，或者换一个说法再查。",
        filters_shown=7,
        row_label="number",
    )


TEXTS = ("summary", "story", "question", "facts", "nature", "reasons", "settlement")
"""The facts that hold what a file is about in words."""


def _names(row: Proceeding) -> str:
    """Who stood in it; who reported is never named in a list."""
    try:
        procedure = version_of(row.procedure, row.version)
    except Missing:
        return ""
    hidden = {kind.code for kind in procedure.parties if kind.hidden}
    return "、".join(party.name for party in row.parties.all() if party.kind not in hidden and not party.gone)


@needs(May.READ_FILES)
@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponseBase:
    """Ended files of the reader's territory."""
    rows: Any = queries.visible_to(who_at(request)).filter(ended=True).prefetch_related("parties", "passages")
    listing = _table().read(request, rows)
    if listing.wants_export:
        return listing.response()
    return render(request, "procedures/archive.html", {"listing": listing})
