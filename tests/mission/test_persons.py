"""法人追寻: all subjects of one person; and whoever was made a representative without knowing it gets them undone."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiheng.subjects.models import Record
from tests.factories import uscc
from tests.subjects.test_following import number
from tests.subjects.test_misuse import SAID, ids, victim

__all__ = ["victim"]
pytestmark = pytest.mark.django_db


@pytest.mark.mission("A35", "B09")
def test_a_clerk_takes_a_complaint_finds_every_subject_and_leads_it_to_revocation(victim, sign_in):
    clerk = sign_in("clerk")
    asked = {
        "name": "",
        "number": number(1),
        "purpose": "misuse",
        "matter": "投诉 2026-15",
        "reason": "本人称被冒名登记",
    }
    found = clerk.post("/trace/person/", {**asked, "_key": str(uuid4())})["Location"]
    page = clerk.get(found).content.decode()
    assert "云泽市第1商贸有限公司" in page
    assert "云泽市第2商贸有限公司" in page
    assert "云泽市第3商贸有限公司" not in page
    assert f"{found}misuse/" in page
    given = {
        "subjects": [str(pk) for pk in ids(1, 2)], "received": "2026-01-05", "said": SAID, "_key": str(uuid4()),
        "evidence": SimpleUploadedFile("核验记录.pdf", b"%PDF-1.4 checked"),
    }  # fmt: skip
    assert clerk.post(f"{found}misuse/", given)["Location"] == "/misuse/"
    listed = clerk.get("/misuse/").content.decode()
    assert listed.count("调查中") >= 2
    claim = Record.objects.filter(kind="misuse", subject_id=ids(1)[0]).get()
    detail = clerk.get(f"/misuse/{claim.pk}/").content.decode()
    assert "2026-04-05" in detail
    assert "怎样算的" in detail
    brought = clerk.get(f"/misuse/{claim.pk}/evidence/")
    assert b"".join(brought.streaming_content) == b"%PDF-1.4 checked"
    wrong = clerk.post(f"/misuse/{claim.pk}/", {"outcome": "revoke", "reason": "假", "_key": str(uuid4())})
    assert wrong.status_code == 422
    ended = {"outcome": "revoke", "reason": "身份核验记录证明非本人办理，签字系伪造。", "_key": str(uuid4())}
    assert clerk.post(f"/misuse/{claim.pk}/", ended).status_code == 302
    assert "移送撤销登记" in clerk.get(f"/misuse/{claim.pk}/").content.decode()
    shown = clerk.get(f"/subjects/{claim.subject_id}/", {"tab": "complaints"}).content.decode()
    assert "冒名登记投诉" in shown
    public = clerk.get(f"/s/{uscc(1)}/", follow=True).content.decode()
    assert "冒名登记投诉" not in public
