"""What misleads in the city's files is there, in about the shares its definition says, and the truth tells of it."""

from collections import defaultdict
from types import SimpleNamespace

import pytest

from shiheng.city import confusions, definition, deliveries, population
from shiheng.city.draw import stream
from shiheng.city.lives import matters, positions
from shiheng.city.model import Group, Subject
from tests.city.conftest import UNTIL

SEED = 4


@pytest.fixture(scope="module")
def made() -> tuple[dict[int, Subject], list[Group]]:
    blocks = list(population.blocks(2600, seed=SEED, until=UNTIL))
    return {s.k: s for block, _ in blocks for s in block}, [g for _, groups in blocks for g in groups]


def test_a_number_of_another_is_told_by_the_register_or_by_departments(made: tuple[dict[int, Subject], object]) -> None:
    subjects, _ = made
    owners = {s.regno: s for s in subjects.values() if s.regno}
    slips = [s for s in subjects.values() if s.slip[1]]
    assert {s.slip[0] for s in slips} == {confusions.REGISTER, confusions.DEPARTMENTS}
    for subject in slips:
        by, number = subject.slip
        other = owners[number]
        assert other.controller != subject.controller
        assert {s.on(UNTIL)["town"][:6] for s in (subject, other)} == {definition.CONTESTED_IN}
        assert confusions.told_number(subject, by) == number
        assert {confusions.told_number(subject, who) for who in (confusions.REGISTER, confusions.DEPARTMENTS)} == {
            number,
            "",
        }


def test_a_divided_business_is_told_by_its_old_number_first_and_by_its_code_ever_after(
    made: tuple[dict[int, Subject], object],
) -> None:
    subjects, _ = made
    (subject,) = (s for s in subjects.values() if s.divided)
    plan = deliveries.schedule(UNTIL)
    rows = [deliveries.render(stream(1, "t"), subject, item) for _, item in deliveries.rows_of(subject, plan)]
    assert [(r["uni_social_crd_cd"], r.get("reg_no", "")) for r in rows[:2]] == [
        (subject.regno, ""),
        (subject.uscc, ""),
    ]


def test_the_truth_says_which_rows_tell_another_s_number(city: SimpleNamespace) -> None:
    (slipped,) = (s for s in city.subjects if s["slip"][1])
    told = {(r["file"], r["row"]) for r in city.rows if r["untidy"] == "another's number"}
    assert told
    assert told <= {tuple(place) for place in slipped["rows"]}


def test_strangers_share_a_telephone_through_books_families_and_numbers_given_up(
    made: tuple[dict[int, Subject], list[Group]],
) -> None:
    subjects, groups = made
    left: dict[str, set[int]] = defaultdict(set)
    first: dict[int, str] = {}
    clients: dict[str, set[int]] = defaultdict(set)
    for block, _ in population.blocks(2600, seed=SEED, until=UNTIL):
        for life in matters.lives(block, seed=SEED, until=UNTIL):
            for event in life.of(positions.POSITION):
                said, k = event.steps[0][1], life.subject.k
                left[said["phone"]].add(k)
                first.setdefault(k, said["phone"])
                if said["title"] == "联络员" and positions._kept(life):
                    clients[said["phone"]].add(k)
    for group in (g for g in groups if g.kind == "family"):
        one, two = group.members
        assert first[one] == first[two]
        assert len({subjects[k].controller for k in group.members}) == 2
        assert len({subjects[k].history[0].values["rep"][0] for k in group.members}) == 1
    enterprises = sum(s.kind == "enterprise" and not s.fake for s in subjects.values())
    assert 0.11 < sum(map(len, clients.values())) / enterprises < 0.19
    assert sum(1 < len(firms) < 10 for firms in clients.values()) > 20
    given = [s for s in subjects.values() if s.telephone and not any(g.startswith("family") for g in s.groups)]
    assert 0.002 < len(given) / len(subjects) < 0.008
    assert all(len(left[first[s.k]]) > 1 for s in given)
