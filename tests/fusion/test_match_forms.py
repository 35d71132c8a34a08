"""What departments write differently and mean alike is made alike before it is compared; what differs stays apart."""

import polars as pl
import pytest

from shiheng.fusion.match import forms, mojibake
from shiheng.subjects import addresses

PLACES = ["云泽市", "临江区", "听澜", "鹭洲"]


def cut(name: str) -> dict[str, str]:
    return forms.names(pl.Series([name]), PLACES).row(0, named=True)


@pytest.mark.parametrize(
    ("name", "trade", "line"),
    [
        ("云泽市恒润食品有限公司", "恒润", "食品"),
        ("云泽市临江区听澜九叔快餐店", "九叔", "快餐"),
        ("临江区满记餐馆（个体工商户）", "满记", "餐"),
        ("恒潤食品", "恒润", "食品"),
        ("投诉恒润食品有限公司不退款", "恒润", "食品"),
        ("恒润食品有限公司（旗舰店）", "恒润", "食品"),
        ("云泽市恒润食品有限公司临江分公司", "恒润", "食品"),
        ("个体户陈伟", "陈伟", ""),
    ],
)
def test_a_name_falls_into_its_parts(name: str, trade: str, line: str) -> None:
    assert (cut(name)["trade"], cut(name)["line"]) == (trade, line)


def test_a_trade_name_is_never_eaten_up() -> None:
    assert cut("云泽市食品有限公司")["trade"] == "食品"
    assert cut("店")["full"] == "店"


@pytest.mark.parametrize(("one", "other"), [("恒润", "衡闰"), ("张三", "章山"), ("南湖", "蓝湖"), ("金平", "京平")])
def test_what_sounds_alike_becomes_one(one: str, other: str) -> None:
    heard = forms.persons(pl.Series([one, other]))["person_heard"]
    assert heard[0] == heard[1]


def test_what_sounds_otherwise_stays_apart() -> None:
    heard = forms.persons(pl.Series(["恒润", "宏润"]))["person_heard"]
    assert heard[0] != heard[1]


@pytest.mark.parametrize(
    ("address", "road", "number", "unit"),
    [
        ("云泽市临江区听澜街道金橘一路282号首层", "金橘一路", "282", "1"),
        ("广东省云泽市临江区听澜街道金橘一路２８２＃1楼", "金橘一路", "282", "1"),
        ("金橘一路附近", "金橘一路", "", ""),
        ("广州市越秀区东风西路233号601-604房", "东风西路", "233", "601-604"),
        ("番禺区南村镇兴业大道921-929号西401", "兴业大道", "921-929", "401"),
        ("中山市东区东苑路十二号2楼", "东苑路", "12", "2"),
        ("听澜街道竹喧社区十组20号", "竹喧社区十组", "20", ""),
        ("广州市越秀区豪贤路102号2203房", "豪贤路", "102", "2203"),
        ("云泽市临江区鹭洲街道晨星大道9号鹭洲大厦12层1201室", "晨星大道", "9", "12-1201"),
        ("鹭洲街道晨星大道9号鹭洲大厦12楼1201", "晨星大道", "9", "12-1201"),
    ],
)
def test_an_address_falls_into_its_parts(address: str, road: str, number: str, unit: str) -> None:
    found = addresses.doors(pl.Series([address]), PLACES).row(0, named=True)
    assert (found["road"], found["number"], found["unit"]) == (road, number, unit)


def test_the_towns_are_learnt_from_the_addresses_themselves() -> None:
    written = [f"云泽市临江区听澜街道金橘路{i}号" for i in range(30)] + ["云泽市临江区鹭洲街道晨星路1号"]
    assert addresses.places(pl.Series(written), least=20) == ["临江区", "云泽市", "听澜"]


def test_names_read_in_the_wrong_charset_are_put_right_and_others_left_alone() -> None:
    told = "云泽市临江区恒润食品有限公司"
    wrong = told.encode().decode("gb18030", "replace")
    rare = "鑫淼垚森焱商行"
    assert mojibake.mended(pl.Series([told, wrong, rare, ""])).to_list() == [told, told, rare, ""]


def test_a_lost_byte_costs_its_character_only() -> None:
    wrong = "云泽市恒润食品店".encode().decode("gb18030", "replace").replace("\ufffd", "?")
    mended = mojibake.repaired(wrong)
    assert mended is not None
    assert mended.startswith("云泽市恒润食品")
