"""From the log of changes to numbered items: what each subscription is owed, each numbered once and in order.

Every slice is one transaction that moves the subscription's cursor by compare-and-set: two gatherers at once number
nothing twice. What would say the same as the item before it about the same thing is not sent again.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from shiheng.accounts.jurisdictions import within
from shiheng.columnar import frames
from shiheng.kernel import clock, registry
from shiheng.publication.definition import IDENTITY, SHARING, SharingRule
from shiheng.publication.exchange import content
from shiheng.publication.models import Item, Subscription
from shiheng.subjects import changes
from shiheng.subjects.models import Record, Subject

SLICE = 500

#: What is spoken of: the subject, the kind, and the key of a record ("" for the subject itself).
About = tuple[int, str, str]


class OvertakenError(Exception):
    """Another gatherer was first."""


def rule_of(row: Subscription) -> SharingRule:
    """The version of the rule the subscription was approved under."""
    rule: SharingRule = registry.version(SHARING, row.rule, row.rule_from)
    return rule


def gather(code: str, *, at_most: int | None = None) -> int:
    """Number what a subscription is owed by now; gives how many items that made."""
    made, slices = 0, 0
    while at_most is None or slices < at_most:
        row = Subscription.objects.filter(code=code, state="approved").first()
        if row is None:
            return made
        try:
            with transaction.atomic():
                count, more = _first_reading(row) if row.baseline is not None else _log(row)
        except OvertakenError:
            continue
        made, slices = made + count, slices + 1
        if not more:
            return made
    return made


def _first_reading(row: Subscription) -> tuple[int, bool]:
    """Everything that stands in the territory when the subscription begins, subject by subject."""
    held = Subject.objects.filter(within((row.scope,)), pk__gt=row.baseline, live=True, redirect_to=None)
    ids = list(held.order_by("pk").values_list("pk", flat=True)[:SLICE])
    abouts: list[About] = [(pk, IDENTITY, "") for pk in ids] if IDENTITY in row.kinds else []
    records = Record.objects.filter(subject_id__in=ids, kind__in=row.kinds).order_by("subject_id", "pk")
    for subject, kind, source, key in records.values_list("subject_id", "kind", "source", "key"):
        abouts.append((subject, kind, f"{source}:{key}"))
    made = _number(row, abouts, baseline=ids[-1] if ids else None)
    return made, True  # the log is read next


def _log(row: Subscription) -> tuple[int, bool]:
    """What has changed since."""
    told = changes.since(row.cursor, scope=row.scope, kinds=row.kinds, at_most=SLICE)
    if told.cursor == row.cursor:
        return 0, False
    return _number(row, told.abouts, cursor=told.cursor), told.more


def _number(row: Subscription, abouts: list[About], **moved: int | None) -> int:
    """Items for what differs from what was last said of it, under the next numbers."""
    said = bodies(row, abouts)
    before = _last_said(row, {subject for subject, _, _ in abouts})
    fresh = []
    for about, body in said.items():
        old = before.get(about)
        gone = body is None
        if gone and (old is None or old[0] == "gone"):
            continue
        text = content.written(*about, body)
        mark = content.digest(text)
        if old is None or old[1] != mark:
            fresh.append((about, "gone" if gone else "set", text, mark))
    last = row.last + len(fresh)
    same = Subscription.objects.filter(
        pk=row.pk, state="approved", cursor=row.cursor, last=row.last, baseline=row.baseline
    )
    if same.update(last=last, **moved) != 1:
        raise OvertakenError
    today = clock.today()
    frames.insert(
        Item,
        ("subscription_id", "number", "subject_id", "kind", "key", "action", "body", "digest", "made_on"),
        (
            (row.pk, row.last + place, *about, action, text, mark, today)
            for place, (about, action, text, mark) in enumerate(fresh, start=1)
        ),
    )
    return len(fresh)


def _last_said(row: Subscription, subjects: set[int]) -> dict[About, tuple[str, str]]:
    held = Item.objects.filter(subscription=row, subject_id__in=subjects).order_by("number")
    rows = held.values_list("subject_id", "kind", "key", "action", "digest")
    return {(subject, kind, key): (action, mark) for subject, kind, key, action, mark in rows}


def bodies(row: Subscription, abouts: Iterable[About]) -> dict[About, dict[str, object] | None]:
    """What stands now of each thing; nothing where it went, or went out of the territory."""
    rule, kept_back = rule_of(row), content.withheld()
    wanted: dict[str, list[About]] = defaultdict(list)
    found: dict[About, dict[str, object] | None] = {}
    for about in abouts:
        found[about] = None
        wanted[IDENTITY if about[1] == IDENTITY else "record"].append(about)
    ids = {subject for subject, _, _ in found}
    subjects = Subject.objects.in_bulk(list(ids))
    for about in wanted[IDENTITY]:
        subject = subjects.get(about[0])
        if subject is not None and subject.scope.startswith(row.scope):
            found[about] = content.of_subject(subject, rule, kept_back)
    if wanted["record"]:
        for record in _records(row, ids):
            about = (record.subject_id, record.kind, f"{record.source}:{record.key}")
            if about in found and record.scope.startswith(row.scope):
                found[about] = content.of_record(record, subjects[record.subject_id], rule, kept_back)
    return found


def _records(row: Subscription, ids: set[int]) -> QuerySet[Record]:
    return Record.objects.filter(subject_id__in=ids, kind__in=row.kinds)
