"""How many is a crowd, by area; how often a suspicion is right, as measured and as officers judge it."""

from datetime import date
from uuid import uuid4

import pytest

from shiheng.kernel import registry
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger.models import Leaf
from shiheng.lines.registration import tracing as declared
from shiheng.subjects import crowds, following, suspicions
from shiheng.subjects.definition import CROWDS, SUSPICIONS, CrowdRule, Measured
from shiheng.subjects.models import Opinion, Person, Relation, Subject
from tests.subjects.test_following import person, town

__all__ = ["town"]
pytestmark = pytest.mark.django_db

WHY = "询问两人，确系一人经营"


@pytest.fixture
def rules():
    """The registry as it is, given back as it was."""
    held = registry.all_of(CROWDS), registry.all_of(SUSPICIONS)
    with registry.isolated():
        for engine, items in zip((CROWDS, SUSPICIONS), held, strict=True):
            for item in items:
                registry.declare(engine, item)
        yield


def test_the_nearest_area_declared_says_how_many_is_a_crowd(clock, rules):
    assert crowds.limit("telephone", "4499.01.01.") == 10
    assert crowds.limit("telephone", "") == 10
    assert crowds.limit("telephone", "4499.21.03.") == 8
    registry.declare(CROWDS, CrowdRule("telephone", 5, date(2026, 6, 1), declared.CHOICE, area="4499.21.03."))
    assert crowds.limit("telephone", "4499.21.03.") == 5
    registry.declare(CROWDS, CrowdRule("telephone", 6, date(2027, 1, 1), declared.CHOICE, area="4499.21.03."))
    assert crowds.limit("telephone", "4499.21.03.") == 5, "not in force yet"
    with pytest.raises(Missing):
        crowds.limit("mail", "4499.")


def test_every_threshold_says_on_what_it_rests():
    for rule in declared.THRESHOLDS:
        assert not rule.basis.verified
        assert "没有文件规定" in rule.basis.note


def test_an_area_s_own_threshold_decides_and_the_page_shows_it(town, clock, rules, sign_in, cast):
    area = Subject.objects.get(name="云泽市第1商贸有限公司").scope
    registry.declare(CROWDS, CrowdRule("telephone", 2, date(2026, 2, 1), declared.CHOICE, area=area))
    found = following.find(person(1))
    assert found.suspects == []
    assert found.shared == [(2, 2), (13, 2)]
    made = following.ask(cast.who("chief"), person(1).pk, purpose="case", matter="案件8号", reason="核实控制人")
    page = sign_in("chief").get(f"/trace/person/{made.pk}/").content.decode()
    assert "2 户共用，达到本地区阈值 2 户" in page
    assert "本地区阈值 2" in page


@pytest.fixture
def traced(town, clock, cast):
    """陈伟's tracing by the chief, and the position of 林静, who left the same telephone."""
    made = following.ask(cast.who("chief"), person(1).pk, purpose="case", matter="案件8号", reason="核实控制人")
    return made.pk, Relation.objects.get(person__name="林静").pk


def test_a_judgement_is_on_record_once_and_can_be_taken_back(traced, cast):
    who, key = cast.who("chief"), uuid4()
    made = suspicions.judge(who, *traced, "so", reason=WHY, key=key)
    assert suspicions.judge(who, *traced, "so", reason=WHY, key=key) == made  # a double click is one judgement
    with pytest.raises(Conflict):
        suspicions.judge(who, *traced, "not", reason=WHY)
    leaf = Leaf.objects.get(kind="suspicion.judged")
    assert (leaf.facts["verdict"], leaf.facts["reason"], leaf.facts["matter"]) == ("属实", WHY, "案件8号")
    again = uuid4()
    undone = suspicions.undo(who, traced[0], made.pk, reason="判断有误，材料不足", key=again)
    assert undone.undone_at is not None
    assert suspicions.undo(who, traced[0], made.pk, reason="判断有误，材料不足", key=again) == undone
    with pytest.raises(Conflict):
        suspicions.undo(who, traced[0], made.pk, reason="判断有误，材料不足")
    assert Leaf.objects.filter(kind="suspicion.undone").count() == 1
    assert suspicions.judge(who, *traced, "not", reason=WHY).verdict == "not"
    assert Opinion.objects.count() == 2


def test_who_may_not_trace_may_not_judge_and_a_judgement_says_why(traced, cast):
    for column in ("data", "inspector_b"):
        with pytest.raises((Missing, Forbidden)):
            suspicions.judge(cast.who(column), *traced, "so", reason=WHY)
    who = cast.who("chief")
    for verdict, reason in (("maybe", WHY), ("so", "是")):
        with pytest.raises(Refused):
            suspicions.judge(who, *traced, verdict, reason=reason)
    with pytest.raises(Missing):
        suspicions.judge(who, traced[0], 987654, "so", reason=WHY)
    with pytest.raises(Missing):
        suspicions.undo(who, traced[0], 987654, reason=WHY)
    assert not Opinion.objects.exists()


def test_the_measured_figure_is_shown_beside_each_until_enough_are_judged(traced, sign_in, rules):
    browser = sign_in("chief")
    page = browser.get(f"/trace/person/{traced[0]}/").content.decode()
    assert "在生成数据上测得" in page
    assert "未在真实数据上测过" in page
    form = browser.get(f"/trace/person/{traced[0]}/suspicion/{traced[1]}/").content.decode()
    assert "准确率" in form
    given = {"verdict": "so", "reason": WHY, "_key": str(uuid4())}
    for _click in range(2):
        answer = browser.post(f"/trace/person/{traced[0]}/suspicion/{traced[1]}/", given)
        assert answer.status_code == 302
    shown = browser.get(f"/trace/person/{traced[0]}/").content.decode()
    assert "属实" in shown
    assert WHY in shown
    _judged(28, right=20)
    assert not suspicions.precision().enough
    _judged(1, right=1, first=100)
    held = suspicions.precision()
    assert (held.enough, held.judged, held.right) == (True, 30, 22)
    shown = browser.get(f"/trace/person/{traced[0]}/").content.decode()
    assert "经工作人员判断的 30 条疑似中，22 条属实（73.3%）" in shown
    assert "判断过的 73.3% 属实" in shown
    assert "生成数据" not in shown
    opened = browser.get(f"/trace/person/{traced[0]}/suspicion/{traced[1]}/")
    assert "opinion=" in opened["Location"]
    undone = browser.post(opened["Location"], {"reason": "材料不足，撤回", "_key": str(uuid4())})
    assert undone.status_code == 302
    assert suspicions.precision().judged == 29


def _judged(count, *, right, first=0):
    """As many judgements of other persons, some of them so."""
    from shiheng.kernel import clock

    subject = Subject.objects.order_by("pk").first()
    for n in range(first, first + count):
        one, other = (Person.objects.create(key=f"id:{n}:{side}", name="某") for side in "ab")
        Opinion.objects.create(
            person=one, other=other, subject=subject, sign="telephone", verdict="so" if n - first < right else "not",
            reason=WHY, by="某", at=clock.now(),
        )  # fmt: skip


def test_a_figure_of_real_data_is_told_as_such_and_none_as_none(clock, rules):
    registry.declare(SUSPICIONS, Measured("telephone", date(2026, 11, 1), 200, 150, 300, "某区 2025 年核查", real=True))
    held = suspicions.precision()
    assert "在真实数据上测得：200 条疑似中 150 条属实（75.0%），应当发现的发现了 50.0%" in held.sentence
    assert "未在真实数据上测过" not in held.sentence + held.short
    assert suspicions.precision("mail").short == "准确率未取得"
