"""Files walked at random through the doors of the room: what is stored is what the passages say, and nothing twice."""

import random
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from shiheng.kernel.clock import SHANGHAI
from shiheng.kernel.errors import Forbidden, Refused
from shiheng.ledger.models import Leaf
from shiheng.procedures import actions, queries
from shiheng.procedures.models import Clock, Passage, Proceeding
from tests.procedures.walking import CALENDAR, contents

pytestmark = pytest.mark.django_db
WALKS = [150, pytest.param(10_000, marks=pytest.mark.slow)]
CODES = ("complaints.complaint", "complaints.report", "complaints.enquiry")
FIRST = date(2026, 4, 15)


@pytest.mark.parametrize("steps", WALKS)
def test_what_is_stored_is_what_the_passages_say(steps: int, cast: Any, clock: Any, quality: Any, request: Any) -> None:
    draw, taken, refused = random.Random(23), Counter[str](), 0
    people = [cast.who(name) for name in ("clerk", "chief", "city")]
    while sum(taken.values()) < steps:
        day = FIRST + timedelta(days=draw.randrange(150))
        clock.move_to(_at(day))
        code = draw.choice(CODES)
        held = _opened(draw, code, people[0])
        for _ in range(30):
            course = queries.course_of(held)
            offered = course.procedure.steps_from(course.state)
            if not offered or course.ended:
                break
            step = draw.choice(offered)
            day += timedelta(days=draw.choice((0, 0, 1, 2, 5, 30)))
            clock.move_to(_at(day))
            before = held.turn
            try:
                held = actions.take(draw.choice(people), held.pk, step.code, contents(step.facts, draw))
            except (Refused, Forbidden):
                refused += 1
                assert Proceeding.objects.get(pk=held.pk).turn == before, "a refusal leaves nothing"
                continue
            taken[step.code] += 1
        _check(held)
    assert Passage.objects.count() == sum(taken.values()) + Proceeding.objects.count()
    assert Leaf.objects.filter(kind="file.step").count() == sum(taken.values())
    if "slow" in request.node.keywords:
        kinds = ", ".join(f"{code} {n:,}" for code, n in taken.most_common())
        quality(
            "procedures_walks",
            f"{sum(taken.values()):,} accepted steps, {refused:,} refused, {Proceeding.objects.count():,} files; "
            f"every file as its passages say, a leaf a step: {kinds}",
        )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=SHANGHAI)


def _opened(draw: random.Random, code: str, who: Any) -> Proceeding:
    facts = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "坏了。", "claims": ["退款"]}
    own = {"complaints.report": {"leads": "线索"}, "complaints.enquiry": {"question": "怎么办"}}.get(code)
    if own:
        facts = {name: facts[name] for name in ("summary", "channel")} | own
        facts |= {"kind": "质量"} if code == "complaints.report" else {}
    return actions.open_file(who, code, facts, scope=draw.choice(["4499.01.", "4499.01.01."]))


def _check(held: Proceeding) -> None:
    """A file's columns and clocks, against its course read anew."""
    held.refresh_from_db()
    course = queries.course_of(held)
    assert course.broken(CALENDAR) is None
    assert (held.state, held.ended) == (course.state, course.ended)
    stored = dict(Clock.objects.filter(proceeding=held).values_list("limit", "due"))
    assert stored == {clock.limit.code: clock.receipt.due_day for clock in course.clocks(CALENDAR)}
    first = course.next_due(CALENDAR)
    assert held.due == (first.receipt.due_day if first else None)
