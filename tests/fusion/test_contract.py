"""A source is declared in text: what is wrong with it is said when it is read, with file, column and fault."""

import copy
from typing import Any

import pytest

from shiheng.fusion import checks
from shiheng.fusion.definition import FIELDS, parse_source
from shiheng.kernel.errors import Refused
from tests.fusion.sources import CODE, TITLE, column, contract, mapping, parse, register, text

GOOD = contract(CODE, TITLE, column("day", "day", "日期"), column("note", title="备注", aliases=["说明"]))


def test_the_registers_contract_reads_both_real_layouts():
    source = register()
    assert (source.code, source.title, source.department, source.frequency_days) == (
        "register",
        "商事登记",
        "登记注册科",
        31,
    )
    assert set(source.statements) <= set(FIELDS)
    assert source.day == "appr_dt"
    assert source.column("reg_state").codes["开业"] == "active"
    assert source.authority["name"] == 1


def test_a_good_declaration_is_read_whole():
    source = parse(GOOD, mapping(day="day", authority={"name": 2}))
    assert (source.day, source.authority, source.identify) == ("day", {"name": 2}, ("code",))
    assert source.column("title").required
    assert source.column("note").headers == ("备注", "note", "说明")
    assert source.said() == {"uscc": "code", "name": "title"}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good contract with one place changed; ``None`` takes the key away."""
    out: Any = copy.deepcopy(GOOD)
    place = out
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return out


@pytest.mark.parametrize(
    ("faulty", "code", "said"),
    [
        (changed("kind", "Table"), "contract.kind", "DataContract"),
        (changed("id", None), "contract.incomplete", "id"),
        (changed("version", ""), "contract.incomplete", "version"),
        (changed("schema", None), "contract.incomplete", "schema"),
        (changed("schema", {"a": 1}), "contract.malformed", "ODCS"),
        (changed("schema", "abc"), "contract.malformed", "ODCS"),
        (changed("customProperties", {"nulls": ["-"]}), "contract.malformed", "ODCS"),
        (changed("id", "../../elsewhere"), "contract.id", "小写字母"),
        (changed("id", "税务"), "contract.id", "小写字母"),
        (contract(CODE, TITLE, {"businessName": "无名"}), "contract.column", "没有 name"),
        (contract(CODE, TITLE, column("x", "colour")), "contract.kind", "colour"),
        (contract(CODE, TITLE, column("x", title="名称")), "contract.header", "名称"),
        (contract(CODE, TITLE, column("x", maxLength="long")), "contract.malformed", "long"),
        (contract(CODE, TITLE, column("x", "capital", currencyColumn="cur")), "contract.currency", "cur"),
        ("a: [1", "contract.unreadable", "YAML"),
        ("- 1\n- 2", "contract.unreadable", "键值"),
    ],
)
def test_a_faulty_contract_is_refused_with_file_and_fault(faulty, code, said):
    written = faulty if isinstance(faulty, str) else text(faulty)
    with pytest.raises(Refused) as caught:
        parse_source(written, text(mapping()), where="sample/contract.yaml")
    assert caught.value.code == code
    assert "sample/contract.yaml" in caught.value.message
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("faulty", "code", "said"),
    [
        (mapping(statements={"colour": "note"}), "mapping.field", "colour"),
        (mapping(statements={"name": "nowhere"}), "mapping.column", "nowhere"),
        (mapping(identify=[]), "mapping.identify", "至少一列"),
        (mapping(identify=["nowhere"]), "mapping.identify", "至少一列"),
        (mapping(identify=["note"]), "mapping.identify", "note"),
        (mapping(statements={"name": "title"}), "mapping.identify", "statements"),
        (mapping(day="note"), "mapping.day", "note"),
        (mapping(day="nowhere"), "mapping.day", "nowhere"),
        (mapping(authority={"name": "high"}), "contract.malformed", "high"),
        (mapping(statements={"uscc": "code", "established": "note"}), "mapping.kind", "established"),
        (mapping(statements={"uscc": "code", "capital": "note"}), "mapping.kind", "capital"),
        (mapping(statements={"uscc": "code", "status": "note"}), "mapping.kind", "status"),
        (mapping(record={"kind": "permit"}), "mapping.record", "key"),
        (mapping(record={"kind": "许 可", "key": "note"}), "mapping.record", "kind"),
        (mapping(record={"kind": "permit", "key": "nowhere"}), "mapping.column", "nowhere"),
        (mapping(record={"kind": "permit", "key": "note", "day": "title"}), "mapping.day", "title"),
        (mapping(record={"kind": "permit", "key": "note", "change": "title"}), "mapping.change", "deleted"),
        (mapping(record={"kind": "permit", "key": "note", "facts": {"a": "nowhere"}}), "mapping.column", "nowhere"),
    ],
)
def test_a_faulty_mapping_is_refused_before_any_file_comes(faulty, code, said):
    with pytest.raises(Refused) as caught:
        parse(GOOD, faulty)
    assert caught.value.code == code
    assert said in caught.value.message


def test_columns_are_held_to_what_the_subject_file_can_take():
    source = parse(GOOD, mapping(record={"kind": "permit", "key": "note", "state": "title"}))
    assert source.column("note").max_length == 200
    assert source.column("title").max_length == 32
    assert parse(GOOD, mapping()).column("title").max_length == 300


def test_a_record_is_said_in_fields_of_its_own():
    source = parse(
        GOOD, mapping(record={"kind": "permit", "key": "note", "day": "day", "facts": {"许可内容": "title"}})
    )
    assert source.said() == {
        "uscc": "code",
        "name": "title",
        "permit.key": "note",
        "permit.day": "day",
        "permit.facts.许可内容": "title",
    }


# --- a file's header meets the contract -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "header",
    [
        ["信用代码", "名称"],
        ["code", "title"],
        ["CODE", " 名 称 "],
        ["\ufeff信用代码", "名\n称"],
        ["别的", "名称", "信用代码", ""],
    ],
)
def test_a_header_matches_by_any_agreed_title_in_any_order(header):
    layout = checks.lay_out(parse(GOOD, mapping()), header)
    assert {c.name for c in layout.columns if c} == {"code", "title"}


def test_brackets_of_either_width_are_one_title():
    layout = checks.lay_out(register(), ["企业名称(字号名称)", "统一社会信用代码", "法定代表人（经营者姓名）"])
    assert [c.name for c in layout.columns if c] == ["comp_nm", "uni_social_crd_cd", "legal_repre"]


def test_a_column_that_comes_twice_is_read_once():
    layout = checks.lay_out(parse(GOOD, mapping()), ["信用代码", "名称", "title"])
    assert [c.name if c else None for c in layout.columns] == ["code", "title", None]


def test_a_missing_required_column_refuses_the_file_and_names_what_is_there():
    with pytest.raises(Refused) as caught:
        checks.lay_out(parse(GOOD, mapping()), ["信用代码", "公司"])
    assert caught.value.code == "file.columns"
    for said in ("名称", "信用代码、公司", "样例"):
        assert said in caught.value.message


def test_a_file_that_names_nobody_is_refused():
    with pytest.raises(Refused) as caught:
        checks.lay_out(parse(GOOD, mapping()), ["名称", "备注"])
    assert caught.value.code == "file.identify"
    assert "信用代码" in caught.value.message
