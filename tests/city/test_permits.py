"""Permits of the city: files as departments send them, and beside them who truly has one, since when and how long."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from shiheng import lines
from shiheng.city import definition, permit_files, permits, population
from shiheng.fusion import checks, reading
from shiheng.fusion.definition import Source, parse_source
from tests.city.conftest import UNTIL

LINES = Path(lines.__path__[0])
FOLDERS = {"food_permits": "food/sources/food_permits", "permits": "registration/sources/permits"}


@pytest.fixture(scope="module")
def contracts() -> dict[str, Source]:
    return {
        code: parse_source(*((LINES / place / f"{name}.yaml").read_text("utf-8") for name in ("contract", "mapping")))
        for code, place in FOLDERS.items()
    }


@pytest.fixture(scope="module")
def checked(city: SimpleNamespace, contracts: dict[str, Source]) -> dict[str, checks.Checked]:
    """Each permit file held against its own contract by the platform's reader."""
    found = {}
    for code, source in contracts.items():
        for file in city.manifest.of(code):
            path = city.path / file.path
            table = reading.read(path, path.name)
            found[path.name] = checks.Checker(source, checks.lay_out(source, table.header), file.known_on).check(
                list(table.rows)
            )
    return found


def _all(city: SimpleNamespace) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(subject, permit) for subject in city.subjects for permit in subject["permits"]]


def test_both_sources_arrive_by_the_quarter_after_the_restatement(city: SimpleNamespace) -> None:
    restated = city.manifest.of("register")[1].known_on
    for code in FOLDERS:
        files = city.manifest.of(code)
        assert len(files) >= 5
        assert [f.kind for f in files] == ["full", *["increment"] * (len(files) - 1)]
        assert all(restated < f.known_on <= UNTIL and f.as_of < f.known_on for f in files)
        assert files[0].rows > sum(f.rows for f in files[1:]) / 2 > 0


def test_rows_in_are_accepted_and_quarantined_just_as_planted(
    city: SimpleNamespace, checked: dict[str, checks.Checked]
) -> None:
    planted: dict[str, dict[int, str]] = {name: {} for name in checked}
    for row in city.rows:
        if row["file"] in planted and row["fault"]:
            planted[row["file"]][row["row"]] = row["reason"]
    for code in FOLDERS:
        for file in city.manifest.of(code):
            name = Path(file.path).name
            done = checked[name]
            assert done.accepted.height + len(done.refused) == file.rows
            assert {r["row"]: r["reasons"][0]["code"] for r in done.refused} == planted[name]
            assert len(done.refused) == file.faulty
    assert sum(map(len, planted.values())) > 3


def test_every_fault_of_a_permit_row_can_occur() -> None:
    seen: Counter[str] = Counter()
    from shiheng.city import deliveries

    plan = permit_files.schedule(deliveries.schedule(UNTIL), UNTIL)
    from shiheng.city.draw import stream

    for block, _ in population.blocks(1500, seed=4, until=UNTIL):
        for subject in block:
            for permit in permits.of(subject, seed=4, until=UNTIL):
                rows = permit_files.rows_of(stream(4, subject.k), subject, permit, plan)
                seen.update(fault for _, _, fault in rows)
    assert set(seen) - {""} == set(definition.PERMIT_FAULT_CODES)


def test_the_truth_names_each_row_and_what_it_says(city: SimpleNamespace, checked: dict[str, checks.Checked]) -> None:
    said: dict[tuple[str, int], dict[str, Any]] = {}
    for name, done in checked.items():
        said.update({(name, row["row"]): row for row in done.accepted.iter_rows(named=True)})
    counted = 0
    for subject, permit in _all(city):
        for name, row in permit["rows"]:
            if (name, row) in said:
                cells = said.pop((name, row))
                counted += 1
                assert cells["uni_social_crd_cd"] == subject["uscc"]
                assert cells["permit_no"] == permit["number"]
                assert cells["valid_until"] in [until for _, _, until, _ in permit["events"]]
                assert cells["comp_nm"] in [name for _, name in subject["name"]]
    assert not said, "rows nobody's truth speaks of"
    assert counted > 150


def test_the_fates_are_what_the_days_say(city: SimpleNamespace) -> None:
    soon = (UNTIL + timedelta(days=60)).isoformat()
    today = UNTIL.isoformat()
    for subject, permit in _all(city):
        if not permit["events"]:
            assert permit["fate"] in {"missing", "closed"}
            continue
        _, since, until, state = permit["events"][-1]
        fate = permit["fate"]
        assert since >= subject["established"]
        assert (state == "closed") == (fate == "closed")
        if fate == "undated":
            assert until is None
        elif fate != "closed":
            assert fate == ("expired" if until < today else "soon" if until <= soon else "valid")
        ends = [e[2] for e in permit["events"] if e[3] == "valid" and e[2]]
        assert ends == sorted(ends)


def test_shares_of_missing_expired_and_expiring_are_those_declared() -> None:
    fates: Counter[str] = Counter()
    for block, _ in population.blocks(4000, seed=4, until=UNTIL):
        for subject in block:
            if subject.on(UNTIL)["status"] == "active" and not subject.vanished_on:
                fates.update(p.fate for p in permits.of(subject, seed=4, until=UNTIL))
    asked = sum(fates.values())
    assert asked > 600
    assert 0.03 < fates["missing"] / asked < 0.13
    assert 0.01 < fates["expired"] / asked < 0.09
    assert 0.01 < fates["soon"] / asked < 0.09
    assert fates["valid"] / asked > 0.6


def test_no_two_permits_bear_one_number(city: SimpleNamespace) -> None:
    numbers = [permit["number"] for _, permit in _all(city)]
    assert len(set(numbers)) == len(numbers)


def test_the_owner_of_the_demonstration_has_every_permit_and_one_that_ends_soon(city: SimpleNamespace) -> None:
    fates = [p["fate"] for s in city.subjects[:2] for p in s["permits"]]
    assert fates
    assert set(fates) <= {"valid", "soon"}


def test_a_food_permit_may_be_reported_by_both(city: SimpleNamespace) -> None:
    both = [p for _, p in _all(city) if len({name.rsplit("-", 2)[0] for name, _ in p["rows"]}) == 2]
    assert both
    assert {p["title"] for p in both} == {"食品经营许可证"}


def test_contracts_and_city_speak_of_the_same_columns(contracts: dict[str, Source]) -> None:
    for code, source in contracts.items():
        taken = {h for c in source.columns for h in c.headers}
        assert set(permit_files.COLUMNS[code].values()) <= taken
        assert source.record
        assert source.record.kind == "permit"
        assert {source.authority[f] for f in source.statements} == {9}
        raw = yaml.safe_load((LINES / FOLDERS[code] / "contract.yaml").read_text("utf-8"))
        assert raw["description"]["limitations"]
