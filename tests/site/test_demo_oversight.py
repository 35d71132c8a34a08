"""The legal section's files in the invented city: every kind, every state, each bound to the file it is about."""

from datetime import date
from typing import Any

import pytest

from shiheng.kernel import registry
from shiheng.procedures.definition import ENGINE
from shiheng.procedures.models import Link, Paper, Proceeding
from shiheng.site import demo, demo_cases, demo_files, demo_oversight
from tests import factories

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 11, 23)


@pytest.fixture
def played(settings: Any, tmp_path: Any) -> None:
    settings.MODE, settings.HOME = "demo", tmp_path
    demo.seat(size=20, seed=3, until=UNTIL.isoformat())
    for number in range(6):
        factories.subject(f"云泽市临江区恒达{number}商行", number=20_001 + number, scope="4499.01.01.")
    demo_files.live(UNTIL)
    demo_cases.live(UNTIL)
    demo_oversight.live(UNTIL)


@pytest.mark.usefixtures("played")
def test_every_procedure_of_the_section_stands_in_every_state_and_playing_again_adds_nothing() -> None:
    # played with what follows the cases, and at the counter
    apart = {"oversight.lead", "oversight.joint", "oversight.disclosure"}
    ours = [one for one in registry.all_of(ENGINE) if one.code.startswith("oversight.") and one.code not in apart]
    assert len(ours) == 10
    rows = Proceeding.objects.filter(procedure__startswith="oversight.")
    there = set(rows.values_list("procedure", "state"))
    assert {(one.code, state.code) for one in ours for state in one.states} - there == set()
    assert not rows.filter(opened_at__date__gt=UNTIL).exists()
    kinds = set(Link.objects.filter(second__in=rows).values_list("kind", flat=True))
    assert kinds == {"appeals", "rehandles", "about"}
    evidence = Paper.objects.filter(form="oversight.evidence_list", proceeding__links_in__kind="appeals").first()
    assert evidence is not None
    assert any(block["kind"] == "table" and block["rows"] for block in evidence.content["blocks"])
    before = (rows.count(), Link.objects.count(), Paper.objects.count())
    demo_oversight.live(UNTIL)
    assert (rows.count(), Link.objects.count(), Paper.objects.count()) == before
