"""What a procedure is by law, for everybody: flow chart, steps with conditions, limits with articles, versions."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import anyone
from shiheng.catalogue.powers import flow_chart
from shiheng.catalogue.powers.definition import KINDS, Flow
from shiheng.catalogue.powers.definition import Basis as Ground
from shiheng.catalogue.powers.definition import Step as Box
from shiheng.kernel import clock, registry
from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.kernel.errors import Missing
from shiheng.procedures.contents import all_on, procedure_of, version_of
from shiheng.procedures.definition import ENGINE, OPENING, Limit, Procedure
from shiheng.ui.charts import Chart
from shiheng.ui.forms import day_of
from shiheng.ui.pages import render
from shiheng.ui.wording import say


@anyone
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """Every procedure in force."""
    return render(request, "procedures/law_all.html", {"procedures": all_on(clock.today())})


@anyone
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponseBase:
    """One procedure as it is in force, or its version of a day."""
    procedure = _asked(request, code)
    versions = sorted((one for one in registry.all_of(ENGINE) if one.code == code), key=lambda one: one.in_force_from)
    context = {
        "procedure": procedure,
        "chart": chart_of(procedure),
        "versions": versions,
        "current": procedure_of(code, on=clock.today()),
        "steps": [(step, _states(procedure, step.came_from), _to(procedure, step.to)) for step in procedure.steps],
        "limits": [
            (limit, _length(procedure, limit), _begins(procedure, limit), _ends(procedure, limit),
             [procedure.halt(halt).title for halt in limit.halted])
            for limit in procedure.limits
        ],
    }  # fmt: skip
    return render(request, "procedures/law.html", context)


def _asked(request: HttpRequest, code: str) -> Procedure:
    text = request.GET.get("version", "").strip()
    if not text:
        return procedure_of(code, on=clock.today())
    try:
        return version_of(code, day_of(text))
    except (ValueError, Missing):
        raise Missing("procedure.version", _("没有这一天起施行的版本。")) from None


def _length(procedure: Procedure, limit: Limit) -> str:
    return str(_("到文书写明的日期")) if limit.until else str(limit.period(procedure.in_force_from).title)


def _begins(procedure: Procedure, limit: Limit) -> list[str]:
    """What starts it: steps, the end of another limit, or a state the file comes to."""
    found = _steps(procedure, limit.starts)
    if held := procedure.limit(limit.after):
        found.append(str(_("“%(title)s”届满") % {"title": say(held.title)}))
    return found + _states(procedure, tuple(filter(None, (limit.entered,))))


def _ends(procedure: Procedure, limit: Limit) -> list[str]:
    return [*_steps(procedure, limit.ends), *_states(procedure, limit.ends_in)]


def _states(procedure: Procedure, codes: tuple[str, ...]) -> list[str]:
    return [str(say(procedure.state(code).title)) for code in codes]


def _to(procedure: Procedure, code: str) -> str:
    return str(say(procedure.state(code).title)) if code else ""


def _steps(procedure: Procedure, codes: tuple[str, ...]) -> list[str]:
    found = []
    for code in codes:
        step = procedure.step(code)
        found.append(str(say(step.title)) if step else str(_("收到")) if code == OPENING else code)
    return found


def chart_of(procedure: Procedure) -> Chart:
    """The states from the first on, and which step leads from each to the next."""
    order, follows = [procedure.first], dict[str, list[tuple[str, str]]]()
    for state in order:
        for step in procedure.steps_from(state):
            if step.to and step.to != state:
                follows.setdefault(state, []).append((step.to, step.title))
                if step.to not in order:
                    order.append(step.to)
    boxes = tuple(_box(procedure, state, follows.get(state, [])) for state in order)
    ground = Ground(LOCAL_CHOICE, "", verified=False)  # a flow names one; the chart does not show it
    since, kind = procedure.in_force_from, next(iter(KINDS))
    return flow_chart.draw(Flow(procedure.code, since, procedure.title, kind, boxes, "", ground))


def _box(procedure: Procedure, state: str, follows: list[tuple[str, str]]) -> Box:
    once: dict[str, str] = {}
    for goal, on in follows:
        once.setdefault(goal, on)
    return Box(state, procedure.state(state).title, "", "", "", None, tuple(once.items()))
