"""The generated district on its own: making its files anywhere, for trying out and for tests of others."""

import argparse
from datetime import date
from pathlib import Path

from shiheng.site.cli.answers import Answer, Progress
from shiheng.site.cli.declared import Command, argument


def make(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.city import generator
    from shiheng.city.departments import generator as departments
    from shiheng.kernel import clock
    from shiheng.kernel.errors import Conflict

    if options.folder.exists() and any(options.folder.iterdir()):
        raise Conflict("city.folder", f"目录 {options.folder} 不是空的，请换一个。")
    with progress.bar("生成辖区", total=options.size, unit="户") as bar:

        def told(done: int, total: int) -> None:
            bar.update(done - bar.n)

        made = generator.write(
            options.folder,
            subjects=options.size,
            seed=options.seed,
            until=options.until or clock.today(),
            progress=told,
        )
    with progress.bar("部门来文", total=options.size, unit="户") as bar:
        sent = departments.write(
            options.folder, subjects=made.subjects, seed=made.seed, until=made.until, progress=told
        )
    digest = departments.digest(options.folder)
    sources = len({file.source for file in sent})
    facts = {"ok": True, "folder": str(options.folder), "subjects": made.subjects, "seed": made.seed,
             "until": made.until.isoformat(), "files": len(made.files), "digest": made.digest,
             "departments": {"sources": sources, "files": len(sent), "rows": sum(f.rows for f in sent),
                             "digest": digest}}  # fmt: skip
    return Answer(
        facts,
        [
            f"{made.city} {made.subjects} 户，{len(made.files)} 个文件，写入 {options.folder}；摘要 {made.digest}",
            f"另有 {sources} 个部门数据源 {len(sent)} 个文件；摘要 {digest}",
        ],
    )


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} 不是日期，应写成 2026-11-20") from None


COMMANDS = (
    Command(
        "city make",
        "生成演示辖区的全部来文与真值，只写文件，不入库",
        make,
        (
            argument("folder", type=Path, metavar="目录", title="写到这个空目录"),
            argument("--size", type=int, default=20_000, metavar="户数", title="主体数，默认 20000"),
            argument("--seed", type=int, default=20_261_121, metavar="种子", title="随机种子，默认 20261121"),
            argument("--until", type=day, metavar="日期", title="辖区的最后一天，默认今天"),
        ),
        "同样的户数、种子与日期，在任何机器上得到逐字节相同的文件。",
    ),
)
