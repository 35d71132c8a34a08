"""机构: the tree, one office with its posts, and the report on stations in towns."""

from typing import Annotated
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from pydantic import BaseModel, Field

from shiheng.accounts import actions, stations
from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import ROLE_TITLES, May, Role
from shiheng.accounts.queries import in_force, offices_managed_by, offices_visible_to
from shiheng.kernel.errors import Missing, Problem
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table

ROLES = [(role.value, title) for role, title in ROLE_TITLES.items()]


def _indented(office: Office) -> str:
    return "　" * (office.path.count(".") - 1) + office.title


OFFICES = Table(
    "offices",
    "机构",
    [
        Column("title", "机构名称", _indented, sort="path", href=lambda o: reverse("office", args=[o.pk])),
        Column("code", "机构代码", sort="code", kind="code"),
        Column("kind", "类别", lambda o: _(Office.KINDS[o.kind])),
        Column("town", "镇街", sort="town"),
        Column("established_posts", "核定编制", sort="established_posts", kind="number"),
        Column("phone", "联系电话"),
        Column("address", "办公地址", hidden=True),
        Column(
            "state",
            "状态",
            lambda o: (pgettext("office", "已撤销"), "done") if o.closed_on else ("在用", "ok"),
            kind="badge",
        ),
    ],
    [
        Filter("text", "机构名称", lookup="title__icontains"),
        Filter("kind", "类别", kind="choice", lookup="kind", choices=list(Office.KINDS.items())),
        Filter("town", "镇街", lookup="town__icontains"),
        Filter("code", "机构代码", lookup="code__startswith"),
    ],
    default_sort="path",
    empty="没有机构。由系统管理员在“导入”中按模板导入。",
    page_size=100,
)

BY_TOWN = Table(
    "stations-by-town",
    "各镇街监管所设置",
    [
        Column("title", "镇街", sort="title"),
        Column("code", "镇街代码", sort="code", kind="code"),
        Column("district", "所属区局", sort="district"),
        Column("names", "监管所"),
        Column("served", "设置情况", lambda t: ("已设置", "ok") if t.served else ("未设置", "late"), kind="badge"),
    ],
    [
        Filter("text", "镇街", apply=lambda rows, text: [t for t in rows if text in t.title]),
        Filter(
            "served",
            "设置情况",
            kind="choice",
            choices=[("yes", "已设置"), ("no", "未设置")],
            apply=lambda rows, value: [t for t in rows if t.served == (value == "yes")],
        ),
    ],
    empty="没有镇街名册。由系统管理员在机构导入文件的“镇街”工作表中导入。",
    page_size=200,
)

BY_STATION = Table(
    "stations-by-post",
    "各监管所编制与在岗",
    [
        Column("title", "监管所", sort="title", href=lambda s: reverse("office", args=[s.pk])),
        Column("district", "所属区局", sort="district"),
        Column("town", "镇街", sort="town"),
        Column("established", "核定编制", sort="established", kind="number"),
        Column(
            "staff",
            "在岗人数",
            sort="staff",
            kind="number",
            href=lambda s: reverse("station-staff") + f"?office={s.office.code}",
        ),
        Column("gap", "空编", sort="gap", kind="number", hint="核定编制减在岗人数；负数为超编"),
        Column("share", "到岗率"),
    ],
    [
        Filter("text", "监管所", apply=lambda rows, text: [s for s in rows if text in s.title]),
        Filter("gap", "只看空编", kind="flag", apply=lambda rows, yes: [s for s in rows if s.gap > 0] if yes else rows),
    ],
    empty="您的辖区没有监管所。",
    page_size=200,
)

STAFF = Table(
    "station-staff",
    "监管所在岗人员",
    [
        Column("name", "姓名", "account.name", sort="account__name", kind="person"),
        Column("role", "角色", lambda p: _(ROLE_TITLES[Role(p.role)]), sort="role"),
        Column(
            "office",
            "监管所",
            "office.title",
            sort="office__path",
            href=lambda p: reverse("office", args=[p.office_id]),
        ),
        Column("district", "所属区局", lambda p: p.office.parent.title if p.office.parent else ""),
        Column("card_number", "执法证号", kind="code"),
        Column("since", "任职日期", sort="since", kind="day"),
    ],
    [
        Filter("text", "姓名", lookup="account__name__icontains"),
        Filter("office", "机构代码", lookup="office__code"),
        Filter("role", "角色", kind="choice", lookup="role", choices=ROLES),
        Filter("since", "任职日期", kind="day_range", lookup="since"),
    ],
    default_sort="office__path",
    empty="没有在岗人员。由系统管理员在“人员”中导入或添加岗位。",
)


class OfficeForm(BaseModel):
    """What may be changed of an office on its page."""

    title: Annotated[str, Field(title="机构名称", min_length=2, max_length=100)]
    town: Annotated[str, Field(title="镇街", description="管多个镇街的用顿号隔开", max_length=50)] = ""
    address: Annotated[str, Field(title="办公地址", max_length=200)] = ""
    phone: Annotated[str, Field(title="联系电话", max_length=40, json_schema_extra={"width": "short"})] = ""
    established_posts: Annotated[
        int, Field(title="核定编制数", ge=0, le=100_000, json_schema_extra={"width": "short"})
    ] = 0


@needs(May.READ_STATIONS)
def listing(request: HttpRequest) -> HttpResponseBase:
    who = who_at(request)
    found = OFFICES.read(request, offices_visible_to(who))
    if found.wants_export:
        return found.response()
    links = [(_("监管所设置情况"), reverse("stations"))]
    if who.may(May.MANAGE_OFFICES):
        links += [(_("导入"), reverse("offices-import")), (_("导出（导入格式）"), reverse("offices-export"))]
    return render(request, "accounts/list.html", {"listing": found, "title": _("机构"), "links": links})


@needs(May.READ_STATIONS)
def detail(request: HttpRequest, office_id: int) -> HttpResponse:
    who = who_at(request)
    office = offices_visible_to(who).select_related("parent").filter(pk=office_id).first()
    if office is None:
        raise Missing("office.missing", "没有这个机构，或它不在您的辖区。")
    posts = in_force(office.posts.filter(account__disabled_at__isnull=True)).select_related("account")
    above = office.parent if office.parent and who.may(May.READ_STATIONS, office.parent.path) else None
    return render(
        request,
        "accounts/office.html",
        {
            "office": office,
            "above": above,
            "rows": [
                (title, value)
                for title, value in (
                    ("机构代码", office.code),
                    ("类别", _(Office.KINDS[office.kind])),
                    ("上级机构", office.parent.title if office.parent else ""),
                    ("镇街", office.town),
                    ("办公地址", office.address),
                    ("联系电话", office.phone),
                    ("核定编制数", str(office.established_posts)),
                    ("撤销日期", office.closed_on.isoformat() if office.closed_on else ""),
                )
                if value
            ],
            "below": office.children.order_by("path"),
            "posts": [(p, _(ROLE_TITLES[Role(p.role)])) for p in posts.order_by("role", "account__name")],
            "may_edit": who.may(May.MANAGE_OFFICES, office.path),
            "may_manage": who.may(May.MANAGE_ACCOUNTS, office.path),
        },
    )


@needs(May.MANAGE_OFFICES)
def edit(request: HttpRequest, office_id: int) -> HttpResponse:
    who = who_at(request)
    office = offices_managed_by(who).filter(pk=office_id).first()
    if office is None:
        raise Missing("office.missing", "没有这个机构，或它不在您的辖区。")
    held = {name: getattr(office, name) for name in OfficeForm.model_fields}
    form = forms.from_model(OfficeForm, initial=held, about=str(office.pk))
    if request.method == "POST" and (value := form.read(request)):
        try:
            actions.edit_office(who, office.pk, key=UUID(form.key), **value.model_dump())
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已保存。"))
            return htmx.redirect(request, reverse("office", args=[office.pk]))
    context = {
        "form": form,
        "title": _("修改：%(name)s") % {"name": office.title},
        "up": [(_("机构"), reverse("offices")), (office.title, reverse("office", args=[office.pk]))],
        "cancel": reverse("office", args=[office.pk]),
        "submit": _("保存"),
    }
    return render(request, "accounts/form.html", context, status=form.status)


@needs(May.READ_STATIONS)
def stations_by_town(request: HttpRequest) -> HttpResponseBase:
    """街镇监管所设置: the figures on top, every town below."""
    report = stations.report(who_at(request))
    found = BY_TOWN.read(request, report.towns)
    if found.wants_export:
        return found.response()
    return render(request, "accounts/stations.html", {"report": report, "listing": found, "tab": "town"})


@needs(May.READ_STATIONS)
def stations_by_post(request: HttpRequest) -> HttpResponseBase:
    """The same report by station: established posts, people in post."""
    report = stations.report(who_at(request))
    found = BY_STATION.read(request, report.stations)
    if found.wants_export:
        return found.response()
    return render(request, "accounts/stations.html", {"report": report, "listing": found, "tab": "post"})


@needs(May.READ_STATIONS)
def station_staff(request: HttpRequest) -> HttpResponseBase:
    """The people the figure 在岗人数 is made of."""
    found = STAFF.read(request, stations.staff(who_at(request)))
    if found.wants_export:
        return found.response()
    up = [(_("街镇监管所设置"), reverse("stations"))]
    return render(request, "accounts/list.html", {"listing": found, "title": _("监管所在岗人员"), "up": up})
