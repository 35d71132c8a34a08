"""Loading what nobody imports: the rooms' jobs and panels, and the lines of business with their declarations.

A line is a package below ``shiheng.lines``, or one a third party ships through the entry-point group
``shiheng.lines``. Its modules named below are imported; importing them fills the registry.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps

from shiheng import lines
from shiheng.catalogue import declared
from shiheng.catalogue.law import known
from shiheng.fusion import sources
from shiheng.procedures import formbook, ways
from shiheng.procedures.triage import declared as triage

FACES = ("jobs", "panels")
DECLARATIONS = (
    "powers", "procedures", "facts", "registers", "factors", "measures", "reports", "notices", "layouts", "permits",
    "tracing", "campaigns", "exchange", "portal", "standing",
)  # fmt: skip


def load_rooms() -> list[str]:
    """Import ``jobs`` and ``panels`` of every installed room; the names that were there."""
    rooms = sorted(config.name for config in apps.get_app_configs() if config.name.startswith("shiheng."))
    return [name for room in rooms for name in _present(room, FACES)]


def load_lines() -> list[str]:
    """Import the declarations of every line, ours and third parties'; the names that were there.

    Sources are folders of text, not modules: fusion is told where they lie, and the catalogue where its texts do.
    """
    known.declare_shipped()
    names: list[str] = []
    for package in line_packages():
        names += _present(package, DECLARATIONS)
        for place in importlib.import_module(package).__path__:
            declared.declare([Path(place)])
            formbook.declare([Path(place)])
            ways.declare([Path(place)])
            triage.declare([Path(place)])
            sources.declare(sorted(found.parent for found in Path(place).glob("sources/*/contract.yaml")))
    return names


def load_sources() -> list[Path]:
    """Declare every line's data sources: folders ``sources/<code>`` with ``contract.yaml`` and ``mapping.yaml``."""
    found = [
        contract.parent
        for package in line_packages()
        for root in importlib.import_module(package).__path__
        for contract in sorted(Path(root).glob("sources/*/contract.yaml"))
    ]
    sources.declare(found)
    return found


def line_packages() -> Iterator[str]:
    """The import names of all lines on this machine, in a fixed order."""
    for found in sorted(pkgutil.iter_modules(lines.__path__), key=lambda m: m.name):
        yield f"{lines.__name__}.{found.name}"
    for point in sorted(entry_points(group="shiheng.lines"), key=lambda p: p.name):
        yield point.value


def _present(package: str, modules: tuple[str, ...]) -> list[str]:
    importlib.import_module(package)
    names = [f"{package}.{module}" for module in modules if find_spec(f"{package}.{module}")]
    for name in names:
        importlib.import_module(name)
    return names
