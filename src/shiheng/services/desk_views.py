"""At the desk: giving whoever came in person a query code, and saying that what was added has been read."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Refused
from shiheng.procedures import queries as proceedings
from shiheng.services import actions
from shiheng.ui.pages import render


@needs(May.HANDLE_FILES)
@require_POST
@never_cache
def issue(request: HttpRequest, number: int) -> HttpResponseBase:
    """The code by which the person a file is for follows it."""
    who = who_at(request)
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
    code = actions.issue(who, number, key)
    return render(request, "services/issued.html", {"file": proceedings.find(who, number), "code": code})


@needs(May.HANDLE_FILES)
@require_POST
def read(request: HttpRequest, number: int) -> HttpResponseBase:
    """All that was added to a file has been read."""
    actions.read(who_at(request), number)
    messages.success(request, _("已标记为看过。"))
    return redirect("file", number)
