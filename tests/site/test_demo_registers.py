"""The registers of the invented city are alive: entries on every one, steps taken, ends near, a faulty file waiting."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from shiheng.kernel import clock, registry
from shiheng.registers import queries
from shiheng.registers.definition import ENGINE
from shiheng.registers.models import Act, Entry, Note, Row
from shiheng.site import demo, demo_registers
from shiheng.site.cli.answers import Progress

UNTIL = date(2026, 11, 20)


@pytest.fixture
def city(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "folder", lambda: tmp_path)
    demo.seat(size=400, seed=3, until=UNTIL.isoformat())
    demo._register(demo.plan(), Progress(wanted=False))


def kept() -> set[str]:
    return {register.code for register in registry.all_of(ENGINE, on=UNTIL) if register.feed is None}


def test_every_register_has_entries_and_its_life(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_registers, "WHOLE", 3_000)  # a few of each in so small a city
    demo_registers.live(UNTIL, size=400, seed=3)
    counts = Counter(Entry.objects.filter(live=True).values_list("register", flat=True))
    by_files = {"complaints.advance_payments", "enforcement.punished_persons", "enforcement.model_cases"}
    assert not kept() - set(counts) - by_files, "nobody brings what files write by themselves"
    faulty = Act.objects.filter(kind="import").exclude(state__in=("done", "preview"))
    assert not faulty.exists()
    assert not Act.objects.filter(kind="import", state="done", faulty__gt=0).exists(), [
        (row.act.register, row.why) for row in Row.objects.filter(outcome="faulty", act__state="done")[:5]
    ]
    assert Entry.objects.filter(state="asked").exists(), "applications wait"
    with clock.standing_at(UNTIL):
        near = Entry.objects.filter(live=True).filter(queries.standing_as("soon", UNTIL))
        assert near.values("register").distinct().count() >= 5
    (waiting,) = Act.objects.filter(kind="import", state="preview")
    assert (waiting.by, waiting.faulty) == ("舒据", 5)
    (taken_back,) = Act.objects.filter(kind="bulk")
    assert (taken_back.state, taken_back.taken > 1) == ("undone", True)
    assert Note.objects.filter(undone=False).count() > 20
    assert {"move", "renew", "change", "apply"} & set(Act.objects.values_list("kind", flat=True))


def test_a_start_cut_off_goes_on_and_the_second_start_does_nothing(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class CutOffError(Exception):
        pass

    def cut_off(*_given: object) -> None:
        raise CutOffError

    with monkeypatch.context() as held:
        held.setattr(demo_registers, "_undo_many", cut_off)
        with pytest.raises(CutOffError):
            demo_registers.live(UNTIL, size=400, seed=3)
    before = told()
    demo_registers.live(UNTIL, size=400, seed=3)
    after = told()
    assert set(before) <= set(after)
    demo_registers.live(UNTIL, size=400, seed=3)
    assert told() == after


def told() -> list[tuple[str, str, str]]:
    return sorted(Act.objects.values_list("register", "kind", "reason"))
