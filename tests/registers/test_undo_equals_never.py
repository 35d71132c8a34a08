"""Undoing any of the acts that wrote to a register leaves it, and the subject files, as if they had never been done."""

import random
from datetime import date, timedelta

import pytest

from shiheng.kernel import clock
from shiheng.kernel.errors import Problem
from shiheng.registers import actions, undoing
from shiheng.registers.dumping import dump
from shiheng.registers.models import Act, Entry, Indexed, Note, Version
from shiheng.subjects.models import Record
from tests import factories
from tests.registers.declared import STALLS

pytestmark = pytest.mark.django_db
CODE, FIRST = STALLS.code, date(2026, 1, 1)


def steps(draw, firms):
    """Things somebody does on one day after another, to entries named by their stall."""
    for n in range(draw.randint(4, 10)):
        stall, kind = draw.choice("ABC"), draw.choice(("scale", "meter"))
        yield (
            FIRST + timedelta(days=n),
            draw.choice(("enter", "change", "move", "note")),
            draw.choice(firms),
            stall,
            kind,
            n,
        )


def play(who, story, without=frozenset()):
    """Do the steps of a story but those left out; gives the act of each step that could be done."""
    done = {}
    for n, (day, what, firm, stall, kind, number) in enumerate(story):
        if n in without:
            continue
        held = Entry.objects.filter(register=CODE, live=True, facts__stall=stall, subject=firm).first()
        before = Act.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        facts = {"stall": stall, "kind": kind, "limit": number + 1}
        try:
            with clock.standing_at(day):
                if what == "enter":
                    actions.enter(who, CODE, facts, subject=firm.pk)
                elif held is None:
                    continue
                elif what == "change":
                    back = day - timedelta(days=number % 3)
                    actions.change(who, CODE, held.pk, facts, day=max(back, held.entered_on), reason="变更")
                elif what == "move":
                    actions.move(who, CODE, held.pk, "restore" if held.ended else "remove", reason="变更状态")
                else:
                    actions.note(who, CODE, held.pk, "visit", f"第{number}次")
        except Problem:
            continue
        act = Act.objects.filter(pk__gt=before).first()
        if act:
            done[n] = act
    return done


def picture():
    records = Record.objects.filter(kind="register").order_by("key").values_list("subject", "key", "state", "facts")
    index = Indexed.objects.order_by("entry__key", "field").values_list("entry__key", "field", "text")
    return dump(CODE), list(records), list(index)


@pytest.mark.parametrize("seed", range(6))
def test_undone_acts_leave_no_trace(cast, seed):
    draw, who = random.Random(seed), cast.who("chief")
    firms = [factories.subject("甲市场", number=2001), factories.subject("乙市场", number=2002)]
    story = list(steps(draw, firms))
    with clock.standing_at(FIRST + timedelta(days=60)):
        done = play(who, story)
        # Whoever left out an entering would not have done what follows on it either; changes and notes stand alone.
        loose = [n for n, act in done.items() if act.kind in {"change", "note"}]
        undone = set(draw.sample(loose, draw.randint(0, len(loose)))) if loose else set()
        for n in draw.sample(sorted(undone), len(undone)):
            undoing.undo_small(who, done[n], "撤销")
        after = picture()
        Version.objects.exclude(restates=None).delete()
        for model in (Note, Indexed, Version, Act, Entry):
            model.objects.all().delete()
        Record.objects.filter(kind="register").delete()
        play(who, story, without=undone)
        assert picture() == after
