"""Check a credit report without asking anybody: ``python verify_report.py report.pdf`` (or ``report.json``).

One file, the standard library only (Python 3.8 or later). It recomputes the digest of the report's content, follows the
path from the entry in the evidence log to the signed head, and checks the signature (Ed25519) with the key that is in
the file. Compare the key's fingerprint with the one the bureau publishes, or give it: ``--key <fingerprint>``.

Exit code 0: everything holds. 1: something was changed; what, is said. 2: this is no such file.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

FORMAT = "shiheng-credit-report/1"
MARK = b"% shiheng-credit-report/1\n"
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)


class NotGoodError(Exception):
    """What does not hold, in words for people."""

    def __init__(self, message: str, *, alien: bool = False) -> None:
        super().__init__(message)
        self.alien = alien


def check(data: bytes, key: str | None = None) -> dict[str, Any]:
    """Everything that is proved by the bytes of a report: lines for people, the report. Raises ``NotGoodError``."""
    base, bundle = opened(data)
    report, proof = bundle["report"], bundle["proof"]
    content = hashlib.sha256(canonical(report)).hexdigest()
    leaf = json.loads(proof["leaf"])
    facts = leaf.get("facts") or {}
    if leaf.get("kind") != "report.issued":
        raise NotGoodError("存证不是信用报告的出具记录。")
    if facts.get("content") != content:
        raise NotGoodError("报告内容被改动过：由内容算出的摘要与存证中的不同。")
    if facts.get("number") != report.get("number"):
        raise NotGoodError("报告编号与存证中的不同。")
    if base is not None and facts.get("pdf") != hashlib.sha256(base).hexdigest():
        raise NotGoodError("PDF 页面被改动过：文件的摘要与存证中的不同。")
    head, size = included(proof)
    public = public_key(proof["key"])
    mark = hashlib.sha256(public).hexdigest()
    if key is not None and mark != "".join(key.split()).lower():
        raise NotGoodError("公钥不符：文件所附公钥的指纹是 " + grouped(mark) + "。")
    if not signed(proof["head"], proof["key"], public):
        raise NotGoodError("树头的签名不成立：树头或公钥被改动过。")
    lines = [
        "报告编号 {}，主体 {}（{}），出具于 {}".format(
            report.get("number"), report.get("name"), report.get("uscc") or "无代码", report.get("made_at")
        ),
        "内容摘要 " + content + " 与存证一致",
        *(["PDF 页面与存证一致"] if base is not None else []),
        f"存证在存证日志第 {proof['position']} 叶，沿 {len(proof['path'])} 步路径到达 {size} 叶的树头",
        f"树头签署于 {head}，签名成立",
        "公钥指纹 " + grouped(mark) + "，请与公布的指纹核对" if key is None else "公钥指纹与您给的一致",
    ]
    return {"lines": lines, "report": report, "fingerprint": mark, "size": size, "position": proof["position"]}


def opened(data: bytes) -> tuple[bytes | None, dict[str, Any]]:
    """The bytes of the PDF that were put on record (None for JSON), and the report with its proof."""
    base = None
    text = data
    if data[:5] == b"%PDF-":
        place = data.rfind(MARK)
        if place < 0:
            raise NotGoodError("这份 PDF 没有附带证明。请重新从信用门户下载。", alien=True)
        base = data[: _base_length(data, place)]
        start = data.find(b"stream\n", place) + len(b"stream\n")
        text = data[start : data.find(b"\nendstream", start)]
        if data != with_proof(base, text):
            raise NotGoodError("PDF 后面被添加过内容，看到的页面可能不是出具时的页面。")
    try:
        bundle = json.loads(text.decode("utf-8"))
        if not isinstance(bundle, dict) or bundle.get("format") != FORMAT:
            raise ValueError
        for name in ("leaf", "head", "key"):
            if not isinstance(bundle["proof"][name], str):
                raise ValueError
        if not isinstance(bundle["report"], dict) or not isinstance(bundle["proof"]["path"], list):
            raise ValueError
    except (ValueError, KeyError, TypeError, UnicodeDecodeError, RecursionError):
        raise NotGoodError("这不是市衡的信用报告，或文件不完整。", alien=True) from None
    return base, bundle


def _base_length(data: bytes, place: int) -> int:
    """How long the PDF was before its proof was added: said on the line behind the mark."""
    line = data[place + len(MARK) : data.find(b"\n", place + len(MARK))]
    said = line[2:].strip()
    if not line.startswith(b"% ") or not said.isdigit() or int(said) > place:
        raise NotGoodError("PDF 中的证明位置不对，文件被改动过。")
    return int(said)


def with_proof(pdf: bytes, said: bytes) -> bytes:
    """A PDF with report and proof added behind it, as an update that leaves every byte before it as it was.

    The added object hangs on nothing: readers show the same pages, and this program finds it by its mark.
    """
    before = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    trailer = pdf[pdf.rfind(b"trailer") + len(b"trailer") : pdf.rfind(b"startxref")].strip()
    size = int(trailer.split(b"/Size ", 1)[1].split(b"/")[0])
    fresh = trailer.replace(b"/Size %d" % size, b"/Size %d/Prev %d" % (size + 1, before), 1)
    opening = pdf + b"\n" + MARK + b"%% %d\n" % len(pdf)
    thing = b"%d 0 obj\n<</Length %d>>\nstream\n" % (size, len(said)) + said + b"\nendstream\nendobj\n"
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n" % (size, len(opening)) + fresh
    return opening + thing + table + b"\nstartxref\n%d\n%%%%EOF\n" % (len(opening) + len(thing))


def canonical(content: Any) -> bytes:
    """JSON in the one spelling that is hashed."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def included(proof: dict[str, Any]) -> tuple[str, int]:
    """The moment and size of the head, once the path from the leaf leads to the root it names (RFC 9162, 2.1.3.2)."""
    _name, size, root, moment = proof["head"].split("\n")[:4]
    place, last = proof["position"], int(size) - 1
    if not 0 <= place <= last:
        raise NotGoodError("序号不在树头之内。")
    reached = hashlib.sha256(b"\x00" + proof["leaf"].encode()).digest()
    for step in proof["path"]:
        other = bytes.fromhex(step)
        if last == 0:
            raise NotGoodError("证明路径的步数不对。")
        if place & 1 or place == last:
            reached = hashlib.sha256(b"\x01" + other + reached).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = hashlib.sha256(b"\x01" + reached + other).digest()
        place, last = place >> 1, last >> 1
    if last or base64.b64encode(reached).decode() != root:
        raise NotGoodError("存证与树头对不上：存证、序号或路径被改动过。")
    return moment.replace("time ", "", 1), int(size)


def public_key(line: str) -> bytes:
    """The raw public key out of its line."""
    raw = base64.b64decode(line.split("+", 2)[2])
    if len(raw) != 33 or raw[:1] != b"\x01":
        raise NotGoodError("公钥格式不对。")
    return raw[1:]


def signed(note: str, line: str, public: bytes) -> bool:
    """Whether the head's signature is by this key."""
    text, found, signature = note.partition("\n\n")
    name = line.split("+", 2)[0]
    if not found or not signature.startswith("— " + name + " "):
        return False
    raw = base64.b64decode(signature.strip().rsplit(" ", 1)[1])
    return verified(public, (text + "\n").encode(), raw[4:])


def grouped(mark: str) -> str:
    return " ".join(mark[i : i + 8] for i in range(0, len(mark), 8))


# --- Ed25519 (RFC 8032, 5.1), for checking only: nothing secret passes here ------------------------------------------


def verified(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is good."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point = _unpacked(public), _unpacked(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if key is None or point is None or number >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    left = _times(number, _BASE)
    right = _sum(point, _times(challenge, key))
    return _same(left, right)


def _root(y: int, sign: int) -> int | None:
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME)
    if square == 0:
        return None if sign else 0
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME:
        return None
    return PRIME - x if x & 1 != sign else x


def _unpacked(data: bytes) -> tuple[int, int, int, int] | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _root(y, sign)
    return None if x is None else (x, y, 1, x * y % PRIME)


def _sum(p: tuple[int, ...], q: tuple[int, ...]) -> tuple[int, ...]:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * CURVE % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def _times(number: int, point: tuple[int, ...]) -> tuple[int, ...]:
    made: tuple[int, ...] = (0, 1, 1, 0)
    while number:
        if number & 1:
            made = _sum(made, point)
        point, number = _sum(point, point), number >> 1
    return made


def _same(p: tuple[int, ...], q: tuple[int, ...]) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % PRIME == 0 and (p[1] * q[2] - q[1] * p[2]) % PRIME == 0


_Y = 4 * pow(5, PRIME - 2, PRIME) % PRIME
_X = _root(_Y, 0) or 0
_BASE = (_X, _Y, 1, _X * _Y % PRIME)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="离线核验市衡信用报告（PDF 或 JSON），不联网，只用标准库。")
    parser.add_argument("file", help="信用报告文件：report.pdf 或 report.json")
    parser.add_argument("--key", help="公布的公钥指纹（64 位十六进制）")
    given = parser.parse_args(words)
    try:
        told = check(Path(given.file).read_bytes(), key=given.key)
    except NotGoodError as fault:
        sys.stdout.write("核验不通过：" + str(fault) + "\n")
        return 2 if fault.alien else 1
    except (OSError, ValueError, KeyError, TypeError, IndexError) as fault:
        sys.stdout.write(f"读不了这个文件：{fault}\n")
        return 2
    sys.stdout.write("\n  ".join(["核验通过。", *told["lines"]]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
