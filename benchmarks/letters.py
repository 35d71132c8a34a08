"""Real citizens' letters: which department answers one, told by what earlier ones taught; copies of a letter found.

The letters are those of the Taidi contest of 2020 beside the project (places already made anonymous). They bear no
class of ours, so what is told is the department the official reply names first, where one of those that often answer is
named: a rough label, for the learner and for its peers alike. Learned from the first 80 % by time, measured on the
rest. The peer is the answer of the most alike earlier letter (character pairs).
Copies are made of real letters by leaving out every third sentence; nobody judged which of the others repeat another.
"""

import random
import re
import time
from collections import Counter
from pathlib import Path

from benchmarks.claims import Claim
from shiheng.procedures.triage import learned
from shiheng.procedures.triage.learned import Closed
from shiheng.procedures.triage.likeness import LIKE, likeness, pieces, plain

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "complaints"
REPLIES, OTHERS = FOLDER / "taidi_replies.xlsx", FOLDER / "taidi_hotspot_unlabelled.xlsx"
OFTEN, COPIES = 20, 400
SAME = {
    "交通局": "交通运输局", "城乡规划局": "规划局", "规划分局": "规划局", "住房和城乡建设局": "住建局",
    "人力资源和社会保障局": "人社局", "城市管理和行政执法局": "城管局", "国土局": "国土资源局",
}  # fmt: skip
OFFICE = re.compile(
    "[市区县]([住交教人城公环民卫国商农水林司发工食市财文质房规安][一-龥]{0,8}?(?:局|委|办|中心|支队|公司))"
)


def run() -> list[Claim]:
    if not REPLIES.exists():
        print(f"  SKIPPED: {REPLIES} is not beside the project, nothing is measured")
        return []
    return [*_departments(), *_copies()]


def _departments() -> list[Claim]:
    told = [(str(row[3]), Closed(f"{row[2]}\n{str(row[4]).strip()}", _answered(str(row[5])), plain(str(row[4]))[:60]))
            for row in _rows(REPLIES)]  # fmt: skip
    counted = Counter(one.kind for _at, one in told if one.kind)
    often = {kind for kind, n in counted.items() if n >= OFTEN}
    held = [one for _at, one in sorted(told, key=lambda pair: _when(pair[0])) if one.kind in often]
    cut = int(len(held) * 0.8)
    before, after = held[:cut], held[cut:]
    began = time.perf_counter()
    model, measured = learned.learn(before)
    print(f"  {len(told):,} letters, {len(held):,} with one of {len(often)} departments, {len(after):,} measured; "
          f"learned in {time.perf_counter() - began:.1f} s; folds within: told {measured.told} of {measured.files}, "
          f"{measured.accuracy:.3f} right")  # fmt: skip
    guesses = [model.guess(one.text) for one in after]
    first = sum(guess is not None and guess.kind == one.kind for guess, one in zip(guesses, after, strict=True))
    sure = [(guess.kind, one.kind) for guess, one in zip(guesses, after, strict=True) if guess and guess.sure]
    right = sum(said == so for said, so in sure)
    common = Counter(one.kind for one in before).most_common(1)[0][0]
    peers = [(one.kind, pieces(one.text)) for one in before]
    near = sum(
        max(peers, key=lambda peer: likeness(peer[1], asked))[0] == one.kind
        for one in after
        if (asked := pieces(one.text))
    )
    print(
        f"  sure of {len(sure)} of {len(after)} (confidence {model.confidence}), {right / max(1, len(sure)):.3f} right"
    )
    return [
        Claim("department told, of the commonest", first / len(after), _share(after, common), ""),
        Claim("department told, of the most alike letter's", first / len(after), near / len(after), ""),
        Claim("right where it is sure, of all told", right / max(1, len(sure)), first / len(after), ""),
    ]


def _copies() -> list[Claim]:
    """Shortened copies against all letters: how many are as like their letter as a repeat, how many others are."""
    texts = [f"{row[2]}\n{str(row[4]).strip()}" for row in _rows(OTHERS)]
    held = [pieces(text) for text in texts]
    draw = random.Random(7)
    found = wrong = 0
    began = time.perf_counter()
    long = [at for at, text in enumerate(texts) if len(_sentences(text)) >= 3]
    for at in draw.sample(long, COPIES):
        sentences = _sentences(texts[at])
        copy = pieces("".join(one for n, one in enumerate(sentences) if n % 3 != 1))
        likes = [likeness(copy, other) >= LIKE for other in held]
        found += likes[at]
        alike = {plain(texts[n])[:40] for n, is_like in enumerate(likes) if is_like and n != at}
        wrong += len(alike - {plain(texts[at])[:40]})
    spent = time.perf_counter() - began
    print(f"  {COPIES} copies against {len(texts):,} letters in {spent:.0f} s; others as like: {wrong}, "
          f"{wrong / COPIES:.2f} a copy (real repeats among them)")  # fmt: skip
    return [Claim("shortened copies as like as a repeat, of all", found / COPIES, 0.95, "")]


def _sentences(text: str) -> list[str]:
    return [one for one in re.split("(?<=[。！？；，])", text) if one.strip()]


def _answered(reply: str) -> str:
    named = OFFICE.search(reply[:400])
    return SAME.get(named[1], named[1]) if named else ""


def _share(held: list[Closed], kind: str) -> float:
    return sum(one.kind == kind for one in held) / len(held)


def _when(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))


def _rows(path: Path) -> list[list[object]]:
    from python_calamine import CalamineWorkbook

    held = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [list(row) for row in held[1:]]
