"""A batch taken back leaves the file as if it had never come, whatever it had joined, and whatever came after it."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions, matching, queries, sources, withdrawal
from shiheng.fusion.models import Batch, Contest, Link, Nameless, Quarantined
from shiheng.kernel import clock, identifiers
from shiheng.kernel.errors import Conflict, Missing, Refused
from shiheng.ledger import queries as log
from shiheng.subjects.models import Identifier, Record, Subject
from tests.factories import uscc
from tests.fusion import sources as declared

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 5)
KEYS = [None, 1, 2, 3]

CONTRACT = declared.contract(
    declared.column("code", "uscc", "信用代码"),
    declared.column("number", "regno", "注册号"),
    declared.column("own", "identifier", "内部号"),
    declared.column("title", "name", "名称"),
    declared.column("place", "address", "地址"),
    declared.column("permit", "identifier", "证号"),
    declared.column("op", "text", "操作"),
    custom={"department": "测试科", "deliveries": ["increment", "snapshot", "deletions"]},
)
FILES = {
    "identify": ["code", "number", "own"],
    "statements": {"uscc": "code", "regno": "number", "pripid": "own", "name": "title", "address": "place"},
    "authority": {"name": 1, "uscc": 1},
}
PERMITS = {
    **FILES,
    "authority": {"name": 9},
    "record": {"kind": "permit", "key": "permit", "facts": {"number": "permit"}},
    "deleted": {"column": "op", "values": ["d"]},
    "identify_by_name": {"name": "title", "second": ["address"]},
}


@pytest.fixture
def two_sources(tmp_path: Path) -> None:
    """``sample`` says one thing of a subject, ``papers`` many."""
    sources.add(declared.folder(tmp_path / "sample", CONTRACT, FILES))
    sources.add(declared.folder(tmp_path / "papers", {**CONTRACT, "id": "papers"}, PERMITS))


HEADERS = {"code": "信用代码", "number": "注册号", "own": "内部号", "title": "名称", "place": "地址",
           "permit": "证号", "op": "操作"}  # fmt: skip


def regno(number: int) -> str:
    """A 15-digit registration number whose check digit is right."""
    body = f"4499016{number:07d}"
    return next(f"{body}{c}" for c in "0123456789" if identifiers.regno_fault(f"{body}{c}") is None)


def land(
    rows: list[dict[str, str]], *, day: int = 1, source: str = "sample", scope: str = "4499.", **more: Any
) -> Batch:
    lines = [",".join(HEADERS.values()), *(",".join(row.get(name, "") for name in HEADERS) for row in rows)]
    with clock.standing_at(FIRST + timedelta(days=day)):
        batch = actions.land(
            source, BytesIO("\r\n".join(lines).encode()), filename="f.csv", who=SYSTEM, scope=scope, **more
        )
        return settled(batch)


def settled(batch: Batch) -> Batch:
    """Taken as far as it goes, and what it changed for rows without a code judged anew."""
    done = actions.advance(batch.pk)
    assert matching.settle().stands
    return done


def withdraw(batch: Batch, day: int = 60) -> Batch:
    with clock.standing_at(FIRST + timedelta(days=day)):
        withdrawal.begin(batch.pk, who=SYSTEM, reason="试验")
        return settled(batch)


def row(code: int | None = None, number: int | None = None, own: int | None = None, **more: str) -> dict[str, str]:
    said = {
        "code": uscc(code) if code else "",
        "number": regno(number) if number else "",
        "own": f"P{own}" if own else "",
    }
    return {**said, **more}


def stands() -> list[dict[str, Any]]:
    return [json.loads(line) for line in queries.canonical()]


def names() -> dict[str, str]:
    return {line["mint_key"]: line["name"] for line in stands()}


# --- one batch --------------------------------------------------------------------------------------------------------
def test_the_only_batch_of_a_subject_leaves_nothing(two_sources):
    batch = land([row(1, title="甲店")])
    assert withdraw(batch).state == "withdrawn"
    assert stands() == []
    assert not Identifier.objects.exists()
    assert Subject.objects.get().live is False
    assert Link.objects.count() == 1
    assert [leaf.kind for leaf in log.history(f"batch:{batch.pk}")][-1] == "batch.withdrawn"


def test_the_earlier_value_stands_again_and_the_day_between_still_shows_the_later(two_sources):
    land([row(1, title="甲店")], day=1)
    later = land([row(1, title="乙店")], day=10)
    subject = Subject.objects.get()
    assert subject.name == "乙店"
    withdraw(later, day=20)
    subject.refresh_from_db()
    assert (subject.name, subject.fields["name"]["why"]) == ("甲店", "唯一来源")
    on = {day: queries.as_of(subject.pk, FIRST + timedelta(days=day))["name"]["value"] for day in (5, 15, 25)}
    assert on == {5: "甲店", 15: "乙店", 25: "甲店"}


def test_what_only_the_withdrawn_rows_joined_comes_apart(two_sources):
    joins = land([row(1, number=1, title="甲店")], day=1)
    land([row(number=1, title="甲店旧号")], day=2)
    land([row(1, title="甲店新号")], day=3)
    assert len(names()) == 1
    withdraw(joins)
    assert names() == {f"regno:{regno(1)}": "甲店旧号", f"uscc:{uscc(1)}": "甲店新号"}
    old = Link.objects.get(batch__withdrawn_on=None, until__isnull=False)
    assert (old.until, old.subject.mint_key) == (FIRST + timedelta(days=60), f"uscc:{uscc(1)}")


def test_the_same_file_may_come_again_after_it_was_taken_back(two_sources):
    first = land([row(1, title="甲店")])
    before = stands()
    withdraw(first)
    again = land([row(1, title="甲店")])
    assert again.pk != first.pk
    assert stands() == before
    assert Subject.objects.count() == 1
    with pytest.raises(Conflict, match="已经撤回"):
        withdrawal.begin(first.pk, who=SYSTEM, reason="再来一次")


def test_a_batch_on_its_way_is_taken_back_where_it_stands(two_sources):
    with clock.standing_at(FIRST):
        batch = actions.land("sample", BytesIO("名称,信用代码\r\n甲店,".encode() + uscc(1).encode()), filename="f.csv",
                             who=SYSTEM, scope="4499.")  # fmt: skip
        withdrawal.begin(batch.pk, who=SYSTEM, reason="错发")
        assert actions.advance(batch.pk).state == "withdrawn"
    assert not Subject.objects.exists()
    assert not Quarantined.objects.exists()


# --- snapshots, deletions, corrections --------------------------------------------------------------------------------
def test_a_full_list_closes_what_it_no_longer_holds(two_sources):
    paper = {"title": "甲店", "permit": "A1"}
    land([row(1, **paper), row(2, title="乙店", permit="B1")], source="papers", delivery="snapshot", day=1)
    second = land([row(1, **paper)], source="papers", delivery="snapshot", day=31)
    gone = {r.key: r.gone_on for r in Record.objects.all()}
    assert gone == {"A1": None, "B1": FIRST + timedelta(days=31)}
    (kept,) = [line for line in stands() if line["name"] == "乙店"]
    assert kept["live"] is False
    assert kept["fields"]["name"]["why"].startswith("来源自 2026-02-05 起不再报送")
    withdraw(second)
    assert set(Record.objects.values_list("gone_on", flat=True)) == {None}


def test_another_offices_full_list_closes_nothing_of_ours(two_sources):
    land([row(1, title="甲店", permit="A1")], source="papers", delivery="snapshot", day=1)
    lines = "\r\n".join(["名称,信用代码,证号", f"丙店,{uscc(3)},C1"])
    with clock.standing_at(FIRST + timedelta(days=31)):
        batch = actions.land("papers", BytesIO(lines.encode()), filename="b.csv", who=SYSTEM, scope="4499.02.",
                             delivery="snapshot")  # fmt: skip
        actions.advance(batch.pk)
    assert set(Record.objects.values_list("key", "gone_on")) == {("A1", None), ("C1", None)}


def test_a_deletion_takes_back_one_record_and_a_later_row_brings_it_back(two_sources):
    land([row(1, title="甲店", permit="A1"), row(1, title="甲店", permit="A2")], source="papers", day=1)
    land([row(1, permit="A1", op="d")], source="papers", day=2)
    assert dict(Record.objects.values_list("key", "gone_on")) == {"A1": FIRST + timedelta(days=2), "A2": None}
    land([row(1, title="甲店", permit="A1")], source="papers", day=3)
    assert set(Record.objects.values_list("gone_on", flat=True)) == {None}


def test_a_file_of_deletions_takes_back_what_its_source_said_of_a_subject(two_sources):
    land([row(1, title="甲店", place="码头路1号"), row(2, title="乙店")], day=1)
    land([row(1)], delivery="deletions", day=2)
    one, two = Subject.objects.get(uscc=uscc(1)), Subject.objects.get(uscc=uscc(2))
    assert (one.live, one.name, two.live) == (False, "甲店", True)


def test_a_corrected_file_takes_the_place_of_its_batch(two_sources):
    wrong = land([row(1, title="甲店"), row(2, title="乙店")], day=1)
    right = land([row(1, title="甲食品店")], day=2, replaces=wrong.pk)
    with clock.standing_at(FIRST + timedelta(days=2)):
        actions.advance(wrong.pk)
    wrong.refresh_from_db()
    assert (wrong.state, wrong.reason, right.state) == ("withdrawn", f"由批次 {right.pk} 更正", "published")
    assert names() == {f"uscc:{uscc(1)}": "甲食品店"}
    with pytest.raises(Conflict, match="不必写明更正"):
        land([row(1)], day=3, replaces=wrong.pk)
    with pytest.raises(Missing, match="没有编号为 999"):
        land([row(1)], day=3, replaces=999)


def test_only_the_agreed_ways_of_delivery_are_taken(tmp_path):
    sources.add(
        declared.folder(tmp_path / "plain", declared.contract(declared.CODE, declared.TITLE), declared.mapping())
    )
    with pytest.raises(Refused, match="约定的报送方式是增量，不能以“删除”报送"):
        land([row(1)], delivery="deletions")


# --- rows without a code ----------------------------------------------------------------------------------------------
def test_a_row_without_a_code_goes_to_the_one_its_name_and_door_mean(two_sources):
    land([{"title": "甲店", "place": "码头路1号", "permit": "A1"}], source="papers", day=1)
    assert not Link.objects.exists()
    land([row(1, title="甲店", place="码头路 1 号"), row(2, title="甲店", place="码头路2号")], day=2)
    assert Record.objects.get().subject.uscc == uscc(1)
    renamed = land([row(1, title="甲店", place="码头路3号")], day=3)
    assert Record.objects.get().subject.uscc == uscc(1)  # a door it had is a sign too
    withdraw(renamed)
    assert Record.objects.get().subject.uscc == uscc(1)


def test_where_two_agree_alike_nobody_is_chosen(two_sources):
    land([row(1, title="甲店", place="码头路1号")], day=1)
    land([{"title": "甲店", "place": "码头路1号", "permit": "A1"}], source="papers", day=2)
    assert Record.objects.count() == 1
    second = land([row(2, title="甲店", place="码头路1号")], day=3)
    assert Record.objects.count() == 0
    assert Link.objects.get(by="name").until == FIRST + timedelta(days=3)
    withdraw(second)
    assert Record.objects.get().subject.uscc == uscc(1)


def test_whoever_loses_a_row_to_doubt_has_the_file_written_anew(two_sources):
    land([row(1, title="甲店", place="码头路1号"), row(2, title="甲店", place="码头路2号")], day=1)
    land([{"title": "甲店", "place": "码头路1号", "permit": "A1"}], source="papers", day=2)
    assert Record.objects.get().subject.uscc == uscc(1)
    doubtful = [row(2, title="甲店", place="码头路1号"), {"title": "甲店", "place": "码头路9号", "permit": "A2"}]
    land(doubtful, source="papers", day=3)
    assert not Record.objects.exists()


def test_the_correction_of_a_file_refused_or_withdrawn_meanwhile_stands_all_the_same(two_sources):
    wrong = land([row(1, title="甲店")], day=1)
    with clock.standing_at(FIRST + timedelta(days=2)):
        body = f"名称,信用代码\r\n甲食品店,{uscc(1)}".encode()
        right = actions.land("sample", BytesIO(body), filename="g.csv", who=SYSTEM, scope="4499.", replaces=wrong.pk)
    withdraw(wrong, day=2)
    with clock.standing_at(FIRST + timedelta(days=2)):
        assert actions.advance(right.pk).state == "published"
    assert names() == {f"uscc:{uscc(1)}": "甲食品店"}


def test_a_subject_that_only_a_name_pointed_to_is_no_subject(two_sources):
    first = land([row(1, title="甲店", place="码头路1号")], day=1)
    land([{"title": "甲店", "place": "码头路1号", "permit": "A1"}], source="papers", day=2)
    withdraw(first)
    assert stands() == []
    assert Nameless.objects.get().subject_id is None


# --- any sequence -----------------------------------------------------------------------------------------------------
_ROWS = st.lists(
    st.builds(
        lambda code, number, own, title, place, permit, op: row(
            code, number, own, title=title, place=place, permit=permit, op=op
        ),
        st.sampled_from(KEYS),
        st.sampled_from(KEYS),
        st.sampled_from(KEYS),
        st.sampled_from(["甲店", "乙店", "丙店"]),
        st.sampled_from(["", "码头路1号", "码头路2号"]),
        st.sampled_from(["", "A1", "A2"]),
        st.sampled_from(["", "", "d"]),
    ),
    min_size=1,
    max_size=4,
)
_BATCHES = st.lists(
    st.tuples(
        st.sampled_from(["sample", "papers"]),
        st.sampled_from(["increment", "increment", "snapshot", "deletions"]),
        _ROWS,
        st.booleans(),  # withdrawn in the end
        st.integers(0, 5),  # and after how many further batches
    ),
    min_size=1,
    max_size=6,
)


class _EndError(Exception):
    """Leaves the transaction of one telling."""


def told(tell: Callable[[], None]) -> list[str]:
    """What stands after ``tell``, in a database where nothing else has happened; nothing of it stays."""
    stood: list[str] = []
    try:
        with transaction.atomic():
            tell()
            stood += queries.canonical()
            raise _EndError
    except _EndError:
        pass
    return stood


def _undone_equals_never(batches: list[tuple[Any, ...]]) -> None:
    def with_undoing() -> None:
        due: list[tuple[int, Batch]] = []
        for day, (source, delivery, rows, undone, after) in enumerate(batches):
            batch = land(rows, source=source, delivery=delivery, day=day, key=f"{day}")
            if undone:
                due.append((day + after, batch))
            for _, old in [d for d in due if d[0] <= day]:
                withdraw(old, day=day)
            due = [d for d in due if d[0] > day]
        for _, old in reversed(due):
            withdraw(old)
        assert not Contest.objects.filter(speaker__identifiers=None, batch__state="published").exists()

    def without() -> None:
        for day, (source, delivery, rows, undone, _) in enumerate(batches):
            if not undone:
                land(rows, source=source, delivery=delivery, day=day, key=f"{day}")

    assert told(with_undoing) == told(without)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=_BATCHES)
def test_undoing_any_batches_equals_never_having_loaded_them(two_sources_once, batches):
    _undone_equals_never(batches)


@pytest.mark.slow
@settings(max_examples=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=_BATCHES)
def test_undoing_any_of_two_thousand_sequences(two_sources_once, batches):
    _undone_equals_never(batches)


@pytest.fixture
def two_sources_once(two_sources: None) -> None:
    """The sources stay for all examples of one test."""
