"""What the lines declare of powers, checklists and violations holds together and is enough to work by."""

from collections import Counter
from datetime import date

import pytest

from shiheng.catalogue import soundness
from shiheng.catalogue.lists import definition as lists
from shiheng.catalogue.powers.definition import FLOWS, KINDS, POWERS, Flow, Power, flow_of
from shiheng.catalogue.violations import VIOLATIONS
from shiheng.kernel import registry

DAY = date(2026, 11, 20)


def test_lines_name_nothing_that_nobody_declared() -> None:
    assert soundness.faults() == []


def test_a_name_nobody_declared_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {code: dict(found) for code, found in registry._held[POWERS].items() if code != "food.check"}
    monkeypatch.setitem(registry._held, POWERS, held)
    assert any("food.check" in fault for fault in soundness.faults())


def test_the_list_is_a_bureau_s() -> None:
    powers: list[Power] = list(registry.all_of(POWERS, on=DAY))
    assert len(powers) >= 150
    fields = {power.field for power in powers}
    assert fields >= {
        "登记", "食品", "药械化", "特种设备", "产品质量", "价格", "不正当竞争", "广告", "商标", "专利", "计量", "标准",
        "认证检测", "消费者权益", "网络交易", "合同",
    }  # fmt: skip
    assert all(power.basis.instrument and power.basis.article for power in powers)


def test_every_kind_of_power_has_its_course() -> None:
    flows: list[Flow] = list(registry.all_of(FLOWS, on=DAY))
    assert all(flow_of("any.code", kind, flows) is not None for kind in KINDS)


def test_at_least_forty_violations_over_the_lines_each_with_evidence() -> None:
    held = registry.all_of(VIOLATIONS, on=DAY)
    assert len(held) >= 40
    assert len({violation.line for violation in held}) >= 8
    assert all(element.evidence for violation in held for element in violation.elements)


def test_the_unfair_competition_law_changes_its_articles_on_its_day() -> None:
    before = registry.find(POWERS, "competition.confusion", on=date(2025, 10, 14))
    after = registry.find(POWERS, "competition.confusion", on=date(2025, 10, 15))
    assert (before.basis.article, after.basis.article) == ("第十八条", "第二十三条")


def test_no_name_stands_twice_in_one_kind() -> None:
    counts = Counter((power.kind, power.title) for power in registry.all_of(POWERS, on=DAY))
    assert not [key for key, n in counts.items() if n > 1]


def test_every_checklist_has_key_points_and_results() -> None:
    for held in registry.all_of(lists.CHECKLISTS, on=DAY):
        assert any(point.key for point in held.points), held.code
        assert "R01" in held.results
