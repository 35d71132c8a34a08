"""Two editions of an instrument: which articles are new, changed, renumbered or gone, and in which phrases."""

from hypothesis import given
from hypothesis import strategies as st

from shiheng.catalogue.law.comparing import ADDED, CHANGED, MOVED, REMOVED, SAME, compare, counted, pieces
from shiheng.catalogue.law.definition import Article
from shiheng.kernel.citation import Number


def edition(*texts: str) -> list[Article]:
    return [Article(Number(place), text) for place, text in enumerate(texts, 1)]


PURPOSE, SCOPE = "为了管理摊贩，方便群众生活，制定本办法。", "本市范围内的摊贩管理，适用本办法。"
HOURS = "摊贩应当在划定的时段经营，保持周围整洁；收摊后清理场地。"
HOURS_NEW = "摊贩应当在划定的时段和区域经营，保持周围整洁；收摊后清理场地。"
FINE, AREAS = "违反本办法的，可以处五十元罚款。", "街道办事处负责划定疏导区，向社会公布。"


def test_an_article_put_in_moves_the_others_and_changes_none() -> None:
    pairs = compare(edition(PURPOSE, SCOPE), edition(PURPOSE, AREAS, SCOPE))
    assert [(p.state, p.after and p.after.number.article) for p in pairs] == [(SAME, 1), (ADDED, 2), (MOVED, 3)]
    assert pairs[2].before is not None
    assert pairs[2].before.number == Number(2)


def test_a_changed_article_is_known_again_under_another_number() -> None:
    pairs = compare(edition(PURPOSE, HOURS, FINE), edition(AREAS, PURPOSE, HOURS_NEW))
    assert {p.state: p.title for p in pairs} == {ADDED: "新增", MOVED: "条号变动", CHANGED: "修改", REMOVED: "删去"}
    changed = next(p for p in pairs if p.state == CHANGED)
    assert [p.text for p in changed.old if p.kind == REMOVED] == ["摊贩应当在划定的时段经营，"]
    assert [p.text for p in changed.new if p.kind == ADDED] == ["摊贩应当在划定的时段和区域经营，"]


def test_what_is_gone_stands_where_it_stood() -> None:
    pairs = compare(edition(PURPOSE, FINE, SCOPE), edition(PURPOSE, SCOPE))
    assert [p.state for p in pairs] == [SAME, REMOVED, MOVED]


def test_the_same_number_with_other_words_is_one_gone_and_one_new() -> None:
    pairs = compare(edition(FINE), edition(AREAS))
    assert sorted(p.state for p in pairs) == [ADDED, REMOVED]
    assert counted(pairs) == {ADDED: 1, CHANGED: 0, REMOVED: 1, MOVED: 0, SAME: 0}


WORDS = st.lists(st.sampled_from([PURPOSE, SCOPE, HOURS, HOURS_NEW, FINE, AREAS]), max_size=6)


@given(WORDS, WORDS)
def test_every_article_of_both_editions_stands_once(old: list[str], new: list[str]) -> None:
    pairs = compare(edition(*old), edition(*new))
    assert sorted(p.before.number for p in pairs if p.before) == [Number(n) for n in range(1, len(old) + 1)]
    assert [p.after.number for p in pairs if p.after] == [Number(n) for n in range(1, len(new) + 1)]


@given(st.text("甲乙，。；\n", max_size=30), st.text("甲乙，。；\n", max_size=30))
def test_the_pieces_put_together_are_the_texts(before: str, after: str) -> None:
    old, new = pieces(before, after)
    assert "".join(p.text for p in old) == before
    assert "".join(p.text for p in new) == after
    assert [p.text for p in old if p.kind == SAME] == [p.text for p in new if p.kind == SAME]
