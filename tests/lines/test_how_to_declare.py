"""The register that the how-to shows is one: its text runs as it stands, in one file of under sixty lines."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from shiheng.kernel import clock, registry
from shiheng.registers import actions
from shiheng.registers.contents import register_of
from shiheng.registers.definition import ENGINE
from shiheng.registers.models import Entry
from tests import factories

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "keep-a-register.md"
TODAY = date(2026, 11, 20)


@pytest.fixture
def shown() -> Iterator[str]:
    """The file of the page, run; what it declares is forgotten afterwards."""
    (text,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    held = {engine: {code: dict(v) for code, v in codes.items()} for engine, codes in registry._held.items()}
    exec(compile(text, str(PAGE), "exec"), {"__name__": "shown"})
    yield text
    registry._held.clear()
    registry._held.update(held)


@pytest.mark.django_db
def test_the_shown_file_is_a_register_that_is_kept_on_pages(shown: str, cast: SimpleNamespace, sign_in: object) -> None:
    assert len(shown.splitlines()) < 60
    with clock.standing_at(TODAY):
        register = register_of("example.fire_doors", on=TODAY)
        firm = factories.subject()
        facts = {"number": "D1", "place": "东门", "kind": "auto", "next_check": "2026-12-01", "keeper": "19900000009"}
        entry = actions.enter(cast.who("chief"), register.code, facts, subject=firm.pk)
        client = sign_in("chief")  # type: ignore[operator]
        page = client.get(f"/registers/{register.code}/?standing=soon").content.decode()
        assert "东门" in page
        assert "19900000009" not in page
        actions.move(cast.who("chief"), register.code, entry.pk, "break", reason="合页脱落")
        assert Entry.objects.get(pk=entry.pk).state == "broken"
        assert "东门" in client.get("/open/registers/example.fire_doors/").content.decode()


def test_what_a_register_declares_is_in_the_registry_once(shown: str) -> None:
    assert sum(r.code == "example.fire_doors" for r in registry.all_of(ENGINE)) == 1
