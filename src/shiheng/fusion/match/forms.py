"""Names and persons in the forms in which they are compared, a whole column at a time. Pure.

What two departments write differently and mean alike is made alike here: width, case, traditional characters, brackets,
the place at the head of a name, how a complaint tells of a shop, how a character sounds.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

import polars as pl

from shiheng.subjects import naming
from shiheng.subjects.addresses import either
from shiheng.subjects.folding import BRACKETED, FOLDED, Table, stepwise, translated

# A trade name keeps at least so many characters: what would eat it up is left on.
_LEAST = 2


class _Sounded(Table):
    """A character → the first of its sound: two texts that sound alike become one text."""

    def __missing__(self, point: int) -> str:
        self[point] = _first_of_sound().get(chr(point), chr(point))
        return self[point]


_SOUNDED = _Sounded()


@cache
def _first_of_sound() -> dict[str, str]:
    from pypinyin import lazy_pinyin  # its dictionaries take a second to load: only who matches pays for them

    first: dict[str, str] = {}
    return {
        character: first.setdefault(blurred(lazy_pinyin(character)[0]), character)
        for character in map(chr, range(0x4E00, 0x9FA6))
    }


def blurred(syllable: str) -> str:
    """A syllable as the south says Mandarin: zh is z, n is l at its head, ng is n at its end."""
    said = syllable.lower()
    for curled, flat in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")):
        if said.startswith(curled):
            said = flat + said[len(curled) :]
            break
    return said[:-1] if said.endswith("ng") else said


def _cut(text: pl.Expr, pattern: str) -> pl.Expr:
    """``text`` without what the pattern finds, unless too little would be left."""
    left = text.str.replace(pattern, "")
    return pl.when(left.str.len_chars() >= _LEAST).then(left).otherwise(text)


_COMPANY = r"(?:股份|集团|控股|责任)*有限(?:责任)?公司.*$"
# What says of what form a business is and not what it deals in.
_PLAIN = (
    r"(?:(?:经营|服务|门市|营业|销售|经销|维修|批发)?部|专业合作社|合作社|合伙企业|分公司|公司|商行|商店|商铺|店铺"
    r"|店|铺|行|厂|社|馆|坊|档|站)$"
)
_BRANCH = r"(?:第?[一二三四五六七八九十0-9]+(?:号)?|总|分|直营|旗舰|连锁|体验|门市)(?:店|部)$"
_LEVELS = "(?:省|市|区|县|镇|乡|街道)?"


@cache
def _told() -> tuple[str, str]:
    """How whoever complains leads up to a name, and what he says after it."""
    lead, after = (either(naming.words(file)) for file in ("told_before.txt", "told_after.txt"))
    return f"^(?:{lead})+", f"(?:{after})+$"


def names(texts: pl.Series, known: Sequence[str] = ()) -> pl.DataFrame:
    """Names cut up: ``full`` folded; ``base`` without place and brackets; ``trade`` (字号); ``line``, its business.

    ``heard`` and ``trade_heard`` are how base and trade name sound. ``known`` are the names of the city's own parts;
    their last character may be left out.
    """
    bare = texts.to_frame().select(pl.first().fill_null("").str.replace_all(BRACKETED, "")).to_series()
    frame = pl.DataFrame({"full": translated(texts, FOLDED), "base": translated(bare, FOLDED)})
    frame = stepwise(frame, _steps(tuple(known)))
    return frame.with_columns(
        heard=translated(frame["base"], _SOUNDED), trade_heard=translated(frame["trade"], _SOUNDED)
    )


# Spelling the patterns out takes longer than taking one name apart, so it is done once a city.
@lru_cache(maxsize=8)
def _steps(known: tuple[str, ...]) -> list[pl.Expr]:
    """What takes a name apart, step by step."""
    short = [place[:-1] for place in known if len(place) > _LEAST and place[-1] in "省市区县镇乡"]
    lead = either([*known, *short, *naming.words("provinces.txt")])
    steps = [
        ("base", pl.when(pl.col("base") == "").then("full").otherwise("base"), _told()[0]),
        ("base", pl.col("base"), _told()[1]),
        ("base", pl.col("base"), f"^(?:(?:{lead}){_LEVELS})+"),
        ("base", pl.col("base"), "^个体户"),
        ("trade", pl.col("base"), _COMPANY),
        ("trade", pl.col("trade"), _BRANCH),
        ("trade", pl.col("trade"), f"(?:{either(naming.words('forms.txt'))})$"),
        ("trade", pl.col("trade"), f"(?:{either(naming.words('industries.txt'))})+$"),
    ]
    tail = pl.col("base").str.slice(pl.col("trade").str.len_chars())
    tail = pl.when(pl.col("base").str.starts_with(pl.col("trade"))).then(tail).otherwise(pl.lit(""))
    line = tail.str.replace(_COMPANY, "").str.replace(_PLAIN, "")
    return [*(_cut(text, pattern).alias(column) for column, text, pattern in steps), line.alias("line")]


def persons(texts: pl.Series) -> pl.DataFrame:
    """Persons as ``person`` folded and ``person_heard``."""
    folded = translated(texts, FOLDED)
    return pl.DataFrame({"person": folded, "person_heard": translated(folded, _SOUNDED)})
