"""Files in figures: every procedure in one table, one procedure by its own facts; each figure opens its rows."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.procedures import figures
from shiheng.procedures.contents import procedure_of
from shiheng.procedures.figures import Chosen
from shiheng.ui.pages import render


@needs(May.READ_FILES)
@require_safe
def every(request: HttpRequest) -> HttpResponseBase:
    """Every procedure in a line."""
    who, chosen = who_at(request), _chosen(request)
    context = {"lines": figures.overall(who, chosen), "chosen": chosen, "years": figures.years(who)}
    return render(request, "procedures/figures_all.html", context)


@needs(May.READ_FILES)
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponseBase:
    """One procedure by office, by its facts, by what was late."""
    who, chosen = who_at(request), _chosen(request)
    procedure = procedure_of(code, on=clock.today())
    context = {
        "procedure": procedure,
        "crossed": figures.crossed(who, procedure, chosen),
        "charts": figures.parts(who, procedure, chosen),
        "chosen": chosen,
        "years": figures.years(who),
    }
    return render(request, "procedures/figures.html", context)


def _chosen(request: HttpRequest) -> Chosen:
    text = request.GET.get("year", "")
    return Chosen(int(text)) if len(text) == 4 and text.isdecimal() and text.isascii() and int(text) else Chosen()
