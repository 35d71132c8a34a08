"""Jobs are tested with their own handlers and periods only, so no other room's house-keeping runs in between."""

import pytest


@pytest.fixture(autouse=True)
def own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    from shiheng.jobs import queue  # Django is not set up when this file is read

    monkeypatch.setattr(queue, "HANDLERS", {})
    monkeypatch.setattr(queue, "PERIODS", {})
