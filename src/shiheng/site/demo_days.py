"""What people of the invented city have done with its data by today: through the same doors as anybody, each act once.

Every act bears a key of its own and the day it was done on, so a start that was cut off does only what is missing.
"""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account, Office
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.fusion import disputes, returns
from shiheng.fusion.models import Batch, Dispute, Return
from shiheng.kernel import clock
from shiheng.publication.exchange import actions as exchange
from shiheng.publication.exchange import gathering, sending
from shiheng.publication.models import Subscription
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Subject

DISTRICT, OTHER = "4499.01.", "4499.02."


class Asked(NamedTuple):
    """A subscription: who asks for what, how many days before today, and how long after it is approved."""

    office: str
    by: str
    rule: str
    kinds: tuple[str, ...]
    way: str
    purpose: str
    ago: int
    approved_after: int | None = 1
    endpoint: str = ""


SUBSCRIPTIONS = (
    Asked("4499D01", "waibu", "tax", ("identity", "abnormal"), "pull", "比对登记与税务登记，清理非正常户。", 26),
    Asked("449901D02", "shuju", "labour", ("identity",), "file", "核对参保单位的登记状态。", 21, 2),
    # Nobody listens there: the desk shows what a receiver that is down looks like.
    Asked("4499D07", "shuju", "justice", ("cancellation",), "push", "执行案件查询被执行人的登记状态。", 9, 1,
          "http://127.0.0.1:9/shiheng"),
    Asked("449901D04", "shuju", "basic", ("identity",), "pull", "核对医疗美容机构的登记事项。", 2, None),
)  # fmt: skip


class Doubt(NamedTuple):
    """A report that a field is wrong, and how it was answered."""

    by: str
    scope: str
    place: int
    field: str
    wrong: str
    ago: int
    answered_after: int | None = None
    outcome: str = ""
    reason: str = ""


DOUBTS = (
    Doubt("chuang", DISTRICT, 2, "address", "门牌号与现场悬挂的不一致，现场为同一条路的下一号。", 46, 5, "refused",
          "登记机关核对了住所证明，登记的门牌号无误，现场门牌系旧牌未换。"),
    Doubt("laoban", "", 0, "address", "住所搬迁已办变更，这里还是旧地址。", 23, 4, "answered",
          "情况属实，登记注册科将在下次报送时更正。"),
    Doubt("zhang", DISTRICT, 5, "capital", "注册资本的单位像是写错了，与章程相差一万倍。", 12),
    Doubt("cha", OTHER, 1, "address", "现场检查时门面已是另一家，登记住所查无此户。", 3),
)  # fmt: skip


def live(today: date) -> None:
    """Do what is missing of all that was done by ``today``."""
    for asked in SUBSCRIPTIONS:
        _subscribe(asked, today)
    for doubt in DOUBTS:
        _doubt(doubt, today)
    _send_back(today)


def _who(login: str) -> Who:
    return who_of(Account.objects.get(username=login))


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:days:" + ":".join(map(str, words)))


def _subscribe(asked: Asked, today: date) -> None:
    officer, day = _who("shuju"), today - timedelta(days=asked.ago)
    office = Office.objects.filter(code=asked.office).first()
    if office is None:
        return
    with clock.standing_at(day):
        made = exchange.ask(
            _who(asked.by), office=office, rule=asked.rule, kinds=asked.kinds, scope=DISTRICT, way=asked.way,
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
        exchange.receive(row.code, f'{{"upto": {first.last}}}', way="pull", who=_who("waibu"))
    with clock.standing_at(approved + timedelta(days=8)):
        exchange.hand_over(row.code, after=first.last, limit=100, way="pull")


def _dropped(row: Subscription, approved: date) -> None:
    """Put into the folder the two share; the receiver's word lies in it a day later, and a slip before that."""
    with clock.standing_at(approved):
        gathering.gather(row.code, at_most=1)
        sending.drop_files(Subscription.objects.get(pk=row.pk))
    row.refresh_from_db()
    with clock.standing_at(approved + timedelta(days=1)):
        exchange.receive(row.code, "已收到，谢谢", way="file")
        exchange.receive(row.code, f'{{"upto": {row.sent}}}', way="file")


def _doubt(doubt: Doubt, today: date) -> None:
    who, day = _who(doubt.by), today - timedelta(days=doubt.ago)
    with clock.standing_at(day):
        made = _reported(doubt, who)
    if made is None or doubt.answered_after is None or made.state != "open":
        return
    with clock.standing_at(day + timedelta(days=doubt.answered_after)):
        disputes.answer(
            made.pk, outcome=doubt.outcome, reason=doubt.reason, who=_who("shuju"), key=_key("answer", doubt.by)
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


def _send_back(today: date) -> None:
    """What was left of a file of the register goes back to those who sent it."""
    who = _who("shuju")
    held = Batch.objects.filter(source="register", state="published", mends=None, returns=None, quarantined__gt=0)
    number = next((n for n in held.order_by("-pk").values_list("pk", flat=True) if returns.left(n, who=who)), None)
    if number is not None and not Return.objects.exists():
        with clock.standing_at(today - timedelta(days=6)):
            returns.send_back(number, who=who, why="请核对后于本月底前重报这些行。", key=_key("return"))
