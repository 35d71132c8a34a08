"""Measures of credit: found where the catalogue names them and nowhere else, holding up what law says, told back."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shiheng.catalogue.measures.definition import read
from shiheng.kernel import registry
from shiheng.kernel.errors import Refused
from shiheng.procedures import actions as procedures
from shiheng.procedures.actions import Standing
from shiheng.procedures.contents import all_on
from shiheng.procedures.measures import actions, queries
from shiheng.procedures.measures.models import Heeded
from shiheng.procedures.models import Proceeding
from shiheng.registers import actions as registers
from shiheng.subjects.models import Person, Relation
from shiheng.subjects.persons import key_of
from tests import factories
from tests.casework import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "offices")]
HEAD = (
    "code,since,until,number,kind,title,department,level,lists,who,effect,asks,"
    "instrument,article,article_since,verified,note"
)
NUMBER, OTHER = "449901198001010018", "449901198502020027"
BANNED = {"name": "陈大旺", "number": NUMBER, "document": "云江市监处罚〔2024〕8号", "cause": "revoked", "firm": "旧店"}
APPLIED = {"summary": "新开糕点店", "kind": "sale", "scope": "糕点销售", "place": "江口街道一号", "manager": "陈小旺"}
GRANTED = {"number": "JY14499010000001", "until": "2031-11-19"}


@pytest.fixture
def firm(cast: Any) -> Any:
    return factories.subject(name="云泽市临江区恒达食品店", scope="4499.01.01.")


def banned(cast: Any, until: str | None = "2029-06-30", **facts: str) -> Any:
    return registers.enter(
        cast.who("chief"), "food.banned_persons", {**BANNED, **facts}, since=date(2024, 7, 1),
        until=date.fromisoformat(until) if until else None, scope="4499.01.", key=uuid4(),
    )  # fmt: skip


def answers_for(firm: Any, number: str = NUMBER, name: str = "陈大旺") -> None:
    person = Person.objects.create(key=key_of(number), name=name, verified=True)
    Relation.objects.create(subject=firm, role="representative", person=person, source="register", current=True)


def applied(cast: Any, firm: Any, *heads: Standing) -> Proceeding:
    parties = [Standing("firm", firm.name, subject=firm.pk), *heads]
    return procedures.open_file(cast.who("clerk"), "food.licence", APPLIED, parties=parties, subject=firm.pk,
                                scope="4499.01.", key=uuid4())  # fmt: skip


def examined(cast: Any, held: Proceeding) -> Proceeding:
    procedures.take(cast.who("clerk"), held.pk, "accept", {})
    officer = f"account:{cast.city.pk}"
    procedures.take(
        cast.who("clerk"), held.pk, "examine", {"result": "yes", "finding": "布局合规。"}, officers=[officer]
    )
    return held


def test_a_representative_who_is_banned_is_known_by_the_number_and_the_permit_is_not_granted(
    cast: Any, firm: Any
) -> None:
    banned(cast)
    answers_for(firm)
    held = examined(cast, applied(cast, firm))
    row = Heeded.objects.get(proceeding=held)
    assert (row.measure, row.effect, row.person, row.sure) == ("food_banned_person", "stop", True, True)
    with pytest.raises(Refused, match="第一百三十五条"):
        procedures.take(cast.who("chief"), held.pk, "grant", GRANTED)
    procedures.take(cast.who("chief"), held.pk, "refuse", {"why": "食品安全法第一百三十五条。", "told": True})
    actions.tell(cast.who("chief"), row.pk, "applied", "依据第一百三十五条不予许可。", key=uuid4())
    row.refresh_from_db()
    assert (row.outcome, row.told_by) == ("applied", "章科")


def test_the_applicant_in_person_is_known_by_the_number_he_gives(cast: Any, firm: Any) -> None:
    banned(cast)
    held = examined(cast, applied(cast, firm, Standing("head", "陈某", {"id": NUMBER})))
    with pytest.raises(Refused, match="不予食品经营许可"):
        procedures.take(cast.who("chief"), held.pk, "grant", GRANTED)


def test_after_its_term_the_ban_means_nobody(cast: Any, firm: Any, clock: Any) -> None:
    banned(cast, until="2026-11-23")
    answers_for(firm)
    held = examined(cast, applied(cast, firm))
    clock.move_to(date(2026, 11, 23))
    with pytest.raises(Refused):
        procedures.take(cast.who("chief"), held.pk, "grant", GRANTED)
    clock.move_to(date(2026, 11, 24))
    procedures.take(cast.who("chief"), held.pk, "grant", GRANTED)
    held.refresh_from_db()
    assert held.state == "granted"


def test_a_ban_for_life_never_ends(cast: Any, firm: Any, clock: Any) -> None:
    banned(cast, until=None, cause="crime")
    answers_for(firm)
    clock.move_to(date(2056, 1, 4))
    assert [one.sure for one in queries.meaning("food.licence", [firm.pk], [], date(2056, 1, 4))] == [True]


def test_somebody_of_the_same_name_is_looked_into_and_not_stopped(cast: Any, firm: Any) -> None:
    banned(cast)
    held = examined(cast, applied(cast, firm, Standing("head", "陈大旺", {})))
    row = Heeded.objects.get(proceeding=held)
    assert (row.sure, row.outcome) == (False, "open")
    with pytest.raises(Refused, match="须先核实是不是本人"):
        procedures.take(cast.who("chief"), held.pk, "grant", GRANTED)
    actions.tell(cast.who("chief"), row.pk, "not_meant", "核对身份证件，出生年份不同。", key=uuid4())
    procedures.take(cast.who("chief"), held.pk, "grant", GRANTED)


def test_another_number_of_the_same_name_means_nobody(cast: Any, firm: Any) -> None:
    banned(cast)
    answers_for(firm, OTHER)
    assert not Heeded.objects.filter(proceeding=applied(cast, firm)).exists()


def test_a_sure_stop_is_not_set_aside_by_saying_so(cast: Any, firm: Any) -> None:
    banned(cast)
    answers_for(firm)
    row = Heeded.objects.get(proceeding=applied(cast, firm))
    for outcome in ("not_meant", "not_applied", "over"):
        with pytest.raises(Refused):
            actions.tell(cast.who("chief"), row.pk, outcome, "说一声", key=uuid4())


def test_nothing_is_restrained_that_the_catalogue_does_not_name(cast: Any, firm: Any) -> None:
    for kind in ("abnormal", "serious", "judgment", "wage_arrears", "penalty"):
        factories.record(firm, kind=kind, key=kind, state="公示中" if kind == "penalty" else "")
    banned(cast)
    answers_for(firm)
    today = date(2026, 11, 20)
    named = {(one.code, code) for one in queries.all_on(today) if one.effect != "none" for code in one.procedures}
    for procedure in all_on(today):
        found = queries.meaning(procedure.code, [firm.pk], [], today)
        assert {(one.measure.code, procedure.code) for one in found} <= named
        assert all(one.listed in one.measure.lists for one in found)
        held_up = {
            step.code for step in procedure.steps for one in found if one.measure.holds_up(procedure.code, step.code)
        }
        assert held_up == ({"grant"} if procedure.code == "food.licence" else set()), procedure.code
    found = {one.measure.code for one in queries.meaning("food.licence", [firm.pk], [], today)}
    assert found == {"food_banned_person", "licence_consideration", "commitment_closed"}
    assert "abnormal_reference" not in found, "a listing in itself restrains no permit"


def test_a_listed_business_that_only_is_flagged_gets_its_permit(cast: Any, firm: Any) -> None:
    factories.record(firm, kind="serious", key="s")
    held = examined(cast, applied(cast, firm))
    assert set(held.heeded.values_list("measure", flat=True)) == {"licence_consideration", "commitment_closed"}
    procedures.take(cast.who("chief"), held.pk, "grant", GRANTED)


def test_whoever_opens_the_file_sees_the_flag_first_with_its_basis(cast: Any, firm: Any, sign_in: Any) -> None:
    factories.record(firm, kind="serious", key="s", title="列入严重违法失信名单")
    clerk = sign_in("clerk")
    told = {"_key": str(uuid4()), **APPLIED, "scope_": "4499.01.", "name_firm_": firm.name, "subject_firm_": firm.uscc,
            "name_head_": "陈芳"}  # fmt: skip
    asked = clerk.post("/files/new/food.licence/", told)
    assert asked.status_code == 422
    page = words(asked)
    for said in ("信用提示", "不适用告知承诺制", "列入严重违法失信名单", "待核对", "已看到上面的信用提示"):
        assert said in page, said
    assert not Proceeding.objects.filter(procedure="food.licence").exists()
    answer = clerk.post("/files/new/food.licence/", {**told, "_key": str(uuid4()), "heeded_": "1"})
    assert answer.status_code == 302, words(answer)[:800]
    held = Proceeding.objects.get(procedure="food.licence")
    page = words(clerk.get(f"/files/{held.pk}/"))
    assert "信用措施" in page
    row = held.heeded.get(measure="commitment_closed")
    sent = {"_key": str(uuid4()), "outcome": "applied", "words": "本次按一般程序审查，未适用告知承诺。"}
    assert clerk.post(f"/measures/applied/{row.pk}/", sent).status_code == 302
    page = words(sign_in("chief").get("/measures/applied/"))
    assert "本次按一般程序审查" in page
    assert "市场监督管理局 2 1 1 0" in page, "found, open, applied, not applied"
    assert clerk.get(f"/measures/applied/{row.pk}/").status_code == 200
    assert sign_in("inspector_b").get(f"/measures/applied/{row.pk}/").status_code == 404


def test_everybody_reads_the_catalogue_with_what_is_not_verified(sign_in: Any) -> None:
    page = words(sign_in("anyone").get("/measures/"))
    for said in (
        "列在名单上本身不带来限制",
        "食品安全法",
        "第一百三十五条",
        "食品经营许可·准予许可",
        "待核对",
        "容缺受理",
    ):
        assert said in page, said


def test_a_catalogue_of_22_departments_and_53_measures_is_read_and_counted(sign_in: Any) -> None:
    rows = [
        f"m{n},2016-05-30,,{n + 1},incentive,措施{n},部门{n % 22},local,commendation,firm,flag,,本地选择,,,no,"
        for n in range(53)
    ]
    held = list(read("\n".join([HEAD, *rows])))
    assert len(held) == 53
    assert len({one.department for one in held}) == 22


def test_a_stop_without_its_step_is_not_a_measure() -> None:
    for lists, asks in (("serious", "food.licence"), ("", "food.licence:grant")):
        with pytest.raises(ValueError, match="m1"):
            list(read(f"{HEAD}\nm1,2016-05-30,,1,restraint,x,局,law,{lists},firm,stop,{asks},本地选择,,,no,"))


def test_every_measure_names_procedures_and_registers_there_are() -> None:
    today = date(2026, 11, 20)
    codes = {one.code: one for one in all_on(today)}
    known = {one.code for one in registry.all_of("registers", on=today)}
    for one in queries.all_on(today):
        for asked in one.asks:
            code, _colon, step = asked.partition(":")
            assert code in codes, asked
            assert not step or codes[code].step(step), asked
        assert {listed.removeprefix("register:") for listed in one.lists if listed.startswith("register:")} <= known
        assert one.basis.verified or "待核对" in one.basis.note, one.code
