"""法人追寻: every subject of one person, for a stated purpose and matter and on record; how two subjects hang together.

Persons are one where an identity number proves it. Who only has the same name stands in a pool of its own
(同名未核实) and is joined to nobody. What is concluded from a shared telephone is a suspicion (疑似). Nothing is
concluded of a number left at many doors (an agent's, a hosting company's), of one that nobody left as their own (a
bookkeeper's, called for several clients), and of one that keepers of one family name left for a shop each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.kernel.identifiers import normalise, resident_id_fault
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.subjects import crowds, persons
from shiheng.subjects.models import Person, Relation, Subject, Trace

kinds.declare(person_traced="追寻人员", person_sought="按姓名查找人员")

# How long what was found stays open to whoever asked, before the purpose must be stated anew.
OPEN_FOR = timedelta(days=1)
LEAST_MATTER, LEAST_REASON = 4, 5
NAMESAKES_SHOWN, OFFERED = 50, 20
# How many steps from subject to subject a path may have, how far each may fan out, and how many a person may have.
STEPS, WIDEST = 4, 2_000
# Positions for which the number of somebody else is left: whoever keeps the books, whoever hands the papers in.
CALLED = ("liaison", "agent")


@dataclass(frozen=True, slots=True)
class Offered:
    """A person one may have meant: known by an identity number or within one subject only."""

    pk: int
    name: str
    verified: bool
    subjects: int
    where: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """Another person who left the same telephone: at which subject, in which positions, and at whose of the first."""

    person: Person
    subject: Subject
    positions: tuple[Relation, ...]
    shared_at: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What one tracing found as of a day.

    ``shared`` are (how many subjects, the threshold) of telephones left at too many to mean anything; ``called`` how
    many subjects each number stands with that nobody left as their own; ``kin`` at how many shops of others of the
    family name the number of the person's shop was left; ``limits`` the thresholds of the areas the person's subjects
    are in.
    """

    person: Person
    names: list[str]
    positions: list[Relation]
    suspects: list[Suspect]
    shared: list[tuple[int, int]]
    called: list[int]
    kin: int
    namesakes: int
    limits: list[int]

    @property
    def subjects(self) -> int:
        return len({relation.subject_id for relation in self.positions})


@dataclass(frozen=True, slots=True)
class Step:
    """From a subject by a person's two positions to the next subject."""

    near: Relation
    far: Relation


def offered(name: str, number: str) -> list[Offered]:
    """Whom a name, or an identity number, may mean. A number is decisive; by a name one has to choose.

    Raises ``Refused`` for a number that cannot be one, and where neither is given.
    """
    code = normalise(number)
    if code and (fault := resident_id_fault(code)):
        raise Refused("trace.number", _("证件号码有误：%(fault)s。") % {"fault": fault}, field="number")
    if code:
        found = Person.objects.filter(key=persons.key_of(code))
    elif name.strip():
        held = Relation.objects.filter(named=name.strip()).values("person_id")
        found = Person.objects.filter(Q(name=name.strip()) | Q(pk__in=held))
    else:
        raise Refused("trace.name", _("请填写姓名或证件号码。"), field="name")
    counted = found.annotate(n=Count("relations__subject", distinct=True)).filter(n__gt=0)
    rows = list(counted.order_by("-verified", "-n", "pk")[:OFFERED])
    places = dict(
        Relation.objects.filter(person__in=rows).order_by("pk").values_list("person_id", "subject__name").distinct()
    )
    return [Offered(row.pk, row.name, row.verified, row.n, places.get(row.pk, "")) for row in rows]


def ask(who: Who, person: int, *, purpose: str, matter: str, reason: str, key: UUID | None = None) -> Trace:
    """Trace a person; what for and under which matter goes on record before anything is shown.

    Raises ``Forbidden`` without the power, ``Missing`` for nobody, ``Refused`` where purpose, matter or reason lack.
    """
    matter, reason = _checked(who, purpose, matter, reason)
    held = Person.objects.filter(pk=person).first()
    if held is None:
        raise Missing("trace.person", _("没有这个人员。"))

    def do() -> dict[str, int]:
        found = find(held)
        made = Trace.objects.create(
            person=held, purpose=purpose, matter=matter, reason=reason, scope=_scope(who), account_id=who.account_id,
            asked_by=who.name, asked_at=clock.now(), subjects=found.subjects, unverified=found.namesakes,
        )  # fmt: skip
        ledger.record(
            "person.traced", subject=f"person:{held.pk}", who=who, scope=_scope(who),
            facts={"trace": made.pk, "purpose": Trace.PURPOSES[purpose], "matter": matter, "reason": reason,
                   "subjects": found.subjects},
        )  # fmt: skip
        return {"trace": made.pk}

    payload = {"person": person, "purpose": purpose, "matter": matter, "reason": reason}
    result, _fresh = once(who, key=key, action="subjects.trace_person", payload=payload, do=do)
    return Trace.objects.get(pk=result["trace"])


def sought(who: Who, among: int, *, purpose: str, matter: str, reason: str) -> None:
    """That persons of one name are shown to choose from; the name itself is not put on record.

    Raises ``Forbidden`` without the power, ``Refused`` where purpose, matter or reason lack.
    """
    matter, reason = _checked(who, purpose, matter, reason)
    ledger.record(
        "person.sought", subject=f"account:{who.account_id}", who=who, scope=_scope(who),
        facts={"purpose": Trace.PURPOSES[purpose], "matter": matter, "reason": reason, "persons": among},
    )  # fmt: skip


def _checked(who: Who, purpose: str, matter: str, reason: str) -> tuple[str, str]:
    """The matter and the reason as they go on record."""
    matter, reason = matter.strip(), " ".join(reason.split())
    if not who.may(May.TRACE_PERSONS):
        raise Forbidden("trace.power", _("您的岗位没有追寻人员的权限。"))
    if purpose not in Trace.PURPOSES:
        raise Refused("trace.purpose", _("请选择追寻的目的。"), field="purpose")
    if len(matter) < LEAST_MATTER:
        raise Refused("trace.matter", _("请写明事项编号，例如案号、投诉编号，至少四个字。"), field="matter")
    if len(reason) < LEAST_REASON:
        raise Refused("trace.reason", _("请写明具体事由，至少五个字。"), field="reason")
    return matter, reason


def _scope(who: Who) -> str:
    return min(who.paths(May.TRACE_PERSONS), key=len, default="")


def opened(who: Who, number: int) -> Trace:
    """What was asked, to whoever asked it and for a day; then the purpose has to be stated anew."""
    own = Trace.objects.filter(account_id=who.account_id or 0)
    made = own.select_related("person").filter(pk=number).first() if who.may(May.TRACE_PERSONS) else None
    if made is None:
        raise Missing("trace.unknown", _("没有这次追寻，或它不是您查的。"))
    if made.asked_at + OPEN_FOR < clock.now():
        raise Conflict("trace.closed", _("这次追寻的结果已过一天，不再显示。如仍需要，请重新填写目的和事由。"))
    return made


def find(person: Person, *, on: date | None = None) -> Found:
    """Everything of a person, as of a day (now when none is given)."""
    own = list(_on(Relation.objects.filter(person=person), on).select_related("subject", "person"))
    own.sort(key=lambda r: (not r.current, r.subject.name, r.role, r.pk))
    names = list(dict.fromkeys(r.named or person.name for r in own)) or [person.name]
    suspects, shared, called, kin = _by_telephone(person, own, on)
    # Who is known within one subject only has, by that, no other; everybody else of the name is a namesake.
    namesakes = _namesakes(person, names).values("person_id").distinct().count()
    areas = {relation.subject.scope for relation in own}
    limits = sorted({crowds.limit(crowds.TELEPHONE, scope) for scope in areas or {""}})
    return Found(person, names, own, suspects, shared, called, kin, namesakes, limits)


def namesakes(person: Person, names: Iterable[str]) -> list[Relation]:
    """同名未核实: positions of others of the same name, told and joined to nobody."""
    rows = _namesakes(person, names).select_related("subject", "person").order_by("subject__name", "pk")
    return list(rows[:NAMESAKES_SHOWN])


def _namesakes(person: Person, names: Iterable[str]) -> QuerySet[Relation]:
    return Relation.objects.filter(person__name__in=list(names)).exclude(person=person)


def _on(rows: QuerySet[Relation], day: date | None) -> QuerySet[Relation]:
    standing = rows.filter(subject__redirect_to=None)
    if day is None:
        return standing
    begun = Q(first_day__lte=day) | Q(first_day=None)
    return standing.filter(begun, Q(last_day__gt=day) | Q(last_day=None))


def _by_telephone(
    person: Person, own: Sequence[Relation], on: date | None
) -> tuple[list[Suspect], list[tuple[int, int]], list[int], int]:
    left: dict[str, list[Subject]] = {}
    shops: dict[str, set[str]] = {}
    for relation in own:
        if relation.contact:
            left.setdefault(relation.contact, []).append(relation.subject)
            shops.setdefault(relation.contact, set()).add(_shop(relation))
    at_all = Relation.objects.filter(contact__in=list(left)).values("contact")
    doors = dict(at_all.annotate(n=Count("subject", distinct=True)).values_list("contact", "n"))
    # Left in several areas, a number is an agent's as soon as one of them takes it for that.
    limits = {c: min(crowds.limit(crowds.TELEPHONE, s.scope) for s in subjects) for c, subjects in left.items()}
    few = [contact for contact in left if doors.get(contact, 0) < limits[contact]]
    owned = set(at_all.filter(contact__in=few).exclude(role__in=CALLED).values_list("contact", flat=True))
    telling = [contact for contact in few if contact in owned]
    called = sorted(doors[contact] for contact in few if contact not in owned and doors[contact] > 1)
    others = _on(Relation.objects.filter(contact__in=telling), on).exclude(person=person)
    seats: dict[tuple[int, int], list[Relation]] = {}
    kin: set[int] = set()
    for relation in others.select_related("subject", "person").order_by("subject__name", "pk"):
        if _shop(relation) and shops[relation.contact] == {_shop(relation)}:
            kin.add(relation.subject_id)
        elif relation.person_id is not None:
            seats.setdefault((relation.subject_id, relation.person_id), []).append(relation)
    found = [
        Suspect(
            rows[0].person, rows[0].subject, tuple(rows), tuple(dict.fromkeys(s for r in rows for s in left[r.contact]))
        )
        for rows in seats.values()
        if rows[0].person is not None
    ]
    return found, sorted((n, limits[c]) for c, n in doors.items() if n >= limits[c]), called, len(kin)


def _shop(relation: Relation) -> str:
    """The family name of the keeper of an individual's shop (of a double one the half); empty of any other position."""
    keeper = relation.role == "representative" and relation.subject.kind == "individual"
    return relation.named[:1] if keeper else ""


def between(starts: Iterable[int], goal: int, *, on: date | None = None) -> list[Step]:
    """The shortest way from any of some subjects to another by persons proved to be one; empty where there is none.

    By positions held on that day (now when none is given). Persons at very many doors (agents) are no way. Three
    queries a step, four steps at the most.
    """
    came: dict[int, Step] = {}
    edge = list(starts)
    seen = set(edge)
    held = Relation.objects.filter(person__verified=True)
    proved = _on(held.filter(current=True) if on is None else held, on)
    for _unused in range(STEPS):
        if goal in seen or not edge:
            break
        near = list(proved.filter(subject_id__in=edge).select_related("subject", "person").order_by("pk")[:WIDEST])
        by = {r.person_id: r for r in reversed(near)}
        counted = Person.objects.filter(pk__in=list(by)).annotate(n=Count("relations__subject", distinct=True))
        doors = counted.filter(n__gt=1).values_list("pk", "n")
        ways = [pk for pk, n in doors if n < crowds.limit(crowds.PERSON, by[pk].subject.scope)]
        far = proved.filter(person_id__in=ways).exclude(subject_id__in=seen)
        edge = []
        for relation in far.select_related("subject", "person").order_by(F("pk"))[:WIDEST]:
            if relation.subject_id not in seen:
                seen.add(relation.subject_id)
                edge.append(relation.subject_id)
                came[relation.subject_id] = Step(by[relation.person_id], relation)
    steps: list[Step] = []
    at = goal
    while at in came:
        steps.append(came[at])
        at = came[at].near.subject_id
    return steps[::-1]
