"""What a reporter and a complainant are promised, asked of every address of the platform.

A report exists for nobody but those who handle it: not for the business it is about, not for officers of other offices
or other work, not for the public. A complainant's telephone and identity number are read in full by nobody in passing.
"""

from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.urls import reverse

from shiheng.procedures.models import Proceeding
from shiheng.subjects.models import Subject
from tests.structure import world
from tests.structure.test_access import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
OUTSIDERS = ("anyone", "owner", "inspector_b", "data", "admin")
INSIDERS = ("clerk", "chief", "city")
REPORTER, REPORTER_PHONE, REPORTER_ID = "莫言明", "13911112222", "449901199003078812"
COMPLAINANT, PHONE, IDENTITY = "祝晓晴", "13733334444", "449901198811230027"
REPORTED, COMPLAINED = "后厨用回收油炸制糕点", "礼盒里少了两罐茶叶"
LEADS, STORY = "每晚十点由后门收油桶。", "三月八日取货时只有四罐。"
APPLICANT, APPLICANT_PHONE, CODE = "卓报喜", "13655556666", "K7Q2M9XA"
NO_SUCH_FILE = 999_999


class Secrets(SimpleNamespace):
    """A report and a complaint about the same business, which the owner of the cast represents."""

    report: Proceeding
    complaint: Proceeding
    reward: Proceeding
    made: world.World


@pytest.fixture
def secrets(cast: SimpleNamespace, sign_in: Any) -> Secrets:
    made = world.build(cast, 1)
    firm = Subject.objects.get(pk=made.tokens["subject"])
    clerk = sign_in("clerk")

    def opened(code: str, **given: str) -> Proceeding:
        values = {"_key": str(uuid4()), "channel": "counter", "scope_": "4499.01.", **given}
        answer = clerk.post(f"/files/new/{code}/", values)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))

    report = opened(
        "complaints.report", summary=REPORTED, kind="食品安全", leads=LEADS, name_reporter_=REPORTER,
        phone_reporter_=REPORTER_PHONE, id_reporter_=REPORTER_ID, name_target_=firm.name, subject_target_=firm.uscc,
    )  # fmt: skip
    complaint = opened(
        "complaints.complaint", summary=COMPLAINED, kind="质量", story=STORY, claims="退款",
        name_complainant_=COMPLAINANT, phone_complainant_=PHONE, id_complainant_=IDENTITY,
        name_trader_=firm.name, subject_trader_=firm.uscc,
    )  # fmt: skip
    assert {report.subject_id, complaint.subject_id} == {firm.pk}
    asked = sign_in("chief").post(
        f"/files/new/complaints.reward/?about={report.pk}",
        {"_key": str(uuid4()), "summary": "举报奖励申请", "code": CODE, "case": "云临市监案 1", "fined": "69200",
         "name_applicant_": APPLICANT, "phone_applicant_": APPLICANT_PHONE, "scope_": "4499.01."},
    )  # fmt: skip
    assert asked.status_code == 302, asked.content.decode()[:3000]
    reward = Proceeding.objects.get(pk=int(asked["Location"].rstrip("/").rsplit("/", 1)[1]))
    return Secrets(report=report, complaint=complaint, reward=reward, made=made)


def addresses(secrets: Secrets) -> list[str]:
    """Every address of the access tables, those of a file for both files, lists to take away, searches by secrets."""
    found = []
    for held in (secrets.report, secrets.complaint, secrets.reward):
        there = world.World({**secrets.made.tokens, "file": held.pk})
        for row in rows():
            kwargs, query = there.resolve(row.kwargs)
            found.append(reverse(row.name, kwargs=kwargs) + query)
    found += [f"{reverse(name)}?export=csv" for name in ("files", "subjects", "permits")]
    searched = (REPORTER, REPORTER_PHONE, REPORTED, secrets.report.number, COMPLAINANT, PHONE, APPLICANT, CODE)
    for asked in searched:
        found += [f"{reverse(name)}?q={quote(asked)}" for name in ("desk-search", "subjects", "files")]
    return list(dict.fromkeys(found))


def told(sign_in: Any, column: str, asked: list[str], words: tuple[str, ...]) -> list[str]:
    """Where somebody of the cast is told one of the words, beyond the words of the question itself."""
    browser, found = sign_in(column), []
    for address in asked:
        answer = browser.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        page = body.decode("utf-8", "replace") + str(answer.headers)
        found += [
            f"{column} reads {word} at {address}"
            for word in words
            if word in page and quote(word) not in address
        ]  # fmt: skip
    return found


def test_nobody_outside_learns_of_a_report_or_of_who_made_it(secrets: Secrets, sign_in: Any) -> None:
    words = (REPORTER, REPORTER_PHONE, REPORTER_ID, REPORTED, LEADS, secrets.report.number)
    asked = addresses(secrets)
    leaks = [leak for column in OUTSIDERS for leak in told(sign_in, column, asked, words)]
    assert not leaks, "\n".join(leaks)


def test_nobody_outside_learns_of_a_complainant(secrets: Secrets, sign_in: Any) -> None:
    words = (COMPLAINANT, PHONE, IDENTITY, STORY)
    asked = addresses(secrets)
    leaks = [leak for column in OUTSIDERS for leak in told(sign_in, column, asked, words)]
    assert not leaks, "\n".join(leaks)


def test_an_application_for_a_reward_exists_for_its_handler_alone(secrets: Secrets, sign_in: Any) -> None:
    words = (APPLICANT, APPLICANT_PHONE, CODE, secrets.reward.number)
    asked = addresses(secrets)
    leaks = [leak for column in (*OUTSIDERS, "clerk", "city") for leak in told(sign_in, column, asked, words)]
    assert not leaks, "\n".join(leaks)
    own = told(sign_in, "chief", asked, words)
    assert any(secrets.reward.number in leak for leak in own), "its handler has it on the desk"
    assert not [leak for leak in own if APPLICANT in leak or APPLICANT_PHONE in leak], "who applies is on no page"
    page = reverse("file-identity", kwargs={"number": secrets.reward.pk, "party": 1})
    read = sign_in("chief").post(page, {"_key": str(uuid4()), "reason": "核对领奖资格"}).content.decode()
    assert APPLICANT in read
    assert APPLICANT_PHONE in read
    for column in ("clerk", "city", "inspector_b"):
        answer = sign_in(column).post(page, {"_key": str(uuid4()), "reason": "看看"})
        assert answer.status_code == 404, column
    party = secrets.reward.parties.get()
    assert APPLICANT not in str(party.__dict__), "sealed on the disk"
    assert APPLICANT not in str(secrets.reward.__dict__)


def test_those_who_handle_the_files_read_them_with_contacts_masked(secrets: Secrets, sign_in: Any) -> None:
    asked = addresses(secrets)
    for column in INSIDERS:
        seen = " ".join(told(sign_in, column, asked, (REPORTED, COMPLAINED, COMPLAINANT)))
        assert all(word in seen for word in (REPORTED, COMPLAINED, COMPLAINANT)), f"{column} reads both files"
        leaks = told(sign_in, column, asked, (REPORTER_PHONE, REPORTER_ID, PHONE, IDENTITY))
        assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("column", ["owner", "inspector_b", "data"])
def test_a_secret_file_answers_as_one_that_is_not_there(secrets: Secrets, sign_in: Any, column: str) -> None:
    browser = sign_in(column)
    for page in ("file", "file-assign", "file-volume", "file-evidence", "file-record"):
        here, nowhere = (
            browser.get(reverse(page, kwargs={"number": number})) for number in (secrets.report.pk, NO_SUCH_FILE)
        )
        assert here.status_code == nowhere.status_code
        assert here.status_code in {403, 404}
    step = {"_key": str(uuid4()), "body": "别的机关"}
    numbers = (secrets.report.pk, NO_SUCH_FILE)
    here, nowhere = (browser.post(f"/files/{number}/take/no_power/", step) for number in numbers)
    assert here.status_code == nowhere.status_code
    assert Proceeding.objects.get(pk=secrets.report.pk).turn == secrets.report.turn
