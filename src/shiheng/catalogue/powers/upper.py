"""Taking in the catalogue of the level above: read, shown back with every row accounted for, then taken into use."""

import hashlib
from datetime import date
from pathlib import PurePath
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue import sheets
from shiheng.catalogue.powers import comparing
from shiheng.catalogue.powers.models import UpperCatalogue, UpperItem
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds as named

named.declare(upper_loaded="载入上级通用目录", upper_used="启用上级通用目录")

LARGEST = 8 * 1024 * 1024
MOST_ROWS = 20_000
FAULTS_KEPT = 1_000


def load(
    who: Who, content: bytes, filename: str, *, title: str, issued_by: str, issued_on: date, key: UUID | None = None
) -> UpperCatalogue:
    """Read a file into a catalogue that waits to be taken into use; rows in = accepted + faulty, always."""
    if not who.may(May.KEEP_CATALOGUE):
        raise Forbidden("power.keep", "您的岗位不能载入上级目录。")
    if len(content) > LARGEST:
        raise Refused("upper.size", "文件超过 8 MB，请确认选对了文件。", field="file")
    rows = _rows(content, filename)
    taken, faults = comparing.judge(rows)
    digest = hashlib.sha256(content).hexdigest()
    payload = {"sha256": digest, "title": title, "by": issued_by, "on": issued_on.isoformat()}

    def do() -> dict[str, int]:
        made = UpperCatalogue.objects.create(
            title=title[:200],
            issued_by=issued_by[:100],
            issued_on=issued_on,
            filename=filename[:200],
            sha256=digest,
            rows=len(rows),
            accepted=len(taken),
            faulty=len(faults),
            faults=[
                {"line": f.line, "column": f.column, "value": f.value, "why": f.why, "facts": dict(f.facts),
                 "code": f.code, "title": f.title}
                for f in faults[:FAULTS_KEPT]
            ],
            loaded_by=who.name,
            loaded_at=clock.now(),
        )  # fmt: skip
        UpperItem.objects.bulk_create(
            [
                UpperItem(
                    catalogue=made,
                    line=row.line,
                    base_code=row.base_code,
                    title=row.title,
                    kind=row.kind,
                    instrument=row.instrument,
                    article=row.article[:100],
                    levels=" ".join(row.levels),
                    statutory=row.statutory,
                )
                for row in taken
            ],
            batch_size=500,
        )
        facts = {**payload, "rows": len(rows), "accepted": len(taken), "faulty": len(faults)}
        ledger.record("upper.loaded", subject=f"upper:{made.pk}", who=who, facts=facts)
        return {"catalogue": made.pk}

    result, _fresh = once(who, key=key, action="upper.load", payload=payload, do=do)
    return UpperCatalogue.objects.get(pk=result["catalogue"])


def _rows(content: bytes, filename: str) -> list[tuple[int, dict[str, str]]]:
    grid = sheets.grid_of(content, PurePath(filename).suffix.lower())
    headed = [[comparing.canonical(_text(cell)) for cell in row] for row in grid]
    place = next((n for n, row in enumerate(headed) if comparing.COLUMNS[0] in row), None)
    if place is None:
        told = _("没有找到表头。表头应含：%(columns)s。") % {"columns": "、".join(comparing.COLUMNS)}
        raise Refused("upper.columns", told, field="file")
    titles = headed[place]
    if missing := [title for title in comparing.REQUIRED if title not in titles]:
        told = _("第%(line)s行缺少列：%(missing)s。") % {"line": place + 1, "missing": "、".join(missing)}
        raise Refused("upper.columns", told, field="file")
    found = [
        (line, {title: _text(cell) for title, cell in zip(titles, row, strict=False) if title in comparing.COLUMNS})
        for line, row in enumerate(grid[place + 1 :], start=place + 2)
        if any(_text(cell) for cell in row)
    ]
    if not found:
        raise Refused("upper.empty", "文件只有表头，没有职权。", field="file")
    if len(found) > MOST_ROWS:
        raise Refused("upper.size", "文件的行数太多，请按部门分开载入。", field="file")
    return found


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def use(who: Who, number: int, *, knowing: bool, key: UUID | None = None) -> UpperCatalogue:
    """Compare with this catalogue from now on. One with faulty rows only where that is known and said."""
    if not who.may(May.KEEP_CATALOGUE):
        raise Forbidden("power.keep", "您的岗位不能启用上级目录。")
    row = UpperCatalogue.objects.filter(pk=number).first()
    if row is None:
        raise Missing("upper.unknown", "没有这份目录。")
    if row.faulty and not knowing:
        raise Refused(
            "upper.faulty", "有未读入的行，它们不参与比对。请先改正后重新载入，或者勾选“已知悉”。", field="knowing"
        )

    def do() -> dict[str, int]:
        UpperCatalogue.objects.filter(state="current").update(state="past")
        if (
            UpperCatalogue.objects.filter(pk=number, state="preview").update(
                state="current", used_by=who.name, used_at=clock.now()
            )
            != 1
        ):
            raise Conflict("upper.state", "这份目录已经启用过或者已被替换。")
        ledger.record(
            "upper.used", subject=f"upper:{number}", who=who, facts={"rows": row.accepted, "faulty": row.faulty}
        )
        return {"catalogue": number}

    with transaction.atomic():
        once(who, key=key, action="upper.use", payload={"catalogue": number, "knowing": knowing}, do=do)
    return UpperCatalogue.objects.get(pk=number)
