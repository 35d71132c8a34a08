"""法规库: the list of instruments, searching and reading them, comparing two editions, and what cites an article."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import anyone, needs, who_at
from shiheng.accounts.permissions import May
from shiheng.catalogue.law import citing, comparing, links, queries
from shiheng.catalogue.law.definition import HOWS, LEVELS, Article
from shiheng.catalogue.law.models import Edition, Provision
from shiheng.catalogue.law.queries import Shelf
from shiheng.kernel import clock
from shiheng.kernel.citation import Cited, read_token
from shiheng.kernel.errors import Missing, Refused
from shiheng.ui import pages, slots
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

slots.declare("law.article", "与本条有关")

WORDS, SUMMARY, NOTHING = ("已载入原文", "ok"), ("只有摘要", "wait"), ("未载入", "plain")
ENDED = ("已废止", "done")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Line:
    """An instrument among all of them."""

    code: str
    title: str
    level: str
    issuer: str
    number: str
    editions: int
    loaded: int
    since: date | None
    until: date | None
    articles: int | None
    state: tuple[str, str]
    day: tuple[str, str]


def _line(shelf: Shelf, today: date, summed: set[int]) -> Line:
    now = shelf.on(today) or (shelf.editions[-1] if shelf.editions else None)
    state = NOTHING
    if now is not None:
        state = WORDS if now.digest else SUMMARY if now.pk in summed else NOTHING
    return Line(
        shelf.instrument.code,
        shelf.instrument.title,
        shelf.instrument.level,
        shelf.instrument.issuer,
        now.number if now else "",
        len(shelf.editions),
        len(shelf.loaded),
        now.in_force_from if now else None,
        shelf.until(now) if now else None,
        now.articles or None if now else None,
        state,
        ENDED if shelf.ended(today) else _day_state(now),
    )


def _day_state(edition: Edition | None) -> tuple[str, str]:
    if edition is None:
        return ("未登记", "plain")
    return ("已核对", "ok") if edition.verified else ("待核对", "warn")


def _having(state: str) -> Any:
    return lambda rows, _on: [row for row in rows if row.state[0] == state]


TABLE = Table(
    "law",
    "法规库",
    [
        Column("title", "名称", sort="title", kind="link", href=lambda row: reverse("law-instrument", args=[row.code])),
        Column("level", "层级", lambda row: say(row.level), sort="level"),
        Column("issuer", "制定机关", sort="issuer"),
        Column("number", "文号", hidden=True),
        Column("editions", "版本", sort="editions", kind="number"),
        Column("loaded", "有原文的版本", sort="loaded", kind="number", hidden=True),
        Column("since", "现行版本施行", sort="since", kind="day"),
        Column("until", "至", sort="until", kind="day", hidden=True),
        Column("articles", "条数", sort="articles", kind="number"),
        Column("state", "原文", kind="badge"),
        Column("day", "施行日", kind="badge", hint="条文或文首写明的为已核对；凭登记或文件名的为待核对"),
    ],
    [
        Filter("title", "名称含", apply=lambda rows, text: [row for row in rows if text in row.title]),
        Filter(
            "level", "层级", kind="choice", choices=[(level, level) for level in LEVELS],
            apply=lambda rows, level: [row for row in rows if row.level == level],
        ),
        Filter("loaded", "只看有原文的", kind="flag", apply=_having(WORDS[0])),
    ],
    default_sort="title",
    empty="没有符合条件的法规。",
    page_size=100,
)  # fmt: skip


def _frame(request: HttpRequest) -> dict[str, Any]:
    """The page is the desk's for officers and the public's for everybody else."""
    officer = who_at(request).may(May.SEE_DESK)
    return {"frame": "ui/desk.html" if officer else "ui/public.html", "officer": officer}


def _day(request: HttpRequest) -> date:
    given = request.GET.get("on", "").strip()
    if not given:
        return clock.today()
    try:
        if len(given) != len("2026-01-01"):
            raise ValueError
        return date.fromisoformat(given)
    except ValueError:
        raise Refused("law.day", "日期要写成 2026-01-01 的样子。请改正网址或日期框里的日期。") from None


@anyone
@require_safe
def library(request: HttpRequest) -> HttpResponseBase:
    """Every instrument, how many editions of it there are, and whether their words are here."""
    today = clock.today()
    held = queries.shelves()
    summed = set(Provision.objects.filter(text="").values_list("edition_id", flat=True))
    listing = TABLE.read(request, [_line(one, today, summed) for one in held])
    if listing.wants_export:
        return listing.response()
    context = {"listing": listing, "empty": not any(one.loaded for one in held), **_frame(request)}
    return pages.render(request, "catalogue/law.html", context)


@anyone
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Articles that hold the words sought, or the article a reference names."""
    text = request.GET.get("q", "").strip()
    if len(text) > LONGEST or "\x00" in text:
        raise Refused("law.search", _("最多 %(most)s 个字。请缩短后再找。") % {"most": LONGEST})
    day, everything = _day(request), request.GET.get("all") == "1"
    found = queries.search(text, on=day, everything=everything)
    context = {
        "q": text,
        "on": day,
        "everything": everything,
        "found": found,
        "most": queries.MOST_FOUND,
        "shortest": queries.SHORTEST,
        "hits": [
            (hit, links.address(hit.instrument.code, hit.provision.number, day if hit.in_force else hit.seen_on))
            for hit in found.hits
        ],
        **_frame(request),
    }
    return pages.render(request, "catalogue/law_search.html", context)


@anyone
@require_safe
def instrument(request: HttpRequest, code: str) -> HttpResponse:
    """One instrument as in force on a day, with its editions."""
    shelf, day = queries.shelf(code), _day(request)
    shown = _chosen(request, shelf, day)
    provisions = list(shown.provisions.all()) if shown else []
    context = {
        "shelf": shelf,
        "instrument": shelf.instrument,
        "on": day,
        "shown": shown,
        "until": shelf.until(shown) if shown else None,
        "how": HOWS[shown.how] if shown else "",
        "provisions": _by_chapter(provisions),
        "editions": [_edition_line(shelf, edition, shown) for edition in reversed(shelf.editions)],
        "latest_loaded": shelf.loaded[-1] if shelf.loaded else None,
        **_frame(request),
    }
    return pages.render(request, "catalogue/law_instrument.html", context)


def _chosen(request: HttpRequest, shelf: Shelf, day: date) -> Edition | None:
    given = request.GET.get("edition", "")
    if not given:
        return shelf.on(day)
    found = next((edition for edition in shelf.editions if edition.in_force_from.isoformat() == given), None)
    if found is None:
        raise Missing("law.edition", "没有这一天起施行的版本。请从版本表里打开。")
    return found


def _by_chapter(provisions: Sequence[Provision]) -> list[tuple[str, list[Provision]]]:
    found: list[tuple[str, list[Provision]]] = []
    for provision in provisions:
        if not found or found[-1][0] != provision.chapter:
            found.append((provision.chapter, []))
        found[-1][1].append(provision)
    return found


def _edition_line(shelf: Shelf, edition: Edition, shown: Edition | None) -> dict[str, Any]:
    earlier = [e for e in shelf.loaded if e.in_force_from < edition.in_force_from]
    compare = ""
    if edition.digest and earlier:
        place = reverse("law-compare", args=[shelf.instrument.code])
        compare = f"{place}?from={earlier[-1].in_force_from}&to={edition.in_force_from}"
    return {
        "edition": edition,
        "until": shelf.until(edition),
        "state": WORDS if edition.digest else NOTHING,
        "day": _day_state(edition),
        "how": HOWS[edition.how],
        "current": shown is not None and edition.pk == shown.pk,
        "href": f"{reverse('law-instrument', args=[shelf.instrument.code])}?edition={edition.in_force_from}",
        "compare": compare,
    }


@anyone
@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Two editions side by side, what differs marked."""
    shelf = queries.shelf(code)
    held = {edition.in_force_from.isoformat(): edition for edition in shelf.loaded}
    older, newer = held.get(request.GET.get("from", "")), held.get(request.GET.get("to", ""))
    if older is None or newer is None or older.in_force_from >= newer.in_force_from:
        raise Missing("law.edition", "要比较的两个版本都须有原文，并且一前一后。请从法规页的版本表里打开。")
    pairs = comparing.compare(_articles(older), _articles(newer))
    everything = request.GET.get("all") == "1"
    context = {
        "shelf": shelf,
        "instrument": shelf.instrument,
        "older": older,
        "newer": newer,
        "pairs": [pair for pair in pairs if everything or pair.state != comparing.SAME],
        "counts": [(comparing.STATES[state], count) for state, count in comparing.counted(pairs).items()],
        "everything": everything,
        **_frame(request),
    }
    return pages.render(request, "catalogue/law_compare.html", context)


def _articles(edition: Edition) -> list[Article]:
    return [Article(row.number, row.text, row.chapter) for row in edition.provisions.all()]


@anyone
@require_safe
def article(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """One article as in force on a day, in its other editions, and what cites it in the platform."""
    shelf, day = queries.shelf(code), _day(request)
    number = read_token(token)
    if number is None:
        raise Missing("law.article", "条号要写成 35 或 44-1 的样子。请从法规页打开条文。")
    edition = shelf.on(day)
    shown = queries.provision(edition, number)
    frame = _frame(request)
    cited, failed = citing.citing(shelf.instrument.key, number) if frame["officer"] else ([], [])
    key = (shelf.instrument.key, number)
    context = {
        "shelf": shelf,
        "instrument": shelf.instrument,
        "number": str(number),
        "on": day,
        "edition": edition,
        "until": shelf.until(edition) if edition else None,
        "shown": shown,
        "others": _others(shelf, edition, number),
        "cited": [(say(citing.ENGINES.get(one.engine, one.engine)), one) for one in cited],
        "failed": failed,
        "key": key,
        "neighbours": _neighbours(shelf, edition, shown, day),
        **frame,
    }
    return pages.render(request, "catalogue/law_article.html", context)


def _others(shelf: Shelf, shown: Edition | None, number: Any) -> list[dict[str, Any]]:
    """The article of the same number in every other edition."""
    rows = Provision.objects.filter(
        edition__in=[edition.pk for edition in shelf.editions], article=number.article, inserted=number.inserted
    )
    held = {row.edition_id: row for row in rows}
    return [
        {"edition": edition, "until": shelf.until(edition), "provision": held.get(edition.pk)}
        for edition in reversed(shelf.editions)
        if shown is None or edition.pk != shown.pk
    ]


def _neighbours(
    shelf: Shelf, edition: Edition | None, shown: Provision | None, day: date
) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """The articles before and after, with their addresses."""
    if edition is None or shown is None or not shown.text:
        return (None, None)
    numbers = [row.number for row in edition.provisions.only("article", "inserted")]
    at = numbers.index(shown.number)
    around = (numbers[at - 1] if at else None, numbers[at + 1] if at + 1 < len(numbers) else None)
    found = [(str(one), links.address(shelf.instrument.code, one, day)) if one else None for one in around]
    return (found[0], found[1])


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A citation still to be checked, as a row."""

    engine: str
    title: str
    cited: Cited
    day: date
    why: str
    words: tuple[str, str]


UNSETTLED = Table(
    "law-citations",
    "待核对的引用",
    [
        Column("engine", "在哪里引用", lambda row: say(row.engine), sort="engine"),
        Column("title", "哪一项", lambda row: say(row.title), sort="title"),
        Column("code", "代码", "cited.code", kind="code", hidden=True),
        Column(
            "instrument", "法规", lambda row: say(row.cited.citation.instrument), sort="cited.citation.instrument",
            kind="link", href=lambda row: links.href(row.cited.citation, row.day),
        ),
        Column("article", "条文", lambda row: say(row.cited.citation.article)),
        Column("day", "按哪一天", sort="day", kind="day"),
        Column("words", "原文", kind="badge"),
        Column("why", "为什么待核对"),
    ],
    [
        Filter("instrument", "法规名称含",
               apply=lambda rows, text: [row for row in rows if text in row.cited.citation.instrument]),
        Filter("here", "只看已有原文、可以核对的", kind="flag",
               apply=lambda rows, _on: [row for row in rows if row.words is WORDS]),
    ],
    default_sort="engine",
    empty="没有待核对的引用：每一处引用的条文都读过原文，并且在那一天施行。",
    page_size=100,
)  # fmt: skip


@needs(May.SEE_DESK)
@require_safe
def citations(request: HttpRequest) -> HttpResponseBase:
    """Every citation whose text was not read, or is not what it is said to be."""
    held, failed = citing.standings(clock.today())
    rows = [
        Unsettled(
            citing.ENGINES.get(one.cited.engine, one.cited.engine),
            one.cited.title,
            one.cited,
            one.day,
            _("；").join(str(say(why)).rstrip("。") for why in one.why),
            WORDS if one.words else NOTHING,
        )
        for one in held
        if not one.settled
    ]
    listing = UNSETTLED.read(request, rows)
    if listing.wants_export:
        return listing.response()
    context = {"listing": listing, "settled": len(held) - len(rows), "open": len(rows), "failed": failed}
    return pages.render(request, "catalogue/law_citations.html", context)
