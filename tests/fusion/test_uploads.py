"""A file sent in pieces: cut off anywhere it goes on, and what arrives is the file."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from shiheng.fusion import uploads
from shiheng.fusion.models import Batch, Upload
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Missing, Refused
from shiheng.ledger import files

pytestmark = pytest.mark.django_db

FILE = "企业名称,统一社会信用代码\n云泽市临江区试一试商贸有限公司,91442000MA00TEXT0Q\n".encode()


def begin(browser: Client, name: str = "登记.csv", size: int = len(FILE)) -> dict[str, Any]:
    answer = browser.post(reverse("upload-begin"), {"name": name, "size": size, "fingerprint": f"{name}|{size}|1"})
    return {"status": answer.status_code, **answer.json()}


def send(browser: Client, upload: str, offset: int, piece: bytes) -> tuple[int, dict[str, Any]]:
    answer = browser.post(
        reverse("upload-piece", args=[upload]),
        data=piece,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )
    return answer.status_code, answer.json()


def test_a_file_sent_in_pieces_is_the_file(sign_in: Any) -> None:
    browser = sign_in("data")
    begun = begin(browser)
    assert begun["offset"] == 0
    assert send(browser, begun["id"], 0, FILE[:20]) == (200, {"offset": 20})
    assert begin(browser) == {**begun, "offset": 20}, "the same file chosen again goes on where it stopped"
    assert send(browser, begun["id"], 20, FILE[20:]) == (200, {"offset": len(FILE)})
    answer = browser.post(reverse("source-send"), {"source": "register", "upload": begun["id"], "_key": str(uuid4())})
    assert answer.status_code == 302, answer.content.decode()
    batch = Batch.objects.get()
    assert batch.filename == "登记.csv"
    assert files.path_of(batch.file).read_bytes() == FILE
    assert not Upload.objects.exists()


def test_a_piece_out_of_place_is_told_the_place(sign_in: Any) -> None:
    browser = sign_in("data")
    begun = begin(browser)
    send(browser, begun["id"], 0, FILE[:20])
    status, told = send(browser, begun["id"], 0, FILE[:20])
    assert (status, told["offset"]) == (409, 20), "a piece sent twice is not written twice"
    status, told = send(browser, begun["id"], 20, FILE)
    assert (status, told["code"]) == (422, "upload.piece")


def test_an_unfinished_upload_does_not_become_a_batch(sign_in: Any) -> None:
    browser = sign_in("data")
    begun = begin(browser)
    send(browser, begun["id"], 0, FILE[:20])
    answer = browser.post(reverse("source-send"), {"source": "register", "upload": begun["id"], "_key": str(uuid4())})
    assert answer.status_code == 422
    assert "还没有传完" in answer.content.decode()
    assert not Batch.objects.exists()


def test_nobody_sees_anothers_upload(cast: Any) -> None:
    upload = uploads.begin(cast.who("data"), name="a.csv", size=3, fingerprint="a")
    with pytest.raises(Missing):
        uploads.find(cast.who("city"), upload.pk)
    assert uploads.find(cast.who("data"), upload.pk) == upload


def test_what_is_left_a_week_is_forgotten(cast: Any) -> None:
    upload = uploads.begin(cast.who("data"), name="a.csv", size=3, fingerprint="a")
    uploads.append(upload, offset=0, piece=b"ab")
    assert uploads.sweep() == 0
    with pytest.raises(Conflict):
        uploads.append(upload, offset=0, piece=b"c")
    with clock.standing_at(clock.now().replace(year=clock.now().year + 1)):
        assert uploads.sweep() == 1
    assert not uploads.part_of(upload).exists()


@pytest.mark.parametrize("size", [0, -1, uploads.LARGEST + 1])
def test_an_impossible_size_is_refused(cast: Any, size: int) -> None:
    with pytest.raises(Refused):
        uploads.begin(cast.who("data"), name="a.csv", size=size, fingerprint="a")
