"""Files by content: kept once at ``SHIHENG_HOME/files/<sha256>``, on the disk before any row speaks of them.

A name given by a client never becomes part of a path; the only name a file has here is the hash of its bytes.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from shiheng.kernel.errors import Missing, Refused

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

    def __init__(self, handle: BinaryIO) -> None:
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
def writing() -> Iterator[Writer]:
    """Write a file bit by bit; it is synced and takes its place only when the block ends without an error."""
    receiving = folder() / ".receiving"
    receiving.mkdir(parents=True, exist_ok=True)
    part = receiving / secrets.token_hex(16)
    try:
        with part.open("xb") as handle:
            writer = Writer(handle)
            yield writer
            kept = writer.finish()
            handle.flush()
            os.fsync(handle.fileno())
        part.chmod(0o440)
        part.replace(path_of(kept.sha256))
        _sync_folder(folder())
    finally:
        part.unlink(missing_ok=True)


def keep(source: Readable | Path | str | bytes) -> Kept:
    """Keep a stream, the file at a path, or bytes. Keeping the same content again changes nothing."""
    with writing() as writer:
        if isinstance(source, bytes):
            writer.write(source)
        elif isinstance(source, Path | str):
            with Path(source).open("rb") as handle:
                _pour(handle, writer)
        else:
            _pour(source, writer)
    assert writer.kept is not None
    return writer.kept


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
        return path_of(sha256).stat().st_size
    except FileNotFoundError:
        raise _gone(sha256) from None


def open_kept(sha256: str) -> BinaryIO:
    """Open a kept file for reading."""
    try:
        return path_of(sha256).open("rb")
    except FileNotFoundError:
        raise _gone(sha256) from None


def fault_of(sha256: str) -> str | None:
    """Read a kept file through and say, in Chinese, what is wrong with it; None when it is whole."""
    try:
        with path_of(sha256).open("rb") as handle:
            found = hashlib.file_digest(handle, "sha256").hexdigest()
    except FileNotFoundError:
        return f"文件 {sha256} 不在文件库中"
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
