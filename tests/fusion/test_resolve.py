"""Which subject a row speaks of: by its codes, in the order of trust, the same on every run and every machine."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from shiheng.fusion import resolve as r

A, B, C = ("uscc", "A"), ("uscc", "B"), ("uscc", "C")
OLD, INNER = ("regno", "1"), ("pripid", "p")


def resolve(*rows, known=None, taken=None, rulings=r.UNSAID):
    """``known`` as stored: whoever has a unified code is sure."""
    known = known or {}
    sure = {subject for code, subject in known.items() if rulings.own([code])}
    return r.resolve(enumerate(rows, 1), known, taken=taken or {}, sure=sure, rulings=rulings)


def regroup(*rows, rulings=r.UNSAID):
    return r.regroup(list(enumerate(rows, 1)), taken={}, rulings=rulings)


def together(done: r.Resolved) -> set[frozenset[int]]:
    """The rows of each subject."""
    found: dict[int, set[int]] = {}
    for row, subject, _by in done.links:
        found.setdefault(subject, set()).add(row)
    return {frozenset(rows) for rows in found.values()}


def subjects(done: r.Resolved) -> list[int]:
    return [subject for _, subject, _ in done.links]


def test_ids_are_worked_out_from_the_key_and_fit_a_spreadsheet():
    assert r.mint("uscc:91449901MA00000011") == 2713106728792061  # for ever: rows elsewhere keep it
    assert r.mint("uscc:A") == r.mint("uscc:A") != r.mint("uscc:B")
    assert all(0 < r.mint(f"uscc:{n}") < 2**53 for n in range(1000))


def test_a_collision_is_moved_on_and_comes_back_to_itself():
    first = r.mint("uscc:A")
    moved = r.mint("uscc:A", taken={first: "uscc:other"})
    assert moved != first
    assert r.mint("uscc:A", taken={first: "uscc:other"}) == moved
    assert r.mint("uscc:A", taken={first: "uscc:A"}) == first
    further = r.mint("uscc:A", taken={first: "uscc:other", moved: "uscc:another"})
    assert further not in {first, moved}


def test_two_new_subjects_of_one_chunk_never_share_an_id(monkeypatch):
    monkeypatch.setattr(r, "ID_BITS", 4)
    done = resolve(*([("uscc", str(n))] for n in range(12)))
    assert len(set(subjects(done))) == 12


def test_the_first_code_names_a_new_subject_and_all_are_learnt():
    done = resolve([A, OLD, INNER])
    subject = r.mint("uscc:A")
    assert done.minted == {subject: "uscc:A"}
    assert done.learnt == {A: subject, OLD: subject, INNER: subject}
    assert done.links == [(1, subject, "uscc")]


def test_a_row_with_the_old_number_only_finds_its_subject_by_it():
    done = resolve([A, OLD], [OLD], [INNER, OLD])
    assert len(set(subjects(done))) == 1
    assert [by for _, _, by in done.links] == ["uscc", "regno", "regno"]
    assert done.learnt[INNER] == subjects(done)[0]


def test_a_known_code_decides_and_new_codes_are_learnt_for_it():
    done = resolve([A, OLD], known={OLD: 7})
    assert (done.links, done.learnt, done.minted) == ([(1, 7, "regno")], {A: 7}, {})


def test_where_codes_point_to_two_subjects_the_trusted_one_wins_and_the_other_stays():
    done = resolve([A, OLD], [OLD], known={A: 1, OLD: 2})
    assert subjects(done) == [1, 2]
    assert done.learnt == {}


def test_codes_are_taken_in_the_sources_order_and_empty_ones_left_out():
    frame = pl.DataFrame({"row": [1, 2], "new": ["A", None], "old": ["1", "2"]})
    rows = r.codes_of(frame, [("uscc", "new"), ("pripid", "absent"), ("regno", "old")])
    assert rows == [(1, [A, OLD]), (2, [("regno", "2")])]


ROWS = st.lists(
    st.lists(
        st.sampled_from([A, B, C, OLD, ("regno", "2"), INNER, ("pripid", "q")]), min_size=1, max_size=3, unique=True
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS)
def test_every_row_gets_one_subject_and_the_same_one_on_every_run(rows):
    done, again = resolve(*rows), resolve(*rows)
    assert (done.links, done.learnt, done.minted) == (again.links, again.learnt, again.minted)
    assert [row for row, _, _ in done.links] == list(range(1, len(rows) + 1))
    assert set(subjects(done)) == set(done.minted)
    assert set(done.learnt) == {code for codes in rows for code in codes}


@given(ROWS, st.integers(1, 11))
def test_cutting_rows_into_chunks_changes_nothing(rows, cut):
    """What one chunk learnt is known to the next: the size of a chunk is no matter of truth."""
    whole = resolve(*rows)
    first = resolve(*rows[:cut])
    second = resolve(*rows[cut:], known=first.learnt)
    assert subjects(first) + subjects(second) == subjects(whole)
    assert first.learnt | second.learnt == whole.learnt
    assert first.minted | second.minted == whole.minted


@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.booleans()), min_size=1, max_size=12), st.randoms())
def test_rows_that_all_carry_the_trusted_code_may_come_in_any_order(rows, draw):
    def codes(name, both):
        return [("uscc", name), ("regno", name.lower())] if both else [("uscc", name)]

    shuffled = list(rows)
    draw.shuffle(shuffled)
    straight = resolve(*(codes(*row) for row in rows))
    mixed = resolve(*(codes(*row) for row in shuffled))
    assert straight.learnt == mixed.learnt
    assert straight.minted == mixed.minted


# --- codes that several claim -----------------------------------------------------------------------------------------
def test_a_unified_code_is_one_business_whatever_number_it_shares():
    done = resolve([A, OLD], [B, OLD])
    assert len(set(subjects(done))) == 2
    assert done.contests == [(2, *reversed(subjects(done)), *OLD)]


def test_a_business_known_by_its_old_number_takes_its_first_unified_code_on():
    done = resolve([OLD], [A, OLD], [B, OLD])
    first, second, third = subjects(done)
    assert first == second != third


def test_a_claimed_number_is_whose_rows_tell_it_most_often_and_leads_there():
    done = regroup([A, OLD], [B, OLD], [B, OLD], [OLD, INNER], [INNER])
    one, *others = subjects(done)
    assert set(others) == {r.mint("uscc:B")}
    assert one == r.mint("uscc:A")
    assert done.learnt[OLD] == done.learnt[INNER] == r.mint("uscc:B")
    assert done.contests == [(1, one, others[0], *OLD)]


def test_rows_nothing_leads_anywhere_are_one_for_all_that_hang_together():
    done = regroup([OLD], [INNER, ("orgcode", "o")], [OLD, INNER], [("regno", "2")])
    assert together(done) == {frozenset({1, 2, 3}), frozenset({4})}


def test_two_codes_said_to_be_one_business_are_one():
    ruled = r.Rulings(one={A: A, B: A})
    done = regroup([B, OLD], [A], [C, OLD], rulings=ruled)
    assert together(done) == {frozenset({1, 2}), frozenset({3})}
    assert subjects(done)[1] == r.mint("uscc:B")  # whoever came first gives the id
    later = resolve([A], known={B: 7}, rulings=ruled)
    assert (later.links, later.learnt) == ([(1, 7, "uscc")], {A: 7})


def test_a_number_said_to_stand_apart_leaves_the_business_its_id():
    ruled = r.Rulings(apart={OLD})
    rows = ([OLD], [A, OLD], [OLD, INNER])
    before, after = regroup(*rows), regroup(*rows, rulings=ruled)
    assert len(set(subjects(before))) == 1
    assert together(after) == {frozenset({2}), frozenset({1, 3})}
    assert subjects(after)[1] == subjects(before)[0]
    assert subjects(after)[0] == r.mint("apart:regno:1")
    assert subjects(resolve([A, OLD], [OLD], rulings=ruled))[1] == r.mint("apart:regno:1")


def lawful(rows: list[list[r.Code]]) -> list[list[r.Code]]:
    """No source tells two unified codes of one row, and all trust them most."""
    return [[*[c for c in codes if c[0] == "uscc"][:1], *(c for c in codes if c[0] != "uscc")] for codes in rows]


LAWFUL = ROWS.map(lawful)
RULED = st.sampled_from([
    r.UNSAID, r.Rulings(one={A: A, B: A}), r.Rulings(apart={OLD}), r.Rulings(one={A: A, C: A}, apart={INNER})
])  # fmt: skip


def settled(rows: list[list[r.Code]], rulings: r.Rulings) -> r.Resolved:
    """Rows taken in one by one, those in a contest resolved together, as the platform does."""
    held: list[list[r.Code]] = []
    state = r.Resolved()
    for codes in rows:
        held.append(codes)
        done = resolve(codes, known=state.learnt, rulings=rulings)
        if done.contests or state.contests:
            state = regroup(*held, rulings=rulings)
        else:
            state.links.append((len(held), *done.links[0][1:]))
            state.learnt |= done.learnt
            state.minted |= done.minted
    return state


@given(LAWFUL, RULED, st.randoms())
def test_whatever_order_rows_come_in_they_make_the_same_subjects(rows, rulings, draw):
    order = list(range(len(rows)))
    draw.shuffle(order)
    straight = settled(rows, rulings)
    mixed = settled([rows[place] for place in order], rulings)
    assert together(straight) == {frozenset(order[n - 1] + 1 for n in part) for part in together(mixed)}


@given(LAWFUL, RULED)
def test_rows_taken_in_one_by_one_end_as_those_resolved_together(rows, rulings):
    step, whole = settled(rows, rulings), regroup(*rows, rulings=rulings)
    assert together(step) == together(whole)
    assert subjects(step) == subjects(whole)
    assert step.learnt == whole.learnt
