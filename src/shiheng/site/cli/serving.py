"""Running the platform: everything at once, or one process of it."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from shiheng.site.cli.answers import INTERNAL, Answer, Progress
from shiheng.site.cli.declared import Command, argument

SIGNS_OF_LIFE = 60.0


class Phases:
    """The seconds each part of a start took."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self.progress = progress

    @contextmanager
    def phase(self, title: str) -> Iterator[None]:
        began = time.monotonic()
        self.progress.say(f"{title}…")
        yield
        self.seconds[title] = round(time.monotonic() - began, 2)


def run(options: argparse.Namespace, progress: Progress) -> Answer:
    """Set up, serve, and build the demonstration district while pages already answer."""
    from django.conf import settings

    from shiheng.site import demo, setup, supervise

    began = time.monotonic()
    bind = options.bind or settings.BIND
    demonstrate = settings.MODE == "demo" and not options.empty
    phases = Phases(progress)
    with ExitStack() as held:
        home = setup.home()
        held.enter_context(supervise.only_one(home))
        keeper = supervise.Keeper(say=lambda text: print(text, file=sys.stderr, flush=True))
        if not options.no_serve:
            supervise.check_free(bind)
        held.enter_context(keeper.signals())
        held.callback(keeper.stop)
        with phases.phase("数据库"):
            setup.migrate()
            setup.tables()
        with phases.phase("静态文件与译文"):
            setup.collect_static()
            setup.translations()
        if demonstrate:
            with phases.phase("机构与人员"):
                demo.seat(size=options.size, seed=options.seed, until=options.until)
        if not options.no_serve:
            with phases.phase("网页服务"):
                web = keeper.start("网页服务", "serve", "--bind", bind)
                if not supervise.answers(bind, within=SIGNS_OF_LIFE, still=lambda: web.ended() is None):
                    return Answer({"ok": False, "code": "serve.failed"}, ["网页服务没有启动，原因见上。"], INTERNAL)
            _say(f"网页已可打开：{address(bind)}")
        built: dict[str, Any] = {}
        if demonstrate:
            with phases.phase("演示辖区"):
                built = demo.build(progress=progress, wait=options.no_serve)
        facts = {
            "ok": True,
            "home": str(home),
            "address": None if options.no_serve else address(bind),
            "seconds": {**phases.seconds, "合计": round(time.monotonic() - began, 2)},
            "demo": built,
            "sign_ins": demo.sign_ins() if demonstrate else [],
        }
        if options.no_serve:
            return Answer(facts, _told(facts))
        keeper.start("作业进程", "worker")
        print(*_told(facts), sep="\n", flush=True)
        try:
            lost = keeper.watch()
        except KeyboardInterrupt:
            lost = None
        if lost:
            return Answer(
                {"ok": False, "code": "child.lost"}, [f"{lost}一再意外结束，已全部停止。原因见上。"], INTERNAL
            )
    return Answer({"ok": True, "stopped": True}, ["已停止。数据保留在数据目录，再次执行 shiheng run 会接着用。"])


def serve(options: argparse.Namespace, progress: Progress) -> Answer:
    """The web server alone, under granian."""
    import logging

    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from shiheng.site import supervise

    bind = options.bind or settings.BIND
    supervise.check_free(bind)
    host, port = supervise.split(bind)
    supervise.follow_parent()
    logging.getLogger("granian").setLevel(logging.WARNING)
    Granian(
        "shiheng.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=options.workers or settings.WORKERS,
        # Threads wait for the database, not for each other: twice the cores keep those busy.
        blocking_threads=2 * (os.cpu_count() or 1),
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_access=options.access_log,
    ).serve()
    return Answer({"ok": True}, ["网页服务已停止。"])


def worker(options: argparse.Namespace, progress: Progress) -> Answer:
    """One worker process: does the jobs until it is told to stop."""
    from shiheng.jobs import runner
    from shiheng.site import supervise

    supervise.follow_parent()
    ended = runner.work(until_idle=options.until_idle, threads=options.threads)
    return Answer({"ok": True, "jobs": ended}, [f"作业进程已停止，共办结 {ended} 项作业。"])


def migrate(options: argparse.Namespace, progress: Progress) -> Answer:
    """Bring directory, tables, static files and translations to this version, and serve nothing."""
    from shiheng.site import setup

    setup.home()
    done = setup.migrate()
    setup.tables()
    setup.collect_static()
    setup.translations()
    text = f"数据库已更新 {len(done)} 项。" if done else "数据库已是本版本，无需更新。"
    return Answer({"ok": True, "applied": done}, [text])


def address(bind: str) -> str:
    from shiheng.site import supervise

    host, port = supervise.split(bind)
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"


def _say(text: str) -> None:
    """A word that matters even when nobody watches the bars."""
    print(text, file=sys.stderr, flush=True)


def _told(facts: dict[str, Any]) -> Iterator[str]:
    from shiheng.site import demo

    yield ""
    yield "各步用时（秒）：" + "，".join(f"{title} {seconds:g}" for title, seconds in facts["seconds"].items())
    if facts["demo"]:
        yield from demo.told(facts["demo"])
    if facts["address"]:
        yield f"网址：{facts['address']}"
    if facts["sign_ins"]:
        yield f"演示账号（口令均为 {demo.PASSWORD}）："
        for sign_in in facts["sign_ins"]:
            yield f"  {sign_in['username']:<10}{sign_in['name']}　{sign_in['role']}　{sign_in['office']}"
    if facts["address"]:
        yield "按 Ctrl-C 停止。"


BIND = argument("--bind", metavar="地址:端口", title="网页服务的地址与端口，默认取设置 SHIHENG_BIND（127.0.0.1:8000）")

COMMANDS = (
    Command(
        "run",
        "一次备好并启动：建库、生成演示辖区、网页服务与作业进程",
        run,
        (
            BIND,
            argument("--no-serve", action="store_true", title="只备好数据，不启动服务"),
            argument("--empty", action="store_true", title="不生成演示辖区"),
            argument("--size", type=int, metavar="户数", title="演示辖区的主体数，默认 20000"),
            argument("--seed", type=int, metavar="种子", title="演示辖区的随机种子，同一种子得到同一辖区"),
            argument("--until", metavar="日期", title="演示辖区的最后一天（2026-11-20），默认今天"),
        ),
        "再次执行时立即启动并保留数据，演示辖区以首次的户数、种子与日期为准。\n"
        "正式环境（SHIHENG_MODE=production）不生成演示辖区。按 Ctrl-C 停止全部进程。",
    ),
    Command(
        "serve",
        "只启动网页服务",
        serve,
        (
            BIND,
            argument("--workers", type=int, metavar="个", title="网页进程数，默认取设置 SHIHENG_WORKERS"),
            argument("--access-log", action="store_true", title="向标准错误写访问记录"),
        ),
    ),
    Command(
        "worker",
        "只启动一个作业进程",
        worker,
        (
            argument("--threads", type=int, default=1, metavar="个", title="同时执行的作业数"),
            argument("--until-idle", action="store_true", title="没有待办作业时结束"),
        ),
    ),
    Command("migrate", "把数据目录、数据库与静态文件更新到本版本", migrate),
)
