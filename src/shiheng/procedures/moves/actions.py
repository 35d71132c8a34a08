"""Working out what would move, confirming it or not, and moving the files: only a confirmation changes them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.models import Account, Post
from shiheng.accounts.outbox import tell
from shiheng.accounts.permissions import POWERS, SYSTEM, May, Who
from shiheng.accounts.queries import in_force
from shiheng.catalogue.models import WorkDay
from shiheng.catalogue.queries import calendar_version
from shiheng.jobs import queue
from shiheng.kernel import clock
from shiheng.kernel.calendars import Calendar
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures import queries as files
from shiheng.procedures.contents import all_on, procedure_of
from shiheng.procedures.course import Course
from shiheng.procedures.definition import Procedure
from shiheng.procedures.models import Clock, Move, Moved, Proceeding
from shiheng.procedures.moves import queries
from shiheng.procedures.settling import settle
from shiheng.ui.wording import in_the_record, say

kinds.declare(
    move_proposed="提出案卷变动",
    move_confirmed="确认案卷变动",
    move_declined="不采用案卷变动",
    file_moved="案卷期限或版本变动",
)
RECKON, MOVE = "procedures.moves.reckon", "procedures.moves.move"
BATCH = 500
Progress = Callable[[int, int], None]


def notice() -> list[Move]:
    """Look whether anything came that would move open files, and put each down to be worked out."""
    found = [made for made in (_calendar_loaded(), *_versions_in_force()) if made]
    for move in found:
        queue.enqueue(RECKON, key=f"move:{move.pk}", move=move.pk)
    return found


def _calendar_loaded() -> Move | None:
    state = calendar_version()[2]
    if not state or Move.objects.filter(kind="calendar", calendar=state).exists():
        return None
    days = [
        [day.isoformat(), works, name, source]
        for day, works, name, source in WorkDay.objects.order_by("day").values_list(
            "day", "is_workday", "name", "source"
        )
    ]
    with transaction.atomic():
        open_ = Move.objects.filter(kind="calendar", state__in=("reading", "waiting"))
        open_.update(state="superseded", decided_at=clock.now())
        return _propose(SYSTEM, kind="calendar", calendar=state, days=days)


def _versions_in_force() -> Iterator[Move]:
    """A newer version takes over open files where it says so itself."""
    today = clock.today()
    for procedure in all_on(today):
        older = Proceeding.objects.filter(procedure=procedure.code, ended=False, version__lt=procedure.in_force_from)
        held = {"kind": "version", "procedure": procedure.code, "version": procedure.in_force_from}
        if procedure.transition.moves and older.exists() and not Move.objects.filter(**held).exists():
            yield _propose(SYSTEM, **held, reason=procedure.transition.says[:500])


def choose(who: Who, code: str, rule: str, *, reason: str, key: UUID | None = None) -> Move:
    """Propose another day by which the version of a procedure's files is found; nothing moves until it is confirmed."""
    if not queries.may_decide(who):
        raise Forbidden("move.decide", _("您的岗位不能选择适用的规定，请由局负责人办理。"))
    procedure = procedure_of(code, on=clock.today())
    if rule not in {queries.RECEIPT, *procedure.transition.choices}:
        raise Refused("move.rule", _("这个程序不能这样选择。"), field="rule")
    if rule == queries.rule_of(code):
        raise Refused("move.same", _("现在就是这样适用的。"), field="rule")
    if not reason.strip():
        raise Refused("move.reason", _("请写明理由和依据。"), field="reason")

    def do() -> dict[str, Any]:
        stale = Move.objects.filter(kind="choice", procedure=code, state__in=("reading", "waiting"))
        stale.update(state="superseded", decided_at=clock.now())
        made = _propose(who, kind="choice", procedure=code, rule=rule, reason=reason.strip()[:500])
        queue.enqueue(RECKON, key=f"move:{made.pk}", move=made.pk)
        return {"move": made.pk}

    payload = {"procedure": code, "rule": rule, "reason": reason}
    return Move.objects.get(pk=once(who, key=key, action="procedures.choose", payload=payload, do=do)[0]["move"])


def _propose(who: Who, **columns: Any) -> Move:
    made = Move.objects.create(made_at=clock.now(), by=who.name, **columns)
    ledger.record("move.proposed", subject=f"move:{made.pk}", who=who,
                  facts={name: str(value) for name, value in columns.items() if name != "days"})  # fmt: skip
    return made


# -- what would move


def reckon(number: int, progress: Progress | None = None) -> Move:
    """Work out what a move would change in which file, and lay it before the heads; nothing is changed by it.

    Where no day and no version would be another there is nothing to confirm, and it is in force at once.
    """
    move = Move.objects.get(pk=number)
    if move.state != "reading":
        return move
    numbers = list(_candidates(move))
    rows: list[Moved] = []
    for done, pk in enumerate(numbers, start=1):
        rows += _would(move, Proceeding.objects.get(pk=pk))
        if progress and done % 20 == 0:
            progress(done, len(numbers))
    moving = {row.proceeding_id for row in rows if row.outcome == "would"}
    state = "waiting" if rows else "running"
    with transaction.atomic():
        Moved.objects.filter(move=move).delete()
        Moved.objects.bulk_create(rows, batch_size=BATCH)
        held = Move.objects.filter(pk=number, state="reading").update(state=state, files=len(moving))
        if held and state == "running":
            queue.enqueue(MOVE, key=f"move:{number}", move=number)
        elif held:
            _tell_heads(move, len(moving))
    move.refresh_from_db()
    return move


def _candidates(move: Move) -> Iterator[int]:
    """Open files it could touch."""
    rows = Proceeding.objects.filter(ended=False)
    if move.kind != "calendar":
        latest = move.version or procedure_of(move.procedure, on=clock.today()).in_force_from
        rows = rows.filter(procedure=move.procedure)
        rows = rows.filter(version__lt=latest) if move.kind == "version" else rows
        return iter(rows.order_by("pk").values_list("pk", flat=True))
    first = _first_other(queries.calendar(), queries.calendar_of(move), move)
    if first is None:
        return iter(())
    touched = Clock.objects.filter(running=True, proceeding__ended=False).exclude(due__lt=first)
    return iter(sorted(set(touched.values_list("proceeding", flat=True))))


def _first_other(held: Calendar, fresh: Calendar, move: Move) -> date | None:
    """The first day of which the two calendars say something else, or of which one is not sure."""
    years = {row.day.year for row in queries.rows_of(move.days)} | {day.year for day in held.own}
    days = (day for year in sorted(years) for day in zip(held.year(year), fresh.year(year), strict=True))
    return next((one.day for one, other in days if one != other), None)


def _would(move: Move, found: Proceeding) -> list[Moved]:
    """Each clock of a file that would end on another day, or that it would get or lose."""
    before = files.course_of(found)
    after, held, fresh = before, queries.calendar(), queries.calendar()
    if move.kind == "calendar":
        fresh = queries.calendar_of(move)
    else:
        after = replace(before, procedure=target(move, found, before))
        if after.procedure is before.procedure:
            return []
    common = {
        "move": move, "proceeding": found, "version_before": found.version,
        "version_after": after.procedure.in_force_from,
    }  # fmt: skip
    if move.kind != "calendar" and (broken := after.broken(fresh)):
        step = before.procedure.step(broken.step)
        title = step.title if step else broken.step
        return [Moved(**common, outcome="stays", why=f"已办的“{title}”不符合新版本，案卷仍按原版本办理。")]
    ends = _ends(before, held), _ends(after, fresh)
    rows = [
        Moved(**common, limit=limit, party=party, before=ends[0].get((limit, party)), after=ends[1].get((limit, party)),
              why=_why(move, after, limit))
        for limit, party in dict.fromkeys((*ends[0], *ends[1]))
        if ends[0].get((limit, party)) != ends[1].get((limit, party))
    ]  # fmt: skip
    if not rows and after.procedure is not before.procedure:
        rows = [Moved(**common, why=_why(move, after, ""))]  # the version is another, every day stays
    return rows


def _ends(course: Course, held: Calendar) -> dict[tuple[str, int], date | None]:
    return {(one.limit.code, one.party or 0): one.receipt.due_day for one in course.clocks(held) if one.running}


def _why(move: Move, course: Course, limit: str) -> str:
    held = course.procedure.limit(limit)
    basis = f"（{held.basis}）" if held else ""
    if move.kind == "calendar":
        return "放假安排变动" + basis
    if move.kind == "version":
        return f"自 {move.version} 起施行的规定适用于此前收到的案卷" + basis
    return "本局选择的适用规则" + basis


def target(move: Move, found: Proceeding, course: Course) -> Procedure:
    """The version a file would go by."""
    if move.kind == "version" and move.version:
        return files.version_of(found.procedure, move.version)
    return queries.version_by(found.procedure, move.rule, found.received_on, queries.step_days(course))


def _tell_heads(move: Move, count: int) -> None:
    roles = [role for role, powers in POWERS.items() if May.DECIDE_CATALOGUE in powers]
    heads = in_force(Post.objects.filter(role__in=roles)).values_list("account_id", flat=True).distinct()
    with in_the_record():
        words = _("%(count)s 件在办案卷的期限或者适用的规定将变动，请核对名单后确认。确认以前一律不变。")
        for account in Account.objects.filter(pk__in=heads, disabled_at=None):
            tell(
                account, str(_("%(kind)s：案卷变动待确认") % {"kind": say(Move.KINDS[move.kind])}),
                words % {"count": count}, link=reverse("file-move", args=[move.pk]),
                key=uuid5(NAMESPACE_URL, f"files:move:{move.pk}:{account.pk}"),
            )  # fmt: skip


# -- deciding and doing


def decide(who: Who, number: int, *, confirms: bool, reason: str = "", key: UUID | None = None) -> Move:
    """Confirm what would move, or leave everything as it is; a head who answers for every file in the list."""
    move = queries.find(who, number)
    if not queries.may_decide(who):
        raise Forbidden("move.decide", _("您的岗位不能确认案卷变动，请由局负责人办理。"))
    if queries.outside(who, move):
        raise Forbidden("move.territory", _("名单里有不在您辖区的案卷，请由上级局负责人确认。"))
    if not confirms and not reason.strip():
        raise Refused("move.reason", _("不采用的，请写明理由。"), field="reason")

    def do() -> dict[str, Any]:
        held = Move.objects.filter(pk=number, state="waiting").update(
            state="running" if confirms else "declined", decided_at=clock.now(), decided_by=who.name,
            decided_why=reason.strip()[:500],
        )  # fmt: skip
        if held != 1:
            raise Conflict("move.decided", _("这份预览已经处理过，请刷新页面。"))
        rows = Moved.objects.filter(move=number).order_by("pk")
        manifest = [f"{r.proceeding_id}:{r.limit}:{r.party}:{r.before}:{r.after}:{r.version_after}" for r in rows]
        ledger.record_rows(
            "move.confirmed" if confirms else "move.declined", subject=f"move:{number}", who=who,
            rows=[line.encode() for line in manifest] or [b"-"],
            facts={"kind": move.kind, "files": move.files, "reason": reason.strip()},
        )  # fmt: skip
        if confirms:
            queue.enqueue(MOVE, key=f"move:{number}", move=number)
        return {"move": number}

    payload = {"move": number, "confirms": confirms, "reason": reason}
    once(who, key=key, action="procedures.move", payload=payload, do=do)
    return Move.objects.get(pk=number)


def again(who: Who, number: int) -> Move:
    """Lay a declined calendar before the heads once more, worked out from how the files stand now."""
    if not queries.may_decide(who):
        raise Forbidden("move.decide", _("您的岗位不能确认案卷变动，请由局负责人办理。"))
    newest = Move.objects.filter(kind="calendar").order_by("-id").values_list("pk", flat=True).first()
    fresh = {"state": "reading", "decided_at": None, "decided_by": "", "decided_why": ""}  # the ledger keeps who did
    if newest != number or Move.objects.filter(pk=number, state="declined").update(**fresh) != 1:
        raise Conflict("move.decided", _("只有最近一次没有采用的放假安排可以重新预览。"))
    queue.enqueue(RECKON, key=f"move:{number}", move=number)
    return Move.objects.get(pk=number)


def carry_out(number: int, progress: Progress | None = None) -> int:
    """Move the files of a confirmed move, each by itself; safe to run again. How many were moved by this run."""
    move = Move.objects.get(pk=number)
    if move.state != "running":
        return 0
    pending = Moved.objects.filter(move=move, outcome="would")
    numbers = list(dict.fromkeys(pending.order_by("pk").values_list("proceeding", flat=True)))
    silent = [pk for pk in _left(move) if pk not in set(numbers)]
    total = len(numbers) + len(silent)
    for done, pk in enumerate((*numbers, *silent), start=1):
        _move_one(move, pk)
        if progress:
            progress(done, total)
    confirmed = bool(move.decided_by)
    with transaction.atomic():
        moved = Moved.objects.filter(move=move, outcome="moved").values("proceeding").distinct().count()
        Move.objects.filter(pk=number, state="running").update(
            state="done" if confirmed else "adopted", moved=moved
        )  # fmt: skip
    return len(numbers)


def _left(move: Move) -> list[int]:
    """Open files whose days stay but whose receipts name another calendar."""
    if move.kind != "calendar":
        return []
    rows = Proceeding.objects.filter(ended=False).exclude(calendar=move.calendar)
    first = min((row.day for row in queries.rows_of(move.days)), default=date.min)
    held = Clock.objects.filter(running=True, proceeding__in=rows).exclude(due__lt=first)
    return sorted(set(held.values_list("proceeding", flat=True)))


def _move_one(move: Move, pk: int) -> None:
    """One file; somebody who writes to it at the same moment reckons by the new rule already."""
    for _try in range(3):
        found = Proceeding.objects.get(pk=pk)
        before = found.due
        if found.ended:
            break
        try:
            with transaction.atomic():
                course = files.course_of(found)
                if move.kind != "calendar":
                    course = replace(course, procedure=target(move, found, course))
                settle(found, course)
                rows = Moved.objects.filter(move=move, proceeding=found, outcome="would")
                if not rows.exists():
                    return
                found.refresh_from_db()
                rows.update(outcome="moved")
                ledger.record(
                    "file.moved", subject=f"file:{pk}", who=SYSTEM, scope=found.scope,
                    facts={"number": found.number, "move": move.pk, "due_before": before, "due": found.due,
                           "version": found.version, "confirmed_by": move.decided_by},
                )  # fmt: skip
                return
        except Conflict:
            continue
    Moved.objects.filter(move=move, proceeding=pk, outcome="would").update(outcome="changed")
