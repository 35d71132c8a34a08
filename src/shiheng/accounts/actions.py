"""Everything that changes people and offices: each fetches through the actor's territory and goes on record."""

import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shiheng.accounts import outbox, sessions
from shiheng.accounts.deeds import once
from shiheng.accounts.loading import load_officers_xlsx, load_offices_xlsx
from shiheng.accounts.models import Account, Office, Post, UsedCode
from shiheng.accounts.names import plain_username, username_fault
from shiheng.accounts.permissions import ROLE_TITLES, May, Role, Who
from shiheng.accounts.queries import accounts_managed_by, in_force, offices_managed_by, who_of
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger

__all__ = [
    "create_account",
    "disable",
    "edit_office",
    "enable",
    "end_post",
    "end_sessions",
    "give_post",
    "load_officers_xlsx",
    "load_offices_xlsx",
    "open_enterprise_account",
    "remove_second_factor",
    "reset_password",
]

# No letters or digits that look alike: this is read aloud and typed once.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Opened:
    """An account and its one-time password, which is shown once: a repeat of the same request gives ``None``."""

    account: Account
    password: str | None


def one_time_password() -> str:
    """Four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def create_account(
    who: Who,
    *,
    username: str,
    name: str,
    office: str,
    role: str,
    since: date | None = None,
    card_number: str = "",
    phone: str = "",
    key: UUID | None = None,
) -> Opened:
    """Open an officer's account with its first post at the office with code ``office``."""
    username, name = plain_username(username), name.strip()
    place = _office(who, office)
    _check_person(username, name)
    _check_role(role)
    since = since or clock.today()
    facts = {"username": username, "name": name, "office": place.code, "role": role, "since": since.isoformat()}
    password = one_time_password()

    def do() -> dict[str, int]:
        account = _opened(username=username, name=name, phone=phone, password=password)
        Post.objects.create(account=account, office=place, role=role, since=since, card_number=card_number)
        ledger.record("accounts.created", subject=f"account:{account.pk}", who=who, facts=facts, scope=place.path)
        return {"account": account.pk}

    payload = {**facts, "phone": phone, "card_number": card_number}
    result, fresh = once(who, key=key, action="accounts.create", payload=payload, do=do)
    return Opened(Account.objects.get(pk=result["account"]), password if fresh else None)


def open_enterprise_account(
    who: Who,
    *,
    username: str,
    name: str,
    phone: str = "",
    first_password: str | None = None,
    key: UUID | None = None,
) -> Opened:
    """Open an enterprise's account: it holds no post, and acts for nothing until a business is bound to it.

    Only the platform itself, when it makes a demonstration, may set ``first_password``.
    """
    check_enterprises(who)
    if first_password is not None and who.kind != "system":
        raise Refused("account.password", "开通账号不能指定口令，系统会生成一次性口令。")
    username, name, phone = plain_username(username), name.strip(), phone.strip()
    _check_person(username, name)
    facts = {"username": username, "name": name, "kind": "enterprise"}
    password = first_password or one_time_password()

    def do() -> dict[str, int]:
        account = _opened(
            username=username, name=name, phone=phone, kind="enterprise", password=password,
            must_change_password=first_password is None,
        )  # fmt: skip
        ledger.record("accounts.created", subject=f"account:{account.pk}", who=who, facts=facts)
        return {"account": account.pk}

    payload = {**facts, "phone": phone}
    result, fresh = once(who, key=key, action="accounts.open_enterprise", payload=payload, do=do)
    return Opened(Account.objects.get(pk=result["account"]), password if fresh else None)


def give_post(
    who: Who,
    account_id: int,
    *,
    office: str,
    role: str,
    since: date | None = None,
    card_number: str = "",
    key: UUID | None = None,
) -> Post:
    """Give a person one more post at the office with code ``office``."""
    account = _account(who, account_id)
    place = _office(who, office)
    _check_role(role)
    _check_not_self(who, account)
    if account.kind != "officer":
        raise Refused("post.enterprise", "经营主体用户不能任职。工作人员请另开账号。")
    since = since or clock.today()
    facts = {"office": place.code, "role": role, "since": since.isoformat()}

    def do() -> dict[str, int]:
        if in_force(account.posts.filter(office=place, role=role)).exists():
            raise Conflict(
                "post.held",
                _("%(name)s已在%(office)s任%(role)s。")
                % {"name": account.name, "office": place.title, "role": _(ROLE_TITLES[Role(role)])},
            )
        try:
            with transaction.atomic():
                post = Post.objects.create(
                    account=account, office=place, role=role, since=since, card_number=card_number
                )
        except IntegrityError:
            raise Conflict("post.same_day", "同一岗位当日已登记过，请改用其他任职日期。", field="since") from None
        ledger.record("accounts.post_given", subject=f"account:{account.pk}", who=who, facts=facts, scope=place.path)
        return {"post": post.pk}

    payload = {"account": account.pk, "card_number": card_number, **facts}
    result, _fresh = once(who, key=key, action="accounts.give_post", payload=payload, do=do)
    return Post.objects.select_related("office").get(pk=result["post"])


def end_post(who: Who, post_id: int, *, until: date | None = None, key: UUID | None = None) -> Post:
    """End a post from a day on (today at once: the next click of its holder has the power no more)."""
    post = Post.objects.select_related("office", "account").filter(pk=post_id).first()
    if post is None or not who.may(May.MANAGE_ACCOUNTS, post.office.path):
        raise Missing("post.missing", "没有这个岗位，或它不在您的辖区。")
    _check_not_self(who, post.account)
    until = until or clock.today()
    if until < post.since:
        raise Refused(
            "post.until_early",
            _("免职日期不能早于任职日期 %(since)s。") % {"since": post.since.isoformat()},
            field="until",
        )

    def do() -> dict[str, int]:
        if Post.objects.filter(pk=post.pk, until__isnull=True).update(until=until) != 1:
            raise Conflict("post.ended", "该岗位已经免去，请刷新页面。")
        ledger.record(
            "accounts.post_ended",
            subject=f"account:{post.account_id}",
            who=who,
            facts={"office": post.office.code, "role": post.role, "until": until.isoformat()},
            scope=post.office.path,
        )
        return {"post": post.pk}

    payload = {"post": post.pk, "until": until.isoformat()}
    once(who, key=key, action="accounts.end_post", payload=payload, do=do)
    post.refresh_from_db()
    return post


def reset_password(who: Who, account_id: int, *, key: UUID | None = None) -> Opened:
    """A one-time password in place of the old one; every session ends at once, and it must be changed at sign-in."""
    account = _account(who, account_id, whole=True)
    password = one_time_password()

    def do() -> dict[str, int]:
        account.set_password(password)
        Account.objects.filter(pk=account.pk).update(password=account.password, must_change_password=True)
        ended = sessions.end_all(account.pk)
        note("accounts.password_reset", account, who, sessions_ended=ended)
        return {"account": account.pk}

    _result, fresh = once(who, key=key, action="accounts.reset_password", payload={"account": account.pk}, do=do)
    account.refresh_from_db()
    return Opened(account, password if fresh else None)


def remove_second_factor(who: Who, account_id: int, *, key: UUID | None = None) -> Account:
    """Take a lost second factor off an account; its owner sets up a new one when the role needs it."""
    from allauth.mfa.models import Authenticator

    account = _account(who, account_id, whole=True)
    _check_not_self(who, account)

    def do() -> dict[str, int]:
        removed = Authenticator.objects.filter(user_id=account.pk).delete()[0]
        if not removed:
            raise Refused("factor.none", _("%(name)s没有启用动态口令。") % {"name": account.name})
        ended = sessions.end_all(account.pk)
        note("accounts.factor_removed", account, who, sessions_ended=ended)
        return {"account": account.pk}

    once(who, key=key, action="accounts.remove_factor", payload={"account": account.pk}, do=do)
    return account


def disable(who: Who, account_id: int, *, reason: str = "", key: UUID | None = None) -> Account:
    """Close an account: every session ends at once, signing in is refused like a wrong password."""
    account = _account(who, account_id, whole=True)
    _check_not_self(who, account)

    def do() -> dict[str, int]:
        if Account.objects.filter(pk=account.pk, disabled_at__isnull=True).update(disabled_at=clock.now()) != 1:
            raise Conflict("account.disabled", "该账号已经停用，请刷新页面。")
        ended = sessions.end_all(account.pk)
        note("accounts.disabled", account, who, reason=reason, sessions_ended=ended)
        return {"account": account.pk}

    payload = {"account": account.pk, "reason": reason}
    once(who, key=key, action="accounts.disable", payload=payload, do=do)
    account.refresh_from_db()
    return account


def enable(who: Who, account_id: int, *, key: UUID | None = None) -> Account:
    """Open a closed account again."""
    account = _account(who, account_id, whole=True)
    _check_not_self(who, account)

    def do() -> dict[str, int]:
        if Account.objects.filter(pk=account.pk, disabled_at__isnull=False).update(disabled_at=None) != 1:
            raise Conflict("account.enabled", "该账号没有停用，请刷新页面。")
        note("accounts.enabled", account, who)
        return {"account": account.pk}

    once(who, key=key, action="accounts.enable", payload={"account": account.pk}, do=do)
    account.refresh_from_db()
    return account


def edit_office(
    who: Who,
    office_id: int,
    *,
    title: str,
    town: str = "",
    address: str = "",
    phone: str = "",
    established_posts: int = 0,
    key: UUID | None = None,
) -> Office:
    """Change what is told of an office; code, kind and place in the tree stay."""
    office = offices_managed_by(who).filter(pk=office_id).first()
    if office is None:
        raise Missing("office.missing", "没有这个机构，或它不在您的辖区。")
    title = title.strip()
    if not title:
        raise Refused("office.title_empty", "请填写机构名称。", field="title")
    values = {
        "title": title,
        "town": town.strip(),
        "address": address.strip(),
        "phone": phone.strip(),
        "established_posts": established_posts,
    }

    def do() -> dict[str, int]:
        before = {name: getattr(office, name) for name in values}
        Office.objects.filter(pk=office.pk).update(**values)
        changed = {name: [before[name], value] for name, value in values.items() if before[name] != value}
        ledger.record(
            "accounts.office_edited", subject=f"office:{office.pk}", who=who, facts=changed, scope=office.path
        )
        return {"office": office.pk}

    once(who, key=key, action="accounts.edit_office", payload={"office": office.pk, **values}, do=do)
    office.refresh_from_db()
    return office


def end_sessions(account: Account, *, but: str | None = None) -> int:
    """The owner ends the own sessions elsewhere."""
    with transaction.atomic():
        ended = sessions.end_all(account.pk, but=but)
        note("accounts.sessions_ended", account, who_of(account), sessions_ended=ended)
    return ended


def note_password_changed(request: HttpRequest, account: Account, password: str) -> None:
    """The owner's new password: this session gets a new id and stays, every other one ends at once."""
    with transaction.atomic():
        account.set_password(password)
        account.must_change_password = False
        Account.objects.filter(pk=account.pk).update(password=account.password, must_change_password=False)
        update_session_auth_hash(request, account)
        request.session.save()
        ended = sessions.end_all(account.pk, but=request.session.session_key)
        note("accounts.password_changed", account, who_of(account), sessions_ended=ended)


def spend_code(account: Account, steps: list[int]) -> bool:
    """Use up the time steps of a one-time code; ``False`` when one was used before (by whichever process)."""
    if not steps:
        return False
    try:
        with transaction.atomic():
            UsedCode.objects.filter(account_id=account.pk, step__lt=min(steps) - 20).delete()
            for step in steps:
                UsedCode.objects.create(account_id=account.pk, step=step)
    except IntegrityError:
        return False
    return True


def note_factor(account: Account, kind: str, title: str) -> None:
    """Put a second-factor event of the owner's own on record, and tell the owner, in case it was somebody else."""
    with transaction.atomic():
        note(kind, account, who_of(account))
        outbox.tell(account, title, f"{title}。如非本人操作，请立即修改密码并联系本单位系统管理员。", link="/me/")


def note(kind: str, account: Account, who: Who, **facts: object) -> None:
    """Put something about an account on record, in the caller's transaction, in the territory of its latest post."""
    post = account.posts.select_related("office").order_by("-since").first()
    ledger.record(kind, subject=f"account:{account.pk}", who=who, facts=facts, scope=post.office.path if post else "")


def _office(who: Who, code: str) -> Office:
    office = Office.objects.filter(code=code).first()
    if office is None or not who.may(May.MANAGE_ACCOUNTS, office.path):
        raise Missing(
            "office.missing", _("没有代码为“%(code)s”的机构，或它不在您的辖区。") % {"code": code}, field="office"
        )
    if office.closed_on and office.closed_on <= clock.today():
        raise Refused("office.closed", _("%(office)s已撤销，不能任职。") % {"office": office.title}, field="office")
    return office


def _account(who: Who, account_id: int, *, whole: bool = False) -> Account:
    """The account, if it is this administrator's to manage; ``whole``: every post in force must be in the territory.

    Otherwise resetting the password of a city official who also serves in one district would hand that district's
    administrator the city's powers.
    """
    account = accounts_managed_by(who).filter(pk=account_id).first()
    if account is None:
        raise Missing("account.missing", "没有这个人员，或其不在您的辖区。")
    if whole:
        for post in in_force(account.posts.select_related("office")):
            if not who.may(May.MANAGE_ACCOUNTS, post.office.path):
                raise Forbidden(
                    "account.wider",
                    _("%(name)s另有您辖区以外的岗位，此事须由上级机构的管理员办理。") % {"name": account.name},
                )
    return account


def check_enterprises(who: Who) -> None:
    """Users of enterprises belong to no territory: they are managed from the top of the tree only."""
    if not any(path.count(".") <= 1 for path in who.paths(May.MANAGE_ACCOUNTS)):
        raise Forbidden("account.enterprises", "经营主体用户的账号由市局的系统管理员办理。")


def _check_person(username: str, name: str) -> None:
    if fault := username_fault(username):
        raise Refused("username.bad", _(fault) + _("。"), field="username")
    if not name:
        raise Refused("name.empty", "请填写姓名。", field="name")


def _opened(
    *, username: str, name: str, phone: str, password: str, kind: str = "officer", must_change_password: bool = True
) -> Account:
    """A fresh row, or a refusal when somebody was first with this login name."""
    account = Account(
        username=username, name=name, phone=phone, kind=kind, must_change_password=must_change_password,
        created_at=clock.now(),
    )  # fmt: skip
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        taken = _("登录名“%(username)s”已被使用，请换一个。") % {"username": username}
        raise Conflict("username.taken", taken, field="username") from None
    return account


def _check_role(role: str) -> None:
    if role not in list(ROLE_TITLES):
        held = _("、").join(_(title) for title in ROLE_TITLES.values())
        raise Refused(
            "role.unknown", _("没有“%(role)s”这个角色。可选：%(roles)s。") % {"role": role, "roles": held}, field="role"
        )


def _check_not_self(who: Who, account: Account) -> None:
    if who.account_id == account.pk:
        raise Refused("account.own", "不能办理本人的账号或岗位，请由另一位管理员办理。")
