"""A decision on its way to the public: drafted by itself, masked, checked by another, shown and taken down."""

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4

import pytest

from shiheng.kernel import clock as clocks
from shiheng.publication.notices import gathering, queries, sending
from shiheng.publication.notices.models import Delivery, Notice
from tests import factories
from tests.casework import CLUE, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PERSON = "林大海"


@pytest.fixture
def decided(bench: Any) -> Notice:
    """A case whose decision was served and is to be published."""
    firm = factories.subject()
    held = bench.opens(subject_party_=firm.uscc, name_party_=firm.name)
    story = f"当事人雇{PERSON}送货，电话13812345678，货值八千元。"
    bench.to("settle", held, conclude={"facts": story})
    assert gathering.turn() == (1, 0)
    return Notice.objects.get()


def send(bench: Any, who: str, notice: Notice, what: str, **values: Any) -> Any:
    answer = bench.at(who).post(f"/publicity/{notice.pk}/?what={what}", {"_key": str(uuid4()), **values})
    notice.refresh_from_db()
    return answer


def published(bench: Any, notice: Notice) -> Notice:
    assert send(bench, "jian", notice, "prepare", secret_checked="1", strike=PERSON).status_code == 302
    assert send(bench, "fu", notice, "publish").status_code == 302
    return notice


@pytest.mark.mission("L01", "E09")
def test_a_decision_is_masked_compared_by_a_second_person_and_read_by_everybody(
    bench: Any, decided: Notice, client: Any
) -> None:
    page = words(bench.at("jian").get("/publicity/"))
    assert "待整理" in page
    work = bench.at("jian").get(f"/publicity/{decided.pk}/").content.decode()
    assert "<del>13812345678</del>" in work
    assert "《市场监督管理行政处罚信息公示规定》" in words(bench.at("jian").get(f"/publicity/{decided.pk}/")).replace(
        " ", ""
    )
    refused = send(bench, "jian", decided, "prepare", strike=PERSON)
    assert "保密审查" in words(refused)
    assert send(bench, "jian", decided, "prepare", secret_checked="1", strike=PERSON).status_code == 302
    assert "须由另一人核对" in words(send(bench, "jian", decided, "publish"))
    assert client.get(f"/notices/{decided.pk}/").status_code == 404, "not before it was checked"
    early = client.get(f"/s/{decided.subject.uscc}/").content.decode()
    assert "罚款、没收违法所得" not in early, "nor in the file of the business"
    assert send(bench, "fu", decided, "publish").status_code == 302
    public = client.get(f"/notices/{decided.pk}/").content.decode()
    assert decided.subject.name in public
    assert "68,000.00 元" in public
    page = client.get(f"/s/{decided.subject.uscc}/").content.decode()
    assert "罚款、没收违法所得" in page
    for hidden in (PERSON, "13812345678"):
        assert hidden not in public
        assert hidden not in page
        assert hidden not in client.get("/notices/").content.decode()
    assert decided.until == date(2029, decided.published_on.month, decided.published_on.day)  # type: ignore[union-attr]
    assert decided.number == "云临市监案〔2026〕1号"
    assert decided.subject.name in words(client.get(f"/notices/?text={decided.number}"))


def test_the_same_form_sent_twice_publishes_once(bench: Any, decided: Notice) -> None:
    send(bench, "jian", decided, "prepare", secret_checked="1")
    key = str(uuid4())
    for _n in range(2):
        bench.at("fu").post(f"/publicity/{decided.pk}/?what=publish", {"_key": key})
    assert Delivery.objects.filter(action="publish").count() == 4


def test_a_spot_penalty_and_a_bare_warning_make_no_notice(bench: Any) -> None:
    held = bench.opens()
    bench.to("pay", held, notice={"penalties": ["1A"], "fine": "", "gains_taken": ""},
             decide={"penalties": ["1A"], "fine": "", "gains_taken": "", "deviates": "轻微"})  # fmt: skip
    assert gathering.turn() == (0, 0)


def test_a_notice_stands_through_its_last_day_and_comes_down_at_midnight(
    bench: Any, decided: Notice, client: Any, clock: Any
) -> None:
    published(bench, decided)
    last = decided.until
    assert last is not None
    clock.move_to(clocks.datetime.combine(last, clocks.datetime.max.time(), tzinfo=clocks.SHANGHAI))
    gathering.turn()
    assert client.get(f"/notices/{decided.pk}/").status_code == 200
    clock.advance(seconds=1)
    assert client.get(f"/notices/{decided.pk}/").status_code == 404, "whether or not the turn came yet"
    gathering.turn()
    decided.refresh_from_db()
    assert decided.state == "withdrawn"
    assert "届满" in decided.why


def test_a_decision_that_is_undone_comes_down_everywhere_it_went(bench: Any, decided: Notice) -> None:
    published(bench, decided)
    sending.turn("credit")
    from shiheng.procedures.models import Proceeding
    from shiheng.subjects import own

    own.keep("penalty", [], gone=[decided.key])
    assert gathering.turn()[1] == 1
    decided.refresh_from_db()
    assert decided.state == "withdrawn"
    assert set(queries.deliveries_of(decided).values_list("receiver", "action")) == {
        ("credit", "publish"), ("credit", "withdraw"),
    }, "what was never sent is not sent any more"  # fmt: skip
    assert Proceeding.objects.count() == 1


def test_keeping_back_needs_its_basis_and_is_counted_in_public(
    bench: Any, decided: Notice, client: Any, sign_in: Any
) -> None:
    chief = sign_in("chief")
    values = {"_key": str(uuid4()), "reason": "涉及未成年人", "basis": ""}
    chief.post(f"/publicity/{decided.pk}/?what=hide", values)
    decided.refresh_from_db()
    assert decided.state == "draft"
    values = {**values, "_key": str(uuid4()), "basis": "行政处罚信息公示规定第六条"}
    assert chief.post(f"/publicity/{decided.pk}/?what=hide", values).status_code == 302
    page = words(client.get("/notices/"))
    assert "1 条" in page
    assert "行政处罚信息公示规定第六条" in page
    assert "未成年人" not in page


def test_officers_of_another_district_do_not_see_it(decided: Notice, sign_in: Any) -> None:
    other = sign_in("inspector_b")
    assert other.get(f"/publicity/{decided.pk}/").status_code == 404
    assert decided.title not in words(other.get("/publicity/"))


# -- receivers


class Platform(BaseHTTPRequestHandler):
    """A platform that keeps what it got by its number, and fails as it is told."""

    shown: dict[str, str] = {}
    moods: list[str] = []
    got: list[str] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mood = self.moods.pop(0) if self.moods else "good"
        if mood == "down":
            self.connection.close()
            return
        told = json.loads(body)
        self.got.append(told["id"])
        if told["action"] == "publish":
            self.shown[str(told["notice"])] = told["id"]
        else:
            self.shown.pop(str(told["notice"]), None)
        answer = json.dumps({"id": told["id"], "result": "taken"}).encode()
        if mood == "nonsense":
            answer = b"<html>ok</html>"
        if mood == "lost":  # it has it, and the answer never arrives
            self.connection.close()
            return
        self.send_response(200 if mood != "error" else 503)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_words: Any) -> None:
        """Nothing is said."""


@pytest.fixture
def platform() -> Iterator[str]:
    Platform.shown, Platform.moods, Platform.got = {}, [], []
    server = HTTPServer(("127.0.0.1", 0), Platform)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/notices"
    server.shutdown()


@pytest.mark.mission("L02", "C16")
def test_a_platform_that_is_down_slow_answers_nonsense_or_twice_has_it_once_and_nothing_differs(
    bench: Any, decided: Notice, platform: str, sign_in: Any, clock: Any
) -> None:
    published(bench, decided)
    keeper = sign_in("data")
    form = {"_key": str(uuid4()), "way": "push", "endpoint": platform}
    assert keeper.post("/publicity/receivers/national/", form).status_code == 302
    Platform.moods = ["down", "error", "nonsense", "lost"]
    for tries in range(1, 6):
        sending.turn("national")
        row = Delivery.objects.get(receiver="national")
        assert row.tries == tries
        clock.advance(hours=7)
    assert row.state == "taken"
    assert len(set(Platform.got)) == 1, "one number however often"
    assert Platform.shown == {str(decided.pk): str(row.key)}
    shown = words(bench.at("jian").get(f"/publicity/{decided.pk}/"))
    assert "国家企业信用信息公示系统" in shown
    assert "已接收" in shown
    roster = "notice,state\n" + "".join(f"{number},public\n" for number in Platform.shown)
    from django.core.files.uploadedfile import SimpleUploadedFile

    keeper.post("/publicity/receivers/national/", {"roster": SimpleUploadedFile("r.csv", roster.encode())})
    assert "没有差异" in words(keeper.get("/publicity/receivers/national/"))
    send(bench, "fu", decided, "withdraw", reason="处罚决定被撤销", basis="公示规定第十一条")
    sending.turn("national")
    assert Platform.shown == {}
    assert sending.differences("national") == [(str(decided.pk), "withdraw", "publish")], "its list is of before"


def test_a_file_goes_into_the_folder_and_its_receipts_are_read_once(
    bench: Any, decided: Notice, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path
    published(bench, decided)
    assert sending.turn("credit") == 1
    (path,) = (tmp_path / "exchange" / "notices-credit" / "out").iterdir()
    told = json.loads(path.read_text())
    assert told["fields"]["cf_nr_fk"] == "6.800000", "ten thousand yuan, six decimals"
    assert told["fields"]["cf_gsjzq"] == told["until"]
    assert told["until"] < str(decided.until), "the credit site counts by its own rules"
    assert PERSON not in path.read_text()
    assert sending.turn("credit") == 0, "not again before its time"
    receipts = tmp_path / "exchange" / "notices-credit" / "in" / "a.csv"
    receipts.write_text(f"id,result,why\n{told['id']},taken,\nnonsense,taken,\n")
    sending.turn("credit")
    assert Delivery.objects.get(receiver="credit").state == "taken"
    assert not receipts.exists()


def test_permits_of_these_weeks_are_drafted_and_older_ones_are_not(cast: Any) -> None:
    firm = factories.subject()
    today = clocks.today()
    for n, ago in enumerate((3, 90)):
        facts = {"number": f"许{n}", "issuer": "区局"}
        factories.record(firm, kind="permit", source="permits", key=f"许{n}", day=today - timedelta(days=ago),
                         state="valid", title="食品经营许可证", facts=facts)  # fmt: skip
    assert gathering.turn() == (1, 0)
    row = Notice.objects.get()
    assert (row.plan, row.number) == ("permit", "许0")
    assert row.due is not None
    assert row.due > today
    assert CLUE["name_party_"] not in row.title
