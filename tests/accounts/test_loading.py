"""Offices and officers from spreadsheets: all or nothing, every fault by its cell, the same file twice is nothing."""

from datetime import date, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter

from shiheng.accounts import actions, layouts
from shiheng.accounts.loading import path_for
from shiheng.accounts.models import Account, Office, Post, Town
from shiheng.accounts.permissions import SYSTEM
from shiheng.accounts.queries import office_rows, officer_rows, town_rows, who_of
from shiheng.accounts.reading import day_of
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger.models import Leaf
from tests.accounts.signing import browser, try_sign_in

OFFICES = ("机构代码", "机构名称", "机构类别", "上级机构代码", "镇街", "办公地址", "联系电话", "核定编制数")
TOWNS = ("镇街代码", "镇街名称", "所属机构代码")
ROLES = "窗口人员、科长、检查人员、审核人员、分管负责人、主要负责人、市局工作人员、数据专员、系统管理员、外部单位联络员"
OFFICERS = ("登录名", "姓名", "机构代码", "角色", "执法证号", "任职日期", "手机")


def book(**sheets: list[tuple[Any, ...]]) -> bytes:
    held = BytesIO()
    made = xlsxwriter.Workbook(held, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for title, rows in sheets.items():
        page = made.add_worksheet(title)
        for down, row in enumerate(rows):
            for across, value in enumerate(row):
                page.write(down, across, value)
    made.close()
    return held.getvalue()


def told(loaded: Any) -> list[str]:
    return [str(fault) for fault in loaded.faults]


def test_paths_follow_from_codes() -> None:
    assert path_for("449900", None) == "4499."
    assert path_for("449901", ("449900", "4499.")) == "4499.01."
    assert path_for("44990101", ("449901", "4499.01.")) == "4499.01.01."
    assert path_for("449901D01", ("449901", "4499.01.")) == "4499.01.D01."
    assert path_for("X-7", ("449901", "4499.01.")) == "4499.01.X-7."


@pytest.mark.parametrize("text", ["2026-01-31", "2026/1/31", "2026.1.31", "20260131", "2026年1月31日"])
def test_a_day_is_read_as_officers_write_it(text: str) -> None:
    assert day_of(text) == date(2026, 1, 31)


@pytest.mark.parametrize("text", ["", "2026-02-30", "31-01-2026-1", "明天", "2026", "46053", "²026-01-01"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_of(text) is None


@pytest.mark.django_db
class TestOffices:
    def test_a_whole_city_comes_in_from_nothing(self) -> None:
        file = book(
            机构=[
                OFFICES,
                ("449900", "云泽市市场监督管理局", "市局", "", "", "", "", 80),
                ("449901", "临江区市场监督管理局", "区局", "449900", "", "", "", "60"),
                (44990101, "江口监管所", "监管所", 449901, "江口街道", "滨江路 1 号", "0000-1", 12),
            ],
            镇街=[TOWNS, ("449901001", "江口街道", "449901"), ("449901002", "柳岸镇", "449901")],
        )
        loaded = actions.load_offices_xlsx(SYSTEM, file)
        assert (loaded.applied, loaded.rows, len(loaded.changes)) == (True, 5, 5), told(loaded)
        station = Office.objects.get(code="44990101")
        assert (station.path, station.kind, station.established_posts) == ("4499.01.01.", "station", 12)
        assert station.parent.code == "449901"  # type: ignore[union-attr]
        assert Town.objects.count() == 2
        leaf = Leaf.objects.get(kind="accounts.offices_loaded")
        assert leaf.facts["changes"] == 5

        again = actions.load_offices_xlsx(SYSTEM, file)
        assert (again.applied, again.changes) == (True, [])
        assert Leaf.objects.filter(kind="accounts.offices_loaded").count() == 1

    def test_a_preview_writes_nothing(self) -> None:
        file = book(机构=[OFFICES, ("449900", "市局", "市局", "", "", "", "", 80)])
        loaded = actions.load_offices_xlsx(SYSTEM, file, apply=False)
        assert len(loaded.changes) == 1
        assert not loaded.applied
        assert not Office.objects.exists()
        assert not Leaf.objects.exists()

    def test_one_fault_keeps_the_whole_file_out_and_every_fault_is_named(self, cast: SimpleNamespace) -> None:
        file = book(
            机构=[
                OFFICES,
                ("44990103", "好所", "监管所", "449901", "", "", "", 5),
                ("44990104", "", "分局", "449901", "", "", "", -1),
                ("44990103", "重复", "监管所", "449901", "", "", "", 5),
                ("44990105", "无上级", "监管所", "", "", "", "", ""),
                ("44990106", "错上级", "监管所", "449977", "", "", "", "十"),
                ("449900", "市局", "市局", "449901", "", "", "", 1),
            ],
            镇街=[TOWNS, ("12", "短", "449901"), ("449901009", "某镇", "449999")],
        )
        before = Office.objects.count()
        loaded = actions.load_offices_xlsx(cast.who("admin"), file)
        assert not loaded.applied
        assert Office.objects.count() == before
        assert told(loaded) == [
            "工作表“机构”第 3 行“机构名称”列：不能为空",
            "工作表“机构”第 3 行“机构类别”列：“分局”不是机构类别，只能填：市局、区局、科室、监管所、镇街、数据部门",
            "工作表“机构”第 3 行“核定编制数”列：“-1”不是非负整数",
            "工作表“机构”第 4 行“机构代码”列：与第 2 行重复",
            "工作表“机构”第 5 行“上级机构代码”列：除市局外都须填写上级机构代码",
            "工作表“机构”第 5 行“机构代码”列：该机构不在您的辖区",
            "工作表“机构”第 6 行“核定编制数”列：“十”不是非负整数",
            "工作表“机构”第 6 行“上级机构代码”列：找不到代码为“449977”的上级机构（可写在本表前面的行）",
            "工作表“机构”第 7 行“上级机构代码”列：市局没有上级，请留空",
            "工作表“机构”第 7 行“上级机构代码”列：上级机构不能通过导入更改：其辖区内的数据都按原路径登记",
            "工作表“镇街”第 2 行“镇街代码”列：“12”不是 9 至 12 位数字",
            "工作表“镇街”第 3 行“所属机构代码”列：没有代码为“449999”的机构，或它不在您的辖区",
        ]

    def test_a_district_cannot_load_into_its_neighbour(self, cast: SimpleNamespace) -> None:
        local = actions.create_account(
            cast.who("admin"), username="qu-a", name="区管", office="449901", role="administrator"
        ).account
        file = book(
            机构=[
                OFFICES,
                ("449902", "改名", "区局", "449900", "", "", "", 1),
                ("44990209", "新所", "监管所", "449902", "", "", "", 1),
            ]
        )
        loaded = actions.load_offices_xlsx(who_of(local), file)
        assert [f.message for f in loaded.faults] == ["该机构不在您的辖区"] * 2
        assert Office.objects.get(code="449902").title == "云泽市望湖区市场监督管理局"

    def test_a_changed_row_is_an_update_and_what_is_not_named_stays(self, cast: SimpleNamespace) -> None:
        file = book(机构=[OFFICES, ("44990101", "江口所", "监管所", "449901", "江口街道", "新址", "", 9)])
        loaded = actions.load_offices_xlsx(cast.who("admin"), file)
        assert [c.kind for c in loaded.changes] == ["更新"]
        assert Office.objects.get(code="44990101").address == "新址"
        assert Office.objects.count() == 6

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "不是可读的 Excel"),
            (b"a,b\n1,2\n", "不是可读的 Excel"),
            (b"PK\x03\x04" + b"\x00" * 100, "不是可读的 Excel"),
        ],
    )
    def test_what_is_no_workbook_is_refused_in_words(self, cast: SimpleNamespace, content: bytes, message: str) -> None:
        with pytest.raises(Refused, match=message):
            actions.load_offices_xlsx(cast.who("admin"), content)

    def test_missing_sheet_unknown_and_repeated_columns_are_named(self, cast: SimpleNamespace) -> None:
        who = cast.who("admin")
        assert told(actions.load_offices_xlsx(who, book(名单=[OFFICES]))) == [
            "工作表“机构”：缺少工作表“机构”。文件中的工作表：名单"
        ]
        loaded = actions.load_offices_xlsx(who, book(机构=[("机构代码", "机构名称", "机构名称", "备注")]))
        assert told(loaded) == [
            "工作表“机构”第 1 行“机构名称”列：这一列出现了不止一次，请只保留一列",
            "工作表“机构”第 1 行“备注”列：不认识这一列。请使用模板中的列名，或删去此列",
            "工作表“机构”第 1 行“机构类别”列：缺少这一列",
        ]

    def test_the_export_is_an_import_that_changes_nothing(self, cast: SimpleNamespace) -> None:
        who = cast.who("admin")
        Town.objects.create(code="449901001", title="江口街道", office=Office.objects.get(code="449901"))
        file = layouts.workbook((layouts.OFFICES, office_rows(who)), (layouts.TOWNS, town_rows(who)))
        loaded = actions.load_offices_xlsx(who, file)
        assert (loaded.rows, loaded.changes, loaded.faults) == (7, [], [])

    def test_the_template_can_be_loaded_as_it_is(self) -> None:
        loaded = actions.load_offices_xlsx(
            SYSTEM,
            book(
                机构=[
                    OFFICES,
                    ("449900", "市局", "市局", "", "", "", "", 1),
                    ("449901", "区局", "区局", "449900", "", "", "", 1),
                ]
            ),
        )
        assert loaded.applied
        filled = actions.load_offices_xlsx(SYSTEM, layouts.template(layouts.OFFICES, layouts.TOWNS))
        assert filled.applied, told(filled)
        assert Office.objects.filter(code="44990101").exists()

    def test_a_name_that_looks_like_a_formula_stays_text(self, cast: SimpleNamespace) -> None:
        Office.objects.filter(code="44990101").update(title="=1+1", address="http://x.example")
        file = layouts.workbook((layouts.OFFICES, office_rows(cast.who("admin"))))
        loaded = actions.load_offices_xlsx(cast.who("admin"), file)
        assert (loaded.changes, loaded.faults) == ([], [])


@pytest.mark.django_db
class TestOfficers:
    FILE = [
        OFFICERS,
        ("wang1", "王一", "44990101", "检查人员", "44990001", datetime(2026, 1, 31), 13800000001),
        ("wang1", "王一", "449901", "窗口人员", "", "2026/2/1", 13800000001),
        ("WANG2", "王二", "44990102", "科长", "", "20260131", ""),
    ]

    def test_officers_come_in_with_several_posts_and_no_password(self, cast: SimpleNamespace) -> None:
        file = book(人员=self.FILE)
        loaded = actions.load_officers_xlsx(cast.who("admin"), file)
        assert (loaded.applied, loaded.rows, len(loaded.changes)) == (True, 3, 5), told(loaded)
        one = Account.objects.get(username="wang1")
        assert set(one.posts.values_list("office__code", "role", "since")) == {
            ("44990101", "inspector", date(2026, 1, 31)),
            ("449901", "window_clerk", date(2026, 2, 1)),
        }
        assert one.phone == "13800000001"
        assert not one.has_usable_password()
        assert try_sign_in(browser(), "wang1", "").status_code == 200
        again = actions.load_officers_xlsx(cast.who("admin"), file)
        assert (again.applied, again.changes) == (True, [])
        assert Post.objects.filter(account=one).count() == 2

    def test_every_fault_is_named_and_nothing_is_written(self, cast: SimpleNamespace) -> None:
        file = book(
            人员=[
                OFFICERS,
                ("li1", "李一", "44990101", "检查人员", "", "2026-01-31", ""),
                ("李 二", "李二", "44990101", "局长", "", "2026-02-30", "abc"),
                ("li1", "李某", "44990101", "检查人员", "", "2026-03-01", ""),
                ("li1", "李一", "44990101", "检查人员", "", "2026-01-31", ""),
                ("laoban", "劳板", "44990101", "检查人员", "", "2026-01-31", ""),
                ("guanli", "管立", "449900", "数据专员", "", "2026-01-31", ""),
                ("li3", "", "999", "检查人员", "", "", ""),
            ]
        )
        before = Account.objects.count(), Post.objects.count()
        loaded = actions.load_officers_xlsx(cast.who("admin"), file)
        assert told(loaded) == [
            "工作表“人员”第 8 行“姓名”列：不能为空",
            "工作表“人员”第 8 行“任职日期”列：不能为空",
            "工作表“人员”第 3 行“登录名”列：登录名须为 2 至 64 位小写字母、数字或 . _ @ -，且以字母或数字开头",
            f"工作表“人员”第 3 行“角色”列：没有“局长”这个角色，只能填：{ROLES}",
            "工作表“人员”第 3 行“任职日期”列：“2026-02-30”不是日期，请写成 2026-01-31",
            "工作表“人员”第 3 行“手机”列：“abc”不是电话号码",
            "工作表“人员”第 4 行“姓名”列：登录名 li1 在第 2 行的姓名是“李一”，两处须一致",
            "工作表“人员”第 5 行“登录名”列：与第 2 行是同一岗位",
            "工作表“人员”第 6 行“登录名”列：登录名 laoban 已被使用，请换一个",
            "工作表“人员”第 7 行“登录名”列：不能导入本人的岗位，请由另一位管理员办理",
            "工作表“人员”第 8 行“机构代码”列：没有代码为“999”的机构，或它不在您的辖区",
        ]
        assert (Account.objects.count(), Post.objects.count()) == before

    def test_a_district_gives_no_posts_outside_it_and_does_not_rename_who_serves_elsewhere(
        self, cast: SimpleNamespace
    ) -> None:
        admin = cast.who("admin")
        local = actions.create_account(
            admin, username="qu-a", name="区管", office="449901", role="administrator"
        ).account
        actions.give_post(admin, cast.chief.pk, office="449900", role="city_official")
        file = book(
            人员=[
                OFFICERS,
                ("new-x", "某人", "449902", "检查人员", "", "2026-01-31", ""),
                ("zhang", "张三", "449901", "科长", "", "2024-01-01", ""),
                ("cha", "查宁", "449901", "检查人员", "", "2026-01-31", ""),
            ]
        )
        loaded = actions.load_officers_xlsx(who_of(local), file)
        assert [(f.row, f.column) for f in loaded.faults] == [(2, "机构代码"), (3, "姓名"), (4, "登录名")], told(loaded)

    def test_a_file_ends_a_post_by_its_last_day(self, cast: SimpleNamespace) -> None:
        file = book(
            人员=[(*OFFICERS, "免职日期"), ("chuang", "李窗", "449901", "窗口人员", "", "2024-01-01", "", "2026-01-31")]
        )
        loaded = actions.load_officers_xlsx(cast.who("admin"), file)
        assert [c.kind for c in loaded.changes] == ["更新"], told(loaded)
        assert Post.objects.get(account=cast.clerk).until == date(2026, 1, 31)
        assert not who_of(cast.clerk).grants

    def test_only_the_platform_sets_a_first_password(self, cast: SimpleNamespace) -> None:
        file = book(人员=self.FILE)
        with pytest.raises(Refused):
            actions.load_officers_xlsx(cast.who("admin"), file, first_password="Shiheng@2026")
        actions.load_officers_xlsx(SYSTEM, file, first_password="Shiheng@2026")
        assert try_sign_in(browser(), "wang2").url == "/"

    def test_the_export_is_an_import_that_changes_nothing(self, cast: SimpleNamespace) -> None:
        who = cast.who("admin")
        rows = [row for row in officer_rows(who) if row["username"] != "guanli"]
        loaded = actions.load_officers_xlsx(who, layouts.workbook((layouts.OFFICERS, rows)))
        assert (loaded.rows, loaded.changes, told(loaded)) == (5, [], [])

    def test_the_same_key_with_another_file_is_refused(self, cast: SimpleNamespace) -> None:
        key = uuid4()
        actions.load_officers_xlsx(cast.who("admin"), book(人员=self.FILE), key=key)
        with pytest.raises(Conflict):
            actions.load_officers_xlsx(
                cast.who("admin"),
                book(人员=[OFFICERS, ("sun1", "孙一", "449901", "科长", "", "2026-01-31", "")]),
                key=key,
            )
        assert not Account.objects.filter(username="sun1").exists()


@pytest.mark.django_db
def test_upload_preview_and_confirm_in_the_browser(cast: SimpleNamespace) -> None:
    client = browser()
    client.force_login(cast.admin)
    page = client.get("/people/import/")
    assert "登录名" in page.content.decode()
    file = BytesIO(book(人员=TestOfficers.FILE))
    file.name = "人员.xlsx"
    shown = client.post("/people/import/", {"_key": page.context["form"].key, "file": file})
    assert shown.status_code == 200
    assert "将写入 5 处" in shown.content.decode()
    assert not Account.objects.filter(username="wang1").exists()

    stranger = browser()
    stranger.force_login(
        actions.create_account(
            cast.who("admin"), username="qu-a", name="区管", office="449901", role="administrator"
        ).account
    )
    Account.objects.update(must_change_password=False)
    token, key = shown.context["token"], shown.context["key"]
    assert stranger.post("/people/import/apply/", {"token": token, "_key": key}).status_code == 422
    assert client.post("/offices/import/apply/", {"token": token, "_key": key}).status_code == 422
    assert client.post("/people/import/apply/", {"token": token + "x", "_key": key}).status_code == 422
    assert not Account.objects.filter(username="wang1").exists()

    for _ in range(2):  # a double click
        assert client.post("/people/import/apply/", {"token": token, "_key": key}).status_code == 302
    assert Post.objects.filter(account__username="wang1").count() == 2
    assert Leaf.objects.filter(kind="accounts.officers_loaded").count() == 1


@pytest.mark.django_db
def test_faults_are_listed_on_the_page(cast: SimpleNamespace) -> None:
    client = browser()
    client.force_login(cast.admin)
    page = client.get("/offices/import/")
    file = BytesIO(book(机构=[OFFICES, ("449901", "", "区局", "449900", "", "", "", "")]))
    file.name = "机构.xlsx"
    shown = client.post("/offices/import/", {"_key": page.context["form"].key, "file": file})
    assert shown.status_code == 422
    assert "第 2 行“机构名称”列：不能为空" in shown.content.decode()
    assert "确认导入" not in shown.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("room", ["offices", "people"])
def test_template_and_export_are_workbooks(cast: SimpleNamespace, room: str) -> None:
    client = browser()
    client.force_login(cast.admin)
    for page in (f"/{room}/export/", f"/{room}/import/template/"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert answer.content.startswith(b"PK")
        assert "attachment" in answer.headers["Content-Disposition"]
