"""Every ink on every ground it stands on holds WCAG AA in both themes, computed from the style sheet itself."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("ground", "ground-2", "ground-3")),
    *((state, f"{state}-ground") for state in ("ok", "warn", "late", "wait", "done")),
    *(("ink", f"{state}-ground") for state in ("ok", "warn", "late", "wait", "done")),
    *((state, "ground") for state in ("ok", "warn", "late", "wait", "done", "accent")),
    ("accent", "accent-ground"), ("accent", "ground-2"), ("accent", "ground-3"), ("ground", "accent"),
    ("ink", "accent-ground"), ("ink-3", "accent-ground"),
    ("on-accent", "button"), ("ground", "accent-strong"), ("ink", "mark"),
    *((f"chart-{n}", "ground") for n in range(1, 7)),
    *(("ground", state) for state in ("ok", "warn", "late", "wait", "done")),
]  # fmt: skip
SHAPES = [("line-strong", "ground"), ("line-strong", "ground-2"), ("focus", "ground"), ("focus", "ground-2")]


def themes() -> dict[str, dict[str, str]]:
    path = finders.find("ui/theme.css")
    assert isinstance(path, str)
    css = Path(path).read_text(encoding="utf-8")
    light = css[css.index(":root {") : css.index("@media (prefers-color-scheme")]
    dark = css[css.index(':root[data-theme="dark"]') : css.index("body.public")]
    system = css[css.index("@media (prefers-color-scheme") : css.index(':root[data-theme="dark"]')]
    read = re.compile(r"--([\w-]+): (#[0-9a-f]{6})\b")
    return {"light": dict(read.findall(light)), "dark": dict(read.findall(dark)), "system": dict(read.findall(system))}


THEMES = themes()


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read(theme: str) -> None:
    colours = THEMES[theme]
    poor = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for ink, ground in TEXT
        if contrast(colours[ink], colours[ground]) < 4.5
    }
    assert not poor


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_controls_and_the_focus_can_be_seen(theme: str) -> None:
    colours = THEMES[theme]
    assert not [(a, b) for a, b in SHAPES if contrast(colours[a], colours[b]) < 3]


def test_dark_by_switch_and_dark_by_system_are_the_same() -> None:
    assert THEMES["dark"] == THEMES["system"]
    assert THEMES["dark"].keys() == THEMES["light"].keys()
