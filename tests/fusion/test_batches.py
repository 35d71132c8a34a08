"""A file landed becomes a batch and its rows the subject file: nothing is lost, nothing comes twice, all is proved."""

import json
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shiheng.accounts.permissions import SYSTEM
from shiheng.columnar import lake
from shiheng.fusion import actions, jobs, publish, queries, reading, sources
from shiheng.fusion.models import Batch, Fold, Link, Quarantined
from shiheng.fusion.rows import line_of
from shiheng.jobs import runner
from shiheng.jobs.models import Job
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files, verify
from shiheng.ledger import queries as log
from shiheng.ledger.models import Leaf
from shiheng.subjects import search
from shiheng.subjects.models import Identifier, Name, Record, Relation, Subject
from tests.factories import uscc
from tests.fusion import sources as declared

pytestmark = pytest.mark.django_db


def row(number: int = 1, **more: str) -> dict[str, str]:
    usual = {
        "企业名称": f"云泽市恒达{number}号食品店",
        "统一社会信用代码": uscc(number),
        "登记状态": "开业",
        "法人代表": "陈立本",
        "注册地址": f"云泽市临江区码头路{number}号",
    }
    return {**usual, **more}


BAD = row(9, 统一社会信用代码="91449901MA00000000", 企业名称="")


def kinds(batch: Batch) -> list[str]:
    return [leaf.kind for leaf in log.history(f"batch:{batch.pk}")]


# --- landing ----------------------------------------------------------------------------------------------------------
def test_a_file_goes_all_the_way(land):
    batch = land([row(1), row(2), BAD])
    assert (batch.state, batch.rows_in, batch.accepted, batch.quarantined) == ("published", 3, 2, 1)
    assert (batch.media, batch.charset, batch.contract) == ("csv", "utf-8", "1.0.0")
    assert Link.objects.filter(batch=batch).count() == 2
    assert kinds(batch) == ["batch.landed", "batch.checked", "batch.published"]
    subject = Subject.objects.get(uscc=uscc(1))
    assert (subject.name, subject.status, subject.live, subject.representative) == (
        "云泽市恒达1号食品店",
        "active",
        True,
        "陈立本",
    )
    assert subject.fields["name"] == {
        "value": subject.name,
        "source": "register",
        "batch": batch.pk,
        "row": 1,
        "day": "2026-11-20",
        "why": "唯一来源",
        "others": 0,
    }
    refused = Quarantined.objects.get()
    assert (refused.row, refused.state) == (3, "open")
    assert [reason["code"] for reason in refused.reasons] == ["comp_nm.missing", "uni_social_crd_cd.uscc"]
    assert refused.raw["统一社会信用代码"] == "91449901MA00000000"


def test_the_same_file_twice_is_one_batch(land, all_of):
    first = land([row(1)])
    before = all_of()
    again = land([row(1)], filename="another name.csv")
    assert again.pk == first.pk
    assert (Batch.objects.count(), Job.objects.filter(name=actions.ADVANCE).count(), len(kinds(first))) == (1, 1, 3)
    assert all_of() == before


def test_a_key_names_one_file(land):
    key = str(uuid4())
    first = land([row(1)], key=key)
    assert land([row(1)], key=key).pk == first.pk
    with pytest.raises(Conflict):
        land([row(2)], key=key)
    with pytest.raises(Missing, match="nothing"):
        land([row(1)], source="nothing")
    assert Batch.objects.count() == 1


def test_who_may_not_land_may_not(land, cast):
    for column in ("anyone", "clerk", "chief", "owner", "admin"):
        with pytest.raises(Forbidden):
            land([row(1)], who=cast.who(column), scope=None)
    with pytest.raises(Forbidden):
        land([row(1)], who=cast.who("data"), scope="4499.02.")
    assert not Batch.objects.exists()
    assert land([row(1)], who=cast.who("data"), scope=None).scope == "4499.01."


def test_another_offices_batch_is_not_there(land, cast):
    batch = land([row(1), BAD], who=cast.who("data"), scope=None)
    refused = Quarantined.objects.get()
    for column in ("data", "chief", "city"):
        assert queries.batch(cast.who(column), batch.pk) == batch
        assert queries.refused_row(cast.who(column), refused.pk) == refused
        assert queries.row_of(cast.who(column), batch.pk, 1)["企业名称"] == row(1)["企业名称"]
    for column in ("inspector_b", "clerk", "owner", "anyone"):
        for ask in (
            lambda who: queries.batch(who, batch.pk),
            lambda who: queries.refused_row(who, refused.pk),
            lambda who: queries.own(who, batch.pk),
            lambda who: queries.row_of(who, batch.pk, 1),
        ):
            with pytest.raises(Missing):
                ask(cast.who(column))


# --- files that cannot serve ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        ("企业名称,备注\r\n甲,乙\r\n".encode(), "归户"),
        ("名字,代码\r\n甲,乙\r\n".encode(), "缺少必需的列"),
        ("企业名称,统一社会信用代码\r\n".encode(), "只有表头"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, ".xls"),
        (b"\x1f\x8b\x08\x00" + b"\x00" * 20, "压缩包"),
        (declared.text({"a": 1}).encode(), "缺少必需的列"),
    ],
)
def test_a_file_that_cannot_serve_is_refused_whole_and_kept(land, content, said):
    batch = land(content)
    assert batch.state == "refused"
    assert said in batch.reason
    assert kinds(batch) == ["batch.landed", "batch.refused"]
    assert files.path_of(batch.file).read_bytes() == content
    assert not Subject.objects.exists()
    assert not Link.objects.exists()


def test_too_many_bad_rows_refuse_the_batch_and_every_row_can_be_read(land):
    batch = land([row(1), BAD, {**BAD, "注册地址": "x"}])
    assert batch.state == "refused"
    assert "66.7%" in batch.reason
    assert "50%" in batch.reason
    assert batch.rows_in == batch.accepted + batch.quarantined == 3
    assert Quarantined.objects.count() == 2
    assert not Subject.objects.exists()


def test_every_fault_a_database_would_choke_on_is_a_refusal_or_a_value(land):
    strange = (
        "["
        + ",".join(
            [
                json.dumps({"comp_nm": "云泽\x00恒达店", "uni_social_crd_cd": uscc(1), "est_dt": "20\x0019"}),
                json.dumps({"comp_nm": "云泽恒\ud800达店", "uni_social_crd_cd": uscc(2)}),
                json.dumps(
                    {
                        "comp_nm": "云泽\x00恒达店",
                        "uni_social_crd_cd": uscc(3),
                        "main_identi_id": "a\x00b",
                        "x\x00": "\x00",
                    }
                ),
                json.dumps({"comp_nm": "店" * 250, "uni_social_crd_cd": uscc(4)}),
                json.dumps({"comp_nm": "𠮷野家云泽店", "uni_social_crd_cd": uscc(5), "legal_repre": "𠮷"}),
                json.dumps({"comp_nm": "云泽恒达店", "uni_social_crd_cd": uscc(6)}),
            ]
        )
        + "]"
    )
    batch = land(strange.encode())
    assert (batch.state, batch.accepted, batch.quarantined) == ("published", 3, 3)
    assert {r.row: r.reasons[0]["code"] for r in Quarantined.objects.all()} == {
        1: "est_dt.day",
        2: "row.bytes",
        4: "comp_nm.long",
    }
    assert Identifier.objects.filter(kind="pripid").values_list("value", flat=True).get() == "AB"
    assert Subject.objects.get(uscc=uscc(5)).name == "𠮷野家云泽店"


# --- evidence ---------------------------------------------------------------------------------------------------------
def test_any_row_of_a_landed_file_is_proved_to_a_stranger(land):
    batch = land([row(1), BAD, row(2)])
    ledger.seal()
    leaf = Leaf.objects.get(subject=f"batch:{batch.pk}", kind="batch.checked")
    assert json.loads(leaf.body)["facts"] == {"rows_in": 3, "accepted": 2, "quarantined": 1}
    table = reading.read(files.path_of(batch.file), batch.filename)
    for index, read in enumerate(table.rows):
        shown = verify.check(log.exported(log.proof(leaf, row=index, content=line_of(read))))
        assert (shown.kind, shown.position) == ("row", leaf.position)
    with pytest.raises(Refused):
        log.proof(leaf, row=0, content="没有这一行".encode())


# --- what was known when ----------------------------------------------------------------------------------------------
@pytest.fixture
def renamed(land):
    """One subject: registered in January, renamed and moved in March, its first name again in June."""
    for month, name, place in (
        (1, "云泽老灶台小吃店", "码头路1号"),
        (3, "云泽新灶台小吃店", "码头路2号"),
        (6, "云泽老灶台小吃店", "码头路2号"),
    ):
        land([row(1, 企业名称=name, 注册地址=place, 核准日期=f"2026-{month:02d}-01")], on=date(2026, month, 5))
    return Subject.objects.get()


def test_the_file_as_known_on_a_day(renamed):
    names = [
        queries.as_of(renamed.pk, day).get("name", {}).get("value")
        for day in (date(2026, 1, 4), date(2026, 1, 5), date(2026, 3, 4), date(2026, 3, 5), date(2026, 6, 5))
    ]
    assert names == [None, "云泽老灶台小吃店", "云泽老灶台小吃店", "云泽新灶台小吃店", "云泽老灶台小吃店"]
    assert queries.as_of(renamed.pk, date(2026, 3, 5))["address"]["value"] == "码头路2号"
    assert queries.as_of(renamed.pk, date(2026, 11, 20)) == renamed.fields


def test_names_over_time_are_kept_and_found(renamed, offices):
    held = {n.text: (n.first_day, n.last_day, n.current) for n in Name.objects.all()}
    assert held == {
        "云泽老灶台小吃店": (date(2026, 1, 1), None, True),
        "云泽新灶台小吃店": (date(2026, 3, 1), date(2026, 6, 1), False),
    }
    for asked in ("新灶台", "老灶台", uscc(1)):
        assert [hit.subject.pk for hit in search.find(asked, limit=5, offset=0).hits] == [renamed.pk], asked


def test_all_that_was_said_of_a_subject_is_listed_newest_first(renamed):
    said = [(line["value"], line["known_on"].month) for line in queries.said_of(renamed.pk) if line["field"] == "name"]
    assert [month for _, month in said] == [6, 3, 1]
    assert {line["title"] for line in queries.said_of(renamed.pk)} >= {"名称", "住所", "登记状态"}


def test_an_old_number_leads_to_the_subject_that_carries_both(land):
    old = "440101000000017"
    land([row(1, 注册号=old)])
    land([{**row(1), "统一社会信用代码": old, "企业名称": "云泽市恒达新号店"}], on=date(2026, 12, 5))
    subject = Subject.objects.get()
    assert (subject.name, subject.uscc) == ("云泽市恒达新号店", uscc(1))
    assert set(Identifier.objects.values_list("kind", "value")) == {("uscc", uscc(1)), ("regno", old)}


def test_persons_belong_to_their_subject_and_a_shared_name_joins_nobody(land):
    land([row(1), row(2)])
    assert Relation.objects.count() == 2
    assert len(set(Relation.objects.values_list("person_id", flat=True))) == 2
    land([row(1, 法人代表="周立新")], on=date(2026, 12, 5))
    now = Relation.objects.filter(subject__uscc=uscc(1)).order_by("current").values_list("person__name", "current")
    assert list(now) == [("陈立本", False), ("周立新", True)]


# --- equal files ------------------------------------------------------------------------------------------------------
# Two small files, a refused row, a rename and an old number, as any database and any size of chunk must hold them.
CANONICAL = "dd4debed70acf3f1bf89e04ca35726294675487285fe3b31588f4bff8e804d84"


def digest(lines: list[str]) -> str:
    import hashlib

    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def send_two(land: Any, **more: Any) -> list[Batch]:
    first = [row(n, 核准日期="2026-01-09", 注册号="440101000000017" if n == 3 else "") for n in range(1, 8)]
    second = [
        row(2, 企业名称="云泽市望湖书店", 核准日期="2026-02-01"),
        BAD,
        row(8),
        {**row(3), "统一社会信用代码": "440101000000017"},
    ]
    return [land(first, on=date(2026, 1, 10), **more), land(second, on=date(2026, 2, 10), **more)]


@pytest.mark.parametrize(("chunk", "fused"), [(1, 2_000), (2, 1), (3, 2), (20_000, 3), (20_000, 2_000)])
def test_the_canonical_dump_is_the_same_on_every_database_and_for_every_size_of_step(
    land, all_of, monkeypatch, chunk, fused
):
    monkeypatch.setattr(lake, "CHUNK", chunk)
    monkeypatch.setattr(publish, "SLICE", fused)
    batches = send_two(land)
    assert [b.state for b in batches] == ["published"] * 2
    assert batches[0].chunks == -(-7 // chunk)
    assert digest(all_of()) == CANONICAL


def test_the_worker_and_the_command_line_leave_the_same_file(land, all_of):
    send_two(land, go=False)
    assert runner.work(until_idle=True, names=frozenset({actions.ADVANCE})) == 2
    assert set(Batch.objects.values_list("state", flat=True)) == {"published"}
    assert digest(all_of()) == CANONICAL


def test_the_canonical_dump_names_no_serial_key_and_no_run_time(land, all_of):
    send_two(land)
    pks = {str(pk) for pk in Batch.objects.values_list("pk", flat=True)}
    first = json.loads(all_of()[0])
    assert {said["batch"] for line in map(json.loads, all_of()) for said in line["fields"].values()}.isdisjoint(pks)
    assert set(first) >= {"mint_key", "identifiers", "names", "premises", "relations", "records"}


# --- what is left behind ----------------------------------------------------------------------------------------------
def test_a_batch_left_behind_is_swept_up(land, clock):
    batch = land([row(1)], go=False)
    Job.objects.all().delete()
    Batch.objects.update(landed_at=clock.moment - timedelta(minutes=4))
    jobs.sweep(None)
    assert not Job.objects.exists()
    Batch.objects.update(landed_at=clock.moment - timedelta(minutes=6))
    jobs.sweep(None)
    jobs.sweep(None)
    assert Job.objects.count() == 1
    runner.work(until_idle=True, names=frozenset({actions.ADVANCE}))
    batch.refresh_from_db()
    assert batch.state == "published"
    jobs.sweep(None)
    assert Job.objects.filter(state="ready").count() == 0


def test_a_slower_process_does_not_take_a_batch_back(land):
    """It read the batch as resolving; meanwhile another published it."""
    batch = land([row(1)])
    stale = Batch.objects.get()
    stale.state = "resolving"
    actions._resolve(stale, lambda *_: None, lambda: False)
    batch.refresh_from_db()
    assert batch.state == "published"
    actions.advance(batch.pk)
    assert kinds(batch) == ["batch.landed", "batch.checked", "batch.published"]
    assert Fold.objects.get(name="subjects").value == 2


def test_an_unknown_batch_is_missing():
    with pytest.raises(Missing):
        actions.advance(1)


# --- a bureau's own source --------------------------------------------------------------------------------------------
PERMITS = declared.contract(
    declared.column("code", "uscc", "信用代码", required=True),
    declared.column("holder", "name", "持证人"),
    declared.column("number", title="许可证编号", required=True),
    declared.column("until", "day", "有效期至"),
    declared.column("state", "code", "状态", codes={"有效": "有效", "注销": "注销"}),
    declared.column("about", title="许可内容"),
    id="food-permits",
    name="食品经营许可",
)
SAYS = declared.mapping(
    statements={"uscc": "code", "name": "holder"},
    authority={"name": 5},
    record={"kind": "permit", "key": "number", "state": "state", "facts": {"有效期至": "until", "许可内容": "about"}},
)


def permits(*rows: tuple[str, ...]) -> bytes:
    header = ("信用代码", "持证人", "许可证编号", "有效期至", "状态", "许可内容")
    return "\n".join(",".join(line) for line in (header, *rows)).encode("gb18030")


@pytest.mark.parametrize("how", ["folder", "one folder", "added"])
def test_a_bureaus_own_source_takes_no_code(land, settings, tmp_path, how):
    land([row(1)])
    place = declared.folder(tmp_path / "own" / "permits", PERMITS, SAYS)
    if how == "added":
        assert actions.add_source(place, who=SYSTEM).title == "食品经营许可"
        with pytest.raises(Conflict):
            actions.add_source(place, who=SYSTEM)
    else:
        settings.SOURCES_DIRS = [place if how == "one folder" else place.parent]
    body = permits(
        (uscc(1), "恒达老店", "JY1", "2027-03-01", "有效", "热食类"),
        (uscc(2), "新户", "JY2", "2026-01-01", "有效", ""),
        (uscc(1), "恒达老店", "", "", "有效", ""),
    )
    batch = land(body, source="food-permits", filename="permits.csv", on=date(2026, 12, 1))
    assert (batch.state, batch.accepted, batch.quarantined) == ("published", 2, 1)
    subject = Subject.objects.get(uscc=uscc(1))
    assert subject.name == "云泽市恒达1号食品店", "the register owns the name"
    assert subject.fields["name"]["why"] == "该字段的权威来源"
    record = Record.objects.get(key="JY1")
    assert (record.subject_id, record.kind, record.source, record.state) == (
        subject.pk,
        "permit",
        "food-permits",
        "有效",
    )
    assert record.facts == {"有效期至": "2027-03-01", "许可内容": "热食类"}
    assert record.reference == f"{batch.pk}:1"
    land(
        permits((uscc(1), "恒达老店", "JY1", "2027-03-01", "注销", "热食类")),
        source="food-permits",
        on=date(2026, 12, 9),
    )
    assert list(Record.objects.filter(subject=subject).values_list("key", "state")) == [("JY1", "注销")]


def test_news_of_a_record_touches_no_index_of_its_subject(land, settings, tmp_path):
    settings.SOURCES_DIRS = [declared.folder(tmp_path / "permits", PERMITS, SAYS)]
    land([row(1)])
    land(permits((uscc(1), "恒达老店", "JY1", "2027-03-01", "有效", "")), source="food-permits", on=date(2026, 12, 1))
    with CaptureQueriesContext(connection) as made:
        land(permits((uscc(1), "恒达老店", "JY1", "", "注销", "")), source="food-permits", on=date(2026, 12, 9))
    assert (Record.objects.get().state, Subject.objects.get().updated_on) == ("注销", date(2026, 12, 9))
    asked = [q["sql"] for q in made if "UPDATE" in q["sql"] and "subjects_subject" in q["sql"]]
    assert len(asked) == 1
    assert "updated_on" in asked[0]
    assert '"name"' not in asked[0]
    assert not any("subjects_searchname" in q["sql"] for q in made)


def test_our_own_records_are_not_touched_by_fusion(land):
    land([row(1)])
    subject = Subject.objects.get()
    Record.objects.create(subject=subject, kind="penalty", source="bureau", key="1")
    land([row(1, 企业名称="云泽市恒达新名店")], on=date(2026, 12, 1))
    assert Record.objects.filter(source="bureau").count() == 1


def test_a_source_declared_twice_is_in_force_nowhere(settings, tmp_path):
    settings.SOURCES_DIRS = [tmp_path]
    declared.folder(tmp_path / "a", PERMITS, SAYS)
    declared.folder(tmp_path / "b", PERMITS, SAYS)
    with pytest.raises(Conflict, match="food-permits"):
        sources.every()


def test_a_changed_folder_is_read_again(settings, tmp_path):
    import os

    settings.SOURCES_DIRS = [tmp_path]
    place = declared.folder(tmp_path / "a", PERMITS, SAYS)
    assert sources.find("food-permits").version == "1.0.0"
    declared.folder(place, {**PERMITS, "version": "1.1.0"}, SAYS)
    os.utime(place / "contract.yaml", (2e9, 2e9))
    assert sources.find("food-permits").version == "1.1.0"


def test_a_folder_without_a_mapping_is_refused_by_name(tmp_path):
    place = declared.folder(tmp_path / "half", PERMITS, SAYS)
    (place / "mapping.yaml").unlink()
    with pytest.raises(Refused, match=r"half.*mapping\.yaml"):
        actions.add_source(place, who=SYSTEM)
    (place / "mapping.yaml").write_bytes("说明: 甲".encode("gb18030"))
    with pytest.raises(Refused, match="UTF-8"):
        actions.add_source(place, who=SYSTEM)


def test_two_sources_that_speak_of_one_subject_in_one_window(land, settings, tmp_path):
    """A district officer's upload read as any stream, not only as a path."""
    declared.folder(tmp_path / "permits", PERMITS, SAYS)
    settings.SOURCES_DIRS = [tmp_path]
    batch = actions.land(
        "food-permits",
        BytesIO(permits((uscc(7), "只有许可的店", "JY7", "", "有效", ""))),
        filename="p.csv",
        who=SYSTEM,
        scope="4499.01.",
    )
    actions.advance(batch.pk)
    assert Subject.objects.get().name == "只有许可的店"
    land([row(7)])
    assert Subject.objects.get().name == "云泽市恒达7号食品店"
