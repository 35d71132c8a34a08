"""The commands as data: what each is called, what it takes and what it does; help and reference are made from this."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shiheng.site.cli.answers import Answer, Progress

Function = Callable[[argparse.Namespace, Progress], Answer]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument; ``settings`` are argparse's own (``type``, ``default``, ``choices``, ``action``, ``nargs`` …)."""

    names: tuple[str, ...]
    title: str
    settings: tuple[tuple[str, Any], ...] = ()

    @property
    def label(self) -> str:
        return ", ".join(self.names)


@dataclass(frozen=True, slots=True)
class Command:
    """``name`` is what is typed, one word or two; ``prepares`` says whether the platform is loaded before it runs."""

    name: str
    title: str
    function: Function
    arguments: tuple[Argument, ...] = ()
    detail: str = ""
    prepares: bool = True


def argument(*names: str, title: str, **settings: Any) -> Argument:
    """Declare one argument in argparse's words, with its Chinese title."""
    return Argument(names, title, tuple(settings.items()))


GROUPS = {
    "city": "演示辖区",
    "sources": "数据源",
    "quarantine": "隔离行",
    "returns": "退回件",
    "subject": "经营主体",
    "addresses": "地址比对",
    "ledger": "存证",
    "keys": "数据密钥",
    "clock": "演示时钟",
    "account": "账号",
    "exchange": "数据交换",
    "orders": "平台来件",
    "registers": "名录",
    "law": "法规库",
    "powers": "权责清单",
    "triage": "来信分类",
    "portal": "独立门户",
}
"""Titles of the first words that gather several commands."""


def all_commands() -> tuple[Command, ...]:
    """Every command, in the order help shows them."""
    from shiheng.site.cli import (
        addresses,
        care,
        catalogue,
        data,
        district,
        evidence,
        exchange,
        keys,
        law,
        mending,
        orders,
        people,
        portal,
        registers,
        serving,
        triage,
    )

    rooms = (
        serving,
        district,
        data,
        mending,
        addresses,
        evidence,
        exchange,
        portal,
        orders,
        registers,
        catalogue,
        law,
        keys,
        people,
        triage,
        care,
    )
    return tuple(command for room in rooms for command in room.COMMANDS)
