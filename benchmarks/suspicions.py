"""Whom a shared telephone gives away: how many suspected links are so, and how many of those there are are suspected.

The generated city knows who truly decides in each business; its members' list does not say it. Every person of a city
of another seed is traced by the platform's own rule, and each pair of subjects it joins on suspicion is held against
that truth. ``SHIHENG_BENCH_SUBJECTS`` (default 6,000) and ``SHIHENG_BENCH_SEED`` choose the city. The claim is the
figure shipped in ``lines/registration/tracing.py``.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import Any

from benchmarks.claims import Claim

SUBJECTS = int(os.environ.get("SHIHENG_BENCH_SUBJECTS", "6000"))
SEED = int(os.environ.get("SHIHENG_BENCH_SEED", "20261208"))
UNTIL = date(2026, 11, 20)
Pair = tuple[int, int]


def run() -> list[Claim]:
    with tempfile.TemporaryDirectory(prefix="shiheng-bench-") as home:
        env = {**os.environ, "SHIHENG_HOME": home, "DJANGO_SETTINGS_MODULE": "shiheng.site.settings"}
        command = [sys.executable, "-m", "benchmarks.suspicions", str(SUBJECTS), str(SEED)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env)
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    print(
        f"  {SUBJECTS:,} subjects, seed {SEED}: {told['links']:,} pairs suspected, {told['right']:,} of one "
        f"controller; {told['so']:,} pairs of one controller that no proved person joins"
    )
    return [
        Claim("suspected pairs of one controller", told["right"] / told["links"], told["shipped_precision"], "", 0.98),
        Claim("pairs of one controller suspected", told["right"] / told["so"], told["shipped_recall"], "", 0.9),
    ]


def measured(subjects: int, seed: int) -> dict[str, Any]:
    """The counts of one city, in the data directory the settings name."""
    import django

    django.setup()
    from django.core.management import call_command

    from shiheng.kernel import registry
    from shiheng.site import loading
    from shiheng.subjects.definition import SUSPICIONS

    call_command("migrate", verbosity=0)
    loading.load_lines()
    controllers, proved = _load(subjects, seed)
    # What a proved person joins needs no suspicion, and none is counted as right or wrong.
    known = {pair for held in proved.values() for pair in combinations(sorted(held), 2)}
    so, links = _pairs(controllers) - known, _suspected() - known
    *_, shipped = registry.all_of(SUSPICIONS)
    return {
        "links": len(links), "right": len(links & so), "so": len(so),
        "shipped_precision": shipped.right / shipped.links, "shipped_recall": shipped.right / shipped.so,
    }  # fmt: skip


def _pairs(controllers: dict[int, str]) -> set[Pair]:
    """Every two subjects one person truly decides in."""
    held: dict[str, list[int]] = defaultdict(list)
    for subject, who in controllers.items():
        held[who].append(subject)
    return {pair for members in held.values() for pair in combinations(sorted(members), 2)}


def _load(subjects: int, seed: int) -> tuple[dict[int, str], dict[str, set[int]]]:
    """Subjects, persons and positions as the members' list tells them; who truly decides, and whom numbers prove."""
    from django.db import transaction

    from shiheng.city import population
    from shiheng.city.lives import matters, positions
    from shiheng.city.places import town_of
    from shiheng.columnar import frames
    from shiheng.subjects.models import Person, Relation, Subject

    controllers: dict[int, str] = {}
    proved: dict[str, set[int]] = defaultdict(set)
    people: dict[str, int] = {}
    names: list[tuple[int, str, str, bool]] = []
    rows: list[tuple[Any, ...]] = []
    seats: dict[tuple[int, str, int], tuple[Any, ...]] = {}
    roles = {title: role for role, titles in _ROLES.items() for title in titles}
    for made, _groups in population.blocks(subjects, seed=seed, until=UNTIL):
        for life in matters.lives(made, seed=seed, until=UNTIL):
            k = life.subject.k + 1
            controllers[k] = life.subject.controller
            scope = f"4499.{town_of(life.subject.on(UNTIL)['town']).district.code[4:]}."
            rows.append(
                (k, f"k:{k}", scope, f"第{k}户", "active", life.subject.kind, True, UNTIL, {}, "", "", "", "", "", "")
            )
            for event in life.of(positions.POSITION):
                said = event.on(UNTIL)
                key = f"id:{said['number']}" if said["number"] else f"at:{k}:{said['name']}"
                if key not in people:
                    people[key] = len(people) + 1
                    names.append((people[key], key, said["name"], bool(said["number"])))
                if said["number"]:
                    proved[key].add(k)
                seat = (k, roles[said["title"]], people[key])
                seats[seat] = (
                    *seat,
                    said["name"],
                    said["phone"],
                    event.day,
                    said["until"],
                    said["until"] is None,
                    "members",
                )
    columns = (
        "id", "mint_key", "scope", "name", "status", "kind", "live", "updated_on", "fields", "uscc", "capital_currency",
        "representative", "address", "region", "industry",
    )  # fmt: skip
    with transaction.atomic():
        frames.insert(Subject, columns, rows)
        frames.insert(Person, ("id", "key", "name", "verified"), names)
        frames.insert(
            Relation,
            ("subject_id", "role", "person_id", "named", "contact", "first_day", "last_day", "current", "source"),
            seats.values(),
        )
    return controllers, proved


_ROLES = {
    "representative": ("法定代表人", "经营者", "负责人"),
    "shareholder": ("股东",),
    "supervisor": ("监事",),
    "liaison": ("联络员",),
    "agent": ("委托代理人",),
}


def _suspected() -> set[Pair]:
    """The pairs of subjects joined on suspicion, tracing one person after the other."""
    from shiheng.subjects import following
    from shiheng.subjects.models import Person

    found: set[Pair] = set()
    for person in Person.objects.order_by("pk").iterator(chunk_size=2_000):
        for suspect in following.find(person).suspects:
            for own in suspect.shared_at:
                if own.pk != suspect.subject.pk:
                    found.add((min(own.pk, suspect.subject.pk), max(own.pk, suspect.subject.pk)))
    return found


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
