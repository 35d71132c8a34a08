"""Pages of bureau information: for everybody, and for those who keep them."""

import difflib
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import anyone, needs, who_at
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Problem, Refused
from shiheng.publication.bureau import actions, queries
from shiheng.publication.bureau.models import BureauPage
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

Kind = Literal[
    "functions", "sections", "leaders", "guides", "supervision", "remedies", "channels", "reconsideration", "news"
]
STATES = {"draft": "wait", "on": "ok", "withdrawn": "done"}


class Words(BaseModel):
    """政务公开页"""

    kind: Annotated[Kind, Field(title="类别", json_schema_extra={"choices": BureauPage.KINDS, "widget": "select"})]
    title: Annotated[str, Field(title="标题", min_length=2, max_length=120)]
    text: Annotated[str, Field(title="正文", min_length=2, max_length=20_000, json_schema_extra={"widget": "textarea"})]
    hide: Annotated[
        str,
        Field(
            title="须隐去的姓名", max_length=500,
            description="用于行政复议决定和政务信息：用顿号分开。电话、证件号码、住址和一般姓名自动隐去，请在版本里核对。",
        ),
    ] = ""  # fmt: skip
    keep: Annotated[
        str, Field(title="不隐去的姓名", max_length=500, description="依法公开的姓名，如机关负责人；用顿号分开。")
    ] = ""
    used_by: Annotated[
        str, Field(title="采用单位", max_length=200, description="政务信息被谁采用，如 市政府办公室")
    ] = ""
    used_on: Annotated[date | None, Field(title="采用日期")] = None


PAGES = Table(
    "bureau-pages",
    "政务公开页",
    [
        Column("title", "标题", kind="link", href=lambda row: reverse("bureau-kept", args=[row.pk])),
        Column("kind", "类别", lambda row: say(BureauPage.KINDS.get(row.kind, row.kind)), sort="kind"),
        Column("state", "状态", lambda row: (BureauPage.STATES[row.state], STATES[row.state]), kind="badge"),
        Column("updated_on", "更新日期", kind="day", sort="updated_on"),
        Column("used_by", "采用单位"),
    ],
    [
        Filter("kind", "类别", "choice", "kind", choices=list(BureauPage.KINDS.items())),
        Filter("state", "状态", "choice", "state", choices=list(BureauPage.STATES.items())),
        Filter("title", "标题", "text", "title__contains"),
    ],
    default_sort="-updated_on",
    empty="还没有政务公开页。点“新建”起草一页，核对后公开。",
)  # fmt: skip


@anyone
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """政务公开: everything the bureau says of itself, each with its day of update."""
    return render(request, "publication/bureau/overview.html", {"kinds": queries.by_kind()})


@anyone
@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One page, with the days of its versions."""
    page = queries.shown(number)
    days = [version for version in queries.versions(page) if version.act != "write"]
    return render(request, "publication/bureau/page.html", {"page": page, "versions": days, "acts": queries.ACTS})


@anyone
@require_safe
def article(request: HttpRequest, number: int) -> HttpResponse:
    """The page as the text of an article, for the bureau's other channels."""
    page = queries.shown(number)
    bureau = Office.objects.filter(path=page.scope).values_list("title", flat=True).first() or ""
    address = request.build_absolute_uri(reverse("bureau-page", args=[number]))
    text = queries.article(page, address=address, bureau=bureau)
    head = {"Content-Disposition": f'attachment; filename="article-{number}.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=head)


@needs(May.KEEP_CATALOGUE)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """The pages one keeps."""
    found = PAGES.read(request, queries.visible_to(who_at(request)))
    if found.wants_export:
        return found.response()
    return render(request, "publication/bureau/listing.html", {"listing": found})


@needs(May.KEEP_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Write a page anew, or the next version of one."""
    who = who_at(request)
    page = queries.kept(who, number) if number else None
    last = queries.versions(page)[0] if page else None
    initial: dict[str, Any] = {}
    if page and last:
        initial = {"kind": page.kind, "title": last.title, "text": last.text, "used_by": page.used_by,
                   "used_on": page.used_on}  # fmt: skip
    form = forms.from_model(Words, code="publication.bureau", about=str(number or ""), initial=initial)
    if request.method == "POST" and (given := form.read(request)):
        try:
            made = actions.write(
                who, page, kind=given.kind, title=given.title, text=given.text, hide=_names(given.hide),
                keep=_names(given.keep), used_by=given.used_by, used_on=given.used_on, key=UUID(form.key),
            )  # fmt: skip
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已存为新版本。请核对隐去的内容，再公开。"))
            return htmx.redirect(request, reverse("bureau-kept", args=[made.pk]))
    return render(request, "publication/bureau/write.html", {"form": form, "page": page}, status=form.status)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("，", "、").replace(",", "、").split("、") if name.strip())


@needs(May.KEEP_CATALOGUE)
@require_safe
def kept(request: HttpRequest, number: int) -> HttpResponse:
    """One page with all its versions, the newest words against those that are public."""
    page = queries.kept(who_at(request), number)
    versions = queries.versions(page)
    newest = next((version for version in versions if version.act == "write"), None)
    lines = difflib.ndiff(page.text.splitlines(), newest.text.splitlines()) if newest and page.state == "on" else ()
    context = {
        "page": page,
        "versions": versions,
        "newest": newest,
        "acts": queries.ACTS,
        "diff": [(line[0], line[2:]) for line in lines if line[0] in "+- "],
        "to_publish": newest is not None and (page.state != "on" or page.version != newest.number),
    }
    return render(request, "publication/bureau/kept.html", context)


@needs(May.KEEP_CATALOGUE)
@require_POST
def act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Publish a version, or take the page down."""
    who = who_at(request)
    page = queries.kept(who, number)
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key.missing", "表单已失效，请刷新页面后重试。") from None
    if what == "publish":
        given = request.POST.get("version", "")
        actions.publish(who, page, int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0, key=key)
    else:
        actions.withdraw(who, page, reason=request.POST.get("reason", ""), key=key)
    return HttpResponseRedirect(reverse("bureau-kept", args=[number]))
