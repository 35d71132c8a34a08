"""Code tables: shipped with source and licence, loaded once, and honest about what was not checked."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from shiheng.catalogue import queries
from shiheng.catalogue.actions import load_builtin_tables
from shiheng.catalogue.builtin import builtin_tables
from shiheng.catalogue.models import CodeEntry, CodeTable
from shiheng.kernel.identifiers import PROVINCES
from shiheng.ledger.models import Leaf

TABLES = {table.code: table for table, _digest in builtin_tables()}


def test_every_shipped_table_names_its_source_and_licence_and_hangs_together() -> None:
    assert set(TABLES) == {
        "industry", "division", "enterprise_type", "subject_status", "subject_kind", "id_type_registration",
        "id_type_police", "currency",
    }  # fmt: skip
    for table in TABLES.values():
        codes = [entry.code for entry in table.entries]
        assert table.source
        assert table.licence
        assert table.entries
        assert len(set(codes)) == len(codes), table.code
        assert {entry.parent for entry in table.entries if entry.parent} <= set(codes), table.code
        assert all(entry.title == entry.title.strip() != "" for entry in table.entries), table.code


def test_the_industry_tree_is_whole() -> None:
    entries = {entry.code: entry for entry in TABLES["industry"].entries}
    sections = [code for code in entries if code.isalpha()]
    assert sections == list("ABCDEFGHIJKLMNOPQRST")
    assert len(entries) == 1971
    for code, entry in entries.items():
        if len(code) > 2:
            assert code.startswith(entry.parent)
        elif code.isdigit():
            assert entry.parent in sections


def test_divisions_reach_the_county_and_cities_without_counties_have_none() -> None:
    entries = {entry.code: entry for entry in TABLES["division"].entries}
    assert {code[:2] for code in entries} <= PROVINCES
    assert entries["440105"].title == "海珠区"
    assert entries["440105"].parent == "440100"
    for city in ("441900", "442000"):
        assert entries[city].parent == "440000"
        assert not [e for e in entries.values() if e.parent == city]
    assert not entries["440102"].current
    assert not any(code.startswith("4499") for code in entries), "the invented city is not in any standard"


def test_what_was_only_remembered_is_not_called_verified() -> None:
    assert not any(entry.verified for entry in TABLES["currency"].entries)
    types = {entry.code: entry for entry in TABLES["enterprise_type"].entries}
    assert not types["9500"].verified
    assert types["1151"].verified
    assert types["1151"].parent == "1150"


@pytest.mark.django_db
def test_loading_twice_writes_once_and_leaves_one_leaf_a_table() -> None:
    written = load_builtin_tables()
    assert written == {code: len(table.entries) for code, table in TABLES.items()}
    assert load_builtin_tables() == {}
    assert CodeEntry.objects.count() == sum(written.values())
    assert Leaf.objects.filter(subject__startswith="codetable:").count() == len(TABLES)


@pytest.mark.django_db
def test_a_changed_table_is_replaced_and_the_others_are_left() -> None:
    load_builtin_tables()
    CodeTable.objects.filter(code="currency").update(digest="an older edition")
    CodeEntry.objects.filter(table__code="currency", code="156").update(title="旧名")
    assert queries.titles("currency")["156"] == "旧名"
    assert load_builtin_tables() == {"currency": 13}
    assert queries.titles("currency")["156"] == "人民币"


@pytest.mark.django_db
def test_titles_are_read_once_and_follow_the_day(django_assert_num_queries: Callable[..., Any]) -> None:
    load_builtin_tables()
    assert queries.titles("industry")["A"] == "农、林、牧、渔业"
    with django_assert_num_queries(1):
        assert queries.titles("industry")["6210"] == "正餐服务"
    assert queries.titles("industry", on=date(2017, 9, 30)) == {}
    assert queries.titles("subject_kind", on=date(1990, 1, 1))["98"] == "个体工商户"
    assert queries.titles("no such table") == {}


@pytest.mark.django_db
def test_a_cascade_asks_for_what_hangs_under_a_code_and_never_offers_a_retired_one() -> None:
    load_builtin_tables()
    cities = [entry.code for entry in queries.children("division", "440000")]
    assert "442000" in cities
    assert list(queries.children("division", "442000")) == []
    assert "440102" not in [entry.code for entry in queries.children("division", "440100")]
    assert len(queries.children("division")) == 31
