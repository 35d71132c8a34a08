"""Files by content: kept once at ``SHIHENG_HOME/files/<sha256>``, on the disk before any row speaks of them.

A name given by a client never becomes part of a path; the only name a file has here is the hash of its bytes. A file
with personal data in it is kept sealed (see ``sealedfile``) under the hash of what it says, so that its name, its proof
and sending it twice mean what they mean for every other; whoever reads here gets what it says.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal, Protocol

from django.conf import settings

from shiheng.kernel.errors import Conflict, Missing, Refused
from shiheng.ledger import keyring, sealedfile

CHUNK = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Readable(Protocol):
    """Anything with ``read(size) -> bytes``: an open file, an upload, a response."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is on the disk: its SHA-256 in lower-case hex and its size in bytes."""

    sha256: str
    size: int


class Writer:
    """A file on its way in. Write to it; when ``writing()`` ends well, ``kept`` says what it became."""

    def __init__(self, handle: BinaryIO | sealedfile.Blocks) -> None:
        self._handle = handle
        self._digest = hashlib.sha256()
        self.size = 0
        self.kept: Kept | None = None

    def write(self, data: bytes) -> None:
        """Take some more bytes."""
        self._digest.update(data)
        self._handle.write(data)
        self.size += len(data)

    def finish(self) -> Kept:
        """Name what was written by its content."""
        self.kept = Kept(self._digest.hexdigest(), self.size)
        return self.kept


def folder() -> Path:
    """Where kept files live."""
    return Path(settings.HOME) / "files"


@contextmanager
def writing(*, sealed: bool = False) -> Iterator[Writer]:
    """Write a file bit by bit; it is synced and takes its place only when the block ends without an error."""
    receiving = folder() / ".receiving"
    receiving.mkdir(parents=True, exist_ok=True)
    part = receiving / secrets.token_hex(16)
    try:
        with part.open("xb") as handle:
            blocks = sealedfile.Blocks(handle) if sealed else None
            writer = Writer(blocks or handle)
            yield writer
            kept = writer.finish()
            if blocks:
                blocks.finish(kept.sha256, keyring.current())
            handle.flush()
            os.fsync(handle.fileno())
        part.chmod(0o440)
        _take_place(part, kept.sha256, blocks)
    finally:
        part.unlink(missing_ok=True)


def _take_place(part: Path, sha256: str, blocks: sealedfile.Blocks | None) -> None:
    place = path_of(sha256)
    if blocks is None:
        if sealedfile.is_sealed(part):
            keep(part, sealed=True)  # what merely looks like a sealed file is told apart by being one
        elif not (place.exists() and sealedfile.is_sealed(place)):  # what once was personal stays sealed
            part.replace(place)
            _sync_folder(folder())
        return
    part.replace(place)
    _sync_folder(folder())
    _counted(blocks.key_number, lambda: sealedfile.wrap_anew(place, keyring.current(), blocks.secret))


def _counted(number: int, again: Callable[[], int]) -> None:
    """Count that a file is sealed under a key; where that key was destroyed meanwhile, wrap it under the one in use."""
    while True:
        try:
            keyring.claim(number)
        except Conflict:
            number = again()
        else:
            return


def keep(source: Readable | Path | str | bytes, *, sealed: bool = False) -> Kept:
    """Keep a stream, the file at a path, or bytes. Keeping the same content again changes nothing.

    ``sealed`` is for files with personal data in them; one that is sealed stays so, however it comes again.
    """
    with writing(sealed=sealed) as writer:
        if isinstance(source, bytes):
            writer.write(source)
        elif isinstance(source, Path | str):
            with Path(source).open("rb") as handle:
                _pour(handle, writer)
        else:
            _pour(source, writer)
    assert writer.kept is not None
    return writer.kept


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A kept file to be opened as often as a reader likes: always what it says, sealed or not."""

    sha256: str

    def open(self, mode: Literal["rb"] = "rb", /) -> IO[bytes]:  # noqa: ARG002 - the shape of ``Path.open``
        return open_kept(self.sha256)


def is_sealed(sha256: str) -> bool:
    """Whether a kept file is sealed."""
    try:
        return sealedfile.is_sealed(path_of(sha256))
    except FileNotFoundError:
        raise _gone(sha256) from None


def key_of(sha256: str) -> int:
    """The number of the key a sealed file needs; 0 of one that is not sealed."""
    return sealedfile.key_of(path_of(sha256)) if is_sealed(sha256) else 0


def seal(sha256: str) -> None:
    """Seal a kept file under the key in use; of one that is sealed already only its own key is wrapped anew."""
    place = path_of(sha256)
    if not is_sealed(sha256):
        keep(place, sealed=True)
    elif sealedfile.key_of(place) != (key := keyring.current()).number:
        secret = sealedfile.secret_of(place, sha256, keyring.key)
        number = sealedfile.wrap_anew(place, key, secret)
        _counted(number, lambda: sealedfile.wrap_anew(place, keyring.current(), secret))


def path_of(sha256: str) -> Path:
    """The place of a kept file (whether or not it is there); anything but a SHA-256 is refused."""
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise Refused("files.not_a_hash", "文件编号不正确：须是 64 位小写十六进制的 SHA-256 值。")
    return folder() / sha256


def has(sha256: str) -> bool:
    """Whether the file is here."""
    return path_of(sha256).is_file()


def size_of(sha256: str) -> int:
    """Its size in bytes."""
    try:
        return sealedfile.size_of(path_of(sha256))
    except FileNotFoundError:
        raise _gone(sha256) from None


def open_kept(sha256: str) -> IO[bytes]:
    """Open a kept file for reading what it says."""
    try:
        return sealedfile.opened(path_of(sha256), sha256, keyring.key)
    except FileNotFoundError:
        raise _gone(sha256) from None


def fault_of(sha256: str) -> str | None:
    """Read a kept file through and say, in Chinese, what is wrong with it; None when it is whole."""
    try:
        with open_kept(sha256) as handle:
            found = hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]
    except Missing:
        return f"文件 {sha256} 不在文件库中"
    except keyring.UnreadableError as refusal:
        return f"文件 {sha256} 无法解密：{refusal.message}"
    except OSError as error:
        return f"文件 {sha256} 无法读取：{error.strerror}"
    return None if found == sha256 else f"文件 {sha256} 内容已被改动：现有内容的 SHA-256 为 {found}"


def every() -> Iterator[str]:
    """The hashes of all kept files, in no order."""
    if folder().is_dir():
        with os.scandir(folder()) as entries:
            yield from (entry.name for entry in entries if _SHA256.fullmatch(entry.name))


def _gone(sha256: str) -> Missing:
    return Missing("files.missing", f"文件库中没有文件 {sha256}。请运行 shiheng doctor 检查，或从备份恢复。")


def _pour(source: Readable, writer: Writer) -> None:
    while chunk := source.read(CHUNK):
        writer.write(chunk)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
