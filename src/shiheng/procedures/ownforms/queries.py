"""Which form of its own a bureau uses on a day, and every one there ever was."""

from datetime import date

from django.db.models import QuerySet

from shiheng.accounts.permissions import May, Who
from shiheng.procedures.ownforms.models import OwnForm


def visible_to(who: Who) -> QuerySet[OwnForm]:
    """The bureaux' own forms: officers see all of them, nobody else any."""
    return OwnForm.objects.all() if who.may(May.SEE_DESK) else OwnForm.objects.none()


def used(form: str, *, scope: str, on: date) -> OwnForm | None:
    """The bureau's own form for the files of a territory on a day: the nearest office's, of those the latest."""
    held = list(OwnForm.objects.filter(form=form, state="published", in_force_from__lte=on))
    fitting = [row for row in held if scope.startswith(row.scope)]
    return max(fitting, key=lambda row: (len(row.scope), row.in_force_from, row.pk), default=None)


def of_form(form: str) -> list[OwnForm]:
    """Every own form there ever was for one legal form, the latest first."""
    return list(OwnForm.objects.filter(form=form).order_by("-in_force_from", "-pk"))


def in_force(on: date) -> dict[str, list[OwnForm]]:
    """The forms that are replaced on a day, with what replaces them."""
    found: dict[str, list[OwnForm]] = {}
    for row in OwnForm.objects.filter(state="published", in_force_from__lte=on).order_by(
        "form", "-in_force_from", "-pk"
    ):
        found.setdefault(row.form, []).append(row)
    return found
