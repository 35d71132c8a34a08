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


# --- what a contract may say of a delivery, of personal data and of a whole file --------------------------------------
PHONE = column("tel", "phone", "联系电话")
STATE = column("state", "code", "状态", codes={"1": "valid", "有效": "valid", "2": "revoked"})
SIGN = column("op", title="操作标志")
BOSS = column("boss", "person", "负责人")
UNTIL = column("until", "day", "有效期至")
DEPOSIT = {**column("amt", "money", "金额", min=0, max=1e9, repair=False), "unique": True}
RICH = contract(
    CODE, TITLE, column("day", "day", "日期"), column("note", title="备注"), PHONE, STATE, SIGN, BOSS, UNTIL, DEPOSIT,
    custom={
        "department": "测试局", "owner": "测试局信用科", "unit": "全市一份", "deliveries": ["snapshot", "deletions"],
        "thirdParty": True,
        "legalBasis": [
            {"instrument": "行政处罚法", "article": "第四十八条", "verified": True},
            {"instrument": "某办法"},
        ],
    },
)  # fmt: skip


def asserted(*quality: dict[str, Any], on: dict[str, Any] | None = None) -> dict[str, Any]:
    """The rich contract demanding something of a whole file, or of one column of it."""
    out: Any = copy.deepcopy(RICH)
    if on is None:
        out["schema"][0]["quality"] = list(quality)
    else:
        next(c for c in out["schema"][0]["properties"] if c["name"] == on["name"])["quality"] = list(quality)
    return out


def test_a_contract_says_how_it_is_delivered_by_whom_and_on_what_ground():
    source = parse(RICH, mapping())
    assert (source.deliveries, source.third_party) == (("snapshot", "deletions"), True)
    assert (source.department, source.owner, source.unit) == ("测试局", "测试局信用科", "全市一份")
    assert [str(b) for b in source.legal_basis] == ["《行政处罚法》第四十八条", "《某办法》（条文待核对）"]


def test_a_contract_that_says_nothing_is_an_increment_of_its_department():
    source = parse(GOOD, mapping())
    assert (source.deliveries, source.third_party, source.owner) == (("increment",), False, "测试科")
    assert (source.assertions, source.deleted, source.absent, source.by_name) == ((), None, None, None)


def test_a_phone_is_personal_unless_the_contract_says_whose_it_is():
    assert parse(RICH, mapping()).sensitive() == {"tel": "phone"}
    office = contract(
        CODE, TITLE, column("tel", "phone", "值班电话", sensitive="none"), column("acct", sensitive="account")
    )
    assert parse(office, mapping()).sensitive() == {"acct": "account"}


def test_a_column_may_be_bounded_formed_unique_and_beyond_repair():
    digits = column("no", title="编号", digits=12)
    formed = column("lic", title="许可证号", pattern="JY[0-9]{14}", patternTitle="JY 加 14 位数字")
    source = parse(contract(CODE, TITLE, DEPOSIT, digits, formed), mapping())
    amount = source.column("amt")
    assert (amount.minimum, amount.maximum, amount.unique, amount.repair) == (0, 1e9, True, False)
    assert (source.column("no").pattern, source.column("no").pattern_title) == ("[0-9]{12}", "12 位数字")
    assert (source.column("lic").pattern, source.column("lic").repair) == ("JY[0-9]{14}", True)


@pytest.mark.parametrize(
    ("declared", "measured", "last", "holds", "bound"),
    [
        (asserted({"metric": "rowCount", "mustBeGreaterThan": 0}), 0, None, False, "多于 0"),
        (asserted({"metric": "rowCount", "mustBeGreaterThan": 0}), 1, None, True, "多于 0"),
        (asserted({"metric": "rowCount", "mustBeBetween": [10, 20]}), 21, None, False, "不少于 10，不多于 20"),
        (asserted({"metric": "rowCount", "minShareOfLast": 0.5}), 49, 100, False, "不少于上一批的 50%"),
        (asserted({"metric": "rowCount", "minShareOfLast": 0.5}), 49, None, True, "不少于上一批的 50%"),
        (asserted({"metric": "rowCount", "maxShareOfLast": 3}), 301, 100, False, "不多于上一批的 300%"),
        (
            asserted({"metric": "nullValues", "unit": "percent", "mustBeLessThan": 20}, on=PHONE),
            0.2, None, False, "少于 20%",
        ),
        (asserted({"metric": "nullShare", "mustBeLessOrEqualTo": 0.2}, on=PHONE), 0.2, None, True, "不多于 20%"),
        (
            asserted({"metric": "duplicateValues", "unit": "percent", "mustBeLessOrEqualTo": 1,
                      "arguments": {"properties": ["code", "day"]}}),
            0.011, None, False, "不多于 1%",
        ),
        (asserted({"metric": "duplicateKey", "unit": "rows", "mustBe": 0}, on=SIGN), 1, None, False, "等于 0"),
        (
            asserted({"metric": "invalidValues", "unit": "percent", "mustBeLessThan": 5}, on=STATE),
            0.04, None, True, "少于 5%",
        ),
        (
            asserted({"metric": "codeShare", "mustBeLessThan": 0.3,
                      "arguments": {"column": "state", "value": "revoked"}}),
            0.3, None, False, "少于 30%",
        ),
    ],
)  # fmt: skip
def test_an_assertion_holds_or_is_broken_and_says_its_bound(declared, measured, last, holds, bound):
    (assertion,) = parse(declared, mapping()).assertions
    assert assertion.holds(measured, last=last) is holds
    assert assertion.bound() == bound


def test_an_assertion_knows_what_it_measures():
    source = parse(
        asserted(
            {"metric": "duplicateValues", "mustBe": 0, "arguments": {"properties": ["code", "day"]}},
            {"metric": "nullValues", "mustBeLessThan": 20, "unit": "percent", "arguments": {"column": "tel"}},
        ),
        mapping(),
    )
    assert [(a.kind, a.column, a.columns, a.share) for a in source.assertions] == [
        ("duplicateKey", "", ("code", "day"), True),
        ("nullShare", "tel", (), True),
    ]


@pytest.mark.parametrize(
    ("faulty", "code", "said"),
    [
        (contract(CODE, TITLE, custom={"deliveries": ["weekly"]}), "contract.deliveries", "weekly"),
        (contract(CODE, TITLE, column("x", sensitive="secret")), "contract.sensitive", "secret"),
        (contract(CODE, TITLE, column("x", pattern="[", patternTitle="甲")), "contract.pattern", "正则"),
        (contract(CODE, TITLE, column("x", pattern="[a-z]")), "contract.pattern", "patternTitle"),
        (contract(CODE, TITLE, column("x", "number", min="few")), "contract.malformed", "few"),
        (contract(CODE, TITLE, custom={"legalBasis": [{"article": "第一条"}]}), "contract.malformed", "instrument"),
        (asserted({"metric": "freshness", "mustBe": 1}), "contract.quality", "freshness"),
        (asserted({"metric": "rowCount"}), "contract.quality", "界限"),
        (asserted({"metric": "nullValues", "mustBe": 0}), "contract.quality", "不在契约中"),
        (asserted({"metric": "duplicateValues", "mustBe": 0}), "contract.quality", "没有写"),
        (
            asserted({"metric": "duplicateValues", "mustBe": 0, "arguments": {"properties": ["nowhere"]}}),
            "contract.quality", "nowhere",
        ),
        (asserted({"metric": "invalidValues", "mustBe": 0}, on=PHONE), "contract.quality", "没有代码表"),
        (
            asserted({"metric": "codeShare", "mustBeLessThan": 1, "arguments": {"column": "state", "value": "9"}}),
            "contract.quality", "不是列 state",
        ),
    ],
)  # fmt: skip
def test_a_faulty_demand_is_refused_with_its_place(faulty, code, said):
    with pytest.raises(Refused) as caught:
        parse(faulty, mapping())
    assert caught.value.code == code
    assert "sample/contract.yaml" in caught.value.message
    assert said in caught.value.message


RECORD = {"kind": "permit", "key": "note", "day": "day", "until": "until", "person": {"name": "boss", "id": "tel"}}


def test_a_mapping_says_what_takes_a_row_back_what_is_absent_and_who_is_meant():
    source = parse(
        RICH,
        mapping(
            statements={"uscc": "code", "name": "title", "representative": "boss"},
            identify_by_name={"name": "title", "second": ["representative"]},
            deleted={"column": "op", "values": ["d", 3]},
            absent={"none": ["查无"], "unknown": ["未取得", "超时"]},
            record=RECORD,
        ),
    )
    assert source.deleted is not None
    assert (source.deleted.column, source.deleted.values) == ("op", ("d", "3"))
    assert source.absent is not None
    assert (source.absent.none, source.absent.unknown, source.absent.column) == (("查无",), ("未取得", "超时"), "")
    assert source.by_name is not None
    assert (source.by_name.name, source.by_name.second) == ("title", ("representative",))
    said = source.said()
    assert (said["permit.until"], said["permit.person_name"], said["permit.person_id"]) == ("until", "boss", "tel")


def test_a_deletion_is_told_by_any_spelling_and_by_the_standard_value():
    marks = column("mark", "code", "标志", codes={"d": "deleted", "删除": "deleted", "i": "kept"})
    marked = contract(CODE, TITLE, column("note", title="备注"), marks)
    source = parse(marked, mapping(deleted={"column": "mark", "values": ["d"]}))
    assert source.deleted is not None
    assert source.deleted.values == ("d", "删除", "deleted")
    by_record = parse(marked, mapping(record={"kind": "permit", "key": "note", "change": "mark"}))
    assert by_record.deleted is not None
    assert set(by_record.deleted.values) == set(source.deleted.values)


def test_a_source_may_name_its_subjects_by_name_alone():
    source = parse(
        RICH,
        mapping(
            identify=[],
            statements={"name": "title", "representative": "boss"},
            identify_by_name={"name": "title", "second": ["representative"]},
        ),
    )
    assert source.identify == ()


@pytest.mark.parametrize(
    ("faulty", "code", "said"),
    [
        (mapping(deleted={"column": "nowhere", "values": ["d"]}), "mapping.deleted", "column"),
        (mapping(deleted={"column": "op"}), "mapping.deleted", "values"),
        (mapping(deleted={"column": "state", "values": ["3"]}), "mapping.deleted", "代码表"),
        (mapping(absent={"column": "nowhere", "none": ["无"]}), "mapping.absent", "column"),
        (mapping(absent={"column": "op"}), "mapping.absent", "unknown"),
        (mapping(absent={"none": ["无"], "unknown": ["无"]}), "mapping.absent", "“无”"),
        (mapping(identify_by_name={"name": "boss", "second": ["region"]}), "mapping.by_name", "statements 的 name"),
        (mapping(identify_by_name={"name": "title", "second": []}), "mapping.by_name", "佐证"),
        (mapping(identify_by_name={"name": "title", "second": ["region"]}), "mapping.by_name", "region"),
        (mapping(identify_by_name={"name": "title", "second": ["uscc"]}), "mapping.by_name", "uscc"),
        (mapping(statements={"uscc": "code", "name": "title", "postal_code": "tel"}), "mapping.sensitive", "tel"),
        (mapping(record={"kind": "permit", "key": "tel"}), "mapping.sensitive", "tel"),
        (mapping(record={**RECORD, "person": {"id": "op"}}), "mapping.sensitive", "op"),
        (mapping(record={**RECORD, "until": "op"}), "mapping.day", "op"),
        (mapping(record={**RECORD, "person": {"name": "nowhere"}}), "mapping.column", "nowhere"),
    ],
)
def test_a_faulty_new_part_of_a_mapping_is_refused_before_any_file_comes(faulty, code, said):
    with pytest.raises(Refused) as caught:
        parse(RICH, faulty)
    assert caught.value.code == code
    assert said in caught.value.message
