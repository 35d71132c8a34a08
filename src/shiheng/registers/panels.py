"""What registers put on pages: their menu, a subject's entries in its file, a business's own at its counter."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.registers import queries
from shiheng.registers.contents import all_on, lines_of, named, version_of
from shiheng.registers.definition import ASKED, GROUPS, Register, Standing, State, in_a_row
from shiheng.registers.models import Entry
from shiheng.subjects import queries as subjects
from shiheng.ui.slots import Fragment, MenuItem, fill

ITEMS = (
    MenuItem("名录", "名录台账", "registers", order=30, power=May.READ_REGISTERS),
    MenuItem("名录", "到期与超期", "registers-due", order=31, power=May.READ_REGISTERS),
    MenuItem("名录", "批量办理", "register-acts", order=32, power=May.KEEP_REGISTERS),
)
WORDS = 4
"""How many facts tell an entry in one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry on a subject's page."""

    register: Register
    entry: Entry
    words: str
    state: State
    standing: Standing
    source: str
    href: str
    years: int = 0


def menu(who: Who, key: object) -> Sequence[MenuItem]:  # noqa: ARG001 - the shape of every slot's function
    return ITEMS


def _lines(who: Who, entries: Sequence[Entry], *, all_facts: bool) -> list[Line]:
    found, years = [], _years(entries)
    for entry in entries:
        try:
            register = named(entry.register, on=clock.today())
        except Missing:
            continue  # a register no longer declared
        own = version_of(entry.register, entry.version)
        told = [words for title, words in lines_of(own, entry.facts, public=not all_facts) if words][:WORDS]
        href = (
            reverse("register-entry", args=[entry.register, entry.pk])
            if who.may(May.READ_REGISTERS, entry.scope)
            else ""
        )
        found.append(
            Line(
                register, entry, " · ".join(told), own.state(entry.state), queries.standing_of(entry),
                "部门来文" if register.feed else "本局", href, years.get((entry.register, entry.pk), 0),
            )
        )  # fmt: skip
    return found


def _years(entries: Sequence[Entry]) -> dict[tuple[str, int], int]:
    """For each latest entry of a yearly register, for how many years in a row."""
    held: dict[str, dict[int, int]] = {}
    for entry in entries:
        register = version_of(entry.register, entry.version)
        year = entry.facts.get(register.yearly) if register.yearly else None
        if isinstance(year, int) and not entry.ended:
            held.setdefault(entry.register, {})[year] = entry.pk
    return {(code, years[max(years)]): in_a_row(list(years)) for code, years in held.items()}


def of_subject(who: Who, subject_id: int) -> Fragment | None:
    """名录与证照: every entry of a subject, by group, with its state, term and source."""
    officer = who.kind in {"officer", "system"}
    owner = who.account_id is not None and not officer
    rows = list(queries.of_subject(subject_id))
    if not officer and not owner:
        rows = [row for row in rows if not row.ended]
    lines = _lines(who, rows, all_facts=officer or owner)
    if not officer and not owner:
        lines = [line for line in lines if line.register.public]
    groups = [(title, [line for line in lines if line.register.group == group]) for group, title in GROUPS.items()]
    shown = [(title, held) for title, held in groups if held]
    if not shown:
        return None
    return Fragment(render_to_string("registers/parts/panel.html", {"groups": shown}), count=len(lines))


def of_business(who: Who, key: object) -> Fragment | None:  # noqa: ARG001 - the shape of every slot's function
    """What the own businesses stand on, and what they may ask to be on."""
    if who.account_id is None:
        return None
    open_ones = [register for register in all_on(clock.today()) if register.applied_for and not register.over_since]
    firms, own = [], list(subjects.of_account(who.account_id))
    entries = queries.of_businesses([firm.pk for firm in own])
    for firm in own:
        lines = _lines(who, entries[firm.pk], all_facts=True)
        held = {line.register.code for line in lines if not line.entry.ended or line.entry.state == ASKED}
        firms.append((firm, lines, [register for register in open_ones if register.code not in held]))
    if not firms:
        return None
    return Fragment(render_to_string("registers/parts/enterprise.html", {"firms": firms}))


def entering(who: Who, key: tuple[int, str, str]) -> str:
    """列入名录: from a subject's page to the registers it may be entered on."""
    subject, scope, _title = key
    if not who.may(May.KEEP_REGISTERS, scope):
        return ""
    href = reverse("subject-registers", args=[subject])
    return format_html('<a class="button button-small" href="{}">{}</a>', href, _("列入名录"))


fill("menu.items", "registers", "名录", menu)
fill("subject.panels", "registers", "名录与证照", of_subject, order=20)
fill("enterprise.home", "registers", "名录与承诺", of_business, order=20)
fill("subject.actions", "registers", "列入名录", entering)
