"""The penalty cases of the invented bureau by today: each step through the same door as anybody, each once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account, Office, Post
from shiheng.accounts.permissions import Role, Who
from shiheng.accounts.queries import who_of
from shiheng.catalogue.queries import calendar
from shiheng.city import cases, days
from shiheng.city.cases import Act, Case
from shiheng.city.offices import TOWN_OFFICE
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.procedures import actions
from shiheng.procedures.models import Passage, Proceeding
from shiheng.procedures.money import actions as receipts
from shiheng.procedures.money import queries as money
from shiheng.subjects.models import Subject

WAITING = frozenset({"step.waited", "step.announced", "step.payment_over"})
FIRST_OF_TOWN = 1000  # far behind the bureau's own, which may still grow
TWO = {cases.A: cases.B, cases.B: cases.A}


def live(today: date, told: Callable[[str], object] = lambda _words: None) -> None:
    """Do what is missing of all that was done by ``today``."""
    names = (cases.A, cases.B, cases.REVIEWER, cases.DEPUTY, cases.HEAD)
    people = {name: who_of(Account.objects.get(username=name)) for name in names}
    plan = [*cases.cases(), *cases.spots()]
    firms = list(Subject.objects.filter(scope__startswith=days.DISTRICT, live=True, status="active").order_by("pk"))
    for place, case in enumerate(plan):
        told(f"{place + 1}/{len(plan)}")
        _case(place, case, firms[(place * 29 + 11) % len(firms)] if firms else None, today, people)
    _of_town(firms, today)
    _called(today, people)
    reconcile(today)


def _held(made: Proceeding, people: dict[str, Who]) -> str:
    """The committee meets on a case today: its number."""
    reviewer, key = people[cases.REVIEWER], (made.pk, "session")
    session = _meeting(clock.today(), reviewer, key)
    by: list[tuple[str, dict[str, Any], int | None]] = [
        ("list_item", {"name": made.number, "matter": made.title, "bundle": cases.PAPERS,
                       "proposal": cases.AS_TOLD}, None),
        ("open_session", {"present": list(cases.MEMBERS)}, None),
        *(("opinion", {"member": name, **cases.AGREED}, 1) for name in cases.MEMBERS),
        ("resolve", {"resolution": cases.RESOLVED}, 1),
        ("minutes", {"signed": True}, None),
    ]  # fmt: skip
    for at, (step, facts, item) in enumerate(by):
        actions.take(reviewer, session.pk, step, facts, party=item, key=_key(*key, at))
    return session.number


def _meeting(on: date, reviewer: Who, key: tuple[object, ...]) -> Proceeding:
    facts = {name: value.format(day=on.isoformat()) if isinstance(value, str) else value
             for name, value in cases.MEETING.items()}  # fmt: skip
    return actions.open_file(reviewer, cases.SESSION, facts, scope=days.DISTRICT, key=_key(*key))


def _of_town(firms: list[Subject], today: date) -> None:
    """What the street does in its own name, by its own officers, reviewer and heads."""
    office = Office.objects.get(code=TOWN_OFFICE)
    posts = Post.objects.filter(office=office).select_related("account").order_by("pk")
    first = who_of(Account.objects.get(username=cases.STREET))
    held = {post.role: who_of(post.account) for post in posts if post.account.username != cases.STREET}
    people = {cases.A: first, cases.B: held[Role.INSPECTOR], cases.REVIEWER: held[Role.LEGAL_REVIEWER],
              cases.DEPUTY: held[Role.DEPUTY_HEAD], cases.HEAD: held[Role.BUREAU_HEAD]}  # fmt: skip
    for place, case in enumerate(cases.of_town(), start=FIRST_OF_TOWN):
        firm = firms[(place * 29 + 11) % len(firms)] if firms else None
        _case(place, case, firm, today, people, office.path)


def _called(today: date, people: dict[str, Who]) -> None:
    """A meeting of next week, with the cases that wait to be decided on its agenda."""
    if Proceeding.objects.filter(procedure=cases.SESSION, state="called").exists():
        return
    told = Proceeding.objects.filter(procedure=cases.CASE, state="noticing", scope__startswith=days.DISTRICT)
    reviewer, key = people[cases.REVIEWER], ("session", "next", today)
    with clock.standing_at(_moment(today, 8)):
        session = _meeting(_worked(today + timedelta(days=6)), reviewer, key)
        for at, case in enumerate(told.order_by("pk")[:3]):
            facts = {"name": case.number, "matter": case.title, "bundle": cases.PAPERS, "proposal": cases.AS_TOLD}
            actions.take(reviewer, session.pk, "list_item", facts, key=_key(*key, at))


def reconcile(today: date) -> None:
    """The receipts of the quarter as the finance department has them, held against the files by the deputy head."""
    head = who_of(Account.objects.get(username=cases.DEPUTY))
    paid = money.payments(head, today - timedelta(days=200), today)
    if paid:
        rows = [(one.slip, one.day.isoformat(), one.amount, one.party) for one in paid]
        with clock.standing_at(_moment(today, 8)):
            receipts.take(head, cases.finance(rows), cases.FINANCE, key=_key("finance"))


def _case(
    place: int, case: Case, firm: Subject | None, today: date, people: dict[str, Who], scope: str = days.DISTRICT
) -> None:  # fmt: skip
    begun = today - timedelta(days=case.ago)
    facts = {**case.facts, "found_on": begun.isoformat()} if case.code == cases.CASE else case.facts
    party = actions.Standing("party", firm.name if firm else "未登记的经营者", subject=firm.pk if firm else None)
    with clock.standing_at(_moment(begun, 9)):
        made = actions.open_file(
            people[cases.A], case.code, facts, parties=[party], subject=firm.pk if firm else None,
            scope=scope, key=_key(place, "open"),
        )  # fmt: skip
    if case.from_complaint:
        origin = Proceeding.objects.filter(procedure="complaints.complaint", state="settled").order_by("pk").first()
        if origin is not None:
            actions.link(people[cases.A], origin.pk, made.pk, "spawned")
    last, taken = begun, list(Passage.objects.filter(proceeding=made).order_by("number").values_list("day", flat=True))
    for number, act in enumerate(case.acts):
        if number + 1 < len(taken):  # done when this was interrupted
            last = taken[number + 1]
            continue
        day = max(_worked(begun + timedelta(days=act.after)), last)
        if day > today:
            break
        while day <= today and _too_early(made, place, number, act, day, people):
            day = _worked(day + timedelta(days=1))  # holidays made a term longer than was thought
        last = day
        if day > today:
            break


def _too_early(made: Proceeding, place: int, number: int, act: Act, day: date, people: dict[str, Who]) -> bool:
    """Take the step; whether a term it must wait for was not over yet."""
    with clock.standing_at(_moment(day, 15)):
        try:
            _act(made, place, number, act, people)
        except Refused as why:
            if why.code not in WAITING:
                raise
            return True
    return False


def _act(made: Proceeding, place: int, number: int, act: Act, people: dict[str, Who]) -> None:
    today, who, other = clock.today(), people[act.by], people.get(TWO.get(act.by, ""))
    said = {"n": place + 1, "day": today.isoformat()}
    if act.step == "discuss":
        said["session"] = _held(made, people)
    facts: dict[str, Any] = {
        name: value.format(**said) if isinstance(value, str) else value for name, value in act.facts.items()
    }
    facts |= {name: _worked(today + timedelta(days=n)).isoformat() for name, n in (act.days or {}).items()}
    actions.take(
        who, made.pk, act.step, facts, officers=[other.key] if other else [], party=act.party,
        key=_key(place, number, act.step),
    )  # fmt: skip


def _worked(day: date) -> date:
    """The day itself or the next working day."""
    while not calendar().is_workday(day):
        day += timedelta(days=1)
    return day


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:cases:" + ":".join(map(str, words)))
