"""并户与分户 by hand: two subjects are one business, or a number a subject is told with is another business's.

What would become of every file is shown first: the change is made and taken back, so that what is shown is what will
happen. Each word is undone at will; then the files are as if it had never been said.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import matching, publish, regrouping, rulings
from shiheng.fusion.definition import FIELDS
from shiheng.fusion.models import Batch, Contest, Link, Ruling
from shiheng.fusion.resolve import UNIFIED, Code, code_of
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.kernel.identifiers import normalise
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.subjects.models import Identifier, Record, Subject
from shiheng.subjects.queries import family_of, survivor_of

kinds.declare(subject_merged="并户", subject_parted="分户", ruling_undone="撤销并户分户")

LEAST = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """A code of another subject's that rows of this one tell, or the other way round: a reason to look."""

    other: Subject
    kind: str
    value: str
    rows: int


@dataclass(frozen=True, slots=True)
class Told:
    """One subject's file at one moment: its fields' values, how many records and rows, and whose territory it is in."""

    name: str
    values: dict[str, str]
    records: int
    rows: int
    scope: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one subject's file: ``before`` or ``after`` is missing where there is none."""

    subject: int
    before: Told | None
    after: Told | None

    @property
    def scope(self) -> str:
        told = self.after or self.before
        return told.scope if told else ""

    @property
    def name(self) -> str:
        told = self.after or self.before
        return told.name if told else ""

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """(field, before, after) of what changes."""
        one, other = (told.values if told else {} for told in (self.before, self.after))
        both = ((name, one.get(name, ""), other.get(name, "")) for name in FIELDS)
        return [line for line in both if line[1] != line[2]]


class _TakenBackError(Exception):
    """Ends a change that was only looked at."""


def find(who: Who, number: int) -> Subject:
    """The subject whose codes this person may speak of.

    Raises ``Forbidden`` without the power, ``Missing`` for none or another territory's.
    """
    if not who.may(May.JUDGE_LINKS):
        raise Forbidden("sources.judge", _("您的岗位没有判断归户的权限。"))
    found = narrow(Subject.objects.filter(live=True), who, May.JUDGE_LINKS).filter(pk=survivor_of(number)).first()
    if found is None:
        raise Missing("subject.missing", _("没有找到这个主体，或它不在您的管辖范围内。"))
    return found


def visible_to(who: Who) -> QuerySet[Ruling]:
    """Every ruling of one's territory, undone ones too."""
    return narrow(Ruling.objects.select_related("subject", "other"), who, May.JUDGE_LINKS)


def one(who: Who, number: int) -> Ruling:
    """One ruling, or ``Missing``: another territory's is not told apart from none."""
    found = visible_to(who).filter(pk=number).first()
    if found is None:
        raise Missing("ruling.unknown", _("没有这项并户、分户，或它不在您的管辖范围内。"))
    return found


def about(subject: Subject) -> QuerySet[Ruling]:
    """What stands said of a subject, or of those that were merged into it."""
    family = family_of(subject.pk)
    held = Ruling.objects.select_related("subject", "other").filter(undone_at=None)
    return held.filter(Q(subject__in=family) | Q(other__in=family)).order_by("-pk")


def claims(subject: Subject) -> list[Claim]:
    """Who else claims a code of this subject's, or bears one its rows tell; those with most rows first."""
    held = Contest.objects.filter(Q(speaker=subject) | Q(holder=subject), batch__state__in=Batch.LIVE)
    counted = held.values("speaker", "holder", "kind", "value").annotate(n=Count("pk")).order_by("-n", "kind", "value")
    lines = [(row["holder"] if row["speaker"] == subject.pk else row["speaker"], row) for row in counted]
    others = Subject.objects.in_bulk([pk for pk, _row in lines])
    return [Claim(others[pk], row["kind"], row["value"], row["n"]) for pk, row in lines if pk in others]


def partable(subject: Subject) -> list[tuple[str, str, int]]:
    """The numbers by which rows without a unified code came here: kind, value, and rows found by such a number."""
    if not subject.uscc:
        return []
    counts = dict(_links(subject).values("by").annotate(n=Count("pk")).values_list("by", "n"))
    held = Identifier.objects.filter(subject=subject).exclude(kind=UNIFIED).order_by("kind", "value")
    return [(kind, value, counts[kind]) for kind, value in held.values_list("kind", "value") if counts.get(kind)]


def _links(subject: Subject) -> QuerySet[Link]:
    return Link.objects.filter(subject=subject, until=None, batch__state__in=Batch.LIVE)


# --- what would become ------------------------------------------------------------------------------------------------
def merged(who: Who, subject: Subject, code: str) -> tuple[Subject, list[Fate]]:
    """The other subject, which bears a code, and what merging both would make of their files."""
    draft = _merging(who, subject, code)
    assert draft.other is not None
    return draft.other, _foreseen({subject.pk, draft.other.pk}, draft.save)


def parted(who: Who, subject: Subject, kind: str, value: str) -> list[Fate]:
    """What parting a number from a subject would make of the files. Raises ``Refused`` where nothing would leave."""
    draft = _parting(who, subject, kind, value)
    fates = _foreseen({subject.pk}, draft.save)
    if not any(fate.before is None for fate in fates):
        raise Refused("ruling.nothing", _("没有只凭这个号码归到这里的行，分户不改变任何档案。"), field="code")
    return fates


def undone(who: Who, number: int) -> list[Fate]:
    """What undoing a ruling would make of the files."""
    ruling = _standing(who, number)
    return _foreseen(_bearers(ruling), lambda: _undo(ruling, who, ""))


def _foreseen(ids: Iterable[int], make: Callable[[], Any]) -> list[Fate]:
    """The files before and after a change that is made and taken back."""
    touched: set[int] = set()
    after: dict[int, Told] = {}
    try:
        with transaction.atomic():
            make()
            touched = regrouping.mend(set(ids))
            after = _told(touched)
            raise _TakenBackError
    except _TakenBackError:
        before = _told(touched)
    except IntegrityError:
        raise Conflict("ruling.busy", _("档案正在更新，请稍后再试。")) from None
    pairs = [Fate(pk, before.get(pk), after.get(pk)) for pk in sorted(touched)]
    return [fate for fate in pairs if fate.before != fate.after]


def _told(ids: Iterable[int]) -> dict[int, Told]:
    held = Subject.objects.filter(pk__in=list(ids), live=True)
    records = Record.objects.filter(subject__in=held).order_by().values("subject").annotate(n=Count("pk"))
    links = Link.objects.filter(subject__in=held, until=None, batch__state__in=Batch.LIVE)
    counted = dict(records.values_list("subject", "n"))
    rows = dict(links.order_by().values("subject").annotate(n=Count("pk")).values_list("subject", "n"))
    return {
        row.pk: Told(
            row.name,
            {name: str(said.get("value", "")) for name, said in (row.fields or {}).items()},
            counted.get(row.pk, 0),
            rows.get(row.pk, 0),
            row.scope,
        )
        for row in held
    }


# --- deeds ------------------------------------------------------------------------------------------------------------
def merge(who: Who, number: int, code: str, *, reason: str, key: UUID | None = None) -> Ruling:
    """Say that a subject and whoever bears ``code`` are one business; whoever came first gives the file its number.

    Raises ``Refused`` for a code nobody has, this subject's own, or no reason; ``Missing`` outside the territory;
    ``Conflict`` where it is said already.
    """
    why = _reason(reason)
    payload = {"subject": number, "code": normalise(code), "reason": why}
    return _ruled(who, "subject.merged", lambda: _merging(who, find(who, number), code, why), payload, key)


def part(who: Who, number: int, kind: str, value: str, *, reason: str, key: UUID | None = None) -> Ruling:
    """Say that a number is another business's; rows that tell it without a unified code leave for a subject of its own.

    Raises ``Refused`` for a number that is not the subject's or leads nobody here, or no reason; ``Conflict`` where it
    is said already.
    """
    why = _reason(reason)
    payload = {"subject": number, "kind": kind, "value": value, "reason": why}
    return _ruled(who, "subject.parted", lambda: _parting(who, find(who, number), kind, value, why), payload, key)


def undo(who: Who, number: int, *, reason: str, key: UUID | None = None) -> Ruling:
    """Undo a ruling: the files are as if it had never been made. Raises ``Missing``, ``Refused`` without a reason."""
    why = _reason(reason)

    def do() -> dict[str, int]:
        ruling = _standing(who, number)
        ids = _bearers(ruling)
        _undo(ruling, who, why)
        regrouping.mend(ids)
        _record(who, "ruling.undone", ruling, {"reason": why, "ruling": ruling.pk})
        return {"ruling": number}

    _changed(who, "fusion.undo_ruling", {"ruling": number, "reason": why}, key, do)
    return Ruling.objects.get(pk=number)


def _ruled(who: Who, kind: str, make: Callable[[], Ruling], payload: dict[str, Any], key: UUID | None) -> Ruling:
    def do() -> dict[str, int]:
        ruling = make()
        ruling.save(force_insert=True)
        regrouping.mend(_bearers(ruling))
        other = {"other": ruling.other_id} if ruling.other_id else {}
        _record(who, kind, ruling, {"ruling": ruling.pk, "code": ruling.value, "reason": ruling.reason, **other})
        return {"ruling": ruling.pk}

    return Ruling.objects.get(pk=_changed(who, f"fusion.{kind}", payload, key, do)["ruling"])


def _changed(
    who: Who, action: str, payload: dict[str, Any], key: UUID | None, do: Callable[[], dict[str, int]]
) -> dict[str, int]:
    result: dict[str, int] = {}

    def work() -> bool:
        done, fresh = once(who, key=key, action=action, payload=payload, do=do)
        result.update(done)
        if fresh:  # a form sent again changes nothing
            matching.enqueue()
        return fresh

    try:
        publish.folded(work)
    except IntegrityError:
        raise Conflict("ruling.already", _("这一项已经并户或分户过了。要改，请先撤销。")) from None
    return result


def _record(who: Who, kind: str, ruling: Ruling, facts: dict[str, Any]) -> None:
    ledger.record(kind, subject=f"subject:{ruling.subject_id}", who=who, scope=ruling.scope, facts=facts)


def _undo(ruling: Ruling, who: Who, reason: str) -> None:
    moved = Ruling.objects.filter(pk=ruling.pk, undone_at=None)
    if not moved.update(undone_at=clock.now(), undone_by=who.name, undone_reason=reason):
        raise Conflict("ruling.undone", _("这项并户、分户已经撤销。"))


def _standing(who: Who, number: int) -> Ruling:
    if not who.may(May.JUDGE_LINKS):
        raise Forbidden("sources.judge", _("您的岗位没有判断归户的权限。"))
    found = one(who, number)
    if found.undone_at:
        raise Conflict("ruling.undone", _("这项并户、分户已经撤销。"))
    return found


def _bearers(ruling: Ruling) -> set[int]:
    """Whoever bears the codes of a ruling now, and whom it was about."""
    codes: set[Code] = {(ruling.kind, ruling.value), (ruling.with_kind, ruling.with_value)}
    found = {*publish.known_codes(codes).values(), ruling.subject_id, ruling.other_id}
    return {pk for pk in found if pk is not None}


def _merging(who: Who, subject: Subject, code: str, reason: str = "") -> Ruling:
    """The word that this subject and whoever bears a code are one, not said yet."""
    text = normalise(code)
    held = dict(Identifier.objects.filter(value=text).values_list("kind", "subject_id")) if text else {}
    if not held:
        raise Refused("ruling.code", _("没有这个代码的主体，请核对代码。"), field="code")
    other = find(who, held.get(UNIFIED) or next(iter(held.values())))
    if other.pk == subject.pk:
        raise Refused("ruling.self", _("这个代码就是本主体的，不需要并户。"), field="code")
    one, two = sorted((_own(subject), _own(other)))
    if {one, two} & set(rulings.standing().apart):
        raise Refused("ruling.apart", _("其中一户是分户得来的，请先撤销那次分户。"), field="code")
    return Ruling(
        says="one", kind=one[0], value=one[1], with_kind=two[0], with_value=two[1], subject=subject, other=other,
        scope=subject.scope, reason=reason, made_by=who.name, made_at=clock.now(),
    )  # fmt: skip


def _parting(who: Who, subject: Subject, kind: str, value: str, reason: str = "") -> Ruling:
    """The word that a number is another business's, not said yet."""
    if (kind, value) not in {(k, v) for k, v, _n in partable(subject)}:
        raise Refused("ruling.code", _("没有行是凭这个号码归到这里的，请从列出的号码中选择。"), field="code")
    if (kind, value) in rulings.standing().one:
        raise Refused("ruling.one", _("这个号码是并户所依据的，请先撤销那次并户。"), field="code")
    return Ruling(
        says="apart", kind=kind, value=value, subject=subject, scope=subject.scope, reason=reason, made_by=who.name,
        made_at=clock.now(),
    )  # fmt: skip


def _own(subject: Subject) -> Code:
    """The code that stands for a subject: its unified one, else that which named it first, else any."""
    held: Sequence[Code] = list(Identifier.objects.filter(subject=subject).values_list("kind", "value"))
    first = code_of(subject.mint_key)
    return min(held, key=lambda code: (code[0] != UNIFIED, code != first, code))


def _reason(text: str) -> str:
    told = " ".join(text.split())[:500]
    if len(told) < LEAST:
        raise Refused("ruling.reason", _("请写明理由，至少五个字。"), field="reason")
    return told
