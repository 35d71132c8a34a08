"""Every citation of every declaration: its instrument is known, and what claims to have been read was read.

The texts lie beside the project and are not part of it; where they are absent the reading is skipped and says so.
"""

from datetime import date

import pytest

from shiheng.catalogue.law import actions, citing, known, reading
from shiheng.catalogue.law.citing import Standing
from shiheng.kernel.citation import references
from tests.conftest import DATA

LAW = DATA / "law"
TODAY = date(2026, 11, 20)
# An article beside words that are no article: what the declaration means is the instrument as a whole.
WITHOUT_ARTICLE = (
    "",
    "第二部分",
    "第九部分",
    "各条所写单位",
    "（条次待核对）",
    "（总局令第20号）",
    "（1996年文本，无工作日条款）",
    "国发〔2019〕18号",
)


@pytest.fixture
def standings(db: None) -> list[Standing]:
    """Every citation against the library with the texts at hand."""
    if not LAW.is_dir():
        pytest.skip("THE TEXTS OF LAW ARE MISSING: no citation was held against its article (../shared/data/law)")
    actions.install()
    for path in sorted(LAW.iterdir()):
        actions.load(reading.read(path.name, path.read_bytes()))
    found, failed = citing.standings(TODAY)
    assert not failed
    return found


def test_every_instrument_that_is_cited_is_declared() -> None:
    cited, failed = citing.citations()
    assert not failed
    assert len(cited) > 100, "hardly anything was found: the search for citations is broken"
    unknown = {
        one.citation.instrument for one in cited if not one.citation.chosen and not known.of(one.citation.instrument)
    }
    assert not unknown, "declare these in shiheng/catalogue/law/instruments.toml"


def test_every_article_that_is_cited_can_be_read_as_one() -> None:
    cited, _ = citing.citations()
    wrong = {
        str(one.citation)
        for one in cited
        if not references(one.citation.article) and one.citation.article not in WITHOUT_ARTICLE
    }
    assert not wrong


def test_what_is_marked_as_read_stands_in_the_text_in_force_on_its_day(standings: list[Standing]) -> None:
    read = [one for one in standings if one.citation.verified]
    wrong = [
        f"{one.cited.engine}.{one.cited.code} {one.citation} on {one.day}: {fault}"
        for one in read
        for fault in one.faults
        if fault != "所读的文本比声明施行得晚，此前的文本没有核对"
    ]
    assert not wrong, "mark these verified=False and say why, or name the day of the text that was read"
    assert all(one.words for one in read)
    assert len(read) > 30


def test_what_is_not_marked_as_read_is_listed_with_the_reason(standings: list[Standing]) -> None:
    unread = [one for one in standings if not one.citation.verified]
    assert unread
    assert all(not one.settled and one.why for one in unread)


def test_an_earlier_day_of_a_declaration_than_of_the_text_read_stays_open(standings: list[Standing]) -> None:
    food = [one for one in standings if one.cited.code == "food.catering"]
    assert [(one.day, one.settled) for one in food] == [(date(2025, 12, 1), False)]


def test_every_summary_of_a_text_that_was_read_is_of_an_article_that_is_there(standings: list[Standing]) -> None:
    from shiheng.catalogue.law.models import Edition, Provision

    loaded = set(Edition.objects.exclude(digest="").values_list("instrument__code", "in_force_from"))
    held = {
        (code, since, article, inserted)
        for code, since, article, inserted in Provision.objects.exclude(text="").values_list(
            "edition__instrument__code", "edition__in_force_from", "article", "inserted"
        )
    }
    wrong = [
        f"{instrument.title} {number}"
        for instrument in known.shipped()
        for edition in instrument.editions
        if edition.read
        for number in edition.summaries
        if (instrument.code, edition.in_force_from) in loaded
        and (instrument.code, edition.in_force_from, number.article, number.inserted) not in held
    ]
    assert not wrong
    unread = [
        instrument.title
        for instrument in known.shipped()
        for edition in instrument.editions
        if edition.read and edition.summaries and (instrument.code, edition.in_force_from) not in loaded
    ]
    assert not unread, "marked as read, and no text of them is at hand"


def test_no_summary_repeats_the_words_of_a_text(standings: list[Standing]) -> None:
    """Ours are sentences of our own: no run of twelve characters of the article stands in its summary."""
    from shiheng.catalogue.law.models import Provision

    copied = []
    for row in Provision.objects.exclude(text="").exclude(summary=""):
        words = row.summary.rstrip("。")
        if any(words[at : at + 12] in row.text for at in range(max(1, len(words) - 11)) if len(words) >= 12):
            copied.append(f"{row.edition.instrument.title} {row.number}: {row.summary}")
    assert not copied


def test_the_texts_at_hand_are_taken_but_for_those_that_are_damaged(db: None) -> None:
    if not LAW.is_dir():
        pytest.skip("THE TEXTS OF LAW ARE MISSING: loading them was not tried (../shared/data/law)")
    actions.install()
    outcomes = [
        one for path in sorted(LAW.iterdir()) for one in actions.load(reading.read(path.name, path.read_bytes()))
    ]
    refused = {one.title: one.why for one in outcomes if one.state == actions.REFUSED}
    assert {title for title in refused if title.endswith(("法", "办法"))} == {
        "价格法",
        "市场监督管理投诉举报处理暂行办法",
    }
    assert all("没有条号" in why for title, why in refused.items() if title.endswith("类事项"))
    assert len(outcomes) - len(refused) == 28
