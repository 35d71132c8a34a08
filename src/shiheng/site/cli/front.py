"""From what was typed to an exit code: parse, load the platform, run one command, tell the result."""

import argparse
import json
import os
import sys
import traceback
from typing import Any, NoReturn

from shiheng import __version__
from shiheng.site.cli import words
from shiheng.site.cli.answers import (
    CODE_OF_STATUS,
    EXIT_CODES,
    INTERNAL,
    OK,
    REFUSED,
    STOPPED,
    USAGE,
    Answer,
    Progress,
)
from shiheng.site.cli.declared import GROUPS, Command, all_commands


class Parser(argparse.ArgumentParser):
    """argparse with Chinese words, and with its complaints given as JSON to whoever asked for JSON."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("allow_abbrev", False)
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, **settings)

    def error(self, message: str) -> NoReturn:
        if "--json" in sys.argv:
            _tell_json({"ok": False, "code": "usage", "message": message})
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"错误：{message}\n写法见：{self.prog} --help\n")


def parser() -> Parser:
    """The whole command line, built from the declared commands."""
    words.install()
    codes = "\n".join(f"  {code:<3} {text}" for code, text in EXIT_CODES.items())
    root = Parser(
        prog="shiheng",
        description="市衡：市、区市场监督管理局的开放平台。",
        epilog=f"退出码：\n{codes}\n\n设置从环境变量 SHIHENG_… 读取，见 docs/reference/settings.md。",
    )
    root.add_argument("--version", action="version", version=f"市衡 {__version__}", help="显示版本后退出")
    places = root.add_subparsers(title="命令", metavar="命令", dest="command")
    groups: dict[str, Any] = {}
    made: dict[str, Parser] = {}
    for command in all_commands():
        first, _, second = command.name.partition(" ")
        if second and first not in groups:
            # A command may have others below it; then its own name alone still runs it.
            group = made.get(first) or places.add_parser(first, help=GROUPS[first], description=GROUPS[first])
            alone = first in made
            groups[first] = group.add_subparsers(title="命令", metavar="命令", dest="subcommand", required=not alone)
        home = groups[first] if second else places
        made[command.name] = home.add_parser(second or first, help=command.title, description=_described(command))
        _add(made[command.name], command)
    return root


def main(typed: list[str] | None = None) -> int:
    """The entry point. Gives the exit code; never shows a person a traceback without a sentence above it."""
    words.install()
    options = parser().parse_args(typed)
    if options.command is None:
        parser().print_help()
        return OK
    as_json: bool = options.as_json
    try:
        if options.declared.prepares:
            prepare()
        answer = options.declared.function(options, Progress(options.progress))
        tell(answer, as_json=as_json)
        return answer.code
    except KeyboardInterrupt:
        return _refuse("stopped", "已中断。已完成的部分保留，再次执行同一命令会接着做。", STOPPED, as_json=as_json)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: nothing more to say
        return OK
    except SystemExit as stop:
        if isinstance(stop.code, str):  # a setting that cannot be read stops the start with a sentence
            return _refuse("settings", stop.code, USAGE, as_json=as_json)
        raise
    except Exception as fault:  # noqa: BLE001 - the last door: every fault ends as a sentence and an exit code
        return _failed(fault, as_json=as_json)


def prepare() -> None:
    """Load settings and rooms."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiheng.site.settings")
    django.setup()


def tell(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        _tell_json(dict(answer.facts))
        return
    for line in answer.lines:
        print(line)
    sys.stdout.flush()


def _add(place: argparse.ArgumentParser, command: Command) -> None:
    for declared in command.arguments:
        place.add_argument(*declared.names, help=declared.title.replace("%", "%%"), **dict(declared.settings))
    place.add_argument("--json", dest="as_json", action="store_true", help="只向标准输出写一个 JSON 对象")
    shown = place.add_mutually_exclusive_group()
    shown.add_argument(
        "--progress", dest="progress", action="store_true", default=None, help="总是显示进度（默认只在终端显示）"
    )
    shown.add_argument("--quiet", dest="progress", action="store_false", help="不显示进度")
    place.set_defaults(declared=command)


def _described(command: Command) -> str:
    return f"{command.title}。" + (f"\n\n{command.detail}" if command.detail else "")


def _tell_json(facts: dict[str, Any]) -> None:
    json.dump(facts, sys.stdout, ensure_ascii=False, default=str)
    sys.stdout.write("\n")
    sys.stdout.flush()


def _refuse(code: str, message: str, exit_code: int, *, as_json: bool, details: Any = None) -> int:
    if as_json:
        _tell_json({"ok": False, "code": code, "message": message, **({"details": details} if details else {})})
    print(f"错误：{message}", file=sys.stderr)
    return exit_code


def _failed(fault: Exception, *, as_json: bool) -> int:
    from django.db.utils import OperationalError, ProgrammingError

    from shiheng.kernel.errors import Problem

    if isinstance(fault, Problem):
        exit_code = CODE_OF_STATUS.get(fault.status, REFUSED)
        return _refuse(fault.code, fault.message, exit_code, as_json=as_json, details=fault.details)
    if isinstance(fault, OperationalError | ProgrammingError) and _not_set_up():
        message = "数据库还没有建立或版本不符。请先执行 shiheng migrate（或 shiheng run --no-serve）。"
        return _refuse("database.not_ready", message, REFUSED, as_json=as_json)
    traceback.print_exception(fault, file=sys.stderr)
    message = f"程序内部错误（{type(fault).__name__}：{fault}）。请把上面的记录交给维护人员。"
    return _refuse("internal", message, INTERNAL, as_json=as_json)


def _not_set_up() -> bool:
    from django.db import Error

    from shiheng.site.setup import pending_migrations

    try:
        return bool(pending_migrations())
    except Error:
        return False
