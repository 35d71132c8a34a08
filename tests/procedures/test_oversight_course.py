"""Remedies and what follows of them on paper: how long each clock runs, who signs, and what is asked beforehand."""

from datetime import date, datetime
from typing import Any

import pytest

from shiheng.kernel.calendars import published_calendar
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.contents import procedure_of
from shiheng.procedures.course import Course, Hand, Party, Passage
from shiheng.procedures.definition import OPENING

CALENDAR = published_calendar()
ZHANG = Hand("zhang", "complaints.report", "云临市监举报〔2026〕1号")
CHUANG = Hand("chuang", "complaints.complaint", "云临市监投诉〔2026〕1号")
LATER = Hand("cha", "oversight.reconsideration", "云临市监复〔2026〕1号")


def course(code: str, on: date, *kinds: str, bound: tuple[Hand, ...] = (), **facts: Any) -> Course:
    procedure = procedure_of(f"oversight.{code}", on=on)
    parties = tuple(Party(number, kind) for number, kind in enumerate(kinds, start=1))
    return said(Course(procedure, parties=parties, bound=bound), OPENING, on, **facts)


def said(held: Course, step: str, day: date, actor: str = "chuang", party: int | None = None, **facts: Any) -> Course:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    return held.after(Passage(len(held.passages) + 1, step, day, at, actor, facts=facts, party=party))


def why_not(held: Course, step: str, actor: str = "chuang", day: date | None = None, **given: Any) -> list[str]:
    found = held.procedure.step(step)
    assert found is not None
    return [one.code for one in held.objections(found, actor=actor, facts=given, day=day, calendar=CALENDAR)]


def due(held: Course, limit: str, party: int | None = None) -> date | None:
    clock = held.clock(limit, CALENDAR, party)
    return clock.receipt.due_day if clock else None


ORDINARY = [
    (date(2026, 5, 11), date(2026, 5, 25)),  # ten working days, two weekends between
    # The Spring Festival of 2026: 15 to 23 February off, worked on the 14th and the 28th.
    (date(2026, 2, 9), date(2026, 2, 28)),
    (date(2026, 2, 14), date(2026, 3, 6)),
    # National Day of 2026: the first to the seventh off, worked on 20 September and 10 October.
    (date(2026, 9, 24), date(2026, 10, 15)),
]
SUMMARY = [
    (date(2026, 5, 11), date(2026, 5, 18)),
    (date(2026, 2, 13), date(2026, 2, 27)),
    (date(2026, 9, 29), date(2026, 10, 12)),
]


def by_hand(first: date, working: int) -> date:
    """So many days on which people work after the first, counted one by one."""
    day = first
    while working:
        day = date.fromordinal(day.toordinal() + 1)
        working -= CALENDAR.is_workday(day)
    return day


@pytest.mark.parametrize(("received", "end"), ORDINARY)
def test_an_ordinary_reconsideration_is_answered_within_ten_working_days(received: date, end: date) -> None:
    held = course("reconsideration", received, "applicant", kind="ordinary")
    assert due(held, "answer") == by_hand(received, 10) == end
    assert due(held, "answer_summary") is None
    clock = held.clock("answer", CALENDAR)
    assert clock is not None
    assert "第四十八条" in clock.receipt.sentence()
    assert "第八十八条" in clock.receipt.sentence()


@pytest.mark.parametrize(("received", "end"), SUMMARY)
def test_a_summary_one_within_five(received: date, end: date) -> None:
    held = course("reconsideration", received, "applicant", kind="summary")
    assert due(held, "answer_summary") == by_hand(received, 5) == end
    assert due(held, "answer") is None


def test_turned_to_the_ordinary_procedure_the_answer_keeps_its_term_and_the_decision_gets_the_longer_one() -> None:
    held = course("reconsideration", date(2026, 5, 11), kind="summary", accepted_on="2026-05-08")
    assert due(held, "decision_summary") == date(2026, 6, 8), "thirty days end on a Sunday and roll"
    held = said(held, "to_ordinary", date(2026, 5, 20), kind="ordinary", accepted_on="2026-05-08")
    assert due(held, "answer_summary") == date(2026, 5, 18)
    assert due(held, "answer") is None
    assert due(held, "decision") == date(2026, 7, 7)
    assert "was_summary" in why_not(held, "to_ordinary")


@pytest.mark.parametrize(
    ("received", "end"),
    [
        (date(2026, 5, 11), date(2026, 5, 26)),
        (date(2026, 5, 15), date(2026, 6, 1)),  # the fifteenth day is a Saturday
        (date(2026, 2, 5), date(2026, 2, 24)),  # it falls into the Spring Festival
        (date(2026, 9, 18), date(2026, 10, 8)),  # and into National Day
    ],
)
def test_a_suit_is_answered_within_fifteen_days_and_the_last_one_rolls(received: date, end: date) -> None:
    held = course("suit", received, "plaintiff")
    assert due(held, "defence") == end


def test_the_right_to_appeal_is_fifteen_days_from_a_judgment_and_ten_from_a_ruling() -> None:
    held = course("suit", date(2026, 5, 11), "plaintiff")
    lost = said(held, "judge", date(2026, 6, 3), form="judgment", outcome="revoked", served_on="2026-06-02")
    assert (due(lost, "appeal_judgment"), due(lost, "appeal_ruling")) == (date(2026, 6, 17), None)
    ruled = said(held, "judge", date(2026, 6, 3), form="ruling", outcome="dismissed", served_on="2026-06-02")
    assert (due(ruled, "appeal_judgment"), due(ruled, "appeal_ruling")) == (None, date(2026, 6, 12))
    clock = lost.clock("appeal_judgment", CALENDAR)
    assert clock is not None
    assert clock.late(date(2027, 1, 1)) == 0, "a right not used is nobody's delay"


def test_the_second_instance_is_answered_from_the_day_its_copy_came() -> None:
    held = course("suit", date(2026, 5, 11), "plaintiff")
    held = said(held, "judge", date(2026, 6, 3), form="judgment", outcome="rejected", served_on="2026-06-02")
    assert "copy" in why_not(held, "appeal", by="other")
    assert why_not(held, "appeal", by="bureau") == []
    theirs = said(held, "appeal", date(2026, 6, 20), by="other", received="2026-06-18")
    assert due(theirs, "defence_second") == date(2026, 7, 3)
    assert due(said(held, "appeal", date(2026, 6, 10), by="bureau"), "defence_second") is None


def test_who_did_the_case_neither_signs_the_answer_nor_inquires_into_it() -> None:
    day = date(2026, 5, 11)
    held = course("reconsideration", day, "applicant", bound=(ZHANG,), kind="ordinary")
    held = said(held, "draft", day, "chuang", evidence=True)
    told = held.objections(held.procedure.step("sign"), actor="zhang")  # type: ignore[arg-type]
    assert [one.code for one in told] == ["apart"]
    assert "云临市监举报〔2026〕1号" in told[0].why
    assert why_not(held, "sign", "chuang") == ["apart"], "nor whoever drafted it"
    assert why_not(held, "sign", "falv") == []
    signed = said(held, "sign", day, "falv")
    assert signed.broken(CALENDAR) is None
    assert Course(
        signed.procedure, signed.passages, signed.parties, (Hand("falv", "complaints.report", "later"),)
    ).broken(CALENDAR) is None, "what the signer does in the case afterwards takes nothing back"  # fmt: skip


def test_an_answer_has_its_evidence_and_a_loss_has_its_cause_and_its_term() -> None:
    held = course("reconsideration", date(2026, 5, 11), "applicant", kind="ordinary")
    assert why_not(held, "draft") == ["evidence"]
    assert why_not(held, "draft", evidence=True) == []
    assert why_not(held, "decide", outcome="upheld") == ["answered"], "no answer, no result without saying why"
    assert why_not(held, "decide", outcome="revoked", unanswered="邮件延误") == ["cause"]
    assert why_not(held, "decide", outcome="upheld", cause="law", unanswered="邮件延误") == ["cause"]
    bare = {"outcome": "revoked", "cause": "facts", "unanswered": "邮件延误", "redo": True}
    assert why_not(held, "decide", **bare) == ["redo"]
    assert why_not(held, "decide", **bare, redo_until="2026-09-01") == []


def test_a_head_who_does_not_appear_says_why() -> None:
    held = course("suit", date(2026, 5, 11), "plaintiff")
    held = said(held, "draft", date(2026, 5, 12), evidence=True)
    held = said(said(held, "sign", date(2026, 5, 13), "falv"), "submit", date(2026, 5, 14))
    assert why_not(held, "appear", head="staff") == ["head"]
    assert why_not(held, "appear", head="staff", why_not="在外地参加省局会议") == []
    assert why_not(held, "appear", head="first") == []


def test_an_annulled_act_is_handled_anew_within_the_term_named_and_not_the_same_way() -> None:
    day = date(2026, 5, 11)
    held = course("rehandling", day, until="2026-07-10", cause="facts")
    assert due(held, "redo") == date(2026, 7, 10)
    longer = said(held, "extend", date(2026, 6, 1), "zhang", until="2026-07-31")
    assert due(longer, "redo") == date(2026, 7, 31)
    assert why_not(held, "extend", day=date(2026, 7, 12), until="2026-07-11") == ["until_past"]
    held = said(held, "hand", day, "zhang")
    assert why_not(held, "redecide", same=True) == ["same"]
    assert why_not(held, "redecide", same=False) == []
    formal = said(course("rehandling", day, until="2026-07-10", cause="procedure"), "hand", day, "zhang")
    assert why_not(formal, "redecide", same=True) == [], "annulled for its form only"


def test_a_letter_of_assistance_is_answered_within_fifteen_working_days_and_ours_waits_for_theirs() -> None:
    got = course("assistance", date(2026, 9, 24), "body", direction="received")
    assert due(got, "reply") == by_hand(date(2026, 9, 24), 15) == date(2026, 10, 22)
    assert "we_sent" in why_not(got, "send")
    assert why_not(got, "delay", day=date(2026, 10, 22)) == []
    assert why_not(got, "delay", day=date(2026, 10, 23)) == ["in_time"]
    sent = course("assistance", date(2026, 5, 11), "body", direction="sent")
    assert due(sent, "reply") is None
    assert "we_got" in why_not(sent, "inquire")
    sent = said(said(sent, "send", date(2026, 5, 12), "zhang"), "arrive", date(2026, 5, 20), arrived_on="2026-05-18")
    assert due(sent, "answer") == by_hand(date(2026, 5, 18), 15)
    assert why_not(sent, "answer", recognised=True) == ["used"]


def test_a_proposal_is_answered_by_the_day_its_letter_names_or_within_three_months() -> None:
    assert due(course("proposal", date(2026, 3, 2), until="2026-05-20"), "reply_set") == date(2026, 5, 20)
    assert due(course("proposal", date(2026, 3, 2), until="2026-05-20"), "reply") is None
    bare = course("proposal", date(2026, 3, 2))
    assert (due(bare, "reply"), due(bare, "reply_set")) == (date(2026, 6, 2), None)


def test_a_proposer_who_is_not_content_is_answered_again() -> None:
    held = course("proposal", date(2026, 3, 2), "proposer")
    held = said(held, "draft", date(2026, 3, 9))
    assert why_not(held, "sign", "zhang") == ["talked"]
    held = said(said(held, "talk", date(2026, 3, 10)), "sign", date(2026, 3, 11), "zhang")
    held = said(held, "reply", date(2026, 3, 12))
    assert why_not(held, "close", "zhang") == ["feedback"]
    cross = said(held, "feedback", date(2026, 3, 20), content_with="不满意")
    assert why_not(cross, "close", "zhang") == ["content"]
    again = said(cross, "again", date(2026, 3, 23), "zhang", until="2026-04-30")
    assert (again.state, due(again, "reply_set")) == ("received", date(2026, 4, 30))
    glad = said(held, "feedback", date(2026, 3, 20), content_with="满意")
    assert why_not(glad, "again", "zhang", day=date(2026, 3, 23), until="2026-04-30") == ["not_content"]
    assert why_not(glad, "close", "zhang") == []


def test_each_task_of_a_joint_meeting_has_its_own_day_and_all_must_be_done() -> None:
    held = said(course("joint_meeting", date(2026, 3, 2)), "agenda", date(2026, 3, 3), "zhang")
    held = said(held, "hold", date(2026, 3, 10), present="公安、教育", count=2, agreed=True)
    assert why_not(held, "close", "zhang") == ["tasked"]
    held = said(held, "task", date(2026, 3, 10), party=1, name="教育局", until="2026-04-10")
    held = said(held, "task", date(2026, 3, 10), party=2, name="公安局", until="2026-05-10")
    assert (due(held, "task", 1), due(held, "task", 2)) == (date(2026, 4, 10), date(2026, 5, 10))
    held = said(held, "task_done", date(2026, 4, 1), party=1)
    assert why_not(held, "close", "zhang") == ["all_done"]
    assert why_not(said(held, "task_done", date(2026, 5, 1), party=2), "close", "zhang") == []


def test_a_supervised_matter_is_reported_by_whoever_did_it_and_sent_up_by_another() -> None:
    held = course("supervised", date(2026, 5, 11), until="2026-06-30")
    held = said(said(held, "assign", date(2026, 5, 12), "zhang"), "report", date(2026, 6, 1), "zhang")
    assert due(held, "report") == date(2026, 6, 30)
    assert why_not(held, "submit", "zhang") == ["apart"]
    assert why_not(held, "submit", "shi") == []


def test_a_call_back_is_made_by_others_and_three_calls_in_vain_are_enough() -> None:
    day = date(2026, 5, 11)
    held = course("callback", day, "visited", bound=(CHUANG, LATER))
    assert why_not(held, "call", "chuang") == ["apart"]
    assert why_not(held, "call", "cha") == []
    for times in range(3):
        assert why_not(held, "conclude", "zhang", finding="没有问题") == ["reached"], times
        held = said(held, "unreached", day, "cha")
    assert why_not(held, "conclude", "zhang", finding="没有问题") == []
    assert why_not(held, "conclude", "zhang", finding="线索移交") == ["passed"]
