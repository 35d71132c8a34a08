"""The clock of a demonstration can be moved, all processes see it, and production refuses."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.site import timekeeping
from shiheng.site.cli import main


@pytest.fixture
def moved() -> object:
    """Whatever a test does to the clock is undone."""
    yield
    timekeeping.path().unlink(missing_ok=True)


def test_a_moved_clock_runs_on_from_the_given_moment(moved: object) -> None:
    goal = datetime(2027, 2, 1, 9, tzinfo=clock.SHANGHAI)
    timekeeping.set_to(goal)
    assert goal <= clock.now() < goal + timedelta(minutes=5)
    timekeeping.set_to(None)
    assert abs(clock.now() - clock.machine()) < timedelta(minutes=5)


def test_another_process_sees_the_moved_clock_at_once(moved: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clock", "set", "2027-02-01", "--json"]) == 0
    command = [sys.executable, "-m", "shiheng.site.cli", "clock", "show", "--json"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert '"now": "2027-02-01T09:' in told
    assert main(["clock", "reset", "--json"]) == 0


def test_production_refuses_to_move_the_clock(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "MODE", "production")
    with pytest.raises(Refused):
        timekeeping.set_to(datetime(2027, 2, 1, tzinfo=clock.SHANGHAI))
    assert main(["clock", "set", "2027-02-01"]) == 1
    assert "正式环境" in capsys.readouterr().err
    assert not Path(timekeeping.path()).exists()
