"""A refused row is mended by proposal or by hand and comes in as if it had been right; or is left out, with a why."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from shiheng.accounts.permissions import SYSTEM, Who
from shiheng.fusion import actions, mending, queries, sheets, sources, withdrawal
from shiheng.fusion.models import Batch, Mending, Quarantined
from shiheng.jobs import runner
from shiheng.kernel import clock, identifiers
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import queries as log
from shiheng.subjects.models import Record, Subject
from tests.factories import uscc
from tests.fusion import sources as declared

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 5)


def sound(number: int) -> str:
    """A code in which everything is right, the organisation code inside it too."""
    orgcode = f"MA{number:06d}"
    body = f"91449901{orgcode}{identifiers.orgcode_check_character(orgcode)}"
    return body + identifiers.uscc_check_character(body)


def typed(code: str) -> str:
    """One character of it wrong, so that only it can have been meant."""
    slips = (code[:at] + c + code[at + 1 :] for at in range(9, 16) for c in "0123456789")
    return next(slip for slip in slips if identifiers.repair_uscc(slip) == code)


GOOD, OTHER = sound(1), sound(2)
TYPED = typed(GOOD)

CONTRACT = declared.contract(
    declared.column("code", "uscc", "信用代码"),
    declared.column("title", "name", "名称", required=True),
    declared.column("place", "address", "地址"),
    declared.column("opened", "day", "成立日期"),
    declared.column("permit", "identifier", "证号", unique=True),
    custom={
        "department": "测试科",
        "deliveries": ["increment", "snapshot", "deletions"],
        "maxQuarantinedShare": 0.9,
    },
)
SAID = {
    "identify": ["code"],
    "statements": {"uscc": "code", "name": "title", "address": "place", "established": "opened"},
    "authority": {"name": 1, "uscc": 1},
    "record": {"kind": "permit", "key": "permit", "facts": {"number": "permit"}},
}
HEADERS = {"code": "信用代码", "title": "名称", "place": "地址", "opened": "成立日期", "permit": "证号", "left": "备注"}


@pytest.fixture(autouse=True)
def sample(tmp_path: Any) -> None:
    sources.add(declared.folder(tmp_path / "sample", CONTRACT, SAID))


def land(rows: list[dict[str, str]] | bytes, *, day: int = 1, **more: Any) -> Batch:
    lines = rows if isinstance(rows, bytes) else _csv(rows)
    with clock.standing_at(FIRST + timedelta(days=day)):
        words = {"filename": "f.csv", "who": SYSTEM, "scope": "4499.01.", **more}
        return actions.advance(actions.land("sample", BytesIO(lines), **words).pk)


def _csv(rows: list[dict[str, str]]) -> bytes:
    return "\r\n".join(
        [",".join(HEADERS.values()), *(",".join(row.get(name, "") for name in HEADERS) for row in rows)]
    ).encode()


def work(day: int = 40) -> None:
    with clock.standing_at(FIRST + timedelta(days=day)):
        runner.work(until_idle=True, names=frozenset({actions.ADVANCE, mending.ENTER, mending.MANY}))


def change(contract: dict[str, Any]) -> None:
    """Put the next version of the contract in its place."""
    declared.folder(settings.HOME / "sources" / "sample", contract, SAID)
    sources._read.clear()


def only(batch: Batch) -> Quarantined:
    return Quarantined.objects.get(batch=batch)


FINE = {"code": OTHER, "title": "云泽市青禾粮油有限公司", "permit": "X9"}
WRONG = {"code": TYPED, "title": "云泽市恒达食品有限公司", "place": "江口路1号", "permit": "X1", "left": "见附件"}
RIGHT = {**WRONG, "code": GOOD}


def file_of(number: str) -> Subject:
    return Subject.objects.get(uscc=number)


def canonical() -> list[str]:
    """The subject file without the days on which it was written."""
    lines = [json.loads(line) for line in queries.canonical()]
    return [json.dumps({**line, "updated_on": ""}, ensure_ascii=False, sort_keys=True) for line in lines]


# --- what is proposed -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "title", "proposed"),
    [
        ({"code": TYPED}, "信用代码", GOOD),
        ({"code": GOOD, "title": "云泽恒达食品商行".encode().decode("latin-1")}, "名称", "云泽恒达食品商行"),
        ({"code": GOOD, "opened": "2026-02-30"}, "成立日期", ""),
    ],
)
def test_a_cell_in_which_only_one_thing_can_be_meant_is_given_it(
    cells: dict[str, str], title: str, proposed: str
) -> None:
    row = only(land([FINE, {**WRONG, **cells}]))
    sheet = sheets.sheet_of(row.batch)
    shown = {cell.title: cell for cell in sheet.view(row)}
    assert shown[title].proposed == proposed
    assert shown[title].reasons
    assert shown["证号"].value == "X1"
    assert shown["备注"].column is None


def test_a_row_cut_in_two_by_a_comma_is_joined_again() -> None:
    lines = ["信用代码,名称,成立日期", f"{OTHER},青禾商行,2026-01-01", f"{GOOD},恒达,食品商行,2026-01-02"]
    row = only(land("\r\n".join(lines).encode()))
    assert [reason["code"] for reason in row.reasons] == ["row.width"]
    mending.accept(row.pk, who=SYSTEM)
    work()
    assert file_of(GOOD).name == "恒达,食品商行"
    assert file_of(GOOD).fields["established"]["value"] == "2026-01-02"


# --- how it comes in --------------------------------------------------------------------------------------------------
def test_an_accepted_proposal_brings_the_row_in_as_if_it_had_been_right() -> None:
    wrong = land([FINE, WRONG])
    row = only(wrong)
    with clock.standing_at(FIRST + timedelta(days=9)):
        mending.accept(row.pk, who=SYSTEM)
    work(day=9)
    row.refresh_from_db()
    made = Batch.objects.get(mends=wrong)
    assert (row.state, made.state) == ("mended", "published")
    assert (made.rows_in, made.accepted, made.quarantined) == (1, 1, 0)
    held = Mending.objects.get(quarantined=row)
    assert (held.before, held.after, held.batch, held.row) == ({"信用代码": TYPED}, {"信用代码": GOOD}, made, 1)
    assert held.why.startswith("只改一个字符")
    said = file_of(GOOD).fields["name"]
    assert (said["batch"], said["row"], said["day"]) == (wrong.pk, 2, wrong.known_on.isoformat())
    assert Record.objects.get(subject=file_of(GOOD)).facts["number"] == "X1"


def test_what_was_mended_was_not_known_before_the_day_it_was_mended() -> None:
    row = only(land([FINE, WRONG], day=1))
    mending.accept(row.pk, who=SYSTEM)
    work(day=9)
    subject = file_of(GOOD).pk
    assert queries.as_of(subject, FIRST + timedelta(days=8)) == {}
    assert queries.as_of(subject, FIRST + timedelta(days=9))["name"]["value"] == WRONG["title"]


@pytest.mark.parametrize("day", [1, 5])
def test_a_mended_row_does_not_overrule_what_its_source_has_said_since(day: int) -> None:
    row = only(land([FINE, WRONG], day=1))
    land([{**RIGHT, "title": "云泽市恒达食品集团有限公司", "permit": "X2"}], day=day)
    mending.accept(row.pk, who=SYSTEM)
    work(day=9)
    assert file_of(GOOD).name == "云泽市恒达食品集团有限公司"
    assert {name.text: name.current for name in file_of(GOOD).names.all()} == {
        "云泽市恒达食品集团有限公司": True,
        "云泽市恒达食品有限公司": False,
    }


@pytest.mark.parametrize("mended_first", [True, False])
@pytest.mark.parametrize("day", [1, 5])
def test_a_full_list_without_the_mended_row_closes_it_whenever_it_was_mended(*, day: int, mended_first: bool) -> None:
    row = only(land([FINE, WRONG], day=1))

    def mend() -> None:
        mending.accept(row.pk, who=SYSTEM)
        work(day=day)

    if mended_first:
        mend()
    later = land([FINE, {**FINE, "code": uscc(3), "permit": "X3"}], day=day, delivery="snapshot")
    if not mended_first:
        mend()
    assert not file_of(GOOD).live
    with clock.standing_at(FIRST + timedelta(days=20)):
        withdrawal.begin(later.pk, who=SYSTEM, reason="试验")
    work(day=20)
    assert file_of(GOOD).live


def test_a_row_of_a_full_list_is_mended_without_closing_the_others() -> None:
    row = only(land([FINE, WRONG], delivery="snapshot"))
    mending.accept(row.pk, who=SYSTEM)
    work()
    assert file_of(OTHER).live
    assert file_of(GOOD).live


def test_rows_mended_together_come_in_one_file() -> None:
    wrong = land([FINE, WRONG, {**WRONG, "code": TYPED, "permit": "X2", "title": "云泽市恒达商行"}])
    for row in Quarantined.objects.filter(batch=wrong):
        mending.accept(row.pk, who=SYSTEM)
    work()
    assert [b.accepted for b in Batch.objects.filter(mends=wrong)] == [2]


# --- taking back ------------------------------------------------------------------------------------------------------
def test_withdrawing_mended_rows_opens_them_again_and_leaves_no_trace_in_the_file() -> None:
    wrong = land([FINE, WRONG])
    before = canonical()
    row = only(wrong)
    mending.accept(row.pk, who=SYSTEM)
    work()
    assert canonical() != before
    made = Batch.objects.get(mends=wrong)
    withdrawal.begin(made.pk, who=SYSTEM, reason="试验")
    work()
    row.refresh_from_db()
    assert row.state == "open"
    assert canonical() == before
    mending.accept(row.pk, who=SYSTEM)
    work()
    assert Mending.objects.filter(quarantined=row).count() == 2
    assert file_of(GOOD).live


def test_withdrawing_a_batch_takes_its_mended_rows_with_it() -> None:
    before = canonical()
    wrong = land([FINE, WRONG])
    mending.accept(only(wrong).pk, who=SYSTEM)
    work()
    withdrawal.begin(wrong.pk, who=SYSTEM, reason="试验")
    work()
    assert canonical() == before
    assert Batch.objects.get(mends=wrong).state == "withdrawn"


def test_a_row_mended_while_its_batch_is_withdrawn_does_not_come_in() -> None:
    wrong = land([FINE, WRONG])
    row = only(wrong)
    mending.accept(row.pk, who=SYSTEM)
    withdrawal.begin(wrong.pk, who=SYSTEM, reason="试验")
    work()
    row.refresh_from_db()
    assert row.state == "open"
    assert not Batch.objects.filter(mends=wrong).exists()
    with pytest.raises(Conflict):
        mending.accept(row.pk, who=SYSTEM)


def test_a_mended_row_the_contract_refuses_after_all_is_open_again() -> None:
    row = only(land([FINE, WRONG]))
    mending.accept(row.pk, who=SYSTEM)
    strict = declared.contract(
        *CONTRACT["schema"][0]["properties"][:2],
        declared.column("place", "address", "地址", maxLength=2),
        *CONTRACT["schema"][0]["properties"][3:],
        version="1.1.0",
    )
    change(strict)
    work()
    row.refresh_from_db()
    made = Batch.objects.get(mends=row.batch_id)
    assert (row.state, made.rows_in, made.accepted, made.quarantined) == ("open", 1, 0, 1)
    assert only(made).state == "again"
    assert Mending.objects.get(quarantined=row).undone_why == "修正后仍不合契约"


# --- by hand ----------------------------------------------------------------------------------------------------------
def test_a_row_mended_by_hand_must_meet_the_contract() -> None:
    row = only(land([FINE, {**WRONG, "opened": "2026-02-30"}]))
    with pytest.raises(Refused) as refused:
        mending.mend(row.pk, {"信用代码": GOOD}, who=SYSTEM, why="电话核实")
    assert set(refused.value.details["columns"]) == {"成立日期"}
    with pytest.raises(Refused):
        mending.mend(row.pk, {"信用代号": GOOD}, who=SYSTEM, why="电话核实")
    row.refresh_from_db()
    assert row.state == "open"
    mending.mend(row.pk, {"信用代码": GOOD, "成立日期": "2026-01-02"}, who=SYSTEM, why="电话核实")
    work()
    assert file_of(GOOD).fields["established"]["value"] == "2026-01-02"


def test_a_mended_day_is_held_against_the_day_the_row_first_came() -> None:
    late = declared.contract(
        *CONTRACT["schema"][0]["properties"][:3],
        declared.column("opened", "day", "成立日期", notAfterDelivery=True),
        CONTRACT["schema"][0]["properties"][4],
        version="1.1.0",
    )
    change(late)
    row = only(land([FINE, {**RIGHT, "opened": "2027-01-01"}]))
    with clock.standing_at(FIRST + timedelta(days=30)), pytest.raises(Refused):
        mending.mend(row.pk, {"成立日期": "2026-01-20"}, who=SYSTEM, why="核实")


def test_of_two_rows_with_one_number_the_other_must_be_settled_first() -> None:
    wrong = land([FINE, RIGHT, {**RIGHT, "title": "云泽市恒达商行"}])
    first, second = Quarantined.objects.filter(batch=wrong).order_by("row")
    with pytest.raises(Refused):
        mending.mend(first.pk, {}, who=SYSTEM, why="以此为准")
    with pytest.raises(Refused):
        mending.mend(first.pk, {"证号": "X9"}, who=SYSTEM, why="与已入档的一行相同")
    mending.reject(second.pk, who=SYSTEM, why="重复")
    mending.mend(first.pk, {}, who=SYSTEM, why="以此为准")
    work()
    assert file_of(GOOD).name == RIGHT["title"]


# --- leaving out, bulk, powers ----------------------------------------------------------------------------------------
def test_a_row_left_out_says_who_and_why_and_may_be_opened_again() -> None:
    row = only(land([FINE, WRONG]))
    with pytest.raises(Refused):
        mending.reject(row.pk, who=SYSTEM, why="  ")
    mending.reject(row.pk, who=SYSTEM, why="查无此户")
    with pytest.raises(Conflict):
        mending.accept(row.pk, who=SYSTEM)
    mending.reopen(row.pk, who=SYSTEM, why="误判")
    row.refresh_from_db()
    assert row.state == "open"
    assert [m.why for m in Mending.objects.filter(quarantined=row)] == ["查无此户"]
    kinds = [leaf.kind for leaf in log.history(f"batch:{row.batch_id}")]
    assert {"row.rejected", "row.reopened"} <= set(kinds)


def test_a_double_click_makes_one_record() -> None:
    row = only(land([FINE, WRONG]))
    key = uuid4()
    first = mending.accept(row.pk, who=SYSTEM, key=key)
    assert mending.accept(row.pk, who=SYSTEM, key=key) == first
    with pytest.raises(Conflict):
        mending.accept(row.pk, who=SYSTEM, key=uuid4())
    work()
    assert Mending.objects.count() == 1
    assert Batch.objects.filter(mends=row.batch_id).count() == 1


@pytest.fixture
def many_wrong() -> Batch:
    """Ten rows with a typing error, five with an impossible day."""
    codes = [typed(sound(100 + n)) for n in range(10)]
    rows = [{"code": c, "title": f"云泽市第{n}商行", "permit": f"T{n}"} for n, c in enumerate(codes)]
    days = [{"code": uscc(200 + n), "title": f"第{n}商行", "opened": "2026-02-30", "permit": f"D{n}"} for n in range(5)]
    return land([FINE, FINE | {"code": uscc(3), "permit": "X8"}, *rows, *days])


def test_rows_with_one_reason_are_settled_together_each_with_its_record(many_wrong: Batch) -> None:
    chosen = mending.Chosen(source="sample", reason="code.uscc")
    done = mending.many("accept", chosen, who=SYSTEM)
    assert (done["rows"], done["done"], done["left"]) == (10, 10, 0)
    assert mending.many("accept", mending.Chosen(reason="opened.day"), who=SYSTEM)["done"] == 0
    rest = mending.many("reject", mending.Chosen(batch=many_wrong.pk), who=SYSTEM, why="日期有误")
    assert rest["done"] == 5
    work()
    made = Batch.objects.get(mends=many_wrong)
    assert made.accepted == 10
    assert Mending.objects.filter(kind="mended").count() == 10
    assert set(Quarantined.objects.values_list("state", flat=True)) == {"mended", "rejected"}


def test_many_rows_are_settled_by_a_job_with_progress(
    many_wrong: Batch, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "AT_ONCE", 3)
    monkeypatch.setattr(mending, "SLICE", 4)
    key = uuid4()
    who = cast.who("data")
    asked = mending.many("accept", mending.Chosen(batch=many_wrong.pk), who=who, key=key)
    assert mending.many("accept", mending.Chosen(batch=many_wrong.pk), who=who, key=key) == asked
    assert not Mending.objects.exists()
    work()
    assert Mending.objects.filter(kind="mended", by=who.name).count() == 10
    assert Quarantined.objects.filter(state="open").count() == 5


def test_another_offices_officer_finds_no_such_row_and_a_reader_may_not_mend(
    cast: SimpleNamespace, officer: Callable[..., Who]
) -> None:
    row = only(land([FINE, WRONG]))
    with pytest.raises(Missing):
        mending.accept(row.pk, who=officer("data_officer", "4499.02."))
    with pytest.raises(Forbidden):
        mending.accept(row.pk, who=cast.who("chief"))
    mending.accept(row.pk, who=cast.who("data"))


@pytest.fixture
def officer() -> Callable[..., Who]:
    """Somebody with a post at an office."""
    from shiheng.accounts.permissions import POWERS, Grant, Role

    def made(role: str, path: str) -> Who:
        grant = Grant(role=role, office=path, path=path, powers=frozenset(POWERS[Role(role)]))
        return Who(key=f"test:{path}", name="王数", kind="officer", grants=(grant,))

    return made
