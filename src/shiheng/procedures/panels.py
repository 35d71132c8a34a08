"""What procedures put on pages: their menu, a business's files in its file."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Who
from shiheng.ledger.rotation import IN_USE
from shiheng.procedures import queries, tables
from shiheng.procedures.resealing import holds
from shiheng.ui.slots import Fragment, MenuItem, fill

MOST = 20
ITEMS = (
    MenuItem("办理", "待办案卷", "files", order=10, power=May.READ_FILES),
    MenuItem("办理", "来件总台账", "intake", order=9, power=May.READ_FILES),
    MenuItem("办理", "登记案卷", "file-choose", order=11, power=May.HANDLE_FILES),
    MenuItem("办理", "待我审批", "approvals", order=12, power=May.HANDLE_FILES),
    MenuItem("办理", "罚没收缴", "money", order=14, power=May.READ_FILES),
    MenuItem("办理", "办理统计", "file-figures", order=13, power=May.READ_FILES),
    MenuItem("办理", "文书格式", "forms", order=14, power=May.SEE_DESK),
)


def menu(who: Who, key: object) -> Sequence[MenuItem]:  # noqa: ARG001 - the shape of every slot's function
    return ITEMS


def of_subject(who: Who, subject_id: int) -> Fragment | None:
    """The files of a business in the reader's territory; a report against it is not among what others see."""
    if not who.may(May.READ_FILES):
        return None
    rows = list(queries.of_subject(subject_id).filter(within(who.paths(May.READ_FILES)))[:MOST])
    if not rows:
        return None
    lines = [(row, tables.procedure_title(row), tables.state_of(row), tables.urgency(row)) for row in rows]
    html = render_to_string("procedures/of_subject.html", {"lines": lines})
    return Fragment(html, count=len(lines))


fill("menu.items", "procedures", "办理", menu, order=10)
fill("subject.panels", "procedures", "案卷", of_subject, order=35)
fill(IN_USE, "procedures", "案卷", holds)
