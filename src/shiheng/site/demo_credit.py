"""The credit files of the invented bureau by today: through the desk and the owner's own page, each act once."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.catalogue.queries import calendar
from shiheng.city import credit, days
from shiheng.city.credit import Batch, Done, Story
from shiheng.kernel import clock
from shiheng.procedures import actions
from shiheng.procedures.measures import actions as telling
from shiheng.procedures.measures import queries as measures
from shiheng.procedures.models import Proceeding
from shiheng.procedures.recording import REFERENCE
from shiheng.registers import actions as registers
from shiheng.services.actions import named
from shiheng.services.credit import actions as own
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Record, Subject

PEOPLE = (credit.CLERK, credit.CHIEF, credit.HEAD, credit.CITY, credit.OWNER)


def live(today: date, told: Callable[[str], object] = lambda _words: None) -> None:
    """Do what is missing of all that was done by ``today``."""
    people = {name: who_of(Account.objects.get(username=name)) for name in PEOPLE}
    owned = list(subjects.of_account(people[credit.OWNER].account_id or 0).order_by("pk"))
    rest = Subject.objects.filter(scope__startswith=days.DISTRICT, live=True, status="active")
    rest = rest.exclude(pk__in=[firm.pk for firm in owned]).order_by("pk")
    firms, shops = list(rest.exclude(kind="individual")[:400]), list(rest.filter(kind="individual")[:400])
    plan = credit.stories(today.year - 1 if today.month > 6 else today.year - 2)
    for place, story in enumerate(plan):
        told(f"{place + 1}/{len(plan)}")
        others = shops if story.code == credit.MARK and shops else firms or shops
        mine = owned[story.own] if 0 <= story.own < len(owned) else None
        firm = mine or (others[(place * 31 + 7) % len(others)] if others else None)
        if firm is not None and (mine is not None or story.own < 0):
            _story(place, story, firm, today, people)

    _licences(today, firms or shops, people)
    for place, batch in enumerate(credit.BATCHES):
        _batch(place, batch, [*owned[:1], *(shops or firms)], today, people)


def _batch(place: int, batch: Batch, firms: Sequence[Subject], today: date, people: dict[str, Who]) -> None:
    """A failed batch from its result to where it has come, with the sellers who were told."""
    if len(firms) < 2:
        return
    clerk, chief = people[credit.CLERK], people[credit.CHIEF]
    begun = _worked(today - timedelta(days=batch.ago))
    unit = firms[1 + place * 11 % (len(firms) - 1)]

    def at(after: int) -> Any:
        return clock.standing_at(_moment(min(_worked(begun + timedelta(days=after)), today), 10))

    with at(0):
        facts = {**batch.facts, "sampled_on": (begun - timedelta(days=25)).isoformat()}
        made = actions.open_file(
            clerk, credit.FAILED[batch.kind], facts, parties=[actions.Standing("unit", unit.name, subject=unit.pk)],
            subject=unit.pk, scope=days.DISTRICT, key=_key("batch", place),
        )  # fmt: skip
    if not batch.sellers:
        return
    with at(1):
        actions.take(chief, made.pk, "publish", credit.PUBLISHED, key=_key("batch", place, "publish"))
    for number, step in enumerate(batch.sellers):
        own = batch.own and number == len(batch.sellers) - 1
        seller = firms[0] if own else firms[1 + (place * 17 + number * 5 + 2) % (len(firms) - 1)]
        with at(2):
            told = {"name": seller.name, "subject": seller.uscc, "way": "平台消息"}
            actions.take(clerk, made.pk, "send", told, key=_key("batch", place, "send", number))
        party = number + 2
        if step == "confirm":
            with at(4):
                row = made.parties.get(number=party)
                facts = credit.SELLER_SAYS
                actions.take(
                    named(made, row), made.pk, step, facts, party=party, key=_key("batch", place, step, number)
                )
        elif step:
            with at(5):
                facts = credit.STILL if step == "found" else credit.LOOKED
                actions.take(clerk, made.pk, step, facts, party=party, key=_key("batch", place, step, number))
    if batch.treated:
        with at(9):
            facts = {"way": batch.treated, **credit.TREATED}
            actions.take(clerk, made.pk, "treat", facts, key=_key("batch", place, "treat"))
    if batch.closed:
        with at(20):
            actions.take(chief, made.pk, "close", credit.ENDING, key=_key("batch", place, "close"))


def _licences(today: date, firms: Sequence[Subject], people: dict[str, Who]) -> None:
    """Food permits asked for, some by whom a measure of credit means; each find told back."""
    if not firms:
        return
    clerk, chief = people[credit.CLERK], people[credit.CHIEF]
    with clock.standing_at(_moment(today - timedelta(days=400), 9)):
        registers.enter(
            chief, "food.banned_persons", credit.BANNED, since=clock.today(), until=today + timedelta(days=1400),
            scope=days.DISTRICT, key=_key("banned"),
        )  # fmt: skip
    held = Subject.objects.filter(records__kind="serious", records__source="bureau", records__until=None)
    listed = list(held.distinct().order_by("pk")[:4])
    for place, one in enumerate(credit.LICENCES):
        firm = listed[place % len(listed)] if one.listed and listed else firms[(place * 13 + 3) % len(firms)]
        begun = _worked(today - timedelta(days=one.ago))
        parties = [actions.Standing("firm", firm.name, subject=firm.pk)]
        if one.banned:
            contact = {"id": credit.BANNED["number"]}
            parties.append(actions.Standing("head", credit.BANNED["name"], contact))
        with clock.standing_at(_moment(min(begun, today), 9)):
            made = actions.open_file(
                clerk, credit.LICENCE, credit.APPLICATION, parties=parties, subject=firm.pk, scope=days.DISTRICT,
                key=_key("licence", place),
            )  # fmt: skip
        for number, step in enumerate(one.done):
            day = _worked(begun + timedelta(days=2 * number + 1))
            if day > today:
                break
            with clock.standing_at(_moment(day, 16)):
                _licence_step(made, place, step, people)
        if one.words:
            told = _worked(begun + timedelta(days=3))
            with clock.standing_at(_moment(min(told, today), 17)):
                for row in measures.of_proceeding(made):
                    telling.tell(chief, row.pk, "applied", one.words, key=_key("told", place, row.measure))


def _licence_step(made: Proceeding, place: int, step: str, people: dict[str, Who]) -> None:
    clerk, chief = people[credit.CLERK], people[credit.CHIEF]
    until = clock.today().replace(year=clock.today().year + 5, day=min(clock.today().day, 28)).isoformat()
    by: dict[str, tuple[Who, dict[str, Any], list[str]]] = {
        "accept": (clerk, {}, []), "examine": (clerk, credit.EXAMINED, [people[credit.CITY].key]),
        "grant": (chief, {name: value.format(n=place + 1, until=until) for name, value in credit.GRANT.items()}, []),
        "refuse": (chief, credit.REFUSED_LICENCE, []), "hand": (clerk, {"way": "窗口领取"}, []),
    }  # fmt: skip
    who, facts, officers = by[step]
    actions.take(who, made.pk, step, facts, officers=officers, key=_key("licence", place, step))


def _story(place: int, story: Story, firm: Subject, today: date, people: dict[str, Who]) -> None:
    begun = _worked(today - timedelta(days=story.ago))
    facts = _said(story.facts, place)
    if story.code == credit.SERIOUS:
        facts["decided_on"] = (begun - timedelta(days=20)).isoformat()
    with clock.standing_at(_moment(begun, 9)):
        made = actions.open_file(
            people[credit.OPENED_BY], story.code, facts, parties=[actions.Standing("firm", firm.name, subject=firm.pk)],
            subject=firm.pk, scope=firm.scope or days.DISTRICT, key=_key(place, "open"),
        )  # fmt: skip
    _go_on(made, begun, story.done, (place,), today, people, firm)


def _go_on(
    made: Proceeding, begun: date, done: tuple[Done, ...], at: tuple[object, ...], today: date,
    people: dict[str, Who], firm: Subject,
) -> None:  # fmt: skip
    last = begun
    for number, one in enumerate(done):
        day = max(_worked(begun + timedelta(days=one.after)), last)
        if day > today:
            break
        last, key = day, _key(*at, number, one.step)
        facts = _said(one.facts, made.pk)
        with clock.standing_at(_moment(day, 15)):
            if one.way:
                record = Record.objects.get(reference=f"{REFERENCE}{made.pk}", kind=credit.KINDS[made.procedure])
                opened, _party = own.apply(people[one.by], record.pk, one.step, facts, key=key)
            elif one.step == "repair":
                opened = _repair(made, firm, facts, people[one.by], key)
            else:
                opened = actions.take(people[one.by], made.pk, one.step, facts, key=key)
        if one.then:
            _go_on(opened, day, one.then, (*at, number), today, people, firm)


def _repair(made: Proceeding, firm: Subject, facts: dict[str, Any], who: Who, key: UUID) -> Proceeding:
    """A repair somebody asked for at the counter, about the file of the list."""
    record = Record.objects.get(reference=f"{REFERENCE}{made.pk}", kind=credit.KINDS[made.procedure])
    facts |= {"about": subjects.place_of(record), "document": str(record.facts.get("document", ""))[:80],
              "since": record.day.isoformat() if record.day else ""}  # fmt: skip
    party = actions.Standing("firm", firm.name, subject=firm.pk)
    return actions.open_file(
        who, "credit.repair", facts, parties=[party], subject=firm.pk, scope=made.scope, about=made.pk, key=key
    )


def _said(facts: dict[str, Any], n: int) -> dict[str, Any]:
    return {name: value.format(n=n + 1) if isinstance(value, str) else value for name, value in facts.items()}


def _worked(day: date) -> date:
    """The day itself or the next working day."""
    while not calendar().is_workday(day):
        day += timedelta(days=1)
    return day


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:credit:" + ":".join(map(str, words)))
