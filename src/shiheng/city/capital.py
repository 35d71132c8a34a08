"""Registered capital: amounts as businesses choose them, and the many ways the register spelt them over forty years."""

from datetime import date
from random import Random

from shiheng.city.draw import Weighted, pick
from shiheng.kernel.money import in_words

WAN = 1_000_000  # 万元 in fen
_ENTERPRISE = Weighted(
    [
        (v * WAN, w)
        for v, w in ((3, 3.0), (5, 3.0), (10, 12.0), (20, 5.0), (30, 6.0), (50, 14.0), (100, 22.0), (108, 1.0))
    ]
    + [(v * WAN, w) for v, w in ((200, 9.0), (300, 5.0), (500, 9.0), (600, 1.0), (1000, 7.0), (2000, 2.0), (5000, 1.0))]
    + [(v, 0.6) for v in (183_800_000, 88_880_000, 1_280_050_000, 12_000_000_000)]
)
_SMALL = Weighted(
    [(v * WAN // 10, w) for v, w in ((5, 5.0), (10, 18.0), (20, 14.0), (30, 14.0), (50, 20.0), (100, 16.0), (300, 4.0))]
)
_FOREIGN = Weighted([("USD", 5.0), ("HKD", 4.0), ("EUR", 0.6), ("JPY", 0.4)])
FOREIGN_NAMES = {
    "USD": ("美元", "美元", "万美元"),
    "HKD": ("港币", "港元", "香港元"),
    "EUR": ("欧元", "欧元", "欧元"),
    "JPY": ("日元", "日元", "日元"),
}
CURRENCY_TITLES = {"CNY": "人民币元", "USD": "美元", "HKD": "香港元", "EUR": "欧元", "JPY": "日元"}


def amount(rng: Random, kind: str, *, foreign: bool) -> tuple[int | None, str]:
    """(hundredths of the currency's unit, currency); a branch has none."""
    if kind == "branch":
        return None, "CNY"
    if kind == "individual":
        return _SMALL.draw(rng), "CNY"
    return _ENTERPRISE.draw(rng), _FOREIGN.draw(rng) if foreign else "CNY"


def changed(rng: Random, fen: int) -> int:
    """Capital after a change: mostly raised, sometimes cut."""
    return int(fen * pick(rng, (2, 2, 3, 5, 10, 0.5, 0.2)) // 100 * 100)


def spelt(rng: Random, fen: int | None, currency: str, established: date) -> str:
    """How the register wrote the amount: the newer the subject, the plainer the spelling."""
    if fen is None:
        return pick(rng, ("N/A", "N/A", "", "-"))
    number = _number(fen / WAN)
    if currency != "CNY":
        name = pick(rng, FOREIGN_NAMES[currency][:2])
        return pick(
            rng, (f"{number}(万{name})", f"{number}万{name}", f"{number}(万元({name}))", f"{number}（万{name}）")
        )
    draw = rng.random()
    if draw < 0.004 and fen % 100 == 0:
        return in_words(fen)
    if established.year < 2010 and draw < 0.35:
        return f"{fen / WAN:,.4f}(万人民币元)"
    return pick(
        rng,
        (
            f"{number}(万元人民币)",
            f"{number}(万元人民币)",
            f"{number}(万元人民币)",
            f"{number}（万元）",
            f"{number}（万元）",
            f"{number}(万人民币元)",
            f"{number}(万元(人民币))",
            f"{number}万人民币",
            f"{number}万元人民币",
            f"{number}万人民币元",
            f"{number}(万)",
            f"{number}(万元（人民币）)",
            f"{fen / 100:.2f}元",
        ),
    )


def in_wan(fen: int | None) -> str:
    """The shared table's plain number: 万元 with six places."""
    return "" if fen is None else f"{fen / WAN:.6f}"


def _number(wan: float) -> str:
    return f"{wan:.6f}".rstrip("0").rstrip(".")
