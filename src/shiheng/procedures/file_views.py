"""One file: where it stands, its clocks and how they were reckoned, what may be done and why not; taking a step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.models import Account
from shiheng.accounts.permissions import ROLE_TITLES, May, Who
from shiheng.kernel import clock
from shiheng.kernel.calendars import Calendar
from shiheng.kernel.errors import Missing, Problem
from shiheng.ledger import keyring
from shiheng.procedures import actions, bonds, competence, formbook, holding, queries, served, tables
from shiheng.procedures.approvals import actions as laying
from shiheng.procedures.approvals import queries as approvals
from shiheng.procedures.contents import CONTACT, Nothing, contents_of, pointing
from shiheng.procedures.course import Clock, Course, Objection
from shiheng.procedures.definition import LACKING, OPENING, Figure, Limit, Step, Told
from shiheng.procedures.duty import actions as duty
from shiheng.procedures.duty.queries import handings_of
from shiheng.procedures.evidence import carrying
from shiheng.procedures.evidence import queries as evidence
from shiheng.procedures.evidence.views import line_of, measured
from shiheng.procedures.exchange import beside
from shiheng.procedures.flowing import queries as flowing
from shiheng.procedures.history import Earlier, earlier
from shiheng.procedures.joining import takes_many
from shiheng.procedures.models import Address, Correction, Flowed, Link, Party, Passage, Proceeding
from shiheng.procedures.moves.queries import calendar
from shiheng.procedures.rules import Catalogue
from shiheng.procedures.triage.declared import letter_of
from shiheng.registers.contents import choices_in, lines_of, version_of
from shiheng.registers.definition import Register, State
from shiheng.ui import formats, forms, slots
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.wording import say

FEW = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """A step, of one party where it is a party's, and whether it may be taken now: its address, or why not."""

    step: Step
    href: str
    objections: Sequence[Objection] = ()
    party: str = ""
    asks: bool = False  # laid up to those who take it


@dataclass(frozen=True, slots=True)
class Running:
    """A clock as the page shows it."""

    limit: Limit
    clock: Clock
    words: tuple[str, str]

    @property
    def days(self) -> SafeString:
        """Every day of the count as a list; a template takes long over two months of days."""
        lines = []
        for one in self.clock.receipt.days:
            place = f" <b>{one.number}</b>" if one.number else f" {escape(say(one.day.name))}" if one.day.name else ""
            lines.append(f'<li class="day-{one.role}">{one.day.day:%m-%d}{place}</li>')
        return SafeString("".join(lines))


@dataclass(frozen=True, slots=True)
class Line:
    """One passage of the timeline."""

    passage: Passage
    title: str
    told: list[tuple[str, str]]
    may_void: bool
    served: bool = False
    corrections: Sequence[tuple[Correction, list[tuple[str, str]]]] = ()
    party: str = ""
    beside: Sequence[str] = ()
    drafts: bool = False  # it was taken before, and the two can be read side by side


@dataclass(frozen=True, slots=True)
class Stander:
    """One party as the reader may see it."""

    title: str
    name: str
    contact: list[tuple[str, str]]
    href: str
    number: int
    confirmed: Address | None
    identity: str = ""  # where its handler reads who a sealed one is
    unknown: int = 0


@needs(May.READ_FILES)
@require_safe
@never_cache
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The dossier: facts, parties, clocks with receipts, what was done, what may be done now and why not."""
    who, today = who_at(request), clock.today()
    found = queries.find(who, number)
    rows, parties, held = queries.passages_of(found), list(found.parties.order_by("number")), holding.of(found.pk)
    course = queries.course_of(found, rows, parties)
    held_calendar = calendar()  # asked once: it looks each time whether another was loaded
    names = {row.number: row.name for row in parties}
    offers = _offers(who, found, course, held_calendar, names)
    links = bonds.shown_to(who, found) if Link in held else []
    joins = bonds.offered(who, found, course)
    clocks = [Running(one.limit, one, _words(one, today)) for one in course.clocks(held_calendar)]
    proofs = _evidence(who, found, course, held)
    context = {
        "file": found,
        "procedure": course.procedure,
        "state": course.procedure.state(course.state),
        "urgency": tables.urgency(found),
        "lines": lines_of(contents_of(course.procedure, OPENING), _opening_facts(course)),
        "parties": _standers(who, found, course, parties, holding.rows(held, found.addresses.order_by("number"))),
        "clocks": [one for one in clocks if one.clock.running],
        "met": [one for one in clocks if not one.clock.running],
        "drafts": _drafts(course, clocks, today),
        "open": _leading(offers),
        "more": [offer for offer in offers if not offer.objections and offer not in _leading(offers)],
        "figures": _figures(found, course, today, held_calendar, names, proofs["missing"]),
        "shut": [offer for offer in offers if offer.objections],
        "timeline": _timeline(who, found, course, rows, names, holding.rows(held, _corrections(found))),
        "approvals": [
            (row, say(step.title) if (step := course.procedure.step(row.step)) else row.step)
            for row in holding.rows(held, approvals.of_file(found.pk))
        ],
        "links": [(one, tables.state_of(one.file)) for one in links],
        "joins": joins,
        "ordered": bonds.ordered(joins, links, course),
        "kept": _kept(holding.rows(held, flowing.entries_of(found.pk))),
        **proofs,
        "letter": letter_of(found.procedure) is not None,
        **beside.about(who, found, held),
        "papers": holding.rows(held, found.papers.order_by("-pk")),
        "panels": slots.fragments("file.panels", who, found),
        "untold": served.untold(found, course),
        "today": today,
        "handles": who.may(May.HANDLE_FILES, found.scope),
        "offered": paper_offers(found, course, today, names) if who.may(May.HANDLE_FILES, found.scope) else [],
        "paper_key": uuid4(),
        "handings": holding.rows(held, handings_of(found)),
        "assigns": queries.may_assign(who, found.scope) and not found.ended,
    }
    return render(request, "procedures/file.html", context)


def _kept(entries: Iterable[Flowed]) -> list[tuple[Register, Flowed, State]]:
    """The entries of registers this file keeps, with how each stands."""
    rows = ((version_of(row.register, row.entry.version), row) for row in entries)
    return [(register, row, register.state(row.entry.state)) for register, row in rows]


def _evidence(who: Who, found: Proceeding, course: Course, held: holding.Held) -> dict[str, Any]:
    rows = holding.rows(held, evidence.of_file(found).select_related("proceeding"))
    carried = holding.rows(held, carrying.of_file(found))
    about = evidence.alleged(found, course, holding.rows(held, evidence.put_down(found)))
    return {
        **measured(found, course, rows, carried, about),
        "evidence": [line_of(who, row) for row in rows],
        "carried": [carrying.line_of(who, row) for row in carried],
        "adds": evidence.may_handle(who, found) and not found.ended,
    }


def paper_offers(
    found: Proceeding, course: Course, today: date, names: Mapping[int, str] | None = None
) -> list[tuple[str, str, str]]:  # fmt: skip
    """The papers that may be made now: how the form is named, its title, and about whom."""
    if names is None:
        names = {row.number: row.name for row in found.parties.all()}
    return [
        (f"{form.code}:{party or ''}", form.title, names.get(party or 0, ""))
        for form in formbook.offered(course, today)
        for party in formbook.parties_for(form, course)
    ]


def _opening_facts(course: Course) -> dict[str, Any]:
    return dict(course.opened.facts) if course.opened else {}


def _offers(
    who: Who, found: Proceeding, course: Course, held: Calendar, names: Mapping[int, str]
) -> list[Offer]:  # fmt: skip
    """Every step of the procedure that belongs to where the file stands, taken or not."""
    offers = []
    handles = who.may(May.HANDLE_FILES, found.scope)
    chains = approvals.chains_of(course.procedure)
    for step in course.procedure.steps_from(course.state):
        if step.by_house:
            continue
        chain = chains[step.code]
        takes = queries.may_take(who, step, found.scope) and not chain.must
        asks = not takes and handles and bool(chain.roles)
        told = [] if takes or asks else [Objection("post", str(_("由其他岗位办理。")))]
        told += competence.against(found, course, step, clock.today())
        href = f"{reverse('file-take', args=[found.pk, step.code])}?turn={found.turn}"
        if not step.of_party:
            offers.append(Offer(step, href, [*_known(course, step, who, held, asks=asks), *told], asks=asks))
            continue
        several = course.of_kind(step.of_party)
        each = [(party, [*_known(course, step, who, held, party, asks=asks), *told]) for party in several]
        ready = [(party, why) for party, why in each if not why]
        for party, why in ready or each[:1]:
            named = names.get(party, "") if len(several) > 1 else ""
            offers.append(Offer(step, f"{href}&party={party}", why, named, asks))
    return offers


def _leading(offers: Sequence[Offer]) -> list[Offer]:
    """The open steps shown as buttons: all where they are few, else the first of those that bring the file on."""
    open_ = [offer for offer in offers if not offer.objections]
    moving = sorted(open_, key=lambda offer: not (offer.step.to or offer.step.party_to))
    return moving if len(open_) <= FEW else moving[: FEW - 1]


def _figures(
    found: Proceeding, course: Course, today: date, held: Calendar, names: Mapping[int, str], missing: Sequence[Any]
) -> list[tuple[Figure, list[tuple[str, str, str]]]]:
    """What the procedure reckons of the file: title, words and colour of each line."""
    if not course.procedure.figures:
        return []
    given = {"day_": today, "calendar_": held, "rules_": Catalogue(), "party_": None,
             LACKING: missing, "earlier_": _earlier(found, course)}  # fmt: skip
    shown = (
        (figure, [_told(line) for line in figure.lines(course, given, names)]) for figure in course.procedure.figures
    )
    return [(figure, lines) for figure, lines in shown if lines]


def _earlier(found: Proceeding, course: Course) -> list[Earlier] | None:
    """Earlier dealings with the business of a file; nothing where it names none or its procedure asks for none."""
    if not course.procedure.history or found.subject_id is None:
        return None
    steps = {code: step.title for code in course.procedure.history if (step := course.procedure.step(code))}
    return earlier(found, found.procedure, steps)


def _told(line: Told) -> tuple[str, str, str]:
    title = str(say(line.title)) + (f"（{line.of}）" if line.of else "")
    if isinstance(line.value, tuple):
        low, high = (formats.money_text(value) for value in line.value)
        return title, str(_("%(low)s 至 %(high)s") % {"low": low, "high": high}), line.tone
    return title, formats.money_text(line.value) if isinstance(line.value, int) else str(say(line.value)), line.tone


def _known(
    course: Course, step: Step, who: Who, held: Calendar, party: int | None = None, *, asks: bool = False
) -> list[Objection]:
    """What stands against a step whatever is told with it; laid up, it is another who takes it."""
    told = course.objections(step, actor="" if asks else who.key, party=party, day=clock.today(), calendar=held)
    return [one for one in told if one.guard is None or one.guard.of_file]


def _words(held: Clock, today: date) -> tuple[str, str]:
    if held.met is not None:
        late = held.late(today)
        return (str(_("办成时超期 %(days)s 日") % {"days": late}), "late") if late else (str(_("按期办成")), "done")
    if held.waiting:
        return str(_("暂停计算")), "wait"
    return tables.left_words(held.receipt.due_day, today)


def _drafts(course: Course, clocks: Sequence[Running], today: date) -> list[Step]:
    """The steps laid before an officer because their clock has run out: a clock itself decides nothing."""
    found = []
    for held in clocks:
        left = held.clock.left(today)
        step = course.procedure.step(held.limit.drafts) if held.limit.drafts else None
        if step is not None and left is not None and left < 0:
            found.append(step)
    return found


def _standers(
    who: Who, found: Proceeding, course: Course, parties: Iterable[Party], addresses: Iterable[Address]
) -> list[Stander]:
    """Who stands in the file: contact is masked; of whoever reported, only those who handle the file read the name."""
    shown = []
    confirmed = {row.party: row for row in addresses}
    rows = [row for row in parties if not row.gone]
    kinds = {kind.code for kind in course.procedure.parties if kind.file}
    named = [row.name for row in rows if row.kind in kinds]
    files = dict(queries.visible_to(who).filter(number__in=named).values_list("number", "pk")) if named else {}
    for row in rows:
        kind = course.procedure.party(row.kind)
        hidden = bool(kind and kind.hidden) and not who.may(May.HANDLE_FILES, found.scope)
        own = who.account_id is not None and who.account_id == found.officer_id
        sealed = bool(kind and kind.sealed)
        contact = [
            (title, keyring.shown(row.facts[fact])) for fact, (title, _m) in CONTACT.items() if fact in row.facts
        ]
        title = str(say(kind.title)) if kind else row.kind
        if row.state and kind:
            title = f"{title}（{say(kind.state(row.state).title)}）"
        shown.append(
            Stander(
                title, str(_("（保密）")) if hidden else row.name, [] if hidden or sealed else contact,
                _leads_to(row, files),
                0 if sealed or (kind and kind.later) else row.number, confirmed.get(row.number),
                reverse("file-identity", args=[found.pk, row.number]) if sealed and own else "",
                row.number if kind and kind.subject else 0,
            )
        )  # fmt: skip
    return shown


def _leads_to(row: Party, files: Mapping[str, int]) -> str:
    """Where the name of a party leads: to the business, or to the file it is."""
    if row.subject_id:
        return reverse("subject", args=[row.subject_id])
    return reverse("file", args=[files[row.name]]) if row.name in files else ""


def _corrections(found: Proceeding) -> "QuerySet[Correction]":
    return Correction.objects.filter(proceeding=found).select_related("passage", "paper").order_by("id")


def _timeline(
    who: Who, found: Proceeding, course: Course, rows: Sequence[Passage], called: Mapping[int, str],
    corrections: Iterable[Correction],
) -> list[Line]:  # fmt: skip
    """What was done, the latest first: who was there beside, and for which party where there are several."""
    there = {int(key.partition(":")[2]) for row in rows for key in row.officers if key.startswith("account:")}
    people = Account.objects.filter(pk__in=there).values_list("pk", "name") if there else ()
    names = {f"account:{pk}": name for pk, name in people}
    parties = called if len(course.standing) > 1 else {}
    again = {
        one.number
        for passages in (course.taken(step.code) for step in course.procedure.steps if step.to and not step.party_kind)
        for one in passages[1:]
    }
    corrected: dict[int, list[tuple[Correction, list[tuple[str, str]]]]] = {}
    for held in corrections:
        before = lines_of(contents_of(course.procedure, held.passage.step), held.facts)
        now = dict(lines_of(contents_of(course.procedure, held.passage.step), held.passage.facts))
        differs = [(name, words) for name, words in before if words != now.get(name)]
        corrected.setdefault(held.passage_id, []).append((held, differs))
    return [
        replace(
            _line(who, found, course, row), party=parties.get(row.party or 0, ""),
            beside=[names.get(key, key) for key in row.officers], corrections=corrected.get(row.pk, ()),
            drafts=row.number in again,
        )
        for row in reversed(rows)
    ]  # fmt: skip


def _line(who: Who, found: Proceeding, course: Course, row: Passage) -> Line:
    step = course.procedure.step(row.step)
    title = str(say(step.title)) if step else str(_("登记"))
    told = [] if row.step == OPENING else lines_of(contents_of(course.procedure, row.step), row.facts)
    may_void = row.voided_at is None and row.actor != who.key and who.may(May.HANDLE_FILES, found.scope)
    return Line(
        row, title, [(name, words) for name, words in told if words], may_void,
        served=bool(course.served_since(row.number)),
    )  # fmt: skip


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take(request: HttpRequest, number: int, step: str) -> HttpResponseBase:
    """Take one step: its own form, on which day it happened, who was there."""
    who = who_at(request)
    found = queries.find(who, number)
    course = queries.course_of(found)
    held = course.procedure.step(step)
    if held is None:
        raise Missing("step.unknown", _("这个程序没有这个环节。"))
    party = _number(request.POST.get("party_") or request.GET.get("party"))
    chain = approvals.chain_of(course.procedure, held)
    asks = bool(chain.roles) and (chain.must or not queries.may_take(who, held, found.scope))
    blocking = _known(course, held, who, calendar(), party, asks=asks)
    blocking += competence.against(found, course, held, clock.today())
    form = _step_form(who, found, course, held, party, _told_before(request, held))
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        facts = {n: values[n] for n in (held.facts or Nothing).model_fields if values.get(n) is not None}
        other = str(values.get("officers_") or "").split()
        how: dict[str, Any] = {
            "officers": other, "party": _number(values.get("party_")), "reason": str(values.get("reason_") or ""),
            "key": UUID(str(form.key)),
        }  # fmt: skip
        try:
            if asks:
                laying.ask(who, number, step, facts, **how)
            else:
                actions.take(who, number, step, facts, day=values.get("day_"), turn=_turn(request), **how)
        except Problem as problem:
            form.refuse(pointing(problem))
        else:
            told = _("已呈批：%(step)s。") if asks else _("已办理：%(step)s。")
            messages.success(request, told % {"step": say(held.title)})
            return redirect("file", number)
    decides = held.served or (bool(held.to) and course.procedure.state(held.to).ended)
    context = {"file": found, "step": held, "form": form, "objections": blocking, "procedure": course.procedure,
               "many": takes_many(held), "guards": held.guards, "asks": asks,
               "power": competence.of(found, course, clock.today()) if held.by_power else None,
               "chain": [ROLE_TITLES[role] for role in chain.roles],
               "lacking": evidence.missing_in(found, course) if decides else []}  # fmt: skip
    return render(request, "procedures/take.html", context, status=form.status)


def _told_before(request: HttpRequest, step: Step) -> dict[str, Any]:
    """What an address fills into a step's form: its own facts only, and only to be looked at and sent by a person."""
    names = (step.facts or Nothing).model_fields
    return {name: text[:200] for name, text in request.GET.items() if name in names and text}


def _step_form(
    who: Who, found: Proceeding, course: Course, step: Step, party: int | None, told: Mapping[str, Any]
) -> Form[Any]:
    extra: dict[str, Any] = {}
    choices: dict[str, list[tuple[str, str]]] = dict(choices_in(step.facts or Nothing, course.facts))
    if step.of_party:
        extra["party_"] = (str, Field(title="为哪一方办理"))
        rows = found.parties.filter(kind=step.of_party, gone=False).order_by("number")
        choices["party_"] = [(str(row.number), row.name) for row in rows]
    if step.officers > 1:
        others = queries.officers_at(found.scope).exclude(pk=who.account_id or 0)
        extra["officers_"] = (str, Field(title="另一名在场人员"))
        choices["officers_"] = [(f"account:{one.pk}", one.name) for one in others]
    about = {"group": "发生日期"}
    hint = "留空是今天。补录以前的，填实际发生的日期，并写明为什么当日没有记入。"
    extra["day_"] = (
        date | None,
        Field(default=None, title="发生日期", description=hint, json_schema_extra={**about, "width": "short"}),
    )
    extra["reason_"] = (str | None, Field(default=None, title="说明", max_length=actions.REASON_MOST))
    base = step.facts or Nothing
    known = served.initial(found, course, step, party)
    model: type[BaseModel] = create_model("Taking", __base__=base, **extra)
    return forms.from_model(
        model, code=f"procedures.{course.procedure.code}.{step.code}", about=f"{found.pk}-{party or ''}",
        choices=choices, initial={**told, **({"party_": str(party)} if party else {}), **known} or None,
    )  # fmt: skip


def _number(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.isdigit() else None


def _turn(request: HttpRequest) -> int | None:
    """How often the file had been written to when the page was shown."""
    text = request.GET.get("turn", "")
    return int(text) if text.isdigit() and len(text) < 10 else None


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def assign(request: HttpRequest, number: int) -> HttpResponseBase:
    """Give one file to an officer, with a reason."""
    who = who_at(request)
    found = queries.find(who, number)
    officers = [(str(one.pk), one.name) for one in queries.officers_at(found.scope)]
    model = create_model(
        "Assigning", officer=(str, Field(title="承办人")),
        reason=(str | None, Field(default=None, title="说明", max_length=actions.REASON_MOST)),
    )  # fmt: skip
    form: Form[Any] = forms.from_model(
        model, code="procedures.assign", about=str(number), choices={"officer": officers}
    )
    if request.method == "POST" and (given := form.read(request)):
        try:
            values = given.model_dump()
            duty.assign(who, [number], int(values["officer"]), reason=values["reason"] or "", key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已指定承办人。"))
            return redirect("file", number)
    return render(request, "procedures/assign.html", {"file": found, "form": form}, status=form.status)
