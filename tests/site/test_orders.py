"""The hotline's month in the invented city; a folder of platform files taken in without anybody."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shiheng.procedures.exchange import taking
from shiheng.procedures.models import DifferenceList, FileNote, Link, Order, PlatformFile, Proceeding, Reply
from shiheng.site import demo, demo_orders
from shiheng.site.cli import main
from tests import factories
from tests.procedures.ordering import HOTLINE, order, text

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 11, 23)


def test_the_month_of_the_hotline_is_played_once(settings: Any, tmp_path: Any) -> None:
    settings.MODE, settings.HOME = "demo", tmp_path
    demo.seat(size=20, seed=3, until=UNTIL.isoformat())
    for number in range(12):
        factories.subject(f"云泽市临江区恒达{number}商行", number=20_001 + number, scope="4499.01.01.")
    demo_orders.live(UNTIL)
    for file in PlatformFile.objects.filter(kind="orders"):
        assert sum(taking.counts(file).values()) == file.rows
    states = set(Order.objects.values_list("state", flat=True))
    assert {"opened", "quarantined"} <= states
    assert set(Reply.objects.values_list("state", flat=True)) == {"accepted", "refused"}
    assert {"again", "subject", "refused"} <= set(FileNote.objects.values_list("kind", flat=True))
    assert Link.objects.filter(kind="twin").exists()
    found = DifferenceList.objects.get(platform="12345")
    assert {line["kind"] for line in found.lines} == {"theirs", "ours", "state"}
    before = (Proceeding.objects.count(), Order.objects.count(), Reply.objects.count(), FileNote.objects.count())
    demo_orders.live(UNTIL)
    assert before == (
        Proceeding.objects.count(), Order.objects.count(), Reply.objects.count(), FileNote.objects.count()
    )  # fmt: skip


def run(capsys: Any, *line: str, code: int = 0) -> Any:
    assert main([*line, "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("clock", "offices")
def test_a_folder_is_taken_in_unattended_and_again_without_harm(capsys: Any, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(text(HOTLINE, order("GD1"), order("GD2", "表扬")))
    (tmp_path / "b.csv").write_bytes(b"no such file")
    (tmp_path / "notes.md").write_text("left alone", encoding="utf-8")
    line = ("orders", "take", str(tmp_path), "--platform", "12345", "--scope", "4499.01.")
    told = run(capsys, *line, code=5)
    assert [(row["file"], row.get("opened"), row.get("quarantined")) for row in told["files"]] == [
        ("a.csv", 1, 1), ("b.csv", None, None),
    ]  # fmt: skip
    assert "表头缺少" in told["files"][1]["refused"]
    (tmp_path / "b.csv").unlink()
    assert run(capsys, *line)["files"][0]["new"] is False
    assert run(capsys, *line, "--strict", code=5)["quarantined"] == 1
    assert Proceeding.objects.count() == 1
    made = run(capsys, "orders", "differences", "--strict", code=5)
    assert [one["number"] for one in made["lists"][0]["lines"]] == ["GD2"]
    wrong = ("orders", "take", str(tmp_path / "none"), "--platform", "12345", "--scope", "4499.01.")
    run(capsys, *wrong, code=3)
    nobody = ("orders", "take", str(tmp_path), "--platform", "12345", "--scope", "9999.")
    assert "没有这个接收机构" in run(capsys, *nobody, code=1)["files"][0]["refused"]
