"""What procedures put on pages: their menu, a business's files in its file."""

from collections.abc import Iterable, Sequence

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.ledger.rotation import IN_USE
from shiheng.procedures import queries, tables
from shiheng.procedures.flowing import queries as flowing
from shiheng.procedures.measures import queries as measures
from shiheng.procedures.models import Proceeding
from shiheng.procedures.recording import file_of
from shiheng.procedures.resealing import holds
from shiheng.registers.held import HELD, SOURCE
from shiheng.ui.slots import Fragment, MenuItem, declare, fill

MOST = 20
ITEMS = (
    MenuItem("办理", "待办案卷", "files", order=10, power=May.READ_FILES),
    MenuItem("办理", "来件总台账", "intake", order=9, power=May.READ_FILES),
    MenuItem("办理", "登记案卷", "file-choose", order=11, power=May.HANDLE_FILES),
    MenuItem("办理", "待我审批", "approvals", order=12, power=May.HANDLE_FILES),
    MenuItem("办理", "案件台账", "case-book", order=13, power=May.READ_FILES),
    MenuItem("办理", "涉案财物", "goods", order=15, power=May.READ_FILES),
    MenuItem("办理", "罚没收缴", "money", order=14, power=May.READ_FILES),
    MenuItem("办理", "办理统计", "file-figures", order=13, power=May.READ_FILES),
    MenuItem("办理", "并案调解", "file-groups", order=15, power=May.READ_FILES),
    MenuItem("办理", "来信热点", "file-hotspots", order=16, power=May.READ_FILES),
    MenuItem("办理", "承办负荷", "file-officers", order=17, power=May.ASSIGN_FILES),
    MenuItem("办理", "案卷变动", "file-moves", order=18, power=May.ASSIGN_FILES),
    MenuItem("办理", "接收原系统案卷", "takeover", order=19, power=May.ASSIGN_FILES),
    MenuItem("办理", "档案查找", "file-archive", order=12, power=May.READ_FILES),
    MenuItem("办理", "信用措施适用", "measures-applied", order=20, power=May.READ_FILES),
    MenuItem("办理", "文书格式", "forms", order=14, power=May.SEE_DESK),
)


def menu(who: Who, key: object) -> Sequence[MenuItem]:  # noqa: ARG001 - the shape of every slot's function
    return ITEMS


def of_subject(who: Who, subject_id: int) -> Fragment | None:
    """The files of a business in the reader's territory; a report against it is not among what others see."""
    if not who.may(May.READ_FILES):
        return None
    rows = list(queries.of_subject(subject_id).filter(queries.open_to(who), within(who.paths(May.READ_FILES)))[:MOST])
    if not rows:
        return None
    lines = [(row, tables.procedure_title(row), tables.state_of(row), tables.urgency(row)) for row in rows]
    html = render_to_string("procedures/of_subject.html", {"lines": lines})
    return Fragment(html, count=len(lines))


def source_of(who: Who, entry: int) -> Fragment | None:
    """The file that keeps an entry of a register, for whoever may read it."""
    held = flowing.source_of(entry)
    if held is None or not who.may(May.READ_FILES, held.proceeding.scope):
        return None
    return Fragment(render_to_string("procedures/flowing/source.html", {"held": held}))


def kept_entries(_who: object, numbers: Iterable[int]) -> set[int]:
    """Those of these entries that a file keeps: they are written there alone."""
    return flowing.kept_entries(numbers)


def of_record(who: Who, key: tuple[str, str, str]) -> Fragment | None:
    """The way from a record in a business's file to the file of ours that says it."""
    number = file_of(key[0])
    if not number or not who.may(May.READ_FILES):
        return None
    return Fragment(format_html('<a href="{}">{}</a>', reverse("file", args=[number]), _("打开案卷")))


def heeded(who: Who, found: Proceeding) -> Fragment | None:
    """The measures of credit that mean somebody in a file, and what came of each."""
    if not measures.asked(found.procedure, clock.today()):
        return None
    rows = [(row, measures.measure_of(row)) for row in measures.of_proceeding(found)]
    if not rows:
        return None
    handles = who.may(May.HANDLE_FILES, found.scope)
    context = {"rows": rows, "handles": handles}
    return Fragment(render_to_string("procedures/measures/panel.html", context), count=len(rows))


declare("file.panels", "案卷页上其他窗口的内容")
fill("subject.origin", "procedures", "案卷", of_record)
fill("file.panels", "measures", "信用措施", heeded, order=5)
fill("menu.items", "procedures", "办理", menu, order=10)
fill("subject.panels", "procedures", "案卷", of_subject, order=35)
fill(HELD, "procedures", "案卷", kept_entries)
fill(SOURCE, "procedures", "案卷", source_of)
fill(IN_USE, "procedures", "案卷", holds)
