"""The credit portal: one box, its results, one public page a subject; and how much the portal is used."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import anyone, needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.publication import queries
from shiheng.publication.models import QueryCount
from shiheng.publication.portal import projection
from shiheng.subjects import search
from shiheng.ui import pages, slots
from shiheng.ui.charts import Bar, Chart, bar
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

PAGE = 20
LONGEST_QUESTION = 100
#: Where the signed-in begin; who holds neither power begins at the first entry of their menu.
LANDINGS = ((May.READ_SUBJECTS, "subjects"), (May.OWN_BUSINESS, "enterprise-home"), (May.SEND_OWN, "outside-home"))

USAGE = Table(
    "usage",
    "查询量明细",
    columns=(
        Column("day", "日期", kind="day", sort="day"),
        Column("channel", "渠道", lambda row: say(QueryCount.CHANNELS.get(row.channel, row.channel)), sort="channel"),
        Column("kind", "类型", lambda row: say(QueryCount.KINDS.get(row.kind, row.kind)), sort="kind"),
        Column("count", "次数", kind="number", sort="count"),
    ),
    filters=(
        Filter("day", "日期", "day_range", "day"),
        Filter("channel", "渠道", "choice", "channel", choices=list(QueryCount.CHANNELS.items())),
        Filter("kind", "类型", "choice", "kind", choices=list(QueryCount.KINDS.items())),
    ),
    default_sort="-day",
    empty="还没有人查询过。公众在信用门户检索或查看主体后，次数会出现在这里。",
)


@anyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """信用查询: one box. A signed-in officer or owner is led to their own first page."""
    who = who_at(request)
    if who.account_id is not None and "portal" not in request.GET:
        for power, place in LANDINGS:
            if who.may(power):
                return HttpResponseRedirect(reverse(place))
        entries = [entry for section in slots.menu(slots.menu_items(who), who) for entry in section.entries]
        if entries:
            return HttpResponseRedirect(entries[0].href)
    return pages.render(request, "publication/home.html")


@anyone
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What was found, with the piece that matched marked and the former name that matched named."""
    text = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    given = request.GET.get("page", "1")
    number = max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 5 else 1
    found = search.find(text, limit=PAGE, offset=(number - 1) * PAGE, count=True) if text else search.Found()
    context = {"search_text": text, "found": found, "page": number, "first": (number - 1) * PAGE + 1}
    return pages.render(request, "publication/results.html", context)


@anyone
@require_safe
def subject(request: HttpRequest, key: str) -> HttpResponse:
    """The public page of one subject, by its code (the address to keep) or its id."""
    file = projection.one(key)
    if file.uscc and key != file.uscc:
        return HttpResponseRedirect(reverse("portal-subject", args=[file.uscc]))
    context = {"file": file, "key": key, "today": clock.today()}
    return pages.render(request, "publication/subject.html", context)


@anyone
@require_safe
def mistake(request: HttpRequest, key: str) -> HttpResponse:
    """发现信息有误: where a mistake is put right, and what to bring."""
    context = {"file": projection.one(key), "key": key}
    return pages.render(request, "publication/mistake.html", context)


@needs(May.READ_USAGE)
@require_safe
def usage(request: HttpRequest) -> HttpResponseBase:
    """查询量统计: figures by month, channel and kind; each opens its rows below."""
    rows = queries.visible_to(who_at(request))
    listing = USAGE.read(request, rows)
    if listing.wants_export:
        return listing.response()
    today = clock.today()
    months = queries.by_month(rows, until=today)
    year = rows.filter(day__gte=date(today.year, 1, 1), day__lte=today)
    context = {
        "listing": listing,
        "months": months,
        "month": months[-1],
        "year": queries.total(year),
        "year_first": date(today.year, 1, 1),
        "today": today,
        "today_count": queries.total(rows.filter(day=today)),
        "all": queries.total(rows),
        "channels": [
            (code, title, queries.by_channel(year).get(code, 0)) for code, title in QueryCount.CHANNELS.items()
        ],
        "chart": _chart(months),
    }
    return pages.render(request, "publication/usage.html", context)


def _chart(months: list[queries.Month]) -> Chart:
    here = reverse("usage")
    bars = [
        Bar(f"{m.first:%Y-%m}", m.count, f"{here}?day_from={m.first}&day_to={m.last}#listing-usage") for m in months
    ]
    most = max(months, key=lambda m: m.count)
    told = ngettext("查询最多的是 %(month)s，%(count)s 次。", "查询最多的是 %(month)s，%(count)s 次。", most.count)
    facts = {"month": f"{most.first:%Y-%m}", "count": f"{most.count:,}"}
    sentence = told % facts if most.count else _("近十二个月没有查询。")
    return bar(_("近十二个月查询量"), bars, sentence=sentence, unit=_("次"), name=_("次数"))
