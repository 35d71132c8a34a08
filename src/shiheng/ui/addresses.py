"""Addresses that stand on a page many times over: asked of the router once, not once a row.

``reverse`` takes fifty microseconds and more; a list asks for a hundred, and the menu for as many again.
"""

from collections.abc import Callable
from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse

NUMBER = 987_654_321
"""Stands in for the number of a row while the router is asked."""


def numbered(name: str) -> Callable[[int], str]:
    """The address of the page ``name``, which takes one number, as a function of the number."""
    before, _number, after = reverse(name, args=[NUMBER]).partition(str(NUMBER))
    return lambda number: f"{before}{number}{after}"


def of(name: str) -> str:
    """The address of a page that takes nothing, remembered; ``NoReverseMatch`` where nobody serves it."""
    return _of(name, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=1_000)
def _of(name: str, urlconf: str | None, prefix: str) -> str:  # noqa: ARG001 - the prefix is part of what is remembered
    return reverse(name, urlconf)
