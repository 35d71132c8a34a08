"""One slip of whoever types a name: a character wrong, left out, put in, or two of them swapped. Pure.

Where a name differs by more than one slip it is another name. A character that sounds or looks like the right one is
the likelier slip, so that of many names one character apart the one that was meant comes first.
"""

from functools import cache, lru_cache

from shiheng.subjects import naming

SWAPPED, SOUND, LOOK, LIKE_SOUND, LEFT_OUT, PUT_IN, OTHER = range(7)
"""The slips, likeliest first."""
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"), ("r", "l"))


@lru_cache(maxsize=16_384)
def _sounds(character: str) -> frozenset[str]:
    from pypinyin import Style, pinyin  # its dictionaries take a second to load

    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", strict=False)[0:1][0]
                     if not character.isascii() else ())  # fmt: skip


@lru_cache(maxsize=16_384)
def _blurred(character: str) -> frozenset[str]:
    """Its sounds as those hear them who do not tell ``zh`` from ``z`` or ``n`` from ``ng``."""
    found = set()
    for heard in _sounds(character):
        sound = heard
        for one, other in _NEAR:
            sound = sound.replace(one, other)
        found.add(sound)
    return frozenset(found)


@cache
def _looks() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for group in naming.words("lookalikes.txt"):
        for character in group:
            found.setdefault(character, set()).update(group)
    return found


@lru_cache(maxsize=65_536)
def wrong(typed: str, meant: str) -> int:
    """Which slip one character for another is."""
    if _sounds(typed) & _sounds(meant):
        return SOUND
    if meant in _looks().get(typed, ()):
        return LOOK
    return LIKE_SOUND if _blurred(typed) & _blurred(meant) else OTHER


def slip(typed: str, name: str) -> tuple[int, int] | None:
    """The slip by which ``typed`` became what it is when some part of ``name`` was meant, and how much is over.

    None where there is more than one slip. A part of a name is meant at its beginning or its end, or where half of
    what was typed stands.
    """
    half = len(typed) // 2
    best: tuple[int, int] | None = None
    begin, end = name.find(typed[:half]), name.rfind(typed[half:])
    if begin >= 0 and (found := _forward(typed[half:], name[begin + half :])) is not None:
        best = found, len(name) - len(typed)
    if (
        end >= 0
        and (found := _forward(typed[:half][::-1], name[:end][::-1])) is not None
        and (best is None or found < best[0])
    ):
        best = found, len(name) - len(typed)
    if best is None and half:  # two swapped across the middle
        swapped = typed[: half - 1] + typed[half] + typed[half - 1] + typed[half + 1 :]
        if swapped in name:
            return SWAPPED, len(name) - len(typed)
    return best


def _forward(typed: str, name: str) -> int | None:
    """The slip in ``typed`` where ``name`` begins with what was meant by it."""
    at = 0
    for one, other in zip(typed, name, strict=False):
        if one != other:
            break
        at += 1
    if at == len(typed):
        return None  # no slip at all
    rest, meant = typed[at:], name[at:]
    if len(rest) > 1 and meant[:2] == rest[1] + rest[0] and meant.startswith(rest[2:], 2):
        return SWAPPED
    found = []
    if meant and meant.startswith(rest[1:], 1):
        found.append(wrong(rest[0], meant[0]))
    if meant.startswith(rest, 1):
        found.append(LEFT_OUT)
    if meant.startswith(rest[1:]) and (len(rest) > 1 or not meant):
        found.append(PUT_IN)
    return min(found, default=None)
