"""A code a telephone reads (QR), as SVG for pages and PDF and as PNG for Word; the same squares in both."""

import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
SCALE = 8


@lru_cache(maxsize=256)
def squares(text: str) -> tuple[tuple[bool, ...], ...]:
    """The code with its quiet border, row by row; true is dark."""
    code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())


def svg(text: str) -> str:
    """The code as a drawing that scales; nothing of the text stands in it but its squares."""
    held = squares(text)
    side = len(held)
    path = "".join(f"M{x} {y}h{n}v1h-{n}z" for y, row in enumerate(held) for x, n in _runs(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" '
        f'aria-hidden="true"><rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{path}" fill="#000"/></svg>'
    )


def _runs(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    """Where dark squares begin in a row, and how many follow one another."""
    at = 0
    for dark, squares_ in groupby(row):
        n = len(list(squares_))
        if dark:
            yield at, n
        at += n


def png(text: str) -> bytes:
    """The code as a picture of one bit a pixel."""
    held = squares(text)
    side = len(held) * SCALE
    lines = []
    for row in held:
        bits = "".join(("0" if dark else "1") * SCALE for dark in row)
        packed = int(bits, 2).to_bytes(side // 8, "big")  # SCALE is 8: a square is a byte
        lines += [b"\x00" + packed] * SCALE
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))
