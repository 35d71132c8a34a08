"""What follows the files of the invented bureau, through the same doors as anybody's, each once."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.city import cases, days, follow_ups
from shiheng.city.follow_ups import Deed, FollowUp
from shiheng.kernel import clock
from shiheng.procedures import actions
from shiheng.procedures.flowing import actions as flowing
from shiheng.procedures.flowing import queries as goods
from shiheng.procedures.models import Evidence, Goods, Party, Proceeding, Stocktake

People = dict[str, Who]


def live(today: date) -> None:
    """Do what is missing."""
    names = (cases.A, cases.B, cases.REVIEWER, cases.DEPUTY, cases.HEAD)
    people = {name: who_of(Account.objects.get(username=name)) for name in names}
    _carried(today, people)
    for place, one in enumerate(follow_ups.LEADS):
        _follow(place, one, today, people)
    _marked(today, people)
    _persons(today, people)
    _goods(today, people)
    _paid(today, people)


def _follow(place: int, one: FollowUp, today: date, people: People) -> None:
    about = None
    if one.about[0]:
        code, state = one.about
        held = Proceeding.objects.filter(procedure=code, state=state, scope__startswith=days.DISTRICT)
        about = held.order_by("pk").values_list("pk", flat=True).first()
        if about is None:
            return
    parties = [actions.Standing(kind, name) for kind, name in one.parties]
    with clock.standing_at(_moment(today - timedelta(days=one.ago), 9)):
        made = actions.open_file(
            people[cases.A], one.code, one.facts, parties=parties, scope=days.DISTRICT, about=about,
            key=_key(place, "open"),
        )  # fmt: skip
    for number, deed in enumerate(one.deeds):
        _do(made, deed, today, people, _key(place, number, deed.step))


def _do(made: Proceeding, deed: Deed, today: date, people: People, key: UUID) -> None:
    facts = {**deed.facts, **{name: (today + timedelta(days=n)).isoformat() for name, n in deed.days.items()}}
    step = Proceeding.objects.get(pk=made.pk)
    officers = [people[cases.B].key] if deed.by == cases.A else []
    with clock.standing_at(_moment(max(today - timedelta(days=deed.ago), step.received_on), 15)):
        actions.take(people[deed.by], made.pk, deed.step, facts, officers=officers, party=deed.party, key=key)


def _carried(today: date, people: People) -> None:
    """A case opened from a complaint with its evidence, filed, so that the complaint hears of it."""
    items = Evidence.objects.filter(
        proceeding__procedure="complaints.complaint", proceeding__scope__startswith=days.DISTRICT, withdrawn_at=None,
        confidential=False,
    )  # fmt: skip
    first = items.order_by("proceeding", "number").select_related("proceeding").first()
    if first is None:
        return
    origin = first.proceeding
    trader = Party.objects.filter(proceeding=origin, kind="trader").first()
    standing = [actions.Standing("party", trader.name if trader else origin.title)]
    taken = list(items.filter(proceeding=origin).values_list("pk", flat=True))
    facts = {**follow_ups.CLUE, "found_on": (today - timedelta(days=5)).isoformat()}
    with clock.standing_at(_moment(today, 8)):
        made = actions.open_file(
            people[cases.A], cases.CASE, facts, parties=standing, scope=days.DISTRICT, about=origin.pk, carried=taken,
            key=_key("carried"),
        )  # fmt: skip
    deeds = (Deed(0, "verify", follow_ups.PLAN), Deed(0, "file", cases.FOUR, cases.DEPUTY))
    for deed in deeds:
        _do(made, deed, today, people, _key("carried", deed.step))


def _marked(today: date, people: People) -> None:
    held = Proceeding.objects.filter(procedure=cases.CASE, state="archived", scope__startswith=days.DISTRICT)
    for found in held.order_by("pk")[:1]:
        for deed in follow_ups.MARKS:
            _do(found, deed, today, people, _key("mark", deed.step))


def _persons(today: date, people: People) -> None:
    """The person answerable in the case against the advertiser is punished too."""
    waiting = Party.objects.filter(
        proceeding__procedure=cases.CASE, proceeding__state="noticing", number=2, kind="party", state="quiet"
    )
    row = waiting.order_by("pk").select_related("proceeding").first()
    if row is not None:
        _do(row.proceeding, follow_ups.PERSON, today, people, _key("person"))


def _goods(today: date, people: People) -> None:
    """Part of the first goods still in term is given back; their store is counted and falls short."""
    who = people[cases.A]
    with clock.standing_at(_moment(today, 9)):
        rows = Goods.objects.filter(kind="measure", held__gt=20, due__gt=today, scope__startswith=days.DISTRICT)
        first = rows.order_by("pk").select_related("proceeding").first()
        if first is None:
            return
    _do(first.proceeding, follow_ups.PART._replace(party=first.party), today, people, _key("part"))
    if Stocktake.objects.filter(place=first.place).exists():
        return
    with clock.standing_at(_moment(today, 11)):
        lying = goods.lying_at(who, first.place)
        found = {row.pk: row.held + row.confiscated for row in lying}
        found[lying[0].pk] -= follow_ups.SHORT
        why = {lying[0].pk: follow_ups.COUNTED_WHY}
        made = flowing.take_stock(who, first.place, found, other=people[cases.B].name, why=why, key=_key("stock"))
        flowing.review_stock(people[follow_ups.REVIEWING], made.pk, follow_ups.REVIEWED, key=_key("review"))


def _paid(today: date, people: People) -> None:
    held = Proceeding.objects.filter(procedure="complaints.complaint", state="settled", scope__startswith=days.DISTRICT)
    for place, found in enumerate(held.order_by("-pk")[:3]):
        facts: dict[str, Any] = {**follow_ups.ADVANCE, "amount": follow_ups.ADVANCE["amount"] * (place + 1)}
        _do(found, Deed(0, "advance", facts, days={"paid_on": 0}), today, people, _key("advance", found.number))


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:follow-ups:" + ":".join(map(str, words)))
