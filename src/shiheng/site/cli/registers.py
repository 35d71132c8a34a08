"""Registers from the command line: what is kept, what stands on one, bringing a file, writing it out."""

import argparse
from pathlib import Path
from typing import Any

from shiheng.site.cli import operator
from shiheng.site.cli.answers import Answer, Progress, table
from shiheng.site.cli.declared import Command, argument


def listing(options: argparse.Namespace, progress: Progress) -> Answer:
    from django.db.models import Count

    from shiheng.kernel import clock
    from shiheng.registers.contents import all_on
    from shiheng.registers.models import Entry

    rows = Entry.objects.filter(live=True, ended=False)
    counts: dict[str, int] = dict(rows.order_by().values_list("register").annotate(Count("pk")))
    found = [
        {"code": r.code, "title": r.title, "group": r.group, "entries": counts.get(r.code, 0), "public": r.public,
         "fed": r.feed is not None, "over_since": r.over_since.isoformat() if r.over_since else None}
        for r in all_on(clock.today())
    ]  # fmt: skip
    shown = ((r["code"], r["title"], r["entries"]) for r in found)
    lines = [*table(shown, ("代码", "名录", "在册")), f"共 {len(found)} 个名录。"]
    return Answer({"ok": True, "registers": found}, lines)


def bring(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.kernel.errors import Missing, Refused
    from shiheng.ledger import files
    from shiheng.registers import importing
    from shiheng.registers.models import Act, Row

    path: Path = options.file
    if not path.is_file():
        raise Missing("file.missing", f"找不到文件 {path}。请核对路径。")
    who = operator.who()
    act = importing.begin(who, options.code, files.keep(path.read_bytes(), sealed=True), path.name)
    with progress.bar("读取", total=None) as bar:
        importing.read(who, act, progress=lambda done, _total: bar.update(done - bar.n))
    act.refresh_from_db()
    if act.state == "refused":
        raise Refused("import.refused", f"{path.name} 整份没有读入：{act.reason}")
    if options.write and Row.objects.filter(act=act, outcome__in=("new", "changed")).exists():
        importing.confirm(who, act.pk, reason=options.reason or "")
        act.refresh_from_db()
        with progress.bar("写入", total=act.rows) as bar:
            importing.write(who, act, progress=lambda done, _total: bar.update(done - bar.n))
        act.refresh_from_db()
    outcomes = {o: Row.objects.filter(act=act, outcome=o).count() for o in Row.OUTCOMES}
    faulty = Row.objects.filter(act=act, outcome="faulty").order_by("line")
    faults = [{"line": row.line, "why": row.why} for row in faulty[:200]]
    told = "，".join(f"{Row.OUTCOMES[o]} {n}" for o, n in outcomes.items())
    waits = "还没有写入；确认无误后加 --write，或在“批量办理”页上确认。"
    ends = f"已写入 {act.taken} 条。" if act.state == "done" else waits
    lines = [f"{path.name}：{act.rows} 行，{told}。{ends}", *(f"第 {f['line']} 行：{f['why']}" for f in faults)]
    state = Act.STATES[act.state]
    return Answer({"ok": True, "act": act.pk, "state": act.state, "state_title": state, "rows": act.rows,
                   "taken": act.taken, **outcomes, "faults": faults}, lines)  # fmt: skip


def dump(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.registers import dumping
    from shiheng.registers.models import Entry

    rows = Entry.objects.filter(live=True, **({"register": options.code} if options.code else {}))
    found: dict[str, Any] = {"ok": True, "entries": rows.count(), "sha256": dumping.digest(options.code or "")}
    if options.out:
        with options.out.open("w", encoding="utf-8") as file:
            for line in dumping.lines(options.code or ""):
                file.write(line + "\n")
        found["file"] = str(options.out)
    return Answer(found, [f"{found['entries']} 条，摘要 {found['sha256']}"])


def undo(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.registers import importing, undoing

    who = operator.who()
    act = importing.find(who, options.act)
    undoing.begin(who, act, options.reason)
    with progress.bar("撤销", total=act.taken) as bar:
        undoing.run(who, act, progress=lambda done, _total: bar.update(done - bar.n))
    act.refresh_from_db()
    return Answer({"ok": True, "act": act.pk, "state": act.state}, [f"第 {act.pk} 次批量办理已撤销。"])


def feed(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.registers import feeding
    from shiheng.registers.models import Entry, Fed

    with progress.bar("取用部门来文", total=None) as bar:
        feeding.run(progress=lambda done, _total: bar.update(done - bar.n))
    codes = list(Fed.objects.exclude(register__startswith="@").order_by("register").values_list("register", flat=True))
    counts = {code: Entry.objects.filter(register=code, live=True, ended=False).count() for code in codes}
    lines = [f"{code}：在册 {n} 条" for code, n in counts.items()]
    return Answer({"ok": True, "registers": counts}, lines or ["没有由来文更新的名录。"])


_CODE = argument("code", metavar="名录", title="名录的代码，见 registers list")

COMMANDS = (
    Command("registers list", "列出名录：在册多少条", listing),
    Command(
        "registers import",
        "把一份表格读进名录；先看结果，加 --write 才写入",
        bring,
        (
            _CODE,
            argument("file", type=Path, metavar="文件", title="xlsx 或 csv，第一行是表头"),
            argument("--write", action="store_true", title="读完就写入没有错误的行"),
            argument("--reason", metavar="事由", title="写入的事由"),
        ),
    ),
    Command(
        "registers undo",
        "整批撤销一次导入或批量办理",
        undo,
        (
            argument("act", type=int, metavar="编号", title="批量办理的编号"),
            argument("--reason", required=True, metavar="事由", title="为什么撤销"),
        ),
    ),
    Command(
        "registers dump",
        "名录的规范内容及其摘要：说法相同的两个名录摘要相同",
        dump,
        (
            argument("code", nargs="?", metavar="名录", title="只看这个名录"),
            argument("--out", type=Path, metavar="文件", title="逐行写到文件"),
        ),
    ),
    Command("registers feed", "用部门来文更新名录（平时由作业进程做）", feed),
)
