"""A department's file as rows: CSV, XLSX, JSON or Parquet, UTF-8 or GB18030, read so that one bad byte never loses the
file and one bad row never loses itself.

The usual readers give up the whole file at one bad byte, or hide ragged rows. Here whatever cannot be read comes back
as a row with its fault and its cells as far as they could be seen, while all that is in order is read many lines at
once. A file of any length is read through a few megabytes of memory, but for spreadsheets and for JSON wrapped whole in
one object, which their readers hold.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

from shiheng.fusion.reading.delimited import LONGEST_RECORD, read_csv
from shiheng.fusion.reading.landed import BROKEN_ARCHIVE, LONGEST_LINE, Openable, sniff
from shiheng.fusion.reading.other import as_text, read_json, read_parquet, read_xlsx
from shiheng.fusion.rows import Chunk, Row, evened, together
from shiheng.kernel.errors import Refused

__all__ = ["LONGEST_LINE", "LONGEST_RECORD", "Row", "Table", "as_text", "read"]

# Fewer rows than this are joined with the next before they are checked: columns are judged at once.
LEAST = 20_000


@dataclass(frozen=True)
class Table:
    """A file opened: how it was understood, its header, and its rows, to be read once."""

    media: str
    charset: str
    header: list[str]
    read: Iterator[Chunk]

    def chunks(self, size: int) -> Iterator[Chunk]:
        """The rows, ``size`` at a time; the next are read while the caller is busy with these."""
        return _ahead(evened(self.read, size))

    def blocks(self, least: int = LEAST) -> Iterator[Chunk]:
        """The rows as they are read, many thousands at a time and never copied; the next are read meanwhile."""
        return _ahead(together(self.read, least))

    @cached_property
    def rows(self) -> Iterator[Row]:
        """The rows one by one."""
        return (row for chunk in self.read for row in chunk.rows())


def _ahead(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    with ThreadPoolExecutor(1, thread_name_prefix="reading") as reader:
        coming = reader.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(next, chunks, None)
            yield chunk


def read(path: Openable, filename: str) -> Table:
    """Open a landed file. Raises ``Refused`` when the file as a whole is of no known form.

    An archive is unpacked to its end before the first row is given, so a broken one is refused whole.
    """
    try:
        media = sniff(path, filename)
        if media == "xlsx":
            return Table(media, "", *read_xlsx(path, filename))
        if media == "parquet":
            return Table(media, "", *read_parquet(path, filename))
        table = Table(media, *(read_json(path) if media == "json" else read_csv(path)))
    except BROKEN_ARCHIVE:
        raise Refused(
            "file.unreadable", f"文件 {filename} 的压缩包已损坏或不完整，无法解开，请重新导出后再报送。"
        ) from None
    if not table.header:
        if media == "json":
            raise Refused("file.empty", f"文件 {filename} 中没有任何 JSON 对象，即没有一行数据。")
        raise Refused("file.header", f"文件 {filename} 没有表头，第一行应是列名。")
    return table
