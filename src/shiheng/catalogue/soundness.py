"""What is wrong between the declarations of lines: a name nobody declared, a kind of power nobody says how to exercise.

Lines name each other by code, so each of them may be right and the whole still wrong; this is asked at start.
"""

from collections.abc import Iterator

from shiheng.catalogue.lists import definition as lists
from shiheng.catalogue.powers import definition as powers
from shiheng.catalogue.violations import VIOLATIONS
from shiheng.kernel import registry


def faults() -> list[str]:
    """Each fault as a sentence for whoever keeps the declarations."""
    return list(_faults())


def _faults() -> Iterator[str]:
    kinds = {power.code: power.kind for power in registry.all_of(powers.POWERS)}
    checklists = {held.code for held in registry.all_of(lists.CHECKLISTS)}
    violations = {held.code for held in registry.all_of(VIOLATIONS)}
    lenient = {held.code for held in registry.all_of(lists.LENIENCY)}
    for missing in sorted(set(kinds.values()) - {flow.kind for flow in registry.all_of(powers.FLOWS)}):
        yield f"没有声明“{powers.KINDS[missing]}”的办理流程"
    for held in (*registry.all_of(lists.CHECKLISTS), *registry.all_of(lists.SPOT_CHECKS)):
        if kinds.get(held.power) not in {"inspection", "other"}:
            yield f"{held.code} 所依的职权 {held.power} 不存在，或者不是检查职权"
    for spot in registry.all_of(lists.SPOT_CHECKS):
        if spot.checklist and spot.checklist not in checklists:
            yield f"抽查事项 {spot.code} 的检查表 {spot.checklist} 不存在"
    for held in registry.all_of(VIOLATIONS):
        if kinds.get(held.power) != "penalty":
            yield f"违法行为 {held.code} 所依的职权 {held.power} 不存在，或者不是处罚职权"
        for code in held.lenient:
            if code not in lenient:
                yield f"违法行为 {held.code} 的减免责事项 {code} 不存在"
    for item in registry.all_of(lists.LENIENCY):
        if item.violation and item.violation not in violations:
            yield f"减免责事项 {item.code} 的违法行为 {item.violation} 不存在"
