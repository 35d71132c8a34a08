"""The law page of every procedure: every state and step on the chart, nothing wider than it, no arrow that is none."""

import re
from itertools import pairwise

import pytest
from django.test import Client

from shiheng.kernel import registry
from shiheng.procedures import flow
from shiheng.procedures.definition import ENGINE, Procedure
from tests.casework import words

pytestmark = pytest.mark.django_db


def procedures() -> tuple[Procedure, ...]:
    from shiheng.site import loading

    loading.load_lines()
    return registry.all_of(ENGINE)


@pytest.mark.parametrize("width", [flow.WIDE, flow.NARROW])
def test_every_state_and_step_is_on_the_chart_and_fits_its_width(width: int) -> None:
    for procedure in procedures():
        drawn = flow.draw(procedure, width)
        told = re.sub(r"<[^>]+>", "", drawn)
        for title in (*(s.title for s in procedure.states), *(s.title for s in procedure.steps if not s.party_to)):
            assert title in told.replace("\n", ""), (procedure.code, title)
        for x, size, text in re.findall(r'<text x="(\d+)"[^>]*font-size="(\d+)"[^>]*>([^<]*)</text>', drawn):
            assert int(x) + flow.width_of(text) * int(size) / flow.SIZE <= width, (procedure.code, text)


def test_an_arrow_is_drawn_only_where_a_step_leads_to_the_next_state() -> None:
    for procedure in procedures():
        states = [state.code for state in procedure.states]
        to_next = sum(
            any(step.to == after and state in step.came_from for step in procedure.steps)
            for state, after in pairwise(states)
        )
        own = len(re.findall("<path", flow.draw(procedure)))
        assert own >= to_next
        if not any(kind.states for kind in procedure.parties):
            assert own == to_next, procedure.code


def test_the_page_of_a_case_names_limits_steps_and_documents_by_phase() -> None:
    page = words(Client().get("/procedures/enforcement.case/"))
    for said in ("核查和立案", "15个工作日", "第六十四条", "行政处罚决定书", "看表格", "几个状态下都可办"):
        assert said in page, said
    assert "2020-01-01 起施行" in words(Client().get("/procedures/complaints.complaint/"))
