"""Evidence as an officer handles it in a browser: sent in pieces, cut off, sent again, masked with the mouse."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.evidence import made

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., "Page"]
DATA = b"\x89PNG\r\n\x1a\n" + os.urandom(3 * 1024 * 1024 + 777)


def filled(page: "Page", path: Path) -> None:
    page.get_by_label("证据文件").set_input_files(path)
    page.get_by_label("证据种类").select_option("03")
    page.get_by_label("名称", exact=True).fill("现场录像")
    page.get_by_label("来源").fill("执法记录仪 0012")
    page.get_by_label("取证地点").fill("码头路12号")
    page.get_by_label("取证人员", exact=True).select_option(label="李窗")
    page.get_by_label("原件、原物或原始载体").check()


def test_a_line_that_breaks_in_the_midst_costs_one_piece(cast: Any, open_page: Open, tmp_path: Path) -> None:
    from shiheng.procedures.models import Evidence, Upload

    found, path = made.proceeding(cast), tmp_path / "录像.png"
    path.write_bytes(DATA)
    page = open_page(f"/files/{found.pk}/evidence/new/", column="clerk", refused=True)
    sent: list[int] = []

    def watch(route: Any) -> None:
        offset = int(route.request.headers["upload-offset"])
        sent.append(offset)
        if offset >= 2 * 1024 * 1024 and len(sent) < 4:
            route.fulfill(status=422, json={"message": "线路断了"})
        else:
            route.continue_()

    page.route("**/evidence/uploads/*-*-*-*-*/", watch)
    filled(page, path)
    page.get_by_role("button", name="收存", exact=True).click()
    page.get_by_text("没有传完：线路断了").wait_for()
    assert Upload.objects.count() == 1
    page.goto(page.url)
    page.get_by_text("“录像.png”传了 66%").wait_for()
    filled(page, path)
    sent.clear()
    sent.extend([0, 0, 0, 0])
    page.get_by_role("button", name="收存", exact=True).click()
    page.locator("h1", has_text="现场录像").wait_for()
    assert sent[4] == 2 * 1024 * 1024, "after the page was loaded anew it goes on where the disk stopped"
    row = Evidence.objects.get()
    assert row.file == hashlib.sha256(DATA).hexdigest()
    assert row.file in page.locator("main").inner_text()


@pytest.mark.parametrize("size", [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 1_000_003])
def test_the_browser_s_own_hash_is_sha_256(open_page: Open, live_server: Any, size: int) -> None:
    page = open_page("/", column="anyone")
    said = page.evaluate(
        """async ([address, size]) => {
          const { Sha256 } = await import(address);
          const data = Uint8Array.from({ length: size }, (_, n) => (n * 7 + 3) & 255);
          const digest = new Sha256();
          for (let at = 0; at < size; at += 997) digest.update(data.subarray(at, at + 997));
          return digest.hex();
        }""",
        [f"{live_server.url}/static/procedures/upload.js", size],
    )
    assert said == hashlib.sha256(bytes((n * 7 + 3) & 255 for n in range(size))).hexdigest()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_face_is_masked_with_the_mouse_and_the_page_can_be_read(
    cast: Any, open_page: Open, check_page: Any, width: int
) -> None:
    from shiheng.ledger import files
    from shiheng.procedures.models import Redaction

    row = made.received(cast, made.proceeding(cast), made.png(600, 300))
    page = open_page(f"/files/{row.proceeding_id}/evidence/{row.number}/redact/", column="clerk", width=width)
    check_page(page)
    image = page.locator(".evidence-canvas img")
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + 1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] - 1, steps=4)
    page.mouse.up()
    page.locator(".evidence-bar").wait_for()
    page.get_by_label("第 1 处的理由").select_option(label="人脸、车牌")
    page.get_by_label("用途").fill("信用公示")
    page.get_by_role("button", name="制作遮蔽件").click()
    page.get_by_text("已制作第 1 份遮蔽件").wait_for()
    check_page(page)
    with files.open_kept(Redaction.objects.get().file) as handle:
        out = made.pixels(handle.read())
    assert out[295][100] == (0, 0, 0)
    assert out[150][500] == made.GREEN


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_evidence_fits_and_is_accessible(cast: Any, open_page: Open, check_page: Any, width: int) -> None:
    from shiheng.procedures.evidence import actions

    found = made.proceeding(cast)
    actions.allege(cast.who("clerk"), found.pk, "food.unlicensed")
    made.received(cast, found, elements=["food.unlicensed:主体"], act="site", title="很长的名称" * 12)
    made.received(cast, found, made.pdf("one", "two"), name="a.pdf", kind="01", confidential=True)
    made.received(cast, found, ("长" * 3000).encode(), name="a.txt", kind="04")
    base = f"/files/{found.pk}/"
    page = open_page(base, column="chief", width=width)
    check_page(page)
    root = page.url.split("/files/")[0]
    for path in (
        "evidence/", "evidence/new/", "evidence/1/", "evidence/2/", "evidence/2/?page=2", "evidence/3/",
        "evidence/1/custody/", "evidence/1/proves/", "evidence/1/withdraw/", "evidence/3/redact/", "evidence/export/",
        "record/",
    ):  # fmt: skip
        page.goto(f"{root}{base}{path}")
        check_page(page)
