"""What goes out without anybody asking: files into the exchange folder, pages pushed to a department's own address.

Both begin after what was confirmed and go on until everything is, so a piece that was lost is sent again.
"""

import http.client
import json
import os
import socket
import ssl
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from shiheng.kernel import clock
from shiheng.kernel.errors import Problem
from shiheng.publication.exchange import actions
from shiheng.publication.exchange.gathering import gather
from shiheng.publication.models import Handover, Subscription

FILE_ROWS = 10_000
PUSH_ROWS = 500
PATIENCE = 20.0
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=6)
LONGEST_RECEIPT = 65_536


class DeliveryError(Exception):
    """The receiver could not be reached, or what it said was no receipt."""


def move(code: str, *, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Everything that is due for one subscription now: number, hand over, read what was answered."""
    gather(code)
    row = Subscription.objects.get(code=code)
    if row.state != "approved" or should_stop():
        return
    if row.way == "file":
        read_receipts(row)
        drop_files(row)
    elif row.way == "push" and (row.next_at is None or row.next_at <= clock.now()):
        push(row, should_stop=should_stop)


def folder(code: str) -> Path:
    """The exchange folder of a subscription: ``out`` is ours to write, ``in`` theirs."""
    return Path(settings.HOME) / "exchange" / code


def drop_files(row: Subscription) -> int:
    """Items not yet handed over as files, each run with a manifest written after it; gives how many files."""
    out = folder(row.code) / "out"
    out.mkdir(parents=True, exist_ok=True)
    (folder(row.code) / "in").mkdir(exist_ok=True)
    count = 0
    after = row.taken
    # Runs that are on record but whose files are gone, unconfirmed, are written again: the same bytes.
    held = Handover.objects.filter(subscription=row, way="file", last__gt=row.taken).order_by("first", "last")
    for first, last in list(held.values_list("first", "last")):
        page = actions.hand_over(row.code, after=first - 1, limit=last - first + 1, way="file")
        count += _write(out, row, page)
        after = max(after, last)
    while True:
        page = actions.hand_over(row.code, after=after, limit=FILE_ROWS, way="file")
        if not page.lines:
            return count
        count += _write(out, row, page)
        after = page.last


def _write(out: Path, row: Subscription, page: actions.Page) -> int:
    name = f"{row.code}-{page.first}-{page.last}"
    manifest = out / f"{name}.manifest.json"
    about = {"subscription": row.code, "first": page.first, "last": page.last, "rows": len(page.lines),
             "file": f"{name}.jsonl", "sha256": page.sha256}  # fmt: skip
    written = json.dumps(about, ensure_ascii=False, indent=1).encode() + b"\n"
    if manifest.exists() and manifest.read_bytes() == written:
        return 0
    put(out / f"{name}.jsonl", page.body)
    put(manifest, written)
    return 1


def put(path: Path, data: bytes) -> None:
    """Whole or not at all: a receiver never sees half a file."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


def read_receipts(row: Subscription) -> int:
    """Receipts the department put into ``in``: each is read once and put aside, also one that makes no sense."""
    place = folder(row.code) / "in"
    if not place.is_dir():
        return 0
    count = 0
    for path in sorted(p for p in place.iterdir() if p.is_file() and not p.name.startswith(".")):
        with path.open("rb") as handle:
            said = handle.read(LONGEST_RECEIPT + 1)
        receipt = actions.receive(row.code, said, way="file")
        aside = place / ("done" if receipt.state in {"taken", "again"} else "bad")
        aside.mkdir(exist_ok=True)
        path.replace(aside / f"{receipt.pk}-{path.name}")
        count += 1
    return count


def push(row: Subscription, *, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Post page after page until all is confirmed; at the first failure rest, longer each time."""
    after = row.taken
    while not should_stop():
        page = actions.hand_over(row.code, after=after, limit=PUSH_ROWS, way="push")
        if not page.lines:
            break
        try:
            answer = _post(row, page)
            receipt = actions.receive(row.code, answer, way="push")
            taken = Subscription.objects.values_list("taken", flat=True).get(pk=row.pk)
            if receipt.state not in {"taken", "again"} or taken < page.last:
                raise DeliveryError("对方的回执没有确认这一页")
        except (DeliveryError, Problem) as fault:
            rest = min(FIRST_REST * 2 ** min(row.failures, 12), LONGEST_REST)
            actions.failed(row.code, str(fault), until=clock.now() + rest)
            return
        after = page.last
    actions.reached(row.code)


def _post(row: Subscription, page: actions.Page) -> bytes:
    """One page to the department's address. Redirects are not followed: the address was approved as it is."""
    key = uuid5(NAMESPACE_URL, f"shiheng:exchange:{row.code}:{page.first}:{page.last}")
    headers = {
        "Content-Type": "application/x-ndjson; charset=utf-8",
        "Idempotency-Key": str(key),
        "X-Shiheng-Subscription": row.code,
        "X-Shiheng-Sha256": page.sha256,
    }
    return post(row.endpoint, page.body, headers)


def post(endpoint: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """What an address answers to what is posted there; ``DeliveryError`` where it cannot be reached or refuses."""
    parts = urlsplit(endpoint)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    link = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        link.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, dict(headers))
        response = link.getresponse()
        said = response.read(LONGEST_RECEIPT + 1)
        if response.status // 100 != 2:
            raise DeliveryError(f"对方答复 HTTP {response.status}")
        return said
    except (OSError, http.client.HTTPException) as fault:
        raise DeliveryError(f"未能送达：{_why(fault)}") from fault
    finally:
        link.close()


def _why(fault: Exception) -> str:
    """What an officer can tell the department of a connection that failed."""
    if isinstance(fault, TimeoutError):
        return f"{PATIENCE:.0f} 秒内没有答复"
    if isinstance(fault, ConnectionRefusedError):
        return "对方的地址上没有服务在运行"
    if isinstance(fault, socket.gaierror):
        return "找不到对方地址中的主机名"
    if isinstance(fault, ssl.SSLError):
        return "对方的证书不被信任或加密连接失败"
    if isinstance(fault, ConnectionError | http.client.HTTPException):
        return "连接中断，或对方的答复不是 HTTP"
    return "网络不通"
