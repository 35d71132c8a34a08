"""Evidence sent in pieces: cut off, killed, changed, twice at once; on the disk sealed, in the file once."""

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from shiheng.kernel import clock as house_clock
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger import files, sealedfile
from shiheng.ledger.models import Leaf
from shiheng.procedures import resealing
from shiheng.procedures.evidence import uploads
from shiheng.procedures.models import Evidence, Upload
from tests.evidence import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DATA = b"\x89PNG\r\n\x1a\n" + os.urandom(300_000)
PIECE = 100_000


def sent(client: Any, address: str, body: Any, **headers: str) -> Any:
    return client.post(address, body, content_type="application/octet-stream", headers=headers)


def begun(client: Any, number: int, data: bytes = DATA, name: str = "a.png") -> tuple[str, int]:
    answer = client.post(
        f"/files/{number}/evidence/uploads/", {"name": name, "size": len(data), "fingerprint": f"{name}|{len(data)}|1"}
    )
    assert answer.status_code == 200, answer.content.decode()
    told = answer.json()
    return f"/files/{number}/evidence/uploads/{told['id']}/", told["offset"]


def pieces(client: Any, address: str, start: int, data: bytes = DATA, *, stop: int | None = None) -> int:
    at = start
    while at < (len(data) if stop is None else stop):
        answer = sent(client, address, data[at : at + PIECE], **{"Upload-Offset": str(at)})
        assert answer.status_code == 200, answer.content.decode()
        at = answer.json()["offset"]
    return at


def finished(client: Any, cast: Any, number: int, address: str, **other: Any) -> Any:
    code = address.rstrip("/").rpartition("/")[2]
    return client.post(f"/files/{number}/evidence/new/", made.form(cast, str(uuid4()), upload=code, **other))


def test_an_upload_cut_off_goes_on_where_it_stopped_and_is_hashed_at_receipt(cast: Any, sign_in: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    address, start = begun(client, found.pk)
    assert start == 0
    pieces(client, address, 0, stop=PIECE * 2)
    page = client.get(f"/files/{found.pk}/evidence/new/").content.decode()
    assert "“a.png”传了 66%" in page, "whoever comes back sees what is half here"
    again, start = begun(sign_in("clerk"), found.pk)
    assert (again, start) == (address, PIECE * 2), "the page was loaded anew; the server says where to go on"
    pieces(client, address, start)
    digest = hashlib.sha256(DATA).hexdigest()
    answer = client.post(f"{address}whole/", {"sha256": digest})
    assert answer.json()["sha256"] == digest
    assert finished(client, cast, found.pk, address).status_code == 302
    row = Evidence.objects.get()
    assert (row.file, row.size, row.media, row.number) == (digest, len(DATA), "image/png", 1)
    assert files.open_kept(digest).read() == DATA
    leaf = Leaf.objects.get(kind="evidence.received")
    assert (leaf.facts["sha256"], leaf.facts["item"]) == (digest, 1)
    assert leaf.facts["card"] == hashlib.sha256(row.card.encode()).hexdigest()
    assert not Upload.objects.exists()


def test_nothing_of_an_upload_lies_readable_on_the_disk(cast: Any, sign_in: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    secret = b"440106199001011234" * 100
    address, _start = begun(client, found.pk, secret, "a.txt")
    pieces(client, address, 0, secret, stop=1)
    held = b"".join(path.read_bytes() for path in (Path(settings.HOME) / "uploads").rglob("*") if path.is_file())
    assert len(held) > 1000
    assert b"440106199001011234" not in held
    client.post(f"{address}whole/", {"sha256": hashlib.sha256(secret).hexdigest()})
    place = files.path_of(hashlib.sha256(secret).hexdigest())
    assert sealedfile.is_sealed(place)
    assert b"440106199001011234" not in place.read_bytes()


def test_pieces_outlive_a_server_killed_in_the_midst_of_one(cast: Any, sign_in: Any, tmp_path: Path) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    address, _start = begun(client, found.pk)
    pieces(client, address, 0, stop=PIECE)
    upload = Upload.objects.get()
    torn = uploads.folder_of(upload) / f"{PIECE:015}.part"
    # A process of its own takes the next piece with the server's own code, and is killed while the disk still syncs it.
    code = f"""
        import os, signal, uuid
        import django
        django.setup()
        from shiheng.procedures.evidence import uploads
        from shiheng.procedures.models import Upload

        def sync(_handle):
            print("here", flush=True)
            signal.pause()

        os.fsync = sync
        upload = Upload(code=uuid.UUID({str(upload.code)!r}), size={upload.size}, facts={upload.facts!r})
        uploads.append(upload, offset={PIECE}, piece=b"x" * {PIECE})
    """
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "here\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert torn.stat().st_size > PIECE, "it lay there, but not in its place"
    address, start = begun(client, found.pk)
    assert start == PIECE, "half a piece counts for nothing"
    pieces(client, address, start)
    digest = hashlib.sha256(DATA).hexdigest()
    assert client.post(f"{address}whole/", {"sha256": digest}).json()["sha256"] == digest


def test_what_arrives_otherwise_than_it_was_sent_is_refused_and_cleared(cast: Any, sign_in: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    address, _start = begun(client, found.pk)
    changed = DATA[:-1] + bytes([DATA[-1] ^ 1])
    pieces(client, address, 0, changed)
    answer = client.post(f"{address}whole/", {"sha256": hashlib.sha256(DATA).hexdigest()})
    assert answer.status_code == 422
    assert "摘要不一致" in answer.json()["message"]
    assert not files.has(hashlib.sha256(changed).hexdigest())
    assert not Upload.objects.exists()
    assert begun(client, found.pk)[1] == 0


def test_a_piece_changed_on_the_disk_is_found(cast: Any, sign_in: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    address, _start = begun(client, found.pk)
    pieces(client, address, 0)
    path = sorted(uploads.folder_of(Upload.objects.get()).glob("*.piece"))[1]
    held = bytearray(path.read_bytes())
    held[500] ^= 1
    path.write_bytes(held)
    answer = client.post(f"{address}whole/", {})
    assert answer.status_code == 422
    assert "损坏" in answer.json()["message"]


def test_two_windows_sending_one_file_make_one_item(cast: Any, sign_in: Any) -> None:
    found, one, two = made.proceeding(cast), sign_in("clerk"), sign_in("clerk")
    address, _start = begun(one, found.pk)
    assert begun(two, found.pk)[0] == address
    pieces(one, address, 0, stop=PIECE)
    behind = sent(two, address, DATA[:PIECE], **{"Upload-Offset": "0"})
    assert behind.status_code == 409
    assert behind.json()["offset"] == PIECE, "the other window is told where to go on"
    pieces(two, address, PIECE)
    digest = {"sha256": hashlib.sha256(DATA).hexdigest()}
    assert one.post(f"{address}whole/", digest).json() == two.post(f"{address}whole/", digest).json()
    assert finished(one, cast, found.pk, address).status_code == 302
    late = finished(two, cast, found.pk, address)
    assert late.status_code == 422
    assert Evidence.objects.count() == 1


def test_the_same_file_twice_is_told_and_not_doubled(cast: Any, sign_in: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    made.received(cast, found)
    again = SimpleUploadedFile("另一个名字.png", made.png())
    answer = client.post(f"/files/{found.pk}/evidence/new/", made.form(cast, str(uuid4()), file=again))
    assert answer.status_code == 422
    assert "已经是本案卷的第 1 号证据" in answer.content.decode()
    other = made.proceeding(cast)
    assert made.received(cast, other).number == 1, "another file of proceedings may hold the same"
    with pytest.raises(Refused, match="没有重复收存"):
        made.received(cast, other)


def test_a_form_without_scripts_takes_a_file_whole(cast: Any, sign_in: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    sent = SimpleUploadedFile("聊天记录.txt", "客服说可以退。".encode("gb18030"))
    answer = client.post(f"/files/{found.pk}/evidence/new/", made.form(cast, str(uuid4()), file=sent, kind="04"))
    assert answer.status_code == 302
    row = Evidence.objects.get()
    assert row.media == "text/plain"
    assert files.is_sealed(row.file)
    page = client.get(answer["Location"]).content.decode()
    assert "客服说可以退。" in page
    assert row.file in page


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("照片.jpg", b"%PDF-1.7 ...", "文件名说是JPEG 图片，内容却是PDF"),
        ("a.pdf", made.png(), "文件名说是PDF，内容却是PNG 图片"),
        ("a.mp4", b"MZ\x90\0 not a film", "文件名说是MP4 录像，内容却是其他文件"),
        ("a.png", b"", "空的"),
    ],
)
def test_a_name_that_promises_another_kind_and_an_empty_file_are_refused(
    cast: Any, sign_in: Any, name: str, data: bytes, why: str
) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    answer = client.post(
        f"/files/{found.pk}/evidence/new/", made.form(cast, str(uuid4()), file=SimpleUploadedFile(name, data))
    )
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Evidence.objects.exists()
    if data:
        address, _start = begun(client, found.pk, data, name)
        pieces(client, address, 0, data)
        answer = client.post(f"{address}whole/", {})
        assert why in answer.json()["message"], "sent in pieces it is the same"


def test_what_is_larger_than_the_installation_takes_is_refused_before_a_byte(
    cast: Any, sign_in: Any, settings: Any
) -> None:
    settings.EVIDENCE_MOST_MB = 1
    found, client = made.proceeding(cast), sign_in("clerk")
    answer = client.post(
        f"/files/{found.pk}/evidence/uploads/", {"name": "a.mp4", "size": 1024**2 + 1, "fingerprint": "x"}
    )
    assert answer.status_code == 422
    assert "1 MB" in answer.json()["message"]


def test_a_form_refused_for_its_words_does_not_ask_for_the_file_again(cast: Any, sign_in: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    address, _start = begun(client, found.pk)
    pieces(client, address, 0)
    client.post(f"{address}whole/", {})
    bare = finished(client, cast, found.pk, address, original="copy")
    assert bare.status_code == 422
    page = bare.content.decode()
    assert "复制件须写明怎样核对" in page
    assert "“a.png”已经收到" in page
    again = finished(client, cast, found.pk, address, original="copy", checked="劳板提供，与原件核对无误")
    assert again.status_code == 302


def test_nobody_goes_on_with_an_upload_of_another_nor_into_a_file_of_another_office(cast: Any, sign_in: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    address, _start = begun(client, found.pk)
    assert sent(sign_in("chief"), address, DATA[:10], **{"Upload-Offset": "0"}).status_code == 404
    stranger = sign_in("inspector_b")
    assert sent(stranger, address, DATA[:10], **{"Upload-Offset": "0"}).status_code == 404
    asked = {"name": "a", "size": 3, "fingerprint": "x"}
    assert stranger.post(f"/files/{found.pk}/evidence/uploads/", asked).status_code == 404
    assert stranger.get(f"/files/{found.pk}/evidence/").status_code == 404


def test_what_is_not_finished_within_days_is_cleared_by_the_job(cast: Any, sign_in: Any, clock: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    address, _start = begun(client, found.pk)
    pieces(client, address, 0, stop=PIECE)
    folder = uploads.folder_of(Upload.objects.get())
    clock.move_to(house_clock.now() + timedelta(days=uploads.KEPT_DAYS - 1))
    assert uploads.sweep() == 0
    clock.move_to(house_clock.now() + timedelta(days=2))
    assert uploads.sweep() == 1
    assert not folder.exists()


def test_an_upload_goes_on_after_the_data_key_was_changed(cast: Any, sign_in: Any) -> None:
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.ledger import rotation

    found, client = made.proceeding(cast), sign_in("clerk")
    address, _start = begun(client, found.pk)
    pieces(client, address, 0, stop=PIECE)
    fresh = rotation.rotate(who=SYSTEM)
    assert resealing.holds(None, fresh.number - 1)
    assert resealing.run() > 0
    assert not resealing.holds(None, fresh.number - 1)
    pieces(client, address, PIECE)
    digest = hashlib.sha256(DATA).hexdigest()
    assert client.post(f"{address}whole/", {"sha256": digest}).json()["sha256"] == digest


def test_a_piece_out_of_turn_changes_nothing(cast: Any) -> None:
    found = made.proceeding(cast)
    clerk = cast.who("clerk")
    upload = uploads.begin(clerk, found.pk, name="a.bin", size=10, fingerprint="x")
    for offset, piece in ((5, b"abc"),):
        with pytest.raises(Conflict) as told:
            uploads.append(upload, offset=offset, piece=piece)
        assert told.value.details["offset"] == 0
    for offset, piece in ((0, b""), (0, b"12345678901")):
        with pytest.raises(Refused):
            uploads.append(upload, offset=offset, piece=piece)
    assert uploads.received(upload) == 0
    with pytest.raises(Refused, match="还没有传完"):
        uploads.whole(upload)
