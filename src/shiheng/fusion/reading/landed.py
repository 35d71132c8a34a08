"""The bytes of a landed file: unpacked, told apart by their first ones, taken line by line or many lines at once."""

import codecs
import gzip
import io
import shutil
import tempfile
import threading
import zlib
from collections import deque
from collections.abc import Iterator
from typing import IO, Literal, Protocol, cast

import polars as pl
import pyarrow as pa

from shiheng.kernel.errors import Refused

LONGEST_LINE = 16 * 1024 * 1024
# How many bytes are read at once. Less costs speed, more only memory.
BLOCK = 8 * 1024 * 1024
# Where a block holds bytes that cannot be read, they are looked for in pieces of this size.
_PIECE = 1 << 16
BROKEN_ARCHIVE = (gzip.BadGzipFile, EOFError, zlib.error)


class Openable(Protocol):
    """A landed file: a path, or one that is unsealed as it is read; it may be opened as often as a reader likes."""

    def open(self, mode: Literal["rb"], /) -> IO[bytes]: ...


def _packed(path: Openable) -> bool:
    with path.open("rb") as probe:
        return probe.read(2) == b"\x1f\x8b"


def open_bytes(path: Openable) -> IO[bytes]:
    """The file's bytes, unpacked when it is gzip."""
    stream = path.open("rb")
    if not _packed(path):
        return stream
    unpacked = gzip.GzipFile(fileobj=stream, mode="rb")
    unpacked.myfileobj = stream  # type: ignore[assignment]  # closed with it, as when it opens a path by itself
    return cast("IO[bytes]", unpacked)


def open_seekable(path: Openable) -> IO[bytes]:
    """The same for readers that jump about: unpacked onto the disk when it is gzip."""
    if not _packed(path):
        return path.open("rb")
    unpacked = tempfile.TemporaryFile()  # noqa: SIM115 - the reader that gets it closes it
    with open_bytes(path) as stream:
        shutil.copyfileobj(stream, unpacked, 1 << 20)
    unpacked.seek(0)
    return unpacked


def sniff(path: Openable, filename: str) -> str:
    """``csv``, ``xlsx``, ``json`` or ``parquet``, by the first bytes and not by the name alone."""
    with open_bytes(path) as stream:
        head = stream.read(4096)
    if not head.strip():
        raise Refused("file.empty", f"文件 {filename} 是空的，没有任何内容。")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("file.xls", f"文件 {filename} 是旧版 .xls，请另存为 .xlsx 或 CSV 后再报送。")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}:
        return "json"
    return "csv"


class Lines:
    """The physical lines of a stream, one at a time, or whole blocks of them where nothing is odd.

    No line is longer than ``LONGEST_LINE``; a lone CR ends a line where no LF does (old spreadsheets).
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        # Written over and over: memory fresh from the system costs more than what is read into it.
        self._room = io.BytesIO()
        self._piece = b""
        self._rest = b""
        self._waiting: deque[bytes] = deque()

    def line(self) -> bytes | None:
        """The next line with its ending, or None at the end."""
        while not self._waiting:
            piece = self._piece or self._stream.readline(LONGEST_LINE)
            self._piece = b""
            if not piece:
                rest, self._rest = self._rest, b""
                return rest or None
            line, self._rest = self._rest + piece, b""
            if line.endswith(b"\n") or b"\r" not in line:
                return line
            *whole, self._rest = line.splitlines(keepends=True)
            self._waiting.extend(whole)
        return self._waiting.popleft()

    def give_back(self, lines: list[bytes]) -> None:
        """Lines to be given out again, before all others."""
        self._waiting.extendleft(reversed(lines))

    def block(self) -> bytes:
        """Many whole lines, each ended by LF; nothing when the next one must be taken by itself, or at the end.

        A block that is let go of before the next is asked for leaves it its memory.
        """
        if self._waiting or self._rest or self._piece:
            return b""
        height = self._read()
        cut = self._room.getvalue().rfind(b"\n") + 1
        if cut == height:
            return self._room.getvalue()
        more = self._stream.readline(LONGEST_LINE - (height - cut))
        if more.endswith(b"\n") and height - cut + len(more) < LONGEST_LINE:
            self._room.seek(height)
            self._room.write(more)
            return self._room.getvalue()
        head = self._room.getvalue()
        self._piece = head[cut:] + more
        return head[:cut]

    def _read(self) -> int:
        """Read a block into the room the last one has left; how much there was."""
        if not self._room.seek(0, io.SEEK_END):
            self._room = io.BytesIO(self._stream.read(BLOCK))
            return self._room.seek(0, io.SEEK_END)
        with self._room.getbuffer() as room:
            height: int = self._stream.readinto(room[:BLOCK])  # type: ignore[attr-defined]
        self._room.truncate(height)
        return height

    def each(self) -> Iterator[bytes | list[bytes]]:
        """All that is left: blocks as bytes, single lines as a list of one."""
        while True:
            if block := self.block():
                yield block
                del block
            elif (line := self.line()) is not None:
                yield [line]
            else:
                return


def is_utf8(content: bytes | memoryview) -> bool:
    """Whether all of it is valid, asked of the fastest that can tell, without a copy."""
    ends = pa.array([0, len(content)], pa.int64()).buffers()[1]
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(content)])
    try:
        pl.Series(whole).cast(pl.String)
    except pl.exceptions.ComputeError:
        return False
    return True


def _pieces(block: bytes) -> Iterator[bytes]:
    return (block[place] for place in _places(block))


def _places(block: bytes) -> Iterator[slice]:
    at = 0
    while at < len(block):
        end = block.find(b"\n", at + _PIECE) + 1 or len(block)
        yield slice(at, end)
        at = end


def _decodes(content: bytes, charset: str) -> bool:
    if charset == "utf-8" and len(content) > _PIECE >> 3:
        return is_utf8(content)
    try:
        content.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def readable(block: bytes, charset: str, room: io.BytesIO) -> tuple[bytes, list[int]]:
    """A block of lines as UTF-8, every unreadable line made empty, and which lines those are.

    What has to be written anew is written into ``room``, over what was there.
    """
    if charset == "utf-8":
        if is_utf8(block):
            return block, []
    else:
        try:
            return _recoded(block, charset, room), []
        except UnicodeError:
            pass
    out: list[bytes] = []
    bad: list[int] = []
    number = 0
    for piece in _pieces(block):
        try:
            out.append(piece if charset == "utf-8" and is_utf8(piece) else piece.decode(charset).encode())
            number += piece.count(b"\n")
        except UnicodeError:
            for line in split_lines(piece):
                try:
                    out.append(line.decode(charset).encode())
                except UnicodeError:
                    out.append(b"\n")
                    bad.append(number)
                number += 1
    return b"".join(out), bad


def _recoded(block: bytes, charset: str, room: io.BytesIO) -> bytes:
    """A block as UTF-8, by pieces: nothing else can run in this process while one of them is decoded."""
    room.seek(0)
    whole = memoryview(block)
    room.writelines(str(whole[place], charset).encode() for place in _places(block))
    room.truncate()
    return room.getvalue()


def split_lines(block: bytes) -> list[bytes]:
    """The lines of a block, each with its LF: a CR alone ends none."""
    return [line + b"\n" for line in block[:-1].split(b"\n")]


def detect_charset(path: Openable) -> tuple[str, bool]:
    """``utf-8`` or ``gb18030``, the one that fails on fewer lines, and whether all is known to be valid in it.

    Detectors that look at the first bytes only are wrong on files cut in the middle of a character; a strict pass over
    the whole file costs milliseconds and is right. What is no UTF-8 is looked at in pieces all over the file: where all
    of them say the same it is decided, else lines are counted, and the pass in the other charset ends as soon as it is
    decided.
    """
    with open_bytes(path) as stream:
        if all_utf8(stream):
            return "utf-8", True
    with open_bytes(path) as stream:
        if _plainly_gb18030(stream):
            return "gb18030", False
    bad = 0
    with open_bytes(path) as stream:
        for taken in Lines(stream).each():
            bad += _unreadable(taken, "utf-8")
    with open_bytes(path) as stream:
        lines = sum(_height(taken) for taken in Lines(stream).each())
    other = 0
    with open_bytes(path) as stream:
        for taken in Lines(stream).each():
            other += _unreadable(taken, "gb18030")
            lines -= _height(taken)
            if other >= bad:
                return "utf-8", False
            if other + lines < bad:
                return "gb18030", False
    return "gb18030", False


def all_utf8(stream: IO[bytes]) -> bool:
    """Whether a stream is valid UTF-8 to its end, its lines none too long to be read whole; one buffer is read into."""
    taken = bytearray(BLOCK)
    buffer = memoryview(taken)
    held = run = 0
    while count := stream.readinto(buffer[held:]):  # type: ignore[attr-defined]
        height = held + count
        cut = _whole_characters(buffer[:height])
        if not is_utf8(buffer[:cut]):
            return False
        last = taken.rfind(b"\n", held, height)
        if run + (count if last < 0 else taken.find(b"\n", held, height) - held) >= LONGEST_LINE:
            return False
        run = run + count if last < 0 else height - last
        rest = bytes(buffer[cut:height])
        held = len(rest)
        buffer[:held] = rest
    return held == 0


def _whole_characters(content: memoryview) -> int:
    """Where the last character begins that is cut off, or the end."""
    for back in range(1, min(4, len(content) + 1)):
        byte = content[-back]
        if byte & 0xC0 != 0x80:  # the first byte of a character tells how many it has
            wanted = 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(content) - back if wanted > back else len(content)
    return len(content)


def _plainly_gb18030(stream: IO[bytes]) -> bool:
    """Whether a piece of every block is GB18030 throughout and no UTF-8 in most of its lines."""
    looked = False
    for taken in Lines(stream).each():
        if isinstance(taken, list):
            continue
        piece = next(_pieces(taken))
        del taken  # its memory is wanted for the next
        if not _decodes(piece, "gb18030") or 2 * _bad_lines(piece, "utf-8") <= piece.count(b"\n"):
            return False
        looked = True
    return looked


def _height(taken: bytes | list[bytes]) -> int:
    return len(taken) if isinstance(taken, list) else taken.count(b"\n")


def _unreadable(taken: bytes | list[bytes], charset: str) -> int:
    """How many lines cannot be read."""
    if isinstance(taken, list):
        return sum(not _decodes(line, charset) for line in taken)
    if charset == "utf-8" and is_utf8(taken):
        return 0
    return sum(0 if _decodes(piece, charset) else _bad_lines(piece, charset) for piece in _pieces(taken))


def _bad_lines(piece: bytes, charset: str) -> int:
    """The same of a piece, in one go: each fault is counted and the rest of its line left out."""
    count = 0

    def leave_out(problem: UnicodeError) -> tuple[str, int]:
        nonlocal count
        assert isinstance(problem, UnicodeDecodeError)
        count += 1
        end = problem.object.find(b"\n", problem.start)
        return "", end if end >= 0 else len(problem.object)

    name = f"shiheng.leave-out.{threading.get_ident()}"
    codecs.register_error(name, leave_out)
    piece.decode(charset, name)
    return count
