"""The check-up finds what is planted, says what to do, and is content with a healthy installation."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from shiheng.accounts.permissions import SYSTEM
from shiheng.jobs import queue
from shiheng.ledger import actions, files
from shiheng.ledger.models import Leaf
from shiheng.site import doctor
from shiheng.site.cli import main


def state_of(title: str) -> str:
    return next(f.state for f in doctor.examine() if f.title == title)


def test_everything_it_finds_wrong_comes_with_what_to_do(db: None) -> None:
    for finding in doctor.examine():
        assert finding.text
        assert finding.state == doctor.GOOD or finding.advice, finding


def test_a_changed_leaf_is_found(db: None) -> None:
    leaf = actions.record("note.made", subject="subject:1", who=SYSTEM, facts={"n": 1})
    actions.seal()
    assert state_of("存证一致性") == doctor.GOOD
    Leaf.objects.filter(pk=leaf.pk).update(body=leaf.body.replace('"n":1', '"n":2'))
    assert state_of("存证一致性") == doctor.BAD


def test_a_missing_file_is_found(db: None) -> None:
    kept = files.keep(b"a paper that will be lost")
    actions.attach("subject:1", file=kept, name="a.txt", who=SYSTEM)
    assert state_of("文件库") == doctor.GOOD
    files.path_of(kept.sha256).unlink()
    assert state_of("文件库") == doctor.BAD


def test_sealing_that_stands_still_is_found(db: None, clock: Any) -> None:
    actions.record("note.made", subject="subject:1", who=SYSTEM, facts={"n": 1})
    assert state_of("存证封存") == doctor.GOOD
    clock.advance(minutes=5)
    assert state_of("存证封存") == doctor.BAD


def test_work_without_a_worker_is_found(db: None) -> None:
    assert state_of("作业进程") == doctor.WARNING
    queue.enqueue("ledger.seal")
    assert state_of("作业进程") == doctor.BAD


def test_keys_others_may_read_are_found(db: None) -> None:
    secret = Path(settings.HOME) / "keys" / "secret"
    assert state_of("密钥") == doctor.GOOD
    secret.chmod(0o644)
    try:
        assert state_of("密钥") == doctor.BAD
    finally:
        secret.chmod(0o600)


def test_a_calendar_that_ended_is_found(db: None, clock: Any) -> None:
    clock.move_to(date(2031, 3, 3))
    assert state_of("节假日") == doctor.BAD


def test_a_full_disk_is_found(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(total=100 * 1024**3, used=99 * 1024**3, free=1024**3)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)
    assert state_of("磁盘") == doctor.BAD


def test_the_exit_code_tells_whether_all_is_well(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    queue.enqueue("ledger.seal")
    assert main(["doctor", "--json"]) == 5
    facts = json.loads(capsys.readouterr().out)
    assert facts["ok"] is False
    assert {"title", "state", "text", "advice"} == set(facts["findings"][0])
    assert main(["doctor"]) == 5
    assert "处理：启动作业进程" in capsys.readouterr().out
