"""What is written about the platform is true of it: references are current, both READMEs say the same, links lead."""

import re
from pathlib import Path

import pytest

from shiheng.site import reference
from shiheng.site.cli.declared import all_commands
from shiheng.site.settings.env import SETTINGS
from tests.structure.reading import PACKAGE, ROOT, floor_of, place

READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_reference_is_what_the_declarations_say() -> None:
    stale = [
        place(path) for path, made in reference.pages() if not path.exists() or path.read_text(encoding="utf-8") != made
    ]
    assert not stale, "run python -m shiheng.site.reference"


def test_every_setting_command_and_exit_code_stands_in_the_reference() -> None:
    settings, commands = text("docs/reference/settings.md"), text("docs/reference/commands.md")
    assert not [name for name in SETTINGS if f"`{name}`" not in settings]
    assert not [c.name for c in all_commands() if f"## shiheng {c.name}\n" not in commands]


def test_every_setting_read_anywhere_is_declared() -> None:
    read = {
        name.removesuffix("_FILE")
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r"SHIHENG_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8"))
    }
    assert not read - set(SETTINGS) - {"SHIHENG_PARENT"}


def test_every_room_stands_in_the_architecture() -> None:
    told = text("docs/architecture.md")
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert not [room for room in rooms if not re.search(rf"^{room} ", told, re.MULTILINE)]
    assert rooms <= set(floor_of())


@pytest.mark.parametrize("what", ["headings", "code", "links", "tables"])
def test_both_readmes_say_the_same(what: str) -> None:
    def told(name: str) -> list[object]:
        page = text(name)
        if what == "headings":
            return [
                len(line) - len(line.lstrip("#")) for line in FENCE.sub("", page).splitlines() if line.startswith("#")
            ]
        if what == "code":
            return list(FENCE.findall(page))
        if what == "links":
            return [link for link in LINK.findall(page) if link not in READMES]
        return [line.count("|") for line in page.splitlines() if line.startswith("|")]

    first, second = (told(name) for name in READMES)
    assert first == second
    assert first


def test_every_command_a_page_shows_exists() -> None:
    known = {command.name for command in all_commands()}
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    wrong = []
    for path in PAGES:
        for _, block in FENCE.findall(path.read_text(encoding="utf-8")):
            for line in block.splitlines():
                words = line.split()
                if words and words[0] == "make" and words[1] not in targets:
                    wrong.append(f"{place(path)}: {line}")
                typed = len(words) > 1 and words[0].endswith("shiheng") and not words[1].startswith("-")
                if typed and not {words[1], " ".join(words[1:3])} & known:
                    wrong.append(f"{place(path)}: {line}")
    assert not wrong


def test_every_link_to_a_file_leads_somewhere() -> None:
    dead = [
        f"{place(path)} -> {link}"
        for path in PAGES
        for link in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in link and not (path.parent / link).exists()
    ]
    assert not dead


def test_nothing_written_names_a_machine_or_a_package_host() -> None:
    hosts = re.compile(r"pyp[i]\.org|pythonh[o]sted|registry\.npm|deb\.deb[i]an|(?<![\w.-])/(?:w[o]rk|f[a]rm|r[o]ot)/")
    written = {".py", ".md", ".txt", ".toml", ".html", ".yaml", ".tsv", ".in", ".css", ".js"}
    folders = [ROOT / name for name in ("docs", "requirements", "src", "tests", "benchmarks", ".ci")]
    files = [*ROOT.glob("*.*"), *(path for folder in folders for path in folder.rglob("*"))]
    assert not [
        place(path)
        for path in files
        if path.suffix in written and path.is_file() and hosts.search(path.read_text("utf-8", errors="replace"))
    ]


def test_the_inventory_of_the_mission_is_whole_and_marks_name_its_items() -> None:
    from shiheng.site import mission

    items = mission.items()
    assert len({item.id for item in items}) == len(items) == 356
    assert all(item.title for item in items)
    unknown = set(mission.proofs()) - {item.id for item in items}
    assert not unknown


def test_a_mark_of_the_mission_is_read_without_running_the_test(tmp_path: Path) -> None:
    from shiheng.site import mission

    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_one.py").write_text(
        'import pytest\npytestmark = pytest.mark.mission("A01")\n\n\n'
        '@pytest.mark.mission("A02", "A03")\ndef test_it() -> None:\n    raise AssertionError\n',
        encoding="utf-8",
    )
    assert mission.proofs(folder) == {item: ["tests/test_one.py::test_it"] for item in ("A01", "A02", "A03")}
