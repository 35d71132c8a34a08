"""One step for many entries: shown first, done as one act, undone as one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ledger import actions as ledger
from shiheng.registers import writing
from shiheng.registers.actions import moving
from shiheng.registers.contents import version_of
from shiheng.registers.definition import Move, Register
from shiheng.registers.held import held_by_others
from shiheng.registers.models import Act, Entry
from shiheng.registers.queries import may_keep
from shiheng.registers.writing import Saying
from shiheng.ui.tables import Step, StepPreview
from shiheng.ui.wording import in_the_record, say


def steps_of(register: Register, who: Who) -> list[Step]:
    """The declared steps that may be taken for many entries at once, for whoever keeps the register."""
    if not may_keep(who, register):
        return []
    return [_step(register, move) for move in register.moves]


def _step(register: Register, move: Move) -> Step:
    def preview(who: Who, rows: Sequence[Entry]) -> StepPreview:
        accepted, refused = [], []
        kept = held_by_others(row.pk for row in rows)
        for row in rows:
            why = str(_("由案卷登记")) if row.pk in kept else _refusal(who, register, move, row)
            if why:
                refused.append((row.pk, row.title, why))
            else:
                accepted.append((row.pk, row.title))
        return StepPreview(accepted, refused)

    def apply(who: Who, numbers: Sequence[Any], key: str) -> str:
        act = take(who, register, move, [int(number) for number in numbers], key=UUID(key))
        told = {"step": say(move.title), "count": act.taken}
        return _("已%(step)s %(count)s 条，可以在“批量办理”中整体撤销。") % told

    return Step(move.code, move.title, preview, apply)


def _refusal(who: Who, register: Register, move: Move, row: Entry) -> str:
    if not may_keep(who, register, row.scope):
        return str(_("不在您的管辖范围内"))
    if row.state not in move.came_from:
        return str(_("现在是“%(state)s”") % {"state": say(register.state(row.state).title)})
    return ""


def take(
    who: Who, register: Register, move: Move, numbers: Sequence[int], *, reason: str = "", key: UUID | None = None
) -> Act:
    """Take one step with many entries, all in one act and one transaction."""

    def do() -> dict[str, int]:
        entries = list(Entry.objects.filter(register=register.code, live=True, pk__in=numbers).order_by("pk"))
        kept = held_by_others(entry.pk for entry in entries)
        wrong = [entry for entry in entries if entry.pk in kept or _refusal(who, register, move, entry)]
        if wrong or len(entries) != len(set(numbers)):
            raise Refused("bulk.moved", _("所选的条目有变化，没有写入。请刷新列表后重新选择。"))
        with in_the_record():
            words = reason or f"批量{move.title}"
        act = Act.objects.create(
            register=register.code, kind="bulk", account_id=who.account_id, actor=who.key, by=who.name,
            scope=_common([entry.scope for entry in entries]), at=clock.now(), day=clock.today(), reason=words,
            rows=len(entries), taken=len(entries), facts={"move": move.code, "title": move.title},
        )  # fmt: skip
        today = act.day
        sayings = [
            Saying(today, moving(version_of(entry.register, entry.version), entry, move, today), entry)
            for entry in entries
        ]
        writing.write(act, sayings)
        ledger.record_rows(
            "register.many", subject=f"act:{act.pk}", who=who, scope=act.scope,
            rows=[f"{entry.pk}:{move.to}".encode() for entry in entries],
            facts={"register": register.code, "move": move.code, "taken": len(entries)},
        )  # fmt: skip
        return {"act": act.pk}

    payload = {"register": register.code, "move": move.code, "entries": sorted(numbers), "reason": reason}
    result, _fresh = once(who, key=key, action="registers.bulk", payload=payload, do=do)
    return Act.objects.get(pk=result["act"])


def _common(scopes: Sequence[str]) -> str:
    """The territory that holds all of them: whoever answers for it may undo the act."""
    shared = min(scopes, default="")
    while shared and not all(scope.startswith(shared) for scope in scopes):
        shared = shared[: shared[:-1].rfind(".") + 1]
    return shared
