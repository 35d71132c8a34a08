"""What of the registers is open to everybody, for a page, a file or a feed alike: entries, and each fact in words."""

from typing import Any

from django.db.models import Q
from pydantic.fields import FieldInfo

from shiheng.kernel import clock
from shiheng.kernel.personal import clean
from shiheng.registers.contents import shown
from shiheng.registers.definition import Register, choices_of, kind_of


def open_to_all(register: Register) -> Q:
    """What of a register everybody sees: what stands on it, no drafts, and nothing that is past where it passes."""
    inner = [state.code for state in register.states if state.inner]
    shown = Q(register=register.code, live=True, ended=False)
    shown &= ~Q(state__in=inner) if inner else Q()
    return shown & (Q(until=None) | Q(until__gte=clock.today())) if register.passing else shown


def shown_to_all(info: FieldInfo, value: Any) -> str:
    """A public fact in words; what was written freely goes out with everything personal in it marked as left out."""
    text = shown(info, value)
    return clean(text) if kind_of(info) == "text" and not choices_of(info) else text
