"""Loading texts of law: each once, a newer edition beside the older one, a faulty one refused and no other stopped."""

import json
from datetime import date
from pathlib import Path

import pytest

from shiheng.catalogue.law import actions, known, queries, reading
from shiheng.catalogue.law.definition import INSTRUMENTS, Instrument, KnownEdition
from shiheng.catalogue.law.models import Edition, Provision
from shiheng.catalogue.law.models import Instrument as Row
from shiheng.kernel import registry
from shiheng.kernel.citation import Number
from shiheng.ledger.models import Leaf
from shiheng.site.cli.front import main
from tests.catalogue import laws

pytestmark = pytest.mark.django_db


def load(text: str, name: str = laws.OLD_NAME, *, replace: bool = False) -> actions.Outcome:
    (done,) = actions.load(reading.read(name, text.encode()), replace=replace)
    return done


def test_a_newer_edition_stands_beside_the_older_one() -> None:
    shelf = queries.shelf(laws.load_both())
    assert [e.in_force_from for e in shelf.editions] == [date(2019, 5, 1), date(2024, 4, 1)]
    older, newer = shelf.editions
    assert shelf.until(older) == date(2024, 3, 31)
    assert shelf.until(newer) is None
    assert shelf.on(date(2019, 4, 30)) is None
    assert shelf.on(date(2024, 3, 31)) == older
    assert shelf.on(date(2024, 4, 1)) == newer
    assert queries.provision(older, Number(2)) != queries.provision(newer, Number(2))
    assert shelf.instrument.level == "未写明"


def test_the_same_text_again_changes_nothing_and_leaves_no_record() -> None:
    load(laws.OLD)
    before = (Provision.objects.count(), Leaf.objects.count())
    assert load(laws.OLD.replace("\n\n", "\n")).state == actions.UNCHANGED
    assert (Provision.objects.count(), Leaf.objects.count()) == before


def test_other_words_for_the_same_day_are_refused_until_they_are_said_to_replace() -> None:
    load(laws.OLD)
    corrected = laws.OLD.replace("五十元", "六十元")
    refused = load(corrected)
    assert refused.state == actions.REFUSED
    assert "--replace" in refused.why
    assert Provision.objects.filter(text__contains="五十元").exists()
    assert load(corrected, replace=True).state == actions.LOADED
    assert not Provision.objects.filter(text__contains="五十元").exists()
    assert Edition.objects.count() == 1
    facts = Leaf.objects.get(kind="law.replaced").content["facts"]
    assert facts["replaced"] != facts["digest"]


def test_every_loaded_text_is_on_record() -> None:
    load(laws.OLD)
    facts = Leaf.objects.get(kind="law.loaded").content["facts"]
    assert (facts["title"], facts["in_force_from"], facts["articles"]) == (laws.TITLE, "2019-05-01", 5)


def test_a_text_nobody_can_date_is_refused_by_name() -> None:
    content = json.dumps({"title": "甲办法 第一条", "content": "没有写施行。"}, ensure_ascii=False).encode()
    (done,) = actions.load(reading.read("articles.jsonl", content))
    assert (done.state, done.title) == (actions.REFUSED, "甲办法")
    assert "没有写施行日" in done.why


def declare(*editions: KnownEdition) -> None:
    registry.declare(INSTRUMENTS, Instrument("stalls", laws.TITLE, "地方性法规", "云泽市人民政府", editions))


def test_a_text_is_put_under_the_edition_that_was_declared_and_keeps_our_summary() -> None:
    with registry.isolated():
        declare(
            KnownEdition(date(2019, 5, 1), date(2019, 3, 1), summaries={Number(4): "罚多少。", Number(9): "没有。"})
        )
        assert actions.install() == 1
        assert actions.install() == 0
        edition = Edition.objects.get()
        assert (edition.digest, edition.provisions.count()) == ("", 2)
        load(laws.OLD)
        edition.refresh_from_db()
        assert (edition.how, edition.verified, edition.articles) == ("stated", True, 5)
        fourth = queries.provision(edition, Number(4))
        assert fourth is not None
        assert (fourth.summary, "五十元" in fourth.text) == ("罚多少。", True)
        assert queries.provision(edition, Number(9)) is None
        row = Row.objects.get()
        assert (row.code, row.level) == ("stalls", "地方性法规")


def test_a_changed_declaration_reaches_the_library_and_leaves_loaded_words_alone() -> None:
    with registry.isolated():
        declare(KnownEdition(date(2019, 5, 1), date(2019, 3, 1)))
        load(laws.OLD)
    with registry.isolated():
        declare(
            KnownEdition(
                date(2019, 5, 1), date(2019, 3, 1), until=date(2024, 3, 31), summaries={Number(1): "为什么。"}
            ),
            KnownEdition(date(2024, 4, 1)),
        )
        assert actions.install() == 1
    shelf = queries.shelf("stalls")
    assert [bool(e.digest) for e in shelf.editions] == [True, False]
    assert shelf.editions[0].until == date(2024, 3, 31)
    assert shelf.editions[0].articles == shelf.editions[0].provisions.count() == 5
    first = queries.provision(shelf.editions[0], Number(1))
    assert first is not None
    assert (first.summary, bool(first.text)) == ("为什么。", True)


def test_a_repealed_instrument_is_in_force_until_its_last_day() -> None:
    actions.install()
    shelf = queries.shelf("complaints-and-reports-interim")
    assert shelf.on(date(2026, 4, 14)) is not None
    assert shelf.on(date(2026, 4, 15)) is None


def test_the_shipped_instruments_have_each_a_code_and_no_words_of_any_text() -> None:
    shipped = known.shipped()
    assert len({one.code for one in shipped}) == len({one.key for one in shipped}) == len(shipped)
    actions.install()
    assert not Provision.objects.exclude(text="").exists()
    assert Provision.objects.exclude(summary="").count() > 50


# -- the command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "law"
    (place / "旧").mkdir(parents=True)
    (place / "旧" / laws.OLD_NAME).write_text(laws.OLD, encoding="utf-8")
    (place / laws.NEW_NAME).write_text(laws.NEW, encoding="utf-8")
    (place / ".DS_Store").write_bytes(b"x")
    return place


def run(capsys: pytest.CaptureFixture[str], *line: str, code: int) -> dict[str, object]:
    assert main(["law", "load", *line, "--json"]) == code
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_command_accounts_for_every_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys, str(folder), code=0)
    assert (first["ok"], first["files"], first["texts"]) == (True, 2, 2)
    assert (first["loaded"], first["unchanged"], first["refused"]) == (2, 0, 0)
    (folder / "坏.md").write_text("# 坏\n\n第二条 没有第一条。\n", encoding="utf-8")
    second = run(capsys, str(folder), code=5)
    assert (second["loaded"], second["unchanged"], second["refused"]) == (0, 2, 1)
    (bad,) = [one for one in second["results"] if one["state"] == "refused"]  # type: ignore[attr-defined]
    assert bad["file"] == "坏.md"
    assert "缺第一条" in bad["why"]


def test_the_command_says_which_folder_or_file_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "load", str(tmp_path / "没有")]) == 3
    assert "没有目录" in capsys.readouterr().err
    assert main(["law", "load", str(tmp_path)]) == 1
    assert "没有文件" in capsys.readouterr().err
    (tmp_path / "a.docx").write_bytes(b"PK")
    assert main(["law", "load", str(tmp_path)]) == 1
    assert "未收：a.docx" in capsys.readouterr().out


def test_the_command_tells_a_person_what_was_loaded(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "load", str(folder)]) == 0
    told = capsys.readouterr().out
    assert f"载入：《{laws.TITLE}》共 5 条，2019-05-01 起施行" in told
    assert "2 个文件，2 件文本：载入 2，没有变化 0，未收 0。" in told
