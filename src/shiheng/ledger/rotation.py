"""Taking a new data key into use, and destroying one under which nothing is sealed any more; both go on record."""

from collections.abc import Callable

from django.db import transaction

from shiheng.kernel import clock
from shiheng.kernel.sealing import DataKey
from shiheng.ledger import actions, keyring
from shiheng.ledger.models import DataKeyRow
from shiheng.ui import slots

IN_USE = "keys.in_use"
"""Rooms above say here whether they keep anything sealed under a key: functions of nobody and its number."""
slots.declare(IN_USE, "仍在使用数据密钥的")


def rotate(*, who: actions.Actor) -> DataKey:
    """Take a new key into use, on record; what is sealed under earlier ones is sealed anew in the background."""
    with transaction.atomic():
        before = keyring.current()
        fresh = keyring.make(before.number + 1)
        actions.record("keys.rotated", subject="keys", who=who, facts={"before": before.number, "now": fresh.number})
    return fresh


def destroy(number: int, *, unless: Callable[[], bool], who: actions.Actor) -> bool:
    """Destroy a key under which nothing is sealed any more; ``unless`` looks through everything for it.

    Gives False when something is, when a room above says so (``IN_USE``), when anybody sealed under it while that was
    looked for, and during a backup: what that has copied already may need the key.
    """
    uses = DataKeyRow.objects.values_list("uses", flat=True).get(number=number)
    if number == keyring.current().number or unless() or _held_above(number):
        return False
    with keyring.may_destroy() as free:
        if not free:
            return False
        with transaction.atomic():
            held = DataKeyRow.objects.filter(number=number, uses=uses, destroyed_at=None)
            if held.update(destroyed_at=clock.now()) != 1:
                return False
            facts = {"number": number}
            actions.record("keys.destroyed", subject="keys", who=who, facts=facts, key=f"keys:{number}:gone")
        keyring.erase_destroyed()
    return True


def _held_above(number: int) -> bool:
    return any(filling.function(None, number) for filling in slots.fillings(IN_USE))
