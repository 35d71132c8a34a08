"""回复平台 and 差异清单: what is owed to a platform and the file that carries it; what differs on which day."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Missing, Problem
from shiheng.procedures.exchange import differing, queries, replying, tables
from shiheng.procedures.exchange.comparing import RESULTS
from shiheng.procedures.exchange.models import Reply
from shiheng.ui.pages import render
from shiheng.ui.wording import say

TONES = {"ready": "wait", "sent": "plain", "accepted": "ok", "refused": "late"}
FEW = 200


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def replies(request: HttpRequest, code: str) -> HttpResponseBase:
    """What one platform is to be told, the file that tells it, and what it said of earlier ones."""
    who = who_at(request)
    platform, may = queries.platform_of(code), queries.may_intake(who)
    if request.method == "POST":
        try:
            made = replying.send(who, code, key=_key(request.POST.get("_key", "")))
        except Problem as problem:
            messages.error(request, problem.message)
        else:
            messages.success(request, _("已生成回复文件，共 %(n)s 件。下载后传给平台。") % {"n": made.rows})
            return redirect("order-file", made.pk)
    held = replying.owed(who, platform)
    told = queries.replies(who).filter(order__platform=code).exclude(state="ready").order_by("-sent_at", "-pk")[:FEW]
    context = {
        "platform": platform, "platforms": queries.platforms(), "may": may, "key": uuid4(),
        "lines": tables.owed_lines(platform, held[:FEW]), "count": len(held),
        "told": [(row, say(Reply.STATES[row.state]), TONES[row.state]) for row in told],
    }  # fmt: skip
    return render(request, "procedures/exchange/replies.html", context)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def differences(request: HttpRequest) -> HttpResponseBase:
    """The lists of differences, by day; made anew now by whoever stands at intake."""
    who = who_at(request)
    may = queries.may_intake(who)
    if request.method == "POST" and may:
        made = differing.make(who, scope=queries.intake_scope(who))
        messages.success(request, _("已按平台最近的文件重新核对，共 %(n)s 份清单。") % {"n": len(made)})
        return redirect("differences")
    titles = {one.code: one.title for one in queries.platforms()}
    rows = [
        (row, titles.get(row.platform, row.platform), len(row.lines))
        for row in queries.differences(who).order_by("-day", "platform", "scope")[:FEW]
    ]
    return render(request, "procedures/exchange/differences.html", {"rows": rows, "may": may})


@needs(May.READ_FILES)
@require_safe
@never_cache
def difference(request: HttpRequest, number: int) -> HttpResponseBase:
    """One day's list: every line opens its row and its file."""
    who = who_at(request)
    found = queries.differences(who).filter(pk=number).first()
    if found is None:
        raise Missing("differences.unknown", _("没有这份差异清单，或它不在您的管辖范围内。"))
    platform = queries.version_of(found.file.platform, found.file.version)
    listing = tables.differences().read(request, found.lines)
    if listing.wants_export:
        return listing.response()
    counts = [
        (str(say(title)), sum(line["kind"] == kind for line in found.lines), f"?kind={kind}")
        for kind, title in RESULTS.items()
    ]
    context = {"found": found, "platform": platform, "listing": listing, "counts": counts}
    return render(request, "procedures/exchange/difference.html", context)
