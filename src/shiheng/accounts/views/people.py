"""人员: the list, one person with the posts held, and what an administrator may do for them."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import BaseModel, Field

from shiheng.accounts import actions
from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.models import Account, Post
from shiheng.accounts.permissions import ROLE_TITLES, May, Role, Who
from shiheng.accounts.queries import accounts_managed_by, in_force, posts_managed_by
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.ledger import queries as ledger
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table

ROLES = [(role.value, title) for role, title in ROLE_TITLES.items()]


def _state(account: Account) -> tuple[str, str]:
    if account.disabled_at:
        return ("已停用", "done")
    if not account.has_usable_password():
        return ("待发口令", "wait")
    return ("待改口令", "wait") if account.must_change_password else ("正常", "ok")


def _posts(account: Account) -> str:
    return _("；").join(f"{p.office.title}·{_(ROLE_TITLES[Role(p.role)])}" for p in account.held)  # type: ignore[attr-defined]


def _in_state(rows: "QuerySet[Account]", value: str) -> "QuerySet[Account]":
    if value == "disabled":
        return rows.filter(disabled_at__isnull=False)
    rows = rows.filter(disabled_at__isnull=True)
    if value == "waiting":
        return rows.filter(Q(password__startswith=UNUSABLE_PASSWORD_PREFIX))
    return rows.filter(~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX), must_change_password=value == "changing")


PEOPLE = Table(
    "people",
    "人员",
    [
        Column("name", "姓名", sort="name", kind="person", href=lambda a: reverse("person", args=[a.pk])),
        Column("username", "登录名", sort="username", kind="code"),
        Column("posts", "在任岗位", _posts),
        Column("state", "状态", _state, kind="badge"),
        Column("factor", "动态口令", lambda a: _("已启用") if a.has_factor else _("未启用")),
        Column("last_login", "最近登录", sort="last_login", kind="moment"),
        Column("created_at", "开通时间", sort="created_at", kind="moment", hidden=True),
    ],
    [
        Filter("text", "姓名", lookup="name__icontains"),
        Filter("username", "登录名", lookup="username__icontains"),
        Filter(
            "state",
            "状态",
            kind="choice",
            apply=_in_state,
            choices=[("normal", "正常"), ("waiting", "待发口令"), ("changing", "待改口令"), ("disabled", "已停用")],
        ),
        Filter("kind", "账号类别", kind="choice", lookup="kind", choices=list(Account.KINDS.items())),
        Filter(
            "office",
            "机构代码",
            apply=lambda rows, code: rows.filter(
                Exists(Post.objects.filter(account=OuterRef("pk"), office__code=code))
            ),
        ),
        Filter(
            "role",
            "角色",
            kind="choice",
            choices=ROLES,
            apply=lambda rows, role: rows.filter(
                Exists(in_force(Post.objects.filter(account=OuterRef("pk"), role=role)))
            ),
        ),
    ],
    default_sort="username",
    empty="没有人员。点“新增人员”开通账号，或按模板导入。",
)

EVENTS = {
    "accounts.created": "开通账号",
    "accounts.post_given": "添加岗位",
    "accounts.post_ended": "免去岗位",
    "accounts.password_reset": "发放一次性口令",
    "accounts.password_changed": "本人修改密码",
    "accounts.disabled": "停用账号",
    "accounts.enabled": "恢复账号",
    "accounts.factor_added": "启用动态口令",
    "accounts.factor_removed": "管理员解除动态口令",
    "accounts.factor_removed_by_owner": "本人停用动态口令",
    "accounts.recovery_codes_made": "生成恢复码",
    "accounts.recovery_code_used": "使用恢复码",
    "accounts.sessions_ended": "退出其他登录",
    "accounts.signed_in": "登录",
    "accounts.signed_out": "退出",
}


class NewPerson(BaseModel):
    """A new account with its first post."""

    username: Annotated[
        str,
        Field(
            title="登录名", description="小写字母或数字，全市唯一", max_length=64, json_schema_extra={"width": "short"}
        ),
    ]
    name: Annotated[str, Field(title="姓名", max_length=64, json_schema_extra={"width": "short"})]
    office: Annotated[
        str,
        Field(title="机构代码", description="在“机构”页可查到", json_schema_extra={"width": "short", "widget": "code"}),
    ]
    role: Annotated[Role, Field(title="角色", json_schema_extra={"widget": "select"})]
    since: Annotated[date, Field(title="任职日期")] = Field(default_factory=clock.today)
    card_number: Annotated[str, Field(title="执法证号", max_length=32, json_schema_extra={"width": "short"})] = ""
    phone: Annotated[
        str, Field(title="手机", max_length=20, json_schema_extra={"width": "short", "inputmode": "tel"})
    ] = ""


class NewPost(BaseModel):
    """One more post of somebody who has an account."""

    office: Annotated[
        str,
        Field(title="机构代码", description="在“机构”页可查到", json_schema_extra={"width": "short", "widget": "code"}),
    ]
    role: Annotated[Role, Field(title="角色", json_schema_extra={"widget": "select"})]
    since: Annotated[date, Field(title="任职日期")] = Field(default_factory=clock.today)
    card_number: Annotated[str, Field(title="执法证号", max_length=32, json_schema_extra={"width": "short"})] = ""


@needs(May.MANAGE_ACCOUNTS)
def listing(request: HttpRequest) -> HttpResponseBase:
    held = Prefetch("posts", in_force(Post.objects.select_related("office")).order_by("since"), to_attr="held")
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
    rows = accounts_managed_by(who_at(request)).annotate(has_factor=Exists(factor)).prefetch_related(held)
    found = PEOPLE.read(request, rows)
    if found.wants_export:
        return found.response()
    links = [
        (_("新增人员"), reverse("person-new")),
        (_("导入"), reverse("people-import")),
        (_("导出（导入格式）"), reverse("people-export")),
    ]
    return render(request, "accounts/list.html", {"listing": found, "title": _("人员"), "links": links})


@needs(May.MANAGE_ACCOUNTS)
def detail(request: HttpRequest, account_id: int) -> HttpResponse:
    who = who_at(request)
    account = _managed(who, account_id)
    return render(request, "accounts/person.html", _about(who, account))


@needs(May.MANAGE_ACCOUNTS)
def new(request: HttpRequest) -> HttpResponse:
    """Open an account; the one-time password is on the page that answers, and nowhere after."""
    form = forms.from_model(NewPerson, choices={"role": ROLES}, initial={"office": request.GET.get("office", "")})
    if request.method == "POST" and (value := form.read(request)):
        try:
            opened = actions.create_account(who_at(request), key=UUID(form.key), **value.model_dump(mode="python"))
        except Problem as problem:
            form.refuse(problem)
        else:
            return _password_page(request, opened, _("账号已开通"))
    context = {
        "form": form,
        "title": _("新增人员"),
        "up": [(_("人员"), reverse("people"))],
        "cancel": reverse("people"),
        "submit": _("开通账号"),
    }
    return render(request, "accounts/form.html", context, status=form.status)


@needs(May.MANAGE_ACCOUNTS)
def give_post(request: HttpRequest, account_id: int) -> HttpResponse:
    who = who_at(request)
    account = _managed(who, account_id)
    form = forms.from_model(NewPost, choices={"role": ROLES}, about=str(account.pk))
    if request.method == "POST" and (value := form.read(request)):
        try:
            actions.give_post(who, account.pk, key=UUID(form.key), **value.model_dump(mode="python"))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("岗位已添加，立即生效。"))
            return htmx.redirect(request, reverse("person", args=[account.pk]))
    person = reverse("person", args=[account.pk])
    context = {
        "form": form,
        "title": _("添加岗位：%(name)s") % {"name": account.name},
        "up": [(_("人员"), reverse("people")), (account.name, person)],
        "cancel": person,
        "submit": _("添加岗位"),
    }
    return render(request, "accounts/form.html", context, status=form.status)


@needs(May.MANAGE_ACCOUNTS)
@require_POST
def end_post(request: HttpRequest, post_id: int) -> HttpResponse:
    post = actions.end_post(who_at(request), post_id, key=_key(request))
    told = {"name": post.account.name, "office": post.office.title}
    messages.success(request, _("已免去%(name)s在%(office)s的岗位，立即生效。") % told)
    return htmx.redirect(request, reverse("person", args=[post.account_id]))


@needs(May.MANAGE_ACCOUNTS)
@require_POST
def reset_password(request: HttpRequest, account_id: int) -> HttpResponse:
    opened = actions.reset_password(who_at(request), account_id, key=_key(request))
    return _password_page(request, opened, _("一次性口令已生成"))


def _simple(act: Callable[..., Account], done: str) -> Callable[..., HttpResponse]:
    """A step of one button: do it, say it, go back to the person."""

    @needs(May.MANAGE_ACCOUNTS)
    @require_POST
    def step(request: HttpRequest, account_id: int) -> HttpResponse:
        account = act(who_at(request), account_id, key=_key(request))
        messages.success(request, _(done) % {"name": account.name})
        return htmx.redirect(request, reverse("person", args=[account.pk]))

    return step


@needs(May.MANAGE_ACCOUNTS)
@require_POST
def disable(request: HttpRequest, account_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:200]
    account = actions.disable(who_at(request), account_id, reason=reason, key=_key(request))
    messages.success(request, _("%(name)s的账号已停用，其所有登录已退出。") % {"name": account.name})
    return htmx.redirect(request, reverse("person", args=[account.pk]))


enable = _simple(actions.enable, "%(name)s的账号已恢复。")
remove_factor = _simple(actions.remove_second_factor, "%(name)s的动态口令已解除，其所有登录已退出。")


def _password_page(request: HttpRequest, opened: actions.Opened, title: str) -> HttpResponse:
    response = render(
        request, "accounts/password_once.html", {"account": opened.account, "password": opened.password, "title": title}
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _managed(who: Who, account_id: int) -> Account:
    account = accounts_managed_by(who).filter(pk=account_id).first()
    if account is None:
        raise Missing("account.missing", "没有这个人员，或其不在您的辖区。")
    return account


def _about(who: Who, account: Account) -> dict[str, Any]:
    mine = set(posts_managed_by(who).filter(account=account).values_list("pk", flat=True))
    text, tone = _state(account)
    today = clock.today()
    return {
        "account": account,
        "state": text,
        "tone": tone,
        "own": account.pk == who.account_id,
        "factor": Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists(),
        "posts": [
            {
                "post": p,
                "role": _(ROLE_TITLES[Role(p.role)]),
                "mine": p.pk in mine,
                "ended": p.until is not None and p.until <= today,
            }
            for p in account.posts.select_related("office").order_by("-since")
        ],
        "history": [
            {"moment": leaf.at, "title": _(EVENTS.get(leaf.kind, leaf.kind)), "who": leaf.actor_name}
            for leaf in ledger.history(f"account:{account.pk}").order_by("-id")[:50]
        ],
    }


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", "这次提交缺少防重编号。请刷新页面后重新提交。") from None
