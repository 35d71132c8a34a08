"""Refused rows from the command line: what one means, mending it, leaving it out, sending what is left back."""

import argparse
from pathlib import Path
from typing import Any

from shiheng.site.cli import operator
from shiheng.site.cli.answers import Answer, Progress, table
from shiheng.site.cli.declared import Command, argument


def show(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.accounts.permissions import May
    from shiheng.fusion import queries, sheets

    row = queries.refused_row(operator.who(), options.row, May.MEND_QUARANTINE)
    sheet = sheets.sheet_of(row.batch)
    cells = sheet.view(row)
    sure = sheet.accepted(row) is not None
    facts = {
        "ok": True,
        "id": row.pk,
        "batch": row.batch_id,
        "row": row.row,
        "state": row.state,
        "reasons": row.reasons,
        "cells": [
            {"title": c.title, "raw": c.said, "value": c.read, "reasons": c.reasons, "proposed": c.proposed}
            for c in cells
        ],
        "sure": sure,
    }
    shown = ((c.title, c.said, c.read, c.proposed) for c in cells)
    told = f"可采纳：shiheng quarantine accept {row.pk}" if sure else "没有能使整行合乎契约的修复建议，请手工修正。"
    return Answer(
        facts,
        [
            f"隔离行 {row.pk}：批次 {row.batch_id} 第 {row.row} 行，{row.STATES[row.state]}。",
            *(reason["message"] for reason in row.reasons),
            *table(shown, ("列", "来文", "解读", "建议")),
            told,
        ],
    )


def accept(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import mending

    if options.row is None:
        return _many("accept", options, progress, why="")
    done = mending.accept(options.row, who=operator.who())
    return _settled(done, options.row)


def mend(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import mending
    from shiheng.kernel.errors import Refused

    changes = {}
    for given in options.set or ():
        title, sign, text = given.partition("=")
        if not sign:
            raise Refused("mending.set", f"“{given}”须写成 列名=内容。")
        changes[title] = text
    done = mending.mend(options.row, changes, who=operator.who(), why=options.why)
    return _settled(done, options.row)


def reject(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import mending

    if options.row is None:
        return _many("reject", options, progress, why=options.why)
    return _settled(mending.reject(options.row, who=operator.who(), why=options.why), options.row)


def reopen(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import mending

    return _settled(mending.reopen(options.row, who=operator.who(), why=options.why), options.row)


def _many(step: str, options: argparse.Namespace, progress: Progress, *, why: str) -> Answer:
    from shiheng.fusion import mending
    from shiheng.kernel.errors import Refused

    if not (options.reason or options.batch):
        raise Refused("mending.chosen", "请写明隔离行编号，或用 --reason、--batch 指明成批处置哪些行。")
    if step == "reject" and not why.strip():
        raise Refused("mending.why", "请用 --why 写明理由。")
    chosen = mending.Chosen(source=options.source or "", reason=options.reason or "", batch=options.batch)
    with progress.bar("隔离行") as bar:

        def told(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        done = mending.through(step, chosen, who=operator.who(), why=why, progress=told)
    return Answer({"ok": True, **done}, [f"已处置 {done['done']} 行，仍待处理 {done['left']} 行。"])


def _settled(done: dict[str, Any], row: int) -> Answer:
    from shiheng.fusion.models import Quarantined

    told = f"隔离行 {row}：{Quarantined.STATES[done['state']]}。"
    after = ["作业进程会把它入档；没有作业进程时执行 shiheng worker。"] if done["state"] == "mended" else []
    return Answer({"ok": True, **done}, [told, *after])


def send_back(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import returns

    if options.only_form:
        made = returns.form(options.batch, who=operator.who(), reason=options.reason or "")
        goal = options.output or Path(made.filename)
        goal.write_bytes(made.content)
        return Answer({"ok": True, "file": str(goal), "rows": made.rows}, [f"已写出 {goal}，{made.rows} 行，未退回。"])
    found = returns.send_back(options.batch, who=operator.who(), why=options.why, reason=options.reason or "")
    if options.output:
        from shiheng.ledger import files

        with files.open_kept(found.file) as held:
            options.output.write_bytes(held.read())
    return Answer(_facts(found), [f"已退回 {found.size} 行，文号 {found.number}，已通知 {found.told}。"])


def listed(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import returns

    found = list(returns.visible_to(operator.who())[: options.limit])
    rows = [_facts(one) for one in found]
    shown = (
        (r["id"], r["number"], r["batch"], r["rows"], r["state_title"], r["told"], r["answered_by"] or "") for r in rows
    )
    header = ("编号", "文号", "批次", "行数", "状态", "已通知", "更正批次")
    return Answer({"ok": True, "returns": rows}, table(shown, header))


def receive(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import returns

    found = returns.receive(options.number, who=operator.who())
    return Answer(_facts(found), [f"{found.number} 已签收。"])


def answer(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import returns

    found = returns.answer(options.number, options.batch, who=operator.who())
    return Answer(_facts(found), [f"{found.number} 已由批次 {options.batch} 更正。"])


def _facts(found: Any) -> dict[str, Any]:
    return {
        "ok": True,
        "id": found.pk,
        "number": found.number,
        "batch": found.batch_id,
        "rows": found.size,
        "state": found.state,
        "state_title": found.STATES[found.state],
        "told": found.told,
        "file": found.file,
        "filename": found.filename,
        "answered_by": found.answered_by_id,
    }


ROW = argument("row", type=int, metavar="编号", title="隔离行编号，见 shiheng quarantine list")
ROW_OR_ALL = argument("row", type=int, nargs="?", metavar="编号", title="隔离行编号；不写则成批处置")
CHOSEN = (
    argument("--reason", metavar="代号", title="成批：只办这个原因，如 uni_social_crd_cd.uscc"),
    argument("--source", metavar="代码", title="成批：只办这个数据源"),
    argument("--batch", type=int, metavar="批次", title="成批：只办这个批次"),
)
WHY = argument("--why", required=True, metavar="理由", title="理由，记入处置记录")
RETURN = argument("number", type=int, metavar="编号", title="退回件编号，见 shiheng returns list")

COMMANDS = (
    Command("quarantine show", "一个隔离行：来文、解读、原因与修复建议", show, (ROW,)),
    Command(
        "quarantine accept",
        "采纳修复建议，一行或按原因成批",
        accept,
        (ROW_OR_ALL, *CHOSEN),
        "成批时只办理建议唯一、采纳后整行合乎契约的行。",
    ),
    Command(
        "quarantine mend",
        "手工修正一行；修正后仍不合契约的当场拒绝",
        mend,
        (ROW, argument("--set", action="append", metavar="列名=内容", title="改哪一列，可多次"), WHY),
    ),
    Command("quarantine reject", "不予入档，一行或按原因成批", reject, (ROW_OR_ALL, *CHOSEN, WHY)),
    Command("quarantine reopen", "把不予入档或已退回的行恢复为待处理", reopen, (ROW, WHY)),
    Command(
        "quarantine return",
        "把一个批次剩下的隔离行按部门自己的表样退回",
        send_back,
        (
            argument("batch", type=int, metavar="批次", title="批次编号"),
            argument("--reason", metavar="代号", title="只退这个原因"),
            argument("--why", default="", metavar="说明", title="退回说明，写进通知"),
            argument("--output", type=Path, metavar="文件", title="另存一份"),
            argument("--only-form", action="store_true", title="只写出文件，不退回"),
        ),
    ),
    Command(
        "returns list",
        "列出退回件，新的在前",
        listed,
        (argument("--limit", type=int, default=20, metavar="条", title="最多列几条，默认 20"),),
    ),
    Command("returns receive", "签收退回件", receive, (RETURN,)),
    Command(
        "returns answer",
        "登记退回件由哪个批次更正",
        answer,
        (RETURN, argument("batch", type=int, metavar="批次", title="更正批次的编号")),
    ),
)
