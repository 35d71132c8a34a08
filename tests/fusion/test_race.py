"""Eight processes at one file: one batch, each step done once, the same subject file as one process makes."""

from io import BytesIO
from typing import Any

import pytest

from tests.fusion import children
from tests.fusion.children import Place

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8
ROUNDS = [20, pytest.param(1000, marks=pytest.mark.slow)]
CHUNK = 2


def register(number: int) -> bytes:
    """The register a round lands: two new businesses, one that twenty rounds know, one row that must be refused."""
    from tests.factories import uscc

    rows = [
        (f"云泽市恒达{number}号店", uscc(2 * number + 10)),
        ("云泽市人人店", uscc(1_000_000 + number // 20)),
        ("", uscc(2)),
        (f"云泽市望湖{number}号店", uscc(2 * number + 11)),
    ]
    return "\r\n".join(["企业名称,统一社会信用代码", *(f"{name},{code}" for name, code in rows)]).encode()


def racer(place: Place, rounds: int, gate: Any, batches: Any, me: int) -> None:
    """Begin each round together with the others: land under one key, then take the batch as far as it goes."""
    children.enter(place)
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import actions

    for number in range(rounds):
        content = register(number)
        gate.wait(120)
        batch = actions.land(
            "register", BytesIO(content), filename=f"{number}.csv", who=SYSTEM, scope="4499.", key=f"round {number}"
        )
        batches[number * PROCESSES + me] = actions.advance(batch.pk).pk


@pytest.mark.parametrize("rounds", ROUNDS)
def test_eight_processes_that_land_and_advance_one_file_do_each_step_once(rounds, home, quality, request):
    from django.db import connection, connections
    from django.db.models import Count

    from shiheng.fusion import queries
    from shiheng.fusion.models import Batch, Fold, Link, Quarantined
    from shiheng.jobs.models import Job
    from shiheng.ledger.models import Leaf
    from shiheng.subjects.models import Subject

    place = Place(str(connection.settings_dict["NAME"]), str(home), CHUNK)
    connections.close_all()
    context = children.context()
    gate, batches = context.Barrier(PROCESSES), context.Array("q", rounds * PROCESSES, lock=False)
    racers = [context.Process(target=racer, args=(place, rounds, gate, batches, me)) for me in range(PROCESSES)]
    for process in racers:
        process.start()
    for process in racers:
        process.join()
    assert [process.exitcode for process in racers] == [0] * PROCESSES

    each = [set(batches[n * PROCESSES : (n + 1) * PROCESSES]) for n in range(rounds)]
    assert all(len(seen) == 1 for seen in each), "one batch a round, whoever landed it"
    assert len(set.union(*each)) == Batch.objects.count() == rounds
    assert set(Batch.objects.values_list("state", "rows_in", "accepted", "quarantined")) == {("published", 4, 3, 1)}
    kinds = Leaf.objects.filter(subject__startswith="batch:").values_list("kind").annotate(n=Count("pk"))
    assert dict(kinds) == dict.fromkeys(("batch.landed", "batch.checked", "batch.published"), rounds)
    assert Job.objects.count() == rounds
    assert (Link.objects.count(), Quarantined.objects.count()) == (3 * rounds, rounds)
    assert Subject.objects.count() == 2 * rounds + rounds // 20
    # Each round has two chunks, each resolved once and fused once: one winner a step.
    assert Fold.objects.get(name="subjects").value == 4 * rounds
    raced = list(queries.canonical())
    assert raced == alone(rounds)
    if rounds > 20:
        quality(
            "fusion_race",
            f"八个进程争办同一文件 {rounds} 轮（{connection.vendor}）：每轮一个批次，{4 * rounds} 个块步骤各办一次，"
            "存证各一条，\n主体档案与一个进程独办逐字节相同。",
        )


def alone(rounds: int) -> list[str]:
    """The canonical dump one process makes of the same rounds, in the emptied database."""
    from django.core.management import call_command
    from django.test import override_settings

    from shiheng.accounts.permissions import SYSTEM
    from shiheng.columnar import lake
    from shiheng.fusion import actions, queries
    from tests import factories

    call_command("flush", verbosity=0, interactive=False)
    factories.empty_search()
    with pytest.MonkeyPatch.context() as patch, override_settings():
        patch.setattr(lake, "CHUNK", CHUNK)
        for number in range(rounds):
            batch = actions.land(
                "register",
                BytesIO(register(number)),
                filename=f"{number}.csv",
                who=SYSTEM,
                scope="4499.",
                key=f"round {number}",
            )
            actions.advance(batch.pk)
        return list(queries.canonical())
