"""A register declared at run time is kept on pages nobody wrote for it: list, form, entry, import, figures, public."""

import re
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shiheng.kernel import clock
from shiheng.registers import actions
from shiheng.registers.models import Act, Entry
from tests import factories
from tests.registers.declared import AREAS, AWARDS, PLEDGES, STALLS
from tests.registers.test_importing import book

pytestmark = pytest.mark.django_db
CODE = STALLS.code


@pytest.fixture
def firm(cast):
    return factories.subject("云泽市江口集贸市场有限公司", number=2001)


@pytest.fixture
def chief(sign_in):
    return sign_in("chief")


def page(client, name, *args, **query):
    found = client.get(reverse(name, args=args), query)
    assert found.status_code == 200, found.content.decode()[:500]
    return found.content.decode()


def post(client, view, *args, follow=True, **values):
    return client.post(reverse(view, args=args), {"_key": str(uuid4()), **values}, follow=follow)


def entered(cast, firm, stall, **facts):
    return actions.enter(cast.who("chief"), CODE, {"stall": stall, "kind": "scale", **facts}, subject=firm.pk)


def test_every_register_stands_on_the_overview_with_its_numbers(chief, cast, firm):
    entered(cast, firm, "A-01", due=date(2026, 10, 1))
    shown = page(chief, "registers")
    assert "摊位计量器具台账" in shown
    assert "质量定点监管对象名册" in shown
    assert f"{reverse('register', args=[CODE])}?standing=over" in shown


def test_an_entry_is_entered_changed_moved_noted_and_undone_on_pages(chief, firm):
    form = page(chief, "register-new", CODE, subject=firm.pk)
    assert firm.uscc in form
    assert "摊位号" in form
    missing = post(chief, "register-new", CODE, subject_=firm.uscc, kind="scale", limit="30")
    assert missing.status_code == 422
    assert "请填写摊位号" in missing.content.decode()
    made = post(chief, "register-new", CODE, subject_=firm.uscc, stall="A-01", kind="scale", limit="30", price="12.5")
    assert "已登记" in made.content.decode()
    entry = Entry.objects.get()
    assert entry.facts["price"] == 1250
    changed = post(chief, "register-change", CODE, entry.pk, stall="A-01", kind="meter", limit="30", reason_="换表")
    assert "电能表" in changed.content.decode()
    noted = post(chief, "register-entry", CODE, entry.pk, kind="visit", text="铅封完好", day="2026-11-20")
    assert "铅封完好" in noted.content.decode()
    moved = post(chief, "register-move", CODE, entry.pk, "remove", reason_="撤摊")
    assert "已移出" in moved.content.decode()
    act = Act.objects.get(kind="move")
    assert "撤销" in page(chief, "register-undo", CODE, entry.pk, act.pk)
    undone = post(chief, "register-undo", CODE, entry.pk, act.pk, reason_="没有撤")
    assert undone.status_code == 200
    entry.refresh_from_db()
    assert entry.state == "on"


def test_the_list_is_filtered_by_facts_state_day_and_place(chief, cast, firm):
    for n in range(4):
        entered(cast, firm, f"A-{n}", kind="meter" if n % 2 else "scale", limit=10 * (n + 1), price=100 * n)
    rows = lambda **query: set(re.findall(r"A-\d", page(chief, "register", CODE, **query)))  # noqa: E731
    assert rows() == {"A-0", "A-1", "A-2", "A-3"}
    assert rows(**{"f-kind": "meter"}) == {"A-1", "A-3"}
    assert rows(**{"f-limit_from": "20", "f-limit_to": "30"}) == {"A-1", "A-2"}
    assert rows(**{"f-stall": "A-2"}) == {"A-2"}
    assert rows(office="4499.02.") == set()
    assert rows(standing="ended") == set()
    assert rows(q="江口") == {"A-0", "A-1", "A-2", "A-3"}


def test_a_list_is_shown_as_it_stood_on_a_day(chief, cast, firm):
    with clock.standing_at(date(2026, 5, 1)):
        entry = entered(cast, firm, "A-01")
    actions.move(cast.who("chief"), CODE, entry.pk, "remove", reason="撤摊")
    assert "A-01" not in page(chief, "register", CODE, on="2026-04-30")
    then = page(chief, "register", CODE, on="2026-05-02")
    assert "A-01" in then
    assert "已移出" not in then.split("<tbody")[1]
    assert "已移出" in page(chief, "register", CODE).split("<tbody")[1]
    assert "不能晚于今天" in page(chief, "register", CODE, on="2026-12-31")
    assert "那一天它还不在册" in page(chief, "register-entry", CODE, entry.pk, on="2026-04-30")


def test_what_is_exported_can_be_brought_again_and_changes_nothing(chief, cast, firm):
    entered(cast, firm, "A-01", price=12_345, due=date(2027, 1, 2), sealed=True, faults=["缺秤", "铅封损坏"])
    entered(cast, firm, "A-02", kind="meter")
    got = chief.get(reverse("register", args=[CODE]), {"export": "xlsx"})
    content = b"".join(got.streaming_content)
    act = brought(chief, content)
    assert [row.outcome for row in act.lines.order_by("line")] == ["same", "same"], [r.why for r in act.lines.all()]


def brought(client, content, code=CODE, name="台账.xlsx"):
    file = SimpleUploadedFile(name, content)
    shown = post(client, "register-import", code, file=file)
    assert shown.status_code == 200
    return Act.objects.filter(kind="import").latest("pk")


def test_a_file_is_brought_seen_written_and_taken_back_on_pages(chief, firm):
    rows = [(firm.uscc, "", f"A-{n}", "电子秤", 30, None, None, "是") for n in range(3)]
    act = brought(chief, book(*rows, (firm.uscc, "", "A-9", "杆秤", 30, None, None, "是")))
    shown = page(chief, "register-act", act.pk)
    assert "写入 3 条" in shown
    assert "杆秤" in shown
    faulty = chief.get(reverse("register-act", args=[act.pk]), {"outcome": "faulty", "export": "xlsx"})
    sheet = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(faulty.streaming_content))).get_sheet_by_index(0).to_python()
    )
    assert len(sheet) == 2
    assert "器具种类（杆秤）" in sheet[1][sheet[0].index("原因")]
    assert "已写入 3 条" in post(chief, "register-act-confirm", act.pk).content.decode()
    assert Entry.objects.count() == 3
    post(chief, "register-act-undo", act.pk, reason_="来文作废")
    assert not Entry.objects.filter(live=True).exists()
    assert "已撤销" in page(chief, "register-acts")


def test_a_preview_given_up_writes_nothing(chief, firm):
    act = brought(chief, book((firm.uscc, "", "A-0", "电子秤", 30, None, None, "是")))
    assert "没有写入任何条目" in post(chief, "register-act-drop", act.pk).content.decode()
    assert not Entry.objects.exists()
    assert post(chief, "register-act-confirm", act.pk).status_code == 409


def test_another_office_sees_neither_the_entry_nor_the_file(sign_in, chief, cast, firm):
    entry = entered(cast, firm, "A-01")
    act = brought(chief, book((firm.uscc, "", "A-2", "电子秤", 30, None, None, "是")))
    other = sign_in("inspector_b")
    assert "A-01" not in page(other, "register", CODE)
    for name, args in (("register-entry", (CODE, entry.pk)), ("register-act", (act.pk,))):
        assert other.get(reverse(name, args=args)).status_code == 404
    assert post(other, "register-act-confirm", act.pk).status_code == 404
    assert post(other, "register-move", CODE, entry.pk, "remove", reason_="x").status_code == 404


def test_figures_open_the_rows_they_count(chief, cast, firm):
    for n in range(5):
        entered(cast, firm, f"A-{n}", kind="meter" if n < 2 else "scale")
    shown = page(chief, "register-figures", CODE)
    links = {m.replace("&amp;", "&") for m in re.findall(r'href="(/registers/[^"]+\?here=1[^"]*)"', shown)}
    counts = {link: len(set(re.findall(r"A-\d", chief.get(link).content.decode()))) for link in links}
    assert sorted(n for link, n in counts.items() if "f-kind" in link) == [2, 3]
    assert all(n == 5 for link, n in counts.items() if "f-kind" not in link)


def test_years_in_a_row_are_counted_and_open_their_firms(chief, cast, firm):
    other = factories.subject("云泽恒运商行", number=2002)
    who = cast.who("chief")
    for year in range(2006, 2017):
        actions.enter(who, AWARDS.code, {"year": year}, subject=firm.pk, since=date(year + 1, 3, 15))
    actions.enter(who, AWARDS.code, {"year": 2015}, subject=other.pk, since=date(2016, 3, 15))
    assert "连续 10 年以上" in page(chief, "register-figures", AWARDS.code)
    long = page(chief, "register", AWARDS.code, row_from="10", row_to="99")
    assert firm.name in long
    assert other.name not in long
    assert "连续 11 年" in page(chief, "subject", firm.pk)
    assert "历史" in page(chief, "subject", firm.pk)


def test_what_is_due_is_listed_over_all_registers(chief, cast, firm, today):
    entered(cast, firm, "A-01", due=today + timedelta(days=20))
    entered(cast, firm, "A-02", due=today - timedelta(days=3))
    entered(cast, firm, "A-03", due=today + timedelta(days=200))
    assert page(chief, "registers-due").count("摊位计量器具台账</td>") == 2
    assert page(chief, "registers-due", standing="over").count("摊位计量器具台账</td>") == 1


def test_the_public_sees_what_is_public_and_nothing_else(sign_in, cast, firm):
    actions.enter(cast.who("chief"), PLEDGES.code, {"text": "七天无理由", "days": 9}, subject=firm.pk)
    entered(cast, firm, "A-77", phone="13800138000")
    citizen = sign_in("anyone")
    listed = page(citizen, "open-registers")
    assert "无理由退货承诺" in listed
    assert "摊位计量器具台账" not in listed
    shown = page(citizen, "open-register", PLEDGES.code)
    assert firm.name in shown
    assert "七天无理由" in shown
    assert citizen.get(reverse("open-register", args=[CODE])).status_code == 404
    on_file = page(citizen, "portal-subject", firm.uscc)
    assert "A-77" not in on_file
    assert "13800138000" not in on_file


def test_a_business_applies_on_its_own_page_and_sees_where_it_stands(sign_in, cast, firm):
    from shiheng.subjects.models import Representation

    Representation.objects.create(account=cast.owner, subject=firm, basis="法定代表人", since=date(2024, 1, 1))
    owner = sign_in("owner")
    assert reverse("register-apply", args=[firm.pk, PLEDGES.code]) in page(owner, "enterprise-home")
    sent = post(owner, "register-apply", firm.pk, PLEDGES.code, text="七天无理由退货", days="7")
    assert "申请已提交" in sent.content.decode()
    assert "待审核" in page(owner, "enterprise-home")
    assert post(owner, "register-apply", 999_999, PLEDGES.code, text="x", days="7").status_code == 404


def test_a_place_without_a_subject_is_kept_too(chief):
    made = post(chief, "register-new", AREAS.code, name="江口夜市", goods="箱包", scope_="4499.01.01.")
    assert "江口夜市" in made.content.decode()
    entry = Entry.objects.get(register=AREAS.code)
    assert (entry.scope, entry.title, entry.state) == ("4499.01.01.", "江口夜市", "warned")


def test_one_step_for_chosen_rows_is_seen_first(chief, cast, firm):
    numbers = [entered(cast, firm, f"A-{n}").pk for n in range(3)]
    url = reverse("register", args=[CODE])
    shown = chief.post(url, {"_step": "remove", "_chosen": numbers[:2]}).content.decode()
    assert firm.name in shown
    key = str(uuid4())
    sent = {"_step": "remove", "_chosen": numbers[:2], "_confirmed": "1", "_key": key}
    chief.post(url, sent)
    chief.post(url, sent)
    assert Entry.objects.filter(ended=True).count() == 2
    assert Act.objects.filter(kind="bulk").count() == 1


def test_the_empty_form_has_the_registers_own_headings(chief):
    got = chief.get(reverse("register-form", args=[CODE]))
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(got.streaming_content))).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["统一社会信用代码", "主体名称", "摊位号", "器具种类"]
