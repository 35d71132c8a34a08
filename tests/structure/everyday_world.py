"""Files that change hands, would move, or came from an earlier system, for the pages that list them."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from tests.structure.credit_world import heeded


def everyday(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """Files that change hands and would move: a preview, leaves, a batch of an earlier system, ended files."""
    from shiheng.kernel import clock
    from shiheng.ledger import files
    from shiheng.procedures import actions
    from shiheng.procedures.duty import actions as duty
    from shiheng.procedures.models import Batch, BatchRow, Handing, Leave, Move, Moved, Proceeding

    now, today, clerk = clock.now(), clock.today(), cast.who("clerk")
    found = Proceeding.objects.order_by("pk")[0]
    moves = Move.objects.bulk_create(
        Move(kind="calendar", state="declined" if n else "waiting", calendar=f"{n:064}", made_at=now, by="系统",
             files=rows)
        for n in range(rows)
    )  # fmt: skip
    held = list(Proceeding.objects.filter(scope="4499.01.", ended=False).order_by("pk")[:rows])
    Moved.objects.bulk_create(
        Moved(move=moves[0], proceeding=one, limit="acceptance", before=today, after=today, version_before=one.version,
              version_after=one.version, why="放假安排变动")
        for one in held
    )  # fmt: skip
    leaves = Leave.objects.bulk_create(
        Leave(account=cast.clerk, name="李窗", deputy=cast.chief, deputy_name="章科", since=today, until=today,
              reason="休假", state="cancelled" if n else "running", scope="4499.01.", at=now, by="章科", actor="x")
        for n in range(rows)
    )  # fmt: skip
    Handing.objects.bulk_create(
        Handing(proceeding=found, kind="given", before=cast.clerk, before_name="李窗", after=cast.chief,
                after_name="章科", reason="调岗", act=uuid4(), at=now, by="章科")
        for _ in range(rows)
    )  # fmt: skip
    duty.assign(cast.who("chief"), [one.pk for one in held[1:]], cast.clerk.pk, reason="分办")
    kept = files.keep(b"x")
    batches = Batch.objects.bulk_create(
        Batch(procedure="complaints.complaint", scope="4499.01.", state="preview", filename=f"{n}.csv",
              file=kept.sha256, rows=rows, taken=rows, at=now, by="章科")
        for n in range(rows)
    )  # fmt: skip
    BatchRow.objects.bulk_create(
        BatchRow(batch=batches[0], line=n + 2, number=f"A-{n}", outcome="new", proceeding=held[n % len(held)])
        for n in range(rows)
    )
    for n in range(rows):
        one = actions.open_file(
            clerk, "complaints.enquiry", {"summary": f"问{n}", "channel": "counter", "question": "怎样办证"},
            parties=[actions.Standing("asker", f"钱{n}")], scope="4499.01.",
        )  # fmt: skip
        actions.take(clerk, one.pk, "answer", {"answer": "如下", "told_by": "电话"})
    return {"move": moves[0].pk, "handler": cast.clerk.pk, "leave": leaves[0].pk, "takeover": batches[0].pk,
            **heeded(cast, rows)}  # fmt: skip
