"""企业端的投诉: what is claimed against one's own business, answering it, offering a settlement, agreeing or not."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.catalogue.queries import calendar
from shiheng.kernel.errors import Refused
from shiheng.procedures import queries as proceedings
from shiheng.procedures.contents import contents_of
from shiheng.procedures.definition import OPENING
from shiheng.registers.contents import lines_of
from shiheng.services import actions, attaching, queries, traders
from shiheng.services.models import Addition
from shiheng.ui.pages import render

SHOWN = ("summary", "kind", "story", "claims", "amount", "bought_on")
"""What of a complaint the business it is about reads."""


@needs(May.OWN_BUSINESS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def complaint(request: HttpRequest, number: int) -> HttpResponseBase:
    """One complaint against one's own business."""
    found, party = traders.find(who_at(request), number)
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in traders.KINDS:
            raise Refused("addition.kind", _("没有这种补充。"))
        try:
            key = UUID(request.POST.get("_key", ""))
        except ValueError:
            raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
        attached = attaching.kept(request.FILES.getlist("papers"))
        actions.add(found, party, kind, request.POST.get("text", "")[:4000], attached=attached, key=key)
        messages.success(request, _("已提交，承办人会看到。"))
        return redirect("own-complaint", number)
    course = proceedings.course_of(found)
    contents = contents_of(course.procedure, OPENING)
    titles = {contents.titles[name] for name in SHOWN if name in contents.titles}
    opened = dict(course.opened.facts) if course.opened else {}
    context = {
        "file": found, "state": course.procedure.state(course.state), "people": traders.complained(found),
        "lines": [line for line in lines_of(contents, opened) if line[0] in titles and line[1]],
        "told": queries.told_to(found, party, calendar()), "most": attaching.MOST_FILES, "key": uuid4(),
        "kinds": [(kind, Addition.KINDS[kind]) for kind in traders.KINDS],
    }  # fmt: skip
    return render(request, "services/own_complaint.html", context)
