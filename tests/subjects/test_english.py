"""The file of one business read in English: our own words are said, what sources wrote stays as they wrote it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override, trans_real

from shiheng.accounts.models import Office
from shiheng.site import translate
from shiheng.subjects.templatetags.subjects import amount, reason
from tests import factories

CHINESE = re.compile("[\u3400-\u9fff]+")


@pytest.fixture
def english() -> Iterator[None]:
    """Pages speak English, from the catalogues as they are now."""
    translate.compile_catalogues()
    trans_real._translations.clear()  # type: ignore[attr-defined]
    with override("en"):
        yield
    trans_real._translations.clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("唯一来源", "only source"),
        ("3 次报送一致", "3 deliveries agree"),
        ("日期最新（2026-03-01）", "latest date (2026-03-01)"),
        ("窗口核对 {3}", "窗口核对 {3}"),
    ],
)
@pytest.mark.usefixtures("english")
def test_a_kept_reason_is_said_with_its_figures(kept: str, said: str) -> None:
    assert reason(kept) == said


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("200 万元", "2,000,000 CNY"),
        ("1,234.5 万美元", "12,345,000 USD"),
        ("3,000.00 元", "3,000.00 CNY"),
        ("不明", "不明"),
    ],
)
@pytest.mark.usefixtures("english")
def test_a_capital_is_read_whole_where_nobody_counts_in_wan(kept: str, said: str) -> None:
    assert amount(kept) == said


@pytest.mark.parametrize("kept", ["200 万元", "3,000.00 元"])
def test_a_capital_stays_as_written_in_chinese(kept: str) -> None:
    assert amount(kept) == kept


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_a_whole_file_in_english_holds_chinese_only_in_data(sign_in: Any) -> None:
    firm = factories.subject(former=("云泽老灶台食品厂",))
    factories.record(firm, "permit", key="1", facts={"issuer": "临江区局"})
    factories.record(firm, "penalty", key="2", facts={"number": "7"})
    client = sign_in("chief")
    client.cookies["language"] = "en"
    page = client.get(f"/subjects/{firm.id}/", {"tab": "all"}).content.decode()
    main = page[page.index('id="main"') : page.index("</main>")]
    data = {str(held.get("value") or "") for held in firm.fields.values()}
    data |= {
        firm.name,
        "云泽老灶台食品厂",
        firm.address,
        firm.representative,
        "临江区局",
        *Office.objects.values_list("title", flat=True),
    }
    for text in sorted(filter(None, data), key=len, reverse=True):
        main = main.replace(text, "")
    assert not CHINESE.findall(main)
    assert "Registered particulars" in main
    assert "Active" in main
