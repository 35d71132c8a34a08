"""Every register the lines ship: entered, listed, filtered by each of its facts, exported, and read back the same."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from shiheng.accounts.permissions import May, Who
from shiheng.fusion import sources
from shiheng.kernel import clock, registry
from shiheng.ledger import files
from shiheng.registers import actions, feeding, importing, queries
from shiheng.registers.definition import (
    ENGINE,
    GROUPS,
    OFFICERS,
    SUBJECT,
    Register,
    choices_of,
    hint_of,
    kind_of,
)
from shiheng.registers.models import Entry, Row
from shiheng.registers.tables import table_of
from shiheng.subjects import changes
from shiheng.ui.models import Preference
from tests import factories
from tests.lines import samples

TODAY = date(2026, 11, 20)
BY_CODE: dict[str, Register] = {r.code: r for r in registry.all_of(ENGINE, on=TODAY)}
KEPT = sorted(code for code, register in BY_CODE.items() if register.feed is None)
FED = sorted(code for code, register in BY_CODE.items() if register.feed is not None)
COLUMN = {"section_chief": "chief", "city_official": "city", "window_clerk": "clerk", "data_officer": "data"}
ENTRIES = 3

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.standing_at(TODAY):
        yield TODAY


def keeper(cast: SimpleNamespace, register: Register) -> Who:
    """One of the cast who keeps this register."""
    column = next(COLUMN[role.value] for role in register.kept_by if role.value in COLUMN)
    who: Who = cast.who(column)
    assert who.may(May.KEEP_REGISTERS)
    return who


def entered(who: Who, register: Register) -> list[Entry]:
    """A few entries as an officer would enter them."""
    found = []
    for turn in range(ENTRIES):
        firm = None
        if register.bound == SUBJECT or register.owned:
            firm = factories.subject(f"云泽市临江区样本{turn}号厂", number=4000 + turn).pk
        since = register.over_since.replace(year=register.over_since.year - 2) if register.over_since else None
        facts = samples.model(register, turn).model_dump()
        facts = {name: value for name, value in facts.items() if value is not None}
        found.append(actions.enter(who, register.code, facts, subject=firm, since=since))
    return found


def page(who: Who, register: Register, asked: dict[str, str]) -> Any:
    request: Any = RequestFactory().get("/", asked)
    request.who = who
    rows = queries.visible_to(who, register).select_related("subject")
    return table_of(register, who).read(request, rows)


def test_the_lines_declare_at_least_forty_registers_in_every_group() -> None:
    assert len(BY_CODE) >= 40
    assert {register.group for register in BY_CODE.values()} == set(GROUPS)
    assert {register.bound for register in BY_CODE.values()} == {"subject", "person", "place", "thing"}


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_a_register_says_what_it_is_on_what_basis_and_who_keeps_it(code: str) -> None:
    register = BY_CODE[code]
    assert register.about.endswith("。")
    assert register.basis, "every register names the instrument that asks for it"
    assert all(basis.verified or basis.note for basis in register.basis), "what was not read says so"
    assert register.feed or (register.kept_by and set(register.kept_by) <= set(OFFICERS))
    assert set(register.public_facts).isdisjoint(register.personal)
    assert bool(register.over_since) == bool(register.over_why)
    assert len(set(register.titles.values())) == len(register.titles), "a column of a file means one fact"


@pytest.mark.parametrize("code", KEPT)
def test_entries_are_entered_listed_filtered_exported_and_read_back_the_same(code: str, cast: SimpleNamespace) -> None:
    register = BY_CODE[code]
    who = keeper(cast, register)
    made = entered(who, register)
    assert len({entry.key for entry in made}) == ENTRIES
    assert page(who, register, {}).totals.count == ENTRIES

    for name, info in register.indexed.items():
        value = made[0].facts.get(name)
        if value is None:
            continue
        same = sum(entry.facts.get(name) == value for entry in made)
        assert page(who, register, asked(name, info, value)).totals.count == same, name

    book = exported(who, register)
    again = importing.begin(who, code, files.keep(book, sealed=bool(register.personal)), "again.xlsx")
    rows = list(Row.objects.filter(act=again).order_by("line"))
    assert [(row.outcome, row.why) for row in rows] == [("same", "")] * ENTRIES


def asked(name: str, info: Any, value: Any) -> dict[str, str]:
    """The address of a list filtered by one fact."""
    kind = kind_of(info)
    if kind == "flag":
        return {f"f-{name}": "1" if value else "0"}
    if kind in {"day", "number", "money"} and not choices_of(info):
        text = f"{value / 100:.2f}" if hint_of(info).get("widget") == "money" else str(value)
        return {f"f-{name}_from": text, f"f-{name}_to": text}
    return {f"f-{name}": str(value)}


def exported(who: Who, register: Register) -> bytes:
    """The workbook a keeper downloads with every column chosen; what is personal stands in it masked."""
    table = table_of(register, who)
    columns = {"columns": [column.key for column in table.columns]}
    Preference.objects.create(owner=who.key, code=f"table:{table.code}", value=columns)
    return b"".join(page(who, register, {"export": "xlsx"}).response().streaming_content)


# What departments report, as their sources leave it in the subject file.
PERMIT = {"title": "食品经营许可证", "content": "热食类食品制售", "issuer": "临江区市场监督管理局"}
REPORTED: dict[str, list[dict[str, Any]]] = {
    "permit": [
        {"key": "JY1", "state": "valid", "until": date(2029, 5, 31), "facts": PERMIT},
        {"key": "JY2", "state": "closed", "facts": PERMIT},
    ],
    "equipment": [
        {"key": "梯11", "state": "在用", "facts": {"title": "电梯", "next_inspection": "2026-10-01"}},
        {"key": "梯12", "state": "报废", "facts": {"title": "电梯", "next_inspection": "2027-03-01"}},
    ],
    "trademark": [
        {"key": "5500001", "state": "有效", "until": date(2030, 1, 1), "facts": {"title": "云泽", "class": "30"}},
        {"key": "5500002", "state": "注销", "facts": {"title": "云江", "class": "35"}},
    ],
    "patent": [
        {"key": "ZL1", "state": "有效", "facts": {"title": "一种灶具", "type": "实用新型", "applied": "2020-01-02"}},
        {"key": "ZL2", "state": "终止", "facts": {"title": "一种炉子", "type": "发明"}},
    ],
}


@pytest.mark.parametrize("code", FED)
def test_what_departments_report_stands_on_its_register_and_follows_them(code: str, cast: SimpleNamespace) -> None:
    register = BY_CODE[code]
    assert register.feed is not None
    firm = factories.subject("云泽市临江区报送厂", number=4500)
    good, ended = REPORTED[register.feed.kind]
    records = [
        factories.record(firm, register.feed.kind, scope=firm.scope, title=row["facts"]["title"], **row)
        for row in (good, ended)
    ]
    feeding.run()
    held = {entry.key: entry for entry in Entry.objects.filter(register=code)}
    first, gone = held[good["key"]], held[ended["key"]]
    assert (first.state, first.ended, first.subject_id, first.until) == ("on", False, firm.pk, good.get("until"))
    assert gone.ended
    assert first.facts[next(iter(register.feed.facts))] == good["facts"]["title"]
    if register.due:
        assert first.due == date(2026, 10, 1)
        assert queries.standing_of(first).code == "over", "past its day of inspection and still in use"
    for name in register.indexed:
        if value := first.facts.get(name):
            found = page(cast.who("chief"), register, asked(name, register.facts.model_fields[name], value))
            assert first.pk in {row.pk for row in found.export_rows()}, name

    records[0].current = False
    records[0].save()
    changes.write([(firm.pk, register.feed.kind, f"register:{good['key']}", firm.scope, False)])
    feeding.run()
    first.refresh_from_db()
    assert first.ended, "nobody reports it any more"


def test_kinds_and_facts_that_feed_registers_are_those_sources_report() -> None:
    told: dict[str, set[str]] = {}
    for source in sources.every().values():
        if record := source.record:
            told.setdefault(record.kind, set()).update(record.facts)
    for code in FED:
        feed = BY_CODE[code].feed
        assert feed is not None
        assert set(feed.facts.values()) - {"key", "day", "until", "state"} <= told[feed.kind], code
