"""How a decision was served is said once: on the step, which its paper then shows, or on the paper, for the step."""

from datetime import date
from string import Formatter
from typing import Any
from uuid import uuid4

import pytest

from shiheng.procedures import actions, formbook, papers
from shiheng.procedures.models import Serving
from tests.casework import SERVE, Bench, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DECISION = "enforcement.penalty_decision"
ASKED = {
    "weighing": "初次违法，配合调查。", "contents": "合并执行。", "perform": "缴至代收银行",
    "review_body": "区人民政府",
    "suit_court": "区人民法院", "hearing_words": "本案不属于听证范围", "contact": "简勘", "course": "依法调查。",
    "law_broken": "《食品安全法》第三十五条", "law_applied": "《食品安全法》第一百二十二条", "proposed": "罚款。",
    "proposed_facts": "无证经营。",
}  # fmt: skip


def made(bench: Bench, held: Any, form: str) -> Any:
    return actions.make_paper(bench.who("jian"), held.pk, form, party=1, asked=ASKED)


def decided(bench: Bench) -> tuple[Any, Any]:
    """A case whose decision is made out and waits to be served."""
    held = bench.to("serve")
    return held, made(bench, held, DECISION)


def test_the_step_writes_down_how_its_paper_was_served(bench: Bench) -> None:
    held, paper = decided(bench)
    bench.takes("jian", held, "serve", **SERVE, party_="1")
    row = Serving.objects.get(paper=paper)
    assert (row.party, row.way, row.result, row.day.isoformat()) == (1, "direct", "served", "2026-11-20")
    paper.refresh_from_db()
    assert paper.served_on == row.day
    page = words(bench.at("jian").get(f"/files/{held.pk}/papers/{paper.pk}/"))
    assert "直接送达" in page
    assert "回证" in page


def test_a_serving_written_down_on_the_paper_waits_for_its_step_and_fills_it_in(bench: Bench) -> None:
    held, paper = decided(bench)
    proof = {"signer": "王店主", "as": "本人", "place": "店内"}
    answer = bench.at("jian").post(
        f"/files/{held.pk}/papers/{paper.pk}/serve/direct/",
        {"_key": str(uuid4()), "party": "1", "result": "served", **proof},
    )
    assert answer.status_code == 302, words(answer)[:500]
    assert "期限从办理相应环节起算" in words(bench.at("jian").get(f"/files/{held.pk}/"))
    form = bench.at("jian").get(f"/files/{held.pk}/take/serve/?party=1").content.decode()
    assert "签收人：王店主；签收人身份：本人；送达地点：店内" in form
    assert 'value="2026-11-20"' in form
    bench.takes("jian", held, "serve", **SERVE, party_="1")
    assert Serving.objects.filter(paper=paper).count() == 1, "it was written down already"
    assert "期限从办理相应环节起算" not in words(bench.at("jian").get(f"/files/{held.pk}/"))


def test_a_paper_made_after_the_step_says_how_it_was_served_the_same_day_and_no_earlier_one_does(
    bench: Bench, clock: Any
) -> None:
    held = bench.to("quiet")  # its notice was served today
    notice = made(bench, held, "enforcement.penalty_notice")
    assert Serving.objects.get(paper=notice).way == "direct"
    clock.advance(days=3)
    later = made(bench, held, "enforcement.penalty_notice")
    assert not Serving.objects.filter(paper=later).exists(), "a paper is not served before it was made"


def test_what_a_paper_asks_is_filled_in_from_what_the_file_and_the_list_of_violations_say(bench: Bench) -> None:
    held = bench.to("notice")
    page = bench.at("jian").get(f"/files/{held.pk}/papers/new/enforcement.penalty_notice/?party=1").content.decode()
    assert "查实。" in page, "the facts as the inquiry ended"
    assert "没收并罚款。" in page, "what was proposed"
    assert "《食品安全法》第三十五条" in page
    assert "《食品安全法》第一百二十二条" in page
    day = date(2026, 11, 20)
    for form in formbook.all_on(day):
        known = {name.fact for name in papers.names(form, papers.procedure_for(form, day)).values()}
        for ask in form.asks:
            asked = {name for _words, name, _spec, _conversion in Formatter().parse(ask.filled) if name}
            assert asked <= known, f"{form.code}: {ask.name} is filled of what nothing tells: {asked - known}"
