"""待判: what a person says of a row without a code and the subjects it may mean; said once, and undone whenever.

A word counts at once: the row goes to its subject, or leaves it. What follows for other rows the matcher works out
after it. Undone, it is as if it had never been said, and stays to be read with who undid it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import matching, publish
from shiheng.fusion.match.judge import AUTOMATIC
from shiheng.fusion.match.sentences import Reason, reasons
from shiheng.fusion.match.weigh import SIGNS
from shiheng.fusion.matching import Found
from shiheng.fusion.models import Batch, Nameless, Verdict
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.kernel.identifiers import normalise
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.subjects.models import Identifier, Subject
from shiheng.subjects.queries import survivor_of

TO_JUDGE = ["tie", "ask"]

kinds.declare(row_judged="判断无码行归户", judgement_undone="撤销归户判断")


def visible_to(who: Who, power: May = May.READ_SOURCES) -> QuerySet[Nameless]:
    """Rows of files of one's own territory, and those whose likeliest subject lies in it."""
    held = Nameless.objects.filter(batch__state__in=Batch.LIVE)
    paths = who.paths(power)
    if "" in paths:
        return held
    return held.filter(within(paths, "batch__scope") | within(paths, "best__scope"))


def find(who: Who, number: int, power: May = May.READ_SOURCES) -> Nameless:
    found = visible_to(who, power).select_related("batch", "subject").filter(pk=number).first()
    if found is None:
        raise Missing(
            "nameless.unknown", _("没有编号为 %(number)s 的无码行，或它不在您的管辖范围内。") % {"number": number}
        )
    return found


def pending(who: Who) -> QuerySet[Nameless]:
    """What waits for this person's word: unsure once, it waits for somebody else's."""
    unsure = Verdict.objects.filter(row=OuterRef("pk"), says="unsure", undone_at=None, judged_by=who.name)
    waiting = visible_to(who, May.JUDGE_LINKS).filter(~Exists(unsure), decision__in=TO_JUDGE)
    return waiting.order_by("-likely", "pk")


def say(
    number: int,
    says: str,
    *,
    who: Who,
    subject: int | None = None,
    code: str = "",
    reason: str = "",
    misled: str = "",
    key: UUID | None = None,
) -> Nameless:
    """Say that a row means a subject (``same``), does not (``different``; without one: none of those shown), or that
    it cannot be told (``unsure``). A ``code`` names a subject the matcher did not think of.

    Raises ``Forbidden`` without the power, ``Missing`` outside the territory, ``Refused`` for a subject that is none
    of the candidates or a code nobody has, and ``Conflict`` where the row is judged already.
    """
    row = _judgeable(number, who)
    likely = {one["subject"]: one["likely"] for one in row.candidates}
    if code.strip() and says == "same":
        subject = _named(code)
        likely.setdefault(subject, 0.0)
    about = [subject] if subject is not None else list(likely)
    if says not in Verdict.SAYS or (says == "same" and subject is None) or not about:
        raise Refused("verdict.says", _("请选定一户，或选“都不是”“无法判断”。"), field="choice")
    if any(pk not in likely for pk in about):
        raise Refused("verdict.subject", _("所选的主体不在这一行的候选之中，请刷新页面。"), field="choice")
    if misled and misled not in SIGNS:
        raise Refused("verdict.misled", _("没有这个特征。"), field="misled")

    def do() -> dict[str, int]:
        held = Verdict.objects.filter(row=row, undone_at=None)
        if held.filter(says="same").exists() or held.filter(subject__in=about).exclude(says="unsure").exists():
            raise Conflict("verdict.already", _("这一行已经判断过。要改，请先撤销原来的判断。"))
        held.filter(says="unsure", judged_by=who.name).update(undone_at=clock.now(), undone_by=who.name)
        for pk in about:
            Verdict.objects.create(
                row=row, subject_id=pk, says=says, reason=reason.strip()[:500], misled=misled, likely=likely[pk],
                judged_by=who.name, judged_at=clock.now(),
            )  # fmt: skip
        ledger.record(
            "row.judged", subject=f"batch:{row.batch_id}", who=who, scope=row.batch.scope,
            facts={"row": row.row, "says": says, "subjects": about, "reason": reason.strip()[:500]},
        )  # fmt: skip
        if says == "same":
            _put(row, Found(subject, "judged", 1.0, row.candidates))
        elif says == "different" and (row.subject_id is None or row.subject_id in about):
            _put(row, Found(None, "none" if len(about) == len(likely) else "ask", row.likely, row.candidates))
        return {"row": row.pk}

    payload = {"row": number, "says": says, "subject": subject, "code": code, "reason": reason, "misled": misled}
    _changed(who, "fusion.judge", payload, key, do)
    row.refresh_from_db()
    return row


def _named(code: str) -> int:
    """The subject that has this code now."""
    held = Identifier.objects.filter(kind="uscc", value=normalise(code)).values_list("subject_id", flat=True).first()
    if held is None:
        raise Refused("verdict.code", _("没有这个统一社会信用代码的主体，请核对。"), field="code")
    return survivor_of(held)


def undo(number: int, *, who: Who, reason: str = "", key: UUID | None = None) -> Nameless:
    """Undo everything that stands said of a row; it is judged as if nothing had been."""
    row = _judgeable(number, who)

    def do() -> dict[str, int]:
        said = Verdict.objects.filter(row=row, undone_at=None)
        if not said.update(undone_at=clock.now(), undone_by=who.name):
            raise Conflict("verdict.none", _("这一行没有可以撤销的判断。"))
        ledger.record(
            "judgement.undone", subject=f"batch:{row.batch_id}", who=who, scope=row.batch.scope,
            facts={"row": row.row, "reason": reason.strip()[:500]},
        )  # fmt: skip
        _put(row, Found(None, "ask", row.likely, row.candidates))
        return {"row": row.pk}

    _changed(who, "fusion.judge_undo", {"row": number, "reason": reason}, key, do)
    row.refresh_from_db()
    return row


def _judgeable(number: int, who: Who) -> Nameless:
    if not who.may(May.JUDGE_LINKS):
        raise Forbidden("sources.judge", _("您的岗位没有判断归户的权限。"))
    return find(who, number, May.JUDGE_LINKS)


def _put(row: Nameless, found: Found) -> None:
    matching.put([(matching.kept(row.pk), found)])


def _changed(
    who: Who, action: str, payload: dict[str, object], key: UUID | None, do: Callable[[], dict[str, int]]
) -> None:
    def work() -> bool:
        _done, fresh = once(who, key=key, action=action, payload=payload, do=do)
        if fresh:  # a form sent again changes nothing
            publish.note_bare()
            matching.enqueue()
        return fresh

    publish.folded(work)


@dataclass(frozen=True, slots=True)
class Watched:
    """How the matcher does in a territory: rows by how they were decided, and what persons said of its certain ones."""

    rows: int
    decided: dict[str, int]
    sources: list[tuple[str, dict[str, int]]]
    checked: int
    wrong: int
    undone: int

    @property
    def asked(self) -> float:
        """The share of rows that were, or are to be, judged by a person."""
        people = sum(self.decided.get(decision, 0) for decision in ("tie", "ask", "judged"))
        return people / self.rows if self.rows else 0.0

    @property
    def precision(self) -> float | None:
        """Of the certain links a person looked at, the share that was right; nothing where nobody looked."""
        return (self.checked - self.wrong) / self.checked if self.checked else None


def watched(who: Who) -> Watched:
    """Rows without a code of my territory, counted; and the judged sample of what was linked without a person."""
    rows = visible_to(who)
    sources: dict[str, dict[str, int]] = {}
    decided: dict[str, int] = {}
    for source, decision, count in rows.values_list("batch__source", "decision").annotate(n=Count("pk")).order_by():
        sources.setdefault(source, {})[decision] = count
        decided[decision] = decided.get(decision, 0) + count
    said = Verdict.objects.filter(row__in=rows.values("pk")).exclude(says="unsure")
    certain = Q(undone_at=None, likely__gte=AUTOMATIC)
    told = said.aggregate(
        checked=Count("pk", filter=certain),
        wrong=Count("pk", filter=certain & Q(says="different")),
        undone=Count("pk", filter=Q(undone_at__isnull=False)),
    )
    return Watched(sum(decided.values()), decided, sorted(sources.items()), **told)


def explained(candidate: dict[str, Any], said: Callable[[str], str] = str) -> list[Reason]:
    """Why a row may mean a candidate, from what was kept of it."""
    held: dict[str, Any] = {}
    for sign in SIGNS:
        level, shared, bits = candidate["signs"].get(sign, ["", 0, 0.0])
        held |= {sign: level, f"{sign}_shared": shared, f"{sign}_bits": bits}
    return reasons(held, said)


def candidates(row: Nameless | Found) -> list[tuple[Subject, dict[str, Any]]]:
    """The subjects a row may mean, best first, each with what the matcher said of it."""
    held = Subject.objects.prefetch_related("names", "premises")
    known = held.in_bulk([one["subject"] for one in row.candidates])
    return [(known[one["subject"]], one) for one in row.candidates if one["subject"] in known]
