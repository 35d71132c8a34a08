"""What a reader of a PDF sees on each page: the text of its content streams through the fonts' maps to characters.

Enough for the PDFs of this platform (flate streams, object streams, identity fonts); it knows nothing of their maker.
"""

import re
import zlib
from typing import Any

OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.DOTALL)
SHOWN = re.compile(rb"/([\w.+-]+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f]*)>|\(((?:\\.|[^\\()])*)\)", re.DOTALL)
PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f]+>|\[[^\]]*\])")


def pages(content: bytes) -> list[str]:
    """The text of each page in order, as it is drawn."""
    objects = _objects(content)
    root = next(body for body in objects.values() if re.search(rb"/Type\s*/Catalog\b", body))
    found: list[int] = []
    _walk(_ref(root, b"Pages"), objects, found)
    return [_text(objects[number], objects) for number in found]


def _objects(content: bytes) -> dict[int, bytes]:
    found = {int(number): body for number, body in OBJECT.findall(content)}
    for body in list(found.values()):
        if re.search(rb"/Type\s*/ObjStm\b", body):
            held = _stream(body)
            first = int(re.search(rb"/First\s+(\d+)", body)[1])  # type: ignore[index]
            numbers = list(map(int, held[:first].split()))
            places = [*zip(numbers[::2], numbers[1::2], strict=True)]
            ends = [place for _n, place in places[1:]] + [len(held) - first]
            for (number, place), end in zip(places, ends, strict=True):
                found.setdefault(number, held[first + place : first + end])
    return found


def _stream(body: bytes) -> bytes:
    raw = STREAM.search(body)
    assert raw is not None
    return zlib.decompressobj().decompress(raw[1]) if b"FlateDecode" in body[: raw.start()] else raw[1]


def _ref(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb"\s+(\d+)\s+0\s+R", body)
    return int(found[1]) if found else 0


def _walk(number: int, objects: dict[int, bytes], found: list[int]) -> None:
    body = objects[number]
    kids = re.search(rb"/Kids\s*\[(.*?)\]", body, re.DOTALL)
    if kids is None:
        found.append(number)
        return
    for kid in re.findall(rb"(\d+)\s+0\s+R", kids[1]):
        _walk(int(kid), objects, found)


def _text(page: bytes, objects: dict[int, bytes]) -> str:
    resources = objects.get(_ref(page, b"Resources"), page)
    fonts = re.search(rb"/Font\s*<<(.*?)>>", resources, re.DOTALL)
    held = fonts[1] if fonts else objects.get(_ref(resources, b"Font"), b"")
    maps = {name: _map(objects[int(n)], objects) for name, n in re.findall(rb"/([\w.+-]+)\s+(\d+)\s+0\s+R", held)}
    parts, font = [], dict[int, str]()
    for name, digits, plain in SHOWN.findall(_stream(objects[_ref(page, b"Contents")])):
        if name:
            font = maps.get(name, {})
            continue
        raw = bytes.fromhex(digits.decode()) if digits else _plain(plain)
        codes = [int.from_bytes(raw[n : n + 2], "big") for n in range(0, len(raw) - 1, 2)]
        parts.append("".join(font.get(code, "") for code in codes))
    return "".join(parts)


def _plain(raw: bytes) -> bytes:
    known: dict[bytes, bytes] = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def read(found: Any) -> bytes:
        said = found[1]
        return bytes([int(said, 8) & 255]) if said.isdigit() else known.get(said, said)

    return re.sub(rb"\\([0-7]{1,3}|.)", read, raw, flags=re.DOTALL)


def _map(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    number = _ref(font, b"ToUnicode")
    if not number:
        return {}
    text = _stream(objects[number]).decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, said in PAIR.findall(block):
            found[int(code, 16)] = bytes.fromhex(said).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for low, high, said in RANGE.findall(block):
            first = bytes.fromhex(said.strip("<>")).decode("utf-16-be") if said.startswith("<") else ""
            for n in range(int(low, 16), int(high, 16) + 1):
                found[n] = first[:-1] + chr(ord(first[-1]) + n - int(low, 16)) if first else ""
    return found
