"""The learners of the address check: trees over numbers and weights for words, from rows whose level is known."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shiheng.subjects import linear, weighing
from shiheng.subjects.weighing import ABSENT, Growth, shares

_SMALL = Growth(rounds=25, depth=3, step=0.3, columns=1.0, rows=1.0, least=1.0, held=1.0)


def grid(rows: int = 400) -> np.ndarray:
    """Rows of three numbers; the last says nothing."""
    return np.random.default_rng(1).uniform(0, 10, (rows, 3))


def test_trees_tell_what_no_single_column_tells() -> None:
    table = grid()
    truth = ((table[:, 0] > 5) ^ (table[:, 1] > 5)).astype(int).tolist()
    told = weighing.learn(table, truth, 2, _SMALL)
    fresh = np.array([[1.0, 1, 9], [1, 9, 0], [9, 1, 5], [9, 9, 2]])
    assert told.scores(fresh).argmax(axis=1).tolist() == [0, 1, 1, 0]


def test_what_is_not_there_is_told_from_what_is() -> None:
    table = grid()
    table[::2, 0] = ABSENT
    truth = (table[:, 0] == ABSENT).astype(int).tolist()
    told = weighing.learn(table, truth, 2, _SMALL)
    assert told.scores(np.array([[ABSENT, 3, 3], [0.5, 3, 3]])).argmax(axis=1).tolist() == [1, 0]


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.integers(0, 2)), min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_kept_trees_are_the_trees_and_a_score_is_what_its_columns_brought(rows) -> None:
    table, truth = np.array([row[:2] for row in rows]), [row[2] for row in rows]
    told = weighing.learn(table, truth, 3, Growth(rounds=4, depth=2, columns=0.5, least=0.5))
    again = weighing.trees(json.loads(json.dumps(told.as_data(), allow_nan=False)))
    assert np.allclose(again.scores(table), told.scores(table), atol=1e-4)
    assert np.allclose(shares(told.scores(table)).sum(axis=1), 1)
    before = told.start + np.array([told.value[level::3, 0].sum() for level in range(3)])
    for row, scores in zip(table, told.scores(table), strict=True):
        alone, brought = told.one(row)
        assert np.allclose(alone, scores)
        assert np.allclose(before + brought.sum(axis=0), scores)


def test_the_same_rows_give_the_same_trees() -> None:
    table = grid()
    truth = (table[:, 0] > 3).astype(int).tolist()
    growth = Growth(rounds=6, columns=0.5, rows=0.5)
    one, other = (weighing.learn(table, truth, 2, growth).as_data() for _ in range(2))
    assert one == other


def test_what_are_no_trees_is_refused() -> None:
    data = weighing.learn(grid(20), [0, 1] * 10, 2, Growth(rounds=2, depth=2)).as_data()
    for broken in ({**data, "edge": data["edge"][:-1]}, {**data, "levels": 3}, {**data, "value": data["column"]}):
        with pytest.raises(ValueError):  # noqa: PT011 - numpy words the first itself
            weighing.trees(broken)
    with pytest.raises(ValueError, match="level for each row"):
        weighing.learn(grid(3), [0, 1], 2)


def test_weights_tell_by_words_and_say_nothing_of_words_never_met() -> None:
    rows = [{"同号", "同路"}, {"同路"}, {"异路"}] * 20
    told = linear.learn(rows, [2, 1, 0] * 20, 3, held=1.0)
    assert told.scores([{"同号", "同路"}, {"同路"}, {"异路"}]).argmax(axis=1).tolist() == [2, 1, 0]
    assert np.allclose(told.scores([{"从未见过"}, set()]), told.start)


def test_a_word_met_seldom_moves_less_than_one_met_often() -> None:
    rows = [{"常见"}] * 40 + [{"少见"}] * 5 + [{"别的"}] * 45
    told = linear.learn(rows, [1] * 45 + [0] * 45, 2, held=5.0)
    often, seldom = told.of(["常见", "少见"])[:, 1]
    assert often > seldom > 0
    assert "只见一次" not in linear.learn([*rows, {"只见一次"}], [1] * 45 + [0] * 46, 2).words


@given(st.lists(st.tuples(st.sets(st.sampled_from("东南西北中")), st.integers(0, 2)), min_size=1, max_size=40))
@settings(max_examples=25, deadline=None)
def test_kept_weights_are_the_weights_and_fit_no_worse_than_none(rows) -> None:
    words, truth = [row[0] for row in rows], [row[1] for row in rows]
    told = linear.learn(words, truth, 3, least=1)
    again = linear.weights(json.loads(json.dumps(told.as_data(), allow_nan=False)))
    assert np.allclose(again.scores(words), told.scores(words), atol=1e-3)
    fit = shares(told.scores(words))[range(len(truth)), truth]
    assert -np.log(fit).mean() <= np.log(3) + 1e-6
