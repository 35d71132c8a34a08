"""Eight processes take the same step of the same file: one passage and one leaf a round."""

from typing import Any

import pytest

from tests.fusion import children
from tests.fusion.children import Place

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8
ROUNDS = [10, pytest.param(1000, marks=pytest.mark.slow)]
FACTS = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "三天就坏。", "claims": ["退款"]}


def racer(place: Place, files: list[int], gate: Any, won: Any, me: int) -> None:
    """Each round together with the others: take the same step, each under a key of its own."""
    children.enter(place)
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.kernel.errors import Conflict, Refused
    from shiheng.procedures import actions

    for number, file in enumerate(files):
        gate.wait(120)
        try:
            actions.take(SYSTEM, file, "accept", {"told_by": "短信"})
            won[number * PROCESSES + me] = 1
        except (Conflict, Refused):
            won[number * PROCESSES + me] = 0


@pytest.mark.parametrize("rounds", ROUNDS)
def test_eight_processes_at_one_step_leave_one_passage_and_one_leaf(
    rounds: int, offices: Any, tmp_path: Any, quality: Any, request: Any
) -> None:
    from django.conf import settings
    from django.db import connection, connections

    from shiheng.accounts.permissions import SYSTEM
    from shiheng.ledger.models import Leaf
    from shiheng.procedures import actions
    from shiheng.procedures.models import Clock, Passage, Proceeding

    files = [actions.open_file(SYSTEM, "complaints.complaint", FACTS, scope="4499.01.").pk for _ in range(rounds)]
    assert len(set(Proceeding.objects.values_list("number", flat=True))) == rounds
    place = Place(str(connection.settings_dict["NAME"]), str(settings.HOME))
    connections.close_all()
    context = children.context()
    gate, won = context.Barrier(PROCESSES), context.Array("q", rounds * PROCESSES, lock=False)
    racers = [context.Process(target=racer, args=(place, files, gate, won, me)) for me in range(PROCESSES)]
    for process in racers:
        process.start()
    for process in racers:
        process.join()
    assert [process.exitcode for process in racers] == [0] * PROCESSES

    assert all(sum(won[n * PROCESSES : (n + 1) * PROCESSES]) == 1 for n in range(rounds)), "one wins a round"
    assert Passage.objects.filter(step="accept").count() == rounds
    assert Leaf.objects.filter(kind="file.step").count() == rounds
    assert set(Proceeding.objects.values_list("state", "turn")) == {("accepted", 2)}
    assert Clock.objects.filter(limit="mediation", running=True).count() == rounds
    if "slow" in request.node.keywords:
        quality("procedures_race", f"{PROCESSES} processes, {rounds:,} rounds: one passage and one leaf a round")
