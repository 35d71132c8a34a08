"""The invented city's offices and officers, in the spreadsheets the platform loads.

Stations stand one to a town; a few hundred officers fill all posts but a handful. Those who need a whole district hold
their post at its bureau: a section's own path reaches only the section.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from shiheng.city import persons
from shiheng.city.draw import between, pick, stream
from shiheng.city.places import CITY, CITY_CODE, District, districts, towns, towns_of

OFFICES, OFFICERS = "offices.xlsx", "officers.xlsx"
OFFICE_COLUMNS = ("机构代码", "机构名称", "机构类别", "上级机构代码", "镇街", "办公地址", "联系电话", "核定编制数")
TOWN_COLUMNS = ("镇街代码", "镇街名称", "所属机构代码")
OFFICER_COLUMNS = ("登录名", "姓名", "机构代码", "角色", "执法证号", "任职日期", "手机")

CLERK, CHIEF, INSPECTOR = "窗口人员", "科长", "检查人员"
CITY_OFFICIAL, DATA, ADMINISTRATOR = "市局工作人员", "数据专员", "系统管理员"
OUTSIDE = "外部单位联络员"
REVIEWER, DEPUTY, HEAD = "审核人员", "分管负责人", "主要负责人"
TOWN_OFFICE = "449901T01"
"""A street that enforces by itself what was handed down to it: no part of the bureau, so not under its path."""
OWNER = {"login": "laoban", "name": "劳板", "phone": "19900000007"}
# (登录名, 姓名, 机构代码, 角色): those the demonstration signs in as; the owner of a business has no office.
CAST = (
    ("chuang", "李窗", "449901", CLERK),
    ("zhang", "章科", "449901", CHIEF),
    ("cha", "查宁", "449902", INSPECTOR),
    ("shi", "史诚", CITY_CODE, CITY_OFFICIAL),
    ("shuju", "舒据", "449901", DATA),
    ("guanli", "管立", CITY_CODE, ADMINISTRATOR),
    ("waibu", "魏步", "4499D01", OUTSIDE),
    ("jian", "简勘", "449901", INSPECTOR),
    ("zhen", "甄证", "449901", INSPECTOR),
    ("fa", "法衡", "449901", REVIEWER),
    ("fu", "傅衍", "449901", DEPUTY),
    ("ju", "鞠正", "449901", HEAD),
    ("jie", "解安", TOWN_OFFICE, INSPECTOR),
)
_FIRST = 7  # those after them joined later: they are hired last, and nobody's number moves
_CITY_SECTIONS = ("登记注册科", "信用监督管理科", "执法稽查科", "食品安全协调科", "特种设备安全监察科", "数据应用科")
_SECTIONS = ("登记注册科", "信用监管科", "食品监管科", "特种设备科", "投诉举报中心", "法规科")
_DEPARTMENTS = ("税务局", "人力资源和社会保障局", "公安局", "卫生健康局", "生态环境局", "住房和城乡建设局", "人民法院")
_STEM = "4499"
_OWN_STAFF = {
    "市局": ((CITY_OFFICIAL, 8),),
    "区局": ((CHIEF, 3), (CLERK, 6), (INSPECTOR, 4), (DATA, 1), (ADMINISTRATOR, 1)),
    "数据部门": ((DATA, 1),),
    "监管所": ((CLERK, 1),),
}


@dataclass
class _Office:
    code: str
    title: str
    kind: str
    parent: str
    town: str = ""
    address: str = ""
    posts: int = 0  # 核定编制数: the posts filled below, and for a few offices one more


@dataclass
class _Staff:
    """The officers being named, one row a post."""

    rng: Random
    offices: list[_Office]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    people: int = 0

    def hire(self, office: str, role: str, *, login: str = "", name: str = "") -> tuple[str, str]:
        """A new officer in a first post."""
        self.people += 1
        person = (login or f"yz{self.people:04d}", name or persons.person(self.rng, "").name)
        self.post(person, office, role)
        return person

    def post(self, person: tuple[str, str], office: str, role: str) -> None:
        """A post for an officer; inspectors carry a law-enforcement card (执法证)."""
        serial = int(person[0][2:]) if person[0].startswith("yz") else [c[0] for c in CAST].index(person[0]) + 9001
        card = f"{_STEM}01{serial:06d}" if role in (INSPECTOR, CHIEF) else ""
        since = date(2016, 1, 4) + timedelta(days=between(self.rng, 0, 2900)) if serial < 9000 else date(2024, 1, 2)
        phone = f"19900{serial:06d}" if serial < 9000 else f"1990000{serial - 9000:04d}"
        self.rows.append((*person, office, role, card, since.isoformat(), phone))
        next(o for o in self.offices if o.code == office).posts += 1


def _offices() -> list[_Office]:
    made = [_Office(CITY_CODE, f"{CITY}市场监督管理局", "市局", "", "", f"{CITY}临江区听澜街道听澜大道1号")]
    made += [
        _Office(f"{_STEM}S{i:02d}", f"{CITY}市场监督管理局{title}", "科室", CITY_CODE)
        for i, title in enumerate(_CITY_SECTIONS, 1)
    ]
    made += [
        _Office(f"{_STEM}D{i:02d}", f"{CITY}{'中级' if title == '人民法院' else ''}{title}", "数据部门", CITY_CODE)
        for i, title in enumerate(_DEPARTMENTS, 1)
    ]
    for district in districts():
        made += _of_district(district)
    street = towns_of(next(one.index for one in districts() if TOWN_OFFICE.startswith(one.code)))[0]
    title = f"{street.district.name}{street.name}办事处"
    made.append(_Office(TOWN_OFFICE, title, "镇街", CITY_CODE, street.name, f"{CITY}{title}"))
    return made


def _of_district(district: District) -> Iterable[_Office]:
    first = towns_of(district.index)[0]
    seat = f"{CITY}{district.name}{first.name}{first.roads[0]}2号"
    yield _Office(district.code, district.bureau, "区局", CITY_CODE, "", seat)
    for i, title in enumerate(_SECTIONS, 1):
        yield _Office(
            f"{district.code}S{i:02d}", f"{district.name}市场监督管理局{title}", "科室", district.code, "", seat
        )
    for i, title in enumerate(_DEPARTMENTS[:5], 1):
        yield _Office(f"{district.code}D{i:02d}", f"{CITY}{district.name}{title}", "数据部门", district.code)
    for i, town in enumerate(towns_of(district.index), 1):
        stem = town.name.removesuffix("街道").removesuffix("镇")
        yield _Office(
            f"{district.code}{i:02d}",
            f"{district.name}市场监督管理局{stem}监管所",
            "监管所",
            district.code,
            town.name,
            f"{CITY}{district.name}{town.name}{town.roads[1]}18号",
        )


def _staff(offices: list[_Office], seed: int) -> list[tuple[str, ...]]:
    staff = _Staff(stream(seed, "officers"), offices)
    for login, name, office, role in CAST[:_FIRST]:
        staff.hire(office, role, login=login, name=name)
    for each in offices:
        for role, count in _OWN_STAFF.get(each.kind, ()):
            for _ in range(count):
                staff.hire(each.code, role)
        if each.kind == "科室":
            _section(staff, each)
        elif each.kind == "监管所":
            _station(staff, each)
    for kind in ("科室", "监管所"):
        next(o for o in offices if o.kind == kind).posts += 1  # vacant
    for login, name, office, role in CAST[_FIRST:]:
        staff.hire(office, role, login=login, name=name)
    for role in (INSPECTOR, CHIEF, REVIEWER, DEPUTY, HEAD):
        staff.hire(TOWN_OFFICE, role)
    return staff.rows


def _station(staff: _Staff, office: _Office) -> None:
    chief = staff.hire(office.code, CHIEF)
    for _ in range(between(staff.rng, 3, 8)):
        staff.hire(office.code, INSPECTOR)
    if staff.rng.random() < 0.15:  # the head also stands in for the district's inspections
        staff.post(chief, office.parent, INSPECTOR)


def _section(staff: _Staff, office: _Office) -> None:
    chief = staff.hire(office.code, CHIEF)
    if office.parent != CITY_CODE:
        staff.post(chief, office.parent, CHIEF)  # a section works over the whole district
    for _ in range(between(staff.rng, 1, 3)):
        role = pick(staff.rng, (INSPECTOR, INSPECTOR, CLERK))
        person = staff.hire(office.code, role)
        if office.parent != CITY_CODE:
            staff.post(person, office.parent, role)


def write(directory: Path, *, seed: int) -> None:
    """``offices.xlsx`` (sheets 机构, 镇街) and ``officers.xlsx`` (sheet 人员)."""
    directory.mkdir(parents=True, exist_ok=True)
    offices = _offices()
    officers = _staff(offices, seed)
    rows = [
        (o.code, o.title, o.kind, o.parent, o.town, o.address, f"0000-88{i:06d}", o.posts)
        for i, o in enumerate(offices, 1)
    ]
    places = [(t.code, t.name, t.district.code) for t in towns()]
    _book(directory / OFFICES, ("机构", OFFICE_COLUMNS, rows), ("镇街", TOWN_COLUMNS, places))
    _book(directory / OFFICERS, ("人员", OFFICER_COLUMNS, officers))


def _book(path: Path, *sheets: tuple[str, Sequence[str], Sequence[Sequence[str | int]]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    for title, columns, rows in sheets:
        page = book.add_worksheet(title)
        page.write_row(0, 0, columns)
        for down, row in enumerate(rows, 1):
            page.write_row(down, 0, row)
    book.close()
