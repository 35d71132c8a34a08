"""经营许可证照库: every permit of a territory with how long it holds, those that are missing, and one subject's own.

Lists, counts and the subject's panel ask the same conditions, so they cannot disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow, within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.law import links
from shiheng.kernel import clock, registry
from shiheng.subjects import layout, queries, search
from shiheng.subjects.definition import (
    DELETED,
    DELETED_STATE,
    ENDED,
    ENDED_STATES,
    ENGINE,
    EXPIRED,
    EXPIRING,
    KIND,
    SOON,
    UNDATED,
    VALID,
    VALIDITIES,
    Basis,
    PermitRule,
    Validity,
    last_day,
    validity,
)
from shiheng.subjects.models import PermitGap, Record, Subject
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

OTHER = "其他证件"
MOST = 20_000
NEEDED = "按行业应有，未取得"


def visible_to(who: Who) -> "QuerySet[Record]":
    """The permits of the subjects in the territory over which ``who`` may read subjects; each permit once."""
    return narrow(Record.objects.filter(kind=KIND, current=True), who, May.READ_SUBJECTS)


def reported() -> list[str]:
    """The rules whose permits anybody ever reported: of the others nothing is known, so nothing is missing."""
    known = rules()
    marks = {
        f"of_{n}": Exists(Record.objects.filter(kind=KIND, title__in=rule.titles))
        for n, rule in enumerate(known.values())
    }
    row = Record.objects.order_by("id").annotate(**marks).values(*marks).first() if marks else None
    return [code for code, mark in zip(known, marks, strict=True) if row and row[mark]]


def gaps_visible_to(who: Who) -> "QuerySet[PermitGap]":
    """The permits missing in the territory of ``who``, as far as such permits are reported at all."""
    return narrow(PermitGap.objects.filter(rule__in=reported()), who, May.READ_SUBJECTS)


def standing(code: str, today: date) -> Q:
    """The rows whose permit stands as ``code`` says today: ``definition.validity`` as a condition."""
    ended, undated = Q(state__in=sorted(ENDED_STATES - {DELETED_STATE})), Q(until=None, state="lapsed")
    deleted, soon = Q(state=DELETED_STATE), today + SOON
    gone = ended | deleted
    return {
        DELETED.code: deleted,
        ENDED.code: ended | undated,
        VALID.code: ~gone & Q(until__gt=soon),
        EXPIRING.code: ~gone & Q(until__gte=today, until__lte=soon),
        EXPIRED.code: ~gone & Q(until__lt=today),
        UNDATED.code: ~gone & Q(until=None) & ~Q(state="lapsed"),
    }[code]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the page and the rows it opens."""

    title: str
    count: int | str
    href: str
    tone: str


def figures(who: Who) -> list[Figure]:
    """How the permits of the territory stand, and how many are missing."""
    today = clock.today()
    place = reverse("permits")
    shown = [
        Figure(v.title, _counted(visible_to(who).filter(standing(v.code, today))), f"{place}?state={v.code}", v.tone)
        for v in VALIDITIES
    ]
    return [*shown, Figure("应有未见", _counted(gaps_visible_to(who)), reverse("permits-missing"), "late")]


def _counted(rows: "QuerySet[Any]") -> int | str:
    """How many, or that there are more than a page of figures can wait for."""
    count = rows.order_by()[: MOST + 1].count()
    return count if count <= MOST else f"{MOST:,}+"


def rules() -> dict[str, PermitRule]:
    """The rules in force today by code."""
    return {rule.code: rule for rule in registry.all_of(ENGINE, on=clock.today())}


def basis_of(gap: PermitGap, known: Mapping[str, PermitRule]) -> tuple[str, str]:
    """Why a permit is expected, and when it is not after all."""
    rule = known.get(gap.rule)
    return (rule.basis.words(say), say(rule.unless)) if rule else (_(OUTDATED), "")


OUTDATED = "依据已不再施行，待重新核算"


def basis_href(gap: PermitGap, known: Mapping[str, PermitRule]) -> str | None:
    """Where the article is read on which a permit is expected."""
    rule = known.get(gap.rule)
    return links.href(rule.basis) if rule else None


def term(since: str | None, until: date | None) -> str:
    """The days a permit holds, as its holder would say them."""
    end = last_day(until)
    if not isinstance(end, date):
        return _("自 %(since)s 起，%(end)s") % {"since": since, "end": say(end)} if since else str(say(end))
    told = _("%(since)s 至 %(end)s") if since else _("至 %(end)s")
    return told % {"since": since, "end": end.isoformat()}


# -- the lists


def _titles() -> list[tuple[str, str]]:
    known = sorted({title for rule in registry.all_of(ENGINE) for title in rule.titles})
    return [*((title, title) for title in known), (OTHER, OTHER)]


def _by_title(rows: "QuerySet[Record]", title: str) -> "QuerySet[Record]":
    if title != OTHER:
        return rows.filter(title=title)
    return rows.exclude(title__in=[known for known, _title in _titles()])


def _by_subject(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    return rows.filter(subject_id__in=search.narrow(Subject.objects.all(), text).values("id"))


def _badge(stands: Validity) -> tuple[str, str]:
    return stands.title, stands.tone


def _to_permits(row: Record | PermitGap) -> str:
    return f"{reverse('subject', args=[row.subject_id])}?tab=permits"


TABLE = Table(
    "permits",
    "经营许可证照",
    columns=(
        Column("subject", "主体", "subject.name", kind="link", href=_to_permits),
        Column("title", "许可证件", lambda row: say(row.title or "名称未载"), sort="title"),
        Column("key", "编号", kind="code"),
        Column(
            "state",
            "效力",
            lambda row: _badge(validity(row.until, row.state, clock.today())),
            kind="badge",
        ),
        Column("until", "有效期至", lambda row: say(last_day(row.until)), sort="until"),
        Column("issuer", "发证机关", lambda row: row.facts.get("issuer", "")),
        Column("content", "许可内容", lambda row: row.facts.get("content", ""), hidden=True),
        Column("day", "发证（决定）日期", kind="day", hidden=True),
        Column("uscc", "统一社会信用代码", "subject.uscc", kind="code", hidden=True),
        Column("source", "来源"),
        Column("reference", "出处（批次:行）", hidden=True),
    ),
    filters=(
        Filter("q", "主体名称、代码或拼音", apply=_by_subject),
        Filter(
            "state",
            "效力",
            "choice",
            apply=lambda rows, code: rows.filter(standing(code, clock.today())),
            choices=[(v.code, v.title) for v in VALIDITIES],
        ),
        Filter("title", "许可证件", "choice", apply=_by_title, choices=_titles),
        Filter("until", "有效期至", "day_range", "until"),
        Filter("number", "编号", lookup="key"),
        Filter("office", "监管所", "choice", apply=lambda rows, path: rows.filter(within((path,)))),
    ),
    default_sort="-until",
    empty="还没有收到许可证照。食品经营许可证、行政许可公示等来源报送后，辖区主体的许可会列在这里。",
)

MISSING = Table(
    "permits-missing",
    "应有未见的许可",
    columns=(
        Column("subject", "主体", "subject.name", kind="link", href=_to_permits),
        Column("title", "应有的许可", lambda row: say(row.title), sort="title"),
        Column("state", "情形", lambda _row: (NEEDED, "warn"), kind="badge"),
        Column("industry", "行业", lambda row: f"{row.subject.industry} {row.industry}".strip()),
        Column("basis", "依据"),
        Column("unless", "不需要的情形"),
        Column("uscc", "统一社会信用代码", "subject.uscc", kind="code", hidden=True),
        Column("address", "住所", "subject.address", hidden=True),
    ),
    filters=(
        Filter("q", "主体名称、代码或拼音", apply=_by_subject),
        Filter(
            "rule",
            "应有的许可",
            "choice",
            "rule",
            choices=lambda: [
                (code, _("%(title)s（%(code)s）") % {"title": say(rule.title), "code": code})
                for code, rule in sorted(rules().items())
            ],
        ),
        Filter("office", "监管所", "choice", apply=lambda rows, path: rows.filter(within((path,)))),
    ),
    default_sort="pk",
    empty="没有按行业应有而未见的许可。",
)


def _with_offices(table: Table, who: Who) -> Table:
    stations = Office.objects.filter(within(who.paths(May.READ_SUBJECTS), "path"), kind="station", closed_on=None)

    def choices() -> Sequence[tuple[str, str]]:
        return list(stations.order_by("path").values_list("path", "title"))

    return replace(table, filters=tuple(replace(f, choices=choices) if f.key == "office" else f for f in table.filters))


def table_for(who: Who) -> Table:
    """The list of permits, with the stations of this person's territory and sources by their names."""
    titles: dict[str, str] = {}

    def source(row: Record) -> str:
        if row.source not in titles:
            titles[row.source] = say(queries.source_titles(who, [row.source]).get(row.source, row.source))
        return titles[row.source]

    columns = [replace(c, value=source) if c.key == "source" else c for c in TABLE.columns]
    return replace(_with_offices(TABLE, who), columns=columns)


def missing_table_for(who: Who) -> Table:
    """The list of missing permits, each with the basis in force."""
    known = rules()
    said = {"basis": 0, "unless": 1}

    def value(place: int) -> Any:
        return lambda row: basis_of(row, known)[place]

    columns = [replace(c, value=value(said[c.key])) if c.key in said else c for c in MISSING.columns]
    columns = [replace(c, href=lambda row: basis_href(row, known)) if c.key == "basis" else c for c in columns]
    return replace(_with_offices(MISSING, who), columns=columns)


# -- one subject


@dataclass(frozen=True, slots=True)
class PermitLine:
    """One permit on a subject's page."""

    title: str
    number: str
    issuer: str
    content: str
    term: str
    standing: Validity
    left: int | None
    holder: str
    source: str
    where: str
    href: str
    also: tuple[str, ...]
    deleted_by: tuple[str, ...] = ()  # other sources that took their row of it back, with the place where they said so

    @property
    def overdue(self) -> int:
        """Days since it ended."""
        return -(self.left or 0)


@dataclass(frozen=True, slots=True)
class GapLine:
    """One permit the subject's industry needs and nobody reported."""

    title: str
    industry: str
    basis: Basis | str
    since: date | None
    unless: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All permits of one subject, the troublesome first, and the missing ones."""

    lines: list[PermitLine]
    gaps: list[GapLine]
    fed: bool  # whether anybody reports permits at all: without it, nothing found means nothing known

    @property
    def told(self) -> list[tuple[str, int, str]]:
        """How many stand how: (words, number, tone)."""
        counts = {v: sum(line.standing.code == v.code for line in self.lines) for v in VALIDITIES}
        return [(v.title, n, v.tone) for v, n in counts.items() if n]


_FIRST = (EXPIRED.code, EXPIRING.code, VALID.code, UNDATED.code, ENDED.code, DELETED.code)


def shelf_of(who: Who, subject: Subject) -> Shelf:
    """The permits of one subject as ``who`` may see them: permits are public, where they came from is the officers'."""
    today = clock.today()
    rows = Record.objects.filter(subject=subject, kind=KIND).order_by("until", "key", "source")
    # What a department took back is its officers' to see: the public and the business read what is reported.
    held = list(rows if who.kind in {"officer", "system"} else rows.exclude(state=DELETED_STATE))
    titles = queries.source_titles(who, {row.source for row in held})
    numbers = [{"batch": int(n)} for row in held if (n := row.reference.partition(":")[0]).isdigit()]
    batches = queries.batches_named(who, subject.scope, numbers)
    lines = []
    for row in held:
        if row.current:
            others = [o for o in held if o.key == row.key and o.source != row.source]
            also = tuple(titles.get(o.source, o.source) for o in others if o.state != DELETED_STATE)
            gone = [o for o in others if o.state == DELETED_STATE]
            deleted_by = tuple(_gone(titles.get(o.source, o.source), o.reference) for o in gone)
            lines.append(replace(_line(row, today, titles, batches, also), deleted_by=deleted_by))
    lines.sort(key=lambda line: _FIRST.index(line.standing.code))
    known, seen = rules(), reported()
    gaps = PermitGap.objects.filter(subject=subject, rule__in=seen).order_by("rule")
    fed = bool(held or seen) or Record.objects.filter(kind=KIND).exists()
    return Shelf(lines, [_gap(gap, known) for gap in gaps], fed)


def _line(
    row: Record,
    today: date,
    titles: Mapping[str, str],
    batches: Mapping[int, tuple[str, str, str]],
    also: tuple[str, ...],
) -> PermitLine:
    facts: dict[str, Any] = row.facts if isinstance(row.facts, dict) else {}
    batch, _colon, number = row.reference.partition(":")
    known = batch.isdigit() and number.isdigit()
    opens = batches[int(batch)][2] if known and int(batch) in batches else ""
    stands = validity(row.until, row.state, today)
    return PermitLine(
        title=row.title or "名称未载",
        number=row.key,
        issuer=facts.get("issuer") or (str(say(layout.ABSENT[gap])) if (gap := row.absent.get("issuer")) else ""),
        content=_("；").join(filter(None, (facts.get("format"), facts.get("content"), *_others(facts)))),
        term=term(facts.get("valid_from"), row.until),
        standing=stands,
        left=(row.until - today).days if row.until and stands.code in {EXPIRING.code, EXPIRED.code} else None,
        holder=facts.get("holder", ""),
        source=titles.get(row.source, row.source),
        where=_where(row.reference),
        href=reverse(opens, args=[int(batch), int(number)]) if opens else "",
        also=also,
    )


def _where(reference: str) -> str:
    """``12:3`` as words; a reference that is words already stays."""
    batch, _colon, number = reference.partition(":")
    if not (batch.isdigit() and number.isdigit()):
        return reference
    return _("批次 %(batch)s 第 %(row)s 行") % {"batch": batch, "row": number}


def _gone(source: str, reference: str) -> str:
    return _("%(source)s（%(where)s）") % {"source": say(source), "where": _where(reference)}


def _others(facts: Mapping[str, Any]) -> list[str]:
    """What a record says beside the known facts, under titles of its own; personal facts are mappings: not shown."""
    known = {*layout.FACTS, *layout.UNSAID}
    return [
        _("%(head)s：%(text)s") % {"head": say(title), "text": value}
        for title, value in facts.items()
        if title not in known and isinstance(value, str)
    ]


def _gap(gap: PermitGap, known: Mapping[str, PermitRule]) -> GapLine:
    rule = known.get(gap.rule)
    if rule is None:
        return GapLine(gap.title, gap.industry, _(OUTDATED), None, "")
    return GapLine(gap.title, gap.industry, rule.basis, rule.in_force_from, say(rule.unless), rule.basis.note)


__all__ = ["MISSING", "TABLE", "figures", "missing_table_for", "shelf_of", "standing", "table_for"]
