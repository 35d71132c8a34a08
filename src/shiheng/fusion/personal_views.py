"""查看个人信息全文: the reason first, then the value, once; and the page of who read what."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.fusion import viewing
from shiheng.kernel.errors import Problem
from shiheng.ledger import files
from shiheng.ledger.models import Leaf
from shiheng.subjects.viewing import LISTED, VIEWED, Viewing
from shiheng.ui import forms
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say


def address(at: str, field: str = "") -> str:
    """Where one personal value is asked for."""
    return f"{reverse('personal-view')}?{urlencode({'at': at, 'field': field})}"


@needs(May.READ_PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def view(request: HttpRequest) -> HttpResponseBase:
    """Say why, then read it once."""
    who = who_at(request)
    asked = viewing.find(who, request.GET.get("at", ""), request.GET.get("field", ""))
    name, numbers = asked.back
    context: dict[str, Any] = {
        "file": bool(asked.file),
        "lines": [(asked.title, asked.masked)],
        "back": reverse(name, args=numbers),
    }
    form = forms.from_model(Viewing, code="fusion.personal")
    if request.method == "POST" and (given := form.read(request)):
        try:
            value = viewing.view(who, asked, purpose=given.purpose, reason=given.reason, key=form.key)
        except Problem as problem:
            form.refuse(problem)
        else:
            if asked.file:
                return FileResponse(files.open_kept(asked.file), as_attachment=True, filename=asked.filename)
            return render(request, "subjects/personal_shown.html", {**context, "lines": [(asked.title, value)]})
    return render(request, "subjects/personal.html", {**context, "form": form}, status=form.status)


def _on(rows: "QuerySet[Leaf]", text: str) -> "QuerySet[Leaf]":
    """About one subject, by its number or as the record names it."""
    return rows.filter(subject=f"subject:{text}" if text.isdigit() else text)


VIEWS = Table(
    "personal-views",
    "查看个人信息记录",
    [
        Column("at", "时间", sort="id", kind="moment"),
        Column("actor_name", "查看人", kind="person"),
        Column("subject", "对象", kind="code"),
        Column("field", "内容", lambda leaf: _named(leaf.facts)),
        Column("purpose", "目的", lambda leaf: say(leaf.facts.get("purpose", ""))),
        Column("reason", "事由", lambda leaf: leaf.facts.get("reason", "")),
        Column(
            "leaf",
            "存证",
            lambda leaf: str(leaf.pk),
            kind="link",
            href=lambda leaf: reverse("ledger-leaf", args=[leaf.pk]),
        ),
    ],
    [
        Filter("person", "查看人", lookup="actor_name__icontains"),
        Filter("subject", "对象", apply=_on, hint="主体编号，或 batch:12"),
        Filter("day", "日期", "moment_range", "at"),
    ],
    default_sort="-at",
    empty="还没有人查看过个人信息全文。每次查看的人、对象、目的与事由会列在这里。",
)


def _named(facts: dict[str, Any]) -> str | SafeString:
    kind, field = (_each(facts.get(name, "")) for name in ("kind", "field"))
    return f"{field} · {kind}" if kind else field


def _each(text: str) -> str:
    """What one view showed, every part of it in the reader's words."""
    return _("、").join(str(say(part)) for part in text.split(LISTED))


@needs(May.READ_LEDGER)
@require_safe
def views(request: HttpRequest) -> HttpResponseBase:
    """Who read whose personal data, when and why; never what it was."""
    listing = VIEWS.read(request, Leaf.objects.filter(kind=VIEWED))
    if listing.wants_export:
        return listing.response()
    return render(request, "fusion/personal_views.html", {"listing": listing})
