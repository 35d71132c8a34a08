"""Forms of the sign-in pages: allauth's own, with a second use of a code refused and changed passwords recorded."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth
from django import forms
from django.contrib.auth.password_validation import get_default_password_validators
from django.utils.translation import gettext as _

from shiheng.accounts import actions
from shiheng.accounts.models import Account


class SpentCodes(forms.Form):
    """A time step counts once, held by a unique row: no cache to lose, no second process to ask."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        authenticator = getattr(self, "authenticator", None)
        if authenticator is not None and authenticator.type != Authenticator.Type.TOTP:
            actions.note_factor(self.user, "accounts.recovery_code_used", "已用一个恢复码登录")
            return code
        secret = self.secret_in_use()
        if not actions.spend_code(self.user, steps_of(secret, code)):
            raise get_adapter().validation_error("incorrect_code")
        return code

    def secret_in_use(self) -> str:
        return get_adapter().decrypt(self.authenticator.data["secret"])


def steps_of(secret: str, code: str) -> list[int]:
    """The time steps now accepted whose code this is."""
    return [
        step
        for step in auth.yield_hotp_counters_from_time()
        if auth.compare_user_code(actual=code, expected=auth.format_hotp_value(auth.hotp_value(secret, step)))
    ]


class AuthenticateForm(SpentCodes, base.AuthenticateForm):
    """The code asked for when signing in."""


class ReauthenticateFactorForm(SpentCodes, base.ReauthenticateForm):
    """The code asked for again before something sensitive."""


class ActivateFactorForm(SpentCodes, totp.ActivateTOTPForm):
    """The first code, which proves that the app holds the secret."""

    secret: str

    def secret_in_use(self) -> str:
        return self.secret


class ChangePasswordForm(AllauthChangePasswordForm):
    """The own password: the page that a reset password forces."""

    user: Account

    @property
    def rules(self) -> str:
        """What is asked of a password, with the length the validator in force asks."""
        least = max(getattr(v, "min_length", 0) for v in get_default_password_validators())
        return _("至少 %(least)s 个字符；不能全是数字，不能是常见密码，也不能与登录名或手机相似") % {"least": least}

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(_("新密码不能与当前密码相同。"))
        return password

    def save(self) -> None:
        actions.note_password_changed(context.request, self.user, self.cleaned_data["password1"])
