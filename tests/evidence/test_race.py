"""Several officers at one file in one moment: the same photograph becomes one item, others get a number each."""

from typing import Any

import pytest

from tests.fusion import children
from tests.fusion.children import Place

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES, ROUNDS = 4, 8


def racer(place: Place, file: int, same: list[str], gate: Any, won: Any, me: int) -> None:
    """Each round together with the others: first the same file, then one of its own."""
    children.enter(place)
    from datetime import timedelta

    from shiheng.accounts.permissions import SYSTEM
    from shiheng.kernel import clock
    from shiheng.kernel.errors import Conflict, Refused
    from shiheng.ledger import files
    from shiheng.ledger.files import Kept
    from shiheng.procedures.evidence import actions

    item = actions.Item(
        kind="02", title="照片", source="现场", taken_by=[("a", "甲")], taken_at=clock.now() - timedelta(hours=1),
        place="码头路",
    )  # fmt: skip
    for number, sha256 in enumerate(same):
        gate.wait(120)
        try:
            actions.receive(SYSTEM, file, item, Kept(sha256, files.size_of(sha256)), name="a.png")
            won[number * PROCESSES + me] = 1
        except (Conflict, Refused):
            won[number * PROCESSES + me] = 0
        own = files.keep(f"{number}:{me}".encode(), sealed=True)
        actions.receive(SYSTEM, file, item, own, name="a.txt")


def test_one_file_sent_by_several_at_once_is_one_item_and_every_item_has_its_own_number(offices: Any) -> None:
    from django.conf import settings
    from django.db import connection, connections

    from shiheng.accounts.permissions import SYSTEM
    from shiheng.ledger import files
    from shiheng.ledger.models import Leaf
    from shiheng.procedures import actions as procedures
    from shiheng.procedures.models import Evidence
    from tests.evidence import made

    file = procedures.open_file(SYSTEM, "complaints.complaint", made.FACTS, scope="4499.01.").pk
    same = [files.keep(made.png(20 + 2 * n), sealed=True).sha256 for n in range(ROUNDS)]
    place = Place(str(connection.settings_dict["NAME"]), str(settings.HOME))
    connections.close_all()
    context = children.context()
    gate, won = context.Barrier(PROCESSES), context.Array("q", ROUNDS * PROCESSES, lock=False)
    racers = [context.Process(target=racer, args=(place, file, same, gate, won, me)) for me in range(PROCESSES)]
    for process in racers:
        process.start()
    for process in racers:
        process.join()
    assert [process.exitcode for process in racers] == [0] * PROCESSES
    assert all(sum(won[n * PROCESSES : (n + 1) * PROCESSES]) == 1 for n in range(ROUNDS)), "one wins a round"
    numbers = sorted(Evidence.objects.values_list("number", flat=True))
    assert numbers == list(range(1, ROUNDS * (1 + PROCESSES) + 1))
    assert Leaf.objects.filter(kind="evidence.received").count() == len(numbers)
