"""The invented bureau's own changes of its lists by today: through the same doors as anybody, each act once."""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account, Post
from shiheng.accounts.permissions import Role, Who
from shiheng.accounts.queries import who_of
from shiheng.catalogue.lists import actions as lists
from shiheng.catalogue.powers import actions as powers
from shiheng.catalogue.powers import upper
from shiheng.catalogue.powers.definition import POWERS
from shiheng.city import catalogue_days as days
from shiheng.city.catalogue_days import Changed
from shiheng.kernel import clock, registry


def live(today: date) -> None:
    """Do what is missing of all that was done by ``today``."""
    drafter, head = _who(days.DRAFTER), _who(days.HEAD)
    checker = _second(drafter)
    for changed in days.CHANGES:
        _change(changed, today, drafter, checker, head)
    with clock.standing_at(today - timedelta(days=days.LOADED_AGO)):
        content = days.upper_sheet(registry.all_of(POWERS, on=clock.today()))
        held = upper.load(
            drafter,
            content,
            f"{days.CATALOGUE}.csv",
            title=days.CATALOGUE,
            issued_by=days.ISSUED_BY,
            issued_on=today - timedelta(days=days.ISSUED_AGO),
            key=_key("upper"),
        )
        upper.use(drafter, held.pk, knowing=True, key=_key("upper", "use"))
    for lecture in days.LECTURES:
        day = today - timedelta(days=lecture.ago)
        with clock.standing_at(day):
            lists.hold(
                drafter,
                lecture.duty,
                day=day,
                title=lecture.title,
                place=lecture.place,
                people=lecture.people,
                key=_key("lecture", lecture.title),
            )


def _change(changed: Changed, today: date, drafter: Who, checker: Who, head: Who) -> None:
    """One change as far as it has come; its steps lie a day or two apart."""
    day = today - timedelta(days=changed.ago)
    in_force = day + timedelta(days=changed.after)
    with clock.standing_at(day):
        row = powers.draft(
            drafter,
            what=changed.what,
            power=changed.power,
            content=changed.content,
            trigger=changed.trigger,
            instrument=changed.instrument,
            reason=changed.reason,
            in_force_from=in_force,
            ends=in_force + timedelta(days=changed.lasts) if changed.lasts else None,
            key=_key("draft", changed.power),
        )
    if changed.state == "draft":
        return
    if changed.state == "returned":
        with clock.standing_at(day + timedelta(days=2)):
            powers.give_back(checker, row.pk, reason=days.RETURNED, key=_key("return", changed.power))
        return
    with clock.standing_at(day + timedelta(days=2)):
        powers.check(checker, row.pk, opinion=days.OPINION, text_read=True, key=_key("check", changed.power))
    if changed.state == "checked":
        return
    with clock.standing_at(day + timedelta(days=4)):
        powers.approve(head, row.pk, key=_key("approve", changed.power))
    if changed.state == "approved":
        return
    with clock.standing_at(day + timedelta(days=6)):
        powers.publish(head, row.pk, key=_key("publish", changed.power))
    if changed.state == "undone":
        with clock.standing_at(day + timedelta(days=40)):
            powers.undo(head, row.pk, reason=days.UNDONE, key=_key("undo", changed.power))


def _who(login: str) -> Who:
    return who_of(Account.objects.get(username=login))


def _second(first: Who) -> Who:
    """Another chief of the same office, who checks what the first drafted."""
    held = Post.objects.filter(role=Role.SECTION_CHIEF, office__path__startswith=days.OFFICE, until=None)
    return who_of(held.exclude(account=first.account_id or 0).order_by("pk")[0].account)


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:catalogue:" + ":".join(map(str, words)))
