"""The keys personal data is sealed under: which there are, taking a new one into use, sealing anew."""

import argparse
from typing import Any

from shiheng.site.cli import operator
from shiheng.site.cli.answers import Answer, Progress, table
from shiheng.site.cli.declared import Command


def keys(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.ledger.models import DataKeyRow

    held = list(DataKeyRow.objects.order_by("number"))
    last = max((k.number for k in held if k.destroyed_at is None), default=0)
    rows: list[dict[str, Any]] = [
        {"number": k.number, "since": k.since.isoformat(), "uses": k.uses,
         "state": "destroyed" if k.destroyed_at else "current" if k.number == last else "retiring"}
        for k in held
    ]  # fmt: skip
    titles = {"current": "现行", "retiring": "待退役", "destroyed": "已销毁"}
    shown = ((r["number"], titles[r["state"]], r["since"][:19], r["uses"]) for r in rows)
    if not rows:
        return Answer({"ok": True, "keys": rows}, ["还没有数据密钥：第一次保存个人信息时生成。"])
    return Answer({"ok": True, "keys": rows}, table(shown, ("密钥", "状态", "启用时间", "使用次数")))


def rotate(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import resealing

    fresh = resealing.rotate(who=operator.who())
    text = (
        f"已启用数据密钥 {fresh.number}。旧密钥加密的内容由作业进程在后台重新加密，全部完成后销毁旧密钥；"
        "进度见“作业”页，结果见 shiheng keys list。请在完成后另做一次备份。"
    )
    return Answer({"ok": True, "number": fresh.number}, [text])


def reseal(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import resealing
    from shiheng.site.cli.data import following

    with following(progress) as told:
        done = resealing.run(progress=told)
    facts = {"ok": not done.unreadable, "parts": done.parts, "records": done.records, "refused_rows": done.refused_rows,
             "entries": done.entries, "files": done.files, "unreadable": done.unreadable,
             "destroyed": done.destroyed}  # fmt: skip
    said = (f"陈述 {done.parts} 块", f"记录 {done.records} 条", f"隔离行 {done.refused_rows} 行",
            f"名录 {done.entries} 条", f"文件 {done.files} 个")  # fmt: skip
    lines = [f"重新加密：{'，'.join(said)}。"]
    if done.destroyed:
        lines.append(f"已销毁密钥 {'、'.join(map(str, done.destroyed))}。")
    if done.unreadable:
        lines.append(f"有 {done.unreadable} 项无法解密，原样未动，其密钥保留；请从备份恢复缺失的密钥或文件。")
    return Answer(facts, lines)


COMMANDS = (
    Command("keys list", "列出加密个人信息的数据密钥", keys),
    Command("keys rotate", "启用新的数据密钥，旧内容在后台重新加密，记入存证", rotate),
    Command("keys reseal", "立即用现行密钥重新加密个人信息（平时由作业进程做），可以中断后重来", reseal),
)
