"""What the invented bureau says of itself, and how many of its citizens ask for a credit report."""

from importlib.resources import files
from typing import NamedTuple

CHIEF = "zhang"
READERS = 6
"""Of how many businesses somebody asks a report."""


class Page(NamedTuple):
    """One page of the bureau; a decision on an appeal names whose name must be hidden."""

    kind: str
    title: str
    text: str
    used_by: str
    hidden: str


def pages() -> list[Page]:
    """Every page, kept as a table so that it can be read and mended without reading code."""
    text = files(__package__).joinpath("portal_pages.tsv").read_text(encoding="utf-8")
    return [Page(*line.split("\t")) for line in text.splitlines() if line and not line.startswith("#")]
