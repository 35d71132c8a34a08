"""The fields of a list's filters as HTML. Made here, not in a template: there are dozens of options.

What each is called and how it is refused is said by ``ui.filters``.
"""

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shiheng.ui.filters import Filter, FilterState
from shiheng.ui.wording import say


def fields(code: str, states: Sequence[FilterState]) -> SafeString:
    """Every filter of the list ``code`` as the URL sets it; several that offer the same are written out once."""
    offered: dict[object, str] = {}
    return SafeString("".join(_field(code, state, offered) for state in states))


def _field(code: str, state: FilterState, offered: dict[object, str]) -> str:
    held = state.filter
    wrong = " has-error" if state.error else ""
    fault = f'<p class="field-error">{escape(state.error)}</p>' if state.error else ""
    title = escape(str(say(held.title)))
    if held.is_range:
        return (
            f'<fieldset class="filter{wrong}"><legend>{title}</legend>'
            f'<div class="pair">{_pair(held, state)}</div>{fault}</fieldset>\n'
        )
    name, key = f"{escape(code)}-{escape(held.key)}", escape(held.key)
    label = f'<label for="{name}">{title}</label>'
    if held.kind == "flag":
        on = " checked" if state.active else ""
        return (
            f'<div class="filter check{wrong}"><input type="checkbox" id="{name}" name="{key}" value="1"{on}>'
            f"{label}{fault}</div>\n"
        )
    if held.kind == "choice":
        options = _options(state, offered)
        return f'<div class="filter{wrong}">{label}<select id="{name}" name="{key}">{options}</select>{fault}</div>\n'
    hint = f' placeholder="{escape(str(say(held.hint)))}"' if held.hint else ""
    return (
        f'<div class="filter wide{wrong}">{label}<input type="text" id="{name}" name="{key}" '
        f'value="{escape(state.first)}" maxlength="100"{hint}>{fault}</div>\n'
    )


def _pair(held: Filter, state: FilterState) -> str:
    """From and to: days are picked, numbers are typed; what could not be understood stays as it was typed."""
    title = {"title": say(held.title)}
    if held.kind in {"day_range", "moment_range"}:
        kind = 'type="text"' if state.error else 'type="date"'
        first, last = _("%(title)s起") % title, _("%(title)s止") % title
    else:
        kind = 'type="text" inputmode="decimal"'
        first, last = _("%(title)s从") % title, _("%(title)s到") % title
    ends = [
        f'<input {kind} name="{escape(name)}" value="{escape(value)}" aria-label="{escape(words)}">'
        for name, value, words in zip(held.names, (state.first, state.second), (first, last), strict=True)
    ]
    return f'<span aria-hidden="true">{escape(_("至"))}</span>'.join(ends)


def _options(state: FilterState, offered: dict[object, str]) -> str:
    source: object = state.filter.choices  # a tuple or a function can be a key; a list can not, and is short
    known = offered.get(source) if callable(source) else None
    if known is None:
        nothing = f'<option value="">{escape(_("全部"))}</option>'
        known = nothing + "".join(
            f'<option value="{escape(value)}">{escape(title)}</option>' for value, title in state.filter.options()
        )
        if callable(source):
            offered[source] = known
    if not state.first:
        return known
    chosen = f'<option value="{escape(state.first)}"'
    return known.replace(f"{chosen}>", f"{chosen} selected>", 1)
