"""No personal datum of a planted person on any public page, feed, file, interface, report or store."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shiheng.kernel.personal import clean, found
from shiheng.publication import middleware
from shiheng.publication.lists import entries
from shiheng.publication.opendata import actions as opendata
from shiheng.publication.opendata import feeds, queries
from shiheng.publication.reports import actions as reports
from shiheng.publication.standing import actions as standing
from tests import pdftext
from tests.publication.planting import Planted, everywhere, plant

pytestmark = pytest.mark.django_db
SUBJECTS = 300


@pytest.fixture(autouse=True)
def _free(monkeypatch: Any, settings: Any) -> None:
    monkeypatch.setattr(middleware, "BUDGET", middleware.Budget())
    monkeypatch.setattr(entries, "_held", {})
    settings.PORTAL_BUDGET = 1_000_000


def pages(client: Client, planted: Planted, *, every: int = 1) -> Iterator[tuple[str, bytes]]:
    """Every public address about these businesses, and those about all of them."""
    for firm in planted.subjects[::every]:
        for address in (f"/s/{firm.uscc}/", f"/s/{firm.uscc}/mistake/", f"/s/{firm.uscc}/report/",
                        f"/s/{firm.uscc}/watch/", f"/api/v1/subjects/{firm.uscc}"):  # fmt: skip
            answer = client.get(address)
            assert answer.status_code == 200, address
            yield address, answer.content
    general = ["/", "/search?q=试验", "/api/v1/subjects?q=试验", "/lists/", "/open/registers/", "/open-data/"]
    general += ["/ledger/", "/statistics/", "/bureau/"]
    general += [f"/lists/{plan.code}/" for plan in entries.plans(planted.subjects[0].updated_on)]
    general += [f"/feeds/{feed.code}.atom" for feed in feeds.every()]
    for held in queries.offered():
        general += [f"/open-data/{held.dataset.code}/", f"/api/v1/open-data/{held.dataset.code}/rows?limit=1000"]
    for address in general:
        answer = client.get(address)
        assert answer.status_code in {200, 404}, address
        yield address, answer.content


def test_nothing_planted_is_found_anywhere(offices: Any, client: Client, tmp_path: Path) -> None:
    planted = plant(SUBJECTS)
    assert len(planted.words) > 25 * SUBJECTS
    opendata.make()
    seen: dict[str, Any] = dict(pages(client, planted, every=10))
    assert all(firm.name in seen[f"/s/{firm.uscc}/"].decode() for firm in planted.subjects[::10])
    standing.export(tmp_path)
    for path in [*tmp_path.rglob("*"), *queries.folder().rglob("*")]:
        if path.is_file():
            seen[path.name] = path.name.encode() + path.read_bytes()
    wrong = everywhere(planted, seen)
    assert not wrong, "\n".join(wrong[:20])


def test_nothing_planted_is_in_a_report_its_data_or_what_a_pdf_says_of_itself(
    offices: Any, client: Client, rf: Any
) -> None:
    from shiheng.accounts.permissions import ANYONE

    planted, seen = plant(12, seed=7), {}
    for firm in planted.subjects:
        report = reports.issue(ANYONE, firm.uscc, channel="portal", request=rf.get("/"), key=None)
        pdf = client.get(f"/credit-reports/{report.number}.pdf").content
        text = "".join("".join(pdftext.pages(pdf)).split())
        assert firm.name in text
        seen |= {f"{firm.pk} text": text, f"{firm.pk} bytes": pdf,
                 f"{firm.pk} data": client.get(f"/credit-reports/{report.number}.json").content}  # fmt: skip
    wrong = everywhere(planted, seen)
    assert not wrong, "\n".join(wrong[:20])


def test_nobody_planted_is_found_by_searching_for_them(offices: Any, client: Client, tmp_path: Path) -> None:
    planted = plant(10)
    standing.export(tmp_path)
    from shiheng.publication.standing.store import Store

    held = Store(tmp_path)
    for word in random.Random(1).sample(sorted(planted.words), 60):
        assert not held.find(word), word
        assert not json.loads(client.get("/api/v1/subjects", {"q": word}).content)["items"], word
    for firm in planted.subjects:
        assert not held.find(firm.representative)


def test_the_plants_are_where_they_could_be_found(offices: Any) -> None:
    """The test can fail: read without the projection, every kind of plant is there."""
    planted = plant(3)
    raw = json.dumps(
        [[firm.fields, [[r.title, r.facts, r.reference] for r in firm.records.all()],
          [relation.person.name for relation in firm.relations.all() if relation.person]]
         for firm in planted.subjects], ensure_ascii=False,
    )  # fmt: skip
    missing = {place for word, place in planted.words.items() if word not in raw}
    assert missing <= {"sealed"}, missing


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("投诉人王丽华（电话１３８１２３４５６７８）称", "投诉人王某某（电话〔电话号码已隐去〕）称"),
        ("身份证号440105199003072313未办", "身份证号〔身份证件号码已隐去〕未办"),
        ("家住云泽市临江区江畔街道望江花园3栋502室。", "家住云泽市临江区***。"),
        ("银行卡6222021234567890128转账", "银行卡〔账号已隐去〕转账"),
        ("车牌粤A12345", "车牌〔车牌号已隐去〕"),
        ("邮箱a.b@mail.cn", "邮箱〔电子邮箱已隐去〕"),
    ],
)
def test_what_is_personal_in_free_words_leaves_a_mark(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "当事人于2024年向消费者销售超过保质期的食品", "云临市监罚〔2026〕000121301号",
        "抽检报告BGSC4499012409000036802",
        "经营超过保质期的白酒、金属餐具", "未按规定公示许可证，时间为2026年3月", "（2024）云21执000082901号",
        "设备代码20104499000133502", "统一社会信用代码91449901MA0000001E", "云泽市临江区归帆街道霁月二路61号6楼",
    ],
)  # fmt: skip
def test_what_is_not_personal_stays_as_it_is(text: str) -> None:
    assert clean(text) == text
    assert not found(text)


def test_registered_names_stay_and_known_others_go_wherever_they_stand() -> None:
    text = "经营者陈立本与钱晓峰合谋，由钱晓峰送货"
    assert clean(text, known=("钱晓峰",), keep=("陈立本",)) == "经营者陈立本与钱某某合谋，由钱某某送货"
