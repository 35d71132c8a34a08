"""What comes from outside moves no open file before a head saw which ones, from which day to which, and confirmed."""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts.models import Message
from shiheng.accounts.permissions import SYSTEM
from shiheng.catalogue.actions import load_calendar
from shiheng.jobs import runner
from shiheng.kernel import registry
from shiheng.ledger.models import Leaf
from shiheng.procedures import actions
from shiheng.procedures.contents import version_of
from shiheng.procedures.definition import ENGINE, OPENING, Transition
from shiheng.procedures.models import Clock, Move, Moved, Proceeding
from shiheng.procedures.moves import actions as moves
from tests.casework import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FACTS = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "坏了。", "claims": ["退款"]}
STORM = [{"日期": "2026-11-24", "是否上班": "否", "名称": "抗洪停工", "文号": "区政府停工通知"}]
PAGE = "/files/moves/"


@pytest.fixture
def work() -> Callable[[], None]:
    """Everything the worker would do now."""

    def run() -> None:
        moves.notice()
        runner.work(until_idle=True, names=frozenset({moves.RECKON, moves.MOVE}))

    return run


def decide(browser: Any, move: Move, verdict: str = "yes", reason: str = "") -> Any:
    values = {"_key": str(uuid4()), "verdict": verdict, "reason": reason}
    return browser.post(f"{PAGE}{move.pk}/", values)


def test_a_holiday_loaded_moves_a_file_only_once_the_list_was_seen_and_confirmed(
    cast: Any, sign_in: Any, work: Callable[[], None]
) -> None:
    clerk = cast.who("clerk")
    held, ended = (actions.open_file(clerk, "complaints.complaint", FACTS, scope="4499.01.") for _ in range(2))
    actions.take(clerk, ended.pk, "withdraw", {"why": "已经退款"})
    assert held.due == date(2026, 12, 1)
    load_calendar(STORM, who=SYSTEM, key="storm")
    work()
    held.refresh_from_db()
    assert held.due == date(2026, 12, 1)
    assert "2026-12-01" in words(sign_in("clerk").get(f"/files/{held.pk}/"))
    move = Move.objects.get()
    assert (move.kind, move.state, move.files) == ("calendar", "waiting", 1)
    assert Message.objects.filter(account=cast.city, title__contains="放假安排").exists()

    head = sign_in("city")
    page = words(head.get(f"{PAGE}{move.pk}/"))
    assert held.number in page
    assert ended.number not in page
    assert page.index("2026-12-01") < page.index("2026-12-02")
    assert "第十五条" in page
    sheet = b"".join(head.get(f"{PAGE}{move.pk}/", {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert held.number in sheet
    assert "2026-12-02" in sheet
    # a new file in the meantime goes by what is confirmed
    late = actions.open_file(clerk, "complaints.complaint", FACTS, scope="4499.01.")
    assert late.due == date(2026, 12, 1)

    assert decide(head, move).status_code == 302
    work()
    for one in (held, late):
        one.refresh_from_db()
        assert (one.state, one.due) == ("pending", date(2026, 12, 2))
        assert Clock.objects.get(proceeding=one).due == date(2026, 12, 2)
    assert Clock.objects.get(proceeding=ended).due == date(2026, 12, 1)
    move.refresh_from_db()
    assert (move.state, move.decided_by, move.moved) == ("done", "史诚", 1)
    assert Leaf.objects.filter(kind="move.confirmed").count() == 1
    assert Leaf.objects.filter(kind="file.moved", subject=f"file:{held.pk}").count() == 1
    turn = held.turn
    work()
    held.refresh_from_db()
    assert (held.turn, Move.objects.count()) == (turn, 1)


def test_what_is_declined_moves_nothing_and_can_be_laid_out_again(
    cast: Any, sign_in: Any, work: Callable[[], None]
) -> None:
    held = actions.open_file(cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.")
    load_calendar(STORM, who=SYSTEM, key="storm")
    work()
    move, head = Move.objects.get(), sign_in("city")
    assert "须写明理由" in words(decide(head, move, "no"))
    assert decide(head, move, "no", "区政府已撤销停工通知").status_code == 302
    work()
    held.refresh_from_db()
    assert held.due == date(2026, 12, 1)
    actions.take(cast.who("clerk"), held.pk, "accept", {"told_by": "短信"})
    assert head.post(f"{PAGE}{move.pk}/again/", {"_key": str(uuid4())}).status_code == 302
    work()
    move.refresh_from_db()
    assert (move.state, move.files) == ("adopted", 0)  # the clock it would have moved is met by now


def test_a_chief_reads_the_list_but_only_a_head_of_every_file_in_it_confirms(
    cast: Any, sign_in: Any, work: Callable[[], None]
) -> None:
    actions.open_file(cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.")
    other = actions.open_file(cast.who("inspector_b"), "complaints.complaint", FACTS, scope="4499.02.")
    load_calendar(STORM, who=SYSTEM, key="storm")
    work()
    move = Move.objects.get()
    page = words(sign_in("chief").get(f"{PAGE}{move.pk}/"))
    assert other.number not in page
    assert "确认变动" not in page
    decide(sign_in("chief"), move)
    move.refresh_from_db()
    assert move.state == "waiting"


def test_a_calendar_that_moves_no_day_needs_nobody(cast: Any, work: Callable[[], None]) -> None:
    held = actions.open_file(cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.")
    load_calendar([{**STORM[0], "日期": "2026-12-30"}], who=SYSTEM, key="later")
    work()
    assert Move.objects.get().state == "adopted"
    held.refresh_from_db()
    assert held.due == date(2026, 12, 1)
    assert actions.open_file(cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.").calendar


def test_the_bureau_chooses_to_go_by_the_day_of_acceptance_and_sees_first_what_that_moves(
    cast: Any, sign_in: Any, work: Callable[[], None], clock: Any
) -> None:
    clerk, (before, after) = cast.who("clerk"), (date(2026, 4, 13), date(2026, 4, 16))
    clock.move_to(date(2026, 4, 20))
    held = actions.open_file(clerk, "complaints.complaint", FACTS, scope="4499.01.", day=before)
    actions.take(clerk, held.pk, "accept", {"told_by": "短信"}, day=after, reason="补录")
    waits = actions.open_file(clerk, "complaints.complaint", FACTS, scope="4499.01.", day=before)
    held.refresh_from_db()
    old = date(2026, 6, 23)
    assert (held.version, held.due) == (date(2020, 1, 1), old)
    head = sign_in("city")
    assert "按收到之日" in words(head.get(PAGE))
    answer = head.post(f"{PAGE}rule/complaints.complaint/",
                       {"_key": str(uuid4()), "rule": "accept", "reason": "局务会决定"})  # fmt: skip
    assert answer.status_code == 302
    work()
    move = Move.objects.get(kind="choice")
    page = words(head.get(f"{PAGE}{move.pk}/"))
    assert "2026-06-23" in page
    assert "2026-06-15" in page
    assert "2020-01-01 → 2026-04-15" in page
    held.refresh_from_db()
    assert held.due == old
    decide(head, move)
    work()
    held.refresh_from_db()
    assert (held.version, held.due) == (date(2026, 4, 15), date(2026, 6, 15))
    # what is accepted from now on goes by its own day of acceptance
    assert waits.version == date(2020, 1, 1)
    taken = actions.take(clerk, waits.pk, "accept", {"told_by": "短信"})
    assert (taken.version, taken.due) == (date(2026, 4, 15), date(2026, 6, 22))  # 端午 lasts from the 19th to the 21st


def test_a_version_that_takes_over_open_files_lists_them_and_leaves_those_it_cannot_hold(
    cast: Any, work: Callable[[], None], clock: Any
) -> None:
    clerk = cast.who("clerk")
    free, bound = (actions.open_file(clerk, "complaints.enquiry", {"summary": f"问{n}", "channel": "counter",
                   "question": "怎样办证"}, scope="4499.01.") for n in range(2))  # fmt: skip
    held = version_of("complaints.enquiry", free.version)
    limit = dataclasses.replace(held.limits[0], number=3)
    fresh = dataclasses.replace(
        held,
        in_force_from=date(2026, 11, 21),
        limits=(limit,),
        transition=Transition(moves=True, says="此前收到的一并适用。"),
    )
    before = registry.all_of(ENGINE)
    with registry.isolated():
        for one in before:
            registry.declare(ENGINE, one)
        registry.declare(ENGINE, fresh)
        clock.move_to(date(2026, 11, 23))
        work()
        move = Move.objects.get(kind="version")
        assert (move.state, move.files) == ("waiting", 2)
        assert {row.after for row in Moved.objects.filter(move=move)} != {free.due}
        moves.decide(cast.who("city"), move.pk, confirms=True)
        actions.take(clerk, bound.pk, "answer", {"answer": "如下", "told_by": "电话"})
        work()
        free.refresh_from_db()
        assert free.version == fresh.in_force_from
        assert free.due < held_due(held, free)
        bound.refresh_from_db()
        assert (bound.ended, bound.version) == (True, held.in_force_from)
        assert Moved.objects.get(move=move, proceeding=bound).outcome == "changed"


def held_due(held: Any, found: Proceeding) -> date:
    from shiheng.procedures.course import Course, Passage
    from shiheng.procedures.moves.queries import calendar

    said = Passage(1, OPENING, found.received_on, found.opened_at, "a")
    clock = Course(held, (said,)).clock("answer", calendar())
    assert clock
    assert clock.receipt.due_day
    return clock.receipt.due_day
