"""登记与税务比对: the counts by district, and the differing subjects with the rows both sides' words came from."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.publication.exchange import comparison
from shiheng.subjects.models import Subject
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say


def _our_row(row: Subject) -> str | None:
    said = row.fields.get("status") or row.fields.get("name") or {}
    return f"{said['batch']}:{said['row']}" if said.get("batch") else None


def _open(place: str | None) -> str | None:
    batch, _colon, number = (place or "").partition(":")
    return reverse("batch-row", args=[batch, number]) if batch.isdigit() and number.isdigit() else None


DIFFERENCES = Table(
    "comparison",
    "比对差异",
    [
        Column("uscc", "统一社会信用代码", kind="code", sort="uscc"),
        Column("name", "名称", kind="link", sort="name", href=lambda row: reverse("subject", args=[row.pk])),
        Column("status", "登记状态", lambda row: say(Subject.STATUSES.get(row.status, row.status)), sort="status"),
        Column("their_state", "税务状态", lambda row: row.their_state or None, sort="their_state"),
        Column("their_name", "税务所载名称", lambda row: getattr(row, "their_name", None)),
        Column("their_day", "税务登记日期", kind="day"),
        Column("our_row", "登记来源行", _our_row, kind="code", href=lambda row: _open(_our_row(row))),
        Column("their_row", "税务来源行", kind="code", href=lambda row: _open(row.their_row)),
        Column("address", "住所", hidden=True),
    ],
    [
        Filter("kind", "差异", "choice", choices=list(comparison.KINDS.items()), apply=lambda rows, _kind: rows),
        Filter("status", "登记状态", "choice", "status", choices=list(Subject.STATUSES.items())),
        Filter("their_state", "税务状态", "text", "their_state"),
        Filter("scope", "辖区路径", "text", "scope__startswith"),
    ],
    default_sort="name",
    empty="没有这一类差异。",
)


@needs(May.READ_SOURCES)
@require_safe
def tax(request: HttpRequest) -> HttpResponseBase:
    """One kind of difference at a time; the counts of all stand above."""
    who = who_at(request)
    declared = comparison.declared("tax")
    kind = request.GET.get("kind", "state")
    kind = kind if kind in comparison.KINDS else "state"
    listing = DIFFERENCES.read(request, comparison.rows(who, declared, kind))
    if listing.wants_export:
        return listing.response()
    districts = comparison.by_district(who, declared)
    context = {
        "comparison": declared,
        "kind": kind,
        "kind_title": say(comparison.KINDS[kind]),
        "kinds": [
            (code, say(title), sum(district.counts[code] for district in districts))
            for code, title in comparison.KINDS.items()
        ],
        "districts": [
            (district, [(code, district.counts[code]) for code in comparison.KINDS]) for district in districts
        ],
        "listing": listing,
        "told": _("共 %(number)s 户") % {"number": sum(d.counts[kind] for d in districts)},
    }
    return render(request, "publication/exchange/comparison.html", context)
