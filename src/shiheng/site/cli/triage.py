"""Reading letters from the command line: learn from a bureau's own closed files, see what is in force, drop it."""

import argparse
from typing import Any

from shiheng.site.cli import operator
from shiheng.site.cli.answers import OK, PARTIAL, REFUSED, Answer, Progress, table
from shiheng.site.cli.declared import Command, argument

OFFICE = argument("--office", title="哪个局，写机构代码；不写是每一个局", metavar="代码", default="")


def train(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.kernel.errors import Refused
    from shiheng.procedures.triage import kept, sketches

    sketches.refresh()
    done: list[Any] = []
    refused: list[str] = []
    for bureau in _bureaux(options.office):
        progress.say(f"{bureau.title}：学习……")
        try:
            done.append(kept.learn(bureau, who=operator.who()))
        except Refused as refusal:
            refused.append(str(refusal))
    lines = [line for one in done for line in _lines(one)] + refused
    facts = {"ok": bool(done), "bureaux": [_facts(one) for one in done], "refused": refused}
    return Answer(facts, lines, REFUSED if not done else OK if not (refused and options.office) else PARTIAL)


def show(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.procedures.triage import kept

    held = [(bureau, kept.kept(bureau.path), kept.unreadable(bureau.path)) for bureau in _bureaux(options.office)]
    lines: list[str] = []
    for bureau, one, lost in held:
        if one:
            lines += _lines(one)
        elif lost:
            lines.append(f"{bureau.title}：{kept.path(bureau.path)} 是别的版本学得的或已损坏，没有采用。请重新学习。")
        else:
            lines.append(f"{bureau.title}：没有学得的分类，只按词表提示。")
    lost_any = any(lost for _bureau, _one, lost in held)
    facts = {"ok": not lost_any, "bureaux": [_facts(one) for _bureau, one, _lost in held if one]}
    return Answer(facts, lines, PARTIAL if lost_any else OK)


def forget(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.procedures.triage import kept

    for bureau in _bureaux(options.office):
        kept.forget(bureau, who=operator.who())
    return Answer({"ok": True}, ["学得的来信分类已停用，只按词表提示。"])


def _bureaux(code: str) -> list[Any]:
    from shiheng.kernel.errors import Missing
    from shiheng.procedures.triage import kept

    found = [bureau for bureau in kept.bureaux() if code in {"", bureau.code}]
    if not found:
        raise Missing("office.unknown", f"没有机构代码为 {code} 的市局或区局。")
    return found


def _facts(kept: Any) -> dict[str, Any]:
    measured = kept.measured
    return {
        "bureau": kept.bureau, "number": kept.number, "day": kept.day.isoformat(), "files": measured.files,
        "confidence": measured.confidence, "told": measured.told, "right": measured.right,
        "accuracy": round(measured.accuracy, 4), "first_guess_right": measured.first_right,
        "commonest_class": measured.commonest,
        "rules": {"told": kept.rules.told, "right": kept.rules.right},
        "classes": {
            kind: {"files": one.so, "told": one.told, "right": one.right, "precision": round(one.precision, 4),
                   "recall": round(one.recall, 4)}
            for kind, one in measured.classes.items()
        },
    }  # fmt: skip


def _lines(kept: Any) -> list[str]:
    measured = kept.measured
    rows = [
        (kind, one.so, one.told, f"{100 * one.precision:.0f}%", f"{100 * one.recall:.0f}%")
        for kind, one in measured.classes.items()
    ]
    every = (
        f"都在没有学过的来信上测得：说了 {measured.told} 件，{100 * measured.accuracy:.1f}% 与办理时的分类一致；"
        f"不管把握都说，{measured.first_right} 件一致。最多的一类有 {measured.commonest} 件。"
        f"同样的来信，词表说了 {kept.rules.told} 件，{kept.rules.right} 件一致。"
    )
    head = (
        f"{kept.bureau}：第 {kept.number} 版，{kept.day} 从办结的 {measured.files} 件学得，"
        f"把握不到 {measured.confidence:.0%} 不说。"
    )
    return [head, *table(rows, ("类别", "件数", "说了", "属实", "找到")), every]


COMMANDS = (
    Command(
        "triage train", "从本局办结的投诉、举报学习分类，测过准确率后启用，记入存证", train, (OFFICE,),
        detail="每个局只从自己办结的来信学，学到的存在数据目录里。别的局的来信不参与，也读不到。",
    ),
    Command("triage show", "各局现用哪一版分类、从多少件学得、有多准", show, (OFFICE,)),
    Command("triage forget", "停用学得的分类，只按词表提示，记入存证", forget, (OFFICE,)),
)  # fmt: skip
