"""The law library as people use it: finding an article, reading it as of a day, comparing editions, who cites it."""

import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from shiheng.catalogue.law import actions, citing, links, queries
from shiheng.catalogue.law.models import Edition, Instrument, Provision
from shiheng.kernel import registry
from shiheng.kernel.citation import Citation, Cited, Number
from shiheng.ui import slots
from tests.catalogue import laws

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
Browser = Callable[[str], Client]


def page(client: Client, name: str, *args: str, **query: str) -> str:
    answer: HttpResponse = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_anybody_reads_the_library_and_nobody_but_officers_sees_what_cites_it(sign_in: Browser) -> None:
    actions.install()
    assert "食品安全法" in page(Client(), "law")
    assert "平台里引用本条的地方" not in page(Client(), "law-article", "food-safety-law", "35")
    officer = page(sign_in("clerk"), "law-article", "food-safety-law", "35")
    assert "平台里引用本条的地方" in officer
    assert "食品经营许可证" in officer
    assert "应有许可：" in officer
    assert reverse("source", args=["food_permits"]) in officer


def test_an_empty_library_says_so_and_how_to_load(sign_in: Browser) -> None:
    actions.install()
    assert "运行 shiheng law load 目录" in page(sign_in("chief"), "law")
    laws.load_both()
    assert "运行 shiheng law load 目录" not in page(sign_in("chief"), "law")


def test_a_repealed_instrument_is_told_as_such_in_the_list() -> None:
    actions.install()
    told = page(Client(), "law", title="投诉举报处理暂行办法")
    assert "已废止" in told
    assert "已废止" not in page(Client(), "law", title="食品安全法")


def test_an_article_without_its_words_shows_our_summary_as_what_it_is() -> None:
    actions.install()
    told = page(Client(), "law-article", "food-safety-law", "36")
    assert "摘要（非原文）" in told
    assert "这一版的原文没有载入" in told
    assert "未对照原文" not in told
    assert "未对照原文" in page(Client(), "law-article", "drug-law", "51")


def test_the_text_is_shown_as_in_force_on_the_day_asked() -> None:
    code = laws.load_both()
    assert "适用本办法" in page(Client(), "law-article", code, "2", on="2024-03-31")
    newer = page(Client(), "law-article", code, "2", on="2024-04-01")
    assert "划定疏导区" in newer
    assert "适用本办法" in newer, "the older edition's article of the same number is offered beside it"
    assert "没有施行的版本" in page(Client(), "law-article", code, "2", on="2019-04-30")
    assert "这一版没有这一条" in page(Client(), "law-article", code, "6")
    whole = page(Client(), "law-instrument", code, edition="2019-05-01")
    assert "五十元" in whole
    assert "到" in whole
    assert "五十元" not in page(Client(), "law-instrument", code)


@pytest.mark.parametrize("on", ["明天", "2024-13-01", "20240101", "2024-1-1"])
def test_a_day_that_is_none_is_told(on: str) -> None:
    code = laws.load_both()
    answer = Client().get(reverse("law-instrument", args=[code]), {"on": on})
    assert answer.status_code == 422
    assert "2026-01-01 的样子" in answer.content.decode()


def test_what_is_not_there_is_missing() -> None:
    code = laws.load_both()
    for name, args, query in (
        ("law-instrument", ["none"], {}),
        ("law-instrument", [code], {"edition": "2020-01-01"}),
        ("law-article", [code, "x"], {}),
        ("law-compare", [code], {"from": "2024-04-01", "to": "2019-05-01"}),
    ):
        assert Client().get(reverse(name, args=args), query).status_code == 404


def test_two_editions_stand_side_by_side_with_what_differs() -> None:
    code = laws.load_both()
    whole = page(Client(), "law-instrument", code)
    assert f"{reverse('law-compare', args=[code])}?from=2019-05-01&amp;to=2024-04-01" in whole
    told = page(Client(), "law-compare", code, **{"from": "2019-05-01", "to": "2024-04-01"})
    assert "<ins>摊贩应当在划定的时段和区域经营，</ins>" in told
    assert "<del>摊贩应当在划定的时段经营，</del>" in told
    assert "原第二条" in told
    assert "方便群众生活" not in told
    assert "方便群众生活" in page(
        Client(), "law-compare", code, **{"from": "2019-05-01", "to": "2024-04-01", "all": "1"}
    )


def test_a_search_finds_the_articles_in_force_and_older_ones_on_request() -> None:
    code = laws.load_both()
    told = page(Client(), "law-search", q="划定 经营")
    assert "<mark>划定</mark>" in told
    assert f"{reverse('law-article', args=[code, '4'])}?on=2026-11-20" in told
    assert "没有找到" in page(Client(), "law-search", q="五十元")
    older = page(Client(), "law-search", q="五十元", all="1")
    assert f"{reverse('law-article', args=[code, '4'])}?on=2019-05-01" in older
    assert "不是这一天施行的版本" in older
    assert "?on=2020-01-01" in page(Client(), "law-search", q="五十元", on="2020-01-01")


def test_a_reference_finds_the_article_itself() -> None:
    laws.load_both()
    found = queries.search("摊贩管理办法第三条")
    assert [hit.provision.number for hit in found.hits] == [Number(3)]
    assert not queries.search("养犬管理办法第三条").hits


@pytest.mark.parametrize("q", ["", "的", "100%_\\", "'; --", "，、"])
def test_a_search_for_little_or_strange_words_answers(q: str) -> None:
    laws.load_both()
    assert "没有找到" in page(Client(), "law-search", q=q) or not q


def test_a_search_is_quick_at_fifty_thousand_articles() -> None:
    row = Instrument.objects.create(code="large", key="大法", title="大法", level="法律")
    words = "市场监督管理部门应当依法对经营者进行监督检查，发现问题的责令改正，并将结果向社会公示。" * 4
    editions = Edition.objects.bulk_create(
        Edition(instrument=Instrument(pk=row.pk), in_force_from=date(1900 + n, 1, 1), digest=f"{n}") for n in range(50)
    )
    Provision.objects.bulk_create(
        (
            Provision(edition=edition, article=n, text=f"{words}第{n}号{'冷链运输' if n == 777 else ''}")
            for edition in editions
            for n in range(1, 1001)
        ),
        batch_size=5_000,
    )
    began = time.process_time()
    found = queries.search("冷链运输 责令改正", everything=True)
    spent = time.process_time() - began
    assert len(found.hits) == 50
    assert spent < 1, f"a search took {spent:.2f} s of the processor"


# -- citations as links


def test_a_citation_leads_to_each_of_its_articles_on_the_day() -> None:
    told = links.linked(Citation("中华人民共和国食品安全法", "第三十五条第一款、第三十六条"), date(2026, 1, 2))
    place = reverse("law-article", args=["food-safety-law", "35"])
    assert f'<a href="{place}?on=2026-01-02">第三十五条第一款</a>、<a href=' in told
    assert told.endswith("（条文待核对）")


def test_an_instrument_the_library_lacks_stays_plain_words() -> None:
    assert links.linked(Citation("某<b>办法", "第三条", verified=True)) == "《某&lt;b&gt;办法》第三条"
    assert links.href(Citation("某办法", "第三条")) is None
    assert links.href(Citation("本地选择")) is None


def test_a_loaded_instrument_nobody_declared_is_led_to() -> None:
    code = laws.load_both()
    assert links.href(Citation(laws.TITLE, "第三条"), date(2024, 1, 1)) == (
        reverse("law-article", args=[code, "3"]) + "?on=2024-01-01"
    )


def test_articles_named_in_running_text_become_links_and_the_rest_is_escaped() -> None:
    told = links.in_text("<i>依据《食品安全法》第一百二十四条第一款、第一百二十五条和《某法》第一条", date(2026, 1, 2))
    assert told.startswith("&lt;i&gt;依据《<a ")
    assert told.count("<a ") == 3
    assert told.endswith("《某法》第一条")


def test_the_receipt_of_a_clock_leads_to_its_articles() -> None:
    from shiheng.kernel.calendars import published_calendar
    from shiheng.kernel.periods import due, read_as

    day = date(2026, 5, 6)
    sentence = due(day, read_as("行政处罚法", 7, "日", on=day), calendar=published_calendar()).sentence()
    assert reverse("law-article", args=["administrative-penalty-law", "85"]) in links.in_text(sentence, day)


# -- what is still to be checked


def test_the_page_of_citations_lists_who_cites_what_and_why_it_is_open(sign_in: Browser) -> None:
    actions.install()
    told = page(sign_in("chief"), "law-citations", instrument="药品管理法")
    assert "药品管理法" in told
    assert "条号与施行日未见原文" in told
    assert "这一版的原文没有载入" in told


def test_a_claim_to_have_read_an_article_is_tested_against_the_text() -> None:
    laws.load_both()
    library = citing.Library()

    def stands(article: str, day: date | None, since: date | None = None) -> tuple[bool, tuple[str, ...]]:
        cited = Cited("x", "c", "题", since, Citation(laws.TITLE, article, day, verified=True))
        found = library.standing(cited, date(2026, 11, 20))
        return found.settled, found.faults

    assert stands("第四条", None) == (True, ())
    assert stands("第六条", None) == (False, ("这一版没有这一条",))
    assert stands("第四条", date(2019, 1, 1)) == (False, ("这一天没有施行的版本",))
    assert stands("第四条", date(2024, 4, 1), date(2019, 5, 1))[1] == ("所读的文本比声明施行得晚，此前的文本没有核对",)
    assert not library.standing(
        Cited("x", "c", "题", None, Citation("无此法", verified=True)), date(2026, 1, 1)
    ).settled


def test_an_engine_nobody_knew_is_found_through_the_registry() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Rule:
        code: str
        in_force_from: date
        basis: tuple[Citation, ...]

    with registry.isolated():
        registry.declare("fertiliser", Rule("sampling", date(2020, 1, 1), (Citation("肥料办法", "第三条至第五条"),)))
        found, failed = citing.citing("肥料办法", Number(4))
        assert [(one.engine, one.code) for one in found] == [("fertiliser", "sampling")]
        assert not failed


def test_a_room_that_cannot_be_asked_is_named_and_hides_nobody_else(sign_in: Browser) -> None:
    def broken(who: object, key: object) -> list[Cited]:
        raise RuntimeError(f"{who} {key}")

    actions.install()
    held = slots._slots[citing.SLOT]
    slots.fill(citing.SLOT, "broken", "坏掉的部分", broken)
    try:
        told = page(sign_in("chief"), "law-article", "food-safety-law", "35")
    finally:
        del held.fillings["broken"]
    assert "未取得：坏掉的部分" in told
    assert "食品经营许可证" in told
