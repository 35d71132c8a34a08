"""学得的地址比对权重: learned from what a bureau judged, kept, told on the page, and the rules where there is none."""

import csv
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shiheng.kernel.errors import Conflict, Missing, Refused
from shiheng.ledger.models import Leaf
from shiheng.site.cli import main, operator
from shiheng.subjects import learning, tracing, weights_kept
from shiheng.subjects.comparing import LEVELS, NONE, PART, WHOLE, compare
from shiheng.subjects.hints import hints
from shiheng.subjects.learning import Judged
from shiheng.subjects.traits import NAMES, rarity, traits
from shiheng.subjects.weighing import Growth
from tests.subjects.test_tracing import place

pytestmark = pytest.mark.django_db

GROWTH = Growth(rounds=12, depth=3, step=0.2, columns=0.4, rows=0.8)


def judged(pairs: int = 600) -> list[Judged]:
    """Pairs as a bureau judged them that takes every gate of an estate for the estate, which the rules do not."""
    chance = random.Random(7)
    roads, names = ("鱼跃路", "码头路", "金橘一路", "青禾大道"), ("春晖", "云溪", "听澜", "望湖", "锦绣", "平江")
    held: dict[tuple[str, str], Judged] = {}
    while len(held) < pairs:
        road, name, number, block = (
            chance.choice(roads),
            chance.choice(names),
            chance.randint(1, 99),
            chance.randint(1, 9),
        )
        one = f"云泽市临江区{road}{number}号{name}花园{block}栋"
        way = chance.randrange(3)
        if way == 0:
            other = (
                f"{chance.choice(roads)}{number + 40}号{chance.choice([n for n in names if n != name])}花园{block}栋"
            )
        elif way == 1:
            other = f"临江区{road}{number}号{name}花园{block + 10}栋"
        else:
            other = f"{road}{number}号{name}花园({chance.choice('东西南北')}门)"
        held[one, other] = Judged(one, other, way)
    return list(held.values())


@pytest.fixture
def written(tmp_path: Path):
    """A file of judged pairs, or of other lines."""

    def write(rows=None, *, header=weights_kept.COLUMNS, charset: str = "utf-8") -> Path:
        file = tmp_path / "判断.csv"
        rows = [(p.one, p.other, LEVELS[p.level]) for p in judged()] if rows is None else rows
        with file.open("w", encoding=charset, newline="") as out:
            csv.writer(out).writerows([header, *rows])
        return file

    return write


@pytest.fixture(autouse=True)
def nothing_kept():
    yield
    weights_kept.path().unlink(missing_ok=True)


_LEARNED: list[bytes] = []


@pytest.fixture
def taught(written) -> weights_kept.Kept:
    """What the file teaches, in force; learned once for all tests."""
    if not _LEARNED:
        weights_kept.learn(written(), who=operator.who(), growth=GROWTH)
        _LEARNED.append(weights_kept.path().read_bytes())
    weights_kept.path().parent.mkdir(exist_ok=True)
    weights_kept.path().write_bytes(_LEARNED[0])
    kept = weights_kept.kept()
    assert kept
    return kept


_ADDRESSES = st.text(
    alphabet="云泽市临江区听澜街道金橘路春晖花园小区栋幢号室层村东门一二0123a-（）与交叉口 #", max_size=24
)


@given(_ADDRESSES, _ADDRESSES)
@settings(max_examples=60, deadline=None)
def test_every_pair_has_the_same_traits_and_hints_whichever_way_round(one: str, other: str) -> None:
    rare = rarity(["临江区金橘一路282号", "望湖区春晖花园3栋"])
    told = traits(one, other, rare)
    assert tuple(told) == NAMES
    assert told == traits(other, one, rare)
    assert hints(one, other) == hints(other, one)


def test_what_a_bureau_judges_otherwise_than_the_rules_is_learned(written) -> None:
    gate = ("云泽市望湖区鱼跃路7号云溪花园3栋", "鱼跃路7号云溪花园(东门)")
    assert compare(*gate).level == PART
    kept = weights_kept.learn(written(), who=operator.who(), growth=GROWTH)
    assert kept.measured.macro_f1 > 0.95 > kept.rules.macro_f1
    assert kept.measured.pairs == 600
    found = compare(*gate, weighing=weights_kept.weighing())
    assert found.level == WHOLE
    assert "road.number" in found.reasons
    assert compare(*reversed(gate), weighing=weights_kept.weighing()) == found
    assert compare(gate[0], "青禾大道88号平江花园3栋", weighing=weights_kept.weighing()).level == NONE
    leaf = Leaf.objects.get(kind="addresses.learned")
    assert (leaf.facts["pairs"], leaf.facts["file"]) == (600, "判断.csv")


def test_what_is_measured_was_not_learned_from() -> None:
    """Levels drawn by lot cannot be learned: whoever measured on what was learned would find some of it told."""
    chance = random.Random(3)
    drawn = [Judged(pair.one, pair.other, chance.randrange(3)) for pair in judged()]
    _, measured = learning.learn(drawn, growth=GROWTH)
    assert measured.accuracy < 0.45


def test_the_next_learning_is_the_next_number_and_forgetting_brings_back_the_rules(taught, written) -> None:
    assert weights_kept.learn(written(), who=operator.who(), growth=GROWTH).number == taught.number + 1
    weights_kept.forget(who=operator.who())
    assert weights_kept.weighing() is None
    with pytest.raises(Missing):
        weights_kept.forget(who=operator.who())


def test_weights_no_better_than_the_rules_are_not_taken(written) -> None:
    ruled = [(p.one, p.other, compare(p.one, p.other).level) for p in judged(900) if p.level]
    ruled += [(p.one, p.other, compare(p.one, p.other).level) for p in judged(900) if not p.level]
    ruled += [(f"鱼跃路{n}号", f"临江区鱼跃路{n}号", WHOLE) for n in range(60)]
    with pytest.raises(Conflict, match="不比固定规则"):
        weights_kept.learn(written(ruled), who=operator.who(), growth=GROWTH)
    assert weights_kept.kept() is None


@pytest.mark.parametrize(
    ("rows", "header", "charset", "told"),
    [
        (None, ("地址一", "地址二"), "utf-8", "缺少 判断 列"),
        ([("鱼跃路1号", "鱼跃路2号", "大概")], weights_kept.COLUMNS, "utf-8", "第 2 行的判断“大概”读不出来"),
        ([("鱼跃路1号", "", NONE)], weights_kept.COLUMNS, "utf-8", "第 2 行有一处没有写地址"),
        ([("鱼跃路1号",)], weights_kept.COLUMNS, "utf-8", "第 2 行少了列"),
        (
            [("鱼跃路1号", "鱼跃路2号", PART), ("鱼跃路2号", "鱼跃路1号", NONE)],
            weights_kept.COLUMNS,
            "gb18030",
            "判断过的地址太少（不匹配 1 对",
        ),
        (
            [("鱼跃路1号", f"鱼跃路{n}号", LEVELS[n % 3]) for n in range(2, 602)],
            weights_kept.COLUMNS,
            "utf-8",
            "不同的地址",
        ),
        (None, weights_kept.COLUMNS, "utf-16", "既不是 UTF-8 也不是 GB 18030"),
    ],
)
def test_a_file_that_cannot_be_learned_from_is_refused_in_a_sentence(written, rows, header, charset, told) -> None:
    with pytest.raises(Refused) as refused:
        weights_kept.learn(written(rows, header=header, charset=charset), who=operator.who())
    assert told in refused.value.message
    assert not weights_kept.path().exists()


def test_a_file_with_a_quote_left_open_is_refused_with_its_line(tmp_path) -> None:
    file = tmp_path / "坏.csv"
    file.write_text('地址一,地址二,判断\n鱼跃路1号,"鱼跃路2号,不匹配\n', encoding="utf-8")
    with pytest.raises(Refused, match="引号没有成对"):
        list(weights_kept.pairs(file))


def test_the_command_line_tells_where_nothing_is_learned(capsys, tmp_path) -> None:
    assert main(["addresses", "learn", str(tmp_path / "没有.csv")]) == 3
    assert "没有文件" in capsys.readouterr().err
    assert main(["addresses", "show"]) == 0
    assert "按固定规则比对" in capsys.readouterr().out


def test_the_command_line_tells_what_is_in_force(taught, capsys) -> None:
    assert main(["addresses", "show", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["number"], told["pairs"], told["file"]) == (1, 600, "判断.csv")
    assert told["macro_f1"] > told["rules_macro_f1"]
    assert main(["addresses", "show"]) == 0
    assert "现用第 1 版权重" in capsys.readouterr().out
    assert main(["addresses", "forget"]) == 0
    assert main(["addresses", "forget"]) == 3


@pytest.mark.parametrize("damage", ["{", '{"version": 99}', "[]", '{"version": 1, "number": 1, "day": "x"}'])
def test_weights_that_cannot_be_read_leave_the_rules_in_force_and_are_told_of(taught, capsys, damage) -> None:
    weights_kept.path().write_text(damage, encoding="utf-8")
    assert weights_kept.weighing() is None
    assert main(["addresses", "show"]) == 5
    assert "没有采用" in capsys.readouterr().out


def test_weights_learned_from_other_traits_are_not_read(taught) -> None:
    data = json.loads(weights_kept.path().read_text(encoding="utf-8"))
    data["weighing"]["traits"] = data["weighing"]["traits"][1:]
    weights_kept.path().write_text(json.dumps(data), encoding="utf-8")
    assert weights_kept.kept() is None
    assert weights_kept.unreadable()


def test_the_page_says_what_it_compares_by_and_how_often_that_is_right(taught, sign_in) -> None:
    place(1, "云泽市望湖区鱼跃路7号云溪花园3栋")
    place(2, "鱼跃路7号云溪花园（东门）")
    door = tracing.door_of("望湖区鱼跃路7号")[0]
    browser = sign_in("inspector_b")
    assert [line.subject.pk for line in tracing.likely(door)] == [2]
    page = browser.get("/trace/address/", {"door": door}).content.decode()
    assert "按固定规则比对" not in page
    assert "从 600 对判断过的地址学得的权重比对" in page
    assert f"{100 * taught.measured.precision(2):.1f}%" in page
    weights_kept.forget(who=operator.who())
    assert "按固定规则比对" in browser.get("/trace/address/", {"door": door}).content.decode()
