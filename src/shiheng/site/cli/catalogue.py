"""The list of powers from the command line: as it stands on a day, and beside the catalogue of the level above."""

import argparse
from collections import Counter

from shiheng.site.cli.answers import Answer, Progress, table
from shiheng.site.cli.declared import Command, argument
from shiheng.site.cli.district import day


def listing(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.catalogue.powers import queries
    from shiheng.catalogue.powers.api import out
    from shiheng.catalogue.powers.definition import KINDS, STATUSES

    held = [
        entry
        for entry in queries.entries(on=options.on, known=options.known).values()
        if not options.kind or entry.power.kind == options.kind
    ]
    rows = [{**out(entry), "in_force_from": str(out(entry)["in_force_from"])} for entry in held]
    rows.sort(key=lambda row: str(row["code"]))
    shown = (
        (
            r["code"],
            KINDS[str(r["kind"])],
            r["title"],
            f"《{r['instrument']}》{r['article']}",
            STATUSES[str(r["status"])],
        )
        for r in rows
    )
    lines = [*table(shown, ("职权编码", "类别", "职权名称", "设定依据", "状态")), f"共 {len(rows)} 项。"]
    return Answer({"ok": True, "powers": rows}, lines)


def compare(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.catalogue.powers import queries
    from shiheng.catalogue.powers.api import compared_out
    from shiheng.catalogue.powers.comparing import STATUSES
    from shiheng.kernel.errors import Missing

    held = queries.current_upper()
    if held is None:
        raise Missing("upper.none", "还没有启用上级目录。")
    found = queries.compared(held)
    counts = Counter(row.status for row in found)
    rows = [compared_out(row) for row in found if not options.differing or row.status != "same"]
    lines = [
        *table(((r["key"], STATUSES[str(r["status"])], r["title"]) for r in rows), ("编码", "结果", "职权名称")),
        "；".join(f"{title} {counts[code]} 项" for code, title in STATUSES.items()) + "。",
    ]
    told = {"ok": True, "catalogue": held.title, "unread": held.faulty, "counts": dict(counts), "items": rows}
    return Answer(told, lines)


COMMANDS = (
    Command(
        "powers list",
        "列出权责清单",
        listing,
        (
            argument("--on", type=day, metavar="日期", title="清单日期，默认今天"),
            argument("--known", type=day, metavar="日期", title="只计入到这一日已公布、未撤销的调整"),
            argument("--kind", default="", metavar="类别", title="职权类别代码，如 penalty"),
        ),
    ),
    Command(
        "powers compare",
        "把现行清单与使用中的上级通用目录逐项比对",
        compare,
        (argument("--differing", action="store_true", title="不列一致的项"),),
    ),
)
