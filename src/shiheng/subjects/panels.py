"""What subjects put on pages: their entries in the menu, and the permits of one subject in its file."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from shiheng.accounts.permissions import May, Who
from shiheng.kernel.citation import Cited
from shiheng.subjects import permits, queries, tracing
from shiheng.subjects.behaviour import MEASURES
from shiheng.ui.slots import Fragment, MenuItem, fill

ITEMS = (
    MenuItem("主体", "辖区主体", "subjects", order=10, power=May.READ_SUBJECTS),
    MenuItem("主体", "检索", "desk-search", order=11, power=May.READ_SUBJECTS),
    MenuItem("主体", "经营许可证照库", "permits", order=12, power=May.READ_SUBJECTS),
    MenuItem("主体", "地址追寻", "trace-address", order=14, power=May.READ_SUBJECTS),
    MenuItem("主体", "法人追寻", "trace-person", order=15, power=May.TRACE_PERSONS),
    MenuItem("登记", "冒名登记投诉", "misuse", order=20, power=May.INVESTIGATE_MISUSE),
    MenuItem("主体", "人员追寻记录", "trace-log", order=16, power=May.READ_LEDGER),
    MenuItem("主体", "主体结构", "subject-structure", order=13, power=May.READ_SUBJECTS),
    MenuItem("主体", "增减与迁移", "subject-growth", order=13, power=May.READ_SUBJECTS),
    MenuItem("我的企业", "企业首页", "enterprise-home", order=10, power=May.OWN_BUSINESS),
)


def menu(who: Who, key: object) -> Sequence[MenuItem]:  # noqa: ARG001 - the shape of every slot's function
    return ITEMS


def shelf(who: Who, subject_id: int) -> Fragment | None:
    """许可: every permit with how it stands and where it came from, and what the industry needs and nobody reported."""
    subject = queries.identities().filter(id=subject_id).first()
    if subject is None:
        return None
    found = permits.shelf_of(who, subject)
    html = render_to_string("subjects/parts/permits.html", {"shelf": found, "subject": subject})
    return Fragment(html, count=len(found.lines))


fill("menu.items", "subjects", "主体", menu)


def cited(who: Who, key: object) -> list[Cited]:  # noqa: ARG001 - the shape of every slot's function
    """The articles on which measures of behaviour stand."""
    return [Cited("behaviour", one.code, one.title, None, one.basis) for one in MEASURES if one.basis]


fill("law.citations", "subjects", "行为指标", cited)


def traces(who: Who, subject_id: int) -> Fragment | None:
    """追溯: the houses where this subject is, each with how many others are there."""
    if not who.may(May.READ_SUBJECTS):
        return None
    houses = [(house, tracing.page_of(house.door)) for house in tracing.neighbours(subject_id)]
    html = render_to_string("subjects/parts/tracing.html", {"houses": houses})
    return Fragment(html, count=len(houses))


def behaviour(who: Who, subject_id: int) -> Fragment | None:
    """行为: the way to the time line and the comparison; nothing is worked out here."""
    if not who.may(May.READ_SUBJECTS):
        return None
    return Fragment(render_to_string("subjects/parts/behaviour.html", {"subject_id": subject_id}))


fill("subject.panels", "behaviour", "行为", behaviour, order=50)
fill("subject.panels", "tracing", "追溯", traces, order=60)
fill("subject.panels", "permits", "许可", shelf, order=10)
