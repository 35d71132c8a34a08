"""Any walk through a penalty case keeps to the law; with any one guard gone, some walk does not.

The long bar walks ten times as far, and prints what each guard held back.
"""

from datetime import date
from typing import Any

import pytest

from shiheng.procedures.contents import procedure_of
from shiheng.procedures.definition import reached
from shiheng.procedures.rules import Catalogue, Declared
from tests.procedures.penalty_law import LAW
from tests.procedures.walking import Walked, Walker, guards_of, walk_as

FIRST = date(2026, 4, 15)
PEOPLE = tuple(f"officer:{n}" for n in range(1, 13))
OPENED = (0, "open", {"violation": "food.unlicensed", "summary": "无证经营"})
FILED = (
    OPENED,
    (1, "verify", {"plan": "两人现场核查"}),
    (3, "file", {"evidence": True, "due": True, "ours": True, "not_barred": True, "handlers": "查宁、李检"}),
)
SEIZED = (1, "seize", {"name": "冷柜", "kind": "seizure", "quantity": "40 台", "place": "仓库", "number": "扣字 1 号",
                       "approver": "局长", "cards": True, "filmed": True, "listed": True})  # fmt: skip
REVIEWED = (
    (5, "conclude", {"facts": "查实", "nature": "无证", "gaps": "另案", "proposal": "罚款", "goods": 500_000}),
    (2, "review", {"kind": "legal", "opinion": "同意"}),
)
TOLD = (3, "notice", {"penalties": ["2A"], "fine": 12_000_000, "reasons": "无证", "spoke": True, "hearing": True,
                      "way": "direct", "proof": "回证"})  # fmt: skip
DECIDED = (
    (1, "discuss", {"session": "1", "present": ["甲", "乙"], "opinions": "同意", "resolution": "同意"}),
    (1, "decide", {"penalties": ["2A"], "fine": 6_000_000, "deviates": "减轻", "answered": "采纳", "remedies": True}),
)
SERVED = (1, "serve", {"way": "direct", "receiver": "店主", "proof": "回证", "told_publish": True})
HEARD = (
    (1, "ask_hearing", {"how": "书面"}),
    (1, "hearing_notice", {"on": "2026-12-31", "place": "三楼", "host": "法规科"}),
)
QUIET = (1, "quiet", {"how": "written"})
PLAIN = (REVIEWED[0], (2, "review", {"kind": "case", "opinion": "同意"}))
WARNED = (3, "notice", {"penalties": ["1A"], "reasons": "轻微", "spoke": True, "way": "direct", "proof": "回证"})
WARNING = (1, "decide", {"penalties": ["1A"], "answered": "无", "remedies": True})
AWAY = (1, "seized_test", {"laboratory": "检验所", "document": "期间 1 号", "told": True})
PATHS = (
    (*FILED, *PLAIN, TOLD, QUIET),
    (*FILED, *PLAIN, WARNED),
    (*FILED, *PLAIN, WARNED, QUIET, WARNING, SERVED),
    FILED,
    (*FILED, SEIZED, AWAY),
    (*FILED, SEIZED, *REVIEWED, TOLD),
    (*FILED, *REVIEWED, TOLD),
    (*FILED, *REVIEWED, TOLD, *HEARD),
    (*FILED, *REVIEWED, TOLD, QUIET),
    (*FILED, *REVIEWED, TOLD, QUIET, *DECIDED),
    *[(*FILED, SEIZED, *REVIEWED, TOLD, QUIET, *DECIDED)] * 2,  # goods still held when all is decided are rare
    (*FILED, *REVIEWED, TOLD, QUIET, *DECIDED, SERVED),
    (*FILED, *REVIEWED, TOLD, QUIET, *DECIDED, SERVED,
     (30, "demand", {"number": "催 1 号", "owed": 6_000_000, "proof": "回证"})),
)  # fmt: skip
WALKER = Walker(
    LAW, FIRST, longest=500, yes=0.9, seldom=True, catalogue=Catalogue(Declared()), people=PEOPLE, paths=PATHS
)
STEPS = 55_000


@pytest.fixture(scope="module", params=[STEPS, pytest.param(10 * STEPS, marks=pytest.mark.slow)])
def seen(request: pytest.FixtureRequest) -> Walked:
    return walk_as(WALKER, procedure_of("enforcement.case", on=FIRST), request.param, seed=5)


def test_no_walk_breaks_the_law(seen: Walked) -> None:
    assert seen.broken == []
    assert sum(seen.steps.values()) >= STEPS


def test_every_state_and_every_step_is_walked_many_times(seen: Walked) -> None:
    procedure = procedure_of("enforcement.case", on=FIRST)
    taken = [step.code for step in procedure.steps if not step.by_house]
    assert {code: seen.steps[code] for code in taken if seen.steps[code] < 50} == {}
    assert {state.code: seen.states[state.code] for state in procedure.states if seen.states[state.code] < 50} == {}
    own = [f"{kind.code}.{state.code}" for kind in procedure.parties for state in kind.states[1:]]
    assert {name: seen.parties[name] for name in own if seen.parties[name] < 50} == {}
    assert reached(procedure, [procedure.first]) == {state.code for state in procedure.states}


def test_with_any_one_guard_gone_some_walk_breaks_the_law(seen: Walked, request: Any, quality: Any) -> None:
    """A step refused by one guard alone is a step that would be taken were the guard gone."""
    procedure = procedure_of("enforcement.case", on=FIRST)
    needless = [name for name in guards_of(procedure) if not seen.held_back[name][True]]
    assert needless == []
    if "slow" in request.node.keywords:
        lines = [
            f"{step} without {guard}: {seen.held_back[step, guard][True]:,}" for step, guard in guards_of(procedure)
        ]
        total = f"{sum(seen.steps.values()):,} steps in {seen.files:,} files, none against the law"
        quality("penalty_walks", "\n".join([total, "held back by one guard alone, each against the law:", *lines]))


def test_no_guard_forbids_what_the_law_allows(seen: Walked) -> None:
    procedure = procedure_of("enforcement.case", on=FIRST)
    strict = {name: seen.held_back[name][False] for name in guards_of(procedure) if seen.held_back[name][False]}
    assert strict == {}
