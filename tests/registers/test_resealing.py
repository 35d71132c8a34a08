"""The data key changes: what registers keep sealed is sealed anew, stays readable, and lets the old key go."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import resealing
from shiheng.kernel import clock, registry, sealing
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger import files, keyring, rotation
from shiheng.ledger.models import DataKeyRow
from shiheng.registers import actions, importing, writing
from shiheng.registers import resealing as registers
from shiheng.registers.contents import opened
from shiheng.registers.definition import ENGINE, fact
from shiheng.registers.models import Act, Entry, Row, Version
from shiheng.registers.writing import Saying
from tests import factories
from tests.registers.declared import STALLS

pytestmark = pytest.mark.django_db
CODE, PHONE, OTHER = STALLS.code, "13911112222", "13733334444"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path / "home"


@pytest.fixture
def firm(cast: Any) -> Any:
    return factories.subject("云泽市江口集贸市场有限公司", number=2001)


@pytest.fixture
def entry(cast: Any, firm: Any) -> Entry:
    facts = {"stall": "A-01", "kind": "scale", "phone": PHONE}
    made = actions.enter(cast.who("chief"), CODE, facts, subject=firm.pk)
    actions.change(cast.who("chief"), CODE, made.pk, {**facts, "phone": OTHER}, reason="换号")
    return Entry.objects.get(pk=made.pk)


def brought(cast: Any, firm: Any, *rows: tuple[str, str]) -> Act:
    lines = [
        "统一社会信用代码,摊位号,器具种类,摊主电话",
        *(f"{firm.uscc},{stall},电子秤,{phone}" for stall, phone in rows),
    ]
    kept = files.keep(BytesIO("\n".join(lines).encode()), sealed=True)
    return importing.begin(cast.who("chief"), CODE, kept, "台账.csv")


def sealed_values() -> Iterator[sealing.Sealed]:
    held = ((Version, "changes"), (Version, "facts"), (Row, "cells"), (Row, "plan"), (Entry, "facts"))
    for model, name in held:
        for values in model.objects.values_list(name, flat=True):
            yield from filter(None, (sealing.parse(v) for v in values.values() if isinstance(v, str)))


def test_after_a_rotation_all_is_under_the_new_key_and_the_old_one_is_gone(cast: Any, firm: Any, entry: Entry) -> None:
    act = brought(cast, firm, ("A-01", PHONE), ("A-02", PHONE))
    before = len(list(sealed_values()))
    assert before >= 8
    assert {found.key for found in sealed_values()} == {1}
    rotation.rotate(who=SYSTEM)
    done = resealing.run()
    assert (done.entries, done.unreadable, done.destroyed) == (5, 0, [1])
    assert {found.key for found in sealed_values()} == {2}
    assert len(list(sealed_values())) == before
    entry.refresh_from_db()
    assert opened(STALLS, entry.facts)["phone"] == OTHER
    said = Version.objects.filter(entry=entry).order_by("pk")
    assert [keyring.unsealed(row.changes["facts.phone"]) for row in said] == [PHONE, OTHER]
    assert [keyring.unsealed(row.facts["phone"]) for row in said] == [PHONE, OTHER]
    assert {keyring.unsealed(row.cells["摊主电话"]) for row in Row.objects.all()} == {PHONE}
    importing.confirm(cast.who("chief"), act.pk)
    held = Entry.objects.filter(live=True).order_by("key")
    assert [keyring.unsealed(one.facts["phone"]) for one in held] == [PHONE, PHONE]
    assert resealing.run() == resealing.Done()


def test_taken_back_after_it_was_sealed_anew_it_stands_as_before(cast: Any, entry: Entry) -> None:
    rotation.rotate(who=SYSTEM)
    resealing.run()
    actions.undo(cast.who("chief"), Act.objects.get(kind="change").pk, reason="没有换号")
    entry.refresh_from_db()
    assert keyring.unsealed(entry.facts["phone"]) == PHONE
    assert {found.key for found in sealed_values()} == {2}


def test_the_same_value_under_another_key_is_no_change(cast: Any, firm: Any, entry: Entry) -> None:
    rotation.rotate(who=SYSTEM)
    facts = {"stall": "A-01", "kind": "scale", "phone": OTHER}
    with pytest.raises(Refused, match="没有变化"):
        actions.change(cast.who("chief"), CODE, entry.pk, facts, reason="核对")
    act = brought(cast, firm, ("A-01", OTHER))
    assert act.lines.get().outcome == "same"


def test_one_half_sealed_anew_is_told_no_second_time(cast: Any, entry: Entry) -> None:
    fresh = rotation.rotate(who=SYSTEM)
    first = Version.objects.order_by("pk")[0]
    anew = sealing.seal(PHONE, fresh, "phone")
    first.changes["facts.phone"] = first.facts["phone"] = anew
    first.save()
    actions.move(cast.who("chief"), CODE, entry.pk, "remove", reason="撤摊")
    assert not Version.objects.exclude(restates=None).exists()


def test_what_a_later_version_calls_personal_is_sealed_on_the_way(cast: Any, entry: Entry) -> None:
    class Stall(BaseModel):
        stall: str = fact("摊位号", personal="name", max_length=20)

    registry.declare(
        ENGINE, replace(STALLS, facts=Stall, key=(), due="", counted_by=(), in_force_from=date(2030, 1, 1))
    )
    rotation.rotate(who=SYSTEM)
    resealing.run()
    entry.refresh_from_db()
    assert keyring.unsealed(entry.facts["stall"]) == "A-01"
    assert entry.facts["stall"] != "A-01"


def test_what_is_written_meanwhile_is_not_written_over(cast: Any, entry: Entry) -> None:
    fresh = rotation.rotate(who=SYSTEM)
    slices: list[int] = []

    def going() -> None:
        slices.append(1)
        if len(slices) == 2:  # versions are done, the entries have just been read
            facts = {"stall": "A-01", "kind": "meter", "phone": PHONE}
            actions.change(cast.who("chief"), CODE, entry.pk, facts, reason="换表")

    registers.run(_under(fresh), going=going)
    entry.refresh_from_db()
    assert entry.facts["kind"] == "meter"
    assert keyring.unsealed(entry.facts["phone"]) == PHONE
    assert not registers.holds(1)


def _under(key: sealing.DataKey) -> Callable[[Any, str], Any]:
    def fresh(value: Any, kind: str) -> Any:
        found = sealing.parse(value) if isinstance(value, str) else None
        return sealing.seal(keyring.unsealed(value), key, found.kind) if found else value

    return fresh


def test_stopped_it_goes_on_later(entry: Entry) -> None:
    rotation.rotate(who=SYSTEM)
    steps: list[str] = []

    def stops() -> bool:
        return "名录" in steps

    done = resealing.run(progress=lambda step, _done, _total: steps.append(step), should_stop=stops)
    assert done.stopped
    assert keyring.numbers() == [1, 2]
    assert resealing.run().destroyed == [1]


def test_what_was_sealed_under_a_key_that_went_meanwhile_is_refused(cast: Any, firm: Any) -> None:
    who = cast.who("chief")
    facts = {"stall": "A-01", "kind": "scale", "phone": PHONE}
    whole = actions.entering(who, STALLS, facts, subject=firm.pk, since=None, until=None)
    rotation.rotate(who=SYSTEM)
    assert resealing.run().destroyed == [1]
    act = Act.objects.create(register=CODE, kind="enter", actor="x", by="x", at=clock.now(), day=clock.today())
    with pytest.raises(Conflict):
        writing.write(act, [Saying(clock.today(), whole)])


def test_every_write_of_something_sealed_counts_its_key(cast: Any, entry: Entry) -> None:
    uses = DataKeyRow.objects.get(number=1).uses
    actions.move(cast.who("chief"), CODE, entry.pk, "remove", reason="撤摊")
    assert DataKeyRow.objects.get(number=1).uses == uses + 1
