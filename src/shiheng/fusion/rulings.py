"""What persons have said of codes and not undone, as resolving takes it."""

from collections.abc import Iterable

from shiheng.fusion.models import Ruling
from shiheng.fusion.resolve import Code, Rulings


def standing(*, but: Iterable[int] = (), more: Iterable[Ruling] = ()) -> Rulings:
    """Every ruling in force; ``but`` those of these numbers, and ``more`` as if they had been made."""
    held = [*Ruling.objects.filter(undone_at=None).exclude(pk__in=list(but)), *more]
    least: dict[Code, Code] = {}

    def root(code: Code) -> Code:
        while least.setdefault(code, code) != code:
            code = least[code]
        return code

    for ruling in held:
        if ruling.says == "one":
            one, other = sorted((root((ruling.kind, ruling.value)), root((ruling.with_kind, ruling.with_value))))
            least[other] = one
    apart = frozenset((ruling.kind, ruling.value) for ruling in held if ruling.says == "apart")
    return Rulings({code: root(code) for code in least}, apart)
