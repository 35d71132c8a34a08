"""The departments' files are what the truth says of them, row by row, and every kind of error is in them."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from shiheng.city import generator as register
from shiheng.city.departments import faults, generator, truth
from shiheng.city.departments.generator import Landed
from shiheng.city.departments.plan import schedule
from shiheng.city.departments.sheet import contract, header, roles
from shiheng.city.departments.sheets import SHEETS
from shiheng.kernel.identifiers import normalise, resident_id_fault, uscc_fault
from tests.city.conftest import UNTIL

SOURCE = Path(generator.__file__).resolve().parents[3]
SHEET = {sheet.source: sheet for sheet in SHEETS}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """``path``, ``files`` by their path, and the truth of each source: ``events``, ``rows`` by (file, row), ``due``."""
    path: Path = tmp_path_factory.mktemp("departments")
    files = generator.write(path, subjects=1500, seed=11, until=UNTIL)
    told = {what: {s.source: list(truth.read(path, s.source, what)) for s in SHEETS} for what in ("events", "due")}
    rows = {(r["file"], r["row"]): r for s in SHEETS for r in truth.read(path, s.source, "rows")}
    return SimpleNamespace(path=path, files={f.path: f for f in files}, rows=rows, **told)


def _read(path: Path, file: Landed) -> list[list[str]]:
    """Every row with its header first, read without the platform's own reader."""
    where = path / file.path
    if file.form == "xlsx":
        grid = CalamineWorkbook.from_path(str(where)).get_sheet_by_index(0).to_python()
        return [[c.isoformat() if isinstance(c, date) else str(c) for c in row] for row in grid]
    if file.form == "parquet":
        frame = pl.read_parquet(where)
        return [frame.columns, *(list(row) for row in frame.iter_rows())]
    if file.form == "json":
        objects = json.loads(where.read_text(encoding=file.charset))
        return [list(objects[0]), *(list(o.values()) for o in objects)]
    raw = where.read_bytes().removeprefix(b"\xef\xbb\xbf")
    text = raw.decode(file.charset.removesuffix("-sig"), "backslashreplace")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def read(sent: SimpleNamespace) -> dict[str, list[list[str]]]:
    return {path: _read(sent.path, file) for path, file in sent.files.items()}


def _cells(source: str, row: list[str]) -> dict[str, str]:
    return dict(zip(SHEET[source].names, row, strict=False))


def test_every_source_of_the_lines_has_files(sent: SimpleNamespace) -> None:
    lines = SOURCE / "shiheng" / "lines"
    declared = {path.parent.name for path in lines.glob("*/sources/*/contract.yaml")}
    assert set(SHEET) == declared - {"register", "permits", "food_permits"}
    assert len(SHEET) >= 24
    assert {f.source for f in sent.files.values()} >= set(SHEET) - {"police_transfers"}


@pytest.mark.parametrize("source", sorted(SHEET))
def test_a_sheet_is_one_its_contract_takes(source: str) -> None:
    agreed, sheet = contract(source), SHEET[source]
    titles = {h for c in agreed.columns for h in c.headers}
    own = header(sheet)
    assert set(own[: len(sheet.names)]) <= titles
    assert not set(sheet.extra) & titles
    assert len(set(own)) == len(own)
    assert {c.name for c in agreed.columns if c.required} <= set(sheet.names)
    assert set(agreed.identify) & set(sheet.names)
    assert sheet.delivery == agreed.deliveries[0]
    assert not sheet.deletions or "deletions" in agreed.deliveries
    assert roles(sheet).key, "a record without its key is nobody's"


def test_rows_and_headers_are_those_of_the_manifest(sent: SimpleNamespace, read: dict[str, Any]) -> None:
    for path, file in sent.files.items():
        assert tuple(read[path][0]) == header(SHEET[file.source])
        assert len(read[path]) - 1 == file.rows > 0
        spoilt = [r for (name, _), r in sent.rows.items() if path.endswith("/" + name)]
        assert sum("fault" in r for r in spoilt) == file.faulty
        assert sum("untidy" in r for r in spoilt) == file.untidy


def test_departments_write_in_their_own_ways(sent: SimpleNamespace, read: dict[str, Any]) -> None:
    files = sent.files.values()
    assert {f.form for f in files} == {"csv", "xlsx", "json", "parquet"}
    assert {f.charset for f in files if f.form == "csv"} == {"utf-8", "utf-8-sig", "gb18030"}
    assert {f.delivery for f in files} == {"increment", "snapshot", "deletions"}
    heads = {f.source: tuple(read[f.path][0]) for f in files}
    assert heads["tax"][0] == "统一社会信用代码"
    assert heads["court_cases"][0] == "party_id"
    assert heads["penalties"][0] == "行政处罚决定书文号"


def test_every_row_tells_of_the_event_the_truth_names(sent: SimpleNamespace, read: dict[str, Any]) -> None:
    told: dict[str, set[int]] = defaultdict(set)
    subjects = _codes()
    for source, events in sent.events.items():
        key = roles(SHEET[source]).key
        for event in events:
            for name, number in event["rows"]:
                assert number not in told[name]
                told[name].add(number)
                if (name, number) in sent.rows:
                    assert sent.rows[name, number]["k"] == event["k"]
                    continue
                cells = _cells(source, read[f"departments/{name}"][number])
                assert cells[key], (name, number)
                if "person" in event:
                    assert not any(cells[c] for c in roles(SHEET[source]).identifying)
                    assert event["person"]["number"] in (cells.get("identi_id"), cells.get("cer_no"))
                    assert event["person"]["name"] in (cells.get("executed_nm"), cells["legal_repre"])
                elif event["kind"] != "outlet":
                    assert cells["uni_social_crd_cd"] == subjects[event["k"]], (name, number)
    for path, file in sent.files.items():
        name = path.removeprefix("departments/")
        second = {row for (where, row) in sent.rows if where == name and row not in told[name]}
        assert {sent.rows[name, row].get("fault") for row in second} <= {"row.newline"}
        assert told[name] | second == set(range(1, file.rows + 1)), name


def _codes() -> dict[int, str]:
    from shiheng.city import population

    return {s.k: s.uscc for made, _ in population.blocks(1500, seed=11, until=UNTIL) for s in made}


def test_clean_rows_hold_only_codes_of_the_list_and_days_that_exist(
    sent: SimpleNamespace, read: dict[str, Any]
) -> None:
    for path, file in sent.files.items():
        sheet, agreed = SHEET[file.source], contract(file.source)
        lists = {name: agreed.column(name).codes for name in roles(sheet).listed}
        for number, row in enumerate(read[path][1:], 1):
            if (path.removeprefix("departments/"), number) in sent.rows:
                continue
            cells = _cells(file.source, row)
            for name, codes in lists.items():
                assert not cells[name] or cells[name] in codes, (path, number, name, cells[name])
            for name in roles(sheet).required:
                assert cells[name], (path, number, name)
            for column in agreed.columns:
                if column.pattern and cells.get(column.name):
                    assert re.fullmatch(column.pattern, cells[column.name]), (path, number, column.name)
            natural = cells.get("executed_nature") == "自然人" or cells.get("comp_nm", "").endswith("（无照）")
            assert natural or uscc_fault(cells["uni_social_crd_cd"]) is None
            for name in roles(sheet).future:
                if re.fullmatch(r"\d{4}-\d\d-\d\d", cells[name]):
                    assert cells[name] <= file.known_on.isoformat(), (path, number, name)


def test_every_kind_of_fault_and_of_untidiness_is_planted(sent: SimpleNamespace) -> None:
    assert {r["fault"] for r in sent.rows.values() if "fault" in r} == set(faults.FAULTS)
    untidy = {r["untidy"] for r in sent.rows.values() if "untidy" in r}
    assert untidy == set(faults.UNTIDY) | {"code.none+name.spelt"}


def test_a_planted_fault_is_really_there(sent: SimpleNamespace, read: dict[str, Any]) -> None:
    seen: Counter[str] = Counter()
    for (name, number), said in sent.rows.items():
        if fault := said.get("fault"):
            file = sent.files[f"departments/{name}"]
            seen[fault] += 1
            row, width = read[file.path][number], len(read[file.path][0])
            assert (len(row) != width) == (fault in ("row.ragged", "row.newline")), (name, number)
            if fault.startswith("key."):
                _is_twin(sent, read, file, number)
            elif len(row) == width:
                column = said["reason"].partition(".")[0]
                assert IS_THERE[fault](_cells(file.source, row), column, file), (name, number)
    assert set(seen) == set(faults.FAULTS)


IS_THERE: dict[str, Callable[[dict[str, str], str, Landed], bool]] = {
    "code.check": lambda cells, column, _: bool(uscc_fault(normalise(cells[column]))),
    "code.length": lambda cells, column, _: len(normalise(cells[column])) == 17,
    "code.missing": lambda cells, _, file: not any(cells[c] for c in roles(SHEET[file.source]).identifying),
    "required.missing": lambda cells, column, _: not cells[column].strip(),
    "list.unknown": lambda cells, column, file: cells[column] not in contract(file.source).column(column).codes,
    "list.drift": lambda cells, column, _: cells[column] == "微信小程序",
    "day.impossible": lambda cells, column, _: not _real(cells[column]),
    "day.future": lambda cells, column, file: cells[column] > file.known_on.isoformat(),
    "amount.words": lambda cells, column, _: not re.fullmatch(r"-?\d+(\.\d+)?", cells[column]),
    "name.mojibake": lambda cells, column, file: column == roles(SHEET[file.source]).name and bool(cells[column]),
    "bytes.gbk": lambda cells, _, file: "\\x" in cells[roles(SHEET[file.source]).name],
    "bytes.broken": lambda cells, _, file: "\\xff" in cells[roles(SHEET[file.source]).name],
}


def _real(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_twin(sent: SimpleNamespace, read: dict[str, Any], file: Landed, number: int) -> None:
    name = file.path.removeprefix("departments/")
    said = sent.rows[name, number]
    cells, twin = (_cells(file.source, read[file.path][at]) for at in (number, said["twin"]))
    assert twin[roles(SHEET[file.source]).key] == cells[roles(SHEET[file.source]).key]
    assert (twin != cells) == (said["fault"] == "key.twin")
    assert sent.rows[name, said["twin"]]["wrong"] is not said["wrong"]


def test_a_new_code_comes_from_one_month_on_and_stays(sent: SimpleNamespace) -> None:
    drifted = Counter(name for (name, _), said in sent.rows.items() if said.get("fault") == "list.drift")
    months = [sent.files[f"departments/{name}"].as_of for name in drifted]
    others = [f.as_of for f in sent.files.values() if f.source == "complaints" and f.as_of < min(months)]
    assert {name.split("-")[0] for name in drifted} == {"complaints"}
    assert len(set(months)) >= 3
    assert len(others) > 8


def test_shares_of_spoilt_rows_are_those_declared(sent: SimpleNamespace) -> None:
    rows = sum(f.rows for f in sent.files.values())
    assert 0.010 < sum(f.faulty for f in sent.files.values()) / rows < 0.025
    assert 0.02 < sum(f.untidy for f in sent.files.values()) / rows < 0.07


def test_files_come_in_time_late_or_never_but_none_after_the_last_day(sent: SimpleNamespace) -> None:
    fates = Counter(item["fate"] for due in sent.due.values() for item in due)
    assert set(fates) >= {"intime", "late", "lost", "merged", "empty"}
    here = fates["intime"] + fates["late"] + fates["empty"]
    assert 0.45 < here / sum(fates.values()) < 0.9
    late = {item["filename"] for due in sent.due.values() for item in due if item["fate"] == "late"}
    for file in sent.files.values():
        assert file.as_of < file.due <= file.known_on <= UNTIL
        if file.path.removeprefix("departments/") in late and not file.replaces:
            assert file.known_on > file.due
    assert list(sent.files) == [f.path for f in sorted(sent.files.values(), key=lambda f: (f.known_on, f.path))]


def test_what_a_lost_file_would_have_told_nobody_tells(sent: SimpleNamespace) -> None:
    silent = [e for events in sent.events.values() for e in events if not e["rows"]]
    assert silent
    assert all(e["day"] <= UNTIL.isoformat() for e in silent)


def test_a_snapshot_holds_what_stands_and_nothing_that_is_gone(sent: SimpleNamespace) -> None:
    for file in sent.files.values():
        if file.delivery != "snapshot":
            continue
        name, day = file.path.removeprefix("departments/"), file.as_of.isoformat()
        for event in sent.events[file.source]:
            held = name in [where for where, _ in event["rows"]]
            assert held == (event["day"] <= day and event.get("gone", "9999") > day), (name, event)


def test_a_wrong_file_is_replaced_by_a_right_one(sent: SimpleNamespace, read: dict[str, Any]) -> None:
    (right,) = [f for f in sent.files.values() if f.replaces]
    wrong = sent.files[right.replaces]
    assert (wrong.flaw, wrong.source, wrong.as_of) == ("shifted", right.source, right.as_of)
    assert wrong.known_on < right.known_on
    names = dict(_names(right, read))
    slipped = [code for code, name in _names(wrong, read) if names.get(code) not in (None, name)]
    assert len(slipped) > 3


def _names(file: Landed, read: dict[str, Any]) -> list[tuple[str, str]]:
    has = roles(SHEET[file.source])
    cells = [_cells(file.source, row) for row in read[file.path][1:]]
    return [(c[has.code], c[has.name]) for c in cells if c[has.code]]


def test_a_file_cut_short_comes_again_whole(sent: SimpleNamespace) -> None:
    (cut,) = [f for f in sent.files.values() if f.flaw == "cut"]
    (whole,) = [f for f in sent.files.values() if f.source == cut.source and f.as_of == cut.as_of and not f.flaw]
    assert cut.rows < 0.3 * whole.rows
    assert cut.known_on < whole.known_on


def test_what_was_entered_by_mistake_is_taken_back(sent: SimpleNamespace, read: dict[str, Any]) -> None:
    marked = sum(
        _cells("complaints", row).get("opt_type") == "d"
        for path, rows in read.items()
        if "/complaints-" in path
        for row in rows[1:]
    )
    assert marked
    listed = [e for e in sent.events["penalties"] for name, _ in e["rows"] if name.endswith(".deletions.csv")]
    assert all(e["undone"] for e in listed)


def test_the_same_arguments_give_the_same_bytes_in_another_process(sent: SimpleNamespace, tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from shiheng.city.departments import generator as g\n"
        f"g.write(Path({str(tmp_path)!r}), subjects=1500, seed=11, until=date({UNTIL:%Y, %-m, %-d}))\n"
        "assert not [n for n in sys.modules if n.split('.')[0] == 'django'], 'Django was imported'\n"
        f"print(g.digest(Path({str(tmp_path)!r})))"
    )
    env = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": "77"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() == generator.digest(sent.path)


def test_a_smaller_city_is_the_beginning_of_a_larger_one(sent: SimpleNamespace, tmp_path: Path) -> None:
    files = generator.write(tmp_path, subjects=250, seed=11, until=UNTIL)
    compared = 0
    for file in files:
        if file.form == "csv":
            compared += 1
            assert (sent.path / file.path).read_bytes().startswith((tmp_path / file.path).read_bytes()), file.path
    assert compared > 40
    for sheet in SHEETS:
        few = list(truth.read(tmp_path, sheet.source, "events"))
        assert sent.events[sheet.source][: len(few)] == few


def test_an_older_folder_gets_only_the_sources_it_lacks(sent: SimpleNamespace, tmp_path: Path) -> None:
    there = tmp_path / "city"
    shutil.copytree(sent.path, there)
    assert generator.missing(there) == []
    held = [f for f in generator.read(there) if f.source not in ("patents", "customs")]
    manifest = json.loads((there / generator.MANIFEST).read_text(encoding="utf-8"))
    manifest["files"] = [one for one in manifest["files"] if one["source"] not in ("patents", "customs")]
    manifest["sources"] = [source for source in manifest["sources"] if source not in ("patents", "customs")]
    (there / generator.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    for file in sent.files.values():
        if file.source in ("patents", "customs"):
            (there / file.path).unlink()
    before = {f.path: (there / f.path).stat().st_mtime_ns for f in held}
    lacking = generator.missing(there)
    assert sorted(lacking) == ["customs", "patents"]
    again = generator.write(there, subjects=1500, seed=11, until=UNTIL, sources=lacking)
    assert {f.path: f for f in again} == sent.files
    assert generator.digest(there) == generator.digest(sent.path)
    assert {f.path: (there / f.path).stat().st_mtime_ns for f in held} == before


def test_the_register_part_is_untouched_by_the_departments(tmp_path: Path) -> None:
    alone = register.write(tmp_path, subjects=60, seed=3, until=UNTIL)
    generator.write(tmp_path, subjects=60, seed=3, until=UNTIL)
    assert register.read(tmp_path) == alone
    assert {f.source for f in generator.read(tmp_path)}.isdisjoint({"register", "permits"})


def test_progress_tells_of_every_subject(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    generator.write(tmp_path, subjects=130, seed=1, until=UNTIL, progress=lambda *at: told.append(at))
    assert told == [(100, 130), (130, 130)]


def test_natural_persons_are_among_the_debtors_and_employers(tmp_path: Path) -> None:
    sources = ("judgment_debtors", "wage_arrears")
    generator.write(tmp_path, subjects=6000, seed=11, until=UNTIL, sources=sources)
    for source in sources:
        events = list(truth.read(tmp_path, source, "events"))
        theirs = [event for event in events if "person" in event]
        assert 0 < len(theirs) < len(events) / 2, source
        firms = {(event["k"], event["key"]) for event in events if "person" not in event}
        for event in theirs:
            assert resident_id_fault(event["person"]["number"]) is None
            assert (event["k"], event["key"][:-1]) in firms, "the firm the person answers for is listed too"


def test_unpaid_wages_are_published_by_the_issue(tmp_path: Path) -> None:
    files = generator.write(tmp_path, subjects=6000, seed=11, until=UNTIL, sources=("wage_arrears",))
    events = {event["key"]: event for event in truth.read(tmp_path, "wage_arrears", "events")}
    days = {(event["issue"], event["published"]) for event in events.values()}
    assert len(days) == len(dict(days)) >= 4, "an issue has one day"
    spoilt = {(r["file"], r["row"]) for r in truth.read(tmp_path, "wage_arrears", "rows") if "fault" in r}
    for event in events.values():
        assert event["published"] > event["day"]
    told = 0
    for file in files:
        name = file.path.removeprefix("departments/")
        for number, row in enumerate(_read(tmp_path, file)[1:], 1):
            cells = _cells("wage_arrears", row)
            if (name, number) in spoilt:
                continue
            event = events[cells["serialid"]]
            told += 1
            assert cells["issue_no"] == event["issue"]
            assert event["published"] <= file.as_of.isoformat()
            assert cells["public_dt"]
    assert told > 3


def test_nobody_s_numbers_in_the_files_are_anybody_s(sent: SimpleNamespace, read: dict[str, Any]) -> None:
    columns = {"tip_tel", "caller_tel", "grid_tel", "safety_tel", "tel_num", "tip_cert_no", "cer_no", "suspect_id",
               "legal_repre_id", "legal_represent_idcard", "identi_id"}  # fmt: skip
    found: Counter[str] = Counter()
    for path, file in sent.files.items():
        for row in read[path][1:]:
            for name, value in _cells(file.source, row).items():
                if name in columns and re.fullmatch(r"[0-9X]{11,18}", value):
                    found[name] += 1
                    assert value.startswith("142" if len(value) == 11 else "4499"), (path, name, value)
    assert len(found) >= 9


def test_no_file_comes_after_one_that_is_newer() -> None:
    for seed in range(5):
        for sheet in SHEETS:
            sent_, due = schedule(sheet, seed=seed, until=UNTIL)
            whole = [item for item in sent_ if not item.flaw and item.delivery != "deletions"]
            assert [item.as_of for item in whole] == sorted({item.as_of for item in whole})
            assert {item.filename for item in whole} == {item.filename for item in due if item.filename}
            spans = [(item.since, item.as_of) for item in whole]
            assert all(before[1] <= after[0] for before, after in pairwise(spans)), "no day is told of twice"


def test_deliveries_follow_the_months_and_weeks_their_sheets_say() -> None:
    for until in (UNTIL, date(2026, 3, 4), date(2027, 1, 1)):
        for sheet in SHEETS:
            sent_, due = schedule(sheet, seed=11, until=until)
            assert due[0].fate == "intime"
            ends = [item.as_of for item in due]
            assert ends == sorted(set(ends))
            assert len({item.filename for item in sent_}) == len(sent_)
            if sheet.month:
                assert all(end.month % sheet.every == sheet.month % sheet.every for end in ends)
        weekly = [item.as_of for item in schedule(SHEET["street_leads"], seed=11, until=until)[1][-4:]]
        assert {day.weekday() for day in weekly} == {6}
