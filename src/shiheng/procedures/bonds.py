"""A file opened from an earlier one: which may be, what is filled in from it, how both stand bound, what it proves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring
from shiheng.procedures import queries
from shiheng.procedures.contents import CONTACT, all_on, version_of
from shiheng.procedures.course import Course
from shiheng.procedures.definition import OPENING, Bond, Guard, Procedure
from shiheng.procedures.models import Evidence, Link, Paper, Proceeding
from shiheng.registers.contents import register_of, shown
from shiheng.registers.queries import of_subject as entries_of

OWN = {"title_": "title", "number_": "number", "officer_": "officer_name"}
"""What a bond may fill in from the earlier file's own columns."""
RECORD, UNSERVED = "办理记录", "文书，未登记送达"  # not shown: stands in a form
RESTRICTED = "限承办人员查看"  # not shown: stands in a form
BINDING = ("appeals", "rehandles", "about")
"""The kinds of link that bonds make."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A file another is bound to, as its page shows it."""

    kind: str
    file: Proceeding
    told: str


def lacking(procedure: Procedure, course: Course) -> list[Guard]:
    """What stands against opening a file of ``procedure`` from this one."""
    if procedure.bond is None:
        return []
    return [guard for guard in procedure.bond.guards if not guard.holds(course, course.facts)]


def offered(who: Who, found: Proceeding, course: Course) -> list[Procedure]:
    """The procedures of which a file can be opened from this one now, by this reader."""
    return [
        one
        for one in all_on(clock.today())
        if one.bond
        and one.bond.takes(found.procedure)
        and queries.may_open(who, one)
        and not lacking(one, course)
        and is_listed(one, found)
    ]


def is_listed(procedure: Procedure, found: Proceeding) -> bool:
    """Whether the business of a file stands in the register its bond names, where it names one."""
    if procedure.bond is None or not procedure.bond.listed:
        return True
    entries = entries_of(found.subject_id) if found.subject_id else []
    on_it = [entry for entry in entries if entry.register == procedure.bond.listed and not entry.ended]
    return any(entry.until is None or entry.until >= clock.today() for entry in on_it)


def ordered(joins: Sequence[Procedure], links: Sequence[Bound], course: Course) -> list[Procedure]:
    """Of what can be opened from a file, what it must be followed by and was not yet: ordered by whom it was appealed
    to, or wanted after a step that was taken."""
    there = {held.file.procedure for held in links}
    return [one for one in joins if one.bond and one.code not in there and _wanted(one.bond, course)]


def _wanted(bond: Bond, course: Course) -> bool:
    return bond.kind == "rehandles" or course.has(*bond.asked_after)


def earlier_of(who: Who, procedure: Procedure, number: int | None) -> Proceeding | None:
    """The file a new one is opened from. Raises ``Refused`` where it may not be, or where there must be one."""
    bond, words = procedure.bond, {"title": procedure.title}
    if number is None:
        if bond and bond.needed:
            raise Refused(
                "bond.needed", _("“%(title)s”须从它所围绕的案卷登记：打开那个案卷，在“就本案登记”中选。") % words
            )
        return None
    found = queries.find(who, number)
    if bond is None or not bond.takes(found.procedure):
        raise Refused("bond.kind", _("不能从这个案卷登记“%(title)s”。") % words)
    for guard in lacking(procedure, queries.course_of(found)):
        raise Refused(f"bond.{guard.code}", guard.why.rstrip("。") + (f"（{guard.basis}）。" if guard.basis else "。"))
    if not is_listed(procedure, found):
        words["register"] = register_of(bond.listed, on=clock.today()).title
        raise Refused("bond.listed", _("本案的主体不在“%(register)s”名录上，不能登记“%(title)s”。") % words)
    return found


def filled(procedure: Procedure, found: Proceeding) -> dict[str, Any]:
    """What the opening form takes over from the earlier file; nothing that is sealed."""
    bond = procedure.bond
    if bond is None:
        return {}
    told = queries.course_of(found).facts
    values: dict[str, Any] = {}
    for theirs, ours in bond.facts:
        value = getattr(found, OWN[theirs]) if theirs in OWN else told.get(theirs)
        if value and not (isinstance(value, str) and sealing.parse(value)):
            values.setdefault(ours, value)
    if bond.unit and (office := Office.objects.filter(path=found.scope).first()):
        values[bond.unit] = office.title
    parties = {row.kind: row for row in found.parties.filter(gone=False).select_related("subject").order_by("-number")}
    for theirs, ours in bond.parties:
        row = parties.get(theirs)
        if row and f"name_{ours}_" not in values:
            values[f"name_{ours}_"] = row.name
            if row.subject:
                values[f"subject_{ours}_"] = row.subject.uscc or str(row.subject.pk)
    return values


def contact(found: Proceeding, name: str) -> dict[str, str]:
    """How the earlier file reaches somebody of that name, to be sealed anew in the later one."""
    row = found.parties.filter(gone=False, name=name).order_by("number").first()
    return {fact: keyring.unsealed(row.facts[fact]) for fact in CONTACT if row and row.facts.get(fact)}


def bind(who: Who, procedure: Procedure, first: Proceeding, second: Proceeding) -> None:
    """Bind a file to the earlier one it was opened from, and to what that one was itself bound to."""
    if procedure.bond is None:
        return
    write(who, first, second, procedure.bond.kind)
    for link in Link.objects.filter(second=first, kind__in=procedure.bond.through).select_related("first"):
        write(who, link.first, second, procedure.bond.kind)


def write(who: Who, first: Proceeding, second: Proceeding, kind: str) -> None:
    """One link and its line in the ledger, once."""
    _row, made = Link.objects.get_or_create(first=first, second=second, kind=kind, defaults={"at": clock.now()})
    if made:
        ledger.record(
            "file.linked", subject=f"file:{first.pk}", who=who, scope=first.scope,
            facts={"first": first.number, "second": second.number, "kind": kind},
        )  # fmt: skip


def shown_to(who: Who, found: Proceeding) -> list[Bound]:
    """The files bound to this one, with what came of each where its reader may see it."""
    return [
        Bound(kind, other, _told(other) if who.may(May.READ_FILES, other.scope) else "")
        for kind, other in queries.links_of(found)
        if queries.may_know(who, other)
    ]


def _told(other: Proceeding) -> str:
    try:
        procedure = version_of(other.procedure, other.version)
    except Missing:
        return ""  # no longer declared
    info = procedure.told.get(procedure.tells) if procedure.tells else None
    return shown(info, other.facts.get(procedure.tells)) if info else ""


def earlier_files(found: Proceeding) -> list[Proceeding]:
    """The files this one is bound to, the oldest first."""
    links = Link.objects.filter(second=found, kind__in=BINDING).select_related("first")
    return [link.first for link in links.order_by("first__received_on", "first")]


def evidence(found: Proceeding) -> list[dict[str, Any]]:
    """What the files behind this one hold, by day: each step that was taken, each paper and each item of evidence,
    numbered for a list. An item only its handlers may see is named by its number."""
    rows: list[dict[str, Any]] = []
    for file in earlier_files(found):
        course = queries.course_of(file)
        for passage in course.live:
            step = course.procedure.step(passage.step)
            title = step.title if step else "登记" if passage.step == OPENING else passage.step  # not shown: in a form
            number = f"{file.number}-{passage.number}"
            rows.append({"title": title, "number": number, "day": passage.day, "from": RECORD})
        rows += map(_paper, Paper.objects.filter(proceeding=file).order_by("pk"))
        items = Evidence.objects.filter(proceeding=file, withdrawn_at=None).order_by("number")
        rows += [_item(file, item) for item in items]
    rows.sort(key=lambda row: row["day"])
    return [{"n": n, **row} for n, row in enumerate(rows, start=1)]


def _item(file: Proceeding, item: Evidence) -> dict[str, Any]:
    taken = item.taken_at.astimezone(clock.SHANGHAI).date()
    title = f"证据第{item.number}号" if item.confidential else item.title  # not shown: in a form
    told = RESTRICTED if item.confidential else "；".join(filter(None, (item.source, item.proves)))
    return {"title": title, "number": f"{file.number}-证{item.number}", "day": taken, "from": told}  # not shown: form


def _paper(paper: Paper) -> dict[str, Any]:
    made = paper.made_at.astimezone(clock.SHANGHAI).date()
    served = f"文书，{paper.served_on} {paper.served_how}送达" if paper.served_on else UNSERVED  # not shown: in a form
    return {"title": paper.title, "number": paper.number, "day": made, "from": served}


def numbers(files: Sequence[Proceeding]) -> str:
    return "、".join(file.number for file in files)
