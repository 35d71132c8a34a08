"""The page 行为: what befell a subject, beside its like, as each reader may see it; every figure opens its rows."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection

from shiheng.subjects import behaviour, histories, peers
from shiheng.subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db

STATION, DISTRICT = "4499.01.01.", "4499.01."
YEAR = date(2026, 5, 1)


def shop(number, *, scope=STATION, code="6210", **columns):
    fields = {"industry_code": factories.fact(code)} if code else {}
    return factories.subject(
        f"临江区{number}号餐馆", number=number, scope=scope, fields=fields, indexed=False, **columns
    )


def told(subject, kind, number, *, day=YEAR, **columns):
    for n in range(number):
        factories.record(subject, kind, f"{kind}{n}", day=day, **columns)


@pytest.fixture
def street(offices, clock):
    """One shop with six complaints and forty of its like, two with as many; others that are not its like."""
    odd = shop(1)
    told(odd, "complaint", 6, title="质量")
    factories.record(odd, "complaint", "old", day=date(2024, 5, 1), title="旧事")
    factories.record(odd, "complaint", "taken-back", day=YEAR, state="deleted", title="错报")
    factories.record(
        odd, "change", "c1", day=YEAR, title="住所（经营场所）变更", facts={"before": "甲路", "after": "乙路"}
    )
    for number in range(100, 140):
        told(shop(number), "complaint", number % 3)
    told(shop(200, code="5212"), "complaint", 9)
    told(shop(201, kind="individual"), "complaint", 9)
    told(shop(202, status="deregistered"), "complaint", 9)
    told(shop(203, scope="4499.01.02."), "complaint", 9)
    return odd


def page(browser, subject, query=""):
    answer = browser.get(f"/subjects/{subject.pk}/behaviour/{query}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_page_says_what_is_unusual_and_why(street, sign_in):
    shown = page(sign_in("chief"), street, "?period=year")
    assert "疑似不同寻常：投诉举报" in shown
    assert "近一年投诉举报 6 件，同类 40 户都没有这么多，最多的 2 件。" in shown
    assert "江口监管所范围内、行业代码以 62 开头" in shown
    assert "共 40 户，不含本主体" in shown
    assert "疑似不同寻常：住所变更" not in shown, "one move says little"
    assert "没有来源报送" in shown, "what nobody reports is not zero"


def test_its_figure_opens_the_records_it_counts(street, sign_in):
    browser = sign_in("chief")
    shown = page(browser, street, "?period=year")
    (href,) = set(re.findall(r'href="([^"]*measure=complaints[^"]*)#listing-behaviour">6 件', shown))
    rows = page(browser, street, href.partition("/behaviour/")[2])
    assert "共 <b>6</b> 条" in rows
    (first, *_rest) = re.findall(r'href="(/subjects/1/\?tab=complaints#record-\d+)">质量', rows)
    anchor = first.partition("#")[2]
    assert f'id="{anchor}"' in browser.get(first.partition("#")[0]).content.decode()
    (group,) = set(re.findall(r'href="(/subjects/\?[^"]*industry=62[^"]*)"', shown))
    assert "共 <b>41</b> 条" in browser.get(group).content.decode(), "its like and itself"


def test_those_with_as_many_are_named(street, sign_in):
    busy = shop(141)
    told(busy, "complaint", 8)
    shown = page(sign_in("chief"), street, "?period=three&measure=complaints")
    assert '<a href="/subjects/141/behaviour/?period=three&measure=complaints">临江区141号餐馆</a> 8 件' in shown


def test_a_territory_with_too_few_is_widened_and_too_few_everywhere_say_nothing(street, cast):
    lonely = shop(300, scope="4499.01.02.")
    told(lonely, "complaint", 9)
    group = peers.group_of(cast.who("chief"), lonely)
    assert (group.path, len(group.ids)) == (DISTRICT, 42)
    assert group.tried == (("临江区市场监督管理局柳岸监管所", 1),)
    rare = shop(301, code="0111")
    told(rare, "complaint", 9)
    compared = peers.of(cast.who("chief"), rare, years=1)
    assert len(compared.group.tried) == 4
    assert not compared.group.enough
    assert not compared.unusual


def test_without_an_industry_there_is_no_like(street, sign_in):
    assert "没有来源说明这个主体的行业代码" in page(sign_in("chief"), shop(302, code=""))


def test_no_more_than_so_many_are_counted_and_the_page_says_so(street, sign_in, monkeypatch):
    monkeypatch.setattr(peers, "MOST", 35)
    shown = page(sign_in("chief"), street)
    assert "同类超过 35 户" in shown
    assert "共 35 户，不含本主体" in shown


def test_counting_in_the_database_and_one_by_one_agree(street):
    told(street, "inspection", 2, state="发现问题待后续处理")
    told(street, "hotline", 1)
    factories.record(street, "inspection", "fine", day=YEAR, state="未发现问题")
    factories.record(street, "penalty", "p1", day=YEAR, state="公示中")
    factories.record(street, "penalty", "p2", day=YEAR, state="已撤销")
    factories.record(street, "food_sample", "f1", day=YEAR, state="不合格")
    factories.record(street, "annual_report", "a1", day=date(2026, 7, 2), facts={"year": "2025"})
    factories.record(street, "annual_report", "a2", day=date(2026, 6, 30), facts={"year": "2025"})
    counted = peers.count([street.pk], after=date(2025, 11, 20))[street.pk]
    events = histories.of(_system(), street).events
    for measure in behaviour.MEASURES:
        listed = [e for e in events if measure.code in e.measures and e.day > date(2025, 11, 20)]
        assert counted.get(measure.code, 0) == len(listed), measure.code
    assert counted["problems"] == 2
    assert (counted["penalties"], counted["samples"], counted["late"], counted["moves"]) == (1, 1, 1, 1)


def _system():
    from shiheng.accounts.permissions import SYSTEM

    return SYSTEM


def test_an_officer_from_elsewhere_sees_that_it_happened_and_not_what(street, sign_in):
    assert "甲路 → 乙路" in page(sign_in("chief"), street)
    outside = page(sign_in("inspector_b"), street)
    assert "甲路" not in outside
    assert "内容限辖区内查看" in outside
    assert "不在您的辖区内" in outside
    assert "industry=62" not in outside, "a list would show less than the group"


def test_periods_and_lanes_narrow_the_line(street, sign_in):
    browser = sign_in("chief")
    assert "旧事" in page(browser, street)
    assert "旧事" not in page(browser, street, "?period=year")
    moves = page(browser, street, "?lane=moves")
    assert "住所（经营场所）变更" in moves
    assert "旧事" not in moves
    assert "没有这个选项" in page(browser, street, "?lane=nowhere")


def test_leaving_a_list_is_told_as_a_second_event(street, cast):
    factories.record(street, "abnormal", "l1", day=date(2025, 7, 1), title="未年报", facts={"removed": "2026-01-05"})
    held = [(e.day, e.over) for e in histories.of(cast.who("chief"), street).events if e.lane == "lists"]
    assert held == [(date(2026, 1, 5), True), (date(2025, 7, 1), False)]


def test_a_merged_subject_leads_to_the_survivor_and_the_file_leads_here(street, sign_in):
    browser = sign_in("chief")
    gone = shop(400)
    Subject.objects.filter(pk=gone.pk).update(redirect_to=street)
    assert browser.get(f"/subjects/{gone.pk}/behaviour/")["Location"] == f"/subjects/{street.pk}/behaviour/"
    assert f"/subjects/{street.pk}/behaviour/" in browser.get(f"/subjects/{street.pk}/").content.decode()
    assert browser.get("/subjects/987654/behaviour/").status_code == 404


def test_the_like_are_read_from_their_index(street):
    like = peers.of_industry(Subject.objects.filter(kind="enterprise"), "62").filter(
        scope__gte=STATION, scope__lt="4499.01.01/"
    )
    if connection.vendor == "postgresql":  # a page of rows is read whole and sorted whatever its indexes
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    plan = like.order_by("scope", "pk").values_list("pk", flat=True)[: peers.MOST].explain()
    assert "subject_by_likeness" in plan


def test_the_interface_says_the_same_as_the_page(street, sign_in):
    answer = sign_in("chief").get("/api/v1/desk/subjects/1/behaviour?years=1")
    told = answer.json()
    assert (told["industry"], told["territory"], told["peers"]) == ("62", STATION, 40)
    (complaints,) = [line for line in told["measures"] if line["code"] == "complaints"]
    assert (complaints["own"], complaints["fewer"], complaints["as_many"], complaints["unusual"]) == (6, 40, 0, True)
    assert sign_in("chief").get("/api/v1/desk/subjects/1/behaviour?years=2").status_code == 422
    assert sign_in("chief").get("/api/v1/desk/subjects/987654/behaviour").status_code == 404


def test_the_page_asks_no_more_with_its_like_than_without(street, sign_in, django_assert_max_num_queries):
    browser = sign_in("chief")
    browser.get("/subjects/1/behaviour/")
    with django_assert_max_num_queries(24):
        browser.get("/subjects/1/behaviour/?period=year&measure=complaints")
    lonely = shop(300, scope="4499.01.02.")  # widened
    with django_assert_max_num_queries(26):
        browser.get(f"/subjects/{lonely.pk}/behaviour/")
