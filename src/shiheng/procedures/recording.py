"""What our files say in the files of businesses: written anew with every step, in its transaction."""

from collections.abc import Mapping
from typing import Any

from shiheng.procedures.course import Course
from shiheng.procedures.definition import Recorded
from shiheng.procedures.models import Party, Proceeding
from shiheng.procedures.numbering import bureau_of
from shiheng.subjects import own
from shiheng.subjects.models import Record, Subject
from shiheng.ui.wording import in_the_record

REFERENCE = "file:"
"""Before the number of the file a record comes of."""


def keep(found: Proceeding, course: Course) -> None:
    """The records of a file as it stands; those it tells no longer are taken away."""
    if not course.procedure.records:
        return
    said = _said(found)
    parties = list(found.parties.filter(gone=False).select_related("subject").order_by("number"))
    for recorded in course.procedure.records:
        rows, gone = [], []
        for key, number, subject in _whose(found, recorded, parties):
            with in_the_record():
                told = recorded.tells(course, number, said) if subject else None
            if told is None or subject is None:
                gone.append(key)
            else:
                rows.append(_record(found, key, subject, told))
        own.keep(recorded.kind, rows, gone=gone)


def _whose(
    found: Proceeding, recorded: Recorded, parties: list[Party]
) -> list[tuple[str, int | None, Subject | None]]:  # fmt: skip
    """The key of each record, the party it is about and its business."""
    if not recorded.of:
        return [(found.number, None, found.subject)]
    held = [row for row in parties if row.kind == recorded.of]
    return [(f"{found.number}/{row.number}", row.number, row.subject) for row in held]


def _said(found: Proceeding) -> Mapping[str, Any]:
    """What only the room knows of a file; papers are looked for only when asked."""
    bureau = bureau_of(found.scope)

    def paper(form: str, party: int | None = None) -> str:
        rows = found.papers.filter(form=form, withdrawn_on=None).order_by("-made_at", "-pk")
        return next((row.number for row in rows if party is None or party in row.to), "")

    return {"number": found.number, "bureau": bureau.title if bureau else "", "paper": paper}


def _record(found: Proceeding, key: str, subject: Subject, told: Mapping[str, Any]) -> Record:
    facts = {name: value for name, value in told["facts"].items() if value not in (None, "")}
    return Record(
        subject_id=subject.pk, key=key, day=told["day"], state=told.get("state", ""), title=str(told["title"])[:200],
        until=told.get("until"), scope=subject.scope, facts=facts, reference=f"{REFERENCE}{found.pk}",
    )  # fmt: skip


def file_of(reference: str) -> int:
    """The number of the file a record of ours comes of; none of another record."""
    name, _colon, number = reference.partition(":")
    return int(number) if f"{name}:" == REFERENCE and number.isdigit() else 0
