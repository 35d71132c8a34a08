"""Supervision acts in the layout another system prescribes: a file, its manifest, and the receipt that came for it.

Every act of the days asked for is either in the file or held back with its reason: nothing is guessed to fit.
"""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.jurisdictions import narrow, within
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files
from shiheng.ledger import kinds as named
from shiheng.ledger import rows as manifests
from shiheng.publication.definition import LAYOUTS, Layout, LayoutColumn
from shiheng.publication.models import Report
from shiheng.subjects.definition import DELETED_STATE
from shiheng.subjects.models import Record

named.declare(report_made="生成上报文件", report_answered="登记上报回执")


@dataclass(frozen=True, slots=True)
class Line:
    """One act: its cells in the layout's order, or why it is held back."""

    cells: list[str]
    faults: list[str]


def layouts() -> list[Layout]:
    return list(registry.all_of(LAYOUTS, on=clock.today()))


def layout(code: str) -> Layout:
    found: Layout = registry.find(LAYOUTS, code, on=clock.today())
    return found


def acts(shape: Layout, *, scope: str, first: date, last: date) -> Iterator[Record]:
    """The acts of a territory between two days, both included, in a fixed order."""
    held = Record.objects.filter(within((scope,)), kind=shape.kind, day__gte=first, day__lte=last, current=True)
    held = held.filter(gone_on=None).exclude(state=DELETED_STATE)
    return held.select_related("subject").order_by("day", "source", "key", "pk").iterator(chunk_size=2_000)


def line(shape: Layout, act: Record) -> Line:
    """An act in the layout's cells; a required cell without a value, or a word without a code, holds it back."""
    cells: list[str] = []
    faults: list[str] = []
    for column in shape.columns:
        value = next(filter(None, (_value(where, act) for where in column.values)), "")
        cells.append(_coded(column, value, faults))
    return Line(cells, faults)


def _value(where: str, act: Record) -> str:
    if where.startswith("="):
        return where[1:]
    place, _dot, name = where.partition(".")
    held: Any = act.facts.get(name) if place == "fact" else getattr(act.subject if place == "subject" else act, name)
    return held.isoformat() if isinstance(held, date | datetime) else str(held or "").strip()


def _coded(column: LayoutColumn, value: str, faults: list[str]) -> str:
    if not value:
        if column.required:
            faults.append(f"缺“{column.title}”")
        return ""
    if column.codes:
        if value not in column.codes:
            faults.append(f"“{column.title}”没有对应的代码：{value}")
        return column.codes.get(value, "")
    if column.longest and len(value) > column.longest:
        faults.append(f"“{column.title}”超过 {column.longest} 个字")
    return value


def make(who: Who, *, code: str, scope: str, first: date, last: date) -> Report:
    """Make the file of some days. The same acts again are the same file and the same report."""
    if not who.may(May.MANAGE_EXCHANGE, scope):
        raise Forbidden("report.make", "您的岗位不能为这个辖区生成上报文件。")
    if last < first:
        raise Refused("report.days", "终止日期不能早于起始日期。", field="last")
    shape = layout(code)
    good, rest, faults = io.StringIO(), io.StringIO(), Counter[str]()
    taken, left = csv.writer(good), csv.writer(rest)
    taken.writerow([column.name for column in shape.columns])
    left.writerow([*(column.title for column in shape.columns), "未报原因"])
    held_back = 0
    rows: list[bytes] = []
    for act in acts(shape, scope=scope, first=first, last=last):
        made = line(shape, act)
        if made.faults:
            held_back += 1
            faults.update(made.faults)
            left.writerow([*made.cells, "；".join(made.faults)])
        else:
            taken.writerow(made.cells)
            rows.append(json.dumps(made.cells, ensure_ascii=False).encode())
    kept = files.keep(good.getvalue().encode("utf-8-sig"))
    aside = files.keep(rest.getvalue().encode("utf-8-sig")).sha256 if held_back else ""
    about = {"layout": code, "from": shape.in_force_from.isoformat(), "first": first.isoformat(),
             "last": last.isoformat(), "rows": len(rows), "held_back": held_back, "file": kept.sha256}  # fmt: skip
    existing = Report.objects.filter(layout=code, scope=scope, first=first, last=last, file=kept.sha256).first()
    if existing is not None:
        return existing
    manifest = manifests.keep(rows)
    try:
        with transaction.atomic():
            leaf = ledger.record_rows(
                "report.made", subject=f"report:{code}", who=who, rows=manifest, facts=about, scope=scope
            )
            return Report.objects.create(
                layout=code, layout_from=shape.in_force_from, scope=scope, first=first, last=last, rows=len(rows),
                held_back=held_back, faults=dict(faults.most_common(20)), file=kept.sha256, rest=aside, leaf=leaf.pk,
                made_by=who.name, made_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        return Report.objects.get(layout=code, scope=scope, first=first, last=last, file=kept.sha256)


def visible_to(who: Who) -> Any:
    return narrow(Report.objects.all(), who, May.READ_EXCHANGE)


def one(who: Who, number: int) -> Report:
    found: Report | None = visible_to(who).filter(pk=number).first()
    if found is None:
        raise Missing(
            "report.unknown", _("没有编号为 %(number)s 的上报文件，或它不在您的管辖范围内。") % {"number": number}
        )
    return found


def manifest_of(report: Report) -> dict[str, Any]:
    """What goes with the file: what it is, how many rows, its digest, and whether its layout was checked."""
    shape: Layout = registry.version(LAYOUTS, report.layout, report.layout_from)
    return {
        "system": shape.system,
        "table": report.layout,
        "title": shape.title,
        "layoutVerified": shape.verified,
        "note": shape.note,
        "first": report.first.isoformat(),
        "last": report.last.isoformat(),
        "rows": report.rows,
        "heldBack": report.held_back,
        "file": name_of(report),
        "sha256": report.file,
        "columns": [{"name": c.name, "title": c.title, "required": c.required} for c in shape.columns],
    }


def name_of(report: Report) -> str:
    return f"{report.layout}-{report.first:%Y%m%d}-{report.last:%Y%m%d}-{report.pk}.csv"


def parcel(report: Report) -> bytes:
    """The file and its manifest in one archive; the same report gives the same bytes."""
    out = io.BytesIO()
    parts: Iterable[tuple[str, bytes]] = (
        (name_of(report), files.path_of(report.file).read_bytes()),
        ("manifest.json", json.dumps(manifest_of(report), ensure_ascii=False, indent=1).encode()),
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def answer(who: Who, number: int, *, taken: bool, receipt: str, key: UUID | None) -> Report:
    """Put down what the other system said of a file: taken under a number, or refused with a reason."""
    row = one(who, number)
    if not who.may(May.MANAGE_EXCHANGE, row.scope):
        raise Forbidden("report.answer", "您的岗位不能登记这个文件的回执。")
    receipt = receipt.strip()
    if not receipt:
        raise Refused("report.receipt", "请填写回执编号；被退回的，请填写原因。", field="receipt")
    state = "taken" if taken else "refused"

    def do() -> dict[str, int]:
        moved = Report.objects.filter(pk=row.pk, state="made").update(
            state=state, receipt=receipt[:500], receipt_at=clock.now()
        )
        if moved != 1:
            raise Conflict("report.answered", "这个文件的回执已经登记过。")
        facts = {"report": row.pk, "state": state, "receipt": receipt[:500]}
        ledger.record("report.answered", subject=f"report:{row.layout}", who=who, facts=facts, scope=row.scope)
        return {"report": row.pk}

    once(who, key=key, action="report.answer", payload={"report": number, "state": state, "receipt": receipt}, do=do)
    return one(who, number)
