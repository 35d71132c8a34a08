"""Everything planted is there, agrees with itself and with the codes' own rules, and is what the files say."""

from collections import Counter, defaultdict
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from stdnum.cn import uscc as peer

from shiheng.city import definition, persons, population
from shiheng.city.industries import industries
from shiheng.city.places import towns
from shiheng.kernel import identifiers
from tests.city.conftest import UNTIL


def _groups(city: SimpleNamespace, kind: str) -> list[dict[str, Any]]:
    return [g for g in city.groups if g["kind"] == kind]


def _of(city: SimpleNamespace, group: dict[str, Any]) -> list[dict[str, Any]]:
    return [city.subjects[k] for k in group["members"]]


def _now(subject: dict[str, Any], item: str) -> Any:
    return subject[item][-1][1]


def test_every_code_is_right_and_none_is_given_twice(city: SimpleNamespace) -> None:
    for subject in city.subjects:
        assert identifiers.uscc_fault(subject["uscc"]) is None
        assert peer.is_valid(subject["uscc"])
        assert identifiers.orgcode_fault(subject["uscc"][8:17]) is None
        assert subject["uscc"][2:6] == "4499"
        assert (subject["regno"] is not None) == (subject["established"] < "2015-10-01")
        if subject["regno"]:
            assert identifiers.regno_fault(subject["regno"]) is None
    for code in ("uscc", "inner", "regno"):
        given = [s[code] for s in city.subjects if s[code]]
        assert len(set(given)) == len(given)


@pytest.mark.slow
def test_no_code_is_given_twice_among_three_hundred_thousand() -> None:
    from shiheng.city import codes

    many = range(0, 3_000_000, 10)
    assert len({codes.organisation_code(k, 5, digits_only=False) for k in many}) == len(many)
    assert len({codes.organisation_code(k, 5, digits_only=True) for k in many}) == len(many)
    assert len({codes.old_number(k, 5, "449901", individual=True) for k in many}) == len(many)
    assert len({codes.inner_code(k, "449901") for k in many}) == len(many)


def test_the_kinds_have_their_shares_and_their_codes(city: SimpleNamespace) -> None:
    kinds = Counter(s["kind"] for s in city.subjects)
    assert kinds == {"individual": 390, "enterprise": 168, "branch": 30, "cooperative": 12}
    prefixes = {"individual": "92", "cooperative": "93", "enterprise": "91", "branch": "91"}
    assert all(s["uscc"].startswith(prefixes[s["kind"]]) for s in city.subjects)
    shares = Counter(_now(s, "town")[:6] for s in city.subjects)
    assert shares["449901"] > shares["449902"] > shares["449903"] > shares["449921"] > 0


def test_every_kind_of_group_is_planted_and_names_its_members_back(city: SimpleNamespace) -> None:
    assert {g["kind"] for g in city.groups} == set(definition.GROUPS)
    for group in city.groups:
        assert len(set(group["members"])) == len(group["members"]) > 1
        assert all(group["key"] in s["groups"] for s in _of(city, group))


def test_siblings_share_trade_name_and_controller_but_no_name(city: SimpleNamespace) -> None:
    for group in _groups(city, "sibling"):
        members = _of(city, group)
        assert {s["controller"] for s in members} == {group["facts"]["controller"]}
        assert all(group["facts"]["brand"] in s["name"][0][1] for s in members)
        assert len({s["name"][0][1] for s in members}) == len(members)


def test_firms_that_only_share_a_trade_name_have_different_controllers(city: SimpleNamespace) -> None:
    for group in _groups(city, "same_brand"):
        members = _of(city, group)
        assert all(group["facts"]["brand"] in s["name"][0][1] for s in members)
        assert len({s["controller"] for s in members}) == len(members)


def test_branches_bear_the_name_of_their_parent_and_are_no_older(city: SimpleNamespace) -> None:
    branches = [s for s in city.subjects if s["kind"] == "branch"]
    assert branches
    for subject in branches:
        parent = city.subjects[subject["parent"]]
        assert subject["name"][0][1].startswith(parent["name"][0][1])
        assert subject["established"] >= parent["established"]
        assert subject["k"] in next(g for g in city.groups if g["facts"].get("parent") == parent["k"])["members"]


def test_shops_of_one_name_lie_in_one_district_and_have_different_people(city: SimpleNamespace) -> None:
    for group in _groups(city, "same_name"):
        members = _of(city, group)
        assert {s["name"][0][1] for s in members} == {group["facts"]["name"]}
        assert len({s["town"][0][1][:6] for s in members}) == 1
        assert len({s["controller"] for s in members}) == len(members)
        assert len({s["place"][0][1] for s in members}) == len(members)


def test_a_hidden_owner_stands_behind_other_names(city: SimpleNamespace) -> None:
    ways: Counter[str] = Counter()
    for group in _groups(city, "owner"):
        members = _of(city, group)
        assert {s["controller"] for s in members} == {group["facts"]["controller"]}
        names = {way: set() for way in ("self", "variant", "nominee")}
        for subject in members:
            way = group["facts"]["ways"][str(subject["k"])]
            ways[way] += 1
            names[way].add(subject["rep"][0][1])
            assert (subject["rep_key"][0][1] == subject["controller"]) == (way != "nominee")
        assert len(names["self"]) == 1
        assert not names["self"] & (names["variant"] | names["nominee"])
    assert min(ways[w] for w in ("self", "variant", "nominee")) > 3


def test_one_hosting_address_holds_dozens_of_firms(city: SimpleNamespace) -> None:
    hosted = _groups(city, "hosted")
    assert max(len(g["members"]) for g in hosted) >= 12
    for group in hosted:
        for subject in _of(city, group):
            assert _now(subject, "place") == group["facts"]["place"]
            assert _now(subject, "address").endswith("（集群注册）")


def test_false_registrations_come_in_one_week_at_one_place_and_never_operate(city: SimpleNamespace) -> None:
    fakes = _groups(city, "fake")
    assert fakes
    for group in fakes:
        members = _of(city, group)
        assert len({s["place"][0][1] for s in members}) == 1
        days = sorted(s["established"] for s in members)
        assert int(days[-1].replace("-", "")) - int(days[0].replace("-", "")) < 100
        assert all(s["fake"] and s["never_operated"] and s["conduct"] < 0.15 and not s["alive"] for s in members)
        assert len({s["rep"][0][1] for s in members}) > 1
    assert {s["k"] for s in city.subjects if s["fake"]} == {k for g in fakes for k in g["members"]}


def test_a_dead_firm_still_stands_in_the_register(city: SimpleNamespace) -> None:
    dead = [s for s in city.subjects if _now(s, "status") == "active" and not s["alive"]]
    assert 0.05 < len(dead) / len(city.subjects) < 0.2
    assert all(s["vanished_on"] and s["established"] <= s["vanished_on"] <= UNTIL.isoformat() for s in dead)
    assert all(_now(s, "status") == "active" for s in city.subjects if s["alive"])


def test_worse_conduct_vanishes_more_often() -> None:
    gone: dict[bool, list[float]] = defaultdict(list)
    for block, _ in population.blocks(2000, seed=4, until=UNTIL):
        for subject in block:
            if not subject.fake:
                gone[subject.vanished_on is not None].append(subject.conduct)
    assert sum(gone[True]) / len(gone[True]) + 0.05 < sum(gone[False]) / len(gone[False])


def test_subjects_are_renamed_moved_and_recapitalised_with_days(city: SimpleNamespace) -> None:
    for item in ("name", "rep", "address", "capital"):
        changed = [s[item] for s in city.subjects if len(s[item]) > 1]
        assert len(changed) >= 10, item
        if item != "rep":
            assert all(a[1] != b[1] for h in changed for a, b in pairwise(h)), item
    assert [s for s in city.subjects if len({t[:6] for _, t in s["town"]}) > 1]


def test_statuses_follow_each_other_as_the_law_lets_them(city: SimpleNamespace) -> None:
    allowed = {
        "active": {"suspended", "revoked", "deregistered", "cancelled", "moved_out"},
        "suspended": {"active", "revoked", "deregistered", "cancelled", "moved_out"},
        "revoked": {"revoked_closed"},
    }
    for subject in city.subjects:
        steps = subject["status"]
        assert steps[0][1] == "active"
        for (_, before), (day, after) in pairwise(steps):
            assert after in allowed[before]
            assert after != "suspended" or day >= "2022-03-01"


def test_all_statuses_occur_in_a_town_sized_city() -> None:
    seen = {s.on(UNTIL)["status"] for block, _ in population.blocks(3000, seed=4, until=UNTIL) for s in block}
    assert seen == {"active", "suspended", "revoked", "revoked_closed", "deregistered", "cancelled", "moved_out"}


def test_no_two_enterprises_of_the_register_bear_one_name() -> None:
    names: dict[str, set[int]] = defaultdict(set)
    for block, _ in population.blocks(3000, seed=4, until=UNTIL):
        for subject in block:
            if subject.kind != "individual":
                for change in subject.history:
                    if "name" in change.values:
                        names[change.values["name"]].add(subject.k)
    assert [n for n, who in names.items() if len(who) > 1] == []


def test_a_variant_of_a_name_is_another_spelling() -> None:
    from random import Random

    rng = Random(1)
    for serial in range(300):
        name = persons.person(rng, str(serial)).name
        assert persons.variant(rng, name) != name


@pytest.mark.real
def test_no_town_bears_the_name_of_a_real_one(real_data: Any) -> None:
    real: set[str] = set()
    for table in ("streets", "areas", "cities"):
        for line in real_data(f"reference/{table}.csv").read_text(encoding="utf-8").splitlines()[1:]:
            code, name = line.split(",")[:2]
            assert not code.startswith("4499")
            real.add(name.strip('"'))
    invented = {t.name for t in towns()} | {t.district.name for t in towns()} | {"云泽市"}
    assert not invented & real


@pytest.mark.real
def test_industries_are_those_of_the_standard(real_data: Any) -> None:
    lines = real_data("reference/gbt4754.csv").read_text(encoding="utf-8").splitlines()
    real = {line.split(",")[0]: line.split(",")[1] for line in lines}
    for industry in industries():
        assert real[industry.code] == industry.name


@pytest.mark.real
def test_no_invented_code_is_a_real_one(real_data: Any, city: SimpleNamespace) -> None:
    import csv
    import gzip

    with gzip.open(real_data("register_guangdong.csv.gz"), "rt", encoding="utf-8") as file:
        real = {row[1] for row in csv.reader(file)}
    assert len(real) > 100_000
    assert not {s["uscc"] for s in city.subjects} & real
