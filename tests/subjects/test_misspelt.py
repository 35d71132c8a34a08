"""A name typed with one slip still finds its subject, the likeliest slip first; two slips are another name."""

import random

import pytest

from shiheng.subjects import postings, search, slips
from shiheng.subjects.models import SearchName, Subject
from tests import factories

pytestmark = pytest.mark.django_db

WHOLE = "云泽市临江区恒达食品有限公司"


def ids(text: str) -> list[int]:
    return [hit.subject.id for hit in search.find(text).hits]


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("云泽市临江区衡达食品有限公司", "a character that sounds the same"),
        ("云泽市临江区桓达食品有限公司", "one that looks alike"),
        ("云泽市临江区达恒食品有限公司", "two swapped"),
        ("云泽市临江区恒食达品有限公司", "two swapped elsewhere"),
        ("云泽市临江区恒达食品有公限司", "two swapped near the end"),
        ("云泽市临江区达食品有限公司", "one left out"),
        ("云泽市临江区恒达达食品有限公司", "one put in"),
        ("云择市临江区恒达食品有限公司", "the first half wrong"),
        ("云泽市临江区恒达食品有限公私", "the last wrong"),
        ("衡达食品有限", "only a piece of the name"),
    ],
)
def test_one_slip_still_finds_the_subject(typed: str, slip: str) -> None:
    firm = factories.subject(WHOLE)
    factories.crowd(500)
    assert ids(typed)[:10].count(firm.id) == 1, slip


def test_two_slips_are_another_name() -> None:
    factories.subject(WHOLE)
    assert ids("云泽市临江区横打食品有限公司") == []


def test_what_sounds_alike_comes_before_what_does_not() -> None:
    other = factories.subject("云泽市临江区吉达食品有限公司")
    sounds = factories.subject("云泽市临江区恒达食品有限公司")
    left_out = factories.subject("云泽市临江区衡宏达食品有限公司")
    assert ids("云泽市临江区衡达食品有限公司") == [sounds.id, left_out.id, other.id]


def test_a_name_that_is_held_as_typed_comes_before_one_that_was_misspelt() -> None:
    misspelt = factories.subject("云泽市临江区衡达食品有限公司")
    typed = factories.subject("云泽市临江区恒达食品有限公司")
    assert ids("云泽市临江区恒达食品有限公司") == [typed.id, misspelt.id]
    assert ids("恒达") == [typed.id]  # of a short piece that is found nobody asks what else was meant


def test_every_slip_of_every_place_is_one_slip_and_finds() -> None:
    draw = random.Random(3)
    factories.crowd(300)
    rows = {name.subject_id: name for name in SearchName.objects.all()}
    for number in draw.sample(sorted(rows), 25):
        name = rows[number].folded
        at = draw.randrange(len(name) - 1)
        swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        wrong, left_out, put_in = (
            name[:at] + "囍" + name[at + 1 :],
            name[:at] + name[at + 1 :],
            name[:at] + "囍" + name[at:],
        )
        for typed in (wrong, left_out, put_in, swapped):
            assert typed in name or slips.slip(typed, name) is not None, (typed, name)
            assert number in ids(typed), (typed, name)


def test_a_subject_with_two_former_names_of_one_length_is_found_by_both() -> None:
    firm = factories.subject("云泽恒达食品有限公司", former=("云泽老灶台食品厂", "云泽新灶台食品厂"))
    assert ids("老灶台") == ids("新灶台") == [firm.id]
    assert len(set(SearchName.objects.values_list("rank", flat=True))) == 3
    firm.names.filter(text="云泽老灶台食品厂").delete()
    search.index([firm.id])
    assert ids("老灶台") == []
    assert ids("新灶台") == [firm.id]


def test_tidying_changes_nothing_that_is_found() -> None:
    numbers = factories.crowd(600, index=False)
    for at in range(0, 600, 20):
        search.index(numbers[at : at + 20])
    names = list(SearchName.objects.values_list("subject_id", "folded")[:50])
    before = [search.ids(folded) for _, folded in names]
    postings.tidy()
    assert [search.ids(folded) for _, folded in names] == before
    assert all(subject in found for (subject, _), found in zip(names, before, strict=True))
    assert postings.tidy() == 0
    assert Subject.objects.count() == 600
