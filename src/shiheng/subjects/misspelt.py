"""Names that differ from what was typed by one slip, found by the pairs of characters the slip left whole.

Wherever the slip is, the pairs that do not touch it still stand in the name, and where two characters were swapped so
do the pairs as they were before: for each place the rarest are looked up, and what they lead to is compared in full.
"""

from shiheng.subjects import naming, slips, tiers

SHORTEST = 4
RARE = 200  # where a pair in fewer names is left whole, nobody asks what was swapped
MOST = 5_000  # names looked at for one place


def posts(text: str) -> list[int]:
    """Names of which a part is ``text`` but for one slip, the likeliest slip first."""
    if not SHORTEST <= len(text) <= naming.LONGEST or text.isascii():
        return []
    half = len(text) // 2
    # One slip leaves what is before the two characters in the middle, or what is behind them, as it was.
    ends = text[: half - 1], text[half + 1 :]
    near = tiers.near(sorted(_groups(text)), ends, MOST)
    found = [(*slip, post) for post, folded in near if (slip := slips.slip(text, folded))]
    return [post for *_slip, post in sorted(found)]


_Group = tuple[str, ...]


def _groups(text: str) -> set[_Group]:
    """For each place of a slip what to look names up by: the rarest pair it left whole, or three commoner together."""
    pairs = naming.grams(text)
    often = tiers.often(pairs)
    found = {_rarest(_whole(pairs, wrong, wrong), often) for wrong in range(len(text))}
    for at in range(len(text) - 1):
        whole = _whole(pairs, at, at + 1)
        if min((often[pair] for pair in whole), default=MOST) >= RARE:
            before = naming.grams(text[max(at - 1, 0) : at] + text[at + 1] + text[at] + text[at + 2 : at + 3])
            often |= tiers.often(before)
            whole += before
        found.add(_rarest(whole, often))
    return found - {()}


def _whole(pairs: list[str], first: int, last: int) -> list[str]:
    """The pairs that touch none of these characters."""
    return pairs[: max(first - 1, 0)] + pairs[last + 1 :]


def _rarest(pairs: list[str], often: dict[str, int]) -> _Group:
    ordered = sorted(dict.fromkeys(pairs), key=lambda pair: (often[pair], pair))
    return tuple(ordered[:1] if ordered and often[ordered[0]] < MOST else ordered[:3])
