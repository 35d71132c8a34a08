"""Every source the lines ship: what it must say of itself, that its own good rows pass and its own bad ones do not."""

from collections import Counter

import pytest

from shiheng.fusion import checks
from shiheng.fusion.checks import Checked, Checker
from shiheng.fusion.definition import ASSERTIONS, DELIVERIES, Source
from shiheng.fusion.rows import Row, chunk_of
from shiheng.kernel.errors import Refused
from tests.lines import declared
from tests.lines.declared import KNOWN_ON, cells, good, source

CODES = declared.codes()
# The files a bureau's departments really send: none of these may be missing.
WANTED = {
    "register", "members", "permits", "food_permits", "changes", "cancellations", "tax", "social_security", "penalties",
    "inspections", "complaints", "annual_reports", "abnormal_list", "serious_list", "judgment_debtors", "wage_arrears",
    "court_cases", "product_sampling", "food_sampling", "special_equipment", "trademarks", "patents", "online_shops",
    "street_leads", "police_transfers", "customs", "hotline_12345", "bank_outlets",
}  # fmt: skip


def check(of: Source, *rows: dict[str, str]) -> Checked:
    """The rows as one file: its twins are looked for first, then each row is judged."""
    layout = checks.lay_out(of, [c.title for c in of.columns])
    chunk = chunk_of([Row(n, cells(of, row)) for n, row in enumerate(rows, 1)], len(layout.header))
    keys = Checker(of, layout, KNOWN_ON).keys(chunk)
    twins = {name: hashes.filter(hashes.is_duplicated()).unique() for name, hashes in keys.items()}
    return Checker(of, layout, KNOWN_ON, twins=twins).check(chunk)


def faults(done: Checked) -> list[str]:
    return [reason["code"] for refused in done.refused for reason in refused["reasons"]]


def test_every_department_has_its_source():
    assert set(CODES) >= WANTED
    assert max(Counter(CODES).values()) == 1, "the folder is the code, in one line only"


@pytest.mark.parametrize("code", CODES)
def test_a_source_says_whose_it_is_why_and_how_it_comes(code):
    of = source(code)
    assert of.code == code
    assert of.department
    assert of.owner
    assert of.unit
    assert of.purpose
    assert of.limitations
    assert of.frequency_days > 0
    assert of.legal_basis
    assert set(of.deliveries) <= set(DELIVERIES)
    assert {a.kind for a in of.assertions} <= set(ASSERTIONS)
    assert any(a.kind == "rowCount" for a in of.assertions), "an empty file is a failed export, not a quiet month"
    if "snapshot" in of.deliveries[:1]:
        assert any(a.min_share_of_last for a in of.assertions) or of.frequency_days > 31, (
            "a full list that shrank by half would close half of what it no longer names"
        )


@pytest.mark.parametrize("code", CODES)
def test_no_two_columns_of_a_source_share_a_header(code):
    of = source(code)
    plain = Counter(h for c in of.columns for h in {checks._plain(header) for header in c.headers})
    assert [header for header, count in plain.items() if count > 1] == []


@pytest.mark.parametrize("code", CODES)
def test_a_source_is_known_by_standard_names_or_titles_alike(code):
    of = source(code)
    for header in ([c.name for c in of.columns], [c.title for c in of.columns]):
        assert [c.name for c in checks.lay_out(of, header).columns if c] == [c.name for c in of.columns]


@pytest.mark.parametrize("code", CODES)
def test_what_speaks_of_a_person_is_marked(code):
    """Phones, document numbers and accounts by their titles: an unmarked one is an oversight unless an office's own."""
    of = source(code)
    telling = ("证件号码", "身份证号", "账号", "手机", "联系电话")
    assert [c.title for c in of.columns if any(word in c.title for word in telling) and not c.sensitive] == []
    for column in of.columns:
        if column.sensitive == "id":
            assert not column.repair or column.kind == "identifier" or column.name == "birth_dt", "no guess at a person"


@pytest.mark.parametrize("code", CODES)
def test_any_row_a_contract_allows_is_accepted(code):
    of = source(code)
    every = range(1, 1 + max(20, *(len(c.codes) for c in of.columns)))
    done = check(of, *(good(of, number) for number in every))
    assert faults(done) == []
    assert len(done.accepted) == len(every)


@pytest.mark.parametrize("code", CODES)
def test_each_breach_of_a_contract_is_refused_at_its_column(code):
    of = source(code)
    planted = list(declared.breaches(of))
    done = check(of, *({**good(of, n), column.title: cell} for n, (_, column, cell) in enumerate(planted, 1)))
    assert done.accepted.is_empty()
    assert [refused["row"] for refused in done.refused] == list(range(1, 1 + len(planted)))
    for (kind, column, cell), refused in zip(planted, done.refused, strict=True):
        told = [reason["code"] for reason in refused["reasons"]]
        assert [c for c in told if c.startswith(f"{column.name}.")], (kind, column.name, cell, told)


@pytest.mark.parametrize("code", CODES)
def test_a_file_without_a_required_column_is_refused_and_told_which(code):
    of = source(code)
    for column in of.columns:
        if column.required:
            with pytest.raises(Refused) as caught:
                checks.lay_out(of, [c.title for c in of.columns if c is not column])
            assert column.title in caught.value.message


@pytest.mark.parametrize("code", [c for c in CODES if any(k.unique for k in source(c).columns)])
def test_a_key_that_comes_twice_is_set_aside(code):
    of = source(code)
    (key,) = [c for c in of.columns if c.unique]
    twin = {**good(of, 2), key.title: good(of)[key.title]}
    done = check(of, good(of), twin, good(of, 3))
    assert {c for c in faults(done) if c.startswith(f"{key.name}.")}, faults(done)
    assert 3 in done.accepted["row"].to_list()


@pytest.mark.parametrize("code", [c for c in CODES if source(c).by_name])
def test_a_row_without_a_code_may_name_its_subject_with_a_second_sign(code):
    of = source(code)
    assert of.by_name is not None
    by_title = {name: of.column(name).title for name in of.identify}
    blank = {**good(of), **dict.fromkeys(by_title.values(), "")}
    assert faults(check(of, blank)) == []
    name = of.column(of.by_name.name)
    if not name.required:
        assert "row.unnamed" in faults(check(of, {**blank, name.title: ""}))


@pytest.mark.parametrize("code", [c for c in CODES if source(c).deleted])
def test_a_department_s_mark_of_deletion_is_understood(code):
    of = source(code)
    assert of.deleted is not None
    title = of.column(of.deleted.column).title
    spelt = [word for word in of.deleted.values if word in of.column(of.deleted.column).codes]
    assert "d" in spelt
    done = check(of, *({**good(of, n), title: word} for n, word in enumerate(spelt, 1)), {**good(of, 99), title: "i"})
    assert faults(done) == []
    assert sorted(done.marks.deleted) == list(range(1, 1 + len(spelt)))


@pytest.mark.parametrize("code", [c for c in CODES if source(c).absent])
def test_none_and_not_obtained_are_no_faults_and_no_zeros(code):
    of = source(code)
    assert of.absent is not None
    assert not of.absent.column, "they stand in the cells themselves"
    told = [*of.absent.none, *of.absent.unknown]
    may_lack = [c for c in of.columns if c.kind in {"number", "money", "code"} and not c.required]
    rows = [{**good(of, n), **{c.title: word for c in may_lack}} for n, word in enumerate(told, 1)]
    done = check(of, *rows)
    assert faults(done) == []
    for column in may_lack:
        assert not any(value and value[0].isdigit() for value in done.accepted[column.name]), column.name
