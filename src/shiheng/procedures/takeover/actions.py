"""Taking over an earlier system's files: every row taken, already there or quarantined; undone while untouched."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Who
from shiheng.jobs import queue
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring, kinds
from shiheng.ledger.files import Kept
from shiheng.procedures import numbering
from shiheng.procedures.contents import contents_of, procedure_of
from shiheng.procedures.definition import OPENING, Procedure
from shiheng.procedures.models import (
    Approval,
    Batch,
    BatchRow,
    Counter,
    Evidence,
    Handing,
    Link,
    Paper,
    Party,
    Passage,
    Proceeding,
)  # fmt: skip
from shiheng.procedures.settling import settle
from shiheng.procedures.takeover.judging import OLD, Judged, judged
from shiheng.registers.contents import claim_keys
from shiheng.subjects import queries as subjects
from shiheng.ui.wording import in_the_record

kinds.declare(
    takeover_read="上传原系统案卷",
    takeover_taken="接收原系统案卷",
    takeover_undone="撤销接收批次",
)
READ, WRITE = "procedures.takeover.read", "procedures.takeover.write"
AT_ONCE, MOST, CHUNK = 256 * 1024, 50 * 1024 * 1024, 200
Progress = Callable[[int, int], object]


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def may_take(who: Who) -> bool:
    return who.may(May.ASSIGN_FILES)


def visible_to(who: Who) -> Any:
    return Batch.objects.filter(within(who.paths(May.ASSIGN_FILES))).order_by("-id")


def find(who: Who, number: int) -> Batch:
    found: Batch | None = visible_to(who).filter(pk=number).first()
    if found is None:
        raise Missing("takeover.unknown", _("没有这个接收批次，或它不在您的管辖范围内。"))
    return found


def begin(who: Who, code: str, file: Kept, filename: str, *, key: UUID | None = None) -> Batch:
    """Take a table in and read it; nothing of it is written yet."""
    scope = next(iter(sorted(who.paths(May.ASSIGN_FILES))), None)
    if scope is None:
        raise Forbidden("takeover.post", _("您的岗位不能接收原系统的案卷。"))
    procedure_of(code, on=clock.today())
    if file.size > MOST:
        raise Refused("takeover.size", _("文件超过 50 MB，请分成几份。"), field="file")

    def do() -> dict[str, Any]:
        made = Batch.objects.create(
            procedure=code, scope=scope, filename=filename[:200], file=file.sha256, account_id=who.account_id,
            at=clock.now(), by=who.name,
        )  # fmt: skip
        ledger.record("takeover.read", subject=f"takeover:{made.pk}", who=who, scope=scope,
                      facts={"procedure": code, "file": file.sha256})  # fmt: skip
        if file.size > AT_ONCE:
            queue.enqueue(READ, key=f"takeover:{made.pk}", batch=made.pk)
        return {"batch": made.pk}

    result, fresh = once(who, key=key, action="procedures.takeover", payload={"procedure": code, "file": file.sha256},
                         do=do)  # fmt: skip
    if fresh and file.size <= AT_ONCE:
        read(int(result["batch"]))
    return Batch.objects.get(pk=result["batch"])


def read(number: int, progress: Progress = _quiet) -> Batch:
    """Judge every row and show what would become of it; begun anew when it was cut off."""
    batch = Batch.objects.get(pk=number)
    if batch.state != "reading":
        return batch
    BatchRow.objects.filter(batch=batch).delete()
    pending: list[BatchRow] = []
    count = 0
    try:
        with in_the_record():
            for one in judged(batch):
                pending.append(_row(batch, one))
                count += 1
                if len(pending) >= CHUNK:
                    BatchRow.objects.bulk_create(pending)
                    pending = []
                    progress(count, 0)
        BatchRow.objects.bulk_create(pending)
        if not count:
            raise Refused("takeover.empty", _("文件只有表头，没有数据行。"))
    except Refused as problem:
        Batch.objects.filter(pk=number, state="reading").update(state="refused", reason=problem.message[:500])
        batch.refresh_from_db()
        return batch
    _count(batch, "preview")
    return Batch.objects.get(pk=number)


def _row(batch: Batch, one: Judged) -> BatchRow:
    return BatchRow(batch=batch, line=one.brought.line, number=one.brought.number[:80], outcome=one.outcome,
                    faults=[] if one.already else one.brought.faults, proceeding=one.already)  # fmt: skip


def _count(batch: Batch, state: str) -> None:
    held = list(BatchRow.objects.filter(batch=batch).values_list("outcome", flat=True))
    counts = {"rows": len(held), "taken": held.count("new") + held.count("taken"), "already": held.count("already"),
              "quarantined": held.count("quarantined")}  # fmt: skip
    if counts["rows"] != counts["taken"] + counts["already"] + counts["quarantined"]:
        raise AssertionError(f"takeover {batch.pk}: rows were lost")
    Batch.objects.filter(pk=batch.pk).update(state=state, **counts)


# -- taking them


def confirm(who: Who, number: int, *, key: UUID | None = None) -> Batch:
    """Take the rows that can be taken."""
    batch = find(who, number)

    def do() -> dict[str, Any]:
        if Batch.objects.filter(pk=number, state="preview").update(state="running") != 1:
            raise Conflict("takeover.decided", _("这个批次已经处理过，请刷新页面。"))
        if batch.taken > CHUNK:
            queue.enqueue(WRITE, key=f"takeover:{number}", batch=number, actor=who.key, by=who.name)
        return {"batch": number}

    fresh = once(who, key=key, action="procedures.takeover.take", payload={"batch": number}, do=do)[1]
    if fresh and batch.taken <= CHUNK:
        write(number, who.key, who.name)
    return Batch.objects.get(pk=number)


def drop(who: Who, number: int) -> Batch:
    """Give a table up that was only looked at."""
    find(who, number)
    if Batch.objects.filter(pk=number, state__in=("preview", "refused")).update(state="dropped") != 1:
        raise Conflict("takeover.decided", _("这个批次已经处理过，请刷新页面。"))
    return Batch.objects.get(pk=number)


def write(number: int, actor: str, name: str, progress: Progress = _quiet) -> int:
    """Write the files of a confirmed batch, each in a transaction of its own; cut off, it goes on where it stopped."""
    batch = Batch.objects.get(pk=number)
    if batch.state != "running":
        return 0
    who = Who(key=actor, name=name, kind="officer")
    with in_the_record():
        _take_rows(batch, progress)
    with transaction.atomic():
        _count(batch, "done")
        taken = BatchRow.objects.filter(batch=batch, outcome="taken").order_by("line")
        lines = [f"{row.line}:{row.number}:{row.proceeding_id}".encode() for row in taken]
        batch.refresh_from_db()
        ledger.record_rows(
            "takeover.taken", subject=f"takeover:{number}", who=who, rows=lines or [b"-"], scope=batch.scope,
            facts={"procedure": batch.procedure, "rows": batch.rows, "taken": batch.taken, "already": batch.already,
                   "quarantined": batch.quarantined},
        )  # fmt: skip
    return batch.taken


def _take_rows(batch: Batch, progress: Progress) -> None:
    for done, one in enumerate(judged(batch), start=1):
        row = BatchRow.objects.get(batch=batch, line=one.brought.line)
        if row.outcome == "taken":
            continue
        if one.outcome != "new":
            fresh = _row(batch, one)
            BatchRow.objects.filter(pk=row.pk).update(
                outcome=fresh.outcome, faults=fresh.faults, proceeding=fresh.proceeding
            )
            continue
        try:
            with transaction.atomic():
                made = _open(batch, one)
                BatchRow.objects.filter(pk=row.pk).update(outcome="taken", proceeding=made, faults=[])
        except IntegrityError:  # somebody opened a file of that number this moment
            again = [("原编号", str(_("本系统已有这个编号的案卷，请核对")))]
            BatchRow.objects.filter(pk=row.pk).update(outcome="quarantined", faults=again)
        progress(done, batch.rows)


def _open(batch: Batch, one: Judged) -> Proceeding:
    brought, course = one.brought, one.course
    assert course is not None
    assert brought.received is not None
    procedure, now, contents = course.procedure, clock.now(), contents_of(course.procedure, OPENING)
    given = brought.given.model_dump() if brought.given else {}
    firm = subjects.identities().filter(pk=one.subject).first() if one.subject else None
    title = str(given.get(procedure.title_from) or "") if procedure.title_from in contents.titles else ""
    made = Proceeding.objects.create(
        procedure=batch.procedure, version=procedure.in_force_from, number=brought.number,
        title=(title or (firm.name if firm else ""))[:300], subject=firm, scope=one.scope, officer=one.officer,
        officer_name=one.officer.name if one.officer else "", state=procedure.first, received_on=brought.received,
        opened_at=now, facts=one.opening, changed_at=now, taken_over=batch, source_number=brought.number,
    )  # fmt: skip
    key = keyring.current()
    for number, given_ in enumerate(brought.parties, start=1):
        kind = procedure.party(given_.kind)
        Party.objects.create(
            proceeding=made, number=number, kind=given_.kind, name=given_.name[:300],
            subject_id=firm.pk if firm and kind and kind.subject else None,
            facts={name: sealing.seal(value, key, name) for name, value in given_.contact.items()},
            state=course.party_state(number),
        )  # fmt: skip
    claim_keys(one.opening, *made.parties.values_list("facts", flat=True))
    Passage.objects.bulk_create(
        Passage(proceeding=made, number=said.number, step=said.step, day=said.day, at=said.at, actor=said.actor or OLD,
                by="原系统", facts=dict(said.facts), party=said.party, taken_over=True)  # not shown: who did it there
        for said in course.passages
    )  # fmt: skip
    settle(made, course)
    _go_on(procedure, one.scope, brought.number)
    return made


def _go_on(procedure: Procedure, scope: str, number: str) -> None:
    """The series of a bureau goes on after the highest number taken over."""
    bureau = numbering.bureau_of(scope)
    series = procedure.series or procedure.title + numbering.PLAIN
    pattern = re.escape(series).replace(re.escape("{place}"), re.escape(numbering.short(bureau)))
    pattern = pattern.replace(re.escape("{year}"), r"(?P<year>\d{4})").replace(re.escape("{n}"), r"(?P<n>\d+)")
    if bureau is None or (match := re.fullmatch(pattern, number)) is None:
        return
    year, n = int(match["year"]), int(match["n"])
    Counter.objects.get_or_create(scope=bureau.path, year=year, series=series)
    Counter.objects.filter(scope=bureau.path, year=year, series=series, last__lt=n).update(last=n)


# -- taking it back


def touched(batch: Batch) -> list[Proceeding]:
    """Files of a batch in which something was done since."""
    held = Proceeding.objects.filter(taken_over=batch)
    numbers = set(Passage.objects.filter(proceeding__in=held, taken_over=False).values_list("proceeding", flat=True))
    numbers |= set(
        Passage.objects.filter(proceeding__in=held, voided_at__isnull=False).values_list("proceeding", flat=True)
    )
    for model in (Paper, Evidence, Approval, Handing):
        numbers |= set(model.objects.filter(proceeding__in=held).values_list("proceeding", flat=True))
    numbers |= set(Link.objects.filter(first__in=held).values_list("first", flat=True))
    numbers |= set(Link.objects.filter(second__in=held).values_list("second", flat=True))
    return list(held.filter(pk__in=numbers).order_by("pk"))


def undo(who: Who, number: int, *, reason: str, key: UUID | None = None) -> Batch:
    """Take a whole batch back, as long as nothing was done in any of its files. What it was stays on record."""
    batch = find(who, number)
    if not reason.strip():
        raise Refused("takeover.reason", _("请写明撤销的理由。"), field="reason")

    def do() -> dict[str, Any]:
        moved = Batch.objects.filter(pk=number, state="done").update(
            state="undone", undone_at=clock.now(), undone_by=who.name, undone_why=reason.strip()[:500]
        )
        if moved != 1:
            raise Conflict("takeover.decided", _("这个批次已经处理过，请刷新页面。"))
        if done := touched(batch):
            numbers = "、".join(row.number for row in done[:5])
            told = {"count": len(done), "numbers": numbers}
            raise Refused(
                "takeover.touched", _("有 %(count)s 件接收以后办理过（%(numbers)s 等），不能整批撤销。") % told
            )
        rows = list(Proceeding.objects.filter(taken_over=batch).order_by("pk"))
        ledger.record_rows(
            "takeover.undone", subject=f"takeover:{number}", who=who, scope=batch.scope,
            rows=[f"{row.pk}:{row.number}".encode() for row in rows] or [b"-"],
            facts={"files": len(rows), "reason": reason.strip()},
        )  # fmt: skip
        BatchRow.objects.filter(batch=batch, outcome="taken").update(outcome="undone", proceeding=None)
        Proceeding.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return {"batch": number}

    once(who, key=key, action="procedures.takeover.undo", payload={"batch": number, "reason": reason}, do=do)
    return Batch.objects.get(pk=number)
