"""Files with marks in their cells: bytes of another character set, line breaks nobody quoted. And Parquet."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shiheng.city.dirt import BAD_BYTE
from shiheng.city.writers import Json, Writer, Xlsx

# Private characters that stand for what no text can hold until the row is written; they occur nowhere else.
FOREIGN, NATIVE = "\ue001", "\ue002"  # between them: bytes of GBK inside a UTF-8 file
BREAK = "\ue003"  # a line break that is not quoted
GROUP = 10_000  # rows of a Parquet file held at once
_MARKS = (FOREIGN, BREAK, BAD_BYTE)


def writer(path: Path, form: str, charset: str, header: Sequence[str], days: Sequence[int] = ()) -> Writer:
    if form == "csv":
        return Csv(path, charset, header)
    if form == "xlsx":
        return Xlsx(path, header, days)
    return Parquet(path, header) if form == "parquet" else Json(path, header)


class Csv:
    """Comma-separated with CRLF; rows are gathered so that the quoting is done by the library, many at a time."""

    def __init__(self, path: Path, charset: str, header: Sequence[str]) -> None:
        self.rows = 0
        self._charset = charset.removesuffix("-sig")
        self._file = path.open("wb", buffering=1 << 20)
        if charset.endswith("-sig"):
            self._file.write(b"\xef\xbb\xbf")
        self._text = io.StringIO()
        self._rows = csv.writer(self._text)
        self._rows.writerow(header)

    def write(self, values: Sequence[str]) -> None:
        self.rows += 1
        self._rows.writerow(values)
        if self._text.tell() > 1 << 15:
            self._flush()

    def _flush(self) -> None:
        text = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        self._file.write(self._bytes(text))

    def _bytes(self, text: str) -> bytes:
        if not any(mark in text for mark in _MARKS):
            return text.encode(self._charset)
        text = text.replace(BREAK, "\r\n")
        made = b""
        for place, part in enumerate(text.split(BAD_BYTE)):
            made += b"\xff" if place else b""
            native, *foreign = part.split(FOREIGN)
            made += native.encode(self._charset)
            for piece in foreign:
                other, native = piece.split(NATIVE, 1)
                made += other.encode("gb18030") + native.encode(self._charset)
        return made

    def close(self) -> None:
        self._flush()
        self._file.close()


class Parquet:
    """A columnar file with text in every column, as data platforms export it; a group of rows at a time."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.rows = 0
        self._schema = pa.schema([(name, pa.string()) for name in header])
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._held: list[Sequence[str]] = []

    def write(self, values: Sequence[str]) -> None:
        self.rows += 1
        self._held.append(values)
        if len(self._held) == GROUP:
            self._flush()

    def _flush(self) -> None:
        columns = list(zip(*self._held, strict=True)) or [()] * len(self._schema)
        self._file.write_table(pa.table([pa.array(c, pa.string()) for c in columns], schema=self._schema))
        self._held.clear()

    def close(self) -> None:
        self._flush()
        self._file.close()
