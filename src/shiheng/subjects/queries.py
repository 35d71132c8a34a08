"""Reading subjects: who may see which, and everything one page about one of them shows.

Every officer reads the identity and the public part of any subject; personal fields follow the territory. Lists,
counts and exports begin at ``visible_to``; a single page at ``page_of``, which hides what this reader may not see and
says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow_in_order
from shiheng.accounts.models import Account, Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Missing, Refused
from shiheng.kernel.masking import mask_name
from shiheng.ledger import keyring
from shiheng.subjects import layout
from shiheng.subjects.definition import DELETED_STATE, STATES, last_day, validity
from shiheng.subjects.models import Identifier, Name, Premises, Record, Relation, Representation, Subject
from shiheng.ui import slots
from shiheng.ui.wording import say

IDENTITY = ("id", "name", "uscc", "kind", "status", "established", "representative", "address", "region", "scope")
RECORDS_SHOWN = 200
HOPS = 8
OURS = frozenset({"file", "entry"})
"""Before the number in the reference of a record of our own: where it comes of."""
OUTSIDE = "不在您的辖区内，个人信息已隐去"
PUBLIC = "个人信息，依法不予公开"

slots.declare("subject.panels", "主体档案的各部分")
slots.declare("subject.asof", "某日所知的主体档案")
slots.declare("subject.batches", "来源批次的名称")
slots.declare("source.title", "数据源的名称")
slots.declare("subject.report", "每一项旁边的报错")
slots.declare("subject.origin", "本局案卷和名录里的出处")
slots.declare("subject.sealed", "个人信息全文的入口")
slots.declare("subject.actions", "主体档案页上方的操作")
slots.declare("enterprise.home", "企业首页")
slots.declare("search.hits", "其他检索结果")


def identities() -> "QuerySet[Subject]":
    """The identity part of every living subject, merged ones left out: what anybody may read."""
    return Subject.objects.filter(live=True, redirect_to=None).only(*IDENTITY)


def visible_to(who: Who) -> "QuerySet[Subject]":
    """The subjects in the territory over which ``who`` may read subjects."""
    return narrow_in_order(Subject.objects.filter(live=True, redirect_to=None), who, May.READ_SUBJECTS)


def of_account(account_id: int) -> "QuerySet[Subject]":
    """The businesses a login stands for today."""
    today = clock.today()
    held = Representation.objects.filter(Q(until=None) | Q(until__gt=today), account_id=account_id, since__lte=today)
    stands_for = Q(id__in=held.values("subject_id")) | Q(id__in=held.values("subject__redirect_to"))
    return identities().filter(stands_for).order_by("name", "id")


def accounts_of(subject_id: int) -> list[Account]:
    """The logins that stand for a business today."""
    today = clock.today()
    held = Representation.objects.filter(Q(until=None) | Q(until__gt=today), subject=subject_id, since__lte=today)
    return [row.account for row in held.select_related("account").order_by("account")]


def survivor_of(subject_id: int) -> int:
    """Where a subject's file goes on: itself, or what it was merged into."""
    for _hop in range(HOPS):
        to = Subject.objects.filter(id=subject_id).values_list("redirect_to_id", flat=True).first()
        if to is None:
            break
        subject_id = to
    return subject_id


def family_of(subject_id: int) -> "QuerySet[Subject, int]":
    """A subject and those that were merged into it: what a room wrote under an earlier number is of this file.

    For asking within another query: numbers, of which each leads to the file in one step.
    """
    return Subject.objects.filter(Q(pk=subject_id) | Q(redirect_to=subject_id)).values_list("pk", flat=True)


def by_key(key: str) -> int:
    """The id of the living subject a public address names: its code, or its id."""
    found: int | None = None
    text = key.strip().upper()
    if len(text) in {15, 18}:
        kinds = ("uscc", "regno")
        found = Identifier.objects.filter(kind__in=kinds, value=text).values_list("subject_id", flat=True).first()
    if found is None and text.isascii() and text.isdigit() and len(text) < 19:
        found = int(text)
    if found is not None:
        found = survivor_of(found)
        if identities().filter(id=found).exists():
            return found
    raise Missing("subject.missing", _("没有找到这个主体。请核对代码，或返回首页按名称重新查询。"))


@dataclass(frozen=True, slots=True)
class Reader:
    """What a page's reader may see of one subject."""

    officer: bool
    personal: bool
    tracing: bool = False

    @property
    def reason(self) -> str:
        return "" if self.personal else (OUTSIDE if self.officer else PUBLIC)


@dataclass(frozen=True, slots=True)
class Fact:
    """One field: a value with its source, or one of the two honest nothings (查无, 未取得)."""

    code: str
    title: str
    value: str
    kind: str = "text"
    state: str = "held"  # held | none | missing | masked
    source: str = ""
    day: str = ""
    why: str = ""
    others: int = 0
    batch: int | None = None
    row: int | None = None
    file: str = ""
    href: str = ""
    note: str = ""

    @property
    def where(self) -> str:
        """Batch, file and row the value came from."""
        steps = [
            _("批次 %(number)s") % {"number": self.batch} if self.batch else "",
            self.file,
            _("第 %(row)s 行") % {"row": self.row} if self.row else "",
        ]
        return " · ".join(filter(None, steps))


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A natural person (or another subject) in a role."""

    role: str
    name: str
    other_id: int | None
    since: date | None
    until: date | None
    current: bool
    source: str
    verified: bool
    masked: bool
    pk: int | None = None  # the relation, for those who may trace the person


@dataclass(frozen=True, slots=True)
class Beside:
    """What was said to a record, and is shown beside it: by the business, or in answer to it."""

    title: str
    day: date | None
    text: str
    document: str


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One entry of the file as this reader may see it."""

    kind: str
    title: str
    day: date | None
    state: str
    source: str
    reference: str
    facts: list[tuple[str, str]]
    absent: tuple[tuple[str, str], ...] = ()  # titles among them that have no value, and which kind of none
    hidden: str = ""
    favourable: bool = False
    # What is sealed in it, for those who may ask for the whole: where it stands, and each fact with its title.
    at: str = ""
    sealed: tuple[tuple[str, str], ...] = ()
    origin: str = ""  # where in our own rooms it comes of, for those who may go there
    beside: "Sequence[Beside]" = ()

    @property
    def anchor(self) -> str:
        """Its own place on the page, for whoever sends a reader there."""
        return self.at.replace(":", "-")


@dataclass(frozen=True, slots=True)
class TabView:
    """A tab with its count; ``state`` tells 查无 (``none``) from 未取得 (``missing``)."""

    code: str
    title: str
    count: int | None
    state: str
    records: list[RecordLine] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page about one subject shows to one reader."""

    subject: Subject
    reader: Reader
    status: str
    status_tone: str
    kind: str
    office: str
    facts: list[Fact]
    names: list[Name]
    premises: list[Premises]
    relations: list[PersonLine]
    tabs: list[TabView]
    titles: Mapping[str, str]
    on: date | None = None
    known: bool = True

    def fact(self, code: str) -> Fact | None:
        return next((f for f in self.facts if f.code == code), None)

    @property
    def head(self) -> list[Fact]:
        """The fields of the header card, in licence order."""
        codes = ("type", "representative", "capital", "established", "registration_authority")
        return [fact for code in codes if (fact := self.fact(code))]

    @property
    def address(self) -> Fact | None:
        return self.fact("address")

    def source_title(self, code: str) -> str:
        """What a source is called."""
        return self.titles.get(code, code)

    @property
    def former(self) -> list[Name]:
        return [name for name in self.names if not name.current]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Each source that speaks here with its latest day."""
        latest: dict[str, str] = {}
        for fact in self.facts:
            if fact.source:
                latest[fact.source] = max(latest.get(fact.source, ""), fact.day)
        return sorted(latest.items())


def page_of(who: Who, subject_id: int, *, as_of: date | None = None) -> Page:
    """The page about one subject for ``who``, as known now or on an earlier day; merged ids lead to the survivor."""
    subject = Subject.objects.filter(id=survivor_of(subject_id)).first()
    if subject is None:
        raise Missing("subject.missing", _("没有找到这个主体。编号可能有误，请从检索重新查找。"))
    if not subject.live and not who.may(May.READ_SUBJECTS):
        raise Missing("subject.missing", _("没有找到这个主体。请核对代码，或返回首页按名称重新查询。"))
    reader = reader_of(who, subject)
    then = known_on(who, subject.id, as_of) if as_of else None
    known: Mapping[str, Any] = then.fields if then else subject.fields or {}
    kind = subject.kind
    status = str(known.get("status", {}).get("value", "unknown")) if as_of and known else subject.status
    records = {} if as_of else _records(subject.id, reader)
    if then:
        names, premises, relations = list(then.names), list(then.premises), list(then.relations)
    else:
        names = list(Name.objects.filter(subject=subject).order_by("-current", "-last_day", "-first_day", "-id"))
        premises = list(Premises.objects.filter(subject=subject).order_by("kind", "-current", "-last_day", "-id"))
        relations = _relations(subject.id, reader)
    office = Office.objects.filter(path=subject.scope or "-").values_list("title", flat=True).first()
    codes = {str(held.get("source") or "") for held in known.values()}
    codes |= {name.source for name in names} | {place.source for place in premises}
    codes |= {line.source for line in relations} | {line.source for lines in records.values() for line in lines}
    titles = source_titles(who, codes)
    return Page(
        subject=subject,
        reader=reader,
        status=Subject.STATUSES.get(status, status),
        status_tone=layout.STATUS_TONES.get(status, "plain"),
        kind=Subject.KINDS.get(kind, kind),
        office=office or "",
        facts=facts_of(known, kind, reader, titles=titles, batches=batches_named(who, subject.scope, known.values())),
        names=names,
        premises=premises,
        relations=relations,
        tabs=_tabs(records, relations, names, premises) if not as_of else [],
        titles=titles,
        on=as_of,
        known=bool(known),
    )


def source_titles(who: Who, codes: Iterable[str]) -> dict[str, str]:
    """What sources are called, asked of the room that knows them."""
    found: dict[str, str] = {}
    for filling in slots.fillings("source.title"):
        found |= {code: str(title) for code in codes if code and (title := filling.function(who, code))}
    return found


_Batches = Mapping[int, tuple[str, str, str]]


def batches_named(who: Who, scope: str, fields: Iterable[Mapping[str, Any]]) -> _Batches:
    """Batch → (title of its source, file, name of the address where rows about ``scope`` open, or nothing)."""
    numbers = {int(held["batch"]) for held in fields if held.get("batch")}
    found: dict[int, tuple[str, str, str]] = {}
    for filling in slots.fillings("subject.batches") if numbers else ():
        found |= filling.function(who, (scope, numbers))
    return found


def reader_of(who: Who, subject: Subject) -> Reader:
    """Whether ``who`` may see personal fields: an officer in the territory, or the business itself."""
    if who.kind == "enterprise" and who.account_id is not None:
        return Reader(False, of_account(who.account_id).filter(id=subject.id).exists())
    personal = who.may(May.READ_PERSONAL, subject.scope)
    return Reader(who.kind in {"officer", "system"}, personal, who.kind == "officer" and who.may(May.TRACE_PERSONS))


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a subject at the end of a day: its fields, and what it had held until then."""

    fields: Mapping[str, Any]
    names: Sequence[Name] = ()
    premises: Sequence[Premises] = ()
    relations: Sequence[PersonLine] = ()


def known_on(who: Who, subject_id: int, day: date) -> Known:
    """The subject as known at the end of ``day``; computed by the room that keeps the statements."""
    if day > clock.today():
        told = _("日期 %(day)s 还没有到。请选择今天或更早的日期。") % {"day": day.isoformat()}
        raise Refused("asof.future", told)
    for filling in slots.fillings("subject.asof"):
        found: Known | None = filling.function(who, (subject_id, day))
        if found is not None:
            return found
    raise Refused("asof.unavailable", _("历史所知暂时取不到，不代表当日没有记录。请稍后再试，或查看现行内容。"))


def facts_of(
    fields: Mapping[str, Mapping[str, Any]],
    kind: str,
    reader: Reader,
    *,
    titles: Mapping[str, str],
    batches: _Batches,
) -> list[Fact]:
    """The fields in licence order, hidden where the reader may not see them; unknown fields follow."""
    codes = [f.code for f in layout.FIELDS if f.always or f.code in fields]
    codes += sorted(code for code in fields if code not in layout.BY_CODE and code not in layout.UNSEEN)
    facts = [_fact(code, fields.get(code), kind, batches) for code in codes]
    return [_for(reader, replace(fact, source=titles.get(fact.source, fact.source))) for fact in facts]


def _fact(code: str, held: Mapping[str, Any] | None, kind: str, batches: _Batches) -> Fact:
    """One field as fusion left it, with the place its value came from."""
    shape = layout.BY_CODE[code].kind if code in layout.BY_CODE else "text"
    title = layout.title_of(code, kind)
    if held is None:
        return Fact(code, title, "", shape, state="missing")
    value, batch, row = str(held.get("value") or ""), held.get("batch"), held.get("row")
    source, file, opens = batches.get(batch or 0, ("", "", ""))
    return Fact(
        code,
        title,
        layout.written(code, value, Subject.STATUSES),
        shape,
        state="held" if value else "none",
        source=source or str(held.get("source") or ""),
        day=str(held.get("day") or ""),
        why=str(held.get("why") or ""),
        others=int(held.get("others") or 0),
        batch=batch,
        row=row,
        file=file,
        href=reverse(opens, args=[batch, row]) if opens and batch and row else "",
    )


def _for(reader: Reader, fact: Fact) -> Fact:
    """The fact as this reader may see it: to the public a personal field is not shown, an officer sees its shape."""
    plan = layout.BY_CODE.get(fact.code)
    if plan is None or plan.mask is None or not fact.value or reader.personal:
        return fact
    shown = plan.mask(fact.value) if reader.officer else ""
    return replace(
        fact, value=shown, state="masked", note=reader.reason, why="", file="", row=None, batch=None, href=""
    )


def _relations(subject_id: int, reader: Reader) -> list[PersonLine]:
    rows = Relation.objects.filter(subject_id=subject_id).select_related("person", "other")
    lines = []
    for row in rows.order_by("role", "-current", "-first_day", "id"):
        person = row.person
        hide = person is not None and row.role != "representative" and not reader.personal
        name = (row.named or person.name) if person else (row.other.name if row.other else "")
        lines.append(
            PersonLine(
                role=Relation.ROLES.get(row.role, row.role),
                name=mask_name(name) if hide else name,
                other_id=row.other_id,
                since=row.first_day,
                until=row.last_day,
                current=row.current,
                source=row.source,
                verified=person.verified if person else True,
                masked=hide,
                pk=row.pk if person is not None and reader.tracing else None,
            )
        )
    return lines


def _records(subject_id: int, reader: Reader) -> dict[str, list[RecordLine]]:
    """The latest records of each kind; what only the territory may read is told to exist, not shown."""
    found: dict[str, list[RecordLine]] = {}
    held = Record.objects.filter(subject_id__in=family_of(subject_id), current=True)
    rows = held.order_by("kind", "-day", "-id")
    today = clock.today()
    listed = list(rows[: RECORDS_SHOWN * len(layout.RECORD_TITLES)])
    beside = _beside(row for row in listed if row.kind == layout.BESIDE)
    for row in (row for row in listed if row.kind != layout.BESIDE):
        is_open = row.kind in layout.OPEN_KINDS
        is_open = is_open and not layout.withheld(row.kind, row.state, row.facts, today)
        if not is_open and not reader.personal and not reader.officer:
            continue
        if row.state == DELETED_STATE and not reader.officer:
            continue  # its department took it back: nobody publishes it any more
        off = row.gone_on is not None and row.kind in layout.LISTED
        if off and not reader.officer:
            continue  # a full list came without it: whoever has left a list is not on it in public
        hidden = "" if is_open or reader.personal else "内容限辖区内查看"
        found.setdefault(row.kind, []).append(
            RecordLine(
                kind=row.kind,
                title=row.title or layout.RECORD_TITLES.get(row.kind, row.kind),
                day=row.day,
                state=_state(row, today, off=off),
                source=row.source,
                reference=_where(row.reference) if reader.officer and not hidden else "",
                facts=[] if hidden else _said(row.facts, row.absent, reader),
                absent=() if hidden else tuple((layout.FACTS.get(c, c), state) for c, state in row.absent.items()),
                hidden=hidden,
                favourable=row.kind in layout.FAVOURABLE,
                at=f"record:{row.pk}",
                origin=row.reference if reader.officer and reader.personal else "",
                sealed=_sealed(row.facts) if reader.officer and reader.personal and not hidden else (),
                beside=() if hidden else beside.get(place_of(row), ()),
            )
        )
    return found


def place_of(row: Record) -> str:
    """What names a record however often its source says it anew."""
    return f"{row.kind}:{row.source}:{row.key}"


def _beside(rows: Iterable[Record]) -> dict[str, list[Beside]]:
    """What was said to each record, the latest first."""
    found: dict[str, list[Beside]] = {}
    for row in rows:
        if isinstance(row.facts, dict) and row.facts.get("about"):
            said = Beside(row.title, row.day, str(row.facts.get("text", "")), str(row.facts.get("document", "")))
            found.setdefault(str(row.facts["about"]), []).append(said)
    return found


def _state(row: Record, today: date, *, off: bool) -> str:
    if off:
        return "已退出名单"
    if row.until and row.kind not in layout.LISTED:
        return validity(row.until, row.state, today).title
    return STATES.get(row.state, row.state)


def _sealed(facts: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(facts, dict):
        return ()
    held = (code for code, value in facts.items() if isinstance(value, str) and sealing.parse(value))
    return tuple((code, layout.FACTS.get(code, code)) for code in held if code not in layout.UNSAID)


def _where(reference: str) -> str:
    """``12:3`` as words; a reference that is words already stays."""
    batch, _colon, row = reference.partition(":")
    if batch in OURS:
        return ""  # the rooms above lead to it
    if not (batch.isdigit() and row.isdigit()):
        return reference
    return _("批次 %(batch)s 第 %(row)s 行") % {"batch": batch, "row": row}


def _said(facts: Any, absent: Mapping[str, str], reader: Reader) -> list[tuple[str, str]]:
    """A record's contents: ``{title: value}``, or ``{title: {"value": …, "personal": true}}`` to be hidden.

    What is ``absent`` is told as 查无 or 未取得 in its place.
    """
    said: list[tuple[str, str]] = []
    held = layout.with_sums(facts) if isinstance(facts, dict) else {}
    held = {**{code: str(say(layout.ABSENT[state])) for code, state in absent.items()}, **held}
    known = [code for code in layout.FACTS if code in held]
    for code in [*known, *(code for code in held if code not in layout.FACTS)]:
        if code in layout.UNSAID:
            continue
        title, given = layout.FACTS.get(code, code), _ended(held[code]) if code == "valid_until" else held[code]
        value, personal = (given.get("value"), given.get("personal")) if isinstance(given, dict) else (given, False)
        value = keyring.shown(value) if isinstance(value, str) else value
        said.append(
            (title, say(reader.reason) if personal and not reader.personal else "" if value is None else str(value))
        )
    return said


def _ended(given: Any) -> Any:
    """A last day as people read it: one that never comes is no day."""
    try:
        return say(last_day(date.fromisoformat(given)))
    except (TypeError, ValueError):
        return given


def _tabs(
    records: dict[str, list[RecordLine]], relations: list[PersonLine], names: list[Name], premises: list[Premises]
) -> list[TabView]:
    known = {kind for tab in layout.TABS for kind in tab.kinds}
    sent = fed(known - records.keys())
    tabs = []
    for tab in layout.TABS:
        lines = [line for kind in tab.kinds for line in records.get(kind, [])]
        lines.sort(key=lambda line: line.day or date.min, reverse=True)
        if tab.code == "relations":
            tabs.append(TabView(tab.code, tab.title, sum(line.current for line in relations), "held"))
        elif tab.code == "timeline":
            count = len(names) + len(premises) + sum(map(len, records.values()))
            tabs.append(TabView(tab.code, tab.title, count, "held"))
        elif tab.code == "tracing":
            houses = {place.door for place in premises if place.current and place.door}
            tabs.append(TabView(tab.code, tab.title, len(houses), "held"))
        elif not tab.kinds:
            tabs.append(TabView(tab.code, tab.title, None, "held"))
        elif lines:
            shown = lines[:RECORDS_SHOWN]
            tabs.append(TabView(tab.code, tab.title, len(lines), "held", shown, len(lines) > len(shown)))
        else:
            state = "none" if sent & set(tab.kinds) else "missing"
            tabs.append(TabView(tab.code, tab.title, 0 if state == "none" else None, state))
    if others := [line for kind, lines in records.items() if kind not in known for line in lines]:
        tabs.append(TabView("others", "其他记录", len(others), "held", others[:RECORDS_SHOWN]))
    return tabs


def fed(kinds: Iterable[str]) -> set[str]:
    """The kinds of records anybody ever sent: nothing of such a kind is 查无, of the others 未取得. One query."""
    wanted = sorted(kinds)
    marks = {f"has_{kind}": Exists(Record.objects.filter(kind=kind)) for kind in wanted}
    row = Subject.objects.order_by("id").annotate(**marks).values(*marks).first() if marks else None
    return {kind for kind in wanted if row and row[f"has_{kind}"]}
