"""Whom a row without a code means: every sign weighed by how many share it, a tie left to a person, and why."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.fusion.match import judge, sides
from shiheng.fusion.match.sentences import TEXTS, reasons
from shiheng.fusion.match.weigh import FIXED, SEEN

Said = list[tuple[int, str, str]]

TOWN: Said = [
    (1, "name", "云泽市恒润食品有限公司"),
    (1, "address", "云泽市临江区听澜街道金橘一路282号"),
    (1, "person", "陈伟"),
    (1, "code", "92449901MA67941K4T"),
    (2, "name", "云泽市恒润建材有限公司"),
    (2, "address", "云泽市临江区听澜街道金橘一路17号"),
    (2, "person", "林建华"),
    (3, "name", "临江区老周火锅店"),
    (3, "address", "云泽市临江区听澜街道荻花大道163号"),
    (3, "person", "孙佳英"),
    (4, "name", "临江区老周火锅店"),
    (4, "address", "云泽市临江区听澜街道晨星路8号"),
    (4, "person", "苏明"),
    *((n, "name", f"云泽市第{n}百货商店") for n in range(5, 400)),
]


def town() -> judge.Register:
    return judge.register(sides.side(said(TOWN), ["云泽市", "临江区"]), total=399)


def said(lines: Said) -> pl.DataFrame:
    return pl.DataFrame(lines, schema={"id": pl.Int64, "field": pl.String, "value": pl.String}, orient="row")


def asked(*lines: tuple[str, str]) -> dict[str, object]:
    rows = sides.side(said([(1, *line) for line in lines]), ["云泽市", "临江区"])
    found = judge.judge(rows, pl.Series("row", [1]), town()).to_dicts()
    if not found:
        return {"subject": None, "decision": "none", "next": 0.0}
    return {**found[0], "next": found[1]["likely"] if len(found) > 1 else 0.0}


@pytest.mark.parametrize(
    "lines",
    [
        [("name", "恒润食品"), ("address", "金橘一路282号")],
        [("name", "衡闰食品有限公司"), ("address", "金橘一路")],
        [("name", "恒润食品有限公司（金橘店）"), ("person", "陈伟")],
        [("name", "云泽市恒润食品有限公司".encode().decode("gb18030", "replace")), ("person", "陈伟")],
        [("name", "恒润食品"), ("code", "92449901MA67941K4Y"), ("person", "陈玮")],
    ],
)
def test_a_name_spoilt_in_one_of_the_usual_ways_still_finds_its_subject(lines: list[tuple[str, str]]) -> None:
    found = asked(*lines)
    assert (found["subject"], found["decision"]) == (1, "auto")


def test_two_shops_of_one_name_are_a_tie_until_a_second_sign_tells_them_apart() -> None:
    alone = asked(("name", "老周火锅店"))
    assert alone["decision"] == "tie"
    assert alone["likely"] == pytest.approx(alone["next"])
    told = asked(("name", "老周火锅店"), ("address", "晨星路8号"))
    assert (told["subject"], told["decision"]) == (4, "auto")


def test_the_same_trade_name_in_another_trade_is_not_the_same_firm() -> None:
    found = asked(("name", "恒润建材"), ("address", "金橘一路"))
    assert found["subject"] == 2


def test_nobody_is_named_where_nothing_agrees() -> None:
    assert asked(("name", "从未听说的某某工坊"), ("address", "别处路1号"))["decision"] == "none"


def test_every_weight_has_its_sentence_and_the_weightiest_comes_first() -> None:
    assert set(SEEN) | set(FIXED) | {"name.near"} == set(TEXTS)
    found = reasons(asked(("name", "恒润食品"), ("address", "金橘一路282号"), ("person", "陈玮")))
    weights = [abs(reason.bits) for reason in found]
    assert len(weights) == 3
    assert weights == sorted(weights, reverse=True)
    assert any("读音相同" in reason.text for reason in found if reason.sign == "person")
    assert sum(reason.bits for reason in found) == pytest.approx(
        asked(("name", "恒润食品"), ("address", "金橘一路282号"), ("person", "陈玮"))["bits"]
    )


@given(st.permutations(range(len(TOWN))), st.permutations(range(4)))
def test_the_order_in_which_anything_came_changes_nothing(town_order: list[int], row_order: list[int]) -> None:
    rows: Said = [
        (11, "name", "恒润食品"), (11, "address", "金橘一路282号"), (12, "name", "老周火锅店"), (13, "name", "恒润"),
    ]  # fmt: skip
    places = ["云泽市", "临江区"]
    ids = pl.Series("row", [11, 12, 13])
    straight = judge.judge(sides.side(said(rows), places), ids, town())
    shuffled = judge.register(sides.side(said([TOWN[i] for i in town_order]), places), total=399)
    again = judge.judge(sides.side(said([rows[i] for i in row_order]), places), ids, shuffled)
    assert again.equals(straight)
