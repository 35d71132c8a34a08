"""Exchange between departments from the command line: what stands, moving it on, and files for systems above us."""

import argparse
from pathlib import Path

from shiheng.site.cli import operator
from shiheng.site.cli.answers import Answer, Progress, table
from shiheng.site.cli.declared import Command, argument
from shiheng.site.cli.district import day


def listing(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.publication.exchange import queries
    from shiheng.publication.models import Subscription

    rows = []
    for row in queries.visible_to(operator.who()).order_by("code"):
        found = queries.difference(row)
        rows.append(
            {"code": row.code, "office": row.office.title, "state": row.state, "way": row.way, "last": row.last,
             "sent": row.sent, "taken": row.taken, "unconfirmed": found.unconfirmed.count(),
             "ahead": found.ahead.count(), "fault": row.fault}
        )  # fmt: skip
    shown = (
        (r["code"], r["office"], Subscription.STATES[str(r["state"])], r["last"], r["sent"], r["taken"], r["fault"])
        for r in rows
    )
    header = ("订阅", "接收单位", "状态", "应交", "已送", "已确认", "最近的失败")
    return Answer({"ok": True, "subscriptions": rows}, [*table(shown, header), f"共 {len(rows)} 个订阅。"])


def move(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.publication.exchange import sending
    from shiheng.publication.models import Subscription

    codes = [options.code] if options.code else list(
        Subscription.objects.filter(state="approved").order_by("code").values_list("code", flat=True)
    )  # fmt: skip
    for code in codes:
        sending.move(code)
    done = Subscription.objects.filter(code__in=codes).order_by("code")
    rows = [{"code": r.code, "last": r.last, "sent": r.sent, "taken": r.taken, "fault": r.fault} for r in done]
    lines = [f"{r['code']}：应交 {r['last']}，已送 {r['sent']}，已确认 {r['taken']}。{r['fault']}" for r in rows]
    return Answer({"ok": True, "subscriptions": rows}, lines or ["没有生效的订阅。"])


def export(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.publication.exchange import supervision

    options.folder.mkdir(parents=True, exist_ok=True)
    rows, lines = [], []
    for shape in supervision.layouts():
        made = supervision.make(
            operator.who(), code=shape.code, scope=options.scope, first=options.first, last=options.last
        )
        path = options.folder / supervision.name_of(made).replace(".csv", ".zip")
        path.write_bytes(supervision.parcel(made))
        rows.append(
            {"report": made.pk, "table": made.layout, "rows": made.rows, "held_back": made.held_back,
             "sha256": made.file, "file": str(path), "layout_verified": shape.verified}
        )  # fmt: skip
        lines.append(f"{shape.title}：写入 {made.rows} 行，留下未报 {made.held_back} 行；{path}")
    if any(not row["layout_verified"] for row in rows):
        lines.append("格式待核对：列名和代码未见该系统的数据标准原文，报送前须逐列核对。")
    return Answer({"ok": True, "reports": rows}, lines)


COMMANDS = (
    Command("exchange list", "列出订阅：应交、已送、已确认到哪个编号", listing),
    Command(
        "exchange move",
        "把订阅往前推一步：编号、交付、读回执（平时由作业进程做）",
        move,
        (argument("code", nargs="?", metavar="订阅", title="只办这个订阅"),),
    ),
    Command(
        "exchange export",
        "按国家在线监管系统的格式写出检查、处罚、许可，附清单",
        export,
        (
            argument(
                "layout",
                choices=["online-supervision"],
                metavar="格式",
                title="国家在线监管系统的格式",
            ),
            argument("--from", dest="first", type=day, required=True, metavar="日期", title="自哪一日（含）"),
            argument("--to", dest="last", type=day, required=True, metavar="日期", title="至哪一日（含）"),
            argument("--scope", default="", metavar="辖区", title="只报这个辖区路径之内的，如 4499.01.；默认全部"),
            argument("--folder", type=Path, default=Path(), metavar="目录", title="写到这个目录，默认当前目录"),
        ),
        "缺必填项或没有对应代码的行留下不报，写明原因。同样的内容再次生成得到同一个文件。",
    ),
)
