"""Text that was read in the wrong charset, put right as far as its bytes are left. Pure.

UTF-8 read as GB18030 gives rare characters in odd company; written back as GB18030 and read as UTF-8 it says again what
it said. Where a byte was lost its character is left out: what remains can still be compared.
"""

from functools import cache

import polars as pl

LOST = "?\ufffd"
# Of the text that came out, how much must make sense before it is believed.
_IDEOGRAPHS, _COMMON = 0.4, 0.9


@cache
def _rare() -> str:
    """Whatever is not a common character (GB 2312, first level), a letter, a figure or a mark of writing."""
    common = "".join(
        bytes((high, low)).decode("gb2312")
        for high in range(0xB0, 0xD8)
        for low in range(0xA1, 0xFF)
        if (high, low) < (0xD7, 0xFA)
    )
    return rf"[^{common}\x00-\x7f\u3000-\u303f\uff01-\uff5e“”‘’…—·]"


def mended(texts: pl.Series) -> pl.Series:
    """The texts, with those that were read wrong put right; the others as they are."""
    text = pl.col(texts.name)
    rare = text.str.count_matches(_rare()).fill_null(0)
    doubtful = texts.to_frame().select((rare >= 2) & (rare * 5 >= text.str.len_chars())).to_series()
    if not doubtful.any():
        return texts
    fresh = [repaired(text) or text for text in texts.filter(doubtful).to_list()]
    return texts.clone().scatter(doubtful.arg_true(), pl.Series(fresh, dtype=pl.String))


def repaired(text: str) -> str | None:
    """What ``text`` said before it was read as GB18030, or nothing where that makes no sense."""
    raw = b"".join(b"\xff" if c in LOST else c.encode("gb18030", "replace") for c in text)
    kept = raw.decode("utf-8", "replace").replace("\ufffd", "")
    ideographs = sum("\u4e00" <= c <= "\u9fff" for c in kept)
    if ideographs < 2 or ideographs < _IDEOGRAPHS * len(text):
        return None
    common = sum(bool(c.encode("gb2312", "ignore")) for c in kept)
    return kept if common >= _COMMON * len(kept) else None
