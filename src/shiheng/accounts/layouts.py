"""The spreadsheets by which offices, towns and officers come in and go out: one layout for template, import, export.

Workbook of offices: sheet ``机构`` with ``OFFICE_COLUMNS``; optional sheet ``镇街`` with ``TOWN_COLUMNS`` (every town
and street of the district, whether or not it has a station: it is what the share of towns served is divided by).
Workbook of officers: sheet ``人员`` with ``OFFICER_COLUMNS``; one row a post, so a person with two posts has two rows.

The first row of a sheet holds the titles; their order is free, unknown columns are refused, days are written
``2026-01-31`` or are real dates. A station that serves several towns names them with ``、`` between.
"""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from shiheng.accounts.models import Office
from shiheng.accounts.permissions import ROLE_TITLES


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, the field it fills, whether it must be there, what to write, an example."""

    title: str
    field: str
    required: bool = False
    hint: str = ""
    example: str = ""
    values: tuple[str, ...] = ()

    @property
    def gloss(self) -> str:
        """The title in the language of the page, where that is another: the file itself keeps the Chinese one."""
        said = _(self.title)
        return "" if said == self.title else said

    @property
    def note(self) -> str:
        if self.values and any(_(value) != value for value in self.values):
            return _("、").join(f"{value} ({_(value)})" for value in self.values)
        return _(self.hint) if self.hint else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    columns: tuple[Column, ...]
    required: bool = True

    @property
    def gloss(self) -> str:
        said = _(self.title)
        return "" if said == self.title else said


KIND_CODES = {title: code for code, title in Office.KINDS.items()}
ROLE_CODES = {title: role.value for role, title in ROLE_TITLES.items()}

OFFICES = Sheet(
    "机构",
    (
        Column("机构代码", "code", True, "全市唯一，字母、数字；下级以上级代码开头", "44990101"),
        Column("机构名称", "title", True, "全称，不超过 100 字", "临江区市场监督管理局江口监管所"),
        Column("机构类别", "kind", True, "、".join(KIND_CODES), "监管所", values=tuple(KIND_CODES)),
        Column("上级机构代码", "parent", False, "市局留空，其余必填", "449901"),
        Column("镇街", "town", False, "监管所所在镇街；管多个镇街的用顿号隔开", "江口街道"),
        Column("办公地址", "address", False, "", "江口街道滨江路 1 号"),
        Column("联系电话", "phone", False, "", "0000-88880001"),
        Column("核定编制数", "established_posts", False, "非负整数，留空为 0", "12"),
    ),
)
TOWNS = Sheet(
    "镇街",
    (
        Column("镇街代码", "code", True, "9 至 12 位数字", "449901001"),
        Column("镇街名称", "title", True, "", "江口街道"),
        Column("所属机构代码", "office", True, "所属区局的机构代码", "449901"),
    ),
    required=False,
)
OFFICERS = Sheet(
    "人员",
    (
        Column("登录名", "username", True, "小写字母、数字，全市唯一", "lichuang"),
        Column("姓名", "name", True, "", "李窗"),
        Column("机构代码", "office", True, "任职机构的代码", "449901"),
        Column("角色", "role", True, "、".join(ROLE_CODES), "窗口人员", values=tuple(ROLE_CODES)),
        Column("执法证号", "card_number", False, "检查人员填写", ""),
        Column("任职日期", "since", True, "如 2026-01-31", "2026-01-31"),
        Column("手机", "phone", False, "11 位数字", "13800000000"),
        Column("免职日期", "until", False, "仍在任留空", ""),
    ),
)
Rows = list[dict[str, Any]]


def workbook(*sheets: tuple[Sheet, Rows]) -> bytes:
    """A workbook in the layout, with the hint of each column as a note and one frozen row of titles."""
    held = BytesIO()
    # Text stays text: a name that begins with "=" must not become a formula in somebody's spreadsheet.
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF6", "border": 1})
    for sheet, rows in sheets:
        page = book.add_worksheet(sheet.title)
        page.freeze_panes(1, 0)
        for across, column in enumerate(sheet.columns):
            page.write_string(0, across, column.title, head)
            page.set_column(across, across, max(12, 2 * len(column.title) + 4))
            if column.hint or column.required:
                must = "必填。" if column.required else "选填。"  # not shown: the file is Chinese
                page.write_comment(0, across, must + column.hint)
            for down, row in enumerate(rows, start=1):
                value = row.get(column.field)
                if isinstance(value, int) and not isinstance(value, bool):
                    page.write_number(down, across, value)
                elif value not in (None, ""):
                    page.write_string(down, across, value.isoformat() if isinstance(value, date) else str(value))
    book.close()
    return held.getvalue()


def template(*sheets: Sheet) -> bytes:
    """An empty workbook in the layout, with one line of examples to write over."""
    return workbook(*((sheet, [{c.field: c.example for c in sheet.columns}]) for sheet in sheets))
