"""Reading many lines at once gives what reading them one by one gives, whatever is wrong with them."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shiheng.fusion import reading
from shiheng.fusion.reading import landed, other
from shiheng.fusion.rows import Row, chunk_of, evened, line_of
from shiheng.kernel.errors import Refused
from tests.fusion.oracle import reading as oracle

PIECES = st.sampled_from(
    [
        *(b'"', b'""', b'"a', b'b"', b',"', b'",', b"\n", b"\r\n", b"\r", b" ", b"\t", b";", b"|", b"\x00", b"\x1c"),
        *(b"\xff", b"\xb0\xa1", b"\x81\x30\x81\x30", b"\xef\xbb\xbf", b"\xe4\xb8", b"\xc2\xa0", b"\xe3\x80\x80"),
        *("云泽".encode(), "恒达".encode("gb18030"), "，".encode(), b"1,2,3\n", b'x,"y, z",w\r\n', b'1,"a\nb",3\n'),
        *(b"1,2\n", b"1,2,3,4\n", b"1,2,3,\n", b",,\n", b'""" "",1,2\n', b'a"b,c,d\n', b'"q" x,1,2\n', b"\n\n"),
    ]
)
BODIES = st.lists(PIECES, max_size=40).map(b"".join)
HEADERS = st.sampled_from(
    [b"a,b,c\n", b"a,b,c,,\r\n", b"a\tb\tc\n", b"a;b;c\n", b"a\n", b'"a\nb",c,d\n', b'"a,b,c\n', b"\xef\xbb\xbfa,b,c\n"]
)
REGULAR = st.lists(
    st.sampled_from([b"1,2,3\n", "云,泽,市\n".encode(), b'4,"5, 6",7\n', b"8,9,10\r\n", b"\xb0\xa1,2,3\n"]), max_size=30
)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Blocks of a few lines, so that whatever spans two of them is tried too."""
    monkeypatch.setattr(landed, "BLOCK", 100)
    monkeypatch.setattr(landed, "_PIECE", 40)
    monkeypatch.setattr(other, "WINDOW", 400)
    return


def said(module: object, path: Path) -> object:
    """Everything a reader says of a file; nothing when it has no header."""
    try:
        table = module.read(path, "a.csv")
    except Refused:
        return None
    return (table.media, table.charset, table.header, list(table.rows)) if table.header else None


@settings(max_examples=400, deadline=None)
@given(header=HEADERS, body=BODIES, regular=REGULAR, packed=st.booleans())
@example(header=b"a,b,c\n", body=b'1,"x\n2,y,z\n', regular=[b"1,2,3\n"] * 30, packed=False)
@example(header=b"a,b,c\n", body=b"\xef\xbb\xbf1,2,3\n\xef\xbb\xbf4,5,6\n", regular=[], packed=False)
@example(header=b"a,b,c\n", body=b"1,2,3,\n1,2\n" * 3, regular=[], packed=False)
def test_any_bytes_are_read_alike(tmp_path_factory, header, body, regular, packed):
    path = tmp_path_factory.getbasetemp() / "alike.csv"
    content = header + body + b"".join(regular) + body[::-1]
    path.write_bytes(gzip.compress(content) if packed else content)
    assert said(reading, path) == said(oracle, path)


@settings(max_examples=150, deadline=None)
@given(
    start=st.sampled_from([b"", b"[", b'{"data": [', b"\xef\xbb\xbf"]),
    pieces=st.lists(
        st.sampled_from(
            [
                *(b'{"a": "1", "b": 2}', b'{"a": "2"', b'"x": null}', b",", b",\n", b"\n", b", ", b"]", b"}", b"\xff"),
                *(
                    '{"a": "云泽市恒达食品有限公司"}'.encode(),
                    b'{"a": {"b": [1, {"c": 2}]}}',
                    b'{"a": "\\ud800"}',
                ),
            ]
        ),
        max_size=14,
    ),
)
def test_any_json_is_read_alike_through_a_window(tmp_path_factory, start, pieces):
    path = tmp_path_factory.getbasetemp() / "alike.json"
    path.write_bytes(start + b'{"a": "0", "b": 0}\n' + b"".join(pieces) + b'{"a": "9"}')
    assert said(reading, path) == said(oracle, path)


ROWS = st.lists(
    st.tuples(st.lists(st.text(max_size=3), min_size=2, max_size=2), st.booleans()), min_size=1, max_size=30
).map(
    lambda given_rows: [
        Row(n, cells if good else cells[:1], None if good else ("row.width", "坏。"))
        for n, (cells, good) in enumerate(given_rows, 1)
    ]
)


@given(rows=ROWS, cuts=st.lists(st.integers(1, 5), min_size=30, max_size=30), size=st.integers(1, 9))
def test_chunks_of_any_size_hold_the_same_rows_and_bytes(rows, cuts, size):
    given_chunks, at = [], 0
    for cut in cuts:
        if rows[at : at + cut]:
            given_chunks.append(chunk_of(rows[at : at + cut], 2))
        at += cut
    even = list(evened(given_chunks, size))
    assert [row for chunk in even for row in chunk.rows()] == rows
    assert [line for chunk in even for line in chunk.lines()] == [line_of(row) for row in rows]
    assert [chunk.height for chunk in even[:-1]] == [size] * (len(even) - 1)
    assert [chunk.first for chunk in even] == list(range(1, len(rows) + 1, size))
