"""The reference page of what the lines declare for the catalogue: counts, powers, violations, checklists."""

from collections import Counter

from shiheng.kernel import registry


def page(made: str) -> str:
    """Every declared power, checklist and violation with its basis; what was not read in its text says so."""
    from shiheng.catalogue.lists import definition as lists
    from shiheng.catalogue.powers.definition import FLOWS, KINDS, POWERS
    from shiheng.catalogue.violations import VIOLATIONS

    powers = sorted(registry.all_of(POWERS), key=lambda p: (list(KINDS).index(p.kind), p.code, p.in_force_from))
    counts = Counter(power.kind for power in powers)
    read = sum(power.basis.verified for power in powers)
    lines = [
        made,
        "# 目录声明",
        "",
        f"业务条线声明的职权 {len(powers)} 个版本，其中 {read} 个的条款与原文核对过。怎样增改见",
        "[管好权责清单、检查表与裁量](../how-to/keep-the-powers-list.md)。",
        "",
        "| 类别 | 版本数 |",
        "|---|---|",
        *(f"| {title} | {counts[kind]} |" for kind, title in KINDS.items()),
        "",
        "## 职权",
        "",
        "| 编码 | 施行 | 类别 | 名称 | 依据 |",
        "|---|---|---|---|---|",
        *(f"| `{p.code}` | {p.in_force_from} | {KINDS[p.kind]} | {p.title} | {p.basis} |" for p in powers),
        "",
        "## 办理流程",
        "",
        "| 编码 | 名称 | 步骤 |",
        "|---|---|---|",
        *(f"| `{f.code}` | {f.title} | {'、'.join(s.title for s in f.steps)} |" for f in registry.all_of(FLOWS)),
        "",
        "## 检查表",
        "",
        "| 编码 | 名称 | 项数 | 所依职权 |",
        "|---|---|---|---|",
        *(f"| `{c.code}` | {c.title} | {len(c.points)} | `{c.power}` |" for c in registry.all_of(lists.CHECKLISTS)),
        "",
        "## 违法行为",
        "",
        "| 编码 | 名称 | 处罚依据 | 罚款幅度 |",
        "|---|---|---|---|",
    ]
    for held in registry.all_of(VIOLATIONS):
        ranges = "；".join(f"`{one.text}`".replace("|", "\\|") for one in held.ranges)
        lines.append(f"| `{held.code}` | {held.title} | {held.penal} | {ranges} |")
    return "\n".join(lines) + "\n"
