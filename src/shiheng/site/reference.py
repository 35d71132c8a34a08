"""The reference pages, written from the declarations themselves: settings, commands, sources, registers.

``python -m shiheng.site.reference`` writes them below ``docs/reference``; a test sees that they are current.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from shiheng.site import reference_catalogue

if TYPE_CHECKING:
    from shiheng.fusion.definition import Assertion, Source
    from shiheng.registers.definition import Register

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "reference"
MADE = "<!-- 本页由 `python -m shiheng.site.reference` 生成，请改声明，不要改本页。 -->"


def settings_page() -> str:
    """Every ``SHIHENG_…`` variable with its default."""
    from django.conf import settings as loaded

    from shiheng.site.settings.env import SETTINGS

    assert loaded.configured or loaded.HOME
    lines = [
        MADE,
        "# 设置",
        "",
        "设置从环境变量读取。写成 `<名称>_FILE` 时，其值是存放该设置的文件名，口令与密钥宜用这种写法。",
        "",
        "| 名称 | 默认 | 说明 |",
        "|---|---|---|",
    ]
    for name in sorted(SETTINGS):
        setting = SETTINGS[name]
        default = f"`{setting.default}`" if setting.default else "（空）"
        lines.append(f"| `{name}` | {default} | {_cell(setting.title)} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Every command with its arguments, and the exit codes."""
    from shiheng.site.cli.answers import EXIT_CODES
    from shiheng.site.cli.declared import all_commands

    lines = [
        MADE,
        "# 命令",
        "",
        "`shiheng 命令 --help` 给出同样的说明。每个命令都可带 `--json`（只向标准输出写一个 JSON 对象）、",
        "`--progress`（总是显示进度）与 `--quiet`（不显示进度）；进度与错误写到标准错误。",
        "",
        "## 退出码",
        "",
        "| 码 | 含义 |",
        "|---|---|",
        *(f"| {code} | {_cell(text)} |" for code, text in EXIT_CODES.items()),
    ]
    for command in all_commands():
        lines += ["", f"## shiheng {command.name}", "", f"{command.title}。"]
        if command.detail:
            lines += ["", command.detail.replace("\n", "")]
        if command.arguments:
            lines += ["", "| 参数 | 说明 |", "|---|---|"]
            for argument in command.arguments:
                metavar = dict(argument.settings).get("metavar")
                positional = not argument.names[0].startswith("-")
                shown = str(metavar or argument.names[0]) if positional else argument.label
                shown = shown if positional or not metavar else f"{shown} {metavar}"
                lines.append(f"| `{shown}` | {_cell(argument.title)} |")
    return "\n".join(lines) + "\n"


def sources_page() -> str:
    """Every declared source of the lines: whose it is, how it comes, its columns and what each must be."""
    from shiheng.fusion import sources
    from shiheng.fusion.definition import DELIVERIES, SENSITIVE

    every = sorted(sources.every().values(), key=lambda s: s.code)
    lines = [
        MADE,
        "# 数据源",
        "",
        "每个数据源是一个目录，含 `contract.yaml` 与 `mapping.yaml`。",
        "怎样增设见[增设一个数据源](../how-to/add-a-source.md)。",
        "",
        "| 编码 | 数据源 | 部门 | 周期（日） |",
        "|---|---|---|---|",
        *(
            f"| [`{s.code}`](#{s.code}) | {_cell(s.title)} | {_cell(s.department)} | {s.frequency_days} |"
            for s in every
        ),
    ]
    for source in every:
        third = "来自第三方，凡显示处注明。" if source.third_party else ""
        lines += [
            "",
            f'<a id="{source.code}"></a>',
            "",
            f"## {source.code}：{source.title}",
            "",
            f"{source.purpose}{third}",
            "",
            f"- 契约版本 {source.version}；{source.owner}负责；{source.unit}，{source.frequency_days} 日一次",
            f"- 报送方式：{'；'.join(DELIVERIES[d] for d in source.deliveries)}",
            f"- 归集依据：{'；'.join(map(str, source.legal_basis)) or '未写明'}",
            f"- 局限：{source.limitations}",
            *(f"- 整批要求：{_demand(source, a)}" for a in source.assertions),
            "",
            "| 列 | 名称 | 类别 | 必填 | 代码或写法 | 敏感 |",
            "|---|---|---|---|---|---|",
        ]
        for column in source.columns:
            required = "唯一" if column.unique else "是" if column.required else ""
            form = "；".join(dict.fromkeys(column.codes.values())) or column.pattern_title
            lines.append(
                f"| `{column.name}` | {_cell(column.title)} | {column.kind} | {required} | {_cell(form)} "
                f"| {SENSITIVE.get(column.sensitive, '')} |"
            )
    return "\n".join(lines) + "\n"


def _demand(source: "Source", assertion: "Assertion") -> str:
    """What must hold of a whole file, in words."""
    from shiheng.fusion.definition import ASSERTIONS

    columns = [c for c in (assertion.column, *assertion.columns) if c]
    of = "、".join(f"“{source.column(c).title}”" for c in columns)
    return f"{of}{ASSERTIONS[assertion.kind]}{assertion.bound()}"


def registers_page() -> str:
    """Every declared register: what it is, who keeps it, what an entry says, its states and its basis."""
    from shiheng.accounts.permissions import ROLE_TITLES
    from shiheng.kernel import registry
    from shiheng.registers.definition import BOUND, ENGINE, GROUPS

    every = sorted(registry.all_of(ENGINE), key=lambda r: (list(GROUPS).index(r.group), r.code))
    lines = [
        MADE,
        "# 名录一览",
        "",
        f"共 {len(every)} 本。怎样管、怎样增设见[管一本名录](../how-to/keep-a-register.md)。",
        "",
        "| 编码 | 名录 | 类别 | 一条是关于 |",
        "|---|---|---|---|",
        *(f"| [`{r.code}`](#{r.code}) | {_cell(r.title)} | {GROUPS[r.group]} | {BOUND[r.bound]} |" for r in every),
    ]
    for register in every:
        keepers = "、".join(ROLE_TITLES[role] for role in register.kept_by)
        lines += [
            "",
            f'<a id="{register.code}"></a>',
            "",
            f"## {register.code}：{register.title}",
            "",
            register.about,
            "",
        ]
        lines += [f"- 依据：{'；'.join(map(str, register.basis)) or '未写明'}"]
        lines += [f"- 保管：{keepers or '由部门来文更新'}", f"- 状态：{'、'.join(s.title for s in register.states)}"]
        lines += [f"- {said}" for said in _said_of(register)]
        lines += ["", "| 内容项 | 名称 | 筛选 | 公开 | 个人信息 | 可选的值 |", "|---|---|---|---|---|---|"]
        lines += [_fact_line(register, name) for name in register.facts.model_fields]
    return "\n".join(lines) + "\n"


def procedures_page() -> str:
    """Every declared procedure in each version: its limits, its steps with their conditions, its articles."""
    from shiheng.accounts.permissions import ROLE_TITLES
    from shiheng.kernel import registry
    from shiheng.procedures.definition import ENGINE

    every = registry.all_of(ENGINE)
    lines = [MADE, "# 办理程序一览", "", "怎样增设见[增设一个办理程序](../how-to/declare-a-procedure.md)。"]
    for one in every:
        states = {state.code: state.title for state in one.states}
        steps = {step.code: step.title for step in one.steps} | {"open": "收到"}
        lines += ["", f"## {one.code}：{one.title}（{one.in_force_from} 起）", "", one.about, ""]
        lines += [f"- 依据：{'；'.join(map(str, one.basis)) or '未写明'}", f"- 状态：{'、'.join(states.values())}"]
        lines += ["", "| 期限 | 多长 | 起 | 止 | 依据 |", "|---|---|---|---|---|"]
        for limit in one.limits:
            ends = ("、".join(steps[code] for code in codes) for codes in (limit.starts, limit.ends))
            told = f"{limit.number} {limit.unit}"
            lines.append(f"| {_cell(limit.title)} | {told} | {' | '.join(ends)} | {limit.basis} |")
        lines += ["", "| 环节 | 在什么状态下 | 办成后 | 谁办 | 条件 | 依据 |", "|---|---|---|---|---|---|"]
        for step in one.steps:
            came = "、".join(states[code] for code in step.came_from) or "未办结"
            by = "、".join(ROLE_TITLES[role] for role in step.by)
            why = "；".join(guard.why.rstrip("。") for guard in step.guards)
            cells = (step.title, came, states.get(step.to, ""), by, why, str(step.basis or ""))
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines) + "\n"


def _said_of(register: "Register") -> Iterator[str]:
    """What is particular to a register, a line each."""
    if register.moves:
        states = {state.code: state.title for state in register.states}
        yield "步骤：" + "；".join(
            f"{m.title}（{'、'.join(states[c] for c in m.came_from)} → {states[m.to]}）" for m in register.moves
        )
    if register.feed:
        yield f"来源：部门报送的记录 `{register.feed.kind}`"
    if register.months:
        yield f"有效期：{register.months} 个月"
    if register.due:
        yield f"到期应办：{register.due_title}"
    if register.yearly:
        yield "按年登记，数连续年数"
    if register.applied_for:
        yield "企业可以申请"
    if register.notes:
        yield "记事：" + "、".join(kind.title for kind in register.notes)
    if register.over_since:
        yield f"自 {register.over_since} 起只作历史：{register.over_why}"


def _fact_line(register: "Register", name: str) -> str:
    from shiheng.registers.definition import choices_of

    info = register.facts.model_fields[name]
    marks = ["是" if name in held else "" for held in (register.indexed, register.public_facts, register.personal)]
    return f"| `{name}` | {_cell(info.title or name)} | {' | '.join(marks)} | {'；'.join(choices_of(info).values())} |"


def pages() -> Iterator[tuple[Path, str]]:
    yield FOLDER / "settings.md", settings_page()
    yield FOLDER / "commands.md", commands_page()
    yield FOLDER / "sources.md", sources_page()
    yield FOLDER / "registers.md", registers_page()
    yield FOLDER / "procedures.md", procedures_page()
    yield FOLDER / "catalogue.md", reference_catalogue.page(MADE)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiheng.site.settings")
    django.setup()
    for path, text in pages():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
