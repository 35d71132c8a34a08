"""The list and its comparison from the command line say what the pages say."""

from argparse import Namespace
from datetime import date
from types import SimpleNamespace

import pytest

from shiheng.catalogue.powers import upper
from shiheng.kernel.errors import Missing
from shiheng.site.cli import catalogue
from shiheng.site.cli.answers import Progress
from tests.catalogue.test_comparing_powers import GOOD, NEW, load, sheet

pytestmark = pytest.mark.django_db
QUIET = Progress(wanted=False)


def test_the_list_on_a_day_names_the_article_of_then() -> None:
    answer = catalogue.listing(Namespace(on=date(2025, 1, 1), known=None, kind="penalty"), QUIET)
    held = {row["code"]: row for row in answer.facts["powers"]}
    assert held["competition.confusion"]["article"] == "第十八条"
    assert {row["kind"] for row in held.values()} == {"penalty"}


def test_the_comparison_counts_every_item(cast: SimpleNamespace) -> None:
    asked = Namespace(differing=True)
    with pytest.raises(Missing):
        catalogue.compare(asked, QUIET)
    upper.use(cast.who("chief"), load(cast.who("chief"), sheet(GOOD, NEW)).pk, knowing=False)
    answer = catalogue.compare(asked, QUIET)
    assert answer.facts["counts"]["same"] == answer.facts["counts"]["lacking"] == 1
    assert NEW[0] in {row["key"] for row in answer.facts["items"]}
    assert GOOD[0] not in {row["key"] for row in answer.facts["items"]}
