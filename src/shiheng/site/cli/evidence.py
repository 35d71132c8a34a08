"""The ledger from the command line: what is on record, proofs to take away, and checking them anywhere."""

import argparse
from pathlib import Path
from typing import Any

from shiheng.site.cli import operator
from shiheng.site.cli.answers import OK, PARTIAL, Answer, Progress, table
from shiheng.site.cli.declared import Command, argument


def heads(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.ledger import queries

    found = list(queries.heads()[: options.limit])
    rows: list[dict[str, Any]] = [
        {"size": h.size, "root": h.root, "at": h.at.isoformat(), "key": h.key_id} for h in found
    ]
    lines = table(
        ((h["size"], h["at"], h["root"], h["key"][:16]) for h in rows), ("叶数", "签署时间", "根哈希", "公钥指纹")
    )
    standing = queries.standing()
    return Answer(
        {"ok": True, "heads": rows, "size": standing.size, "unsealed": standing.unsealed},
        [*lines, f"已封存 {standing.size} 叶，待封存 {standing.unsealed} 叶。"],
    )


def history(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.ledger import queries

    rows: list[dict[str, Any]] = [
        {"leaf": leaf.pk, "position": leaf.position, "kind": leaf.kind, "actor": leaf.actor_name or leaf.actor,
         "at": leaf.at.isoformat(), "facts": leaf.facts}
        for leaf in queries.history(options.subject)
    ]  # fmt: skip
    lines = table(((r["leaf"], r["at"][:19], r["kind"], r["actor"]) for r in rows), ("编号", "时间", "事项", "行为人"))
    return Answer(
        {"ok": True, "subject": options.subject, "leaves": rows}, [*lines, f"{options.subject} 共 {len(rows)} 条存证。"]
    )


def proof(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.kernel.errors import Missing
    from shiheng.ledger import queries
    from shiheng.ledger.models import Leaf

    leaf = Leaf.objects.filter(pk=options.leaf).first()
    if leaf is None:
        raise Missing("ledger.leaf", f"没有编号为 {options.leaf} 的存证。")
    bundle = queries.proof(leaf, row=options.row)
    if options.output:
        options.output.write_text(queries.exported(bundle), encoding="utf-8")
        return Answer(
            {"ok": True, "file": str(options.output)},
            [f"证明已写入 {options.output}，可用 shiheng ledger verify 核对。"],
        )
    return Answer({"ok": True, "proof": bundle}, [queries.exported(bundle)])


def check(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.kernel.errors import Missing, Refused
    from shiheng.ledger import bundles, verify

    for path in (options.proof, options.kept):
        if path is not None and not path.is_file():
            raise Missing("ledger.proof_file", f"没有文件 {path}。")
    if bundles.is_bundle(options.proof):
        if options.kept:
            raise Refused("bundle.kept", "证据包不与单独保存的树头核对，请去掉 --kept，或另取一致性证明。")
        held = bundles.check(options.proof, key=options.key)
        told = {"ok": True, "kind": "bundle", "fingerprint": held.fingerprint, "items": held.items,
                "files": held.files, "proofs": held.proofs, "content": held.content}  # fmt: skip
        return Answer(told, held.lines)
    kept = options.kept.read_text(encoding="utf-8") if options.kept else None
    verdict = verify.check(options.proof.read_bytes(), key=options.key, kept=kept)
    facts = {"ok": True, "kind": verdict.kind, "fingerprint": verdict.fingerprint, "size": verdict.size,
             "root": verdict.root, "at": verdict.at, "position": verdict.position,
             "content": verdict.content}  # fmt: skip
    return Answer(facts, verdict.lines)


def audit(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.ledger import files, queries

    with progress.bar("核对存证", unit="叶") as bar:

        def told(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        found = queries.verify_all(told)
    faults = list(found.faults)
    held = 0
    if options.files:
        with progress.bar("核对文件", unit="个") as bar:
            for sha256 in files.every():
                held += 1
                bar.update()
                if fault := files.fault_of(sha256):
                    faults.append(fault)
    lines = [
        (
            f"核对 {found.leaves} 叶、{found.heads} 个树头、{found.manifests} 份清单、{held} 个文件；"
            f"{found.unsealed} 叶待封存。"
        )
    ]
    lines += [f"问题：{fault}" for fault in faults]
    if found.more_faults:
        lines.append(f"另有 {found.more_faults} 处问题未列出。")
    lines.append("全部一致。" if not faults else f"共 {len(faults) + found.more_faults} 处问题。")
    facts = {"ok": not faults, "leaves": found.leaves, "heads": found.heads, "manifests": found.manifests,
             "files": held, "unsealed": found.unsealed, "faults": faults, "more_faults": found.more_faults}  # fmt: skip
    return Answer(facts, lines, PARTIAL if faults else OK)


def seal(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.ledger import actions, queries

    actions.seal()
    standing = queries.standing()
    return Answer(
        {"ok": True, "size": standing.size, "unsealed": standing.unsealed},
        [f"已封存 {standing.size} 叶，待封存 {standing.unsealed} 叶。"],
    )


def rekey(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.ledger import actions

    leaf = actions.rekey(who=operator.who())
    return Answer(
        {"ok": True, "fingerprint": leaf.facts["now"]},
        [f"已启用新的签名密钥，指纹 {leaf.facts['now']}。请公布新公钥；旧密钥签署的树头继续有效。"],
    )


COMMANDS = (
    Command(
        "ledger heads",
        "已签署的树头",
        heads,
        (argument("--limit", type=int, default=10, metavar="个", title="最多列几个，默认 10"),),
    ),
    Command(
        "ledger history",
        "一个对象的全部存证",
        history,
        (argument("subject", metavar="对象", title="如 batch:12、subject:83…、account:5"),),
    ),
    Command(
        "ledger proof",
        "取出一条存证的证明，拿到任何地方都能核对",
        proof,
        (
            argument("leaf", type=int, metavar="编号", title="存证编号"),
            argument("--row", type=int, metavar="行", title="批量存证中的第几行（从 0 起）"),
            argument("--output", type=Path, metavar="文件", title="写入文件，默认写到标准输出"),
        ),
    ),
    Command(
        "ledger verify",
        "核对一份证明，或导出的一包证据；不需要数据库与网络",
        check,
        (
            argument("proof", type=Path, metavar="证明文件", title="ledger proof 取出的文件，或案卷导出的压缩包"),
            argument("--key", metavar="指纹", title="本局公布的公钥或其指纹"),
            argument("--kept", type=Path, metavar="树头文件", title="早先保存的树头"),
        ),
        "不符时退出码为 1，并说明哪一处不符。",
    ),
    Command(
        "ledger audit",
        "重新计算全部存证，与树头、清单、文件逐一核对",
        audit,
        (argument("--files", action="store_true", title="同时核对每个文件的内容"),),
        "有问题时退出码为 5。",
    ),
    Command("ledger seal", "立即封存待封存的存证（平时由作业进程每几秒做一次）", seal),
    Command("ledger rekey", "签名密钥遗失或泄露时启用新密钥，记入存证", rekey),
)
