"""The counts of the law as the handbook's page of deadlines tells them, and where a declared procedure runs by each.

Typed from that page, not from the declarations: a number, unit or end that differs is a fault of one of the two.
"""

from dataclasses import dataclass, field
from datetime import date

NEW, LISTED, FROM_2022 = date(2026, 4, 15), date(2024, 5, 1), date(2022, 11, 1)
COMPLAINT, CASE, SUMMARY = "complaints.complaint", "enforcement.case", "enforcement.summary"
SUIT, REVIEW, HELP = "oversight.suit", "oversight.reconsideration", "oversight.assistance"
DISCLOSURE = "oversight.disclosure"
DAY, MOMENT = "@day", "@moment"
"""In facts: the day, or the moment, of the trigger."""


@dataclass(frozen=True)
class Use:
    """One clock: its procedure and limit, the step it starts with and what that says.

    ``since`` and ``until``: trigger days asked. ``after``: it starts where that count ends, unmet. ``halts`` are the
    halts that stop it; ``longer`` what one extension adds, by the step it names.
    """

    row: str
    procedure: str
    limit: str
    start: str
    count: int
    unit: str
    roll: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    since: date = date(2022, 1, 1)
    until: date = date(2026, 12, 31)
    version: date | None = None
    after: tuple[int, str, str] | None = None
    halts: tuple[str, ...] = ()
    longer: tuple[str, int] | None = None


def _older(row: str, limit: str, start: str, count: int, unit: str, halts: tuple[str, ...] = ()) -> Use:
    last = date(2026, 4, 14)
    return Use(row, COMPLAINT, limit, start, count, unit, "", until=last, version=date(2020, 1, 1), halts=halts)


def _case(row: str, limit: str, start: str, count: int, unit: str, roll: str = "", **more: object) -> Use:
    return Use(row, CASE, limit, start, count, unit, roll, **more)  # type: ignore[arg-type]


TABLE: tuple[Use, ...] = (
    # D01-D03: Order 121, and Order 20 for what was received before
    Use("D01", COMPLAINT, "acceptance", "open", 7, "WD", since=NEW),
    Use("D02", COMPLAINT, "mediation", "accept", 60, "CD", "HOLIDAY", since=NEW, halts=("appraisal",)),
    Use("D03", COMPLAINT, "notice", "terminate", 7, "WD", since=NEW),
    _older("D01 (20)", "acceptance", "open", 7, "WD"),
    _older("D02 (20)", "mediation", "accept", 45, "WD", ("appraisal",)),
    _older("D03 (20)", "notice", "terminate", 7, "WD"),
    Use("local", "complaints.enquiry", "answer", "open", 5, "WD", since=NEW),
    # D04: clues and reports
    Use("D04", "complaints.report", "verification", "open", 15, "WD", since=NEW, halts=("testing",),
        longer=("longer", 15)),
    Use("D04", "intellectual_property.infringement", "verification", "open", 15, "WD", since=FROM_2022),
    Use("local", "intellectual_property.infringement", "tell", "file", 5, "WD", since=FROM_2022),
    _case("D04", "verification", "open", 15, "WD", halts=("testing",), longer=("longer_verify", 15)),
    Use("D08", HELP, "reply", "open", 15, "WD", facts={"direction": "received"}),
    Use("D08", HELP, "answer", "arrive", 15, "WD", facts={"arrived_on": DAY}),
    _case("D09", "preserved", "preserve", 7, "WD"),
    _case("D10", "approval", "seize", 24, "HOUR", facts={"urgent_at": MOMENT}),
    _case("D11", "seizure", "seize", 30, "CD", halts=("measure_testing",), longer=("seize_longer", 30)),
    _case("D12", "review", "conclude", 10, "WD", longer=("longer_review", 10)),
    _case("D13", "defence", "notice", 5, "WD"),
    _case("D15", "case", "file", 90, "CD", "HOLIDAY", halts=("testing", "suspension", "police", "hearing"),
          longer=("longer_case", 30)),
    _case("D16", "service", "decide", 7, "WD"),
    _case("D17", "announcement", "announce", 30, "CD", "REST"),
    _case("D18", "payment", "serve", 15, "CD", "REST"),
    Use("D18", SUMMARY, "payment", "decide", 15, "CD", "REST", facts={"fine": 5000}),
    Use("D19", SUMMARY, "handing", "cash", 2, "WD"),
    Use("D19", SUMMARY, "banking", "handed", 2, "WD"),
    Use("D20", SUMMARY, "archive", "decide", 7, "WD"),
    _case("D22", "demand", "demand", 10, "WD"),
    _case("D38", "appeal", "serve", 6, "MONTH", "REST"),
    _case("D38", "appeal_again", "remedy_over", 15, "CD", "REST"),
    _case("D23", "court", "serve", 3, "MONTH", after=(6, "MONTH", "REST")),
    _case("D23", "court_again", "remedy_over", 3, "MONTH", after=(15, "CD", "REST")),
    _case("D24", "closing", "@closing", 15, "WD"),
    _case("D25", "publication", "decide", 20, "WD", facts={"penalties": ["2A"]}),
    _case("D27", "withdrawal", "annul", 3, "WD"),
    Use("D36", REVIEW, "answer", "open", 10, "WD", facts={"kind": "ordinary"}, since=date(2024, 1, 1)),
    Use("D36", REVIEW, "answer_summary", "open", 5, "WD", facts={"kind": "summary"}, since=date(2024, 1, 1)),
    Use("D37", REVIEW, "decision", "open", 60, "CD", "REST", facts={"kind": "ordinary", "accepted_on": DAY},
        since=date(2024, 1, 1), halts=("suspended",), longer=("prolong", 30)),
    Use("D37", REVIEW, "decision_summary", "open", 30, "CD", "REST", facts={"kind": "summary", "accepted_on": DAY},
        since=date(2024, 1, 1), halts=("suspended",)),
    Use("D39", SUIT, "defence", "open", 15, "CD", "REST"),
    Use("D39", SUIT, "defence_second", "appeal", 15, "CD", "REST", facts={"received": DAY}),
    Use("D38", SUIT, "appeal_judgment", "judge", 15, "CD", "REST", facts={"form": "judgment", "served_on": DAY}),
    Use("D38", SUIT, "appeal_ruling", "judge", 10, "CD", "REST", facts={"form": "ruling", "served_on": DAY}),
    _case("D42", "police_decide", "police_report", 3, "CD"),
    _case("D42", "police_send", "to_police", 24, "HOUR", facts={"at": MOMENT}),
    # what the bureau set itself: a duty of its own, which does not move past a day of rest
    # the credit line: counts seen in copies of older texts only
    *(
        use
        for code in ("credit.abnormal", "credit.mark")
        for use in (
            Use("4.1", code, "decide_report", "open", 10, "WD", facts={"ground": "1", "year": 2023}, since=LISTED),
            Use("4.1", code, "decide_order", "order", 10, "WD", facts={"until": DAY}, since=LISTED),
            Use("4.1", code, "decide", "confirm", 10, "WD", since=LISTED),
            Use("4.1", code, "leave", "ask", 5, "WD", since=LISTED),
            Use("4.1", code, "leave_checked", "verify", 5, "WD", since=LISTED),
            Use("4.1", code, "objecting", "list", 30, "CD", "REST", since=LISTED),
            Use("4.1", code, "objection", "object", 20, "WD", since=LISTED),
        )
    ),
    Use("4.4", "credit.serious", "term", "list", 36, "MONTH", since=LISTED),
    Use("4.4", "credit.serious", "early", "list", 12, "MONTH", "REST", since=LISTED),
    Use("4.4", "credit.serious", "decide", "tell", 30, "CD", since=LISTED),
    Use("5.3", "credit.repair", "acceptance", "open", 2, "WD", since=LISTED, halts=("papers",)),
    Use("5.3", "credit.repair", "decision", "accept", 15, "WD", since=LISTED),
    Use("5.3", "credit.repair", "execution", "grant", 3, "WD", since=LISTED),
    Use("local", "credit.correction", "answer", "open", 10, "WD", since=LISTED),
    Use("local", "credit.reply", "answer", "open", 5, "WD", since=LISTED),
    Use("local", "quality.failed_food", "shelf", "send", 5, "WD"),
    Use("13.3", "quality.failed_food", "follow", "open", 90, "CD"),
    Use("local", "quality.failed_goods", "shelf", "send", 5, "WD"),
    Use("13.3", "quality.failed_goods", "follow", "open", 90, "CD"),
    Use("14.6", "food.licence", "acceptance", "open", 5, "WD"),
    Use("14.6", "food.licence", "decision", "accept", 20, "WD", longer=("longer", 10)),
    Use("14.6", "food.licence", "handing", "grant", 10, "WD"),
    Use("local", "complaints.campaign_lead", "decide", "open", 5, "WD"),
    Use("local", "complaints.council", "sorted", "open", 5, "WD", since=NEW),
    Use("local", "complaints.council", "told", "settle", 5, "WD", since=NEW),
    Use("local", "complaints.odr", "firm", "put", 10, "WD", since=NEW),
    Use("local", "complaints.region", "first", "open", 5, "WD", since=NEW),
    Use("local", "complaints.region", "partner", "pass", 15, "WD", since=NEW),
    Use("local", "complaints.region", "help", "help", 15, "WD", since=NEW),
    Use("local", "complaints.region", "told", "answered", 5, "WD", since=NEW),
    Use("local", "complaints.chain", "mediate", "open", 30, "CD", "HOLIDAY", since=NEW),
    Use("33", "complaints.chain", "apply", "peoples", 30, "CD", "REST", facts={"effective_on": DAY}),
    # disclosure on request: twenty and twenty, what is not counted, the joint maker
    Use("14.5", DISCLOSURE, "answer", "open", 20, "WD", halts=("third",), longer=("extend", 20)),
    Use("14.5", DISCLOSURE, "joint", "ask_joint", 15, "WD"),
    Use("local", DISCLOSURE, "third", "third", 15, "WD"),
    Use("local", "complaints.reward", "decide", "open", 30, "WD"),
    Use("local", "complaints.reward", "notify", "decide", 10, "WD"),
    Use("local", "complaints.reward", "claim", "notify", 60, "CD", "REST"),
    Use("local", "oversight.lead", "hand", "open", 10, "WD", facts={"direction": "sent"}, since=FROM_2022),
    Use("local", "oversight.lead", "reply", "open", 30, "CD", "HOLIDAY", facts={"direction": "received"},
        since=FROM_2022),
    Use("local", "oversight.joint", "agree", "open", 10, "WD", since=FROM_2022),
    Use("local", "oversight.callback", "call", "open", 30, "CD"),
    Use("local", "oversight.liability", "interview", "open", 30, "CD"),
    Use("local", "oversight.consultation", "convene", "open", 10, "WD"),
    Use("local", "oversight.proposal", "reply", "open", 3, "MONTH"),
)  # fmt: skip

NAMED: tuple[Use, ...] = (
    _case("named", "order", "order", 0, "NAMED", "REST"),
    _case("named", "redo", "reopen", 0, "NAMED"),
    Use("named", DISCLOSURE, "mend", "ask_mend", 0, "NAMED", "REST"),
    Use("named", DISCLOSURE, "answer_later", "delay", 0, "NAMED"),
    Use("named", "oversight.joint_meeting", "task", "task", 0, "NAMED"),
    Use("named", "oversight.proposal", "reply_set", "open", 0, "NAMED"),
    Use("named", "oversight.lead", "feedback", "hand", 0, "NAMED", since=FROM_2022),
    Use(
        "named",
        "oversight.lead",
        "reply_set",
        "open",
        0,
        "NAMED",
        facts={"direction": "received"},
        since=FROM_2022,
    ),
    Use("named", "oversight.joint", "task", "task", 0, "NAMED", since=FROM_2022),
    Use("named", "oversight.rehandling", "redo", "open", 0, "NAMED", since=date(2024, 1, 1)),
    Use("named", "oversight.supervised", "report", "open", 0, "NAMED"),
)
"""Clocks that end on the day a document names: for a duty of the bureau that very day, for a party's never a day of
rest."""
