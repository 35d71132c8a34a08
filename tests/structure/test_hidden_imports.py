"""What works like an import without being one is held to the same floors: names in strings and in templates."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver

from shiheng.site import urls
from tests.structure.reading import floor_of, may_name, modules, place, templates

FIELDS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
REVERSING = {"reverse", "reverse_lazy", "redirect", "resolve_url"}
LABELS = {"site_room": "site"}
IN_TEMPLATE = re.compile(r"""{%-?\s*(extends|include|url)\s+['"]([^'"]+)['"]""")
TEMPLATE_NAME = re.compile(r"^([a-z_]+)/[\w/.-]+\.(html|txt|xml|typ)$")


def rooms_of_names() -> dict[str, str]:
    """URL name -> the room whose list in ``site/urls.py`` holds it."""
    found: dict[str, str] = {}

    def walk(room: str, patterns: list[URLPattern | URLResolver], space: str = "") -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                walk(room, pattern.url_patterns, inner)
            elif pattern.name:
                found[space + pattern.name] = room

    for room in floor_of():
        walk(room, getattr(urls, room, []))
    return found


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def text_of(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def models_named(node: ast.Call) -> Iterator[str]:
    """Room labels a call names: of a relation's target, or of ``get_model``."""
    first = text_of(node.args[0]) if node.args else None
    if called(node) in FIELDS and first and "." in first:
        yield first.split(".")[0]
    if called(node) == "get_model" and first:
        yield first.split(".")[0]


def urls_named(node: ast.Call) -> Iterator[str]:
    if called(node) in REVERSING and node.args and (name := text_of(node.args[0])):
        yield name
    for keyword in node.keywords:
        if keyword.arg == "url_name" and (name := text_of(keyword.value)):
            yield name


def faults_in(room: str, where: str, tree: ast.AST, names: dict[str, str]) -> list[str]:
    """What one module names above or beside its floor."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for label in models_named(node):
                other = LABELS.get(label, label)
                if other in floor_of() and not may_name(room, other):
                    found.append(f"{where}:{node.lineno} names the model of {other}")
            found += [
                f"{where}:{node.lineno} names the page {name!r} of {names[name]}"
                for name in urls_named(node)
                if name in names and not may_name(room, names[name])
            ]
        elif (text := text_of(node)) and (match := TEMPLATE_NAME.match(text)):
            other = match[1]
            if other in floor_of() and not may_name(room, other):
                found.append(f"{where}:{node.lineno} names the template {text!r}")  # type: ignore[attr-defined]
    return found


def faults_in_template(room: str, where: str, text: str, names: dict[str, str]) -> list[str]:
    found = []
    for kind, name in IN_TEMPLATE.findall(text):
        other = names.get(name) if kind == "url" else name.split("/")[0]
        if other in floor_of() and not may_name(room, other):
            found.append(f"{where} {kind}s {name!r} of {other}")
    return found


def test_no_module_names_a_model_page_or_template_of_a_room_it_may_not_import() -> None:
    names = rooms_of_names()
    faults = [fault for room, path, tree in modules() for fault in faults_in(room, place(path), tree, names)]
    assert not faults, "\n".join(faults)


def test_no_template_includes_or_links_a_room_its_own_may_not_import() -> None:
    names = rooms_of_names()
    faults = [fault for room, path, text in templates() for fault in faults_in_template(room, place(path), text, names)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "source",
    [
        'models.ForeignKey("subjects.Subject", models.PROTECT)',
        'apps.get_model("subjects", "Subject")',
        'apps.get_model("subjects.Subject")',
        'reverse("planted")',
        'MenuItem(line="", title="", url_name="planted")',
        'render(request, "subjects/page.html")',
    ],
)
def test_each_way_of_naming_upward_is_seen(source: str) -> None:
    assert faults_in("ledger", "planted", ast.parse(source), {"planted": "subjects"})
    assert not faults_in("fusion", "planted", ast.parse(source), {"planted": "subjects"})


@pytest.mark.parametrize(
    "text", ['{% extends "subjects/base.html" %}', "{% include 'subjects/row.html' %}", "{% url 'planted' pk %}"]
)
def test_each_way_a_template_names_upward_is_seen(text: str) -> None:
    assert faults_in_template("ledger", "planted", text, {"planted": "subjects"})
    assert not faults_in_template("fusion", "planted", text, {"planted": "subjects"})
