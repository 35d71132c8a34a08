"""The city is a function of (number, seed, last day) and of nothing else."""

import os
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

from shiheng.city import deliveries, generator, places, population, truth
from tests.city.conftest import UNTIL

SOURCE = Path(generator.__file__).resolve().parents[2]


def _shape(subjects: int, seed: int = 3) -> list[object]:
    made = [s for block, _ in population.blocks(subjects, seed=seed, until=UNTIL) for s in block]
    return [(s.k, s.uscc, s.established, s.conduct, s.controller, s.history) for s in made]


def test_the_same_seed_gives_the_same_bytes(city: SimpleNamespace, tmp_path: Path) -> None:
    again = generator.write(tmp_path, subjects=600, seed=11, until=UNTIL)
    assert again.digest == city.manifest.digest
    for file in again.files:
        assert (tmp_path / file.path).read_bytes() == (city.path / file.path).read_bytes(), file.path


def test_another_process_with_another_hash_seed_gives_the_same_bytes(city: SimpleNamespace, tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path; from shiheng.city import generator\n"
        f"m = generator.write(Path({str(tmp_path)!r}), subjects=600, seed=11, until=date({UNTIL:%Y, %-m, %-d}))\n"
        "assert not [n for n in sys.modules if n.split('.')[0] == 'django'], 'Django was imported'\n"
        "print(m.digest)"
    )
    env = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": "77"}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert told.stderr == ""
    assert told.stdout.strip() == city.manifest.digest


def test_another_seed_or_another_day_gives_another_city(city: SimpleNamespace, tmp_path: Path) -> None:
    other = generator.write(tmp_path / "seed", subjects=600, seed=12, until=UNTIL)
    later = generator.write(tmp_path / "day", subjects=600, seed=11, until=date(2026, 11, 21))
    assert len({other.digest, later.digest, city.manifest.digest}) == 3
    assert not {s[1] for s in _shape(300, 11)} & {s[1] for s in _shape(300, 12)}


def test_a_subject_is_the_same_however_many_are_made() -> None:
    many = _shape(450)
    for few in (1, 99, 100, 101, 250):
        assert _shape(few) == many[:few]


def test_the_truth_of_a_prefix_is_the_prefix_of_the_truth(city: SimpleNamespace, tmp_path: Path) -> None:
    generator.write(tmp_path, subjects=200, seed=11, until=UNTIL)
    for one, other in zip(truth.read(tmp_path / "truth", truth.SUBJECTS), city.subjects, strict=False):
        hosts = {g for g in one["groups"] + other["groups"] if g.startswith("hosted-")}
        assert set(one.pop("groups")) | hosts == set(other["groups"]) | hosts
        assert one == {name: value for name, value in other.items() if name != "groups"}


def test_groups_of_a_cut_city_name_only_subjects_that_were_made(tmp_path: Path) -> None:
    generator.write(tmp_path, subjects=150, seed=11, until=UNTIL)
    groups = list(truth.read(tmp_path / "truth", truth.GROUPS))
    assert groups
    assert all(k < 150 for g in groups for k in g["members"])
    named = {g["key"] for g in groups}
    for subject in truth.read(tmp_path / "truth", truth.SUBJECTS):
        assert {g for g in subject["groups"] if not g.startswith("hosted-")} <= named


def test_nothing_happens_after_the_last_day_nor_before_the_first(city: SimpleNamespace) -> None:
    for subject in city.subjects:
        days = [day for item in ("name", "status", "address", "rep", "capital") for day, _ in subject[item]]
        assert min(days) == subject["established"] >= "2000-01-04"
        assert max(days) <= UNTIL.isoformat()
        assert all(a <= b for item in ("name", "status", "address") for (a, _), (b, _) in pairwise(subject[item]))


def test_files_arrive_in_order_and_none_after_the_last_day() -> None:
    for until in (date(2026, 11, 20), date(2026, 11, 4), date(2027, 1, 5), date(2024, 2, 29)):
        plan = deliveries.schedule(until)
        assert [d.kind for d in plan[:3]] == ["full", "restatement", "increment"]
        assert all(a.as_of == b.since < b.as_of < b.known_on <= until for a, b in pairwise(plan))
        assert {d.form for d in plan} == {"csv", "xlsx", "json"}
        assert {d.charset for d in plan if d.form == "csv"} == {"gb18030", "utf-8", "utf-8-sig"}
        assert 15 <= len(plan) <= 18


def test_progress_tells_of_every_subject(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    generator.write(
        tmp_path, subjects=230, seed=1, until=UNTIL, progress=lambda done, total: told.append((done, total))
    )
    assert told == [(100, 230), (200, 230), (230, 230)]


def test_the_manifest_reads_back_as_it_was_written(city: SimpleNamespace) -> None:
    assert generator.read(city.path) == city.manifest


def test_other_files_in_the_folder_do_not_change_the_digest(city: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    assert generator.write(tmp_path, subjects=600, seed=11, until=UNTIL).digest == city.manifest.digest


def test_the_owner_of_the_demonstration_is_always_there_and_never_spoilt(tmp_path: Path) -> None:
    for seed in range(6):
        manifest = generator.write(tmp_path / str(seed), subjects=2, seed=seed, until=UNTIL)
        firm, stall = manifest.owner["businesses"]
        assert (manifest.owner["login"], manifest.owner["name"]) == ("laoban", "劳板")
        assert firm["uscc"].startswith("91449901")
        assert stall["uscc"].startswith("92449901")
        for subject in truth.read(tmp_path / str(seed) / "truth", truth.SUBJECTS):
            assert subject["rep"][-1][1] == "劳板"
            assert subject["status"] == [[subject["established"], "active"]]
            assert len(subject["rows"]) >= 2
        assert not [r for r in truth.read(tmp_path / str(seed) / "truth", truth.ROWS) if r["fault"]]


def test_the_plane_has_every_town_once_and_a_lake() -> None:
    towns = places.towns()
    assert len({t.code for t in towns}) == len(towns) == 27
    assert len({t.polygon for t in towns} | {places.LAKE}) == 28
    corners = [p for t in towns for p in t.polygon]
    assert (max(x for x, _ in corners), max(y for _, y in corners)) == (42.0, 24.0)


def test_a_place_lies_inside_its_town_and_rooms_of_a_house_lie_together(city: SimpleNamespace) -> None:
    for subject in city.subjects:
        town = places.town_of(subject["town"][-1][1])
        x, y = subject["point"]
        xs, ys = [p[0] for p in town.polygon], [p[1] for p in town.polygon]
        assert min(xs) <= x <= max(xs)
        assert min(ys) <= y <= max(ys)
    assert places.point_of("449901001/3/12/1层") == places.point_of("449901001/3/12/2层")
