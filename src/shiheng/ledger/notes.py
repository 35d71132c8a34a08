"""A signed head as text anyone can keep: the checkpoint and signed-note formats of transparency logs (C2SP), Ed25519.

Pure. The text names the log, its size, its root and the moment of signing; independent verifiers read it as it is.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shiheng.kernel.errors import Refused

ORIGIN = "shiheng/ledger"
_ED25519 = b"\x01"
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_LINE = re.compile(r"— (\S+) (\S+)")
_VKEY = re.compile(r"([^+\s]+)\+([0-9a-f]{8})\+(\S+)")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a head says."""

    size: int
    root: bytes
    at: datetime

    def text(self) -> str:
        """The lines that are signed."""
        return f"{ORIGIN}\n{self.size}\n{_base64(self.root)}\ntime {self.at.isoformat()}\n"


def fingerprint(public: bytes) -> str:
    """SHA-256 of the raw public key: what a person compares."""
    return hashlib.sha256(public).hexdigest()


def grouped(mark: str) -> str:
    """A fingerprint in groups of eight, for reading aloud."""
    return " ".join(mark[i : i + 8] for i in range(0, len(mark), 8))


def verifier_key(public: bytes) -> str:
    """The public key as one line: name, key number, key."""
    return f"{ORIGIN}+{_key_number(public).hex()}+{_base64(_ED25519 + public)}"


def public_of(verifier: str) -> bytes:
    """The raw public key out of its line."""
    found = _VKEY.fullmatch(verifier)
    raw = _unbase64(found[3]) if found else None
    if not found or raw is None or len(raw) != 33 or raw[:1] != _ED25519:
        raise Refused("ledger.bad_key", "公钥格式不正确：应为“shiheng/ledger+编号+公钥”一行文字。")
    if verifier != verifier_key(raw[1:]):
        raise Refused("ledger.bad_key", "公钥的名称或编号与公钥内容不符，公钥可能被改动。")
    return raw[1:]


def sign(checkpoint: Checkpoint, public: bytes, signer: Callable[[bytes], bytes]) -> str:
    """The signed note."""
    text = checkpoint.text()
    signature = signer(text.encode())
    return f"{text}\n— {ORIGIN} {_base64(_key_number(public) + signature)}\n"


def read(note: str, public: bytes) -> Checkpoint:
    """What a note says, once its signature by ``public`` has been found good; anything else is refused."""
    text, found, line = note.partition("\n\n")
    text += "\n"
    signed = _LINE.fullmatch(line.removesuffix("\n"))
    lines = text.split("\n")
    if not found or not line.endswith("\n") or signed is None or len(lines) != 5:
        raise Refused("ledger.bad_note", "树头格式不正确：应有名称、叶数、根哈希、时间四行，空一行后为签名。")
    origin, size, root, time, _ = lines
    if origin != ORIGIN or signed[1] != ORIGIN:
        raise Refused("ledger.bad_note", f"树头的名称应为 {ORIGIN}，文件中是 {origin!r}、{signed[1]!r}。")
    mark = _unbase64(signed[2])
    if mark is None or len(mark) != 68:
        raise Refused("ledger.bad_note", "树头的签名不是 64 字节的 Ed25519 签名。")
    if mark[:4] != _key_number(public):
        raise Refused("ledger.other_key", "树头不是用所给公钥对应的密钥签署的：密钥编号不符。")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(mark[4:], text.encode())
    except InvalidSignature:
        raise Refused("ledger.bad_signature", "树头的签名不成立：树头内容、签名或公钥被改动过。") from None
    hashed = _unbase64(root)
    if not _SIZE.fullmatch(size) or hashed is None or len(hashed) != 32 or not time.startswith("time "):
        raise Refused("ledger.bad_note", "树头的叶数、根哈希或时间写法不正确。")
    try:
        at = datetime.fromisoformat(time.removeprefix("time "))
    except ValueError:
        raise Refused("ledger.bad_note", f"树头的时间写法不正确：{time!r}。") from None
    return Checkpoint(int(size), hashed, at)


def _key_number(public: bytes) -> bytes:
    return hashlib.sha256(ORIGIN.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unbase64(text: str) -> bytes | None:
    """Strictly the one spelling: anything that would not be written so again is not read."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _base64(data) == text else None
