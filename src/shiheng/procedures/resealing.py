"""What files keep sealed (parties, and what is personal in a step), sealed anew after the data key changed."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Model

from shiheng.kernel import sealing
from shiheng.kernel.sealing import MARK, DataKey
from shiheng.ledger import keyring
from shiheng.procedures.models import Address, Approval, Correction, Order, Party, Passage, Proceeding, Upload

SLICE = 1_000
KEEPERS: tuple[type[Model], ...] = (Address, Approval, Correction, Order, Party, Passage, Proceeding, Upload)


def run() -> int:
    """Seal everything files keep under the key in use; how many rows were written. Safe to run again."""
    key, done = keyring.current(), 0
    for model in KEEPERS:
        for rows in _slices(model):
            with transaction.atomic():
                for pk, facts in rows:
                    anew = {name: _fresh(value, key) for name, value in facts.items()}
                    if anew != facts:  # written only where it is as it was read: a later writing sealed it anew
                        done += model._default_manager.filter(pk=pk, facts=facts).update(facts=anew)
                keyring.claim(key.number)
    return done


def holds(_who: object, number: int) -> bool:
    """Whether files keep anything sealed under a key."""
    mark = f"{MARK}{number}:"
    return any(
        isinstance(value, str) and value.startswith(mark)
        for model in KEEPERS
        for facts in model._default_manager.values_list("facts", flat=True).iterator(chunk_size=SLICE)
        for value in facts.values()
    )


def _fresh(value: Any, key: DataKey) -> Any:
    sealed = sealing.parse(value) if isinstance(value, str) else None
    if sealed is None or sealed.key == key.number:
        return value
    try:
        return sealing.seal(keyring.unsealed(value), key, sealed.kind)
    except keyring.UnreadableError:
        return value  # its key is gone; it stays as it is and is shown as unreadable


def _slices(model: type[Model]) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    at = -1
    rows = model._default_manager.order_by("pk").values_list("pk", "facts")
    while held := list(rows.filter(pk__gt=at)[:SLICE]):
        yield held
        at = held[-1][0]
