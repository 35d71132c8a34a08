"""What people of the invented city have done with its data by today: through the same doors as anybody, each act once.

Every act bears a key of its own and the day it was done on, so a start that was cut off does only what is missing.
"""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Count

from shiheng.accounts.models import Account, Office
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.city import days
from shiheng.city.days import Asked, Doubt
from shiheng.fusion import disputes, merging, publish, returns
from shiheng.fusion.models import Batch, Contest, Dispute, Return, Ruling
from shiheng.kernel import clock
from shiheng.publication.exchange import actions as exchange
from shiheng.publication.exchange import gathering, sending
from shiheng.publication.models import Subscription
from shiheng.subjects import following, misuse
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Relation, Subject

AFTER = "demo.live"
MOST_TRIES = 240


def live_after(today: date) -> None:
    """What follows from departments' files, once they are taken in: somebody finds their name used."""
    trade = Relation.objects.filter(role="agent", subject__scope__startswith=days.DISTRICT).values("contact")
    agents = trade.annotate(n=Count("subject", distinct=True)).filter(n__gte=3, n__lte=8).exclude(contact="")
    agent = agents.order_by("-n", "contact").values_list("contact", flat=True).first()
    heads = Relation.objects.filter(role="representative", person__verified=True, contact=agent or "-")
    for place, victim in enumerate(heads.select_related("person").order_by("subject_id")[: len(days.MISUSED)]):
        _claim(days.MISUSED[place], victim, today)


def _claim(told: days.Misused, victim: Relation, today: date) -> None:
    clerk, day = _who(days.CLERK), today - timedelta(days=told.ago)
    if victim.first_day:  # nobody complains of a registration to come
        day = max(day, victim.first_day + timedelta(days=days.FOUND_OUT_AFTER))
    claimed = misuse.visible_to(clerk).filter(subject=victim.subject_id).exists()
    if victim.person is None or claimed or day > today:
        return
    with clock.standing_at(day):
        trace = following.ask(
            clerk,
            victim.person.pk,
            purpose="misuse",
            matter=told.matter,
            reason=told.reason,
            key=_key("trace", told.matter),
        )
        (made,) = misuse.claim(
            clerk, trace, [victim.subject_id], said=told.said, received=day, key=_key("claim", told.matter)
        )
    if told.ended_after is not None and (ended := day + timedelta(days=told.ended_after)) <= today:
        with clock.standing_at(ended):
            misuse.conclude(clerk, made.pk, "revoke", reason=told.why, key=_key("ended", told.matter))


def live(today: date) -> None:
    """Do what is missing of all that was done by ``today``."""
    for asked in days.SUBSCRIPTIONS:
        _subscribe(asked, today)
    for doubt in days.DOUBTS:
        _doubt(doubt, today)
    _merge(today)
    _send_back(today)


def _who(login: str) -> Who:
    return who_of(Account.objects.get(username=login))


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:days:" + ":".join(map(str, words)))


def _subscribe(asked: Asked, today: date) -> None:
    officer, day = _who(days.DATA_OFFICER), today - timedelta(days=asked.ago)
    office = Office.objects.filter(code=asked.office).first()
    if office is None:
        return
    with clock.standing_at(day):
        made = exchange.ask(
            _who(asked.by), office=office, rule=asked.rule, kinds=asked.kinds, scope=days.DISTRICT, way=asked.way,
            endpoint=asked.endpoint, purpose=asked.purpose, key=_key("ask", asked.office),
        )  # fmt: skip
    if asked.approved_after is None:
        return
    approved = day + timedelta(days=asked.approved_after)
    with clock.standing_at(approved):
        exchange.approve(officer, made.code, key=_key("approve", asked.office))
    hand = {"pull": _fetched, "file": _dropped}.get(asked.way)
    if hand and not made.taken:
        hand(made, approved)


def _fetched(row: Subscription, approved: date) -> None:
    """Fetched twice by the receiver: the first run confirmed, the second not yet."""
    with clock.standing_at(approved + timedelta(days=1)):
        gathering.gather(row.code, at_most=1)
        first = exchange.hand_over(row.code, after=0, limit=200, way="pull")
        exchange.receive(row.code, f'{{"upto": {first.last}}}', way="pull", who=_who(days.RECEIVER))
    with clock.standing_at(approved + timedelta(days=8)):
        exchange.hand_over(row.code, after=first.last, limit=100, way="pull")


def _dropped(row: Subscription, approved: date) -> None:
    """Put into the folder the two share; the receiver's word lies in it a day later, and a slip before that."""
    with clock.standing_at(approved):
        gathering.gather(row.code, at_most=1)
        sending.drop_files(Subscription.objects.get(pk=row.pk))
    row.refresh_from_db()
    with clock.standing_at(approved + timedelta(days=1)):
        exchange.receive(row.code, days.SLIP, way="file")
        exchange.receive(row.code, f'{{"upto": {row.sent}}}', way="file")


def _doubt(doubt: Doubt, today: date) -> None:
    who, day = _who(doubt.by), today - timedelta(days=doubt.ago)
    with clock.standing_at(day):
        made = _reported(doubt, who)
    if made is None or doubt.answered_after is None or made.state != "open":
        return
    with clock.standing_at(day + timedelta(days=doubt.answered_after)):
        disputes.answer(
            made.pk,
            outcome=doubt.outcome,
            reason=doubt.reason,
            who=_who(days.DATA_OFFICER),
            key=_key("answer", doubt.by),
        )


def _reported(doubt: Doubt, who: Who) -> Dispute | None:
    """The report, about a business that is this person's to report on and has the field; a small city may have none."""
    key = _key("doubt", doubt.by)
    if made := Dispute.objects.filter(reporter=who.key, field=doubt.field).order_by("pk").first():
        return made
    held = Subject.objects.filter(live=True, redirect_to=None, status="active").order_by("pk")
    if doubt.scope:
        held = held.filter(scope__startswith=doubt.scope)
    else:
        held = held.filter(pk__in=subjects.of_account(who.account_id or 0).values("pk"))
    for subject in held[doubt.place : doubt.place + 20]:
        target = next((t for t in disputes.targets(who, subject) if t.field == doubt.field), None)
        if target:
            return disputes.report(subject.pk, about=target.about, wrong=doubt.wrong, who=who, key=key)
    return None


def _merge(today: date) -> None:
    """The data officer merges a business that stands twice; and two that tell one number, which is undone again."""
    made = Ruling.objects.filter(reason=days.ONE_STANDS_TWICE.reason).exists()
    if not made and (twice := _standing_twice()):
        _ruled(days.ONE_STANDS_TWICE, *twice, today)
    told = Contest.objects.filter(kind="regno", batch__state__in=Batch.LIVE)
    near = told.filter(speaker__scope__startswith=days.DISTRICT, holder__scope__startswith=days.DISTRICT)
    pair = near.exclude(speaker__uscc="").exclude(holder__uscc="").order_by("speaker__uscc", "pk").first()
    if pair:
        _ruled(days.TWO_TELL_ONE, pair.speaker, pair.holder.uscc, today)


def _standing_twice() -> tuple[Subject, str] | None:
    """A business known by its old number only, and the code of the one business of the same name."""
    held = Subject.objects.filter(live=True, redirect_to=None, scope__startswith=days.DISTRICT)
    for subject in held.filter(uscc="").exclude(name="").order_by("pk")[:MOST_TRIES]:
        codes = held.filter(name=subject.name).exclude(uscc="").values_list("uscc", flat=True)
        if len(codes) == 1:
            return subject, codes[0]
    return None


def _ruled(told: days.Ruled, subject: Subject, code: str, today: date) -> None:
    """The word, said and undone as far as it is by today; it may not be older than the files it speaks of."""
    who, first = _who(days.DATA_OFFICER), publish.latest_known() or today
    ruling = Ruling.objects.filter(reason=told.reason).first()
    if ruling is None:
        with clock.standing_at(max(today - timedelta(days=told.ago), first)):
            ruling = merging.merge(who, subject.pk, code, reason=told.reason, key=_key("merge", told.reason))
    if told.undone_after is not None and ruling.undone_at is None:
        with clock.standing_at(min(max(today - timedelta(days=told.ago - told.undone_after), first), today)):
            merging.undo(who, ruling.pk, reason=told.why, key=_key("unmerge", told.reason))


def _send_back(today: date) -> None:
    """What was left of a file of the register goes back to those who sent it."""
    who = _who(days.DATA_OFFICER)
    held = Batch.objects.filter(source="register", state="published", mends=None, returns=None, quarantined__gt=0)
    number = next((n for n in held.order_by("-pk").values_list("pk", flat=True) if returns.left(n, who=who)), None)
    if number is not None and not Return.objects.exists():
        with clock.standing_at(today - timedelta(days=days.SENT_BACK_AGO)):
            returns.send_back(number, who=who, why=days.SENT_BACK, key=_key("return"))
