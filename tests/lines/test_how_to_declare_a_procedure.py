"""The procedure that the how-to shows is one: its text runs as it stands, in one file of under eighty lines."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shiheng.kernel import registry
from shiheng.procedures import actions
from shiheng.procedures.models import Clock

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "declare-a-procedure.md"


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
@pytest.mark.usefixtures("clock")
def test_the_shown_file_is_a_procedure_that_runs(shown: str, cast: SimpleNamespace, sign_in: Any) -> None:
    assert len(shown.splitlines()) < 80
    clerk = cast.who("clerk")
    made = actions.open_file(clerk, "services.question", {"summary": "面馆要办什么证"})
    assert made.due == date(2026, 11, 27)
    page = sign_in("clerk").get(f"/files/{made.pk}/").content.decode()
    assert "面馆要办什么证" in page
    assert "5个工作日" in page
    actions.take(clerk, made.pk, "answer", {"answer": "食品经营许可证。"})
    assert Clock.objects.get(proceeding=made).met_on == date(2026, 11, 20)
    assert "窗口咨询" in sign_in("chief").get("/procedures/services.question/").content.decode()
