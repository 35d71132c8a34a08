"""Registers from the command line: brought, seen, written, taken back; the dump tells whether two are the same."""

import json

import pytest

from shiheng.site.cli import main
from tests import factories
from tests.registers.declared import STALLS
from tests.registers.test_importing import book

pytestmark = pytest.mark.django_db


def run(capsys, *words):
    code = main([*words, "--json"])
    told = capsys.readouterr().out
    return code, json.loads(told) if told.strip() else {}


@pytest.fixture
def file(tmp_path, cast):
    firm = factories.subject("云泽市江口集贸市场有限公司", number=2001)
    path = tmp_path / "台账.xlsx"
    path.write_bytes(book((firm.uscc, "", "A-01", "电子秤", 30, None, None, "是"),
                          (firm.uscc, "", "A-02", "杆秤", 30, None, None, "是")))  # fmt: skip
    return path


def test_a_file_is_seen_first_then_written_and_taken_back(capsys, file):
    _code, empty = run(capsys, "registers", "dump", STALLS.code)
    code, seen = run(capsys, "registers", "import", STALLS.code, str(file))
    assert code == 0
    assert (seen["state"], seen["new"], seen["faulty"], seen["faults"][0]["line"]) == ("preview", 1, 1, 3)
    code, done = run(capsys, "registers", "import", STALLS.code, str(file), "--write", "--reason", "年度更新")
    assert (code, done["taken"]) == (0, 1)
    assert {r["code"]: r["entries"] for r in run(capsys, "registers", "list")[1]["registers"]}[STALLS.code] == 1
    code, _told = run(capsys, "registers", "undo", str(done["act"]), "--reason", "来文作废")
    assert code == 0
    assert run(capsys, "registers", "dump", STALLS.code)[1]["sha256"] == empty["sha256"]


def test_what_is_wrong_is_told_by_the_exit_code(capsys, file, tmp_path):
    assert run(capsys, "registers", "import", "no.such", str(file))[0] == 3
    assert run(capsys, "registers", "import", STALLS.code, str(tmp_path / "nowhere.xlsx"))[0] == 3
    bad = tmp_path / "x.csv"
    bad.write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert run(capsys, "registers", "import", STALLS.code, str(bad))[0] == 1
