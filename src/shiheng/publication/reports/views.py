"""Pages of credit reports: make one, take it away, check one, and the history of all."""

from pathlib import Path
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shiheng.accounts.doors import anyone, needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Refused
from shiheng.ledger.queries import public_keys
from shiheng.publication.portal import projection
from shiheng.publication.reports import actions, queries, verify_report
from shiheng.publication.reports.models import CreditReport
from shiheng.ui import pages
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

MOST = 8 * 1024 * 1024
CHANNELS = {"officer": "desk", "enterprise": "enterprise"}


def _uses(row: CreditReport, *kinds: str) -> int:
    return sum(use.count for use in row.uses.all() if use.kind in kinds)


HISTORY = Table(
    "credit-reports",
    "信用报告",
    [
        Column("number", "报告编号", kind="link", href=lambda row: reverse("verify-report", args=[row.number])),
        Column("name", "主体"),
        Column("made_at", "出具时间", kind="moment", sort="made_at"),
        Column("channel", "渠道", lambda row: say(CreditReport.CHANNELS.get(row.channel, row.channel))),
        Column("account", "出具人", lambda row: row.account.name if row.account else say("公众"), kind="person"),
        Column("good", "许可与守信", kind="number"),
        Column("bad", "处罚与名录", kind="number"),
        Column("taken", "下载次数", lambda row: _uses(row, "pdf", "json"), kind="number"),
        Column("checked", "核验次数", lambda row: _uses(row, "check"), kind="number"),
    ],
    [
        Filter("number", "报告编号", "text", "number"),
        Filter("made_at", "出具时间", "moment_range", "made_at"),
        Filter("channel", "渠道", "choice", "channel", choices=list(CreditReport.CHANNELS.items())),
    ],
    default_sort="-made_at",
    empty="还没有人出具过信用报告。公众在主体页面上出具后，会列在这里。",
)  # fmt: skip


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def make(request: HttpRequest, key: str) -> HttpResponseBase:
    """What a report says, and the button that makes one."""
    if request.method == "POST":
        who = who_at(request)
        try:
            once = UUID(request.POST.get("_key", ""))
        except ValueError:
            raise Refused("key.missing", "表单已失效，请刷新页面后重试。") from None
        channel = CHANNELS.get(who.kind, "portal")
        report = actions.issue(who, key, channel=channel, request=request, key=once)
        return HttpResponseRedirect(reverse("credit-report", args=[report.number]))
    return pages.render(request, "publication/reports/make.html", {"file": projection.one(key), "key": key})


@anyone
@require_safe
@never_cache
def one(request: HttpRequest, number: str) -> HttpResponse:
    """A report that was made: take it away as PDF or as data."""
    report = queries.to_take(number)
    sealed = report.leaf.position is not None
    return pages.render(request, "publication/reports/one.html", {"report": report, "sealed": sealed})


@anyone
@require_safe
@never_cache
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The paper, with its proof in the file."""
    report = queries.to_take(number)
    made = actions.pdf_of(report)
    if request.method == "GET":
        actions.used(report, "pdf")
    head = {"Content-Disposition": f'attachment; filename="credit-report-{report.number}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=head)


@anyone
@require_safe
@never_cache
def data(request: HttpRequest, number: str) -> HttpResponse:
    """The same as data, with its proof."""
    report = queries.to_take(number)
    bundle = actions.bundle_of(report)
    if request.method == "GET":
        actions.used(report, "json")
    head = {"Content-Disposition": f'attachment; filename="credit-report-{report.number}.json"'}
    return JsonResponse(bundle, json_dumps_params={"ensure_ascii": False}, headers=head)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest) -> HttpResponseBase:
    """Check a report by its file or its number; the file is read and forgotten."""
    context: dict[str, object] = {"keys": [key.fingerprint for key in public_keys()]}
    if request.method == "POST":
        sent = request.FILES.get("report")
        if sent is None or (sent.size or 0) > MOST:
            context["fault"] = "请选择信用报告文件（PDF 或 JSON，最大 8 MB）。"
        else:
            try:
                told = verify_report.check(sent.read())
                context["told"] = told
                context["ours"] = told["fingerprint"] in context["keys"]  # type: ignore[operator]
            except verify_report.NotGoodError as fault:
                context["fault"] = str(fault)
            except (ValueError, KeyError, TypeError, IndexError):
                context["fault"] = "这不是市衡的信用报告，或文件不完整。"
    elif number := request.GET.get("number", "").strip():
        return HttpResponseRedirect(reverse("verify-report", args=[queries.named(number).number]))
    return pages.render(request, "publication/reports/check.html", context, status=422 if "fault" in context else 200)


@anyone
@require_safe
@never_cache
def checked(request: HttpRequest, number: str) -> HttpResponse:
    """What the code on a report leads to: it is ours, of whom, of when, and whether its matters changed since."""
    report = queries.named(number)
    if request.method == "GET":
        actions.used(report, "check")
    context = {
        "report": report,
        "since": queries.since(report),
        "uses": queries.uses(report),
        "open": queries.open_now(report),
        "keys": [key.fingerprint for key in public_keys()],
    }
    return pages.render(request, "publication/reports/checked.html", context)


@anyone
@require_safe
def program(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """The verifier as one file."""
    text = Path(verify_report.__file__).read_text(encoding="utf-8")
    head = {"Content-Disposition": 'attachment; filename="verify_report.py"'}
    return HttpResponse(text, content_type="text/x-python; charset=utf-8", headers=head)


@needs(May.READ_SUBJECTS)
@require_safe
def history(request: HttpRequest) -> HttpResponseBase:
    """打印记录: every report on businesses of the territory."""
    rows = queries.visible_to(who_at(request)).select_related("account").prefetch_related("uses")
    listing = HISTORY.read(request, rows)
    if listing.wants_export:
        return listing.response()
    context = {"listing": listing, "title": _("信用报告打印记录")}
    return pages.render(request, "publication/reports/history.html", context)
