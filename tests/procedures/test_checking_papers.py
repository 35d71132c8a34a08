"""Anybody checks a printed paper by its code: that it was made, when and by whom, and whether it still counts."""

from typing import Any
from uuid import uuid4

import pytest

from shiheng.kernel.errors import Forbidden, Refused
from shiheng.procedures import actions
from shiheng.procedures.models import Paper, Proceeding
from tests.procedures.test_papers import file as file  # noqa: PLC0414 - the fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def paper(cast: Any, file: Proceeding) -> Paper:
    return actions.make_paper(cast.who("clerk"), file.pk, "complaints.complaint_form")


def test_the_page_says_number_day_and_bureau_but_neither_content_nor_names(client: Any, paper: Paper) -> None:
    answer = client.get(f"/papers/{paper.digest[:32]}/")
    words = answer.content.decode()
    assert answer.status_code == 200
    for said in (paper.number, paper.digest, "云泽市临江区市场监督管理局", "2026-11-20", "现在有效"):
        assert said in words, said
    for secret in ("王小明", "恒达电器", "19900001001", "三天就坏", paper.by, "码头路"):
        assert secret not in words, secret


def test_number_and_short_code_do_as_well_and_a_number_alone_does_not(client: Any, paper: Paper) -> None:
    def asked(number: str, code: str) -> Any:
        return client.get("/papers/", {"number": number, "code": code})

    assert client.get("/papers/").status_code == 200
    assert paper.digest in asked(paper.number, paper.digest[:8].upper()).content.decode()
    for number, code in (
        (paper.number, ""),
        (paper.number, paper.digest[:7]),
        (paper.number, "0" * 8),
        ("无", "a" * 8),
    ):
        answer = asked(number, code)
        assert (answer.status_code, paper.digest in answer.content.decode()) == (404, False), (number, code)
    for code in ("0" * 32, paper.digest[:31], paper.digest, "x" * 32):
        assert client.get(f"/papers/{code}/").status_code == 404, code


def test_a_withdrawn_paper_says_so_and_names_what_stands_in_its_place(
    cast: Any, client: Any, sign_in: Any, file: Proceeding, paper: Paper
) -> None:
    other = actions.make_paper(cast.who("clerk"), file.pk, "complaints.complaint_form")
    place = f"/files/{file.pk}/papers/{paper.pk}/withdraw/"
    given = {"_key": str(uuid4()), "reason": "电话写错", "instead": str(other.pk)}
    assert sign_in("clerk").post(place, given).status_code == 422, "not by who made it"
    assert sign_in("chief").post(place, {**given, "_key": str(uuid4())}).status_code == 302
    before = paper.content
    paper.refresh_from_db()
    assert (paper.instead, paper.withdrawn_why, paper.content) == (other, "电话写错", before)
    words = client.get(f"/papers/{paper.digest[:32]}/").content.decode()
    assert "不再有效" in words
    assert other.number in words
    assert "电话写错" not in words
    assert "章科撤回：电话写错" in sign_in("clerk").get(f"/files/{file.pk}/papers/{paper.pk}/").content.decode()
    with pytest.raises(Refused, match="已经撤回"):
        actions.serve_paper(
            cast.who("clerk"), file.pk, paper.pk, way="direct", to="王小明",
            proof={"signer": "王小明", "as": "本人", "place": "窗口"},
        )  # fmt: skip


def test_a_served_paper_is_withdrawn_by_whoever_leads(cast: Any, file: Proceeding, paper: Paper) -> None:
    proof = {"signer": "王小明", "as": "本人", "place": "窗口"}
    actions.serve_paper(cast.who("clerk"), file.pk, paper.pk, way="direct", to="王小明", proof=proof)
    Paper.objects.filter(pk=paper.pk).update(actor="officer:0")
    with pytest.raises(Forbidden, match="负责人"):
        actions.withdraw_paper(cast.who("clerk"), file.pk, paper.pk, reason="写错")
    assert actions.withdraw_paper(cast.who("chief"), file.pk, paper.pk, reason="写错").withdrawn_on
