"""Citations of law: how articles are written, what a citation names, and which citations stand in running text."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.kernel.citation import (
    Citation,
    Number,
    canonical,
    in_chinese,
    mentions,
    read_number,
    read_token,
    references,
    within,
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("第三十五条", ["35"]),
        ("第三十五条第一款、第三十六条", ["35", "36"]),
        ("第四十四条之一", ["44-1"]),
        ("第十四条至第十六条", ["14", "15", "16"]),
        ("第四十四条之一至第四十五条", ["44-1", "45"]),
        ("第十七条（2014 年文本）", ["17"]),
        ("第35条", ["35"]),
        ("第一百五十四条", ["154"]),
        ("第三十五条第一款、第三款和第四十条", ["35", "35", "40"]),
        ("各条所写单位", []),
        ("国发〔2019〕18号", []),
        ("", []),
    ],
)
def test_the_articles_of_a_citation_are_read(text: str, named: list[str]) -> None:
    assert [number.token for one in references(text) for number in one.numbers()] == named


def test_paragraph_and_item_belong_to_the_article_they_follow() -> None:
    first, second, third = references("第一百二十四条第一款第五项、第（六）项、第二款")
    assert (first.first, first.paragraph, first.item) == (Number(124), 1, 5)
    assert (second.first, second.paragraph, second.item) == (Number(124), 1, 6)
    assert (third.first, third.paragraph, third.item) == (Number(124), 2, None)


def test_a_range_covers_what_lies_within() -> None:
    (held,) = references("第二百零一条至第二百零三条")
    assert held.covers(Number(202))
    assert held.covers(Number(202, 1))
    assert not held.covers(Number(204))


def test_the_places_of_references_are_those_in_the_text() -> None:
    text = "依照第三条、第八条第二款办理"
    assert [text[one.start : one.end] for one in references(text)] == ["第三条", "第八条第二款"]


@given(st.integers(1, 9_999))
def test_a_number_written_in_chinese_reads_as_itself(number: int) -> None:
    assert read_number(in_chinese(number)) == number


@given(st.text(alphabet="第条款项之至零一二十百千、（）0123456789", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    for one in references(text):
        assert text[one.start : one.end] == one.text
        assert one.first.article > 0


@pytest.mark.parametrize(
    ("written", "number"), [(10, "十"), (15, "十五"), (20, "二十"), (101, "一百零一"), (110, "一百一十")]
)
def test_numbers_are_written_as_statutes_write_them(written: int, number: str) -> None:
    assert in_chinese(written) == number


@pytest.mark.parametrize(("token", "number"), [("35", Number(35)), ("44-1", Number(44, 1)), ("第三条", Number(3))])
def test_an_article_is_named_in_an_address(token: str, number: Number) -> None:
    assert read_token(token) == number
    assert read_token(number.token) == number


@pytest.mark.parametrize("token", ["0", "", "x", "第三条第四条", "1-2-3", "99999", "²"])
def test_what_numbers_no_article_is_nothing(token: str) -> None:
    assert read_token(token) is None


@pytest.mark.parametrize(
    "title",
    ["中华人民共和国食品安全法", "《食品安全法》", " 食品安全法 ", "食品安全法（已废止，历史参考）"],
)
def test_one_instrument_has_one_name(title: str) -> None:
    assert canonical(title) == "食品安全法"


def test_a_trial_measure_keeps_what_tells_it_from_others() -> None:
    assert canonical("欠税公告办法(试行)") == "欠税公告办法（试行）"


def test_running_text_is_read_for_the_articles_it_names() -> None:
    text = "违反《中华人民共和国食品安全法》第三十四条第十项，依据《食品安全法》第一百二十四条、第一百二十五条处罚"
    first, second = mentions(text)
    assert (first.citation.instrument, first.citation.article) == ("中华人民共和国食品安全法", "第三十四条第十项")
    assert second.citation.article == "第一百二十四条、第一百二十五条"
    assert text[second.start : second.end] == "《食品安全法》第一百二十四条、第一百二十五条"


def test_a_title_alone_is_a_mention_without_articles() -> None:
    (one,) = mentions("参照《某办法》（2019年修订）办理")
    assert one.citation == Citation("某办法")


def test_an_unread_citation_says_so() -> None:
    assert str(Citation("食品安全法", "第三条", verified=True)) == "《食品安全法》第三条"
    assert str(Citation("食品安全法", "第三条")) == "《食品安全法》第三条（条文待核对）"


def test_citations_are_found_wherever_a_declaration_holds_them() -> None:
    @dataclass(frozen=True)
    class Part:
        basis: Citation

    @dataclass(frozen=True)
    class Whole:
        title: str
        parts: tuple[Part, ...]
        by_name: dict[str, Citation]

    one, two = Citation("甲法", "第一条"), Citation("乙法", "第二条", date(2020, 1, 1))
    assert list(within(Whole("题", (Part(one),), {"x": two}))) == [one, two]
