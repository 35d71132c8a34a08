"""Departments' data from the command line: sources, landing, quarantine, fusing, and the subject file."""

import argparse
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID

from shiheng.site.cli import operator
from shiheng.site.cli.answers import CONFLICT, MISSING, OK, PARTIAL, REFUSED, Answer, Progress, table
from shiheng.site.cli.declared import Command, argument


def sources(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import sources as declared

    rows = [
        {"code": s.code, "title": s.title, "version": s.version, "columns": len(s.columns)}
        for s in declared.every().values()
    ]
    shown = ((r["code"], r["version"], r["columns"], r["title"]) for r in rows)
    return Answer(
        {"ok": True, "sources": rows},
        [*table(shown, ("代码", "契约版本", "列数", "名称")), f"共 {len(rows)} 个数据源。"],
    )


def add_source(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import actions

    source = actions.add_source(options.folder, who=operator.who())
    return Answer(
        {"ok": True, "code": source.code, "version": source.version},
        [f"数据源 {source.code}（{source.title}）已增设，立即可用。"],
    )


def ingest(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import actions, matching
    from shiheng.kernel.errors import Missing

    if not options.file.is_file():
        raise Missing("ingest.file", f"没有文件 {options.file}。")
    batch = actions.land(
        options.source,
        options.file,
        filename=options.file.name,
        who=operator.who(),
        key=options.key,
        scope=options.scope,
        delivery=options.delivery or "",
        replaces=options.replaces,
    )
    if not options.no_fuse:
        with following(progress) as told:
            batch = actions.advance(batch.pk, progress=told)
            matching.settle(progress=told)
    return _batch_answer(batch, strict=options.strict)


def due(options: argparse.Namespace, progress: Progress) -> Answer:
    """How every source stands; figures of what never came are absent, not zero."""
    from shiheng.fusion import scores
    from shiheng.fusion.definition.punctuality import STATES

    lines = scores.lines(operator.who())
    rows = [
        {
            "code": line.source.code,
            "title": line.source.title,
            "department": line.department,
            "state": line.standing.state,
            "state_title": STATES[line.standing.state],
            "due": line.standing.due.isoformat() if line.standing.due else None,
            "days_late": line.standing.days_late,
            "last": line.last.pk if line.last else None,
            "refused_since": line.failed.pk if line.failed else None,
            "accepted": line.accepted,
            "quarantined": line.quarantined,
        }
        for line in lines
        if not options.owing or line.standing.owing
    ]
    whole = scores.Score("", lines)
    shown = ((r["code"], r["department"], r["state_title"], r["due"] or "—", r["days_late"], r["title"]) for r in rows)
    return Answer(
        {"ok": True, "due": whole.due, "delivered": whole.delivered, "sources": rows},
        [
            *table(shown, ("代码", "责任部门", "情况", "应报日", "逾期天数", "名称")),
            f"应报 {whole.due} 个数据源，已报 {whole.delivered} 个。",
        ],
    )


def withdraw(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import actions, matching
    from shiheng.fusion import preview as effects
    from shiheng.fusion.models import Batch

    who = operator.who()
    batch = actions.withdrawable(options.batch, who=who)
    if options.preview:
        counts = effects.counts(batch)
        facts = {"touched": counts.touched, "only": counts.only, "records": counts.records}
        return Answer(
            {"ok": True, **_facts(batch), **facts},
            [
                _line(batch),
                f"撤回会重新整理 {counts.touched} 个主体，其中 {counts.only} 个只有本批说到，档案将撤下。",
                f"撤下 {counts.records} 条记录。",
                f"确认后执行：shiheng sources withdraw {batch.pk} --reason 原因",
            ],
        )
    batch = actions.withdraw(options.batch, who=who, reason=options.reason or "", key=options.key)
    if not options.no_fuse and batch.state == "withdrawing":
        with following(progress) as told:
            batch = actions.advance(batch.pk, progress=told)
            matching.settle(progress=told)
    left = Batch.STATES[batch.state]
    said = {"withdrawn_by": batch.withdrawn_by, "withdrawn_on": str(batch.withdrawn_on)}
    return Answer({"ok": True, **_facts(batch), **said}, [f"批次 {batch.pk}（{batch.source}）：{left}。"])


def fuse(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import actions, matching
    from shiheng.fusion.models import Batch

    wanted = (
        [options.batch]
        if options.batch
        else list(Batch.objects.exclude(state__in=actions.DONE).order_by("id").values_list("pk", flat=True))
    )
    batches = []
    for pk in wanted:
        with following(progress) as told:
            batches.append(actions.advance(pk, progress=told))
    with following(progress) as told:
        matching.settle(progress=told)
    if options.batch:
        return _batch_answer(batches[0], strict=False)
    facts = {"ok": all(b.state != "refused" for b in batches), "batches": [_facts(b) for b in batches]}
    return Answer(
        facts, [*(_line(b) for b in batches), f"办结 {len(batches)} 个批次。"], OK if facts["ok"] else REFUSED
    )


def batches(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion.models import Batch

    found = Batch.objects.order_by("-id")
    if options.source:
        found = found.filter(source=options.source)
    rows = [_facts(b) for b in found[: options.limit]]
    shown = (
        (r["batch"], r["source"], r["state_title"], r["rows_in"], r["accepted"], r["quarantined"], r["filename"])
        for r in rows
    )
    header = ("批次", "数据源", "状态", "来文", "接受", "隔离", "文件")
    return Answer({"ok": True, "batches": rows}, table(shown, header))


def quarantine(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.fusion import personal
    from shiheng.fusion.models import Batch, Quarantined
    from shiheng.kernel.errors import Missing

    if not Batch.objects.filter(pk=options.batch).exists():
        raise Missing("batch.unknown", f"没有编号为 {options.batch} 的批次。")
    found = Quarantined.objects.filter(batch_id=options.batch).order_by("row")
    rows = [
        {"id": q.pk, "row": q.row, "raw": personal.shown(q.raw), "reasons": q.reasons, "state": q.state}
        for q in found[: options.limit]
    ]
    total = found.count()
    lines = [f"{r['id']}  第 {r['row']} 行：" + "；".join(_reason(reason) for reason in r["reasons"]) for r in rows]
    return Answer(
        {"ok": True, "batch": options.batch, "total": total, "rows": rows},
        [
            *lines,
            f"批次 {options.batch} 共隔离 {total} 行" + (f"，列出前 {len(rows)} 行。" if total > len(rows) else "。"),
        ],
    )


def _reason(reason: Any) -> str:
    return str(reason.get("message", reason)) if isinstance(reason, dict) else str(reason)


def search(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.subjects import search as index

    found = index.find(options.text, limit=options.limit)
    rows = [
        {"subject": h.subject.pk, "name": h.subject.name, "uscc": h.subject.uscc, "status": h.subject.status,
         "address": h.subject.address, "matched": h.matched, "former": h.former}
        for h in found.hits
    ]  # fmt: skip
    shown = ((r["subject"], r["uscc"], r["name"], r["address"]) for r in rows)
    more = "，还有更多" if found.more else ""
    return Answer(
        {"ok": True, "hits": rows, "more": found.more},
        [*table(shown, ("主体编号", "统一社会信用代码", "名称", "住所")), f"找到 {len(rows)} 户{more}。"],
    )


def subject(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.subjects.models import Subject

    text = options.subject.strip()
    found = Subject.objects.filter(uscc=text.upper()).first() if len(text) == 18 else None
    if found is None and text.isdigit() and len(text) <= 19:
        found = Subject.objects.filter(pk=int(text)).first()
    if found is None:
        return Answer(
            {"ok": False, "code": "subject.missing", "message": f"没有主体 {text}"}, [f"没有主体 {text}。"], MISSING
        )
    facts = {"ok": True, "subject": found.pk, "uscc": found.uscc, "name": found.name, "status": found.status,
             "redirect_to": found.redirect_to_id, "scope": found.scope, "fields": found.fields}  # fmt: skip
    shown = (
        (name, said.get("value", ""), said.get("source", ""), said.get("day", ""), said.get("why", ""))
        for name, said in sorted(found.fields.items())
    )
    header = ("字段", "取值", "来源", "日期", "取此值的理由")
    return Answer(
        facts, [f"{found.pk} {found.name}（{Subject.STATUSES.get(found.status, found.status)}）", *table(shown, header)]
    )


def dump(options: argparse.Namespace, progress: Progress) -> Answer:
    """The whole subject file. With ``--json`` the count and the SHA-256 of the lines instead of the lines."""
    import hashlib

    from shiheng.fusion import queries

    lines = queries.canonical() if options.canonical else queries.dumped()
    if options.output is None and not options.as_json:
        return Answer({"ok": True}, lines)
    digest, count = hashlib.sha256(), 0
    with (
        progress.bar("导出", unit="户") as bar,
        nullcontext() if options.output is None else options.output.open("wb") as out,
    ):
        for line in lines:
            written = f"{line}\n".encode()
            digest.update(written)
            count += 1
            bar.update()
            if out is not None:
                out.write(written)
    facts = {"ok": True, "canonical": options.canonical, "subjects": count, "sha256": digest.hexdigest()}
    return Answer(facts, [f"共 {count} 户，SHA-256 为 {facts['sha256']}。"])


def links(options: argparse.Namespace, progress: Progress) -> Answer:
    """Every judgement of which subject a row speaks of; as CSV, or with ``--json`` as one object."""
    from shiheng.fusion import links as judged
    from shiheng.fusion import matching, sources

    if options.source:
        sources.find(options.source)
    if not matching.is_settled():
        with following(progress) as told:
            matching.settle(progress=told)
    found = judged.every(options.source or "")
    if options.as_json:
        rows = list(found)
        return Answer({"ok": True, "links": rows, "count": len(rows)})
    if options.output is None:
        return Answer({"ok": True}, _lines(judged.COLUMNS, found))
    count = 0
    with options.output.open("w", encoding="utf-8", newline="\n") as out, progress.bar("导出") as bar:
        for line in _lines(judged.COLUMNS, found):
            out.write(line + "\n")
            count += 1
            bar.update()
    return Answer({"ok": True, "count": count - 1}, [f"已写出 {count - 1} 行判定。"])


def match(options: argparse.Namespace, progress: Progress) -> Answer:
    """Whom one record means, with the reasons; it is kept nowhere."""
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import asking
    from shiheng.fusion.match.sides import FIELDS
    from shiheng.fusion.models import Nameless

    record = {field: getattr(options, field) or "" for field in FIELDS}
    found = asking.ask_now(record, who=SYSTEM)
    facts = {
        "ok": True, "decision": found.decision, "by": found.by, "subject": found.subject, "score": found.score,
        "version": found.version, "threshold": found.threshold, "register": found.made_at.isoformat(),
        "candidates": [
            {
                "subject": one.subject.pk, "uscc": one.subject.uscc, "name": one.subject.name, "score": one.score,
                "sentences": [reason.text for reason in one.reasons],
            }
            for one in found.candidates
        ],
    }  # fmt: skip
    lines = [f"判定：{Nameless.DECISIONS[found.decision]}，把握 {found.score:.1%}（规则版本 {found.version}）。"]
    for one in found.candidates:
        told = "；".join(reason.text for reason in one.reasons)
        lines.append(f"{one.score:7.1%}  {one.subject.uscc or one.subject.pk}  {one.subject.name}：{told}")
    return Answer(facts, lines)


def _lines(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Rows as lines of CSV, the header first; a list of sentences becomes one cell."""
    import csv
    import io

    for row in itertools.chain([dict(zip(columns, columns, strict=True))], rows):
        line = io.StringIO()
        cells = ("；".join(v) if isinstance(v, list) else v for v in (row[column] for column in columns))
        csv.writer(line, lineterminator="\n").writerow(cells)
        yield line.getvalue()[:-1]


def _facts(batch: Any) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "source": batch.source,
        "filename": batch.filename,
        "file": batch.file,
        "state": batch.state,
        "state_title": batch.STATES[batch.state],
        "reason": batch.reason,
        "rows_in": batch.rows_in,
        "accepted": batch.accepted,
        "quarantined": batch.quarantined,
    }


def _line(batch: Any) -> str:
    counted = f"来文 {batch.rows_in} 行 = 接受 {batch.accepted} + 隔离 {batch.quarantined}"
    return f"批次 {batch.pk}（{batch.source}）：{batch.STATES[batch.state]}；{counted}" + (
        f"；{batch.reason}" if batch.reason else ""
    )


def _batch_answer(batch: Any, *, strict: bool) -> Answer:
    lines, code = [_line(batch)], OK
    if batch.state == "refused":
        code = REFUSED
    elif batch.state == "withdrawn":
        code = CONFLICT
    elif batch.quarantined:
        lines.append(f"看隔离的行与原因：shiheng quarantine list {batch.pk}")
        code = PARTIAL if strict else OK
    return Answer({"ok": code == OK, **_facts(batch)}, lines, code)


@contextmanager
def following(progress: Progress) -> Iterator[Any]:
    """A bar that starts anew with every step of a batch."""
    held: dict[str, Any] = {}
    with progress.bar("开始") as bar:

        def told(step: str, done: int, total: int) -> None:
            if held.get("step") != step:
                held["step"] = step
                bar.reset(total=total or None)
                bar.set_description(step)
            bar.update(done - bar.n)

        yield told


BATCH = argument("batch", type=int, metavar="批次", title="批次编号")
LIMIT = argument("--limit", type=int, default=20, metavar="条", title="最多列几条，默认 20")

COMMANDS = (
    Command("sources list", "列出现行数据源", sources),
    Command(
        "sources add",
        "增设一个本单位的数据源：含 contract.yaml 与 mapping.yaml 的目录",
        add_source,
        (argument("folder", type=Path, metavar="目录", title="数据源目录"),),
    ),
    Command(
        "sources batches",
        "列出批次，新的在前",
        batches,
        (argument("--source", metavar="代码", title="只看这个数据源"), LIMIT),
    ),
    Command(
        "sources due",
        "各数据源报送情况：应报日、逾期天数、累计接受与隔离",
        due,
        (argument("--owing", action="store_true", title="只看欠报的（逾期和未报送）"),),
    ),
    Command(
        "sources withdraw",
        "撤回一个批次，档案如同从未收到过它",
        withdraw,
        (
            BATCH,
            argument("--reason", metavar="原因", title="撤回的原因，记入存证；不带 --preview 时必填"),
            argument("--preview", action="store_true", title="只看会改变什么，不撤回"),
            argument("--no-fuse", action="store_true", title="只宣布撤回，档案的整理留给作业进程"),
            argument("--key", type=UUID, metavar="幂等键", title="一个 UUID；同一键只撤回一次"),
        ),
        "撤回前某日的所知仍可查看，原始文件和存证不删除。",
    ),
    Command(
        "ingest",
        "接收一个文件：原样留存、按契约校验、归户、融合",
        ingest,
        (
            argument("source", metavar="数据源", title="数据源代码，见 shiheng sources list"),
            argument("file", type=Path, metavar="文件", title="CSV、XLSX 等，字符集自动识别"),
            argument("--strict", action="store_true", title="有行被隔离时以退出码 5 结束"),
            argument("--no-fuse", action="store_true", title="只接收，校验与融合留给作业进程"),
            argument("--key", metavar="幂等键", title="同一键只收一次；默认由数据源与内容得出"),
            argument("--scope", metavar="辖区", title="文件所属辖区路径，如 4499.01."),
            argument(
                "--delivery",
                metavar="方式",
                title="snapshot 全量、increment 增量或 deletions 删除清单；默认为契约的常用方式",
            ),
            argument("--replaces", type=int, metavar="批次", title="这个文件更正的批次；入档后它自动撤回"),
        ),
        "同一文件再次接收得到同一批次。来文行数总等于接受与隔离之和。",
    ),
    Command("quarantine list", "列出一个批次被隔离的行与每条原因", quarantine, (BATCH, LIMIT)),
    Command(
        "fuse",
        "把还没办完的批次办完（平时由作业进程做）",
        fuse,
        (argument("batch", type=int, nargs="?", metavar="批次", title="只办这个批次"),),
    ),
    Command(
        "subject show",
        "一个主体：每个字段的取值、来源与取此值的理由",
        subject,
        (argument("subject", metavar="主体", title="主体编号或统一社会信用代码"),),
    ),
    Command(
        "links",
        "导出每一行归到哪个主体的判定：把握、依据、规则版本和理由",
        links,
        (
            argument("--source", metavar="代码", title="只导出这个数据源"),
            argument("--csv", action="store_true", title="逗号分隔（不带 --json 时即是）"),
            argument("--output", type=Path, metavar="文件", title="写入文件"),
        ),
        "按码归户的行把握为 1；无码行附各项特征的理由。有真相文件的人可以据此测量归户的准确率和召回率。",
    ),
    Command(
        "links match",
        "一条记录说的是哪一户：判定、把握、候选主体和理由，与成批比对相同；记录不留存",
        match,
        (
            argument("--name", metavar="名称", title="名称"),
            argument("--address", metavar="地址", title="地址"),
            argument("--person", metavar="姓名", title="负责人"),
            argument("--phone", metavar="电话", title="电话"),
            argument("--code", metavar="代码", title="统一社会信用代码、注册号或组织机构代码"),
            argument("--region", metavar="区划", title="行政区划代码"),
        ),
        "名称和代码至少写一项。登记簿有变化之后第一次执行要先准备登记簿，之后即时答复。",
    ),
    Command(
        "subject dump",
        "导出全部主体档案，每户一行 JSON，按主体编号排列",
        dump,
        (
            argument("--canonical", action="store_true", title="不含流水号：两处数据相同则逐字节相同，可比对摘要"),
            argument("--output", type=Path, metavar="文件", title="写入文件，并报出户数与摘要"),
        ),
        "带 --json 时只报户数与各行的 SHA-256。",
    ),
    Command(
        "search",
        "按名称、字号、拼音首字母、代码查主体",
        search,
        (argument("text", metavar="文字", title="要找的文字"), LIMIT),
    ),
)
