"""Many entries from a file: read whole and shown first, written once confirmed, taken back as one act.

Every row of the file is a ``Row``: to be added, to be changed, the same already, or faulty with its reasons. A reading
or writing that is cut off goes on; a chunk is one transaction.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.jobs import queue
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Problem, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files, keyring
from shiheng.ledger.actions import shown_name
from shiheng.ledger.files import Kept
from shiheng.registers import writing
from shiheng.registers.actions import differences, key_of, title_of
from shiheng.registers.contents import claim_keys, kept, register_of
from shiheng.registers.definition import SUBJECT, Register, end_of
from shiheng.registers.models import Act, Entry, Row
from shiheng.registers.queries import keeping_paths, may_keep
from shiheng.registers.reading import Heads, Read, Reader, heads_of
from shiheng.registers.writing import Saying, Whole
from shiheng.subjects.models import Identifier, Subject
from shiheng.ui.grids import plain, rows
from shiheng.ui.wording import in_the_record

CHUNK = 500
READ_JOB, WRITE_JOB = "registers.read", "registers.write"
MOST_BYTES = 200 * 1024 * 1024
AT_ONCE = 1024 * 1024
"""A file no larger is read while the page waits."""

Progress = Callable[[int, int], object]


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def begin(who: Who, code: str, file: Kept, filename: str, *, key: UUID | None = None) -> Act:
    """Take a file in; nothing of it is written yet. Raises ``Forbidden`` to whoever does not keep the register."""
    register = register_of(code, on=clock.today())
    if not may_keep(who, register):
        raise Forbidden("register.keeper", _("您的岗位不能办理“%(title)s”的登记。") % {"title": register.title})
    if file.size > MOST_BYTES:
        raise Refused("import.size", _("文件超过 200 MB，请分成几份。"), field="file")
    if not (filename or "").lower().endswith((".xlsx", ".xls", ".ods", ".csv", ".txt")):
        raise Refused("file.kind", _("请用 xlsx 或 csv 文件。"), field="file")
    scope = next(iter(keeping_paths(who, register)), "")

    def do() -> dict[str, int]:
        act = Act.objects.create(
            register=register.code, kind="import", state="reading", account_id=who.account_id, actor=who.key,
            by=who.name, scope=scope, at=clock.now(), day=clock.today(), file=file.sha256,
            filename=shown_name(filename),
        )  # fmt: skip
        if file.size > AT_ONCE:
            queue.enqueue(READ_JOB, key=f"{READ_JOB}:{act.pk}", act=act.pk)
        return {"act": act.pk}

    payload = {"register": code, "file": file.sha256}
    result, fresh = once(who, key=key, action="registers.import", payload=payload, do=do)
    act = Act.objects.get(pk=result["act"])
    if fresh and file.size <= AT_ONCE:
        read(who, act)
    return Act.objects.get(pk=act.pk)


def read(who: Who, act: Act, *, progress: Progress = _quiet) -> None:
    """Read the file of an import into rows; begun anew when it was cut off."""
    if act.state != "reading":
        return
    register = register_of(act.register, on=clock.today())
    Row.objects.filter(act=act).delete()
    try:
        with files.open_kept(act.file) as file:
            _read_all(who, act, register, rows(file, act.filename), progress)
    except Refused as problem:
        Row.objects.filter(act=act).delete()
        with in_the_record():
            why = problem.message
        Act.objects.filter(pk=act.pk, state="reading").update(state="refused", reason=why[:500])


def _read_all(who: Who, act: Act, register: Register, grid: Iterable[list[Any]], progress: Progress) -> None:
    numbered = ((line, row) for line, row in enumerate(grid, 1) if any(plain(cell) for cell in row))
    first = next(numbered, None)
    if first is None:
        raise Refused("import.empty", _("文件里没有内容。"))
    heads = heads_of(register, first[1])
    reader, planner, count = Reader(register, heads), _Planner(who, register, act, set(heads.places.values())), 0
    while chunk := list(islice(numbered, CHUNK)):
        with transaction.atomic():
            found = [reader.read(line, row) for line, row in chunk]
            planned = planner.plan(found)
            claim_keys(*(row.cells for row in planned), *(row.plan for row in planned))
            Row.objects.bulk_create(planned, batch_size=CHUNK)
        count += len(chunk)
        progress(count, 0)
    if not count:
        raise Refused("import.empty", _("文件只有表头，没有数据行。"))
    faulty = Row.objects.filter(act=act, outcome="faulty").count()
    Act.objects.filter(pk=act.pk, state="reading").update(
        state="preview", rows=count, faulty=faulty, facts=_about(heads)
    )


def _about(heads: Heads) -> dict[str, Any]:
    return {"unknown": list(heads.unknown), "columns": [heads.titles[at] for at in sorted(heads.titles)]}


@dataclass
class _Planner:
    """Says of each row what is to be written; remembers the keys of the file, for a key stands in it once."""

    who: Who
    register: Register
    act: Act
    columns: set[str]
    seen: dict[str, int] = field(default_factory=dict)

    def plan(self, found: list[Read]) -> list[Row]:
        firms = _Firms.of(self.register, found)
        ready = [(row, *self._whole(row, firms)) for row in found]
        held = self._held([whole["key"] for _row, whole in ready if whole])
        return [self._row(row, whole, held.get(whole["key"]) if whole else None) for row, whole in ready]

    def _held(self, keys: list[str]) -> dict[str, Entry]:
        rows = Entry.objects.filter(register=self.register.code, live=True, key__in=keys)
        return {entry.key: entry for entry in rows}

    def _whole(self, row: Read, firms: "_Firms") -> tuple[Whole | None]:
        register = self.register
        named = bool(row.code or row.name)
        firm = firms.find(row) if register.bound == SUBJECT or (register.owned and named) else None
        if row.given is None or row.faults:
            return (None,)
        stored = kept(register, row.given)
        since, until = row.since or None, row.until
        if since and until is None and register.months:
            until = end_of(since, register.months)
        if since and until and until < since:
            row.faults.append(_("有效期止早于有效期起"))
        over = register.over_since
        if over and (since or clock.today()) >= over:
            row.faults.append(_("自%(day)s起不再评选认定，只能补录此前的条目，请填有效期起") % {"day": over})
        scope = firm.scope if firm else self.act.scope
        if not may_keep(self.who, register, scope):
            row.faults.append(_("不在您的管辖范围内"))
        if row.faults:
            return (None,)
        return (
            {
                "version": register.in_force_from.isoformat(),
                "subject": firm.pk if firm else None,
                "key": key_of(register, stored, firm.pk if firm else None),
                "title": title_of(register, stored, firm),
                "state": row.state or register.first_state,
                "since": since.isoformat() if since else None,
                "until": until.isoformat() if until else None,
                "scope": scope,
                **{f"facts.{name}": value for name, value in stored.items()},
            },
        )

    def _row(self, row: Read, whole: Whole | None, held: Entry | None) -> Row:
        plan: dict[str, Any] = {}
        outcome = "faulty"
        if whole and (first := self.seen.setdefault(whole["key"], row.line)) != row.line:
            row.faults.append(_("与第 %(line)s 行是同一条目，请只保留一行") % {"line": first})
        if whole and held and not row.faults:
            self._check_state(row, whole, held)
        if whole and not row.faults:
            if held is None:
                outcome, plan = "new", whole
            else:
                before = writing.whole_of(held)
                self._leave_unsaid(whole, before)
                self._leave_masked(row, whole, before)
                plan = _kept_where_unsaid(row, differences(before, whole))
                outcome = "changed" if plan else "same"
        return Row(
            act=self.act, line=row.line, outcome=outcome, cells=self._sealed(row.cells), plan=plan, entry=held,
            why="；".join(row.faults)[:1000],
        )  # fmt: skip

    def _check_state(self, row: Read, whole: Whole, held: Entry) -> None:
        if not row.state:
            whole["state"] = held.state
        elif row.state != held.state and not any(m.to == row.state for m in self.register.moves_from(held.state)):
            told = {"old": self.register.state(held.state).title, "new": self.register.state(row.state).title}
            row.faults.append(_("状态不能由“%(old)s”变为“%(new)s”") % told)

    def _leave_unsaid(self, whole: Whole, before: Whole) -> None:
        """What the file has no column for stays as it stands."""
        for name in set(self.register.facts.model_fields) - self.columns:
            whole.pop(f"facts.{name}", None)
            if f"facts.{name}" in before:
                whole[f"facts.{name}"] = before[f"facts.{name}"]

    def _leave_masked(self, row: Read, whole: Whole, before: Whole) -> None:
        """What an export masked comes back masked: it says nothing new and must not write over what is sealed."""
        for name in self.register.personal:
            held = before.get(f"facts.{name}")
            if isinstance(held, str) and row.cells.get(plain(self.register.titles[name])) == plain(keyring.shown(held)):
                whole[f"facts.{name}"] = held

    def _sealed(self, cells: Mapping[str, str]) -> dict[str, str]:
        kinds = {self.register.titles[name]: kind for name, kind in self.register.personal.items()}
        if not kinds:
            return dict(cells)
        key = keyring.current()
        return {t: sealing.seal(text, key, kinds[t]) if t in kinds and text else text for t, text in cells.items()}


def _kept_where_unsaid(row: Read, changes: Whole) -> Whole:
    """A file without the days of a term does not take them away; nor does it turn an entry to another version only."""
    for name in ("since", "until"):
        if getattr(row, name) is None and changes.get(name) is None:
            changes.pop(name, None)
    if set(changes) <= {"version", "scope"}:
        return {}
    return changes


@dataclass
class _Firms:
    """The subjects the rows of a chunk name, by code and by name."""

    by_code: dict[str, Subject]
    by_name: dict[str, list[Subject]]

    @classmethod
    def of(cls, register: Register, found: list[Read]) -> "_Firms":
        if register.bound != SUBJECT and not register.owned:
            return cls({}, {})
        codes = {row.code for row in found if row.code}
        owners = dict(
            Identifier.objects.filter(kind__in=("uscc", "regno"), value__in=codes).values_list("value", "subject_id")
        )
        known = Subject.objects.filter(pk__in=set(owners.values())).values_list("pk", "redirect_to")
        ends = {number: to or number for number, to in known}
        names = {row.name for row in found if row.name and not row.code}
        asked = Q(pk__in=set(ends.values())) | Q(name__in=names)
        rows = Subject.objects.filter(asked, live=True, redirect_to=None).only("id", "name", "scope", "uscc")
        firms = {firm.pk: firm for firm in rows}
        by_name: dict[str, list[Subject]] = {}
        for firm in firms.values():
            by_name.setdefault(firm.name, []).append(firm)
        by_code = {code: firms[ends[number]] for code, number in owners.items() if ends.get(number) in firms}
        return cls(by_code, by_name)

    def find(self, row: Read) -> Subject | None:
        """The subject a row names; what is wrong is told on the row."""
        if row.code:
            firm = self.by_code.get(row.code)
            if firm is None:
                row.faults.append(_("没有代码为“%(code)s”的主体") % {"code": row.code[:30]})
            return firm
        if not row.name:
            row.faults.append(_("没有填写统一社会信用代码或者主体名称"))
            return None
        same = self.by_name.get(row.name, [])
        if len(same) != 1:
            told = _("没有名称为“%(name)s”的主体") if not same else _("有几户同名的“%(name)s”，请填统一社会信用代码")
            row.faults.append(told % {"name": row.name[:50]})
            return None
        return same[0]


# -- writing what was confirmed


def find(who: Who, number: int) -> Act:
    """One act of many rows; its register's keepers there see it, nobody else. Raises ``Missing``."""
    act = Act.objects.filter(pk=number, kind__in=("import", "bulk")).first()
    if act is None or not may_keep(who, register_of(act.register, on=clock.today()), act.scope):
        raise Missing("act.unknown", _("没有这次办理，或它不在您的管辖范围内。"))
    return act


def confirm(who: Who, number: int, *, reason: str = "") -> Act:
    """Write what a preview can write. Asked twice, it is done once. Raises ``Conflict``, ``Refused``."""
    act = find(who, number)
    if not Row.objects.filter(act=act, outcome__in=("new", "changed")).exists():
        raise Refused("import.nothing", _("没有可以写入的行。"))
    with transaction.atomic():
        if Act.objects.filter(pk=act.pk, state="preview").update(state="running", reason=reason[:500]) != 1:
            act.refresh_from_db()
            if act.state in {"running", "done"}:
                return act
            raise Conflict("act.state", _("这份文件现在不能写入，请刷新页面查看状态。"))
        if act.rows > CHUNK:
            queue.enqueue(WRITE_JOB, key=f"{WRITE_JOB}:{act.pk}", act=act.pk)
    act.refresh_from_db()
    if act.rows <= CHUNK:
        write(who, act)
        act.refresh_from_db()
    return act


def write(who: Who, act: Act, *, progress: Progress = _quiet, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Write a confirmed import chunk by chunk; goes on where it stopped. False when told to stop."""
    if act.state != "running":
        return True
    left = Row.objects.filter(act=act, outcome__in=("new", "changed"), written=False).order_by("line")
    total = left.count()
    while chunk := list(left.select_related("entry")[:CHUNK]):
        try:
            _write_chunk(act, chunk)
        except Problem:  # somebody wrote to one of them meanwhile: find out which, one by one
            for row in chunk:
                _write_or_tell(act, row)
        progress(total - left.count(), total)
        if should_stop():
            return False
    _end(who, act)
    return True


def _write_chunk(act: Act, chunk: list[Row]) -> None:
    with transaction.atomic():
        sayings = [Saying(act.day, row.plan, row.entry if row.outcome == "changed" else None) for row in chunk]
        for row, entry in zip(chunk, writing.write(act, sayings), strict=True):
            row.entry, row.written = entry, True
        Row.objects.bulk_update(chunk, ["entry", "written"], batch_size=CHUNK)


def _write_or_tell(act: Act, row: Row) -> None:
    row.refresh_from_db(fields=["plan"])  # sealed anew, it may be, since it was read
    try:
        _write_chunk(act, [row])
    except Problem as problem:
        with in_the_record():
            row.outcome, row.why = "faulty", str(problem.message)[:1000]
        row.written = False
        row.save(update_fields=["outcome", "why", "written"])


def _end(who: Who, act: Act) -> None:
    written = Row.objects.filter(act=act, written=True)
    lines = (
        json.dumps([row.line, row.outcome, row.entry_id, row.plan], ensure_ascii=False, sort_keys=True).encode()
        for row in written.order_by("line").iterator(chunk_size=2_000)
    )
    kept_rows = ledger.bulk.keep(lines)
    with transaction.atomic():
        taken, faulty = written.count(), Row.objects.filter(act=act, outcome="faulty").count()
        moved = Act.objects.filter(pk=act.pk, state="running").update(state="done", taken=taken, faulty=faulty)
        if moved != 1:
            return
        ledger.record_rows(
            "register.many", subject=f"act:{act.pk}", who=who, rows=kept_rows, scope=act.scope,
            facts={"register": act.register, "file": act.file, "rows": act.rows, "taken": taken, "faulty": faulty},
            key=f"registers:act:{act.pk}",
        )  # fmt: skip


def drop(who: Who, number: int) -> Act:
    """Give up a preview; nothing was written."""
    act = find(who, number)
    if Act.objects.filter(pk=act.pk, state__in=("preview", "refused")).update(state="dropped") != 1:
        raise Conflict("act.state", _("这份文件现在不能放弃，请刷新页面查看状态。"))
    act.refresh_from_db()
    return act
