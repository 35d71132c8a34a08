"""The comparing of addresses from the command line: learn how much each sign weighs, see what is in force, drop it."""

import argparse
from pathlib import Path
from typing import Any

from shiheng.site.cli import operator
from shiheng.site.cli.answers import OK, PARTIAL, Answer, Progress, table
from shiheng.site.cli.declared import Command, argument


def learn(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.subjects import weights_kept

    def told(part: str) -> None:
        progress.say(f"学习第 {part} 遍……")

    kept = weights_kept.learn(options.file, who=operator.who(), told=told)
    return Answer(_facts(kept), [f"已从 {kept.file} 学得第 {kept.number} 版权重，立即启用。", *_lines(kept)])


def show(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.subjects import weights_kept

    kept = weights_kept.kept()
    if kept is not None:
        return Answer(_facts(kept), [f"现用第 {kept.number} 版权重，{kept.day} 从 {kept.file} 学得。", *_lines(kept)])
    lost = weights_kept.unreadable()
    text = "没有学得的权重，按固定规则比对。"
    if lost:
        text = f"{weights_kept.path()} 是别的版本学得的或已损坏，没有采用，按固定规则比对。请重新学习。"
    return Answer({"ok": not lost, "number": None}, [text], PARTIAL if lost else OK)


def forget(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.subjects import weights_kept

    weights_kept.forget(who=operator.who())
    return Answer({"ok": True}, ["学得的权重已停用，改回按固定规则比对。"])


def _facts(kept: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "ok": True, "number": kept.number, "day": kept.day.isoformat(), "file": kept.file,
        "pairs": kept.measured.pairs, "macro_f1": round(kept.measured.macro_f1, 4),
        "accuracy": round(kept.measured.accuracy, 4), "rules_macro_f1": round(kept.rules.macro_f1, 4),
        "measured": asdict(kept.measured), "rules": asdict(kept.rules),
    }  # fmt: skip


def _lines(kept: Any) -> list[str]:
    from shiheng.subjects.comparing import LEVELS

    rows = [
        (name, kept.measured.so[at], *(f"{100 * share:.1f}%" for share in (
            kept.measured.precision(at), kept.measured.recall(at), kept.rules.precision(at), kept.rules.recall(at))))
        for at, name in enumerate(LEVELS)
    ]  # fmt: skip
    every = (
        f"共 {kept.measured.pairs} 对，都在没有学过的地址上测得。"
        f"三类平均 F1：学得的权重 {kept.measured.macro_f1:.3f}，固定规则 {kept.rules.macro_f1:.3f}。"
    )
    return [*table(rows, ("判断", "对数", "学得：属实", "学得：找到", "规则：属实", "规则：找到")), every]


COMMANDS = (
    Command(
        "addresses learn", "从判断过的地址学习比对的权重，测过比固定规则准才启用，记入存证", learn,
        (argument("file", title="CSV 文件，第一行写明 地址一、地址二、判断（不匹配、部分匹配、完全匹配）", type=Path),),
        detail="学到的是各项比对各占多少分量，只存在数据目录里。两万对约需五分钟，机器繁忙时更久。",
    ),
    Command("addresses show", "现用哪一版权重、从哪里学得、有多准", show),
    Command("addresses forget", "停用学得的权重，改回按固定规则比对，记入存证", forget),
)  # fmt: skip
