"""The own account: posts in use, sessions, password and second factor, and the inbox."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from shiheng.accounts import actions, outbox, sessions
from shiheng.accounts.doors import signed_in, who_at
from shiheng.accounts.models import Message
from shiheng.accounts.permissions import ROLE_TITLES, Role
from shiheng.ui import htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table

INBOX = Table(
    "inbox",
    "收件箱",
    [
        Column("title", "标题", href=lambda m: reverse("message", args=[m.pk])),
        Column("made_at", "时间", sort="made_at", kind="moment"),
        Column(
            "state",
            "状态",
            lambda m: (pgettext("message", "未读"), "wait") if m.read_at is None else ("已读", "done"),
            kind="badge",
        ),
    ],
    [
        Filter("text", "标题", lookup="title__icontains"),
        Filter(
            "unread",
            "只看未读",
            kind="flag",
            apply=lambda rows, yes: rows.filter(read_at__isnull=True) if yes else rows,
        ),
        Filter("made", "时间", kind="moment_range", lookup="made_at"),
    ],
    default_sort="-made_at",
    empty="还没有消息。有需要您办理或知晓的事项时，会显示在这里。",
    export=False,
)


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_of(agent: str) -> str:
    """A browser's own long description as people name it; what is not known is shown as it is, shortened."""
    browser = next((title for mark, title in BROWSERS if mark in agent), "")
    system = next((title for mark, title in SYSTEMS if mark in agent), "")
    return _("，").join(filter(None, (browser, _(system) if system else ""))) or agent[:40] or _("未知")


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """One page: who I am, where I am signed in, how I am protected."""
    who = who_at(request)
    standing = request.standing  # type: ignore[attr-defined]
    acting = request.session.get("acting")
    factors = set(Authenticator.objects.filter(user_id=who.account_id).values_list("type", flat=True))
    return render(
        request,
        "accounts/me.html",
        {
            "account": request.user,
            "held": [
                {
                    "pk": p.pk,
                    "office": p.office.title,
                    "role": _(ROLE_TITLES[Role(p.role)]),
                    "since": p.since,
                    "card": p.card_number,
                    "used": acting is None or acting == p.pk,
                }
                for p in standing.posts
            ],
            "acting": acting,
            "sessions": [
                {"row": s, "browser": browser_of(s.agent), "here": s.session_key == request.session.session_key}
                for s in sessions.of_account(who.account_id or 0)
            ],
            "factor": Authenticator.Type.TOTP in factors,
            "codes": Authenticator.Type.RECOVERY_CODES in factors,
        },
    )


@signed_in
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    ended = actions.end_sessions(request.user, but=request.session.session_key)  # type: ignore[arg-type]
    messages.success(request, _("已退出其他 %(number)s 处登录。") % {"number": ended} if ended else _("没有其他登录。"))
    return htmx.redirect(request, reverse("me"))


@signed_in
@require_POST
def switch_post(request: HttpRequest) -> HttpResponse:
    """Act under one of my posts, or (``post`` empty) under all of them."""
    chosen = request.POST.get("post", "")
    held = {str(p.pk): p for p in request.standing.posts}  # type: ignore[attr-defined]
    if chosen in held:
        request.session["acting"] = held[chosen].pk
        told = {"office": held[chosen].office.title}
        messages.success(request, _("现在以“%(office)s”的岗位办理。") % told)
    else:
        request.session.pop("acting", None)
        messages.success(request, _("现在以全部岗位办理。"))
    return htmx.redirect(request, htmx.back(request))


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    listing = INBOX.read(request, outbox.messages_of(who_at(request)))
    return render(request, "accounts/list.html", {"listing": listing, "title": _("收件箱")})


@signed_in
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    read: Message = outbox.read(who_at(request), message_id)
    return render(request, "accounts/message.html", {"message": read})
