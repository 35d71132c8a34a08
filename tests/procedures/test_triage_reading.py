"""Reading a letter by declared words: what they say, with the words that said it; likeness; peaks."""

import pytest

from shiheng.procedures.triage import peaks
from shiheng.procedures.triage.definition import BOTH, lexicon_of, marked, read
from shiheng.procedures.triage.likeness import Compared, compare, likeness, pieces, plain

TEXT = """
in_force_from = 2020-01-01
[[letter]]
procedure = "a.complaint"
as = "complaint"
text = ["summary", "story"]
class = "kind"
sender = "complainant"
against = "trader"
[[class]]
code = "食品安全"
words = ["外卖", "虫", "外卖平台"]
[[class]]
code = "价格"
words = ["加收", "多收"]
[[wants]]
code = "complaint"
title = "投诉"
words = ["退款"]
[[wants]]
code = "report"
title = "举报"
words = ["查处"]
[[urgent]]
code = "children"
title = "涉及未成年人"
words = ["孩子"]
about = "先核实。"
"""


def test_a_text_is_read_with_the_words_that_led_to_each_suggestion() -> None:
    lexicon = lexicon_of(TEXT, "a")
    found = read("孩子点的外卖里有虫，要求退款，请查处。", lexicon)
    assert found.kind is not None
    assert (found.kind.rule.code, found.kind.words) == ("食品安全", ("外卖", "虫"))
    assert found.wants == BOTH
    assert [one.rule.title for one in found.of("urgent")] == ["涉及未成年人"]
    assert read("外卖加收配送费", lexicon).kind is None, "two classes with as many words: none is told"
    assert read("你好", lexicon).wants == ""


def test_the_words_are_marked_where_they_stand_the_longer_first() -> None:
    pieces_ = marked("外卖平台的外卖", ["外卖", "外卖平台"])
    assert pieces_ == [("外卖平台", True), ("的", False), ("外卖", True)]
    assert "".join(piece for piece, _on in pieces_) == "外卖平台的外卖"
    assert marked("没有", []) == [("没有", False)]


@pytest.mark.parametrize(
    "wrong", ["words = []", 'words = "外卖"', 'words = ["a"]\n[[class]]\ncode = "食品安全"\nwords = ["b"]']
)
def test_a_faulty_declaration_stops_the_start(wrong: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        lexicon_of(f'in_force_from = 2020-01-01\n[[class]]\ncode = "食品安全"\n{wrong}', "a")


def test_copies_are_alike_whatever_their_marks_and_different_letters_are_not() -> None:
    one, copy, other = "买的 电饭煲，三天就坏！", "买的电饭煲三天就坏", "金店少称了三克"
    assert plain(one) == plain(copy)
    assert likeness(pieces(one), pieces(copy)) == 1.0
    assert likeness(pieces(one), pieces(other)) < 0.1
    assert likeness(frozenset(), frozenset()) == 0.0


@pytest.mark.parametrize(
    ("compared", "repeat", "equal"),
    [
        (Compared(person=True, against=True, like=0.9, days=3), True, False),
        (Compared(person=True, against=True, like=0.05, days=3), False, False),
        (Compared(person=True, against=None, like=0.9, days=3), True, False),
        (Compared(person=True, against=None, like=0.3, days=3), False, False),
        (Compared(person=True, against=False, like=1.0, days=3), False, False),
        (Compared(person=True, against=True, like=0.9, days=400), False, False),
        (Compared(person=False, against=True, like=0.9, days=3), False, True),
        (Compared(person=None, against=True, like=0.95, days=3), True, True),
        (Compared(person=None, against=True, like=0.5, days=3), False, True),
        (Compared(person=False, against=True, like=0.0, days=3, kind=True), False, True),
        (Compared(person=False, against=True, like=0.9, days=100), False, False),
        (Compared(person=False, against=False, like=1.0, days=1), False, False),
    ],
)
def test_a_repeat_has_the_same_sender_and_an_equal_one_another(compared: Compared, repeat: bool, equal: bool) -> None:
    assert (compared.repeat, compared.equal) == (repeat, equal)


def test_senders_nothing_is_known_of_are_neither_the_same_nor_different() -> None:
    from datetime import date

    from shiheng.procedures.triage.likeness import Sides

    held = Sides("", "s:1", pieces("同样的话"), date(2026, 1, 1))
    assert compare(held, held).person is None
    assert compare(held, held).against is True
    assert compare(held, Sides("", "s:2", held.text, held.day)).against is False
    assert compare(held, Sides("", "n:某店", held.text, held.day)).against is None, "a name may be the same business"


def test_the_chance_is_that_of_the_binomial_and_a_peak_is_unlikely() -> None:
    assert peaks.chance(3, 0) == pytest.approx(0.2**3)
    assert peaks.chance(1, 1) == pytest.approx(1 - 0.8**2)
    assert peaks.chance(0, 10) == 1.0
    # Against the plain sum of the terms.
    import math

    plain_sum = sum(math.comb(30, n) * 0.2**n * 0.8 ** (30 - n) for n in range(12, 31))
    assert peaks.chance(12, 18) == pytest.approx(plain_sum)
    told = {spot.value: spot.peak for spot in peaks.spots({"甲": 12, "乙": 12, "丙": 2}, {"甲": 4, "乙": 48})}
    assert told == {"甲": True, "乙": False, "丙": False}


def test_what_did_not_change_is_seldom_called_a_peak() -> None:
    """A thousand things that happen as often as ever: about one in a thousand is told by chance, not more."""
    import random

    draw = random.Random(4)
    told = 0
    for _ in range(1000):
        days = [draw.random() < 0.2 for _ in range(60)]
        now = sum(days)
        told += peaks.spots({"x": now}, {"x": 60 - now})[0].peak if now else 0
    assert told <= 4


def test_words_that_rise_are_told_whole_and_once() -> None:
    now = ["直播间祛斑面膜过敏"] * 6 + ["电饭煲坏了"] * 3
    before = ["电饭煲坏了"] * 12
    found = peaks.words(now, before)
    assert found
    assert all("电饭" not in spot.value for spot in found)
    assert len({spot.value for spot in found}) == len(found)
    assert any(spot.value in "直播间祛斑面膜过敏" for spot in found)
