"""The credit report: made by anybody, on record, and checked by anybody without this platform."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.ledger.models import Leaf
from shiheng.publication import middleware
from shiheng.publication.models import CreditReport, ReportUse
from shiheng.publication.reports import verify_report
from shiheng.subjects.models import Record, Subject
from tests import factories, pdftext

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_budget(monkeypatch: Any) -> None:
    monkeypatch.setattr(middleware, "BUDGET", middleware.Budget())


@pytest.fixture
def firm(offices: Any) -> Subject:
    held = factories.subject(former=("云泽老灶台食品厂",))
    factories.record(held, "permit", key="1", facts={"content": "食品经营许可", "number": "JY1449"})
    factories.record(held, "penalty", key="2", facts={"document": "云临市监罚〔2026〕7号", "fine": "123400"})
    return held


def made(client: Client, firm: Subject) -> CreditReport:
    answer = client.post(f"/s/{firm.uscc}/report/", {"_key": str(uuid4())})
    assert answer.status_code == 302, answer.content[:300]
    return CreditReport.objects.get(number=answer["Location"].split("/")[2])


def program(tmp_path: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """The verifier as somebody runs it who has nothing but the file: no package of ours, no site packages."""
    held = tmp_path / "verify_report.py"
    held.write_bytes(Path(verify_report.__file__).read_bytes())
    return subprocess.run(
        [sys.executable, "-I", "-S", str(held), *words], check=False, capture_output=True, text=True, cwd=tmp_path,
        env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_a_report_says_what_the_page_says_and_is_on_record(firm: Subject, client: Client) -> None:
    assert "出具报告" in client.get(f"/s/{firm.uscc}/report/").content.decode()
    report = made(client, firm)
    pages = "".join(pdftext.pages(client.get(f"/credit-reports/{report.number}.pdf").content))
    plain = "".join(pages.split())
    for said in (firm.name, firm.uscc, "食品经营许可", "云临市监罚〔2026〕7号", "1,234.00元", report.number, "陈立本"):
        assert said in plain, said
    leaf = Leaf.objects.get(pk=report.leaf_id)
    assert leaf.kind == "report.issued"
    assert leaf.facts["content"] == report.content
    assert leaf.actor == "portal"
    assert (report.good, report.bad) == (1, 1)


def test_the_same_key_makes_one_report(firm: Subject, client: Client) -> None:
    key = str(uuid4())
    places = {client.post(f"/s/{firm.uscc}/report/", {"_key": key})["Location"] for _ in range(2)}
    assert len(places) == 1
    assert CreditReport.objects.count() == 1
    assert client.post(f"/s/{firm.uscc}/report/", {}).status_code == 422


def test_pdf_and_json_are_checked_with_the_standard_library_alone(
    firm: Subject, client: Client, tmp_path: Path
) -> None:
    report = made(client, firm)
    for ending in ("pdf", "json"):
        (tmp_path / f"report.{ending}").write_bytes(client.get(f"/credit-reports/{report.number}.{ending}").content)
        done = program(tmp_path, f"report.{ending}")
        assert done.returncode == 0, done.stdout + done.stderr
        assert report.number in done.stdout
        assert report.content in done.stdout
    mark = client.get("/ledger/heads.json").json()["keys"][0]["fingerprint"]
    assert program(tmp_path, "report.pdf", "--key", mark).returncode == 0
    wrong = program(tmp_path, "report.pdf", "--key", "0" * 64)
    assert wrong.returncode == 1
    assert "公钥不符" in wrong.stdout


def test_whatever_is_changed_is_found(firm: Subject, client: Client, tmp_path: Path) -> None:
    report = made(client, firm)
    pdf = client.get(f"/credit-reports/{report.number}.pdf").content
    bundle = client.get(f"/credit-reports/{report.number}.json").json()

    def refused(data: bytes) -> str:
        (tmp_path / "changed").write_bytes(data)
        done = program(tmp_path, "changed")
        assert done.returncode in {1, 2}, done.stdout
        return done.stdout

    base_end = pdf.rfind(verify_report.MARK)
    for place in (400, base_end // 2, base_end - 40):
        assert "核验不通过" in refused(pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :])
    assert "后面被添加过" in refused(pdf + b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    for change in (
        {"report": {**bundle["report"], "name": "别家有限公司"}},
        {"proof": {**bundle["proof"], "leaf": bundle["proof"]["leaf"].replace(report.number, "XB00000000AAAAAAAAAA")}},
        {"proof": {**bundle["proof"], "position": bundle["proof"]["position"] + 1}},
        {"proof": {**bundle["proof"], "head": bundle["proof"]["head"].replace("time 20", "time 19")}},
    ):
        refused(json.dumps({**bundle, **change}, ensure_ascii=False).encode())
    assert program(tmp_path, "nothing").returncode == 2


def test_our_own_signature_check_agrees_with_the_library(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    for n in range(8):
        key = Ed25519PrivateKey.generate()
        public, message = key.public_key().public_bytes_raw(), bytes([n]) * (n * 37)
        good = key.sign(message)
        assert verify_report.verified(public, message, good)
        assert not verify_report.verified(public, message + b"x", good)
        assert not verify_report.verified(public, message, good[:40] + bytes([good[40] ^ 4]) + good[41:])
        assert not verify_report.verified(public, message, good[:5] + bytes([good[5] ^ 4]) + good[6:])


def test_the_code_leads_to_a_page_that_tells_what_changed(firm: Subject, client: Client) -> None:
    report = made(client, firm)
    page = client.get(f"/verify/{report.number}/").content.decode()
    assert "编号有效" in page
    assert report.content in page
    assert "没有变化" in page
    Record.objects.filter(kind="penalty").delete()
    assert "1 条不再公开" in client.get(f"/verify/{report.number}/").content.decode()
    assert client.get("/verify/XB20260101AAAAAAAAAA/").status_code == 404
    assert ReportUse.objects.get(report=report, kind="check").count == 2
    assert client.get("/verify/", {"number": report.number})["Location"] == f"/verify/{report.number}/"


def test_a_file_is_checked_on_the_page_and_forgotten(firm: Subject, client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    report = made(client, firm)
    pdf = client.get(f"/credit-reports/{report.number}.pdf").content
    good = client.post("/verify/", {"report": SimpleUploadedFile("r.pdf", pdf)})
    assert "核验通过" in good.content.decode()
    bad = client.post("/verify/", {"report": SimpleUploadedFile("r.pdf", pdf.replace(b"/Type", b"/Typo", 1))})
    assert bad.status_code == 422
    assert client.post("/verify/", {"report": SimpleUploadedFile("r.pdf", b"hello")}).status_code == 422
    text = client.get("/verify/verify_report.py").content.decode()
    assert "import shiheng" not in text
    assert "from shiheng" not in text


def test_after_its_days_a_report_is_checked_and_not_given_away(firm: Subject, client: Client) -> None:
    from datetime import timedelta

    report = made(client, firm)
    CreditReport.objects.filter(pk=report.pk).update(made_at=report.made_at - timedelta(days=31))
    for ending in ("/", ".pdf", ".json"):
        assert client.get(f"/credit-reports/{report.number}{ending}").status_code == 404
    assert client.get(f"/verify/{report.number}/").status_code == 200


def test_the_history_shows_officers_of_the_territory_how_many_and_who(
    firm: Subject, client: Client, sign_in: Any
) -> None:
    mine = made(client, firm)
    client.get(f"/credit-reports/{mine.number}.pdf")
    officer = sign_in("chief")
    theirs = made(officer, firm)
    page = officer.get("/credit-reports/").content.decode()
    assert mine.number in page
    assert theirs.number in page
    assert "章科" in page
    assert "公众" in page
    assert mine.number not in sign_in("inspector_b").get("/credit-reports/").content.decode()
    leaf = Leaf.objects.get(pk=theirs.leaf_id)
    assert "章科" not in leaf.body  # the proof is given away with the report
