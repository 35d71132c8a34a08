"""Taking a batch back, and closing what a full snapshot leaves out: the subject file as if the rows had never come.

A withdrawn batch may have taught codes and joined rows of others; those rows are given their subjects anew, in the
order in which they came, so that what stands equals a fresh fuse of all other batches. Files, statements, links and
leaves stay: what was known on a day is still shown. Both walk over subjects slice by slice under the batch's cursor,
each slice one transaction, and are taken up where they stopped.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from shiheng.accounts.permissions import SYSTEM, Who
from shiheng.fusion import matching, publish, regrouping, settling
from shiheng.fusion.checking import OvertakenError, Progress
from shiheng.fusion.models import Batch, Link
from shiheng.jobs import queue
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict
from shiheng.ledger import actions as ledger

ADVANCE = "fusion.advance"
SLICE = 2_000
PUBLISHED = {"resolving", "fusing", "closing", "published"}
GONE = ["refused", "withdrawing", "withdrawn"]


def begin(number: int, *, who: Who, reason: str) -> None:
    """Take a batch out of force; from here on nothing it said counts, and the worker mends the files it touched.

    Raises ``Conflict`` when it is withdrawn already or was refused whole.
    """
    if not _take_out(number, who=who, reason=reason):
        raise Conflict("batch.withdrawn", f"批次 {number} 已经撤回或整批拒收，没有可撤回的内容。")


def correct(number: int, *, by: int) -> None:
    """Take out of force what another batch corrects; one refused whole or withdrawn meanwhile is out already."""
    _take_out(number, who=SYSTEM, reason=f"由批次 {by} 更正")


def _take_out(number: int, *, who: Who, reason: str) -> bool:
    today = clock.today()
    with transaction.atomic():
        for states, then in ((["landed", "checking"], "withdrawn"), (sorted(PUBLISHED), "withdrawing")):
            moved = Batch.objects.filter(pk=number, state__in=states).update(
                state=then, withdrawn_on=today, withdrawn_by=who.name, reason=reason, cursor=-1
            )
            if moved:
                break
        else:
            return False
        settling.withdrawn(number)
        for mended in Batch.objects.filter(mends=number).exclude(state__in=GONE).values_list("pk", flat=True):
            _take_out(mended, who=who, reason=f"随批次 {number} 撤回")
        scope = Batch.objects.values_list("scope", flat=True).get(pk=number)
        ledger.record("batch.withdrawn", subject=f"batch:{number}", who=who, scope=scope, facts={"reason": reason})
        if then == "withdrawing":
            queue.enqueue(ADVANCE, key=f"batch:{number}", batch=number)
    return True


def with_mended(batch: Batch) -> list[int]:
    """A batch and those that brought its mended rows in: they stand and go together."""
    return [batch.pk, *Batch.objects.filter(mends=batch).values_list("pk", flat=True)]


def touched_by(batch: Batch) -> QuerySet[Link]:
    """The links of a batch, and for a full snapshot those of the rows it closed: whoever it says anything of."""
    about = Q(batch__in=with_mended(batch))
    if batch.delivery == "snapshot":
        about |= Q(batch__in=closed_by(batch))
    return Link.objects.filter(about, until=None)


def closed_by(batch: Batch) -> list[int]:
    """The batches in force that a full snapshot takes the place of, back to the full snapshot before it."""
    held = Batch.objects.filter(source=batch.source, scope=batch.scope, state__in=Batch.LIVE, mends=None)
    held = held.exclude(pk=batch.pk)
    before = held.filter(Q(known_on__lt=batch.known_on) | Q(known_on=batch.known_on, pk__lt=batch.pk))
    numbers: list[int] = []
    for number, delivery in before.order_by("-known_on", "-pk").values_list("pk", "delivery"):
        numbers.append(number)
        if delivery == "snapshot":
            break
    # Whenever they came, mended rows were said where the rows they mend stood.
    mends = Batch.objects.filter(mends__in=numbers, state__in=Batch.LIVE).exclude(pk__in=numbers)
    return [*numbers, *mends.values_list("pk", flat=True)]


def close(
    batch: Batch,
    publish_it: Callable[..., None],
    *,
    progress: Progress,
    should_stop: Callable[[], bool],
) -> None:
    """Work out anew the files of those a full snapshot no longer speaks of, then publish it."""
    said = Link.objects.filter(batch=batch, until=None).values("subject_id")
    left = Link.objects.filter(batch__in=closed_by(batch), until=None).exclude(subject_id__in=said)
    done = _walk(batch, left, publish.refresh, "收束", progress, should_stop)
    if done:
        publish_it(batch, "closing")


def empty(batch: Batch, *, progress: Progress, should_stop: Callable[[], bool]) -> None:
    """Mend every file a batch taken out of force has touched; it is withdrawn when the last is mended."""
    done = _walk(batch, touched_by(batch), regrouping.mend, "撤回", progress, should_stop)
    if done and Batch.objects.filter(pk=batch.pk, state="withdrawing").update(state="withdrawn"):
        matching.enqueue()


def _walk(
    batch: Batch,
    links: QuerySet[Link],
    work: Callable[[list[int]], Any],
    title: str,
    progress: Progress,
    should_stop: Callable[[], bool],
) -> bool:
    """Slices of subjects after the cursor, each one change; gives whether the end was reached."""
    at, count = batch.cursor, 0
    total = links.filter(subject_id__gt=at).values("subject_id").distinct().count()
    while not should_stop():
        after = links.filter(subject_id__gt=at).order_by("subject_id").values_list("subject_id", flat=True)
        ids = list(after.distinct()[:SLICE])
        if not ids:
            return True

        def slice_(ids: list[int] = ids, at: int = at) -> None:
            held = Batch.objects.filter(pk=batch.pk, state=batch.state, cursor=at)
            if held.update(cursor=ids[-1]) != 1:
                raise OvertakenError
            work(ids)

        publish.folded(slice_)
        at, count = ids[-1], count + len(ids)
        progress(title, count, total)
    return False
