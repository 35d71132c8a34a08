"""What people and offices say in English: with the facts, and about files whose own words stay Chinese."""

import re
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from shiheng.accounts import actions, layouts
from shiheng.accounts.models import Post
from shiheng.kernel.errors import Conflict
from shiheng.ledger.models import Leaf
from shiheng.site.translate import compile_catalogues
from tests.accounts.test_loading import OFFICES, book

CHINESE = re.compile("[\u3400-\u9fff]")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def catalogues() -> None:
    compile_catalogues()


@pytest.fixture
def admin(sign_in: Any) -> Any:
    client = sign_in("admin")
    client.post(reverse("language"), {"language": "en", "next": "/"})
    return client


def test_a_refusal_names_the_person_the_office_and_the_role(cast: SimpleNamespace) -> None:
    with override("en"), pytest.raises(Conflict) as refused:
        actions.give_post(cast.who("admin"), cast.chief.pk, office="449901", role="section_chief")
    assert refused.value.message == "章科 already serves at 云泽市临江区市场监督管理局 as Section chief."


def test_a_faulty_file_is_told_in_english_and_its_own_words_stay(admin: Any) -> None:
    rows = [OFFICES, ("44990103", "某所", "分局", "449909", "", "", "", "-3")]
    file = SimpleUploadedFile("a.xlsx", book(机构=rows))
    answer = admin.post(reverse("offices-import"), {"file": file, "_key": str(uuid4())})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Sheet “机构”, row 2, column “机构类别”: “分局” is not a kind of office; it must be one of: 市局、" in page
    assert "column “核定编制数”: “-3” is not a whole number of zero or more" in page
    assert "column “上级机构代码”: there is no parent office with code “449909”" in page


def test_a_preview_says_in_english_what_the_record_keeps_in_chinese(admin: Any) -> None:
    rows = [OFFICES, ("44990103", "某监管所", "监管所", "449901", "", "", "", "3")]
    file = SimpleUploadedFile("a.xlsx", book(机构=rows))
    page = admin.post(reverse("offices-import"), {"file": file, "_key": str(uuid4())}).content.decode()
    assert "Preview. Rows: 1; changes to be written: 1" in page
    assert "Office 44990103 某监管所" in page
    token = re.search('name="token" value="([^"]+)"', page)
    assert token
    admin.post(reverse("offices-apply"), {"token": token[1], "_key": str(uuid4())})
    assert Leaf.objects.filter(kind="accounts.offices_loaded").count() == 1


def test_the_layout_explains_its_chinese_titles(admin: Any) -> None:
    page = admin.get(reverse("people-import")).content.decode()
    assert '任职日期 <span class="muted">In post since</span>' in page
    assert "窗口人员 (Window clerk), 科长 (Section chief)" in page
    assert not [c for c in layouts.OFFICERS.columns if c.gloss or c.note != c.hint]  # in Chinese nothing is added


def test_what_was_done_is_said_in_english(admin: Any, cast: SimpleNamespace) -> None:
    post = Post.objects.get(account=cast.clerk)
    page = admin.post(reverse("post-end", args=[post.pk]), {"_key": str(uuid4())}, follow=True).content.decode()
    assert "The post of 李窗 at 云泽市临江区市场监督管理局 has been ended with effect at once." in page
    assert "Post ended" in page  # the line of the history
