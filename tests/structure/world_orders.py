"""Rows of intake for pages to stand on: a file of the hotline, its replies, its receipts, what differs."""

from types import SimpleNamespace
from typing import Any


def orders(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """A file of the hotline with as many matters answered, waiting for their answer and waiting to be put right."""
    from shiheng.procedures import actions
    from shiheng.procedures.exchange import differing, replying, taking
    from shiheng.procedures.models import DifferenceList, FileNote, Order, PlatformFile
    from tests.procedures.ordering import HOTLINE, order, text

    clerk = cast.who("clerk")
    kinds = {"A": "咨询", "B": "投诉", "C": "表扬"}
    lines = [order(f"{mark}{n}", kind) for n in range(rows) for mark, kind in kinds.items()]
    made, _new = taking.take(clerk, "12345", text(HOTLINE, *lines), "工单.csv")
    taking.open_waiting(clerk, made)
    held = {one.number: one for one in Order.objects.select_related("proceeding")}
    for n in range(rows):
        actions.take(clerk, held[f"A{n}"].proceeding_id, "answer", {"answer": "须办许可。", "told_by": "电话"})
    sent = replying.send(clerk, "12345")
    said = text(("工单编号", "接收结果", "退回原因"), *((f"A{n}", "退回", "过简") for n in range(rows)))
    replying.take_receipts(clerk, "12345", said, "回执.csv")
    for n in range(rows):
        file = PlatformFile.objects.get(pk=made.pk)
        PlatformFile.objects.create(
            platform="12345", version=file.version, kind="roster", scope=file.scope, name=f"第{n}份",
            digest=f"{n:064x}", day=file.day, at=file.at, by="李窗",
        )  # fmt: skip
        FileNote.objects.create(
            proceeding=held["B0"].proceeding, number=n + 1, kind="subject", before="店", after="店", reason="核对",
            at=file.at, by="李窗",
        )  # fmt: skip
    differing.make(clerk)
    found = DifferenceList.objects.order_by("pk")[0]
    DifferenceList.objects.filter(pk=found.pk).update(
        lines=[{"kind": "theirs", "number": f"D{n}", "theirs": "办理中", "ours": "", "order": None, "file": None}
               for n in range(rows)]
    )  # fmt: skip
    return {
        "order": held["A0"].pk, "order_bad": held["C0"].pk, "order_file": made.pk, "reply_file": sent.pk,
        "order_case": held["B0"].proceeding_id, "difference": found.pk,
    }  # fmt: skip
