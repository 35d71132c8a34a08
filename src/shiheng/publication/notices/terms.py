"""By when and for how long: a notice's clocks and terms, each by the reading of the law in force. Asks no database."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.kernel import registry
from shiheng.kernel.calendars import Calendar
from shiheng.kernel.periods import due, read_as
from shiheng.publication.notices.definition import TERMS, Publishable, Receiver, Term, TermPlan


def dues(plan: Publishable, decided: date, calendar: Calendar) -> dict[str, date]:
    """The last day of each of its clocks."""
    found = {}
    for one in plan.dues:
        period = read_as(one.law, one.days, "个工作日", on=decided)
        receipt = due(decided, period, calendar=calendar, basis=one.basis)
        if receipt.due_day is not None:
            found[one.code] = receipt.due_day
    return found


def term(plan: Publishable, facts: Mapping[str, Any], published: date, *, receiver: Receiver | None = None) -> Term:
    """How long it stands with a receiver, or on our own pages."""
    profile = receiver.profile if receiver else plan.own
    code = plan.terms.get(profile) or plan.terms[plan.own]
    found: TermPlan = registry.find(TERMS, code, on=published)
    return found.of(facts, published)


def words(said: Term) -> str:
    """A term as it is kept: why, and under which article."""
    return f"{said.why}（{said.basis}）"
