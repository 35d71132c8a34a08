"""Codes of invented subjects: each is a one-to-one image of the subject's number, so none is ever minted twice."""

from shiheng.kernel.identifiers import (
    USCC_ALPHABET,
    orgcode_check_character,
    regno_check_character,
    uscc_check_character,
)

_SIX = 31**6
_EIGHT = 10**8
_SEVEN = 10**7


def organisation_code(k: int, seed: int, *, digits_only: bool) -> str:
    """Nine characters (GB 11714); old subjects have digits, those since the three-in-one licence begin with MA."""
    if digits_only:
        body = f"{(k * 41_999_983 + seed * 7_919 + 20_571_113) % _EIGHT:08d}"
    else:
        n = (k * 314_159_269 + seed * 104_729 + 271_828_183) % _SIX
        tail = ""
        for _ in range(6):
            n, digit = divmod(n, 31)
            tail += USCC_ALPHABET[digit]
        body = "MA" + tail
    return body + orgcode_check_character(body)


def uscc(prefix: str, region: str, orgcode: str) -> str:
    """Eighteen characters (GB 32100) with their check character."""
    body = prefix + region + orgcode
    return body + uscc_check_character(body)


def old_number(k: int, seed: int, region: str, *, individual: bool) -> str:
    """The 15-digit number of a licence from before the unified code: region, type, serial, check (MOD 11,10)."""
    body = f"{region}{'6' if individual else '0'}{(k * 4_999_999 + seed * 331 + 1_234_567) % _SEVEN:07d}"
    return body + regno_check_character(body)


def inner_code(k: int, region: str) -> str:
    """主体身份代码: the register's own key of a subject, sixteen digits."""
    return f"{region}{(k * 7_654_321 + 500_000_000) % 10**10:010d}"
