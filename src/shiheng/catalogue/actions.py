"""Loading holiday tables and code tables: each upload once, each change on record."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.catalogue.builtin import builtin_tables
from shiheng.catalogue.definition import BuiltinTable, Fault, SheetRow, judge
from shiheng.catalogue.models import CalendarLoad, CodeEntry, CodeTable, WorkDay
from shiheng.kernel import clock
from shiheng.kernel.calendars import OwnRow
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger.actions import record

FAULTS_TOLD = 200


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one upload did. ``repeated`` is an upload that had been done before under the same key."""

    load: CalendarLoad
    rows: int
    changed: int
    repeated: bool = False


def told(fault: Fault) -> str:
    """A fault in the language of the page."""
    place = {"line": fault.line, "column": fault.column, "value": fault.value or _("空")}
    facts = {name: _(held) if isinstance(held, str) else held for name, held in fault.facts.items()}
    return _("第%(line)s行“%(column)s”（%(value)s）：%(why)s") % {**place, "why": _(fault.why) % facts}


class FaultyTable(Refused):
    """Nothing was loaded, because of these rows."""

    def __init__(self, faults: tuple[Fault, ...], rows: int) -> None:
        first = _("；").join(map(told, faults[:3])) + ("……" if len(faults) > 3 else _("。"))
        super().__init__(
            "calendar.rows",
            _("共%(rows)s行，其中%(wrong)s行有误，全部没有载入。%(first)s改正后重新上传。")
            % {"rows": rows, "wrong": len(faults), "first": first},
            faults=[told(fault) for fault in faults[:FAULTS_TOLD]],
        )
        self.faults = faults
        self.rows = rows


def load_calendar(rows: Iterable[SheetRow | Mapping[str, Any]], *, who: Who, key: str, filename: str = "") -> Loaded:
    """Lay a bureau's holiday rows over the published calendar: all of them or, when one is wrong, none.

    Half a holiday table would give wrong due days without a sign; so a file with a faulty row is refused whole, with
    every fault named by its line. The same key with the same rows gives the first result, with other rows a conflict.
    """
    if not who.may(May.KEEP_CALENDAR):
        raise Forbidden("power.missing", "您的岗位没有维护日历的权限。请联系本单位系统管理员。")
    sheet = [row if isinstance(row, SheetRow) else SheetRow(line, row) for line, row in enumerate(rows, start=2)]
    judged = judge(sheet)
    if judged.faults:
        raise FaultyTable(judged.faults, len(sheet))
    if not judged.accepted:
        raise Refused("calendar.empty", "没有可载入的日期行。")
    accepted = sorted(judged.accepted, key=lambda row: row.day)
    payload = _digest(accepted)
    if done := _done_before(who, key, payload):
        return done
    try:
        with transaction.atomic():
            return _load(accepted, who=who, key=key, payload=payload, filename=filename)
    except IntegrityError:
        if done := _done_before(who, key, payload):  # a second click came in while the first was being done
            return done
        raise Conflict("calendar.busy", "另一人正在载入放假安排，请稍后重新上传。") from None


def _load(rows: list[OwnRow], *, who: Who, key: str, payload: str, filename: str) -> Loaded:
    now = clock.now()
    before = CalendarLoad.objects.order_by("-id").values_list("state", flat=True).first() or ""
    held = {
        day.day: (day.is_workday, day.name, day.source) for day in WorkDay.objects.filter(day__in=[r.day for r in rows])
    }
    moved = [row for row in rows if held.get(row.day) != (row.is_workday, row.name, row.source)]
    load = CalendarLoad.objects.create(
        actor=who.key,
        actor_name=who.name,
        key=key,
        payload=payload,
        state=hashlib.sha256((before + payload).encode()).hexdigest(),
        filename=filename[:200],
        rows=len(rows),
        changed=len(moved),
        loaded_at=now,
    )
    WorkDay.objects.bulk_create(
        [
            WorkDay(day=r.day, is_workday=r.is_workday, name=r.name, source=r.source, load=load, loaded_at=now)
            for r in moved
        ],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "name", "source", "load", "loaded_at"],
        batch_size=500,
    )
    record(
        "calendar.loaded",
        subject="calendar:workdays",
        who=who,
        facts={
            "file": filename,
            "rows": len(rows),
            "changed": len(moved),
            "digest": payload,
            "first": rows[0].day.isoformat(),
            "last": rows[-1].day.isoformat(),
        },
    )
    return Loaded(load, len(rows), len(moved))


def _done_before(who: Who, key: str, payload: str) -> Loaded | None:
    load = CalendarLoad.objects.filter(actor=who.key, key=key).first()
    if load is None:
        return None
    if load.payload != payload:
        raise Conflict("calendar.key", "这次提交已经载入过另一份内容。请重新打开载入页面后再上传。")
    return Loaded(load, load.rows, load.changed, repeated=True)


def _digest(rows: list[OwnRow]) -> str:
    plain = [[row.day.isoformat(), row.is_workday, row.name, row.source] for row in rows]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()


def load_builtin_tables(*, who: Who = SYSTEM) -> dict[str, int]:
    """Bring the code tables that ship with the platform into the database; an unchanged table is left alone.

    Gives the number of entries of each table that was written. Two processes may start at once: the digest is swapped
    by compare-and-set, and only the one that swapped it writes the entries.
    """
    written: dict[str, int] = {}
    held = dict(CodeTable.objects.values_list("code", "digest"))
    for table, digest in builtin_tables():
        if held.get(table.code) == digest:
            continue
        with transaction.atomic():
            if _write_table(table, digest):
                written[table.code] = len(table.entries)
                record(
                    "catalogue.table",
                    subject=f"codetable:{table.code}",
                    who=who,
                    facts={"edition": table.edition, "entries": len(table.entries), "digest": digest},
                )
    return written


def _write_table(table: BuiltinTable, digest: str) -> bool:
    about = {
        "title": table.title,
        "edition": table.edition,
        "source": table.source,
        "licence": table.licence,
        "note": table.note,
        "in_force_from": table.in_force_from,
    }
    row, _made = CodeTable.objects.get_or_create(code=table.code, defaults=about)
    swapped = CodeTable.objects.filter(pk=row.pk, digest=row.digest).exclude(digest=digest)
    if swapped.update(**about, digest=digest, loaded_at=clock.now()) != 1:
        return False
    CodeEntry.objects.filter(table=row).delete()
    CodeEntry.objects.bulk_create(
        [
            CodeEntry(
                table=row,
                code=entry.code,
                title=entry.title,
                parent=entry.parent,
                since=entry.since,
                until=entry.until,
                verified=entry.verified,
                current=entry.current,
                note=entry.note,
                position=place,
            )
            for place, entry in enumerate(table.entries)
        ],
        batch_size=500,
    )
    return True
