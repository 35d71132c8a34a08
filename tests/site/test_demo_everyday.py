"""The everyday of the invented bureau: a leave with its deputy, a batch with rows held back, a day off that waits."""

from datetime import date
from typing import Any

import pytest

from shiheng.procedures.models import Batch, Handing, Leave, Move, Proceeding
from shiheng.site import demo_everyday, demo_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TODAY = date(2026, 11, 20)


def test_the_bureau_has_a_leave_a_batch_and_a_preview_and_has_them_once(cast: Any, bench: Any) -> None:
    demo_files.live(TODAY)
    demo_everyday.live(TODAY)
    leave, batch, move = Leave.objects.get(), Batch.objects.get(), Move.objects.get()
    assert (leave.state, leave.deputy_name) == ("running", "简勘")
    assert Handing.objects.filter(leave=leave).exists()
    assert (batch.state, batch.taken, batch.quarantined) == ("done", 3, 2)
    assert move.state == "waiting"
    assert move.files > 0
    before = Proceeding.objects.count()
    demo_everyday.live(TODAY)
    assert (Proceeding.objects.count(), Leave.objects.count(), Move.objects.count()) == (before, 1, 1)
