"""Looking after an installation: check-up, backup, restore, the clock of a demonstration, the mission's inventory."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from shiheng.site.cli.answers import MISSING, OK, PARTIAL, Answer, Progress, table
from shiheng.site.cli.declared import Command, argument


def doctor(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.site import doctor as examination

    with progress.bar("核对存证", unit="叶") as bar:

        def told(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        findings = examination.examine(thorough=not options.quick, progress=told)
    bad = [f for f in findings if f.state == examination.BAD]
    lines = [f"[{f.state}] {f.title}：{f.text}" + (f"。处理：{f.advice}" if f.advice else "") for f in findings]
    lines.append(f"共 {len(findings)} 项，{len(bad)} 项不合格。")
    facts = {
        "ok": not bad,
        "findings": [{"title": f.title, "state": f.state, "text": f.text, "advice": f.advice} for f in findings],
    }
    return Answer(facts, lines, PARTIAL if bad else OK)


def backup(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.site import backup as archives

    with progress.bar("备份", unit="B") as bar:

        def told(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        facts = archives.take(options.archive, progress=told)
    text = (
        f"已备份到 {facts['archive']}：{facts['files']} 个文件，{_megabytes(facts['bytes'])}，"
        f"压缩后 {_megabytes(facts['size'])}；是 {facts['taken_at']} 这一刻的全部数据。"
    )
    return Answer({"ok": True, **facts}, [text, "其中含有签名密钥，请按密件保管。"])


def restore(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.site import backup as archives
    from shiheng.site import setup, supervise

    with supervise.only_one(setup.home()), progress.bar("恢复", unit="B") as bar:
        facts = archives.restore(options.archive, force=options.force, progress=bar.update)
    lines = [f"已恢复 {facts['taken_at']} 的备份：{facts['files']} 个文件，SHA-256 全部相符。"]
    if facts["moved_aside"]:
        lines.append(f"原有内容移到了数据目录中的 {facts['moved_aside']}。")
    return Answer({"ok": True, **facts}, lines)


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:.1f} MB"


def clock_show(options: argparse.Namespace, progress: Progress) -> Answer:
    return _clock()


def clock_set(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.site import timekeeping

    timekeeping.set_to(options.moment)
    return _clock()


def clock_reset(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.site import timekeeping

    timekeeping.set_to(None)
    return _clock()


def _clock() -> Answer:
    from shiheng.kernel import clock
    from shiheng.site import timekeeping

    now, offset = clock.now(), timekeeping.offset()
    text = f"平台时钟：{now:%Y-%m-%d %H:%M:%S}" + ("（与本机一致）" if not offset else f"（比本机快 {offset}）")
    return Answer({"ok": True, "now": now.isoformat(), "offset_seconds": offset.total_seconds()}, [text])


def moment(text: str) -> datetime:
    """A moment as people write it; a day alone means its nine o'clock."""
    from shiheng.kernel.clock import SHANGHAI

    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"):
        try:
            read = datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
        return read.replace(hour=9) if form == "%Y-%m-%d" else read
    raise argparse.ArgumentTypeError(f"{text!r} 不是时刻，应写成 2026-11-20 或 “2026-11-20 09:30”")


def mission(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.site import mission as inventory

    items = [item for item in inventory.items() if not options.items or item.id in options.items]
    if missing := sorted(set(options.items) - {item.id for item in items}):
        return Answer(
            {"ok": False, "code": "mission.unknown", "message": f"没有清单项 {missing[0]}"},
            [f"没有清单项 {'、'.join(missing)}，编号如 A01。"],
            MISSING,
        )
    proofs = inventory.proofs()
    shown: list[dict[str, Any]] = [
        {"id": i.id, "kind": i.kind, "title": i.title, "tests": proofs.get(i.id, [])} for i in items
    ]
    if options.proved:
        shown = [item for item in shown if item["tests"]]
    proved = sum(bool(item["tests"]) for item in shown)
    lines = list(
        table(((i["id"], len(i["tests"]), i["title"]) for i in shown), ("编号", "测试", "清单项"))
        if not options.items
        else (line for i in shown for line in (f"{i['id']} {i['title']}", *(f"  {t}" for t in i["tests"])))
    )
    lines.append(f"共 {len(shown)} 项，{proved} 项有测试证明。")
    return Answer({"ok": True, "items": shown, "proved": proved}, lines)


COMMANDS = (
    Command("clock show", "看平台现在的时刻", clock_show),
    Command(
        "clock set",
        "把演示环境的时钟调到某一刻，从那一刻继续走",
        clock_set,
        (argument("moment", type=moment, metavar="时刻", title="2026-11-20，或 “2026-11-20 09:30”"),),
        "网页、作业进程与命令行共用一个时钟。正式环境拒绝执行。",
    ),
    Command("clock reset", "演示时钟回到本机时间", clock_reset),
    Command(
        "doctor",
        "体检：目录、权限、数据库、存证、日历、字体、磁盘、作业",
        doctor,
        (argument("--quick", action="store_true", title="不逐叶核对存证"),),
        "有不合格项时退出码为 5。",
    ),
    Command(
        "backup",
        "把数据库、文件、数据湖与密钥的同一时刻备份成一个文件",
        backup,
        (
            argument(
                "archive", type=Path, metavar="文件", title="备份文件名，如 shiheng-20261120.tar.zst；已存在则拒绝"
            ),
        ),
        "不用停机，备份期间可照常办理。文件内附清单与每个文件的 SHA-256。",
    ),
    Command(
        "restore",
        "把备份恢复到空的数据目录与数据库",
        restore,
        (
            argument("archive", type=Path, metavar="文件", title="备份文件"),
            argument("--force", action="store_true", title="数据目录不空时，把现有内容移到一边再恢复"),
        ),
        "先整体解开并核对每个 SHA-256，全部相符才放到位；有一处不符则什么也不改动。",
    ),
    Command(
        "mission",
        "任务清单：每一项由哪些测试证明",
        mission,
        (
            argument("items", nargs="*", metavar="编号", title="只看这些项"),
            argument("--proved", action="store_true", title="只列有测试的项"),
        ),
    ),
)
