"""Lists as officers know them: filters, sort, page and columns in the URL; saved views; export of exactly what is seen.

A table is declared once; reading it against a request gives a ``Listing``. Nothing unbounded is ever asked of the
database: pages end at a bounded offset, totals are counted to a thousand, exports and bulk steps have a largest size.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from html import escape
from typing import Any

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shiheng.kernel.errors import Forbidden, Refused
from shiheng.ui import filter_fields, formats
from shiheng.ui.filters import Filter, FilterState
from shiheng.ui.models import Preference, SavedView
from shiheng.ui.pages import owner_of
from shiheng.ui.wording import in_the_record, say

__all__ = ["Column", "Filter", "Listing", "Step", "StepPreview", "Table"]

COUNT_CAP = 1_000
DEEPEST = 10_000
EXPORT_MOST = 50_000
SIZES = (20, 50, 100, 200)
DENSITIES = {"normal": "标准", "dense": "紧凑"}
KINDS = {"text", "code", "day", "moment", "money", "number", "badge", "link", "person"}
RIGHT = {"money", "number"}
RESERVED = {"sort", "page", "size", "export", "view", "csrfmiddlewaretoken"}

Rows = QuerySet[Any] | Sequence[Any]
Getter = str | Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``value`` is a dotted path or a function of the row (default: the key); ``sort`` an ORM field."""

    key: str
    title: str
    value: Getter = None
    _: KW_ONLY
    sort: str | None = None
    kind: str = "text"
    href: Callable[[Any], str | None] | None = None
    tone: Callable[[Any], str] | Mapping[Any, str] | None = None
    hidden: bool = False
    panel: bool = False
    hint: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"column {self.key!r}: no kind {self.kind!r}")

    def of(self, row: Any) -> Any:
        """The bare value, as the export writes it too."""
        return take(row, self.value if self.value is not None else self.key)

    @property
    def right(self) -> bool:
        return self.kind in RIGHT

    def html(self, row: Any) -> SafeString:
        value = self.of(row)
        shown = self._formatted(value)
        href = self.href(row) if self.href and value not in (None, "") else None
        if not href:
            return shown
        if self.panel:
            return format_html(
                '<a href="{}" hx-boost="true" hx-target="#panel" hx-select="unset" hx-swap="innerHTML">{}</a>',
                href,
                shown,
            )
        return SafeString(f'<a href="{escape(href)}">{shown}</a>')

    def cells(self) -> Callable[[Any], str]:
        """``html`` for the rows of one page: a badge that was made once is not made again."""
        if self.kind != "badge" or self.href:
            return self.html
        made: dict[Any, str] = {}

        def html(row: Any) -> str:
            value = self.of(row)
            if value not in made:
                made[value] = self._formatted(value)
            return made[value]

        return html

    def cell(self) -> str:
        """The tag every cell of this column begins with."""
        right = " right" if self.right else ""
        return f'<td role="cell" class="kind-{self.kind}{right}" data-title="{escape(say(self.title))}">'

    def _formatted(self, value: Any) -> SafeString:
        if self.kind == "badge":
            text, tone = value if isinstance(value, tuple) else (value, self._tone(value))
            return formats.badge(text, tone)
        maker: Callable[[Any], SafeString] = getattr(formats, self.kind, formats.text)
        return formats.text(value) if self.kind in {"link", "person"} else maker(value)

    def _tone(self, value: Any) -> str:
        if self.tone is None:
            return "plain"
        return self.tone(value) if callable(self.tone) else self.tone.get(value, "plain")


def take(row: Any, getter: str | Callable[[Any], Any]) -> Any:
    """Follow a dotted path through attributes and mappings; anything missing on the way is None."""
    if callable(getter):
        return getter(row)
    for name in getter.split("."):
        if row is None:
            return None
        # A row of the database is asked first: whether something is a mapping takes long to find out.
        row = row.get(name) if not isinstance(row, Model) and isinstance(row, Mapping) else getattr(row, name)
        if callable(row) and getattr(row, "__self__", None) is not None:
            row = row()
    return row


def row_key(row: Any, position: int) -> str:
    """What names a row in a bulk step: its primary key, of a plain list its place."""
    held = row.get("pk") if isinstance(row, Mapping) else getattr(row, "pk", None)
    return str(position if held is None else held)


@dataclass(frozen=True, slots=True)
class StepPreview:
    """Who a bulk step would take and who it refuses, each refusal with its reason, before anything happens."""

    accepted: Sequence[tuple[Any, str]]
    refused: Sequence[tuple[Any, str, str]] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A step for many rows. ``preview(who, rows)`` changes nothing; ``apply(who, ids, key)`` says what was done.

    ``key`` is one UUID a confirmation, so a double click does it once. ``asks`` names words that must be written before
    it is confirmed, a reason; ``apply`` is given them last.
    """

    code: str
    title: str
    preview: Callable[[Any, list[Any]], StepPreview]
    apply: Callable[..., str]
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A list as declared. ``default_sort`` is a column key or an ORM field, with ``-`` for the latest first."""

    code: str
    title: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    _: KW_ONLY
    default_sort: str = ""
    empty: str = "没有符合条件的记录。"
    page_size: int = 50
    export: bool = True
    steps: Sequence[Step] = ()
    filters_shown: int = 4
    row_label: Getter = None
    export_most: int = 0  # 0: as many as of any list

    def __post_init__(self) -> None:
        keys = [c.key for c in self.columns]
        names = [n for f in self.filters for n in f.names] + [f.key for f in self.filters if f.key not in f.names]
        if len(set(keys)) != len(keys) or len(set(names)) != len(names) or RESERVED & set(names):
            raise ValueError(f"table {self.code!r}: keys repeat or are reserved")

    def read(
        self,
        request: HttpRequest,
        rows: Rows,
        *,
        may_export: bool = True,
        steps: Sequence[Step] | None = None,
    ) -> "Listing":
        """This table over ``rows`` as the request's URL asks for it."""
        return Listing(self, request, rows, may_export=may_export, steps=self.steps if steps is None else steps)


@dataclass(frozen=True, slots=True)
class Head:
    column: Column
    url: str | None
    state: str  # ascending | descending | none


@dataclass(slots=True)
class Totals:
    """What is known of the size: ``capped`` means "more than a thousand, not counted further"."""

    count: int
    capped: bool = False

    @property
    def text(self) -> str:
        return f"{self.count:,}+" if self.capped else f"{self.count:,}"


@dataclass
class Listing:
    """A table read for one request: what the page shows and what the export writes are the same rows."""

    table: Table
    request: HttpRequest
    source: Rows
    _: KW_ONLY
    may_export: bool = True
    steps: Sequence[Step] = ()
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.params: QueryDict = self.request.GET
        self.filters: list[FilterState] = [f.read(self.params) for f in self.table.filters]
        self.faulty = any(f.error for f in self.filters)
        self.size = self._chosen_size()
        self.sort, self.descending = self._chosen_sort()
        self.page = self._chosen_page()

    # -- what the URL asks for

    def _chosen_size(self) -> int:
        given = self.params.get("size", "")
        sizes = {str(s): s for s in (*SIZES, self.table.page_size)}
        return sizes.get(given, self.table.page_size)

    def _chosen_sort(self) -> tuple[str, bool]:
        given = self.params.get("sort", "")
        if given:
            if given.lstrip("-") in {c.key for c in self.table.columns if c.sort}:
                return given.lstrip("-"), given.startswith("-")
            self.notices.append("网址中的排序列不可用，已按默认顺序显示。")
        default = self.table.default_sort
        return default.lstrip("-"), default.startswith("-")

    def _chosen_page(self) -> int:
        given = self.params.get("page", "1")
        last = math.ceil(DEEPEST / self.size)
        if not (given.isascii() and given.isdigit()) or int(given[:9]) < 1:
            self.notices.append("网址中的页码不可用，已显示第 1 页。")
            return 1
        if int(given[:9]) > last:
            self.notices.append(_("最多翻到第 %(page)s 页，请用筛选条件缩小范围。") % {"page": last})
            return last
        return int(given)

    # -- the rows

    @cached_property
    def matching(self) -> Rows:
        """Every row the filters keep, in order; a filter that cannot be understood keeps none."""
        rows = self.source
        if self.faulty:
            return rows.none() if isinstance(rows, QuerySet) else []
        for state in self.filters:
            if state.active:
                rows = state.apply(rows)
        return self._sorted(rows)

    def _sorted(self, rows: Rows) -> Rows:
        column = next((c for c in self.table.columns if c.key == self.sort and c.sort), None)
        orm = (column.sort or "") if column else self.sort
        if isinstance(rows, QuerySet):
            if not orm:
                return rows if rows.ordered else rows.order_by("pk")
            return rows.order_by(ordering(rows, orm, self.descending), "-pk" if self.descending else "pk")
        if not orm:
            return rows
        path = orm.replace("__", ".")
        held = [r for r in rows if take(r, path) is not None]
        return sorted(held, key=lambda r: take(r, path), reverse=self.descending) + [
            r for r in rows if take(r, path) is None
        ]

    @cached_property
    def _page_rows(self) -> tuple[list[Any], bool]:
        start = (self.page - 1) * self.size
        found = list(self.matching[start : start + self.size + 1])
        if not found and self.page > 1:
            self.notices.append(_("第 %(page)s 页没有内容，已显示最后一页。") % {"page": self.page})
            self.page = max(1, math.ceil(self._count().count / self.size))
            start = (self.page - 1) * self.size
            found = list(self.matching[start : start + self.size + 1])
        return found[: self.size], len(found) > self.size

    def _count(self) -> Totals:
        rows = self.matching
        if isinstance(rows, QuerySet):
            count = rows.order_by()[: COUNT_CAP + 1].count()
            return Totals(min(count, COUNT_CAP), count > COUNT_CAP)
        return Totals(len(rows))

    @cached_property
    def totals(self) -> Totals:
        rows, more = self._page_rows
        if not more:  # the last page tells the total by itself
            return Totals((self.page - 1) * self.size + len(rows))
        return self._count()

    @property
    def page_rows(self) -> list[Any]:
        """The raw rows of this page, for views that show more than the table."""
        return self._page_rows[0]

    @property
    def told(self) -> list[str]:
        """What the reader must know about this page, once its rows are known."""
        self._page_rows  # noqa: B018 - reading them is what finds out
        return [str(say(notice)) for notice in self.notices]

    @cached_property
    def body(self) -> SafeString:
        """The rows as HTML. Made here, not cell by cell in a template: that took nine tenths of a page's time."""
        columns = [(column.cells(), column.cell()) for column in self.columns]
        label = self.table.row_label or self.columns[0].value or self.columns[0].key
        choose, title = _("选中 %(label)s"), escape(_("选择"))
        form = f"bulk-{escape(self.table.code)}"
        lines = []
        for n, row in enumerate(self.page_rows, self.first_row):
            pick = ""
            if self.steps:
                named = escape(choose % {"label": take(row, label) or _("第 %(number)s 行") % {"number": n}})
                pick = (
                    f'<td class="pick" role="cell" data-title="{title}"><input type="checkbox" form="{form}" '
                    f'name="_chosen" value="{escape(row_key(row, n))}" aria-label="{named}"></td>'
                )
            cells = "".join([f"{opening}{html(row)}</td>" for html, opening in columns])
            lines.append(f'<tr role="row">{pick}{cells}</tr>\n')
        return SafeString("".join(lines))

    # -- pages

    @property
    def has_next(self) -> bool:
        return self._page_rows[1] and self.page < math.ceil(DEEPEST / self.size)

    @property
    def last_page(self) -> int | None:
        totals = self.totals
        return None if totals.capped else max(1, math.ceil(totals.count / self.size))

    @property
    def first_row(self) -> int:
        return (self.page - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        return (self.page - 1) * self.size + len(self.page_rows)

    @property
    def previous_url(self) -> str:
        return self.url(page=self.page - 1 if self.page > 2 else None)

    @property
    def next_url(self) -> str:
        return self.url(page=self.page + 1)

    @property
    def size_urls(self) -> list[tuple[int, str, bool]]:
        return [(s, self.url(size=s, page=None), s == self.size) for s in sorted({*SIZES, self.table.page_size})]

    def url(self, **changes: Any) -> str:
        """This list with some parameters changed; None takes one away."""
        params = {name: values for name, values in self.params.lists() if name != "export"}
        for name, value in changes.items():
            if value is None:
                params.pop(name, None)
            else:
                params[name] = [str(value)]
        return f"{self.request.path}?{urlencode(params, doseq=True)}" if params else self.request.path

    @property
    def here(self) -> str:
        return self.url()

    @property
    def plain_url(self) -> str:
        return self.request.path

    @property
    def export_urls(self) -> list[tuple[str, str]]:
        if not (self.table.export and self.may_export):
            return []
        return [(kind.upper(), self.url(export=kind, page=None)) for kind in ("xlsx", "csv")]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the filter form hands on beside its own fields."""
        return [(n, self.params.get(n, "")) for n in ("sort", "size") if n in self.params]

    # -- filters

    @property
    def first_fields(self) -> SafeString:
        return filter_fields.fields(self.table.code, self.filters[: self.table.filters_shown])

    @property
    def more_filters(self) -> list[FilterState]:
        return self.filters[self.table.filters_shown :]

    @property
    def more_fields(self) -> SafeString:
        return filter_fields.fields(self.table.code, self.more_filters)

    @property
    def more_open(self) -> bool:
        return any(f.active or f.error for f in self.more_filters)

    @property
    def active_filters(self) -> list[tuple[str, str]]:
        """Each filter in force as words, with the list's address without it."""
        return [(f.words, self.url(page=None, **dict.fromkeys(f.filter.names))) for f in self.filters if f.active]

    @property
    def described(self) -> str:
        """The filters as one sentence, for a record of who exported what."""
        with in_the_record():
            return "；".join(f.words for f in self.filters if f.active) or "无筛选条件"  # not shown: kept in the ledger

    # -- what this person prefers

    @cached_property
    def owner(self) -> str | None:
        return owner_of(self.request)

    @cached_property
    def preference(self) -> dict[str, Any]:
        if self.owner is None:
            return {}
        row = Preference.objects.filter(owner=self.owner, code=self.preference_code).first()
        return dict(row.value) if row else {}

    @property
    def preference_code(self) -> str:
        return f"table:{self.table.code}"

    @property
    def density(self) -> str:
        held = self.preference.get("density")
        return held if held in DENSITIES else "normal"

    @cached_property
    def columns(self) -> list[Column]:
        """The columns this person chose; chosen ones that no longer exist are forgotten."""
        chosen = self.preference.get("columns")
        known = [c for c in self.table.columns if c.key in chosen] if isinstance(chosen, list) else []
        return known or [c for c in self.table.columns if not c.hidden]

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        shown = {c.key for c in self.columns}
        return [(c, c.key in shown) for c in self.table.columns]

    @property
    def heads(self) -> list[Head]:
        made = []
        for column in self.columns:
            current = column.key == self.sort
            state = ("descending" if self.descending else "ascending") if current else "none"
            turned = f"-{column.key}" if current and not self.descending else column.key
            made.append(Head(column, self.url(sort=turned, page=None) if column.sort else None, state))
        return made

    @cached_property
    def views(self) -> list[tuple[SavedView, str, bool]]:
        """Saved views with their addresses; the one that is the present address is current."""
        if self.owner is None:
            return []
        here = view_query(self.params)
        return [
            (view, f"{self.request.path}?{view.query}", view.query == here)
            for view in SavedView.objects.filter(owner=self.owner, table=self.table.code)
        ]

    @property
    def query(self) -> str:
        """What a saved view of the present list would keep."""
        return view_query(self.params)

    @property
    def view_current(self) -> bool:
        return any(current for _, _, current in self.views)

    # -- answers that are not the page

    @property
    def wants_export(self) -> bool:
        return self.params.get("export") in {"csv", "xlsx"}

    @property
    def export_kind(self) -> str:
        return self.params.get("export", "")

    def export_rows(self) -> Iterator[Any]:
        """Exactly the filtered rows, in the order shown, bounded; too many is told before the first is written."""
        if not (self.table.export and self.may_export):
            raise Forbidden("export_not_allowed", _("您的岗位不能导出“%(title)s”。") % {"title": say(self.table.title)})
        if self.faulty:
            raise Refused("filter_not_understood", "筛选条件有误，未导出。请先改正筛选条件。")
        rows = self.matching
        most = self.table.export_most or EXPORT_MOST
        count = rows.order_by()[: most + 1].count() if isinstance(rows, QuerySet) else len(rows)
        if count > most:
            told = _("符合条件的超过 %(most)s 行，一次导出不了。请用筛选条件分几次导出。") % {"most": f"{most:,}"}
            raise Refused("export_too_large", told)
        return iter(rows.iterator(chunk_size=2_000)) if isinstance(rows, QuerySet) else iter(rows)

    def response(self) -> HttpResponseBase:
        """The export the URL asks for."""
        from shiheng.ui import exports

        return exports.respond(self)

    @property
    def wants_step(self) -> bool:
        return self.request.method == "POST" and "_step" in self.request.POST

    def step_response(self) -> HttpResponseBase:
        """The preview of a bulk step, or the step itself once confirmed."""
        from shiheng.ui import bulk

        return bulk.respond(self)


def view_query(params: QueryDict) -> str:
    """Filters, sort and size in a fixed order, without the page."""
    kept = QueryDict(mutable=True)
    for name in sorted(params):
        values = [v for v in params.getlist(name) if v != ""]
        if name not in {"page", "export", "csrfmiddlewaretoken"} and values:
            kept.setlist(name, values)
    return kept.urlencode()


def ordering(rows: QuerySet[Any], field_path: str, descending: bool) -> OrderBy:
    """Order by a field; rows without a value come last on every database."""
    last = True if _nullable(rows, field_path) else None
    by = F(field_path)
    return by.desc(nulls_last=last) if descending else by.asc(nulls_last=last)


def _nullable(rows: QuerySet[Any], field_path: str) -> bool:
    if field_path in rows.query.annotations:
        return True
    model: Any = rows.model
    for name in field_path.split("__"):
        if name == "pk":
            return False
        if model is None:
            return False
        found = model._meta.get_field(name)
        if getattr(found, "null", False):
            return True
        model = found.related_model
    return False


def titles(columns: Iterable[Column]) -> list[str]:
    """Column headings with the unit of what they hold, as an export shows them."""
    return [_("%(title)s（元）") % {"title": say(c.title)} if c.kind == "money" else str(say(c.title)) for c in columns]
