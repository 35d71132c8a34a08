"""Evidence for an outside party: one archive that a machine without database and network checks to the last byte."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiheng.kernel.errors import Refused
from shiheng.ledger import bundles, queries
from shiheng.ledger.models import Leaf
from shiheng.procedures.evidence import actions, bundle, redaction
from shiheng.procedures.evidence.redaction import Bar
from shiheng.procedures.models import Proceeding
from tests.casework import CLUE
from tests.evidence import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def exported(cast: Any, sign_in: Any) -> Callable[..., bytes]:
    """A file with three items, one of them withdrawn and one masked, fetched as an officer fetches it."""
    found = made.proceeding(cast)
    made.received(cast, found)
    made.received(cast, found, "=SUM(A1) 聊天".encode(), name="聊天 记录.txt", kind="04", title="=危险的标题")
    wrong = made.received(cast, found, made.pdf("x"), name="a.pdf", kind="01")
    actions.withdraw(cast.who("chief"), found.pk, wrong.number, reason="不是本案的")
    redaction.redact(cast.who("clerk"), found.pk, 1, bars=[Bar(0, 0, 500, 1000, "face")], purpose="公开")

    def fetch(copies: str = "original") -> bytes:
        client = sign_in("clerk")
        said = {"_key": str(uuid4()), "to": "临江区人民法院", "why": "行政诉讼举证", "copies": copies}
        answer = client.post(f"/files/{found.pk}/evidence/export/", said)
        assert answer.status_code == 200, answer.content.decode()[-800:]
        return b"".join(answer.streaming_content)

    return fetch


def alone(path: Path, home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The verifier in a process of its own, in an empty data directory, with no database to ask."""
    env = {**os.environ, "SHIHENG_HOME": str(home), "SHIHENG_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    return subprocess.run(
        [sys.executable, "-m", "shiheng.site.cli", "ledger", "verify", str(path), *more],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def changed(data: bytes, name: str, edit: Callable[[bytes], bytes]) -> bytes:
    """The archive with one file of it changed and packed anew, so that no checksum of the archive tells."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for one in old.namelist():
            new.writestr(one, edit(old.read(one)) if one == name else old.read(one))
    return made.getvalue()


def test_the_archive_is_checked_by_the_stand_alone_verifier(exported: Any, tmp_path: Path) -> None:
    path = tmp_path / "evidence.zip"
    path.write_bytes(exported())
    fingerprint = queries.public_keys()[0].fingerprint
    done = alone(path, tmp_path / "empty", "--key", fingerprint)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 件证据、2 个文件" in done.stdout
    with zipfile.ZipFile(path) as archive:
        assert archive.read("items/001.png") == made.png()
        manifest = json.loads(archive.read("manifest.json"))
        sheet = archive.read("清单.csv").decode("utf-8-sig")
        page = archive.read("清单.html").decode()
    assert [item["withdrawn"] for item in manifest["items"]] == ["", "", "不是本案的"]
    assert "'=危险的标题" in sheet, "no spreadsheet takes a title for a formula"
    assert "临江区人民法院" in page
    assert [one["what"] for one in manifest["items"][0]["custody"]] == ["收存", "制作遮蔽件", "导出"]
    stranger = alone(path, tmp_path / "empty", "--key", "0" * 64)
    assert stranger.returncode == 1
    assert "公钥不符" in stranger.stdout + stranger.stderr


def test_a_changed_byte_is_found_wherever_it_is(exported: Any, tmp_path: Path) -> None:
    data = exported()
    path = tmp_path / "changed.zip"
    path.write_bytes(changed(data, "items/001.png", lambda held: held[:-1] + bytes([held[-1] ^ 1])))
    done = alone(path, tmp_path / "empty")
    assert done.returncode == 1
    assert "items/001.png 已被改动" in done.stdout + done.stderr

    def flipped(held: bytes) -> bytes:
        middle = len(held) // 2
        return held[:middle] + bytes([held[middle] ^ 1]) + held[middle + 1 :]

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    assert len(names) > 8
    for name in names:
        with pytest.raises(Refused):
            bundles.check(io.BytesIO(changed(data, name, flipped)))


def test_what_is_left_out_put_in_or_told_anew_is_found(exported: Any) -> None:
    data = exported()

    def without(name: str) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
            for one in old.namelist():
                if one != name:
                    new.writestr(one, old.read(one))
        return made.getvalue()

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    for name in names:
        with pytest.raises(Refused, match=r"没有|不在压缩包"):
            bundles.check(io.BytesIO(without(name)))
    more = io.BytesIO(data)
    with zipfile.ZipFile(more, "a") as archive:
        archive.writestr("items/004.png", made.png(40))
    with pytest.raises(Refused, match="清单之外"):
        bundles.check(more)

    def retold(held: bytes) -> bytes:
        return held.replace("恒达电器经营场所".encode(), "别处拿来的东西啊".encode())

    with pytest.raises(Refused, match="清单与存证不符"):
        bundles.check(io.BytesIO(changed(data, "manifest.json", retold)))
    assert bundles.check(io.BytesIO(data)).items == 3


def test_masked_copies_go_out_instead_of_originals_where_asked(exported: Any, tmp_path: Path) -> None:
    data = exported("masked")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert "items/001-masked.png" in names
        assert "items/001.png" not in names
        assert made.pixels(archive.read("items/001-masked.png"))[99][0] == (0, 0, 0)
    assert bundles.check(io.BytesIO(data)).files == 2


def test_that_evidence_went_out_is_on_record_first_and_the_same_click_sends_nothing_twice(
    cast: Any, sign_in: Any
) -> None:
    found = made.proceeding(cast)
    clerk, key = cast.who("clerk"), uuid4()
    with pytest.raises(Refused, match="没有可以导出的证据"):
        bundle.make(clerk, found.pk, to="法院", why="举证")
    row = made.received(cast, found)
    with pytest.raises(Refused, match="提供给谁"):
        bundle.make(clerk, found.pk, to="", why="举证")
    bundle.make(clerk, found.pk, to="法院", why="举证", key=key)
    with pytest.raises(Refused, match="已经办理过"):
        bundle.make(clerk, found.pk, to="法院", why="举证", key=key)
    assert Leaf.objects.filter(kind="evidence.exported", subject=f"file:{found.pk}").count() == 1
    assert list(row.custody.order_by("number").values_list("kind", "taker")) == [
        ("received", "李窗"), ("exported", "法院"),
    ]  # fmt: skip
    assert sign_in("inspector_b").get(f"/files/{found.pk}/evidence/export/").status_code == 404


def test_the_proof_of_one_item_is_checked_by_itself(cast: Any, sign_in: Any, tmp_path: Path) -> None:
    from shiheng.ledger import actions as ledger

    row = made.received(cast, made.proceeding(cast))
    ledger.seal()
    answer = sign_in("clerk").get(f"/files/{row.proceeding_id}/evidence/{row.number}/proof/")
    path = tmp_path / "proof.json"
    path.write_bytes(answer.content)
    done = alone(path, tmp_path / "empty", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["content"]["facts"]["sha256"] == row.file


def test_whoever_has_no_command_line_checks_the_archive_on_the_public_page(exported: Any, client: Any) -> None:
    data = exported()

    def told(content: bytes) -> tuple[int, str]:
        sent = SimpleUploadedFile("evidence.zip", content)
        answer = client.post("/ledger/check/", {"proof": sent})
        return answer.status_code, answer.content.decode()

    status, page = told(data)
    assert status == 200
    assert "3 件证据、2 个文件" in page
    assert "签名出自本平台公示的公钥" in page
    status, page = told(changed(data, "items/001.png", lambda held: held + b"x"))
    assert status == 422
    assert "items/001.png 已被改动" in page


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{", b'{"format":"other"}', b'{"format":"shiheng-evidence/1"}', b"[" * 100_000],
)
def test_an_archive_that_is_none_of_ours_is_refused_in_words(manifest: bytes) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("manifest.json", manifest)
    with pytest.raises(Refused):
        bundles.check(made)
    with pytest.raises(Refused, match="损坏"):
        bundles.check(io.BytesIO(b"PK\x03\x04 no archive"))


def test_what_unpacks_to_more_than_a_public_page_reads_is_sent_to_the_command_line(exported: Any) -> None:
    data = exported()
    with pytest.raises(Refused, match="展开后过大"):
        bundles.check(io.BytesIO(data), most=1_000)
    assert bundles.check(io.BytesIO(data), most=10**9).items == 3


def test_what_was_carried_into_a_file_goes_out_with_the_proofs_of_where_it_was_received(
    bench: Any, cast: Any, tmp_path: Path
) -> None:
    """A court gets the complainant's photograph with the case, proved by the day the complaint's officer got it."""
    complaint = made.proceeding(cast)
    row = made.received(cast, complaint)
    answer = bench.at("jian").post(
        f"/files/new/enforcement.case/?about={complaint.pk}", {**CLUE, "_key": str(uuid4()), "carried_": str(row.pk)}
    )
    assert answer.status_code == 302
    case = Proceeding.objects.get(procedure="enforcement.case")
    assert case.carried.count() == 1
    said = {"_key": str(uuid4()), "to": "临江区人民法院", "why": "行政诉讼举证", "copies": "original"}
    sent = bench.at("jian").post(f"/files/{case.pk}/evidence/export/", said)
    data = b"".join(sent.streaming_content)
    path = tmp_path / "evidence.zip"
    path.write_bytes(data)
    done = alone(path, tmp_path / "empty")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (item,) = json.loads(archive.read("manifest.json"))["items"]
        assert item["of"] == complaint.number
        assert archive.read(item["files"][0]["path"])
        assert complaint.number in archive.read("清单.html").decode()
    with pytest.raises(Refused, match="已被改动"):
        bundles.check(io.BytesIO(changed(data, item["files"][0]["path"], lambda old: old + b"x")))


def test_what_comes_of_a_file_that_keeps_somebody_s_identity_stays_here_and_is_counted(bench: Any, cast: Any) -> None:
    report = bench.opens(
        "jian", "complaints.report", kind="食品安全", channel="counter", leads="每晚十点由后门收油桶。",
        name_reporter_="李不愿", name_target_=CLUE["name_party_"],
    )  # fmt: skip
    row = made.received(cast, report)
    bench.takes("jian", report, "verify", plan="两人现场核查")
    answer = bench.at("jian").post(
        f"/files/new/enforcement.case/?about={report.pk}",
        {**CLUE, "_key": str(uuid4()), "carried_": str(row.pk), "cleared_": "1"},
    )
    assert answer.status_code == 302
    case = Proceeding.objects.get(procedure="enforcement.case")
    own = made.received(cast, case, b"plain", name="a.txt", kind="04")
    said = {"_key": str(uuid4()), "to": "临江区人民法院", "why": "行政诉讼举证", "copies": "original"}
    data = b"".join(bench.at("jian").post(f"/files/{case.pk}/evidence/export/", said).streaming_content)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert [one["sha256"] for one in manifest["items"]] == [own.file]
        assert manifest["withheld"] == 1
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "ignore")
    assert report.number not in whole
    assert "李不愿" not in whole
