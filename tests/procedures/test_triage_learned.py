"""What closed files teach: measured on letters not seen, silent where not sure, one bureau's own and nobody else's."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shiheng.accounts.models import Account, Office
from shiheng.accounts.permissions import Who
from shiheng.kernel.errors import Refused
from shiheng.procedures import actions
from shiheng.procedures.triage import kept, learned
from shiheng.procedures.triage.learned import Closed
from shiheng.site.cli import main


def who_of(login: str) -> Who:
    from shiheng.accounts.queries import who_of as of_account

    return of_account(Account.objects.get(username=login))


WORDS = {
    "食品安全": ("外卖里吃出{n}号虫子", "包子发霉{n}", "酸奶过期{n}天还在卖", "炒饭里有{n}根钢丝"),
    "预付式消费": ("健身房{n}年卡停业不退", "理发店充值{n}元跑路", "会员卡余额{n}元不退", "私教课剩{n}节关门"),
    "计量": ("三斤虾只有{n}两", "排骨短斤缺两{n}次", "电子秤差{n}克", "荔枝少称{n}两"),
}


def letters(each: int) -> list[Closed]:
    return [
        Closed(shapes[n % len(shapes)].format(n=n), kind, f"{kind}{n}")
        for kind, shapes in WORDS.items()
        for n in range(each)
    ]


def test_classes_are_told_on_letters_not_seen_with_the_pieces_that_weighed_most() -> None:
    model, measured = learned.learn(letters(24))
    assert measured.files == 72
    assert measured.accuracy >= 0.9
    assert measured.told > 50
    assert {kind: tally.so for kind, tally in measured.classes.items()} == dict.fromkeys(WORDS, 24)
    guess = model.guess("楼下的健身房关门了，年卡不退")
    assert guess is not None
    assert (guess.kind, guess.sure) == ("预付式消费", True)
    assert any(piece in "健身房年卡" for piece in guess.reasons)
    assert model.guess("咨询办照") is None or not model.guess("咨询办照").sure  # type: ignore[union-attr]


def test_copies_of_one_letter_are_not_measured_on_one_another() -> None:
    """Where every letter's words are its own but for copies, copies must not make the learner look good."""
    told = [Closed(chr(0x4E00 + n * 7) * 6 + chr(0x6E00 + n * 5) * 6, f"类{n % 2}", f"{n}") for n in range(40)]
    _model, measured = learned.learn([*told, *told])
    assert measured.first_right < 0.7 * measured.files


def test_what_is_too_little_is_refused_and_seldom_classes_are_not_learned() -> None:
    assert learned.lacking(letters(2)) == "files"
    assert learned.lacking([Closed(f"字{n}", "一类") for n in range(60)]) == "classes"
    model, measured = learned.learn([*letters(24), Closed("商标", "商标", "x")])
    assert "商标" not in model.kinds
    assert measured.classes["商标"].right == 0


def test_a_model_comes_back_from_what_is_kept_as_it_was() -> None:
    model, _measured = learned.learn(letters(24))
    again = learned.model_of(json.loads(json.dumps(model.as_data())))
    text = "排骨缺斤短两"
    assert again.guess(text) is not None
    assert again.guess(text).kind == model.guess(text).kind == "计量"  # type: ignore[union-attr]


def close(who: Who, scope: str, text: str, kind: str) -> None:
    facts = {"summary": text, "channel": "counter", "kind": kind, "story": text, "claims": ["退款"]}
    made = actions.open_file(
        who, "complaints.complaint", facts, parties=[actions.Standing("complainant", "王")], scope=scope
    )
    actions.take(who, made.pk, "withdraw", {"why": "自己解决了"})


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_a_bureau_learns_from_its_own_closed_files_only(cast: Any, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    clerk, other = cast.who("clerk"), cast.who("inspector_b")
    ours, theirs = Office.objects.get(path="4499.01."), Office.objects.get(path="4499.02.")
    for one in letters(16):
        close(clerk, "4499.01.01.", one.text, one.kind)
    for n in range(12):
        close(other, "4499.02.", f"望湖区的信{n}", "商标")
    learnt = kept.learn(ours, who=cast.who("chief"))
    assert learnt.measured.files == 48
    assert set(learnt.model.kinds) == set(WORDS), "nothing of the other bureau's class"
    assert kept.kept("4499.01.") is not None
    assert kept.kept("4499.02.") is None
    with pytest.raises(Refused, match="太少"):
        kept.learn(theirs, who=cast.who("chief"))
    # A file put where another bureau's belongs is not read there.
    kept.path("4499.02.").write_bytes(kept.path("4499.01.").read_bytes())
    assert kept.kept("4499.02.") is None
    assert kept.unreadable("4499.02.")
    assert kept.path("4499.01.").stat().st_mode & 0o777 == 0o640
    assert learnt.day == date(2026, 11, 20)
    assert kept.learn(ours, who=cast.who("chief")).number == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_the_command_trains_shows_and_forgets_with_accuracy_of_every_class(
    cast: Any, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    settings.HOME = tmp_path

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        code = main(["triage", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    assert run("train", "--office", "449901")[0] == 1, "nothing was closed"
    for one in letters(16):
        close(cast.who("clerk"), "4499.01.", one.text, one.kind)
    code, told = run("train", "--office", "449901")
    assert code == 0
    (bureau,) = told["bureaux"]
    assert bureau["files"] == 48
    assert {kind: held["files"] for kind, held in bureau["classes"].items()} == dict.fromkeys(WORDS, 16)
    assert bureau["right"] == sum(held["right"] for held in bureau["classes"].values())
    assert bureau["rules"]["told"] > 0
    code, told = run("show")
    assert (code, [one["number"] for one in told["bureaux"]]) == (0, [1])
    kept.path("4499.01.").write_text("{}", encoding="utf-8")
    assert run("show")[0] == 5, "a file that cannot be read is told, not passed over"
    assert run("forget", "--office", "449901")[0] == 0
    assert run("forget", "--office", "449901")[0] == 3
    assert run("train", "--office", "nowhere")[0] == 3
