"""Taking back what was written, one act at a time, however many entries it wrote: as if it had never been said."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict
from shiheng.ledger import actions as ledger
from shiheng.registers import writing
from shiheng.registers.models import Act, Entry, Note, Version

CHUNK = 500
JOB = "registers.undo"


def undo_small(who: Who, act: Act, reason: str) -> None:
    """Undo an act in the caller's transaction."""
    begin(who, act, reason)
    while _chunk(act):
        pass
    _end(who, act)


def begin(who: Who, act: Act, reason: str) -> None:
    """Mark an act as being undone; of two who would, one does. Raises ``Conflict``."""
    moved = Act.objects.filter(pk=act.pk, state="done").update(
        state="undoing", undone_by=who.name, undone_why=reason, undone_at=clock.now()
    )
    if moved != 1:
        raise Conflict("act.undone", _("这次办理已经撤销，或还没有完成。"))


def run(
    who: Who,
    act: Act,
    *,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Undo chunk by chunk, each its own transaction; taken up again where it stopped. False when told to stop."""
    done = 0
    while True:
        with transaction.atomic():
            count = _chunk(act)
            if not count:
                _end(who, act)
                return True
        done += count
        progress(done, act.taken)
        if should_stop():
            return False


def _chunk(act: Act) -> int:
    """Undo the next entries of an act; how many."""
    left = Version.objects.filter(act=act, restates=None, undone=False).order_by("pk")
    numbers = list(dict.fromkeys(left.values_list("entry_id", flat=True)[:CHUNK]))
    if numbers:
        writing.undo(act, Entry.objects.filter(pk__in=numbers), act)
    return len(numbers)


def _end(who: Who, act: Act) -> None:
    Note.objects.filter(act=act).update(undone=True)
    act.refresh_from_db()
    if Act.objects.filter(pk=act.pk, state="undoing").update(state="undone") != 1:
        raise Conflict("act.undone", _("这次办理已经撤销，或还没有完成。"))
    ledger.record(
        "entry.undone", subject=f"act:{act.pk}", who=who, scope=act.scope, key=f"registers:undone:{act.pk}",
        facts={"register": act.register, "kind": act.kind, "entries": act.taken, "reason": act.undone_why},
    )  # fmt: skip
