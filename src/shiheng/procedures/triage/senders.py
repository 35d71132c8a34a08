"""Facts about whoever sent a letter: how many in twelve months, against how many, taken back after payment. They
decide nothing, each opens its rows, and only whoever handles those files sees that one person sent them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.procedures.models import Party, Passage, Proceeding, Sketch
from shiheng.procedures.triage import repeats
from shiheng.procedures.triage.declared import letters

DAYS = 365
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Signal:
    """One figure with the files behind it."""

    code: str
    title: str
    number: int
    files: tuple[int, ...]
    basis: str = ""


def of_sender(who: Who, own: Sketch) -> list[Signal]:
    """Every figure about the sender of a letter that the reader may open; none where no telephone is known."""
    if not own.person:
        return []
    since = clock.today() - timedelta(days=DAYS)
    rows = list(
        repeats.visible_to(who).filter(person=own.person, day__gte=since)
        .select_related("proceeding").order_by("-day", "-pk")[:MOST]
    )  # fmt: skip
    by_kind: dict[str, list[Sketch]] = defaultdict(list)
    said = {code: letter.says for code, (_lexicon, letter) in letters().items()}
    for row in rows:
        by_kind[said.get(row.proceeding.procedure, "")].append(row)
    found = [
        _signal("complaints", _("十二个月内的投诉"), by_kind["complaint"]),
        _signal("reports", _("十二个月内的举报"), by_kind["report"]),
        _signal("merchants", _("涉及的商家"), rows, len({row.against for row in rows if row.against})),
        _busiest(rows),
        _copies(rows),
        _others(who, own),
        _names(rows),
        _paid(rows),
    ]
    return [signal for signal in found if signal.number]


def find(who: Who, own: Sketch, code: str) -> Signal:
    """One figure by its code. Raises ``Missing``."""
    found = next((signal for signal in of_sender(who, own) if signal.code == code), None)
    if found is None:
        raise Missing("signal.unknown", _("没有这项事实，或它背后的案卷不在您的办理范围内。"))
    return found


def _signal(code: str, title: str, rows: Sequence[Sketch], number: int | None = None) -> Signal:
    return Signal(code, str(title), len(rows) if number is None else number, tuple(row.pk for row in rows))


def _busiest(rows: Sequence[Sketch]) -> Signal:
    """The most letters of one day; one a day is nothing to tell."""
    counted = Counter(row.day for row in rows)
    day, most = max(counted.items(), key=lambda held: (held[1], held[0]), default=(None, 0))
    if most < 2:
        return _signal("busiest", "", ())
    title = _("一天之内最多的一天（%(day)s）") % {"day": day}
    return _signal("busiest", title, [row for row in rows if row.day == day])


def _copies(rows: Sequence[Sketch]) -> Signal:
    """Letters of the sender with the very same words as another of them."""
    counted = Counter(row.text for row in rows if row.text)
    return _signal("copies", _("文字完全相同的"), [row for row in rows if counted[row.text] > 1])


def _others(who: Who, own: Sketch) -> Signal:
    """Letters of others with the very same words."""
    if not own.text:
        return _signal("others", "", ())
    since = clock.today() - timedelta(days=DAYS)
    rows = repeats.visible_to(who).filter(text=own.text, day__gte=since).exclude(person=own.person)
    return _signal("others", _("他人来信，文字完全相同的"), list(rows.order_by("-day", "-pk")[:MOST]))


def _names(rows: Sequence[Sketch]) -> Signal:
    """Under how many names the same telephone was given, where it is more than one."""
    senders = {code: letter.sender for code, (_lexicon, letter) in letters().items()}
    parties = Party.objects.filter(proceeding__in=[row.pk for row in rows], kind__in=set(senders.values()))
    names = {name for name in parties.values_list("name", flat=True) if name}
    return _signal(
        "names", _("同一电话用过的姓名"), rows if len(names) > 1 else (), len(names) if len(names) > 1 else 0
    )


def _paid(rows: Sequence[Sketch]) -> Signal:
    """Letters that were taken back or settled between the two, where the words say that something was paid."""
    held = letters()
    by_pk = {row.pk: row for row in rows}
    steps = {step for _lexicon, letter in held.values() for step in letter.withdrawn}
    passages = Passage.objects.filter(proceeding__in=by_pk, step__in=steps, voided_at=None)
    found = []
    for passage in passages.order_by("-proceeding"):
        row = by_pk[passage.proceeding_id]
        letter = held[row.proceeding.procedure][1]
        value = letter.withdrawn.get(passage.step)
        if value is None or (value and passage.facts.get(letter.withdrawn_by) != value):
            continue
        words = " ".join(str(told) for told in passage.facts.values())
        if any(word in words for word in letter.withdrawn_words):
            found.append(row)
    return _signal("paid", _("付款、退款后撤回或者自行和解的"), found)


def files_of(who: Who, signal: Signal) -> "list[Proceeding]":
    """The files behind a figure, as the reader may see them."""
    rows = repeats.visible_to(who).filter(pk__in=signal.files).select_related("proceeding__subject")
    return [row.proceeding for row in rows.order_by("-day", "-pk")]
