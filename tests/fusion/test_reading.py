"""A department's file is read row by row: what is broken is one row, with its reason, and never its neighbours."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shiheng.fusion import reading
from shiheng.fusion.checks import Row
from shiheng.kernel.errors import Refused

HEADER = ["企业名称", "统一社会信用代码", "注册日期"]
ROWS = [
    ["云泽市恒达食品有限公司", "91449901MA00000011", "2019-05-06"],
    ["云泽市老灶台，小吃店", "92449901MA00000022", "2020-01-31"],
    ["云泽市“明德”书社", "92449901MA00000033", ""],
]


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """``put(b"...", "a.csv")`` leaves a file."""

    def leave(content: bytes, name: str = "landed") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return leave


def as_csv(rows: list[list[str]], **how: Any) -> str:
    out = io.StringIO()
    csv.writer(out, **{"lineterminator": "\r\n", **how}).writerows(rows)
    return out.getvalue()


def read(path: Path) -> tuple[reading.Table, list[Row]]:
    table = reading.read(path, path.name)
    return table, list(table.rows)


def good(rows: list[Row]) -> list[list[str]]:
    return [row.cells for row in rows if row.fault is None]


def faults(rows: list[Row]) -> dict[int, str]:
    return {row.number: row.fault[0] for row in rows if row.fault}


def whole(path: Path) -> None:
    table, rows = read(path)
    assert table.header == HEADER
    assert good(rows) == ROWS
    assert [row.number for row in rows] == [1, 2, 3]


# --- forms ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_csv_in_any_charset_with_any_separator_and_line_ending(put, charset, separator, ending):
    whole(put(as_csv([HEADER, *ROWS], delimiter=separator, lineterminator=ending).encode(charset)))


def test_gzip_is_unpacked_whatever_the_name(put):
    whole(put(gzip.compress(as_csv([HEADER, *ROWS]).encode()), "register.csv"))
    text = json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS])
    whole(put(gzip.compress(text.encode()), "register.json.gz"))


def xlsx(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    style = book.add_format({"num_format": "yyyy-mm-dd"})
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(y, x, datetime(value.year, value.month, value.day), style)
            else:
                sheet.write(y, x, value)
    book.close()
    return out.getvalue()


def test_xlsx_plain_and_packed(put):
    whole(put(xlsx([HEADER, *ROWS]), "a.xlsx"))
    whole(put(gzip.compress(xlsx([HEADER, *ROWS])), "a.xlsx.gz"))


def test_a_sheets_own_types_become_what_people_typed(put):
    _, rows = read(put(xlsx([["a", "b", "c"], [date(2026, 3, 1), 12.0, True], [], [0.5, None, "001"], ["x"]])))
    assert good(rows) == [["2026-03-01", "12", "是"], ["0.5", "", "001"], ["x", "", ""]]
    assert [row.number for row in rows] == [1, 2, 3]


def test_a_sheets_row_that_is_too_wide_is_refused_alone(put):
    _, rows = read(put(xlsx([["a", "b"], ["1", "2", "3"], ["4", "5"]])))
    assert faults(rows) == {1: "row.width"}
    assert good(rows) == [["4", "5"]]


@pytest.mark.parametrize("shape", ["array", "lines", "data", "indented"])
def test_json_as_array_lines_or_an_interfaces_answer(put, shape):
    objects = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    text = {
        "array": json.dumps(objects, ensure_ascii=False),
        "lines": "\n".join(json.dumps(o, ensure_ascii=False) for o in objects) + "\n",
        "data": json.dumps({"code": 200, "data": objects}),
        "indented": json.dumps(objects, indent=2),
    }[shape]
    whole(put(text.encode()))
    whole(put(b"\xef\xbb\xbf" + text.encode()))


def test_json_values_of_any_type_and_missing_keys(put):
    objects = [{"a": 1, "b": None}, {"a": True, "c": {"d": [1]}}, {"a": 2.0}]
    table, rows = read(put(json.dumps(objects).encode()))
    assert table.header == ["a", "b", "c"]
    assert good(rows) == [["1", "", ""], ["是", "", '{"d": [1]}'], ["2", "", ""]]


@pytest.mark.parametrize("joint", [",\n", ",", ", ", "\n"])
def test_a_broken_json_object_is_refused_alone(put, joint):
    middle = '{"a": "2", "b": "没有右引号}'
    text = joint.join(['{"a": "1", "b": "x"}', middle, '{"a": "3", "b": "z"}'])
    _, rows = read(put((text if joint == "\n" else f"[{text}]").encode()))
    assert good(rows) == [["1", "x"], ["3", "z"]]
    assert faults(rows) == {2: "row.json"}
    assert "没有右引号" in rows[1].cells[0]


def test_json_cut_short_keeps_what_was_whole(put):
    text = json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS], ensure_ascii=False)
    _, rows = read(put(text[:-30].encode()))
    assert good(rows) == ROWS[:2]
    assert faults(rows) == {3: "row.json"}


def test_half_a_surrogate_pair_in_json_refuses_its_row_only(put):
    _, rows = read(put(b'[{"a": "x\\ud800y"}, {"a": "ok"}]'))
    assert faults(rows) == {1: "row.bytes"}
    assert good(rows) == [["ok"]]
    rows[0].cells[0].encode("utf-8")


def test_parquet(put, tmp_path):
    path = tmp_path / "a.parquet"
    frame = pl.DataFrame(ROWS, schema=HEADER, orient="row")
    frame.with_columns(pl.col("注册日期").str.to_date(strict=False)).write_parquet(path)
    whole(path)
    whole(put(gzip.compress(path.read_bytes()), "a.parquet.gz"))


# --- one bad thing ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_one_raw_bad_byte_refuses_exactly_its_row(put, charset):
    lines = as_csv([HEADER, *ROWS]).encode(charset).split(b"\r\n")
    place = len("云泽市".encode(charset))  # between two characters: GB18030 would pair the byte with half a one
    lines[2] = lines[2][:place] + b"\xff" + lines[2][place:]
    table, rows = read(put(b"\r\n".join(lines)))
    assert table.charset == charset
    assert faults(rows) == {2: "row.bytes"}
    assert good(rows) == [ROWS[0], ROWS[2]]
    assert "\\xff" in "".join(rows[1].cells)
    assert "\\xff" in rows[1].fault[1]


def test_one_raw_bad_byte_in_json_refuses_exactly_its_row(put):
    raw = json.dumps([{"a": v} for v in ("一", "二", "三")], ensure_ascii=False).encode()
    _, rows = read(put(raw.replace("二".encode(), b"\xff")))
    assert list(faults(rows)) == [2]
    assert good(rows) == [["一"], ["三"]]


def test_an_unclosed_quote_refuses_its_own_line_only(put):
    text = 'a,b\n1,x\n2,"never closed\n' + "".join(f"{n},y\n" for n in range(3, 400))
    _, rows = read(put(text.encode()))
    assert faults(rows) == {2: "row.quote"}
    assert rows[1].cells == ['2,"never closed']
    assert good(rows) == [["1", "x"], *([str(n), "y"] for n in range(3, 400))]


def test_an_unclosed_quote_before_properly_quoted_rows(put):
    text = 'a,b\n1,"never closed\n2,"x, y"\n3,"line\nbreak"\n4,z\n'
    _, rows = read(put(text.encode()))
    assert faults(rows) == {1: "row.quote"}
    assert good(rows) == [["2", "x, y"], ["3", "line\nbreak"], ["4", "z"]]


def test_a_stray_quote_inside_a_cell_is_text(put):
    _, rows = read(put(b'a,b\n5" pipe,say "hi" now\n2,x\n'))
    assert good(rows) == [['5" pipe', 'say "hi" now'], ["2", "x"]]


def test_quoted_line_breaks_and_doubled_quotes_are_one_cell(put):
    cells = ["一行\n二行\r\n三行", 'say ""quoted"" , twice', '"']
    _, rows = read(put(as_csv([["a", "b", "c"], cells, ["1", "2", "3"]]).encode()))
    assert good(rows) == [cells, ["1", "2", "3"]]
    assert [row.number for row in rows] == [1, 2]


def test_ragged_rows_are_refused_with_both_numbers(put):
    _, rows = read(put(b"a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n"))
    assert faults(rows) == {1: "row.width", 3: "row.width"}
    assert rows[0].fault[1] == "应有 3 列，实有 2 列。"
    assert rows[2].cells == ["1", "2", "3", "4"]
    assert good(rows) == [["1", "2", "3"], ["1", "2", "3"]]


def test_blank_lines_are_no_rows_and_shift_no_numbers(put):
    table, rows = read(put("\ufeff\n \t\n企业名称,b\n\n1,2\n   \n\n3,4".encode()))
    assert table.header == ["企业名称", "b"]
    assert [(r.number, r.cells) for r in rows] == [(1, ["1", "2"]), (2, ["3", "4"])]


def test_header_cells_lose_blanks_and_empty_columns_at_the_end(put):
    table, rows = read(put(b" a , b\t,,\n1,2,,\n1,2\n"))
    assert table.header == ["a", "b"]
    assert good(rows) == [["1", "2"], ["1", "2"]]


def test_a_header_with_a_line_break_in_quotes_is_one_header(put):
    table, rows = read(put('"企业\n名称",b\n1,2\n'.encode()))
    assert len(table.header) == 2
    assert good(rows) == [["1", "2"]]


def test_a_lone_carriage_return_in_a_cell_loses_nothing(put):
    _, rows = read(put(b"a,b\n1,x\ry\n2,z\n"))
    shown = "".join("".join(row.cells) for row in rows)
    assert "x" in shown
    assert "y" in shown
    assert rows[-1].cells == ["2", "z"]


def test_a_nul_byte_stays_in_its_cell(put):
    _, rows = read(put(b"a,b\n1,x\x00y\n2,z\n"))
    assert [row.cells for row in rows] == [["1", "x\x00y"], ["2", "z"]]


def test_a_cell_of_a_megabyte_is_read_and_one_beyond_all_measure_is_refused(put):
    _, rows = read(put(b"a,b\n1," + b"x" * (1 << 20) + b"\n2," + b"x" * (17 << 20) + b"\n3,z\n"))
    assert [len(rows[0].cells[1]), rows[-1].cells] == [1 << 20, ["3", "z"]]
    assert set(faults(rows)) == {row.number for row in rows[1:-1]}


# --- files that cannot serve ------------------------------------------------------------------------------------------
def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        list(reading.read(path, "来文.dat").rows)
    assert "来文.dat" in caught.value.message
    return caught.value


@pytest.mark.parametrize("kept", [10, 11, 40, 2000, -9, -1])
def test_a_truncated_archive_is_refused_whole_in_chinese(put, kept):
    import random

    draw = random.Random(1)
    body = as_csv([HEADER, *([str(draw.random())] * 3 for _ in range(5000))]).encode()
    fault = refusal(put(gzip.compress(body)[:kept]))
    assert fault.code == "file.unreadable"
    assert "压缩包" in fault.message
    assert "重新导出" in fault.message


def test_a_damaged_archive_is_refused_whole_in_chinese(put):
    packed = bytearray(gzip.compress(as_csv([HEADER, *(ROWS * 3000)]).encode()))
    packed[len(packed) // 2] ^= 0xFF
    assert refusal(put(bytes(packed))).code == "file.unreadable"


@pytest.mark.parametrize(
    "content", [b"", b"  \r\n\n", gzip.compress(b"", mtime=0), b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"]
)
def test_an_empty_file_is_refused(put, content):
    assert refusal(put(content)).code in {"file.empty", "file.header"}


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"data": []}', b"[1, 2]"])
def test_json_without_any_object_is_refused(put, content):
    assert refusal(put(content)).code in {"file.empty", "file.header"}


def test_an_old_spreadsheet_is_refused_with_what_to_do(put):
    fault = refusal(put(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600))
    assert fault.code == "file.xls"
    assert ".xlsx" in fault.message


def test_a_broken_spreadsheet_or_parquet_is_refused(put, tmp_path):
    assert refusal(put(xlsx([HEADER, *ROWS])[:-100])).code == "file.unreadable"
    assert refusal(put(b"PAR1" + b"\x00" * 100)).code == "file.unreadable"
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [str(n) for n in range(5000)]}).write_parquet(path)
    broken = bytearray(path.read_bytes())
    broken[8:2000] = b"\xff" * 1992
    assert refusal(put(bytes(broken))).code == "file.unreadable"


def test_an_archive_that_is_no_spreadsheet_is_refused(put):
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    assert refusal(put(out.getvalue())).code == "file.unreadable"


# --- any table, one byte ----------------------------------------------------------------------------------------------
CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=6) | st.sampled_from(
    ["恒达", "a,b", 'say "hi"', "一\n二", '"', "", "N/A", "2019-05-06"]
)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width).filter(any_text), min_size=1, max_size=12)
)


def any_text(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)


def is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def header_of(rows: list[list[str]]) -> list[str]:
    return [f"列{n}" for n in range(len(rows[0]))]


@settings(max_examples=150, deadline=None)
@given(rows=TABLES, charset=st.sampled_from(["utf-8", "gb18030"]), ending=st.sampled_from(["\n", "\r\n"]))
def test_any_table_written_is_read_back(tmp_path_factory, rows, charset, ending):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    content = as_csv([header_of(rows), *rows], lineterminator=ending).encode(charset)
    assume(charset == "utf-8" or not is_utf8(content))  # a few bytes may be both: nobody can tell
    path.write_bytes(content)
    _, got = read(path)
    assert [(row.cells, row.fault) for row in got] == [(row, None) for row in rows]


@settings(max_examples=250, deadline=None)
@given(rows=TABLES, at=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_one_corrupt_byte_leaves_every_other_row_unharmed(tmp_path_factory, rows, at, byte):
    """Rows before the one hit and after its end come back exactly; a byte can at most join or split its own row."""
    header = as_csv([header_of(rows)]).encode()
    lines = [as_csv([row]).encode() for row in rows]
    body = b"".join(lines)
    place = int(at * len(body))
    hit = next(n for n in range(len(lines)) if sum(map(len, lines[: n + 1])) > place)
    path = tmp_path_factory.getbasetemp() / "corrupt.csv"
    path.write_bytes(header + body[:place] + bytes([byte]) + body[place + 1 :])
    _, got = read(path)
    cells = [row.cells for row in got]
    assert [row.number for row in got] == list(range(1, len(got) + 1)), "every row in is a row out, numbered in order"
    assert cells[:hit] == rows[:hit]
    joined = place == sum(map(len, lines[: hit + 1])) - 1 and byte != 0x0A
    after = rows[hit + 1 + joined :]
    assert cells[len(cells) - len(after) :] == after if after else True
    assert all(row.fault is None for row in got[:hit] + (got[len(got) - len(after) :] if after else []))
