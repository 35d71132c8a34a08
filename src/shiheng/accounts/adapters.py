"""Where allauth's doors meet the house's rules: sign-up closed, sessions noted, secrets sealed, sign-ins recorded."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes

from shiheng.accounts import actions, sessions
from shiheng.accounts.addresses import address_of
from shiheng.accounts.models import Account
from shiheng.accounts.names import plain_username
from shiheng.accounts.queries import standing_of, who_of


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by administrators; wrong passwords are counted by axes alone."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "登录名或密码不正确，或账号不可用。请核对后重试；多次失败将暂时锁定。",
        "incorrect_password": "密码不正确。",
        "too_many_login_attempts": "尝试次数过多，请 15 分钟后再试。",
        "enter_current_password": "当前密码不正确。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth calls it so
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing here: allauth's limit is by login name alone and would let a stranger lock out an officer."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        if "username" in credentials:
            credentials["username"] = plain_username(credentials["username"])
        user = super().authenticate(request, **credentials)
        # A disabled account is answered like a wrong password: the answer must not tell that it exists.
        return user if user is not None and user.is_active else None

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth calls it so
        return reverse("me")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        if not isinstance(user, Account):
            return
        request.session.cycle_key()
        sessions.begin(request)
        request.session.save()
        with transaction.atomic():
            ended = sessions.keep_newest(user.pk, limit=settings.SESSION_LIMIT, newest=request.session.session_key)
            actions.note("accounts.signed_in", user, who_of(user), address=address_of(request), sessions_ended=ended)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Account):
            with transaction.atomic():
                actions.note("accounts.signed_out", request.user, who_of(request.user), address=address_of(request))
        super().logout(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second-factor secrets are sealed with a key derived from the signing secret; old secrets stay readable."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "动态码不正确或已用过。请等待应用显示下一个动态码后再试。",
        "cannot_generate_recovery_codes": "请先启用动态口令，再生成恢复码。",
        "cannot_delete_authenticator": "您的岗位必须使用动态口令，不能停用。",
    }

    def encrypt(self, text: str) -> str:
        return _sealing().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _sealing().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not standing_of(authenticator.user).roles & settings.SECOND_FACTOR_ROLES


def _sealing() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret))) for secret in secrets])


def _derived(secret: str | bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"shiheng second factor").derive(force_bytes(secret))
