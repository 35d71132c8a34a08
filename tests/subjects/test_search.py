"""Search finds a subject by any piece of its name, its code or its initials, best first, on both databases."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from shiheng.subjects import naming, search
from shiheng.subjects.models import SearchName, Subject
from tests import factories

pytestmark = pytest.mark.django_db

SPARSE = 50_000  # so many rows that a planner would not read the table for a page


def ids(text: str, **options: int) -> list[int]:
    return [hit.subject.id for hit in search.find(text, **options).hits]


def test_one_character_two_characters_and_the_whole_name_find_the_subject() -> None:
    firm = factories.subject("云泽市临江区恒达食品有限公司")
    for text in ("恒", "恒达", "达食品", "云泽市临江区恒达食品有限公司", "司", "公司", "云"):
        assert ids(text) == [firm.id], text


def test_width_case_brackets_spaces_and_traditional_characters_make_no_difference() -> None:
    firm = factories.subject("云泽鸿运（KTV）娱乐有限公司")
    for text in ("雲澤鴻運", "云泽鸿运KTV娱乐", "ｋｔｖ", "鸿运(ktv)", " 鸿 运 ", "鸿运·KTV"):
        assert ids(text) == [firm.id], text


def test_a_code_finds_whole_or_from_its_first_four_characters() -> None:
    firm = factories.subject(code="91449901MA000ABC1X")
    for text in ("91449901MA000ABC1X", "91449901ma000abc1x", "9144", "91449901 MA000"):
        assert ids(text) == [firm.id], text
    assert ids("914") == []


def test_the_fifteen_digit_number_finds() -> None:
    firm = factories.subject()
    firm.identifiers.create(kind="regno", value="449901000012345")
    assert ids("449901000012345") == ids("4499010") == [firm.id]


def test_initials_find_from_the_trade_name_or_from_the_region() -> None:
    factories.offices()
    firm = factories.subject("云泽市易达科技有限公司")
    for text in ("ydkj", "YDKJ", "yd", "yzsyd"):
        assert ids(text) == [firm.id], text


def test_a_surname_or_brand_with_two_readings_is_found_by_both() -> None:
    firm = factories.subject("临江区单记茶行")
    assert ids("sjcx") == ids("djcx") == [firm.id]
    music = factories.subject("临江区长乐五金店")
    assert ids("clwj") == ids("zlwj") == [music.id]


def test_a_former_name_is_found_and_says_so() -> None:
    firm = factories.subject("云泽恒达食品有限公司", former=("云泽老灶台食品厂",))
    [hit] = search.find("老灶台").hits
    assert (hit.subject.id, hit.matched, hit.former) == (firm.id, "云泽老灶台食品厂", True)
    assert hit.span == (2, 5)
    [hit] = search.find("恒达").hits
    assert not hit.former


def test_the_order_is_name_trade_beginning_part_and_the_living_first() -> None:
    factories.offices()
    part = factories.subject("云泽市大恒达建材有限公司")
    begins = factories.subject("云泽市恒达鑫建材有限公司")
    trade_long = factories.subject("云泽市临江区恒达建筑材料有限公司")
    trade = factories.subject("云泽恒达食品有限公司")
    trade_gone = factories.subject("云泽恒达有限公司", status="deregistered")
    former = factories.subject("云泽市长青食品有限公司", former=("云泽恒达厂",))
    exact = factories.subject("恒达")
    assert ids("恒达") == [exact.id, trade.id, trade_long.id, former.id, trade_gone.id, begins.id, part.id]


def test_pages_follow_one_another_without_gap_or_double() -> None:
    for number in range(25):
        factories.subject(f"云泽市恒达{'甲乙丙丁戊'[number % 5]}{'子丑寅卯辰'[number // 5]}食品有限公司")
    whole = ids("恒达", limit=25)
    assert len(set(whole)) == 25
    assert [n for page in range(0, 25, 10) for n in ids("恒达", limit=10, offset=page)] == whole
    assert search.find("恒达", limit=10).more
    assert not search.find("恒达", limit=10, offset=20).more
    counted = search.find("恒达", limit=10, count=True)
    assert (counted.total, counted.capped) == (25, False)


def test_several_words_must_all_occur() -> None:
    firm = factories.subject("云泽市临江区恒达食品有限公司")
    factories.subject("云泽市望湖区恒达建材有限公司")
    assert ids("恒达 食品") == ids("食品 恒达") == [firm.id]


def test_a_merged_or_unsupported_subject_never_appears_and_its_code_leads_to_the_survivor() -> None:
    stays = factories.subject("云泽恒达食品有限公司")
    gone = factories.subject("云泽恒达食品厂", code="91449901MA000ABD0X")
    Subject.objects.filter(id=gone.id).update(redirect_to=stays)
    assert ids("恒达") == [stays.id]
    search.index([gone.id])
    assert ids("恒达") == [stays.id]
    assert ids("91449901MA000ABD0X") == [stays.id]
    Subject.objects.filter(id=stays.id).update(live=False)
    assert ids("恒达") == []


def test_indexing_again_replaces_and_forgetting_leaves_nothing() -> None:
    firm = factories.subject("云泽恒达食品有限公司")
    Subject.objects.filter(id=firm.id).update(name="云泽长青食品有限公司")
    firm.names.all().delete()
    search.index([firm.id])
    assert ids("恒达") == []
    assert ids("长青") == [firm.id]
    search.forget([firm.id])
    assert ids("长青") == ids("cqsp") == []
    assert not SearchName.objects.exists()


def test_the_index_follows_the_callers_transaction() -> None:
    firm = factories.subject("云泽恒达食品有限公司", indexed=False)
    with transaction.atomic():
        search.index([firm.id])
        transaction.set_rollback(True)
    assert ids("恒达") == []


@pytest.mark.parametrize(
    "text", ["", "  ", "（）", "%", "'", '"', "^", "恒\\", "' OR 1=1", "a" * 5000, "\x00", "NOT", "恒*"]
)
def test_odd_input_is_answered_not_refused(text: str) -> None:
    factories.subject("云泽恒达食品有限公司")
    search.find(text, count=True)
    list(search.narrow(Subject.objects.all(), text))


def test_a_list_is_narrowed_by_the_same_text() -> None:
    factories.offices()
    firm = factories.subject("云泽恒达食品有限公司", code="91449901MA000ABC1X")
    factories.subject("云泽长青建材有限公司", code="91449902MA000ABC1X")
    for text in ("恒", "恒达", "9144 9901", "hdsp", "达食"):
        assert list(search.narrow(Subject.objects.all(), text)) == [firm], text


class EveryPieceFinds(TestCase):
    """Whatever a name holds, each of its pieces finds it."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.text(
            st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("恒达云泽食品有限公司（）ABＡ 鴻運𠮷"),
            max_size=24,
        ),
        st.data(),
    )
    def test_every_piece(self, name: str, data: st.DataObject) -> None:
        if not naming.fold(name):
            return
        firm = factories.subject(name)
        start = data.draw(st.integers(0, len(name) - 1))
        end = data.draw(st.integers(start + 1, len(name)))
        piece = name[start:end]
        if naming.fold(piece):
            assert firm.id in ids(piece, limit=50), piece
        firm.names.all().delete()


def test_no_search_reads_a_whole_table() -> None:
    factories.crowd(2_000)
    factories.fill(SPARSE)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("searchname", "subject", "identifier"):
                cursor.execute(f"ANALYZE subjects_{table}")
    for text in ("鹤渔", "恒达鹤", "雪渔歌食", "91449901MA04C4", "hdxs", "云泽市恒达食品有限公司", "渔歌 小吃"):
        with CaptureQueriesContext(connection) as captured:
            search.find(text)
        assert len(captured) <= 12
        for query in captured.captured_queries:
            for step in plan(query["sql"]):
                # what a statement found already, at most some thousands
                found = {"hit", "held", "begun", "whole", "own", "few", "found", "a", "CONSTANT"}
                of = step.removeprefix("SCAN ").split(" ")[0]
                bounded = "VIRTUAL TABLE" in step or of in found or of.startswith("(subquery")
                whole = "Seq Scan" in step or (step.startswith("SCAN") and not bounded)
                assert not whole, (text, query["sql"], step)


def plan(sql: str) -> list[str]:
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql.replace("%", "%%"), [])
        return [str(row[-1]) for row in cursor.fetchall()]


def test_a_bulk_of_subjects_is_indexed_in_few_statements() -> None:
    numbers = factories.crowd(search.BATCH + 10, index=False)
    with CaptureQueriesContext(connection) as captured:
        assert search.index(numbers) == len(numbers)
    assert len(captured) <= 16
    with CaptureQueriesContext(connection) as captured:
        assert search.index(numbers) == 0  # nothing changed, nothing written
    assert not [q for q in captured.captured_queries if q["sql"].startswith(("INSERT", "DELETE", "UPDATE"))]
