"""What a procedure is by law, for everybody: flow chart, steps with conditions, limits with articles, versions."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import anyone
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing
from shiheng.procedures import flow, formbook
from shiheng.procedures.contents import all_on, procedure_of, version_of
from shiheng.procedures.definition import ENGINE, OPENING, Limit, Procedure, Step
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
    steps = [(step, _states(procedure, step.came_from), _to(procedure, step.to)) for step in procedure.steps]
    versions = sorted((one for one in registry.all_of(ENGINE) if one.code == code), key=lambda one: one.in_force_from)
    context = {
        "procedure": procedure,
        "wide": mark_safe(flow.draw(procedure, flow.WIDE)),  # noqa: S308 - drawn from declarations, words escaped
        "narrow": mark_safe(flow.draw(procedure, flow.NARROW)),  # noqa: S308 - the same
        "moves": flow.rows_of(procedure),
        "documents": [
            (form, _steps(procedure, form.steps))
            for form in formbook.all_on(clock.today()) if procedure.code in form.procedures
        ],
        "versions": versions,
        "current": procedure_of(code, on=clock.today()),
        "steps": steps,
        "phases": _by_phase(procedure, steps),
        "limits": [
            (limit, _length(procedure, limit), _begins(procedure, limit), _ends(procedure, limit),
             [procedure.halt(halt).title for halt in limit.halted])
            for limit in procedure.limits
        ],
    }  # fmt: skip
    return render(request, "procedures/law.html", context)


Told = tuple[Step, list[str], str]


def _by_phase(procedure: Procedure, steps: list[Told]) -> list[tuple[str, list[Told]]]:
    """Steps under the phase of the first state they can be taken in; those of every state last."""
    order = list(dict.fromkeys(state.phase for state in procedure.states))
    found: dict[str, list[Told]] = {phase: [] for phase in order}
    for told in steps:
        first = next((state for state in procedure.states if state.code in told[0].came_from), None)
        found.setdefault(first.phase if first else str(_("未办结时随时可办")), []).append(told)
    return [(phase, held) for phase, held in found.items() if held]


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
