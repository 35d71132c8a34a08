"""The desk: every file I may see, by what falls due; opening a file of a procedure."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Problem, Refused
from shiheng.procedures import bonds, queries, tables
from shiheng.procedures.contents import all_on, pointing, procedure_of
from shiheng.procedures.opening import SEEN, heeds, open_from, opening_form
from shiheng.procedures.triage.declared import letter_of
from shiheng.ui.pages import render


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponseBase:
    """待办: one list of every kind of file, what falls due first on top; given to an officer one or many at once."""
    who = who_at(request)
    rows = queries.visible_to(who).select_related("subject")
    if request.method != "POST":  # a step for many may want to know more
        rows = rows.only(*tables.SHOWN)
    if request.GET.get("done") != "1":
        rows = rows.filter(queries.OPEN)
    found = tables.table_of(who, request.GET.get("procedure", "")).read(request, rows, steps=tables.steps_of(who))
    if found.wants_step:
        return found.step_response()
    if found.wants_export:
        return found.response()
    return render(
        request,
        "procedures/desk.html",
        {"listing": found, "counts": _counts(who), "may_open": who.may(May.HANDLE_FILES)},
    )


def _counts(who: Who) -> list[tuple[str, int, str, str]]:
    """The figures above the desk: what is mine, what is late, what falls due in three days; each opens its rows.

    Two questions, each over one stretch of an index: one's own files, and those due by the last of the days.
    """
    today, rows = clock.today(), queries.visible_to(who).filter(queries.OPEN).order_by()
    soon = today + tables.SOON
    late = Count("pk", filter=Q(due__lt=today))
    own = rows.filter(officer_id=who.account_id).aggregate(all=Count("pk"), late=late)
    near = rows.filter(due__lte=soon).aggregate(all=Count("pk"), late=late)
    return [
        (str(_("我承办的")), own["all"], "?mine=1", "plain"),
        (str(_("我的已超期")), own["late"], "?mine=1&late=1", "late"),
        (str(_("辖区已超期")), near["late"], "?late=1", "late"),
        (str(_("三日内到期")), near["all"] - near["late"], f"?due_from={today}&due_to={soon}", "warn"),
    ]


@needs(May.HANDLE_FILES)
@require_safe
def choose(request: HttpRequest) -> HttpResponseBase:
    """Which kind of file to open."""
    who = who_at(request)
    every = [one for one in all_on(clock.today()) if queries.may_open(who, one)]
    offered = [one for one in every if not (one.bond and one.bond.needed)]
    return render(request, "procedures/choose.html", {"procedures": offered})


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Open a file: what it is about, who stands in it, when it was received."""
    who = who_at(request)
    procedure = procedure_of(code, on=clock.today())
    if not queries.may_open(who, procedure):
        raise Forbidden("file.opener", _("您的岗位不能登记“%(title)s”。") % {"title": procedure.title})
    earlier = bonds.earlier_of(who, procedure, _about(request))
    form, found = opening_form(procedure, who, earlier), []
    if request.method == "POST" and (given := form.read(request)):
        try:
            if found := heeds(procedure, given.model_dump()):
                form = opening_form(procedure, who, earlier, heeded=True)
                given = form.read(request) or given
                if not getattr(given, SEEN, False):
                    raise Refused("measures.unseen", _("请先看过信用提示，勾选以后再登记。"), field=SEEN)
            made = open_from(who, procedure, given.model_dump(), UUID(str(form.key)), earlier)
        except Problem as problem:
            form.refuse(pointing(problem))
        else:
            messages.success(request, _("已登记，编号 %(number)s。") % {"number": made.number})
            return redirect("file", made.pk)
    context = {
        "procedure": procedure,
        "form": form,
        "earlier": earlier,
        "letter": letter_of(code) is not None,
        "heeds": found,
    }
    return render(request, "procedures/new.html", context, status=form.status)


def _about(request: HttpRequest) -> int | None:
    """The number of the earlier file a new one is opened from."""
    text = request.GET.get("about", "")
    return int(text) if text.isdigit() and len(text) < 10 else None
