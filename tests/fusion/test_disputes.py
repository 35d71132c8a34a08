"""数据异议: reported from a subject's page, told to the department, answered, compared with what stands now."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shiheng.accounts.models import Account, Message, Office, Post
from shiheng.accounts.queries import who_of
from shiheng.fusion import disputes
from shiheng.fusion.models import Batch, Dispute
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import files
from shiheng.ledger import queries as ledger
from shiheng.subjects.models import Record, Representation, Subject
from tests import factories
from tests.fusion.deliveries import DEPARTMENT, TODAY, Send, send  # noqa: F401 - a fixture among them

pytestmark = pytest.mark.django_db
CODE = factories.uscc(10_001)
BEGAN = date(2026, 11, 2)


@pytest.fixture
def fish(send: Send, cast: Any) -> Subject:  # noqa: F811
    """A business the 渔业局 named and gave a permit, in district A; 劳板 stands for it."""
    send([(CODE, "云泽市临江区远航渔业有限公司", "渔0001", "1")], on=BEGAN)
    Subject.objects.update(scope="4499.01.01.")
    found = Subject.objects.get()
    Representation.objects.create(account=cast.owner, subject=found, basis="法定代表人", since=BEGAN)
    return found


@pytest.fixture
def department(cast: Any) -> Any:
    """The 渔业局's own person, beside the city bureau."""
    parent = Office.objects.get(path="4499.")
    office = Office.objects.create(
        code="4499YY", title=f"云泽市{DEPARTMENT}", kind="department", path="4499.D09.", parent=parent
    )
    account = Account.objects.create(username="yuye", name="余业", created_at=clock.now(), password="!")
    Post.objects.create(account=account, office=office, role="outside_party", since=date(2024, 1, 1))
    return account


def report(subject: Subject, who: Any, **over: Any) -> Dispute:
    words = {"about": "field:name", "wrong": "名称少了两个字", "should": "远航远洋渔业有限公司", "key": str(uuid4())}
    return disputes.report(subject.pk, **(words | over), who=who)


def test_a_report_names_the_row_it_came_from_and_goes_on_record(fish, cast):
    made = report(fish, cast.who("clerk"))
    batch = Batch.objects.get()
    assert (made.source, made.batch_id, made.row, made.department) == ("catches", batch.pk, 1, DEPARTMENT)
    assert (made.state, made.scope, made.number) == ("open", "4499.01.01.", f"{clock.today().year}-0001")
    leaf = ledger.history(f"dispute:{made.pk}").get()
    assert (leaf.kind, leaf.facts["wrong"], leaf.scope) == ("dispute.opened", "名称少了两个字", "4499.01.01.")


def test_numbers_run_on_in_a_year_and_begin_again_in_the_next(fish, cast):
    with clock.standing_at(date(2026, 12, 31)):
        first, second = report(fish, cast.who("clerk")), report(fish, cast.who("chief"))
    with clock.standing_at(date(2027, 1, 4)):
        third = report(fish, cast.who("city"))
    assert [d.number for d in (first, second, third)] == ["2026-0001", "2026-0002", "2027-0001"]


def test_a_double_click_makes_one_report(fish, cast):
    key = str(uuid4())
    assert report(fish, cast.who("clerk"), key=key).pk == report(fish, cast.who("clerk"), key=key).pk
    assert Dispute.objects.count() == 1


def test_the_same_thing_is_not_reported_twice_while_it_waits(fish, cast):
    made = report(fish, cast.who("clerk"))
    with pytest.raises(Refused, match=made.number):
        report(fish, cast.who("clerk"))
    disputes.answer(made.pk, outcome="refused", reason="与登记档案一致", who=cast.who("data"))
    assert report(fish, cast.who("clerk")).number.endswith("-0002")


def test_the_departments_own_person_is_told_and_else_the_territorys_data_officer(fish, cast, department):
    report(fish, cast.who("clerk"))
    told = Message.objects.get(account=department)
    assert told.link == reverse("dispute", args=[Dispute.objects.get().pk])
    assert not Message.objects.filter(account=cast.data).exists()
    Post.objects.filter(account=department).update(until=date(2026, 1, 1))
    report(fish, cast.who("chief"))
    assert Message.objects.filter(account=department).count() == 1
    assert Message.objects.filter(account=cast.data).count() == 1
    assert Message.objects.get(channel="file").address == DEPARTMENT


def test_a_record_can_be_reported_as_well_as_a_field(fish, cast):
    record = Record.objects.get()
    made = report(fish, cast.who("owner"), about=f"record:{record.pk}")
    assert (made.record_kind, made.record_key, made.batch_id, made.row) == (
        "permit",
        record.key,
        Batch.objects.get().pk,
        1,
    )
    other = factories.subject(number=77_001)
    with pytest.raises(Refused, match="重新选择"):
        report(other, cast.who("clerk"), about=f"record:{record.pk}")


def test_what_is_personal_is_kept_masked_and_asked_for_as_a_file(fish, cast):
    fish.fields["phone"] = {"value": "13900000001", "source": "catches", "batch": None, "row": None}
    fish.save()
    with pytest.raises(Refused, match="个人信息"):
        report(fish, cast.who("clerk"), about="field:phone", should="13900000002")
    kept = files.keep("新号码 13900000002".encode(), sealed=True)
    made = report(fish, cast.who("clerk"), about="field:phone", should="", evidence=kept, evidence_name="证明.pdf")
    assert made.shown == "139****0001"
    assert files.is_sealed(made.evidence)
    assert "13900000001" not in str(ledger.history(f"dispute:{made.pk}").get().facts)


def test_a_business_reports_about_itself_only(fish, cast):
    assert report(fish, cast.who("owner")).reporter_name == "劳板"
    with pytest.raises(Missing):
        report(factories.subject(number=77_001), cast.who("owner"))


def test_another_offices_officer_finds_nothing(fish, cast, sign_in):
    made = report(fish, cast.who("chief"))
    assert sign_in("inspector_b").get(reverse("dispute", args=[made.pk])).status_code == 404
    assert made.number not in sign_in("inspector_b").get(reverse("disputes")).content.decode()
    assert made.number in sign_in("data").get(reverse("disputes")).content.decode()


def test_the_reporter_from_another_district_sees_the_own_report(fish, cast, sign_in):
    made = report(fish, cast.who("inspector_b"))
    disputes.answer(made.pk, outcome="refused", reason="与登记档案一致", who=cast.who("data"))
    assert "与登记档案一致" in sign_in("inspector_b").get(reverse("dispute", args=[made.pk])).content.decode()


def test_a_refusal_needs_its_reason_and_is_told_to_the_reporter(fish, cast):
    made = report(fish, cast.who("owner"))
    with pytest.raises(Refused, match="理由"):
        disputes.answer(made.pk, outcome="refused", who=cast.who("data"))
    done = disputes.answer(made.pk, outcome="refused", reason="与登记档案一致", who=cast.who("data"))
    assert (done.state, done.answered_by) == ("refused", "舒据")
    assert "维持原值" in Message.objects.get(account=cast.owner).title
    with pytest.raises(Conflict):
        disputes.answer(made.pk, outcome="refused", reason="再答复一次", who=cast.who("data"))


def test_those_who_only_read_cannot_answer(fish, cast):
    made = report(fish, cast.who("clerk"))
    for column in ("clerk", "chief", "city"):
        with pytest.raises(Forbidden):
            disputes.answer(made.pk, outcome="refused", reason="与登记档案一致", who=cast.who(column))


def test_the_departments_own_person_answers(fish, cast, department):
    made = report(fish, cast.who("clerk"))
    done = disputes.answer(made.pk, outcome="refused", reason="以船籍档案为准", who=who_of(department))
    assert done.answered_by == "余业"


def test_mended_needs_a_batch_that_changed_what_stands(fish, cast, send):  # noqa: F811
    made = report(fish, cast.who("owner"))
    first = Batch.objects.get().pk
    with pytest.raises(Refused, match="还没有更正"):
        disputes.answer(made.pk, outcome="mended", batch=first, who=cast.who("data"))
    stranger = send([(factories.uscc(10_002), "云泽市恒达渔业有限公司", "渔0002", "1")], on=date(2026, 11, 5))
    with pytest.raises(Refused, match="没有说到这个主体"):
        disputes.answer(made.pk, outcome="mended", batch=stranger.pk, who=cast.who("data"))
    assert disputes.now_of([made])[made.pk].state == "same"
    later = send([(CODE, "云泽市临江区远航远洋渔业有限公司", "渔0001", "1")], on=date(2026, 11, 9))
    now = disputes.now_of([Dispute.objects.get(pk=made.pk)])[made.pk]
    assert (now.state, now.shown, now.batch) == ("changed", "云泽市临江区远航远洋渔业有限公司", later.pk)
    done = disputes.answer(made.pk, outcome="mended", batch=later.pk, who=cast.who("data"))
    assert (done.state, done.mended_by_id) == ("mended", later.pk)


def test_a_record_that_changes_or_goes_is_told(fish, cast, send):  # noqa: F811
    made = report(fish, cast.who("owner"), about=f"record:{Record.objects.get().pk}")
    assert disputes.now_of([made])[made.pk].state == "same"
    record = Record.objects.get()
    record.facts = {"number": "渔0009"}
    record.save()
    assert disputes.now_of([made])[made.pk].state == "changed"
    send([(factories.uscc(10_002), "云泽市恒达渔业有限公司", "渔0002", "1")], on=date(2026, 11, 9), delivery="snapshot")
    assert disputes.now_of([made])[made.pk].state == "gone"


def test_an_admitted_mistake_still_waits_for_its_mending(fish, cast):
    with clock.standing_at(BEGAN):
        made = report(fish, cast.who("clerk"))
    with clock.standing_at(BEGAN + timedelta(days=3)):
        done = disputes.answer(made.pk, outcome="answered", reason="确有错误，本月更正", who=cast.who("data"))
        assert (done.state, done.settled_at, disputes.days(done)) == ("answered", None, 3)
        assert disputes.waiting(cast.who("data")) == disputes.Waiting(0, 0, 1)
        done = disputes.answer(made.pk, outcome="refused", reason="复核后无误", who=cast.who("data"))
        assert done.settled_at


def test_its_age_runs_until_the_answer_and_stands_at_the_desk(fish, cast, sign_in):
    with clock.standing_at(BEGAN):
        made = report(fish, cast.who("clerk"))
    with clock.standing_at(BEGAN + timedelta(days=12)):
        assert disputes.waiting(cast.who("data"), "catches") == disputes.Waiting(1, 12, 0)
        assert list(disputes.older_than(Dispute.objects.all(), 12)) == [made]
        assert not disputes.older_than(Dispute.objects.all(), 13).exists()
        for url in (reverse("sources"), reverse("source", args=["catches"])):
            page = sign_in("data").get(url).content.decode()
            assert "待答复的数据异议" in page
            assert "12 天" in page
        disputes.answer(made.pk, outcome="refused", reason="与登记档案一致", who=cast.who("data"))
    with clock.standing_at(BEGAN + timedelta(days=30)):
        assert disputes.days(Dispute.objects.get()) == 12
        assert disputes.waiting(cast.who("data")).open == 0


def test_every_field_and_record_of_the_page_leads_to_a_form_that_has_it_chosen(fish, cast, sign_in):
    browser = sign_in("clerk")
    page = browser.get(reverse("subject", args=[fish.pk]), {"tab": "all"}).content.decode()
    form = reverse("dispute-new", args=[fish.pk])
    assert f"{form}?about=field:name" in page
    browser = sign_in("owner")
    page = browser.get(reverse("enterprise-subject", args=[fish.pk]), {"tab": "all"}).content.decode()
    assert f"{form}?about=field:name" in page
    at = f"record:{Record.objects.get().pk}"
    shown = browser.get(form, {"about": at}).content.decode()
    assert f'value="{at}" selected' in shown


def test_the_owner_reports_on_the_page_and_reads_the_answer_there(fish, cast, sign_in):
    browser, url = sign_in("owner"), reverse("dispute-new", args=[fish.pk])
    words = {"about": "field:name", "wrong": "名称少了两个字", "should": "", "_key": str(uuid4())}
    sent = SimpleUploadedFile("执照.pdf", b"%PDF-1.7 licence")
    assert browser.post(url, words | {"evidence": sent}).status_code == 302
    made = Dispute.objects.get()
    assert files.is_sealed(made.evidence)
    response = sign_in("data").get(reverse("dispute-evidence", args=[made.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 licence"
    answer = {"outcome": "refused", "reason": "与登记档案一致", "batch": "", "_key": str(uuid4())}
    assert sign_in("data").post(reverse("dispute", args=[made.pk]), answer).status_code == 302
    for url in (reverse("enterprise-home"), reverse("enterprise-subject", args=[fish.pk])):
        page = browser.get(url).content.decode()
        assert made.number in page
        assert "与登记档案一致" in page


def test_the_list_is_narrowed_by_state_source_department_and_age(fish, cast, sign_in):
    with clock.standing_at(BEGAN):
        made = report(fish, cast.who("clerk"))
    with clock.standing_at(BEGAN + timedelta(days=8)):
        browser, url = sign_in("data"), reverse("disputes")
        for query in ({"state": "open"}, {"source": "catches"}, {"department": DEPARTMENT}, {"age": "7"}):
            assert made.number in browser.get(url, query).content.decode(), query
        for query in ({"state": "mended"}, {"source": "register"}, {"age": "15"}):
            assert made.number not in browser.get(url, query).content.decode(), query
