"""The register kept on the disk: true or not used, whole or not there, and rows judged by it as without it."""

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as platform
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import asking, judging, matching, prepared, publish, queries, withdrawal
from shiheng.fusion.match import judge, sides
from shiheng.fusion.models import Fold, Nameless
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from tests.factories import uscc
from tests.fusion.test_judging import land, paper, shops, subject, two_sources

pytestmark = pytest.mark.django_db
__all__ = ["shops", "two_sources"]


@pytest.fixture
def prepares(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a register was prepared from the statements."""
    made: list[int] = []
    read = matching.register

    def count() -> judge.Register:
        made.append(1)
        return read()

    monkeypatch.setattr(matching, "register", count)
    return made


def folder() -> Path:
    return platform.HOME / prepared.FOLDER


def as_if_never_kept() -> dict[int, tuple[Any, ...]]:
    """Every row judged anew against a register made now."""
    shutil.rmtree(folder(), ignore_errors=True)
    Fold.objects.filter(name=prepared.KEPT).delete()
    rows = list(Nameless.objects.filter(batch__state__in=["published"]).values_list("pk", flat=True))
    return {pk: found.kept() for pk, found in matching.judged(rows).items()}


def test_rows_without_a_code_are_judged_as_they_come_and_the_register_is_not_prepared_again(shops, prepares):
    for number, title in enumerate(["恒润食品", "老周火锅店", "衡闰食品有限公司"]):
        paper(title, "晨星路9号", "陈伟", permit=f"A{number}", day=2 + number)
    assert len(prepares) == 1
    stored = {row.pk: row.kept for row in matching._rows(Nameless.objects.all())}
    assert stored == as_if_never_kept()


def test_only_new_rows_are_judged_while_the_register_stands_and_all_when_it_changes(shops, cast):
    first = paper("恒润食品", "晨星路9号", permit="A1")
    assert judged_now() == 0
    new = paper_unsettled("老周火锅店", permit="A2", day=3)
    assert judged_now() == 1
    judging.say(new.pk, "unsure", who=cast.who("data"))
    assert judged_now() == 1
    land("sample", "信用代码,名称,地址,负责人", f"{uscc(5)},恒润食品商行,晨星路11号,陈伟", day=4)
    assert Nameless.objects.get(pk=first.pk).candidates[0]["signs"]["name"][1] == 2


def judged_now() -> int:
    done = matching.settle()
    assert done.stands
    return done.judged


def paper_unsettled(title: str, permit: str, day: int) -> Nameless:
    from io import BytesIO

    from shiheng.fusion import actions
    from tests.fusion.test_judging import FIRST

    with clock.standing_at(FIRST + timedelta(days=day)):
        body = f"信用代码,名称,地址,负责人,证号\r\n,{title},,王五,{permit}".encode()
        batch = actions.advance(
            actions.land("papers", BytesIO(body), filename="f.csv", who=SYSTEM, scope="4499.01.").pk
        )
    return Nameless.objects.get(batch=batch)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["row", "shop", "both", "withdraw", "judge", "settle"]), min_size=3, max_size=7))
def test_whatever_came_in_whatever_order_rows_stand_as_if_all_were_judged_at_once(
    shops, cast, steps: list[str], request: Any
) -> None:
    from tests.fusion.test_judging import FIRST

    state = request.node.stash.setdefault(_STEP, [100])
    batches = []
    for step in steps:
        state[0] += 1
        number = state[0]
        with clock.standing_at(FIRST + timedelta(days=10)):
            if step in {"row", "both"}:
                batches.append(paper_unsettled("老周火锅店", permit=f"P{number}", day=10).batch)
            if step in {"shop", "both"}:
                batches.append(shop(number))
            if step == "withdraw" and batches:
                gone = batches.pop(0)
                withdrawal.begin(gone.pk, who=SYSTEM, reason="试")
                advance(gone.pk)
            if step == "judge" and (row := Nameless.objects.filter(decision="tie").first()) and row.candidates:
                judging.say(row.pk, "unsure", who=cast.who("data"), subject=row.candidates[0]["subject"])
                judging.undo(row.pk, who=cast.who("data"))
            if step == "settle":
                matching.settle()
    while not matching.settle().stands:
        pass
    live = Nameless.objects.filter(batch__state="published")
    stored = {row.pk: row.kept for row in matching._rows(live)}
    assert stored == as_if_never_kept()


_STEP = pytest.StashKey[list[int]]()


def advance(number: int) -> Any:
    from shiheng.fusion import actions

    return actions.advance(number)


def shop(number: int) -> Any:
    from io import BytesIO

    from shiheng.fusion import actions

    body = f"信用代码,名称,地址,负责人\r\n{uscc(number)},老周火锅店,码头路{number}号,周{number}".encode()
    return advance(actions.land("sample", BytesIO(body), filename="f.csv", who=SYSTEM, scope="4499.01.").pk)


def test_a_register_that_changed_since_is_not_taken_for_the_present_one(shops):
    paper("老周火锅店")
    kept = prepared.opened()
    assert kept is not None
    assert kept.current
    shop(7)
    old = prepared.opened()
    assert old is not None
    assert not old.current
    assert asking.ask({"name": "老周火锅店", "address": "码头路7号"}, who=SYSTEM).current is False
    fresh = asking.ask_now({"name": "老周火锅店", "address": "码头路7号"}, who=SYSTEM)
    assert fresh.current
    assert (fresh.decision, fresh.subject) == ("auto", subject(7))


def test_a_folder_half_written_or_of_another_version_is_nobodys_register(shops, prepares):
    paper("老周火锅店")
    (folder() / ".0123456789abcdef").mkdir()
    (folder() / ".0123456789abcdef" / "names.arrow").write_bytes(b"half")
    kept = next(path for path in folder().iterdir() if path.is_dir() and not path.name.startswith("."))
    (kept / "keys.arrow").rename(kept / "elsewhere")
    prepared._opened = None
    assert prepared.opened() is None
    assert prepared.register(matching.register).current
    assert len(prepares) == 2
    assert [path.is_dir() for path in folder().iterdir() if path.name != "lock"] == [True]
    stamp = next(folder().glob("*/stamp.json"))
    stamp.write_text(stamp.read_text().replace('"matcher": "', '"matcher": "0'))
    prepared._opened = None
    assert prepared.opened() is None


def test_a_register_read_while_it_changed_is_used_once_and_not_kept(shops):
    def changing() -> judge.Register:
        read = matching.register()
        shop(8)
        return read

    Fold.objects.filter(name=prepared.KEPT).delete()
    assert prepared.register(changing).of < publish.register_of(publish.counts())
    assert prepared.opened() is None


def test_a_process_that_reads_goes_on_reading_what_another_takes_the_place_of(shops):
    paper("恒润食品", "晨星路9号")
    before = prepared.opened()
    assert before is not None
    take_away = "import shutil, sys; shutil.rmtree(sys.argv[1])"
    for path in filter(Path.is_dir, folder().iterdir()):
        subprocess.run([sys.executable, "-c", take_away, str(path)], check=True, timeout=60)
    found = matching.judged_alone({"name": "恒润食品", "address": "晨星路9号"}, before.register)
    assert found.subject == subject(3)
    prepared.keep(before.register, of=before.of)
    again = prepared.opened()
    assert again is not None
    assert matching.judged_alone({"name": "恒润食品", "address": "晨星路9号"}, again.register) == found


def test_one_record_gets_the_answer_its_row_gets(shops):
    signs = {"name": "衡闰食品", "address": "晨星路九号", "person": "陈玮"}
    row = paper(signs["name"], signs["address"], signs["person"])
    answer = asking.ask(signs, who=SYSTEM)
    assert (answer.decision, answer.subject, answer.score) == (row.decision, row.subject_id, row.likely)
    assert [one.subject.pk for one in answer.candidates] == [one["subject"] for one in row.candidates]
    assert [one.reasons for one in answer.candidates] == [judging.explained(one) for one in row.candidates]
    assert Nameless.objects.count() == 1


def test_a_known_code_decides_as_it_does_for_a_row(shops):
    paper("老周火锅店")
    answer = asking.ask({"name": "别的名称", "code": f" {uscc(3).lower()} "}, who=SYSTEM)
    assert (answer.decision, answer.by, answer.subject, answer.score) == ("auto", "uscc", subject(3), 1.0)
    assert [reason.text for reason in answer.candidates[0].reasons] == ["统一社会信用代码相同"]


@pytest.mark.parametrize(
    "record", [{}, {"name": " "}, {"address": "码头路1号"}, {"name": "甲" * 301}, {"phone": "138****5678"}]
)
def test_what_is_no_record_is_refused(record):
    with pytest.raises(Refused):
        asking.ask(record, who=SYSTEM)


def test_whether_a_telephone_is_somebodys_is_not_told_to_who_may_not_read_it(shops, cast):
    known = judge.register(sides.side(_said(), ["云泽市"]), total=3)
    paper("老周火锅店")
    prepared.keep(known, of=publish.register_of(publish.counts()))
    record = {"name": "恒润食品有限公司", "phone": "13812345678"}
    outside, inside = (asking.ask(record, who=cast.who(column)).candidates[0] for column in ("data", "chief"))
    assert ([r.sign for r in outside.reasons], outside.hidden) == (["name"], ("电话",))
    assert {r.sign for r in inside.reasons} == {"name", "phone"}
    assert outside.score == inside.score


def _said() -> Any:
    import polars as pl

    lines = [
        (subject(3), "name", "恒润食品有限公司"),
        (subject(3), "phone", "13812345678"),
        (subject(1), "name", "老周火锅店"),
    ]
    return pl.DataFrame(lines, schema=["id", "field", "value"], orient="row")


def test_withdrawn_as_if_it_had_never_come_with_the_register_kept(shops):
    before = list(queries.canonical())
    batch = land("sample", "信用代码,名称,地址,负责人", f"{uscc(9)},恒润食品商行,晨星路10号,陈伟", day=5)
    paper("恒润食品", "晨星路9号", "陈伟", day=6)
    with_it = Nameless.objects.get().candidates
    withdrawal.begin(batch.pk, who=SYSTEM, reason="试")
    advance(batch.pk)
    matching.settle()
    without = Nameless.objects.get().candidates
    assert with_it != without
    gone = Nameless.objects.get().batch
    withdrawal.begin(gone.pk, who=SYSTEM, reason="试")
    advance(gone.pk)
    matching.settle()
    assert list(queries.canonical()) == before
