"""What becomes of refused rows when the batch that mends or answers them moves on; in the caller's transaction.

A row counts as mended as long as its mended cells stand in a batch in force. If they are refused again, or that batch
is taken back, it is open as before, and what had been done about it stays on record as undone.
"""

from django.db.models import QuerySet

from shiheng.fusion.models import Batch, Mending, Quarantined, Return
from shiheng.kernel import clock


def reopen(mendings: "QuerySet[Mending]", *, why: str) -> int:
    """Undo what was done about these rows; gives how many are open again."""
    held = mendings.filter(undone_at=None)
    rows = list(held.values_list("quarantined_id", flat=True))
    Quarantined.objects.filter(pk__in=held.values("quarantined_id")).update(state="open")
    held.update(undone_at=clock.now(), undone_why=why[:300])
    return len(rows)


def checked(batch: Batch) -> None:
    """Mended rows the contract has refused once more are open again where they first stood."""
    if batch.mends_id:
        again = Quarantined.objects.filter(batch=batch).values("row")
        reopen(Mending.objects.filter(batch=batch, row__in=again), why="修正后仍不合契约")


def refused(batch: Batch) -> None:
    """A file of mended rows was refused whole."""
    if batch.mends_id:
        reopen(Mending.objects.filter(batch=batch), why="修正批次整批拒收")


def withdrawn(number: int) -> None:
    """A batch that may hold mended rows is taken back."""
    reopen(Mending.objects.filter(batch_id=number), why=f"批次 {number} 已撤回")


def answered(batch: Batch) -> None:
    """A corrected file is in force: what was sent back from the one it replaces is answered."""
    if batch.replaces_id:
        Return.objects.filter(batch=batch.replaces_id).exclude(state="answered").update(
            state="answered", answered_by=batch, answered_at=clock.now()
        )
