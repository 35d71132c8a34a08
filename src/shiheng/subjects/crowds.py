"""At how many subjects a shared telephone, house or person says nothing any more: by area, as declared for the day."""

from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing
from shiheng.subjects.definition import CROWDS, CrowdRule

TELEPHONE, HOUSE, PERSON = "telephone", "house", "person"


def rule(sign: str, scope: str) -> CrowdRule:
    """The threshold in force today for a sign in a territory: of the nearest area declared, else of everywhere.

    Raises ``Missing`` where nothing is declared for the sign.
    """
    held: list[CrowdRule] = [one for one in registry.all_of(CROWDS, on=clock.today()) if one.sign == sign]
    fitting = [one for one in held if scope.startswith(one.area)]
    if not fitting:
        raise Missing("crowds.unknown", f"没有声明“{sign}”的阈值。")
    return max(fitting, key=lambda one: len(one.area))


def limit(sign: str, scope: str) -> int:
    """From so many subjects on the sign joins nobody in this territory."""
    return rule(sign, scope).limit
