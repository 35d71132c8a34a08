"""Refused rows are shown, mended, left out and sent back from the command line, in words and as one JSON object."""

import json
from pathlib import Path

import pytest

from shiheng.jobs import runner
from shiheng.site.cli.front import main
from tests.factories import uscc
from tests.fusion import sources as declared

pytestmark = pytest.mark.django_db

CONTRACT = declared.contract(
    declared.column("code", "uscc", "信用代码"),
    declared.column("title", "name", "名称", required=True),
    custom={"department": "测试科"},
)
SAID = {"identify": ["code"], "statements": {"uscc": "code", "name": "title"}, "authority": {"name": 1}}


def run(capsys: pytest.CaptureFixture[str], *line: str, code: int = 0) -> dict[str, object]:
    assert main([*line, "--json"]) == code
    held = json.loads(capsys.readouterr().out)
    assert isinstance(held, dict)
    return held


@pytest.fixture
def batch(offices: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: object) -> int:
    """Three refused rows, whose names can be turned back, must be asked for, and are nobody's."""
    from shiheng.fusion import sources

    before = dict(sources._read)
    sources.add(declared.folder(tmp_path / "sample", CONTRACT, SAID))
    garbled = "云泽恒达食品商行".encode().decode("latin-1")
    lines = ["信用代码,名称", f"{uscc(1)},青禾商行", f"{uscc(2)},{garbled}", f"{uscc(3)},", f"{uscc(4)},"]
    file = tmp_path / "f.csv"
    file.write_text("\r\n".join(lines), encoding="utf-8")
    yield int(str(run(capsys, "ingest", "sample", str(file), "--scope", "4499.01.")["batch"]))
    import shutil

    shutil.rmtree(settings.HOME / "sources")  # type: ignore[attr-defined]
    sources._read.clear()
    sources._read.update(before)


def test_every_refused_row_is_dealt_with_from_the_command_line(batch: int, capsys: pytest.CaptureFixture[str]) -> None:
    rows = run(capsys, "quarantine", "list", str(batch))["rows"]
    first, second, third = (str(row["id"]) for row in rows)  # type: ignore[attr-defined]
    shown = run(capsys, "quarantine", "show", first)
    assert shown["sure"] is True
    assert shown["cells"][1]["proposed"] == "云泽恒达食品商行"  # type: ignore[index]
    run(capsys, "quarantine", "accept", second, code=1)
    assert run(capsys, "quarantine", "accept", "--reason", "title.name")["done"] == 1
    run(capsys, "quarantine", "mend", second, "--set", "名称=", "--why", "来电", code=1)
    run(capsys, "quarantine", "mend", second, "--set", "名称=恒达商行", "--why", "来电")
    form = run(capsys, "quarantine", "return", str(batch), "--only-form", "--output", "/dev/null")
    assert form["rows"] == 1
    sent = run(capsys, "quarantine", "return", str(batch), "--why", "请补名称")
    assert run(capsys, "returns", "receive", str(sent["id"]))["state"] == "received"
    assert run(capsys, "returns", "receive", str(sent["id"]), code=4)["ok"] is False
    assert len(run(capsys, "returns", "list")["returns"]) == 1  # type: ignore[arg-type]
    run(capsys, "quarantine", "reopen", third, "--why", "重看")
    run(capsys, "quarantine", "reject", third, "--why", "查无此户")
    runner.work(until_idle=True)
    assert run(capsys, "subject", "show", uscc(3))["name"] == "恒达商行"
    run(capsys, "returns", "answer", str(sent["id"]), str(batch), code=1)
    run(capsys, "quarantine", "accept", code=1)


def test_without_json_it_says_the_same_in_words(batch: int, capsys: pytest.CaptureFixture[str]) -> None:
    main(["quarantine", "list", str(batch), "--json"])
    first = json.loads(capsys.readouterr().out)["rows"][0]["id"]
    assert main(["quarantine", "show", str(first)]) == 0
    assert "云泽恒达食品商行" in capsys.readouterr().out
    assert main(["quarantine", "reject", str(first), "--why", "重复"]) == 0
    assert "不予入档" in capsys.readouterr().out
