"""Files as the rest of the house reads them: the desk of a territory, one file with its course."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow, narrow_in_order, within
from shiheng.accounts.models import Account, Post
from shiheng.accounts.permissions import POWERS, May, Role, Who
from shiheng.accounts.queries import in_force
from shiheng.kernel import registry
from shiheng.kernel.calendars import Calendar
from shiheng.kernel.errors import Missing
from shiheng.procedures.contents import version_of
from shiheng.procedures.course import Clock, Course, Hand, Party, Passage
from shiheng.procedures.definition import ENGINE, OPENING, Procedure, Step
from shiheng.procedures.models import Link, Proceeding
from shiheng.procedures.models import Party as PartyRow
from shiheng.procedures.models import Passage as Row
from shiheng.subjects.queries import family_of

OPEN = Q(ended__in=(False,))
"""The files that are not ended. Asked as ``ended=False``, SQLite is told NOT ended and reads no index for it: the first
page of two hundred thousand files then takes five hundred times as long."""
CITIZEN = "citizen"
"""Whoever a file is for, at the public's counter."""


def of_party(proceeding: int, number: int, title: str) -> Who:
    """Somebody who stands in a file, as who acts in it from outside."""
    return Who(key=f"party:{proceeding}:{number}", name=title, kind=CITIZEN)


def stands_in(who: Who, number: int) -> bool:
    """Whether it is somebody who stands in that very file."""
    return who.kind == CITIZEN and who.key.startswith(f"party:{number}:")


def visible_to(who: Who) -> "QuerySet[Proceeding]":
    """The files of the territory over which ``who`` may read files."""
    return narrow_in_order(Proceeding.objects.filter(open_to(who)), who, May.READ_FILES)


def _sealed() -> dict[str, tuple[Role, ...]]:
    """The procedures whose files are for their handler alone, with the posts that see them beside him."""
    return {one.code: one.sealed_to for one in registry.all_of(ENGINE) if one.sealed_to}


def open_to(who: Who) -> Q:
    """What is left of all files when those that are for their handlers alone are others'."""
    sealed = _sealed()
    if not sealed or who.kind == "system":
        return Q()
    theirs = Q(procedure__in=sealed)
    own = Q(officer_id=who.account_id) if who.account_id else Q(pk__in=())
    for code, roles in sealed.items():
        paths = tuple(grant.path for grant in who.grants if grant.role in roles)
        own |= Q(procedure=code) & within(paths) if paths else Q(pk__in=())
    return ~theirs | own


def may_know(who: Who, found: Proceeding) -> bool:
    """Whether a file exists for a reader at all, as far as it is not for its handler alone."""
    roles = _sealed().get(found.procedure)
    if not roles or who.kind == "system" or (who.account_id and found.officer_id == who.account_id):
        return True
    return any(grant.role in roles and found.scope.startswith(grant.path) for grant in who.grants)


def mine(who: Who) -> "QuerySet[Proceeding]":
    """The files ``who`` is to handle."""
    return Proceeding.objects.filter(OPEN, officer_id=who.account_id)


def find(who: Who, number: int) -> Proceeding:
    """One file, or ``Missing``: another territory's is not told apart from none."""
    held = Proceeding.objects.select_related("subject").filter(open_to(who))
    found = (held if stands_in(who, number) else narrow(held, who, May.READ_FILES)).filter(pk=number).first()
    if found is None:
        raise Missing("file.unknown", _("没有这个案卷，或它不在您的管辖范围内。"))
    return found


def course_of(
    proceeding: Proceeding, rows: "list[Row] | None" = None, standing: "list[PartyRow] | None" = None
) -> Course:
    """The course of a file, read from its passages, and from those who stand in it."""
    procedure = version_of(proceeding.procedure, proceeding.version)
    held = rows if rows is not None else passages_of(proceeding)
    there = standing if standing is not None else proceeding.parties.order_by("number")
    parties = tuple(Party(row.number, row.kind, row.added) for row in there)
    apart = any(step.apart_from_bound for step in procedure.steps)
    return Course(procedure, tuple(map(passage_of, held)), parties, hands_in(proceeding) if apart else ())


def courses_of(rows: "Sequence[Proceeding]") -> dict[int, Course]:
    """The courses of several files, each read from its passages; asked for all at once."""
    passages: dict[int, list[Row]] = {row.pk: [] for row in rows}
    parties: dict[int, list[Party]] = {row.pk: [] for row in rows}
    for said in Row.objects.filter(proceeding__in=rows).order_by("proceeding", "number"):
        passages[said.proceeding_id].append(said)
    for one in PartyRow.objects.filter(proceeding__in=rows).order_by("proceeding", "number"):
        parties[one.proceeding_id].append(Party(one.number, one.kind, one.added))
    return {
        row.pk: Course(
            version_of(row.procedure, row.version), tuple(map(passage_of, passages[row.pk])), tuple(parties[row.pk])
        )
        for row in rows
    }


def hands_in(proceeding: Proceeding) -> tuple[Hand, ...]:
    """Who took a step in the files this one is bound to."""
    rows = Row.objects.filter(proceeding__links_out__second=proceeding, voided_at=None).exclude(step=OPENING)
    held = rows.order_by("pk").values_list("actor", "officers", "proceeding__procedure", "proceeding__number")
    hands = (Hand(one, code, number) for actor, officers, code, number in held for one in (actor, *officers))
    return tuple(dict.fromkeys(hands))


def passages_of(proceeding: Proceeding) -> list[Row]:
    """What was done in a file, in the order it was entered."""
    return list(Row.objects.filter(proceeding=proceeding).order_by("number"))


def passage_of(row: Row) -> Passage:
    """A stored passage as the pure course reads it."""
    return Passage(
        row.number, row.step, row.day, row.at, row.actor, tuple(row.officers), row.facts, row.party,
        void=row.voided_at is not None,
    )  # fmt: skip


def may_take(who: Who, step: Step, scope: str) -> bool:
    """Whether the post of ``who`` takes such a step over a territory."""
    if who.kind in {"system", CITIZEN}:
        return who.kind == "system" or step.by_public
    return not step.by_house and any(
        May.HANDLE_FILES in grant.powers and grant.role in step.by and scope.startswith(grant.path)
        for grant in who.grants
    )


def may_open(who: Who, procedure: Procedure, scope: str | None = None) -> bool:
    """Whether ``who`` opens files of a procedure, at all or in one territory."""
    if who.kind in {"system", CITIZEN}:
        return who.kind == "system" or procedure.public is not None or procedure.by_owner
    return any(
        May.HANDLE_FILES in grant.powers
        and grant.role in procedure.opened_by
        and (scope is None or scope.startswith(grant.path))
        for grant in who.grants
    )


def may_assign(who: Who, scope: str) -> bool:
    """Whether ``who`` says who handles the files of a territory."""
    return who.may(May.ASSIGN_FILES, scope)


def officers_at(scope: str) -> "QuerySet[Account]":
    """Who may be given the files of a territory: those whose post there or at an office above it handles files."""
    steps = scope.rstrip(".").split(".")
    above = [".".join(steps[:n]) + "." for n in range(1, len(steps) + 1)]
    roles = [role for role, powers in POWERS.items() if May.HANDLE_FILES in powers]
    posts = in_force(Post.objects.filter(office__path__in=above, role__in=roles)).values("account")
    return Account.objects.filter(pk__in=posts, kind="officer", disabled_at=None).order_by("name")


def officer_keys(scope: str) -> set[str]:
    """The same, as passages name them."""
    return {f"account:{pk}" for pk in officers_at(scope).values_list("pk", flat=True)}


def of_subject(subject_id: int) -> "QuerySet[Proceeding]":
    """The files of a business, also those opened under a number that was merged into it."""
    return Proceeding.objects.filter(subject__in=family_of(subject_id)).order_by("-received_on", "-pk")


def links_of(proceeding: Proceeding) -> list[tuple[str, Proceeding]]:
    """The files one is bound to, with what binds them."""
    found = [(link.get_kind_display(), link.second) for link in
             Link.objects.filter(first=proceeding).select_related("second")]  # fmt: skip
    found += [(str(_("来自")), link.first) for link in
              Link.objects.filter(second=proceeding).select_related("first")]  # fmt: skip
    return found


def clock_columns(clock: Clock) -> dict[str, Any]:
    """A reckoned clock as its row keeps it."""
    receipt = clock.receipt
    moment = receipt.due
    return {
        "limit": clock.limit.code,
        "party": clock.party or 0,
        "started_on": clock.started.day,
        "due": receipt.due_day,
        "due_at": moment if hasattr(moment, "hour") else None,
        "met_on": clock.met.day if clock.met else None,
        "of_party": clock.limit.of_party,
        "provisional": receipt.provisional,
        "running": clock.running,
        "receipt": receipt.to_dict(),
    }


def clocks_of(course: Course, calendar: Calendar) -> tuple[Clock, ...]:
    """Every clock of a file as it stands."""
    return course.clocks(calendar)
