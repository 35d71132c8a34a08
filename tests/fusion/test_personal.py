"""What is personal in a department's file is sealed wherever it is kept, and masked wherever it is shown."""

import json
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from shiheng.accounts.permissions import SYSTEM
from shiheng.columnar import lake
from shiheng.fusion import actions, personal, queries, sources
from shiheng.fusion.models import Batch, Quarantined
from shiheng.kernel import identifiers, sealing
from shiheng.ledger import files, keyring
from shiheng.ledger.models import DataKeyRow, Leaf
from shiheng.subjects.models import Record
from tests.factories import uscc
from tests.fusion import sources as declared

pytestmark = pytest.mark.django_db

CONTRACT = declared.contract(
    declared.CODE,
    declared.TITLE,
    declared.column("case", "identifier", "案号"),
    declared.column("suspect", "person", "当事人", sensitive="name"),
    declared.column("card", "id_number", "证件号码"),
    declared.column("tel", "phone", "联系电话", aliases=["手机"]),
    declared.column("acct", "text", "账号", sensitive="account"),
    id="cases",
)
MAPPING = declared.mapping(
    record={
        "kind": "transfer",
        "key": "case",
        "person": {"name": "suspect", "id": "card"},
        "facts": {"document": "case", "contact": "tel", "account": "acct"},
    }
)
HEADER = "信用代码,名称,案号,当事人,证件号码,联系电话,账号,手机"
NAMES = ["欧阳密一", "欧阳密二", "欧阳密三", "欧阳密四"]
PHONES = ["13911110001", "13911110002", "13911110003", "13911110004"]
CARDS = [f"4499011990010100{n}" for n in range(10, 14)]
CARDS = [body[:17] + identifiers.resident_id_check_character(body[:17]) for body in CARDS]
ACCOUNTS = ["6222020000000000001", "6222020000000000002", "6222020000000000003", "6222020000000000004"]
PLANTED = [*NAMES, *PHONES, *CARDS, *ACCOUNTS]


def line(n: int, **over: str) -> str:
    cells = {
        "code": uscc(n + 1), "title": f"第{n}家商店", "case": f"A{n}", "suspect": NAMES[n], "card": CARDS[n],
        "tel": PHONES[n], "acct": ACCOUNTS[n], "again": PHONES[n],
    } | over  # fmt: skip
    return ",".join(cells.values())


def content() -> bytes:
    """One row that is right, one with a wrong number, one of nobody, one that cannot be split."""
    wrong = CARDS[1][:-1] + ("1" if CARDS[1][-1] != "1" else "2")
    rows = [line(0), line(1, card=wrong), line(2, code="", title=""), line(3) + ",多出"]
    return "\r\n".join([HEADER, *rows]).encode()


@pytest.fixture
def cases(tmp_path: Path) -> None:
    sources.add(declared.folder(tmp_path / "cases", CONTRACT, MAPPING))


def land(data: bytes | None = None) -> Batch:
    batch = actions.land("cases", BytesIO(data or content()), filename="f.csv", who=SYSTEM, scope="4499.")
    return actions.advance(batch.pk)


def everything(home: Path) -> dict[str, str]:
    """All that lies below the data directory, and every row of the database."""
    found = {str(p): p.read_bytes() for p in home.rglob("*") if p.is_file()}
    texts = {place: held.decode("latin-1") for place, held in found.items()}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names()) - {"subjects_searchtoken"}:  # an index, not a table
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts[table] = "\n".join(str(cell) for row in cursor.fetchall() for cell in row)
    return texts


def values_in_lake(batch: Batch, home: Path) -> dict[str, list[str]]:
    part = lake.read_part(home / "lake", batch.source, batch.pk, 0)
    return {f: part.filter(part["field"] == f)["value"].to_list() for f in part["field"].unique()}


@pytest.mark.django_db(transaction=True)
def test_after_landing_nothing_personal_lies_anywhere_in_the_open(cases, home):
    batch = land()
    assert (batch.state, batch.rows_in, batch.accepted, batch.quarantined) == ("published", 4, 1, 3)
    held = everything(home)
    assert "第1家商店" in held["fusion_quarantined"] + held["subjects_subject"]  # what is looked for would be found
    for place, text in held.items():
        for word in PLANTED:
            written = [word, json.dumps(word)[1:-1]]
            written += [word.encode(charset).decode("latin-1") for charset in ("utf-8", "gb18030", "utf-16-le")]
            assert [w for w in written if w in text] == [], (place, word)
    assert Leaf.objects.exists()


def test_what_is_sealed_can_be_read_by_who_holds_the_key(cases, home):
    batch = land()
    held = values_in_lake(batch, home)
    assert [keyring.unsealed(v) for v in held["transfer.person_id"]] == [CARDS[0]]
    assert [keyring.unsealed(v) for v in held["transfer.person_name"]] == [NAMES[0]]
    record = Record.objects.get()
    assert keyring.unsealed(record.facts["contact"]) == PHONES[0]
    assert record.facts["document"] == "A0"
    refused = {q.row: personal.opened(q.raw) for q in Quarantined.objects.all()}
    assert refused[3]["当事人"] == NAMES[2]
    assert refused[3]["手机"] == PHONES[2]  # the same fact under another agreed title is as personal
    assert {uscc(4), "第3家商店", "A3", PHONES[3]} <= set(refused[4].values())
    assert files.is_sealed(batch.file)
    with files.open_kept(batch.file) as handle:
        assert handle.read() == content()


def test_what_is_not_personal_stays_readable_in_a_refused_row_that_could_be_split(cases):
    land()
    refused = {q.row: q for q in Quarantined.objects.all()}
    assert refused[2].raw["名称"] == "第1家商店"
    assert personal.is_sealed(refused[2].raw["证件号码"])
    assert all(map(personal.is_sealed, refused[4].raw.values()))
    assert personal.shown(refused[2].raw)["联系电话"] == "139****0002"
    assert all(CARDS[1] not in reason["message"] for reason in refused[2].reasons)


def test_a_row_as_received_is_shown_masked(cases):
    batch = land()
    shown = queries.original_row(batch, 1)
    assert (shown["联系电话"], shown["手机"], shown["当事人"]) == ("139****0001", "139****0001", "欧阳某某")
    assert queries.original_row(batch, 1, whole=True)["联系电话"] == PHONES[0]
    split = queries.original_row(batch, 4)
    assert set("".join(split.values())) == {"*"}


def test_the_same_value_is_the_same_text_and_the_same_file_the_same_batch(cases, home):
    rows = [HEADER, line(0), line(1, suspect=NAMES[0], card=CARDS[0])]
    batch = land("\r\n".join(rows).encode())
    first, second = values_in_lake(batch, home)["transfer.person_id"]
    assert first == second
    assert land("\r\n".join(rows).encode()).pk == batch.pk


def test_a_dump_of_the_subject_file_is_masked(cases):
    land()
    dumped = "".join(queries.canonical())
    assert "139****0001" in dumped
    assert not any(word in dumped for word in [*PLANTED, "密1:"])


def test_a_lost_key_is_said_and_breaks_no_page(cases, home):
    batch = land()
    number = DataKeyRow.objects.get().number
    record = Record.objects.get()
    held = home / "keys" / f"data-{number}.key"
    aside = held.rename(held.with_suffix(".aside"))
    try:
        with pytest.raises(keyring.UnreadableError, match="从备份恢复"):
            keyring.unsealed(record.facts["contact"])
        assert keyring.shown(record.facts["contact"]) == keyring.UNREADABLE
        with pytest.raises(keyring.UnreadableError):
            files.open_kept(batch.file)
        assert "无法解密" in str(files.fault_of(batch.file))
        again = actions.advance(Batch.objects.filter(pk=batch.pk).get().pk)
        assert again.state == "published"
    finally:
        aside.rename(held)


def test_a_batch_is_not_refused_because_a_key_is_lost(cases, home):
    keyring.current()
    batch = actions.land("cases", BytesIO(content()), filename="f.csv", who=SYSTEM, scope="4499.")
    held = home / "keys" / f"data-{keyring.current().number}.key"
    aside = held.rename(held.with_suffix(".aside"))
    try:
        with pytest.raises(keyring.UnreadableError):
            actions.advance(batch.pk)
        assert Batch.objects.get(pk=batch.pk).state == "landed"
    finally:
        aside.rename(held)
    assert actions.advance(batch.pk).state == "published"


def test_a_changed_value_opens_nothing(cases):
    land()
    sealed = Record.objects.get().facts["contact"]
    at = len(sealed) - 6
    changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
    with pytest.raises(keyring.UnreadableError, match="改动"):
        keyring.unsealed(changed)
    relabelled = sealed.replace(":phone:", ":name:")
    with pytest.raises(keyring.UnreadableError):
        keyring.unsealed(relabelled)
    other = sealing.DataKey(1, sealing.new_material())
    with pytest.raises(sealing.BrokenSealError):
        sealing.unseal(sealing.parse(sealing.seal("x", keyring.current(), "id")), other)


def test_a_source_without_sensitive_columns_pays_nothing(tmp_path, monkeypatch):
    sources.add(
        declared.folder(tmp_path / "sample", declared.contract(declared.CODE, declared.TITLE), declared.mapping())
    )

    def never(*_args: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(keyring, "current", never)
    data = f"信用代码,名称\r\n{uscc(1)},甲店\r\n".encode()
    batch = actions.land("sample", BytesIO(data), filename="f.csv", who=SYSTEM, scope="4499.")
    assert actions.advance(batch.pk).state == "published"
    assert files.path_of(batch.file).read_bytes() == data


def test_a_long_file_with_personal_columns_is_read_from_its_sealed_form(cases):
    count = 3_000
    rows = [line(n % 4, code=uscc(n + 10), case=f"L{n}") for n in range(count)]
    batch = land("\r\n".join([HEADER, *rows]).encode())
    assert (batch.accepted, batch.quarantined) == (count, 0)
    assert len(list(islice(Record.objects.iterator(), count + 1))) == count
