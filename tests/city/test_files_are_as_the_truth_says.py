"""What lies in the folder is what the manifest and the truth say of it, down to the row."""

import csv
import hashlib
import io
import json
from collections import defaultdict
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from shiheng.city import definition, deliveries, dirt, truth
from shiheng.city.generator import Landed
from shiheng.kernel.identifiers import normalise, uscc_fault
from shiheng.kernel.money import parse_capital


def _rows(city: SimpleNamespace, file: Landed) -> list[list[str]]:
    """Every row with its header first, read without the platform's own reader."""
    path = city.path / file.path
    if file.form == "xlsx":
        grid = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        return [[c.isoformat() if isinstance(c, date) else str(c) for c in row] for row in grid]
    if file.form == "json":
        objects = json.loads(path.read_text(encoding=file.charset))
        return [list(objects[0]), *(list(o.values()) for o in objects)]
    lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\r\n")[:-1]
    text = [line.decode(file.charset.removesuffix("-sig"), "backslashreplace") for line in lines]
    return [next(csv.reader(io.StringIO(line))) for line in text]


@pytest.fixture(scope="module")
def read(city: SimpleNamespace) -> dict[str, list[list[str]]]:
    return {file.path: _rows(city, file) for file in city.manifest.files}


def _cells(file: Landed, header: list[str], row: list[str]) -> dict[str, str]:
    layout = deliveries.FULL_COLUMNS if file.layout == "export" else deliveries.SHARED_COLUMNS
    names = {title: name for name, title in layout.items()}
    return {names.get(title, title): cell for title, cell in zip(header, row, strict=False)}


def test_rows_and_digests_are_those_of_the_manifest(city: SimpleNamespace, read: dict[str, Any]) -> None:
    for file in city.manifest.files:
        assert len(read[file.path]) - 1 == file.rows
        assert hashlib.sha256((city.path / file.path).read_bytes()).hexdigest() == file.sha256
        faults = [r for r in city.rows if file.path.endswith("/" + r["file"]) and r["fault"]]
        assert len(faults) == file.faulty
    assert [f.known_on for f in city.manifest.files] == sorted(f.known_on for f in city.manifest.files)


def test_the_first_file_has_the_columns_of_the_export(city: SimpleNamespace, read: dict[str, Any]) -> None:
    first = city.manifest.files[0]
    assert (first.form, first.charset) == ("csv", "gb18030")
    header = "企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围,所在省份,地区,注册地址"
    assert read[first.path][0] == header.split(",")


def test_every_line_decodes_but_those_planted(city: SimpleNamespace) -> None:
    planted = {(r["file"], r["row"]) for r in city.rows if r["fault"] == "text.undecodable"}
    broken = set()
    for file in city.manifest.files:
        if file.form != "csv":
            continue
        lines = (city.path / file.path).read_bytes().split(b"\r\n")
        for number, line in enumerate(lines):
            try:
                line.decode(file.charset)
            except UnicodeDecodeError:
                broken.add((file.path.removeprefix("register/"), number))
    assert broken == planted


def test_every_row_belongs_to_the_subject_the_truth_names(city: SimpleNamespace, read: dict[str, Any]) -> None:
    kinds = {f.path.removeprefix("register/"): f for f in city.manifest.of("register")}
    odd = {(r["file"], r["row"]): r for r in city.rows}
    seen: dict[str, set[int]] = defaultdict(set)
    for subject in city.subjects:
        for name, number in subject["rows"]:
            assert number not in seen[name]
            seen[name].add(number)
            if (name, number) in odd:
                assert odd[name, number]["k"] == subject["k"]
                continue
            file = kinds[name]
            cells = _cells(file, read[file.path][0], read[file.path][number])
            assert cells["uni_social_crd_cd"] == subject["uscc"]
            assert cells["comp_nm"] in [n for _, n in subject["name"]]
    assert all(seen[name] == set(range(1, file.rows + 1)) for name, file in kinds.items())


def test_each_planted_fault_is_there_and_no_other(city: SimpleNamespace, read: dict[str, Any]) -> None:
    faults = {(r["file"], r["row"]): r["fault"] for r in city.rows}
    for file in city.manifest.of("register"):
        name = file.path.removeprefix("register/")
        header, *rows = read[file.path]
        for number, row in enumerate(rows, 1):
            fault = faults.get((name, number), "")
            cells = _cells(file, header, row)
            assert (len(row) != len(header)) == (fault == "row.columns"), (name, number)
            if fault == "row.columns":
                continue
            code = normalise(cells["uni_social_crd_cd"])
            old = len(code) == 15 and code.isdigit() and file.kind == "full"
            assert bool(code and not old and uscc_fault(code)) == fault.startswith("uscc."), (name, number)
            assert (not code) == (fault == "identifier.missing"), (name, number)
            assert (cells["comp_nm"].strip() in ("", "N/A", "NULL")) == (fault == "name.missing"), (name, number)
            assert _real_day(cells["est_dt"], file.known_on) == (not fault.startswith("day.")), (name, number)
            assert ("\\xff" in cells["comp_nm"]) == (fault == "text.undecodable"), (name, number)


def _real_day(text: str, known_on: date) -> bool:
    plain = text if not text.isdigit() or len(text) != 8 else f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        return date(*(int(part) for part in plain.replace("/", "-").split("-"))) <= known_on
    except (ValueError, TypeError):
        return False


def test_every_fault_and_every_untidiness_can_occur() -> None:
    from random import Random

    drawn = {
        dirt.faults(layout, form).draw(Random(n))
        for n in range(800)
        for layout, form in (("export", "csv"), ("shared", "csv"), ("shared", "json"))
    }
    assert drawn == set(definition.FAULT_CODES)
    row = {"comp_nm": "云泽（试）店", "uni_social_crd_cd": "91449901MAHH34G96E", "est_dt": "2020-08-04"}
    untidy = {dirt.tidyable(Random(n), dict(row)) for n in range(200)}
    assert untidy == {"lower", "wide", "blank", "name blank", "slash day", "bare day", "bracket"}


def test_a_file_without_columns_to_break_gets_no_such_fault() -> None:
    from random import Random

    sheets = {dirt.faults("shared", "xlsx").draw(Random(n)) for n in range(500)}
    assert not sheets & {"text.undecodable", "row.columns"}
    export = {dirt.faults("export", "csv").draw(Random(n)) for n in range(500)}
    assert not export & {"region.unknown", "status.unknown"}


def test_about_one_row_in_seventy_must_be_set_aside(city: SimpleNamespace) -> None:
    rows, faulty = (sum(getattr(f, part) for f in city.manifest.of("register")) for part in ("rows", "faulty"))
    assert 0.007 < faulty / rows < 0.025


def test_capital_in_the_first_file_can_be_read_and_is_the_true_one(city: SimpleNamespace, read: dict[str, Any]) -> None:
    file = city.manifest.files[0]
    spellings = set()
    spoilt = {r["row"] for r in city.rows if r["file"] == "register-2025-05-full.csv" and r["fault"]}
    for subject in city.subjects:
        for name, number in subject["rows"]:
            if name != "register-2025-05-full.csv" or number in spoilt:
                continue
            text = _cells(file, read[file.path][0], read[file.path][number])["reg_capt"]
            if text in ("", "-", "N/A"):
                continue
            told = parse_capital(text)
            assert told is not None, text
            true = [v for day, v in subject["capital"] if day <= file.as_of.isoformat()][-1]
            assert (told.fen, told.currency) == (true, subject["currency"]), text
            spellings.add("".join(c for c in text if not c.isdigit() and c not in ".,"))
    assert len(spellings) >= 8


def test_old_numbers_stand_in_the_code_column_of_some_old_subjects(city: SimpleNamespace, read: dict[str, Any]) -> None:
    file = city.manifest.files[0]
    old = [r for r in city.rows if "old number" in r["untidy"]]
    assert old
    for row in old:
        cells = _cells(file, read[file.path][0], read[file.path][row["row"]])
        assert normalise(cells["uni_social_crd_cd"]) == city.subjects[row["k"]]["regno"]


def test_what_the_platform_should_hold_follows_from_files_and_faults(city: SimpleNamespace) -> None:
    as_of = {f.path.removeprefix("register/"): f.as_of for f in city.manifest.of("register")}
    held = {e["k"]: e for e in truth.expected(city.path / "truth", as_of=as_of)}
    refused = {(r["file"], r["row"]) for r in city.rows if r["fault"]}
    for subject in city.subjects:
        clean = [f for f, n in subject["rows"] if (f, n) not in refused]
        assert bool(clean) == (subject["k"] in held)
        if clean:
            assert held[subject["k"]]["known"] == max(as_of[f] for f in clean).isoformat()
    last = max(as_of.values()).isoformat()
    untouched = [s for s in city.subjects if s["k"] in held and not any((f, n) in refused for f, n in s["rows"])]
    assert untouched
    for subject in untouched:
        told = held[subject["k"]]
        if told["status"] is not None:
            assert told["status"] == [v for day, v in subject["status"] if day <= last][-1]
        assert told["name"] == [v for day, v in subject["name"] if day <= last][-1]


def test_a_business_set_up_after_the_last_file_is_not_known_yet(city: SimpleNamespace) -> None:
    last = max(f.as_of for f in city.manifest.of("register")).isoformat()
    for subject in city.subjects:
        assert bool(subject["rows"]) == (subject["established"] <= last)
