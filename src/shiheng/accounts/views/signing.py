"""Sign-in, sign-out and the second factor: allauth's views behind our doors; what is not named here is not served."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from shiheng.accounts import actions
from shiheng.accounts.doors import View, anyone, away, signed_in
from shiheng.accounts.models import Account

sign_in = anyone(account.login)
sign_out = anyone(account.logout)
reauthenticate = signed_in(account.reauthenticate)
change_password = signed_in(account.password_change)

reauthenticate_code = signed_in(mfa.reauthenticate)
recovery_codes = signed_in(recovery.view_recovery_codes)

FACTORS = {
    Authenticator.Type.TOTP: ("accounts.factor_added", "已启用动态口令"),
    Authenticator.Type.RECOVERY_CODES: ("accounts.recovery_codes_made", "已生成新的恢复码"),
}


def _recorded(view: View) -> View:
    """A view that may change the second factor: what it changed goes on record and to the owner, in its transaction."""

    @signed_in
    def watched(request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not isinstance(request.user, Account):
            response: HttpResponse = view(request)
            return response
        with transaction.atomic():
            before = _factors(request.user)
            response = view(request)
            after = _factors(request.user)
            for kind, (event, title) in FACTORS.items():
                if after.get(kind) not in {None, before.get(kind)}:
                    actions.note_factor(request.user, event, title)
            if Authenticator.Type.TOTP in before.keys() - after.keys():
                actions.note_factor(request.user, "accounts.factor_removed_by_owner", "已停用动态口令")
        return response

    return watched


def _factors(account: Account) -> dict[str, int]:
    return dict(Authenticator.objects.filter(user_id=account.pk).values_list("type", "pk"))


activate = _recorded(totp.activate_totp)
deactivate = _recorded(totp.deactivate_totp)
new_recovery_codes = _recorded(recovery.generate_recovery_codes)


@anyone
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code asked for after the password. A form without one is answered as a wrong one, not as another method."""
    if request.method == "POST" and "code" not in request.POST:
        posted = request.POST.copy()
        posted["code"] = ""
        request.POST = posted  # type: ignore[assignment]
    response: HttpResponse = mfa.authenticate(request)
    return response


@signed_in
def factor_index(request: HttpRequest) -> HttpResponse:
    """allauth leads back here; the second factor stands on the own account's page."""
    return away(request, reverse("me"))
