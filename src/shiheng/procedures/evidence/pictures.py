"""Pictures of evidence: pages and images made small for the screen, and flattened with parts of them gone.

Everything is drawn anew by typst inside this process: what comes out holds the pixels that are seen and nothing else,
no metadata, no text under a bar, no earlier layer. The original goes in through memory, never through a folder.
"""

import base64
import json
import math
import os
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import typst
from django.utils.translation import gettext as _

from shiheng.kernel.errors import Refused

FORMATS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
THUMB, SCREEN, PRINT = 240, 1_600, 1_654  # the last: an A4 page at 200 dots an inch
BOOK, MOST_EMBEDDED = 1_240, 4_000_000  # an A4 page at 150 dots an inch
MOST_PIXELS = 60_000_000
MOST_PAGES = 200
UPRIGHT, SIDEWAYS = 1, 5
FONTS = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", "Noto Serif CJK SC", "SimSun")
SOURCE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#let d = json(bytes(sys.inputs.at("drawing")))
#set text(font: d.fonts, fallback: true, fill: white)
#context {
  let picture = image(d.path, format: d.format, page: d.page, width: d.width * 1pt)
  let size = measure(picture)
  block(width: size.width, height: size.height, clip: true, fill: white, {
    place(top + left, picture)
    for area in d.areas {
      place(top + left, dx: area.x * 1pt, dy: area.y * 1pt, block(
        width: area.w * 1pt, height: area.h * 1pt, fill: black, clip: true, inset: 1pt,
        align(center + horizon, text(size: area.size * 1pt, area.words)),
      ))
    }
  })
}
"""
BOUND = b"""
#let d = json(bytes(sys.inputs.at("drawing")))
#set page(width: auto, height: auto, margin: 0pt)
#for (n, path) in d.paths.enumerate() {
  if n > 0 { pagebreak() }
  image(path, format: "png", width: d.width * 1pt)
}
"""
_compile: Any = typst.compile  # its stubs want the source and the root to be of one type
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle to be masked, in thousandths of the page's width and height, and what is written on it."""

    x: int
    y: int
    w: int
    h: int
    words: str = ""
    page: int = 1


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()


@cache
def _families() -> list[str]:
    held = {family.lower() for family in _fonts().families()}
    return [name for name in FONTS if name.lower() in held] or ["Libertinus Serif"]


@contextmanager
def _in_memory(*contents: bytes) -> Iterator[list[str]]:
    """The paths under which typst reads these bytes; they are in no folder and gone at the end."""
    handles = []
    try:
        for content in contents:
            handle = os.memfd_create("evidence")
            handles.append(handle)
            with os.fdopen(os.dup(handle), "wb") as file:
                file.write(content)
        yield [f"/proc/self/fd/{handle}" for handle in handles]
    finally:
        for handle in handles:
            os.close(handle)


def _drawn(source: bytes, said: dict[str, object], kind: Literal["png", "pdf"]) -> bytes:
    inputs = {"drawing": json.dumps(said, ensure_ascii=False)}
    try:
        with _lock:
            made = _compile(source, root="/", font_paths=_fonts(), format=kind, ppi=72, sys_inputs=inputs)
    except Exception as fault:  # typst's own errors, and what its decoders make of a broken file
        raise Refused(
            "picture.broken", _("这个文件已经损坏，或不是能显示的格式，画不出来。原件仍可下载查看。")
        ) from fault
    if not isinstance(made, bytes):
        raise TypeError("typst gave more than one page")
    return made


def drawn(data: bytes, media: str, *, page: int = 1, most: int = SCREEN, areas: Sequence[Area] = ()) -> bytes:
    """One image or page as PNG, at most so many pixels on its longer side; ``areas`` are painted over.

    Raises ``Refused`` for what cannot be drawn and for what would be too large.
    """
    width = _width(data, media, most)
    with _in_memory(data) as (path,):
        said = {"path": path, "format": FORMATS[media], "page": page, "width": width, "fonts": _families()}
        if not areas:
            return _drawn(SOURCE, {**said, "areas": []}, "png")
        plain = _drawn(SOURCE, {**said, "areas": []}, "png")
        across, down = size_of(plain, "image/png")
        return _drawn(SOURCE, {**said, "areas": [_placed(one, across, down) for one in areas]}, "png")


def embedded(data: bytes, media: str, *, page: int = 1) -> str:
    """One image or page as an SVG that carries it, for a document; a photograph of a usual size goes in as it is."""
    kind = media
    if media != "image/jpeg" or len(data) > MOST_EMBEDDED or _on_its_side(data):
        data, kind = drawn(data, media, page=page, most=BOOK), "image/png"
    across, down = check_size(data, kind)
    size = f'width="{across}" height="{down}"'
    held = base64.b64encode(data).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {across} {down}">'
        f'<image {size} href="data:{kind};base64,{held}"/></svg>'
    )


def _placed(area: Area, across: int, down: int) -> dict[str, object]:
    """Whole pixels, none of them half covered: at the edge of a bar half a pixel would shine through."""
    left, top = math.floor(area.x * across / 1000), math.floor(area.y * down / 1000)
    right, bottom = math.ceil((area.x + area.w) * across / 1000), math.ceil((area.y + area.h) * down / 1000)
    w, h = max(1, right - left), max(1, bottom - top)
    size = max(4, min(h * 0.6, w / max(1, len(area.words)), across / 20))
    return {"x": left, "y": top, "w": w, "h": h, "words": area.words, "size": size}


def _width(data: bytes, media: str, most: int) -> int:
    if media == "application/pdf":
        return most
    across, down = check_size(data, media)
    return max(1, round(across * min(1, most / max(across, down))))


def check_size(data: bytes, media: str) -> tuple[int, int]:
    """Width and height of an image that is not too large to be drawn; its header is enough."""
    across, down = size_of(data, media)
    if across * down > MOST_PIXELS:
        raise Refused("picture.size", _("图片超过 6000 万像素，不能在页面上显示。原件仍可下载查看。"))
    return across, down


def size_of(data: bytes, media: str) -> tuple[int, int]:
    """Width and height of an image in pixels as it is seen; refused when its header is broken."""
    try:
        size = _SIZES[media](data)
    except (struct.error, IndexError, KeyError, ValueError):
        size = (0, 0)
    if min(size) < 1:
        raise Refused("picture.broken", _("这个文件已经损坏，或不是能显示的格式，画不出来。原件仍可下载查看。"))
    return size


def _png(data: bytes) -> tuple[int, int]:
    across, down = struct.unpack(">II", data[16:24])
    return across, down


def _gif(data: bytes) -> tuple[int, int]:
    across, down = struct.unpack("<HH", data[6:10])
    return across, down


def _webp(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    across, down = struct.unpack("<HH", data[26:30])
    return across & 0x3FFF, down & 0x3FFF


def _jpeg(data: bytes) -> tuple[int, int]:
    across, down, way = _as_stored(data)
    return (down, across) if way >= SIDEWAYS else (across, down)


def _on_its_side(data: bytes) -> bool:
    """Whether a photograph is stored in another way than it is seen, or cannot be read at all."""
    try:
        return _as_stored(data)[2] != UPRIGHT
    except (struct.error, IndexError):
        return True


def _as_stored(data: bytes) -> tuple[int, int, int]:
    """Width and height as a photograph is stored, and how it is to be turned (Exif)."""
    at, way = 2, UPRIGHT
    while data[at] == 0xFF:
        mark, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if mark == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            way = _way(data[at + 10 : at + 2 + length])
        if 0xC0 <= mark <= 0xCF and mark not in {0xC4, 0xC8, 0xCC}:
            down, across = struct.unpack(">HH", data[at + 5 : at + 9])
            return across, down, way
        at += 2 + length
    return 0, 0, way


def _way(exif: bytes) -> int:
    """How the camera was held (Exif 0x0112): 1 upright, 5 and more on its side."""
    order = "<" if exif[:2] == b"II" else ">"
    (start,) = struct.unpack(f"{order}I", exif[4:8])
    (count,) = struct.unpack(f"{order}H", exif[start : start + 2])
    for n in range(count):
        entry = exif[start + 2 + 12 * n : start + 14 + 12 * n]
        tag, value = struct.unpack(f"{order}H", entry[:2])[0], struct.unpack(f"{order}H", entry[8:10])[0]
        if tag == 0x0112:
            return int(value)
    return UPRIGHT


_SIZES = {"image/png": _png, "image/gif": _gif, "image/webp": _webp, "image/jpeg": _jpeg}


def pages(data: bytes, media: str) -> int:
    """How many pages there are to see; 1 of an image. A document of more than ``MOST_PAGES`` counts as so many."""
    # Asked of typst itself, which says whether a page is there: how a PDF counts its pages cannot be read off it.
    if media != "application/pdf":
        return 1
    if not _has_page(data, 1):
        raise Refused("picture.broken", _("这个 PDF 已经损坏或加了密码，画不出来。原件仍可下载查看。"))
    low, high = 1, 2
    while high <= MOST_PAGES and _has_page(data, high):
        low, high = high, high * 2
    high = min(high, MOST_PAGES + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _has_page(data, middle) else (low, middle)
    return low


def _has_page(data: bytes, page: int) -> bool:
    try:
        drawn(data, "application/pdf", page=page, most=8)
    except Refused:
        return False
    return True


def flattened(data: bytes, media: str, areas: Sequence[Area]) -> tuple[bytes, str]:
    """A copy in which the areas are gone: an image as PNG, a document as PDF of nothing but pictures of its pages."""
    if media != "application/pdf":
        return drawn(data, media, most=6_000, areas=areas), "image/png"
    drawings = [
        drawn(data, media, page=page, most=PRINT, areas=[one for one in areas if one.page == page])
        for page in range(1, pages(data, media) + 1)
    ]
    with _in_memory(*drawings) as paths:
        return _drawn(BOUND, {"paths": paths, "width": 595}, "pdf"), "application/pdf"
