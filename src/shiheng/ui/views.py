"""What people set for themselves: the look of pages, columns of lists, saved views, drafts. And the gallery.

``site`` hangs these views' doors, because ``ui`` knows nobody.
"""

from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Missing, Refused
from shiheng.ui import drafts, formats, htmx, pages, tables
from shiheng.ui.language import keep_language
from shiheng.ui.models import Preference, SavedView

VIEWS_MOST = 30


def _owner(request: HttpRequest) -> str:
    owner = pages.owner_of(request)
    if owner is None:
        raise Forbidden("sign_in_first", "请先登录，再保存自己的视图、列和草稿。")
    return owner


@require_POST
def face(request: HttpRequest) -> HttpResponse:
    """Choose theme and care mode; kept in the browser, and for a signed-in person everywhere."""
    theme = request.POST.get("theme", "auto")
    if theme not in pages.THEMES:
        raise Refused("no_such_theme", "没有这种颜色方案。请选择：跟随系统、浅色、深色。")
    chosen = pages.Face(theme, request.POST.get("care") == "1")
    if owner := pages.owner_of(request):
        Preference.objects.update_or_create(
            owner=owner, code="face", defaults={"value": {"theme": chosen.theme, "care": chosen.care}}
        )
    request._face_to_keep = None  # type: ignore[attr-defined]
    response = htmx.redirect(request, htmx.back(request))
    pages.keep_face(request, response, chosen)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of pages; kept in the browser alone."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Refused("no_such_language", "没有这种语言。请选择：中文、English。")
    response = htmx.redirect(request, htmx.back(request))
    keep_language(request, response, chosen)
    return response


@require_POST
def table(request: HttpRequest) -> HttpResponse:
    """Remember the columns and density of one list."""
    owner, code = _owner(request), request.POST.get("table", "")[:64]
    if request.POST.get("reset"):
        Preference.objects.filter(owner=owner, code=f"table:{code}").delete()
        return htmx.redirect(request, htmx.back(request))
    columns = [c[:64] for c in request.POST.getlist("columns")][:60]
    if not code or not columns:
        raise Refused("no_columns", "至少要显示一列。请勾选要显示的列后保存。")
    density = request.POST.get("density", "normal")
    if density not in tables.DENSITIES:
        raise Refused("no_such_density", "没有这种行高。请选择：标准、紧凑。")
    Preference.objects.update_or_create(
        owner=owner, code=f"table:{code}", defaults={"value": {"columns": columns, "density": density}}
    )
    return htmx.redirect(request, htmx.back(request))


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the filters and sort of a list under a name; the same name again replaces it."""
    owner, code = _owner(request), request.POST.get("table", "")[:64]
    name = " ".join(request.POST.get("name", "").split())
    query = urlencode(parse_qsl(request.POST.get("query", "").lstrip("?")))
    if not name or len(name) > 20:
        raise Refused("view_name", "请给视图起一个 1 至 20 个字的名称。")
    if not code or not query or len(query) > 2000:
        raise Refused("view_query", "请先设定筛选条件或排序，再保存为视图。")
    views = SavedView.objects.filter(owner=owner, table=code)
    if views.exclude(name=name).count() >= VIEWS_MOST:
        raise Refused("too_many_views", _("每个列表最多保存 %(most)s 个视图。请先删除不用的。") % {"most": VIEWS_MOST})
    try:
        with transaction.atomic():
            SavedView.objects.create(owner=owner, table=code, name=name, query=query, created_at=clock.now())
    except IntegrityError:
        views.filter(name=name).update(query=query, created_at=clock.now())
    messages.success(request, _("已保存视图“%(name)s”。") % {"name": name})
    return htmx.redirect(request, htmx.back(request))


@require_POST
def view_delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget one of my saved views."""
    if not SavedView.objects.filter(owner=_owner(request), pk=view_id).delete()[0]:
        raise Missing("no_such_view", "没有这个视图，可能已经删除。")
    return htmx.redirect(request, htmx.back(request))


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what stands in a form while it is being filled in."""
    kept = drafts.keep(_owner(request), request.POST)
    time = formats.moment_text(kept.saved_at)[11:] if kept else ""
    return HttpResponse(_("草稿已保存 %(time)s") % {"time": time} if kept else "")


@require_POST
def draft_drop(request: HttpRequest) -> HttpResponse:
    """Throw a draft away."""
    drafts.drop(_owner(request), request.POST.get("form", ""), request.POST.get("about", ""))
    return htmx.redirect(request, htmx.back(request))


def gallery(request: HttpRequest) -> HttpResponseBase:
    """Every component with sample data: what is looked at before a page is."""
    from shiheng.ui import gallery as sample

    context = sample.context(request)
    listing = context["listing"]
    if listing.wants_export:
        return listing.response()
    if listing.wants_step:
        return listing.step_response()
    if request.method == "POST":
        form = sample.sample_form()
        if form.read(request) is not None:
            messages.success(request, "样例：填写的内容符合要求，未保存。")
            return htmx.redirect(request, request.path)
        context["form"] = form
    return pages.render(request, "ui/gallery.html", context, status=context["form"].status)
