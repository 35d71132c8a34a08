"""The command line keeps its promises: Chinese for people, one object for scripts, a documented code for the shell."""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from shiheng.city import generator
from shiheng.site.cli import declared, words
from shiheng.site.cli.answers import EXIT_CODES
from shiheng.site.cli.front import main, parser
from tests.structure.reading import PACKAGE

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_SENTENCE = re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b")
# What argparse says only to whoever builds a parser wrongly, never to whoever types a command.
FOR_PROGRAMMERS = re.compile(
    r"call__|conflicting|cannot merge|mutually|positionals|start with|dest=|resolution|not callable|"
    r"multiple subparser|with mode|unexpected option"
)


def english_in(text: str) -> str | None:
    """A run of English words that is not a command being quoted."""
    found = LATIN_SENTENCE.search(re.sub(r"shiheng [a-z]+( [a-z-]+)?", "", text))
    return found[0] if found else None


def typed(*line: str) -> tuple[int, str]:
    """Exit code of a line given to ``main`` in this process."""
    try:
        return main(list(line)), ""
    except SystemExit as stop:
        return int(stop.code or 0), ""


def test_every_word_argparse_may_say_to_a_person_has_chinese() -> None:
    import argparse

    tree = ast.parse(inspect.getsource(argparse))
    said = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "ngettext"}
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(said) > 20
    missing = {text for text in said - set(words.WORDS) if not FOR_PROGRAMMERS.search(text)}
    assert not missing


def test_help_of_every_command_is_chinese_and_names_each_argument(capsys: pytest.CaptureFixture[str]) -> None:
    for command in declared.all_commands():
        assert typed(*command.name.split(), "--help")[0] == 0
        text = capsys.readouterr().out
        assert command.title in text.replace("\n", "")
        assert not english_in(text), f"{command.name}: {text}"
        for argument in command.arguments:
            shown = dict(argument.settings).get("metavar") or argument.names[0]
            assert shown in text, f"{command.name} hides {argument.names}"


def test_titles_are_chinese_and_names_are_unique() -> None:
    commands = declared.all_commands()
    assert len({c.name for c in commands}) == len(commands)
    for command in commands:
        assert CHINESE.search(command.title)
        assert all(CHINESE.search(a.title) for a in command.arguments)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["nothing"], "没有命令|可选"),
        (["search"], "缺少参数"),
        (["search", "恒达", "--limit", "x"], "不合要求"),
        (["search", "恒达", "--wrong"], "不认识的参数"),
        (["clock", "set", "tomorrow"], "不是时刻"),
        (["ledger"], "缺少参数"),
        (["doctor", "--quiet", "--progress"], "不能与"),
    ],
)
def test_a_line_typed_wrong_is_explained_in_chinese_with_code_2(
    line: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(*line)[0] == 2
    heard = capsys.readouterr()
    assert re.search(said, heard.err)
    assert not english_in(heard.err), heard.err
    assert heard.out == ""


def test_a_wrong_line_with_json_gives_one_object(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["shiheng", "search", "--json"])
    assert typed("search", "--json")[0] == 2
    assert json.loads(capsys.readouterr().out)["code"] == "usage"


def test_the_exit_codes_stand_in_the_help() -> None:
    text = parser().format_help()
    for code, meaning in EXIT_CODES.items():
        assert f"{code} " in text
        assert meaning in text


def objects(text: str) -> dict[str, object]:
    """Standard output must be one JSON object in one line."""
    assert text.count("\n") == 1, text
    held = json.loads(text)
    assert isinstance(held, dict)
    return held


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (["sources", "list"], 0),
        (["sources", "batches"], 0),
        (["search", "恒达"], 0),
        (["subject", "show", "1"], 3),
        (["quarantine", "list", "999"], 3),
        (["fuse"], 0),
        (["ledger", "heads"], 0),
        (["ledger", "history", "batch:1"], 0),
        (["ledger", "audit", "--files"], 0),
        (["ledger", "proof", "999"], 3),
        (["ledger", "verify", "/nowhere"], 3),
        (["account", "list"], 0),
        (["account", "password", "nobody"], 3),
        (["clock", "show"], 0),
        (["mission"], 0),
        (["mission", "A01", "A02"], 0),
        (["mission", "nothing"], 3),
        (["ingest", "nothing", __file__], 3),
        (["ingest", "register", "/nowhere"], 3),
    ],
)
def test_json_is_one_object_and_nothing_else(
    db: None, line: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*line, "--json"]) == code
    facts = objects(capsys.readouterr().out)
    assert facts["ok"] is (code == 0)
    if code:
        assert CHINESE.search(str(facts["message"]))


def test_people_get_sentences_on_standard_error(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "register", "/nowhere"]) == 3
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.startswith("错误：没有文件")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    """A small city's files, for commands that take them in."""
    folder = tmp_path_factory.mktemp("city")
    return folder, generator.write(folder, subjects=300, until=date(2026, 11, 20))


def test_a_file_is_taken_in_once_however_often_it_is_sent(
    db: None, offices: object, city: tuple[Path, object], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, manifest = city
    file = max(manifest.files, key=lambda f: f.faulty)  # type: ignore[attr-defined]
    path = str(folder / file.path)
    seen = []
    for _ in range(2):
        assert main(["ingest", "register", path, "--scope", "4499.", "--json"]) == 0
        seen.append(objects(capsys.readouterr().out))
    assert seen[0] == seen[1]
    facts = seen[0]
    assert facts["state"] == "published"
    assert facts["rows_in"] == file.rows
    assert facts["rows_in"] == facts["accepted"] + facts["quarantined"]  # type: ignore[operator]
    assert facts["quarantined"] == file.faulty > 0
    assert main(["ingest", "register", path, "--strict", "--json"]) == 5, "quarantined rows with --strict are code 5"
    capsys.readouterr()
    assert main(["quarantine", "list", str(facts["batch"]), "--json", "--limit", "1000"]) == 0
    assert objects(capsys.readouterr().out)["total"] == facts["quarantined"]


def test_it_runs_as_a_program_of_its_own_and_help_needs_no_database(tmp_path: Path) -> None:
    env = {**os.environ, "SHIHENG_HOME": str(tmp_path / "none"), "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-m", "shiheng.site.cli", "--version"], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("市衡 ")
    assert not (tmp_path / "none").exists()


def test_a_command_before_set_up_says_what_to_do(tmp_path: Path) -> None:
    env = {**os.environ, "SHIHENG_HOME": str(tmp_path), "PYTHONPATH": str(PACKAGE.parent)}
    env.pop("SHIHENG_DATABASE_URL", None)
    command = [sys.executable, "-m", "shiheng.site.cli", "sources", "batches", "--json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert objects(done.stdout)["code"] == "database.not_ready"
    assert "shiheng migrate" in done.stderr


def test_a_setting_that_cannot_be_read_stops_with_a_sentence(tmp_path: Path) -> None:
    env = {**os.environ, "SHIHENG_HOME": str(tmp_path), "SHIHENG_MODE": "test", "PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-m", "shiheng.site.cli", "doctor"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "SHIHENG_MODE 只能是 demo 或 production" in done.stderr
    assert "Traceback" not in done.stderr
