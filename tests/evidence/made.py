"""Small real files for tests: pictures whose every pixel is known, a PDF of two pages, a few words."""

import struct
import zlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import typst

from shiheng.kernel import clock
from shiheng.ledger import files
from shiheng.procedures import actions as procedures
from shiheng.procedures.evidence import actions
from shiheng.procedures.models import Evidence, Proceeding

FACTS = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "三天就坏。", "claims": ["退款"]}
RED, GREEN = (200, 30, 40), (20, 180, 90)


def png(across: int = 200, down: int = 100, *, left: Any = RED, right: Any = GREEN, comment: str = "") -> bytes:
    """A picture red on its left half and green on its right."""
    half = across // 2
    line = b"\0" + bytes(left) * half + bytes(right) * (across - half)

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    parts = [part(b"IHDR", struct.pack(">IIBBBBB", across, down, 8, 2, 0, 0, 0))]
    if comment:
        parts.append(part(b"tEXt", b"Comment\0" + comment.encode("latin-1")))
    parts += [part(b"IDAT", zlib.compress(line * down)), part(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def pixels(data: bytes) -> list[list[tuple[int, int, int]]]:
    """Every pixel of a PNG of 8 bits a channel."""
    at, across, down, colours, packed = 8, 0, 0, 0, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        held = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            across, down, depth, colours = struct.unpack(">IIBB", held[:10])
            assert depth == 8
        elif kind == b"IDAT":
            packed += held
        at += 12 + length
    wide = {2: 3, 6: 4, 0: 1}[colours]
    raw, before, rows = zlib.decompress(packed), bytes(across * wide), []
    for n in range(down):
        how, *line = raw[n * (across * wide + 1) : (n + 1) * (across * wide + 1)]
        for i in range(len(line)):
            a = line[i - wide] if i >= wide else 0
            b, c = before[i], before[i - wide] if i >= wide else 0
            guess = (0, a, b, (a + b) // 2, _paeth(a, b, c))[how]
            line[i] = (line[i] + guess) & 255
        before = bytes(line)
        rows.append([_colour(line[i : i + wide]) for i in range(0, len(line), wide)])
    return rows


def _paeth(a: int, b: int, c: int) -> int:
    p = a + b - c
    near = sorted((abs(p - v), n, v) for n, v in enumerate((a, b, c)))
    return near[0][2]


def _colour(one: list[int]) -> tuple[int, int, int]:
    return (one[0], one[0], one[0]) if len(one) == 1 else (one[0], one[1], one[2])


def pdf(*texts: str) -> bytes:
    """A PDF, a page a text."""
    words = "\n#pagebreak()\n".join(texts)
    made = typst.compile(f"#set page(width: 300pt, height: 200pt)\n{words}".encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def proceeding(cast: Any, **other: Any) -> Proceeding:
    """An open complaint of district A."""
    return procedures.open_file(
        cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.",
        parties=[procedures.Standing("complainant", "王小明", {"phone": "19900001001"}),
                 procedures.Standing("trader", "恒达电器")], **other,
    )  # fmt: skip


def item(cast: Any, **other: Any) -> actions.Item:
    """What is said of a photograph."""
    said: dict[str, Any] = {
        "kind": "02", "title": "柜台照片", "source": "恒达电器经营场所", "place": "码头路12号",
        "taken_by": [(cast.who("clerk").key, "李窗")], "taken_at": clock.now() - timedelta(hours=1),
    }  # fmt: skip
    return actions.Item(**{**said, **other})


def received(
    cast: Any, found: Proceeding, data: bytes | None = None, *, name: str = "a.png", by: str = "clerk", **other: Any
) -> Evidence:
    """An item of a file."""
    kept = files.keep(BytesIO(png() if data is None else data), sealed=True)
    return actions.receive(cast.who(by), found.pk, item(cast, **other), kept, name=name)


def form(cast: Any, key: str, **other: Any) -> dict[str, Any]:
    """What the page's form sends."""
    return {
        "_key": key, "kind": "02", "title": "柜台照片", "source": "恒达电器", "place": "码头路12号",
        "taken_at": f"{clock.now() - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "taker": cast.who("clerk").key, "original": "original", **other,
    }  # fmt: skip
