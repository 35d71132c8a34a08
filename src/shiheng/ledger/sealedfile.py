"""A file of any length sealed in blocks under a key of its own, which is wrapped under a key of the ring.

After the header come blocks of AES-GCM; a block's nonce is its number and whether it is the last, so blocks can be read
in any order and none can be moved, dropped or cut off unseen. The header has two places for the wrapped key: a new one
is written to the place that is not in use, so that a rotation cut off anywhere leaves one that opens the file.
"""

import hashlib
import io
import os
import secrets
import struct
from collections.abc import Callable
from pathlib import Path
from typing import IO, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shiheng.kernel import sealing
from shiheng.kernel.sealing import BrokenSealError, DataKey
from shiheng.ledger.keyring import UnreadableError

MAGIC = b"shiheng-sealed-1"
BLOCK = 256 * 1024
_TAG = 16
_SLOT = struct.Struct(">I48s32s")  # number of the key, wrapped key, and a digest: a torn place is told from a whole one
_HEADER = len(MAGIC) + 2 * _SLOT.size

Keys = Callable[[int], DataKey]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


class Blocks:
    """A sealed file being written to a fresh handle."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._held = bytearray()
        self._number = 0
        self.secret = secrets.token_bytes(32)
        self.key_number = 0
        self._cipher = AESGCM(self.secret)
        handle.write(b"\0" * _HEADER)

    def write(self, data: bytes) -> int:
        """Take some more bytes; a block is written when it is known not to be the last."""
        self._held += data
        while len(self._held) > BLOCK:
            self._seal(bytes(self._held[:BLOCK]), last=False)
            del self._held[:BLOCK]
        return len(data)

    def _seal(self, block: bytes, *, last: bool) -> None:
        self._handle.write(self._cipher.encrypt(_nonce(self._number, last=last), block, None))
        self._number += 1

    def finish(self, sha256: str, key: DataKey) -> None:
        """Write the last block and the header; it is whole only now."""
        self._seal(bytes(self._held), last=True)
        self._handle.seek(0)
        self._handle.write(MAGIC + _slot(self.secret, sha256, key) + b"\0" * _SLOT.size)
        self.key_number = key.number


def _slot(secret: bytes, sha256: str, key: DataKey) -> bytes:
    wrapped = sealing.wrap(secret, key, f"file:{sha256}".encode())
    return _SLOT.pack(key.number, wrapped, _digest(key.number, wrapped))


def _digest(number: int, wrapped: bytes) -> bytes:
    return hashlib.sha256(number.to_bytes(4, "big") + wrapped).digest()


def is_sealed(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(len(MAGIC)) == MAGIC


def _slots(path: Path) -> list[tuple[int, bytes] | None]:
    """The wrapped keys of both places; None where there is none, or a torn one."""
    with path.open("rb") as handle:
        handle.seek(len(MAGIC))
        held = handle.read(2 * _SLOT.size)
    if len(held) < 2 * _SLOT.size:
        return [None, None]
    parts = [_SLOT.unpack_from(held, at * _SLOT.size) for at in (0, 1)]
    return [(n, wrapped) if n and _digest(n, wrapped) == digest else None for n, wrapped, digest in parts]


def key_of(path: Path) -> int:
    """The newest key the file is wrapped under; 0 when its header is broken."""
    return max((slot[0] for slot in _slots(path) if slot), default=0)


def secret_of(path: Path, sha256: str, keys: Keys) -> bytes:
    """The file's own key."""
    refusal: UnreadableError | None = None
    for number, wrapped in sorted((slot for slot in _slots(path) if slot), reverse=True):
        try:
            return sealing.unwrap(wrapped, keys(number), f"file:{sha256}".encode())
        except UnreadableError as lost:
            refusal = lost
        except BrokenSealError:
            refusal = _broken(sha256)
    raise refusal or _broken(sha256)


def wrap_anew(path: Path, key: DataKey, secret: bytes) -> int:
    """Wrap the file's own key under another key of the ring, then forget the older wrapping; gives the number."""
    held = _slots(path)
    newest = max((slot[0] for slot in held if slot), default=0)
    unused = next((at for at, slot in enumerate(held) if slot is None or slot[0] != newest), 1)
    path.chmod(0o640)
    try:
        with path.open("r+b") as handle:
            for at, content in ((unused, _slot(secret, path.name, key)), (1 - unused, b"\0" * _SLOT.size)):
                handle.seek(len(MAGIC) + at * _SLOT.size)
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
    finally:
        path.chmod(0o440)
    return key.number


def size_of(path: Path) -> int:
    """How many bytes a file says, sealed or not."""
    size = path.stat().st_size
    if not is_sealed(path):
        return size
    body = size - _HEADER
    return max(0, body - -(-body // (BLOCK + _TAG)) * _TAG)


def opened(path: Path, sha256: str, keys: Keys) -> IO[bytes]:
    """A file opened for reading what it says, sealed or not."""
    handle = path.open("rb")
    if handle.read(len(MAGIC)) != MAGIC:
        handle.seek(0)
        return handle
    handle.close()
    return io.BufferedReader(_Unsealing(path, sha256, secret_of(path, sha256, keys)), BLOCK)


class _Unsealing(io.RawIOBase):
    """The bytes of a sealed file, to be read from any place on; one block is held."""

    def __init__(self, path: Path, sha256: str, secret: bytes) -> None:
        super().__init__()
        self._handle = path.open("rb")
        self._sha256 = sha256
        self._cipher = AESGCM(secret)
        body = os.fstat(self._handle.fileno()).st_size - _HEADER
        self._blocks = -(-body // (BLOCK + _TAG))
        self._size = max(0, body - self._blocks * _TAG)
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        if self._blocks < 1:
            raise _broken(sha256)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        # The last block is looked at even where nothing is to be read: a file cut off there must not read as whole.
        number = min(self._at // BLOCK, self._blocks - 1)
        block = self._block(number)
        piece = block[self._at - number * BLOCK :][: len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _block(self, number: int) -> bytes:
        if self._held[0] != number:
            self._handle.seek(_HEADER + number * (BLOCK + _TAG))
            sealed = self._handle.read(BLOCK + _TAG)
            try:
                plain = self._cipher.decrypt(_nonce(number, last=number == self._blocks - 1), sealed, None)
            except (InvalidTag, ValueError):
                raise _broken(self._sha256) from None
            self._held = (number, plain)
        return self._held[1]

    def close(self) -> None:
        self._handle.close()
        super().close()


def _broken(sha256: str) -> UnreadableError:
    return UnreadableError(
        "files.broken_seal",
        f"加密保存的文件 {sha256} 已被改动，或密钥不是加密时的那一个，无法读取；请从备份恢复 files 与 keys 目录。",
    )
