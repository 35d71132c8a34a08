"""One record asked about: whom it means, as would be said of it had it come in a file. It is kept nowhere.

Judged against the register kept on the disk, which may be a few minutes behind; the answer says whether it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.fusion import judging, links, matching, prepared
from shiheng.fusion.match import weigh
from shiheng.fusion.match.judge import AUTOMATIC
from shiheng.fusion.match.sentences import TITLES, Reason
from shiheng.fusion.standardise import BY_KIND
from shiheng.jobs import queue
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem, Refused
from shiheng.kernel.identifiers import normalise
from shiheng.subjects import queries
from shiheng.subjects.models import Identifier, Subject

JOB = "fusion.prepare"
# A register that is behind is made anew for those who ask, but not more often than this.
PATIENCE = 600
LONGEST = 300
_WORDS = ("name", "address", "person", "phone", "region")
_PERSONAL = {"phone"}


class NotReady(Problem):
    """There is no register to judge against yet."""

    status = 503


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject the record may mean, its share of the certainty and why; ``hidden`` are signs not for this reader."""

    subject: Subject
    score: float
    reasons: list[Reason]
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """``by`` is the kind of code that decided, or ``name``; ``made_at`` tells of when the register is."""

    decision: str
    by: str
    subject: int | None
    score: float
    candidates: list[Candidate]
    made_at: datetime
    current: bool
    version: str = weigh.VERSION
    threshold: float = AUTOMATIC


def ask(record: Mapping[str, str], *, who: Who) -> Answer:
    """Whom a record of ``sides.FIELDS`` means.

    Raises ``Refused`` for what is no record, and ``NotReady`` while there is no register yet; it is made then.
    """
    cleaned = clean(record)
    kept = prepared.opened()
    if kept is None or (not kept.current and (clock.now() - kept.made_at).total_seconds() > PATIENCE):
        queue.enqueue(JOB, key=JOB)
    if kept is None:
        raise NotReady("match.preparing", _("比对用的登记簿正在准备，请过几分钟再试。"))
    return _answer(cleaned, kept, who=who)


def ask_now(record: Mapping[str, str], *, who: Who) -> Answer:
    """The same against the register as it stands this moment, made ready first where it is not."""
    cleaned = clean(record)
    return _answer(cleaned, prepared.register(matching.register), who=who)


def clean(record: Mapping[str, str]) -> dict[str, str]:
    """What a record says, put as the rows of a file are; it must say a name or a code."""
    if long := next((field for field, value in record.items() if len(value) > LONGEST), None):
        raise Refused("match.long", _("每一项最多 %(count)s 个字。") % {"count": LONGEST}, field=long)
    cleaned = {"code": normalise(record.get("code", ""))}
    for field in _WORDS:
        if not (said := record.get(field, "").strip()):
            continue
        value, fault = BY_KIND[field](said)
        if fault and field in {"phone", "region"}:
            raise Refused(f"match.{field}", fault, field=field)
        cleaned[field] = said if fault else value or ""
    if not cleaned.get("name") and not cleaned["code"]:
        raise Refused("match.nothing", _("请至少写明名称或代码。"), field="name")
    return {field: value for field, value in cleaned.items() if value}


def _answer(record: dict[str, str], kept: prepared.Kept, *, who: Who) -> Answer:
    at = (kept.made_at, kept.current)
    if code := _by_code(record.get("code", "")):
        by, number = code
        row = Subject.objects.get(pk=queries.survivor_of(number))
        reason = Reason("code", "same", links.BY_CODE[by], 1, 0.0)
        return Answer("auto", by, row.pk, 1.0, [Candidate(row, 1.0, [reason])], *at)
    found = matching.judged_alone(record, kept.register)
    shown = [_shown(row, one, who) for row, one in judging.candidates(found)]
    return Answer(found.decision, matching.BY, found.subject, found.likely, shown, *at)


def _by_code(code: str) -> tuple[str, int] | None:
    """The kind of a code somebody bears, and who: rows with such a code are never compared."""
    held = dict(Identifier.objects.filter(value=code).values_list("kind", "subject_id")) if code else {}
    return next(((kind, held[kind]) for kind in links.BY_CODE if kind in held), None)


def _shown(row: Subject, one: dict[str, Any], who: Who) -> Candidate:
    """Whether a telephone is somebody's is for those who may read it; that it was compared is said."""
    reasons = judging.explained(one)
    hidden = set() if queries.reader_of(who, row).personal else _PERSONAL
    told = [reason for reason in reasons if reason.sign not in hidden]
    left_out = tuple(TITLES[reason.sign] for reason in reasons if reason.sign in hidden)
    return Candidate(row, one["likely"], told, left_out)
