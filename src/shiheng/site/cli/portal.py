"""The portal that stands on its own: serving it, writing its store, taking in what it counted."""

import argparse
import os
import secrets
from pathlib import Path

from shiheng.site.cli.answers import REFUSED, USAGE, Answer, Progress
from shiheng.site.cli.declared import Command, argument

#: What opens the working platform: none of it is taken over.
WORKING = ("SHIHENG_DATABASE_URL", "SHIHENG_SECRET_KEY")


def serve(options: argparse.Namespace, progress: Progress) -> Answer:
    """Serve a folder of published data. Nothing of the working platform's settings is taken over."""
    if not options.data:
        return Answer({"ok": False, "code": "usage"}, ["请用 --data 写明公开库的目录。"], USAGE)
    folder = Path(options.data).resolve()
    if not (folder / "published.sqlite3").exists():
        told = f"{folder} 中没有公开库（published.sqlite3）。请先在工作平台上执行 shiheng portal export {folder}。"
        return Answer({"ok": False, "code": "portal.empty"}, [told], REFUSED)
    for name in [name for name in os.environ if name in WORKING or name.removesuffix("_FILE") in WORKING]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "shiheng.site.settings.portal",
        "SHIHENG_HOME": str(folder / "own"),
        "SHIHENG_PUBLISHED": str(folder),
        # Signs nothing but the cookie that guards a form: made anew at each start, the same for all its processes.
        "SHIHENG_SECRET_KEY": secrets.token_urlsafe(48),
        "SHIHENG_WORKERS": str(options.workers),
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    return _run(options, progress)


def _run(options: argparse.Namespace, progress: Progress) -> Answer:
    import logging

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from shiheng.site import supervise

    supervise.check_free(options.bind)
    host, port = supervise.split(options.bind)
    supervise.follow_parent()
    logging.getLogger("granian").setLevel(logging.WARNING)
    progress.say(f"独立门户：http://{options.bind}/，数据 {options.data}")
    Granian(
        "shiheng.site.portal_wsgi:application", address=host, port=port, interface=Interfaces.WSGI,
        workers=options.workers, blocking_threads=2, websockets=False, respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()  # fmt: skip
    return Answer({"ok": True, "stopped": True}, ["已停止。"])


def export(options: argparse.Namespace, progress: Progress) -> Answer:
    """Write the published store and the open data into a folder."""
    from shiheng.publication.opendata import actions as opendata
    from shiheng.publication.standing import actions

    folder = Path(options.folder).resolve()
    progress.say("生成开放数据…")
    versions = opendata.make()
    progress.say("写公开库…")
    count = actions.export(folder)
    facts = {"ok": True, "data": str(folder), "subjects": count, "versions": len(versions)}
    return Answer(facts, [f"公开库已写入 {folder}：{count:,} 个主体，开放数据新版本 {len(versions)} 个。"])


def collect(options: argparse.Namespace, progress: Progress) -> Answer:
    """Add what the portal counted to the platform's own counts."""
    from shiheng.publication.standing import actions

    added = actions.collect(Path(options.folder).resolve())
    return Answer({"ok": True, "queries": added}, [f"收回查询量 {added:,} 次。"])


COMMANDS = (
    Command(
        "portal",
        "启动独立门户：只读公开库，不连工作数据库",
        serve,
        (
            argument("--data", title="公开库的目录", metavar="目录"),
            argument("--bind", default="127.0.0.1:8100", title="地址与端口", metavar="地址:端口"),
            argument("--workers", type=int, default=1, title="进程数", metavar="个"),
        ),
        prepares=False,
    ),
    Command(
        "portal export",
        "把公开的数据写入公开库",
        export,
        (argument("folder", title="公开库的目录", metavar="目录"),),
        detail="只写公众可以看到的内容；整库另写一份再换上，读的人不受影响。可以定时执行。",
    ),
    Command(
        "portal collect",
        "收回独立门户的查询量",
        collect,
        (argument("folder", title="公开库的目录", metavar="目录"),),
        detail="每份计数只收一次，可以重复执行。",
    ),
)
