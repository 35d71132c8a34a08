"""Refused rows sent back to the department that sent them: in its own form, under a number, until it has answered.

The file has the department's headers, its kind of file and its charset, and two more columns: why each row came back
and what it may have meant. What is personal stays masked in it: the department knows its rows by the rest.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import xlsxwriter
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts import outbox
from shiheng.accounts.deeds import once
from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import contacts, mending, outside, personal, queries, sources
from shiheng.fusion.models import Batch, Mending, Quarantined, Return
from shiheng.fusion.sheets import BEYOND, Sheet, sheet_of
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files, kinds

WHY, PROPOSED = "退回原因", "建议"
# One file is read by people: more is a matter for a corrected file of the whole.
MOST = 50_000

kinds.declare(return_received="退回件签收", return_answered="退回件已更正")


@dataclass(frozen=True, slots=True)
class Form:
    """A file in the department's own form: its bytes and what it is called."""

    content: bytes
    filename: str
    rows: int


def visible_to(who: Who) -> QuerySet[Return]:
    """Returns over whose office ``who`` reads sources or sends files, and those of the own department's sources."""
    about = within((*who.paths(May.READ_SOURCES), *who.paths(May.LAND_FILES)))
    if who.may(May.SEND_OWN) and who.kind != "system":
        beside = outside.lent(who, May.LAND_FILES).paths(May.LAND_FILES)
        about |= within(beside) & Q(batch__source__in=list(outside.own_sources(who)))
    return Return.objects.filter(about).select_related("batch")


def may_receive(who: Who, found: Return) -> bool:
    """Whether this person may confirm for the department: who sends its files, here or there."""
    return who.may(May.LAND_FILES, found.scope) or (
        who.may(May.SEND_OWN) and found.batch.source in outside.own_sources(who)
    )


def find(number: int, *, who: Who) -> Return:
    """One return, or ``Missing``: another office's is not told apart from none."""
    found = visible_to(who).filter(pk=number).first()
    if found is None:
        told = _("没有编号为 %(number)s 的退回件，或它不在您的管辖范围内。") % {"number": number}
        raise Missing("return.unknown", told)
    return found


def may_return(who: Who, batch: Batch) -> bool:
    """Whether there is anything left in force that this person could send back."""
    standing = batch.state == "published" and not batch.mends_id and batch.quarantined
    return bool(standing) and who.may(May.MEND_QUARANTINE)


def _batch(number: int, who: Who) -> Batch:
    if not who.may(May.MEND_QUARANTINE):
        raise Forbidden("sources.return", _("您的岗位没有退回隔离行的权限。"))
    return queries.batch(who, number)


def _left(batch: Batch, reason: str, who: Who) -> QuerySet[Quarantined]:
    """The open rows of a batch over which ``who`` decides: of a city's file, a district's own."""
    rows = mending.pending(who).filter(batch=batch, state="open")
    return (mending.with_reason(rows, reason) if reason else rows).order_by("row")


def _scope(batch: Batch, who: Who) -> str:
    """The office that sends back: the file's own, or the district that sends back its rows of a city's file."""
    if who.may(May.MEND_QUARANTINE, batch.scope):
        return batch.scope
    return next(iter(who.paths(May.MEND_QUARANTINE)))


def left(number: int, *, who: Who, reason: str = "") -> int:
    """How many rows of a batch would go back now."""
    return _left(_batch(number, who), reason, who).count()


def form(number: int, *, who: Who, reason: str = "") -> Form:
    """What is left of a batch, as the department's own form, to look at or to hand over."""
    batch = _batch(number, who)
    return _form(sheet_of(batch), _bounded(_left(batch, reason, who)))


def send_back(number: int, *, who: Who, why: str, reason: str = "", key: UUID | None = None) -> Return:
    """Send what is left of a batch (or what is left with one reason) back under the next number, and tell its sender.

    Raises ``Refused`` when nothing is left or no word is said why.
    """
    batch = _batch(number, who)
    said = why.strip()
    if not said:
        raise Refused("return.why", _("请写明退回说明：要部门改什么、何时再报。"), field="why")

    def do() -> dict[str, Any]:
        rows = _bounded(_left(batch, reason, who))
        made = _form(sheet_of(batch), rows)
        kept = files.keep(made.content, sealed=bool(sources.find(batch.source).sensitive()))
        found = _numbered(batch, kept.sha256, made, who=who, why=said)
        mending.settle(rows, "returned", who=who, why=said, sending=found)
        _tell(found, batch)
        return {"return": found.pk}

    payload = {"batch": number, "reason": reason, "why": said}
    done, _fresh = once(who, key=key, action="fusion.return", payload=payload, do=do)
    return Return.objects.select_related("batch").get(pk=done["return"])


def _bounded(rows: QuerySet[Quarantined]) -> list[Quarantined]:
    found = list(rows[: MOST + 1])
    if not found:
        raise Refused("return.none", _("这个批次没有待处理的隔离行，无可退回。"))
    if len(found) > MOST:
        told = _("待处理的隔离行超过 %(most)s 行，请按原因分几次退回，或请部门重报整个文件。")
        raise Refused("return.many", told % {"most": MOST})
    return found


def _numbered(batch: Batch, file: str, made: Form, *, who: Who, why: str) -> Return:
    """The next number of the year: two at once each get their own, and none is left out."""
    now = clock.now()
    while True:
        last = Return.objects.filter(year=now.year).aggregate(last=Max("serial"))["last"] or 0
        try:
            with transaction.atomic():
                return Return.objects.create(
                    year=now.year, serial=last + 1, batch=batch, file=file, filename=made.filename, size=made.rows,
                    scope=_scope(batch, who), why=why, made_by=who.name, made_at=now,
                )  # fmt: skip
        except IntegrityError:
            continue


def _tell(found: Return, batch: Batch) -> None:
    """Whoever sends that department's files is told; without such a person, the file channel is."""
    source = sources.find(batch.source)
    title = f"{found.number}：{source.title}有 {found.size} 行退回"
    text = f"{batch.filename} 中有 {found.size} 行不合契约，现予退回，请改正后重报。{found.why}"
    link = reverse("return", args=[found.pk])
    people = [person.account for person in contacts.of_department(source.department, (batch.scope,))]
    people = people or contacts.officers_of(found.scope)
    for person in people:
        outbox.tell(person, title, text, link=link, key=uuid5(NAMESPACE_URL, f"shiheng:return:{found.pk}:{person.pk}"))
    if not people:
        key = uuid5(NAMESPACE_URL, f"shiheng:return:{found.pk}")
        outbox.tell(None, title, text, channel="file", address=source.department or source.title, link=link, key=key)
    told = "、".join(person.name for person in people) or f"{source.department or source.title}（文件渠道）"
    Return.objects.filter(pk=found.pk).update(told=told[:200])


def receive(number: int, *, who: Who, key: UUID | None = None) -> Return:
    """The department confirms that it has the file; confirming twice leaves the first receipt."""
    found = find(number, who=who)
    if not may_receive(who, found):
        raise Forbidden("return.receive", _("签收退回件须由有报送权限的人办理。"))

    def do() -> dict[str, Any]:
        moved = Return.objects.filter(pk=number, state="sent").update(
            state="received", received_by=who.name, received_at=clock.now()
        )
        if not moved:
            raise Conflict("return.state", _("这个退回件已经签收过。"))
        _on_record("return.received", found, who=who)
        return {"return": number}

    once(who, key=key, action="fusion.receive", payload={"return": number}, do=do)
    found.refresh_from_db()
    return found


def answer(number: int, batch: int, *, who: Who, key: UUID | None = None) -> Return:
    """Say which later batch of the source brought the corrected rows. A file sent as a correction says so by itself."""
    found = find(number, who=who)
    if not (who.may(May.MEND_QUARANTINE, found.scope) or may_receive(who, found)):
        raise Forbidden("return.answer", _("您的岗位不能登记退回件的更正批次。"))

    def do() -> dict[str, Any]:
        later = Batch.objects.filter(source=found.batch.source, state="published", mends=None, pk__gt=found.batch_id)
        if not later.filter(within((found.batch.scope,)), pk=batch).exists():
            told = _("批次 %(number)s 不是这个数据源在退回之后入档的批次，不能登记为更正。")
            raise Refused("return.batch", told % {"number": batch}, field="batch")
        moved = Return.objects.filter(pk=number).exclude(state="answered")
        if not moved.update(state="answered", answered_by=batch, answered_at=clock.now()):
            raise Conflict("return.state", _("这个退回件已经登记过更正批次。"))
        _on_record("return.answered", found, who=who, batch=batch)
        return {"return": number}

    once(who, key=key, action="fusion.answer", payload={"return": number, "batch": batch}, do=do)
    found.refresh_from_db()
    return found


def _on_record(kind: str, found: Return, *, who: Who, **facts: Any) -> None:
    subject = f"batch:{found.batch_id}"
    ledger.record(kind, subject=subject, who=who, scope=found.scope, facts={"number": found.number, **facts})


# --- the file ---------------------------------------------------------------------------------------------------------
def _form(sheet: Sheet, rows: list[Quarantined]) -> Form:
    batch = sheet.batch
    header = [*sheet.header, WHY, PROPOSED]
    lines = (_line(sheet, row) for row in rows)
    stem = PurePosixPath(batch.filename).stem[:200]
    if batch.media == "xlsx":
        return Form(_xlsx(header, lines), f"{stem}-退回.xlsx", len(rows))
    charset = batch.charset if batch.media == "csv" and batch.charset else "utf-8"
    return Form(_csv(header, lines, charset), f"{stem}-退回.csv", len(rows))


def _line(sheet: Sheet, row: Quarantined) -> list[str]:
    """A row as received, masked where it is personal; cells past the header are named in its reasons."""
    raw = personal.shown(row.raw)
    cells = [str(raw.get(title, "")) for title in sheet.titles]
    told = [f"第 {row.row} 行：{'；'.join(reason['message'].rstrip('。') for reason in row.reasons)}。"]
    if BEYOND in raw:
        told.append(f"多出的内容：{raw[BEYOND]}")
    views = [cell for cell in sheet.view(row) if cell.repair]
    proposed = "；".join(f"{cell.title}：{cell.proposed}" for cell in views)
    return [*cells, "".join(told), proposed]


def _csv(header: Iterable[str], lines: Iterator[list[str]], charset: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in line] for line in lines)
    # A byte order mark tells a spreadsheet what UTF-8 is; GB18030 it takes for granted there.
    begin = b"\xef\xbb\xbf" if charset.lower().replace("_", "-").startswith("utf-8") else b""
    return begin + text.getvalue().encode(charset, "backslashreplace")


def _plain(cell: str) -> str:
    """Text a spreadsheet would run as a formula, made plain; signed numbers stay what they are."""
    return f"'{cell}" if cell.startswith(("=", "@", "\t")) else cell


def _xlsx(header: Iterable[str], lines: Iterator[list[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet("退回")
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "bottom": 1})
    for at, title in enumerate(header):
        sheet.set_column(at, at, 24)
        sheet.write_string(0, at, title, head)
    sheet.freeze_panes(1, 0)
    for number, line in enumerate(lines, 1):
        for at, cell in enumerate(line):
            sheet.write_string(number, at, cell[:32_767], text)
    book.close()
    return out.getvalue()


def rows_of(found: Return) -> QuerySet[Mending]:
    """What went back with it, row by row."""
    held = Mending.objects.filter(sending=found).select_related("quarantined")
    return held.order_by(F("quarantined__row"))
