"""The public lists: what everybody reads of whom, who leaves them, and what a reader costs."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions as fusion
from shiheng.fusion import withdrawal
from shiheng.fusion.models import Batch
from shiheng.kernel import clock as times
from shiheng.publication.lists import entries
from shiheng.publication.models import QueryCount
from shiheng.subjects.models import Subject
from tests import factories
from tests.mission import test_lists as files
from tests.mission.test_lists import export
from tests.mission.test_permits import count
from tests.publication.test_exchange import land as register

pytestmark = pytest.mark.django_db
DEBTORS = "/lists/judgment_debtors/"


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch, clock: Any, offices: Any) -> None:
    """What another test's lists were is not ours."""
    monkeypatch.setattr(entries, "_held", {})


def land(source: str, content: bytes) -> Batch:
    batch = fusion.land(source, BytesIO(content), filename="名单.xlsx", who=SYSTEM, scope="4499.")
    done = fusion.advance(batch.pk)
    assert done.state == "published", done.reason
    return done


def debtors(*rows: tuple[str, str, str, str, str]) -> bytes:
    """A court's list of (id, name, number or code, state, day of leaving); a code begins with 9."""
    made = []
    for key, name, number, state, left in rows:
        kind, person, code = ("自然人", number, "") if number[:1] != "9" else ("法人或者其他组织", "", number)
        case = f"（2026）云0101执{key}号"
        made.append((key, name, kind, person, code, "", files.COURT, case, state, "规避执行", "2026-05-06", left))
    return files.book(files.DEBTORS, made)


def firm(n: int) -> tuple[str, str, str, str, str]:
    return (f"F{n}", f"云泽恒达{n}建材有限公司", factories.uscc(n), "全部未履行", "")


def page(address: str = DEBTORS) -> str:
    return Client().get(address).content.decode()


def queries(address: str) -> int:
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


@pytest.mark.parametrize("address", ["/lists/", DEBTORS, DEBTORS + "?q=恒达", DEBTORS + "?export=csv"])
def test_a_reader_costs_the_same_with_one_row_and_with_fifty(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cost = []
    for size in (1, 50):
        register(*((f"云泽恒达{n}建材有限公司", n, "存续") for n in range(1, size + 1)))
        persons = ((f"P{n}", f"陈立{chr(0x4E00 + n)}", files.CHEN, "全部未履行", "") for n in range(size))
        land("judgment_debtors", debtors(*(firm(n) for n in range(1, size + 1)), *persons))
        warm = queries(address)
        monkeypatch.setattr(entries, "_held", {})
        with CaptureQueriesContext(connection) as asked:
            Client().get(address)
        cost.append((warm, len(asked)))
    assert cost[0] == cost[1]
    assert cost[0][0] <= 20


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lists worked out anew, one word each time."""
    done: list[str] = []
    matched = entries._matched

    def counted(plan: Any) -> Any:
        done.append(plan.code)
        return matched(plan)

    monkeypatch.setattr(entries, "_matched", counted)
    return done


def test_a_list_is_worked_out_anew_only_for_what_it_shows(worked_out: list[str]) -> None:
    register(("云泽恒达1建材有限公司", 1, "存续"))
    land("judgment_debtors", debtors(firm(1)))
    page()
    page()
    assert worked_out == ["judgment_debtors"]
    register(("老灶台酒楼", 2, "存续"))
    register(("云泽恒达1建材有限公司", 1, "存续"), ("老灶台酒楼", 2, "注销"))
    page()
    assert worked_out == ["judgment_debtors"], "nothing of it concerns the list"
    register(("云泽恒达一号建材有限公司", 1, "存续"))
    assert "云泽恒达一号建材有限公司" in page()
    land("judgment_debtors", debtors(firm(1), firm(3)))
    assert count(Client(), DEBTORS) == 2
    assert set(worked_out) == {"judgment_debtors"}
    assert len(worked_out) == 3


def test_while_a_file_comes_in_its_list_is_worked_out_once_a_minute(
    worked_out: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = land("judgment_debtors", debtors(firm(1)))
    page()
    for chunk in range(2, 6):
        Batch.objects.filter(pk=batch.pk).update(state="fusing", fused_chunks=chunk)
        page()
    assert len(worked_out) == 1
    at = entries.time.monotonic() + entries.PATIENCE
    monkeypatch.setattr(entries.time, "monotonic", lambda: at)
    page()
    page()
    assert len(worked_out) == 2
    Batch.objects.filter(pk=batch.pk).update(state="published")
    page()
    assert len(worked_out) == 3, "what is complete shows at once"


def test_a_natural_person_is_shown_in_part_and_found_by_the_whole_name_only() -> None:
    land("judgment_debtors", debtors(("1", "陈立本", files.CHEN, "全部未履行", "")))
    for shown in (page(), export(Client(), DEBTORS + "?export=csv")):
        assert "陈某某" in shown
        assert "陈立本" not in shown
        assert files.CHEN not in shown
        assert files.CHEN[-4:] not in shown
    assert count(Client(), DEBTORS + "?q=陈立本") == 1
    for part in ("陈", "陈立", "立本", files.CHEN, files.CHEN[:6]):
        assert count(Client(), DEBTORS + f"?q={part}") == 0, part


def test_a_business_is_shown_in_full_with_a_way_to_its_page() -> None:
    register(("云泽恒达1建材有限公司", 1, "存续"))
    land("judgment_debtors", debtors(firm(1), ("2", "外地商贸有限公司", factories.uscc(77), "全部未履行", "")))
    shown = page()
    assert f'href="/s/{factories.uscc(1)}/"' in shown
    assert "外地商贸有限公司" in shown, "nobody here has that code; the court's word stands"


def test_who_has_paid_or_left_is_not_on_the_list() -> None:
    land("judgment_debtors", debtors(
        ("1", "已付有限公司", factories.uscc(1), "全部已履行", ""),
        ("2", "已退有限公司", factories.uscc(2), "全部未履行", "2026-10-01"),
        ("3", "将退有限公司", factories.uscc(3), "全部未履行", "2099-10-01"),
    ))  # fmt: skip
    shown = page()
    assert "已付有限公司" not in shown
    assert "已退有限公司" not in shown
    assert "将退有限公司" in shown


def test_who_is_missing_from_the_next_whole_list_vanishes_also_from_the_export() -> None:
    land("judgment_debtors", debtors(firm(1), ("2", "陈立本", files.CHEN, "全部未履行", "")))
    assert count(Client(), DEBTORS) == 2
    land("judgment_debtors", debtors(firm(1)))
    assert count(Client(), DEBTORS) == 1
    assert "陈某某" not in page()
    assert "陈某某" not in export(Client(), DEBTORS + "?export=csv")
    assert count(Client(), DEBTORS + "?q=陈立本") == 0


def test_a_withdrawn_file_takes_its_entries_with_it() -> None:
    batch = land("judgment_debtors", debtors(firm(1)))
    assert count(Client(), DEBTORS) == 1
    withdrawal.begin(batch.pk, who=SYSTEM, reason="报错了")
    fusion.advance(batch.pk)
    assert "恒达" not in page()
    assert "未取得" in page(), "no file of the court stands: that is no empty list"


def test_an_issue_appears_on_its_day_and_not_before(clock: Any) -> None:
    land("wage_arrears", files.wages())
    facts = {"issue": "13", "published": "2026-12-01", "town": "柳岸镇"}
    factories.record(factories.subject(), "wage_arrears", key="W09", source="wage_arrears", facts=facts)
    assert "第 13 期" not in page("/lists/wage_arrears/")
    assert Client().get("/lists/wage_arrears/issue/?issue=13").status_code == 404
    clock.advance(days=30)
    assert "第 13 期" in page("/lists/wage_arrears/")


def test_an_unknown_list_is_not_found_and_nothing_is_written_by_reading() -> None:
    assert Client().get("/lists/nobody/").status_code == 404
    assert Client().post(DEBTORS).status_code == 405
    land("judgment_debtors", debtors(firm(1)))
    before = Subject.objects.count()
    page()
    assert Subject.objects.count() == before


def test_a_reading_is_counted_and_names_nobody() -> None:
    land("judgment_debtors", debtors(("1", "陈立本", files.CHEN, "全部未履行", "")))
    page(DEBTORS + "?q=陈立本")
    export(Client(), DEBTORS + "?export=csv")
    counted = QueryCount.objects.filter(day=times.today(), channel="portal")
    assert {row.kind: row.count for row in counted} == {"list": 1, "export": 1}
    assert "陈立本" not in str(list(counted.values()))
