"""Sign-in, sign-out and the second factor: allauth's views behind our doors; what is not named here is not served."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from shiheng.accounts.doors import anyone, away, signed_in

sign_in = anyone(account.login)
sign_out = anyone(account.logout)
reauthenticate = signed_in(account.reauthenticate)
change_password = signed_in(account.password_change)

reauthenticate_code = signed_in(mfa.reauthenticate)
activate = signed_in(totp.activate_totp)
deactivate = signed_in(totp.deactivate_totp)
recovery_codes = signed_in(recovery.view_recovery_codes)
new_recovery_codes = signed_in(recovery.generate_recovery_codes)


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
