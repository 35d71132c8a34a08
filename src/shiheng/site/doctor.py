"""A check-up of an installation: each finding says in Chinese what is wrong and what to do about it."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import connection
from django.db.utils import Error as DatabaseFault

from shiheng.kernel import clock

GOOD, WARNING, BAD = "合格", "注意", "不合格"
SEAL_BEHIND = timedelta(minutes=1)
LEAST_FREE = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``advice`` is what to do; empty when all is well."""

    title: str
    state: str
    text: str
    advice: str = ""


def examine(*, thorough: bool = True, progress: Callable[[int, int], None] | None = None) -> list[Finding]:
    """Look at everything; what cannot be looked at because the database is not ready is left out, and that is said."""
    found = [home(), *keys(), disk(), fonts(), *declared()]
    ready = database()
    found.append(ready)
    if ready.state == BAD:
        return found
    found += [calendar(), *workers(), sealing(), *sealing_keys()]
    if thorough:
        found += [ledger(progress), files()]
    return found


def home() -> Finding:
    place = Path(settings.HOME)
    if not place.is_dir():
        return Finding(
            "数据目录", BAD, f"{place} 不存在", "执行 shiheng run 或 shiheng migrate 建立；或改正 SHIHENG_HOME。"
        )
    if not os.access(place, os.W_OK | os.X_OK):
        return Finding("数据目录", BAD, f"{place} 不能写入", "改正其属主与权限，使运行本程序的用户可写。")
    if place.stat().st_mode & stat.S_IWOTH:
        return Finding("数据目录", BAD, f"{place} 任何人都能写", f"执行 chmod 750 {place}。")
    return Finding("数据目录", GOOD, str(place))


def keys() -> Iterator[Finding]:
    folder = Path(settings.HOME) / "keys"
    open_to_others = [path.name for path in sorted(folder.glob("*")) if path.stat().st_mode & 0o077]
    if open_to_others:
        yield Finding("密钥", BAD, f"{'、'.join(open_to_others)} 可被他人读取", f"执行 chmod 600 {folder}/*。")
    else:
        yield Finding("密钥", GOOD, f"{len(list(folder.glob('*')))} 个，只有本用户可读")


def sealing_keys() -> Iterator[Finding]:
    """Whether what is personal is sealed, all of it under the key in use."""
    from shiheng.fusion import resealing
    from shiheng.kernel.errors import Problem
    from shiheng.ledger import keyring

    numbers = keyring.numbers()
    lost = []
    for number in numbers:
        try:
            keyring.key(number)
        except Problem as problem:
            lost.append(problem.message)
    if lost:
        yield Finding("个人信息", BAD, "；".join(lost), "把备份中的 keys 目录恢复到数据目录。")
    elif in_the_open := resealing.open_files():
        text = f"{len(in_the_open)} 个含敏感列的来文还没有加密"
        yield Finding("个人信息", WARNING, text, "作业进程每小时加密一次；也可执行 shiheng keys reseal。")
    elif len(numbers) > 1:
        text = f"现行密钥 {numbers[-1]}，旧密钥 {'、'.join(map(str, numbers[:-1]))} 尚未退役"
        yield Finding("个人信息", WARNING, text, "作业进程正在重新加密；也可执行 shiheng keys reseal。")
    else:
        yield Finding("个人信息", GOOD, f"现行密钥 {numbers[-1]}" if numbers else "没有保存过敏感列")


def disk() -> Finding:
    place = Path(settings.HOME)
    usage = shutil.disk_usage(place if place.exists() else place.parent)
    text = f"剩余 {usage.free / 1024**3:.1f} GB，共 {usage.total / 1024**3:.1f} GB"
    if usage.free < LEAST_FREE:
        return Finding("磁盘", BAD, text, "清理磁盘或把数据目录移到更大的盘；空间用尽时收文与办件都会失败。")
    if usage.free < usage.total // 10:
        return Finding("磁盘", WARNING, text, "剩余不足一成，请安排扩容。")
    return Finding("磁盘", GOOD, text)


def fonts() -> Finding:
    """Documents need a Chinese font on the server; pages do not."""
    if not shutil.which("fc-list"):
        return Finding(
            "中文字体", WARNING, "无法查看本机字体（没有 fontconfig）", "安装 fontconfig 与 fonts-noto-cjk。"
        )
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)  # noqa: S607
    families = sorted({line.split(",")[0].strip() for line in listed.stdout.splitlines() if line.strip()})
    if not families:
        return Finding("中文字体", WARNING, "本机没有中文字体，PDF 文书会缺字", "安装 fonts-noto-cjk。")
    return Finding("中文字体", GOOD, f"{len(families)} 种，如 {families[0]}")


def declared() -> Iterator[Finding]:
    """Django's and our own checks of how the house is put together."""
    production = settings.MODE == "production"
    faults = [m for m in checks.run_checks(include_deployment_checks=production) if m.level >= checks.WARNING]
    for message in faults:
        state = BAD if message.level >= checks.ERROR else WARNING
        yield Finding("配置", state, f"{message.msg}（{message.id}）", message.hint or "")
    if not faults:
        yield Finding("配置", GOOD, f"运行方式 {settings.MODE}，未发现问题")


def database() -> Finding:
    from shiheng.site import setup

    try:
        newer, waiting = setup.unknown_migrations(), setup.pending_migrations()
        version = _database_version()
    except DatabaseFault as fault:
        return Finding("数据库", BAD, f"连不上：{fault}", "检查 SHIHENG_DATABASE_URL 与数据库服务。")
    if newer:
        return Finding("数据库", BAD, f"由更新的版本写入（{newer[0]} 等 {len(newer)} 项）", "升级程序到写入它的版本。")
    if waiting:
        return Finding("数据库", BAD, f"有 {len(waiting)} 项更新未执行", "执行 shiheng migrate。")
    return Finding("数据库", GOOD, version)


def _database_version() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"
        cursor.execute("SELECT sqlite_version()")
        version = cursor.fetchone()[0]
        cursor.execute("PRAGMA journal_mode")
        return f"SQLite {version}，日志方式 {cursor.fetchone()[0]}"


def calendar() -> Finding:
    from shiheng.catalogue import queries

    last = max(queries.calendar().settled)
    year = clock.today().year
    if last < year:
        return Finding(
            "节假日", BAD, f"只到 {last} 年，今年的期限都是暂定的", "导入国务院办公厅公布的放假安排，或升级程序。"
        )
    if last == year and clock.today().month == 12:
        return Finding("节假日", WARNING, f"已公布到 {last} 年", "明年的放假安排公布后请尽快导入。")
    return Finding("节假日", GOOD, f"已公布到 {last} 年")


def workers() -> Iterator[Finding]:
    from shiheng.jobs import queries

    alive = queries.workers().count()
    counts = queries.counts()
    text = f"{alive} 个在岗；等待 {counts['ready']}，执行中 {counts['running']}，失败 {counts['failed']}"
    if not alive and counts["ready"] + counts["running"]:
        yield Finding("作业进程", BAD, text, "启动作业进程：shiheng worker（shiheng run 会一并启动）。")
    elif not alive:
        yield Finding("作业进程", WARNING, text, "没有作业进程；启动 shiheng worker，或执行 shiheng run。")
    else:
        yield Finding("作业进程", GOOD, text)
    if counts["failed"]:
        yield Finding("失败作业", WARNING, f"{counts['failed']} 项作业失败", "由管理员在“作业”页查看原因后重试。")
    oldest = queries.oldest_due()
    if oldest is not None and clock.now() - oldest.enqueued_at > timedelta(minutes=10):
        minutes = int((clock.now() - oldest.enqueued_at).total_seconds() // 60)
        yield Finding("积压", WARNING, f"作业 {oldest.pk}（{oldest.name}）已等待 {minutes} 分钟", "增加作业进程。")


def sealing() -> Finding:
    from shiheng.ledger import queries

    standing = queries.standing()
    text = f"{standing.size} 叶已封存，{standing.unsealed} 叶待封存"
    if standing.oldest_unsealed is not None and clock.now() - standing.oldest_unsealed > SEAL_BEHIND:
        return Finding("存证封存", BAD, text, "封存已停顿。确认作业进程在运行，再看“作业”页中 ledger.seal 的错误。")
    return Finding("存证封存", GOOD, text)


def ledger(progress: Callable[[int, int], None] | None = None) -> Finding:
    from shiheng.ledger import queries

    audit = queries.verify_all(progress)
    text = f"核对 {audit.leaves} 叶、{audit.heads} 个树头、{audit.manifests} 份清单"
    if audit.whole:
        return Finding("存证一致性", GOOD, f"{text}，全部一致")
    more = f"，另有 {audit.more_faults} 处" if audit.more_faults else ""
    return Finding(
        "存证一致性", BAD, f"{text}，发现：" + "；".join(audit.faults[:5]) + more,
        "保留现场，执行 shiheng ledger audit 看全部问题；从改动之前的备份恢复。",
    )  # fmt: skip


def files() -> Finding:
    """Whether every file a row mentions is there (their contents are held against their names by ``ledger audit``)."""
    from shiheng.fusion.models import Batch
    from shiheng.ledger import files as kept
    from shiheng.ledger.models import Attachment, Manifest

    mentioned: set[str] = set()
    for model in (Batch, Manifest, Attachment):
        mentioned.update(model._default_manager.values_list("file", flat=True))
    missing = sorted(sha256 for sha256 in mentioned if not kept.has(sha256))
    if missing:
        return Finding(
            "文件库", BAD, f"{len(missing)} 个文件不见了，如 {missing[0]}", "从备份恢复 files 目录中的这些文件。"
        )
    return Finding("文件库", GOOD, f"登记的 {len(mentioned)} 个文件都在")
