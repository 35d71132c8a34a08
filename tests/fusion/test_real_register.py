"""The real register of Guangdong, as found: every row is accepted or refused with a reason, and the sum is exact."""

import gzip
import hashlib
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from shiheng.fusion import checks, reading
from tests.fusion.sources import register

pytestmark = pytest.mark.real
FILE, ROWS = "register_guangdong.csv.gz", 115_803
KNOWN_ON = date(2019, 6, 1)


def check(path: Path, *, most: int | None = None) -> tuple[int, int, Counter[str]]:
    """How many rows the contract accepts and refuses, and for which reasons."""
    table = reading.read(path, path.name)
    checker = checks.Checker(register(), checks.lay_out(register(), table.header), KNOWN_ON)
    accepted, refused, reasons = 0, 0, Counter[str]()
    rows = islice(table.rows, most)
    while chunk := list(islice(rows, 20_000)):
        done = checker.check(chunk)
        accepted += done.accepted.height
        refused += len(done.refused)
        reasons.update(reason["code"] for line in done.refused for reason in line["reasons"])
    return accepted, refused, reasons


def test_every_real_row_is_accepted_or_refused_and_no_name_is_taken_for_garbled(
    real_data: Callable[[str], Path],
) -> None:
    path = real_data(FILE)
    with gzip.open(path, "rb") as packed:
        lines = sum(1 for _ in packed) - 1
    accepted, refused, reasons = check(path)
    assert accepted + refused == ROWS == lines
    assert refused / ROWS < 0.01, reasons
    assert reasons["legal_repre.person"] + reasons["comp_nm.name"] + reasons["addr.address"] <= 1
    assert set(reasons) <= {
        "uni_social_crd_cd.uscc",
        "row.unnamed",
        "comp_nm.missing",
        "comp_nm.name",
        "reg_capt.capital",
        "est_dt.day",
        "legal_repre.person",
        "addr.address",
        "row.bytes",
        "row.width",
        "est_dt.future",
        "addr.long",
        "comp_nm.long",
    }, reasons


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_real_register_becomes_subjects(real_data: Callable[[str], Path], quality: Any) -> None:
    from django.db import connection

    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import actions, queries
    from shiheng.fusion.models import Link, Quarantined
    from shiheng.kernel import clock
    from shiheng.subjects.models import Identifier, Subject

    path = real_data(FILE)
    phases: dict[str, float] = {}
    began = last = time.monotonic()

    def progress(step: str, _done: int, _total: int) -> None:
        nonlocal last
        now = time.monotonic()
        phases[step] = phases.get(step, 0.0) + now - last
        last = now

    with clock.standing_at(KNOWN_ON):
        batch = actions.land("register", path, filename=path.name, who=SYSTEM, scope="4499.")
        batch = actions.advance(batch.pk, progress=progress)
    took = time.monotonic() - began
    assert (batch.state, batch.rows_in) == ("published", ROWS)
    assert batch.accepted + batch.quarantined == ROWS
    assert (Link.objects.count(), Quarantined.objects.count()) == (batch.accepted, batch.quarantined)
    assert (
        Subject.objects.filter(live=True).count()
        == Subject.objects.count()
        == len(set(Link.objects.values_list("subject_id", flat=True)))
    )
    assert Identifier.objects.count() >= Subject.objects.count()
    whole = hashlib.sha256()
    for line in queries.canonical():
        whole.update(line.encode() + b"\n")
    # A second run of the same batch changes nothing.
    actions.advance(batch.pk)
    shares = "，".join(f"{step} {seconds:.0f} 秒" for step, seconds in phases.items())
    quality(
        "fusion_real_register",
        f"真实登记 {ROWS} 行（{connection.vendor}）：接受 {batch.accepted}，隔离 {batch.quarantined}，"
        f"合计相符；主体 {Subject.objects.count()} 户。\n{took:.0f} 秒，每秒 {ROWS / took:.0f} 行：{shares}。\n"
        f"主体档案摘要 {whole.hexdigest()}",
    )
