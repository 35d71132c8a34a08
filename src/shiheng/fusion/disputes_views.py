"""数据异议: the form beside each field, the list of what waits, and one report with its answer."""

from typing import Annotated, Any, Literal

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.doors import signed_in, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import disputes, sources
from shiheng.fusion import disputes_panels as panels
from shiheng.fusion.models import Dispute
from shiheng.fusion.tables import source_filter, title_of
from shiheng.kernel.errors import Forbidden, Missing, Problem
from shiheng.ledger import attachments, files, kinds
from shiheng.ledger import queries as ledger
from shiheng.subjects.models import Subject
from shiheng.ui import formats, forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

AGES = {"1": "一天及以上", "7": "七天及以上", "15": "十五天及以上", "30": "三十天及以上"}
NOW = {"same": ("未变", "plain"), "changed": ("已变", "ok"), "gone": ("已没有", "done")}
RESULTS = {
    "mended": "已更正：新的批次已把它改过来",
    "answered": "认可：确有错误，更正文件待报送",
    "refused": "维持原值",
}


def _title(row: Dispute) -> str:
    return str(say(disputes.title_of(row)))


def _age(row: Dispute) -> str:
    waited = disputes.days(row)
    if row.answered_at:
        return ngettext("%(days)s 天后答复", "%(days)s 天后答复", waited) % {"days": waited}
    return ngettext("已等 %(days)s 天", "已等 %(days)s 天", waited) % {"days": waited}


def _now(row: Dispute) -> tuple[str, str]:
    held = getattr(row, "now", None) or disputes.now_of([row])[row.pk]
    return NOW[held.state]


def _departments() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted({s.department for s in sources.every().values()}) if name]


TABLE = Table(
    "disputes",
    "数据异议",
    [
        Column("number", "编号", kind="link", sort="pk", href=lambda row: reverse("dispute", args=[row.pk])),
        Column("subject", "主体", "subject.name"),
        Column("title", "有误的一项", _title),
        Column("state", "状态", lambda row: (Dispute.STATES[row.state], panels.TONES[row.state]), kind="badge"),
        Column("age", "天数", _age, sort="opened_at"),
        Column("now", "现行值", _now, kind="badge"),
        Column("source", "数据源", lambda row: title_of(row.source), sort="source"),
        Column("department", "责任部门", lambda row: say(row.department) or _("未声明"), sort="department"),
        Column("reporter_name", "报告人", kind="person"),
        Column("opened_at", "提出时间", kind="moment", sort="opened_at", hidden=True),
        Column("answered_by", "答复人", kind="person", hidden=True),
        Column("answered_at", "首次答复时间", kind="moment", hidden=True),
    ],
    [
        Filter("state", "状态", "choice", "state", choices=list(Dispute.STATES.items())),
        source_filter(),
        Filter("department", "责任部门", "choice", "department", choices=_departments),
        Filter(
            "age",
            "待答复",
            "choice",
            apply=lambda rows, value: disputes.older_than(rows, int(value)),
            choices=list(AGES.items()),
        ),
    ],
    default_sort="-pk",
    empty="没有数据异议。在主体档案的每一项旁边点“报错”，报告会列在这里。",
)


class Reporting(BaseModel):
    """报告有误"""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    about: Annotated[str, Field(title="哪一项有误", json_schema_extra={"widget": "select"})]
    wrong: Annotated[
        str,
        Field(
            title="哪里不对",
            max_length=500,
            description="例如“住所已于去年迁到码头路 20 号，档案仍是旧址”。请不要写身份证号码、手机号码。",
            json_schema_extra={"widget": "textarea"},
        ),
    ]
    should: Annotated[
        str,
        Field(
            title="应当是什么",
            max_length=500,
            description="知道正确内容的请写上；个人信息不写在这里，放进证明材料。",
        ),
    ] = ""
    evidence: Annotated[
        UploadedFile | None,
        Field(
            title="证明材料",
            description="PDF、图片、DOCX、XLSX 或 ZIP，不超过 20 MB；加密保存，只给答复的人看。",
            json_schema_extra={"widget": "file", "accept": ",".join(attachments.KINDS)},
        ),
    ] = None


class Answering(BaseModel):
    """答复"""

    outcome: Annotated[
        Literal["mended", "answered", "refused"],
        Field(title="答复结果", json_schema_extra={"choices": RESULTS, "widget": "radio"}),
    ]
    batch: Annotated[
        int | None,
        Field(
            title="更正的批次",
            ge=1,
            le=2**62,
            description="答复已更正时填写：把这一项改过来的批次编号。",
            json_schema_extra={"width": "short"},
        ),
    ] = None
    reason: Annotated[
        str,
        Field(
            title="理由或说明",
            max_length=500,
            description="报告人会看到。认可或维持原值时必填，例如“经核对登记档案，住所与核准的一致”。",
            json_schema_extra={"widget": "textarea"},
        ),
    ] = ""


def _may_read(who: Who) -> None:
    if not any(who.may(power) for power in (May.READ_SUBJECTS, May.OWN_BUSINESS, May.SEND_OWN)):
        raise Forbidden("power.missing", "您的岗位没有使用本页的权限。如工作需要，请联系本单位系统管理员增加岗位。")


def _file_of(who: Who, subject: int) -> str:
    """The subject's page as this person opens it; another department's person has none."""
    if who.may(May.READ_SUBJECTS):
        return reverse("subject", args=[subject])
    return reverse("enterprise-subject", args=[subject]) if who.may(May.OWN_BUSINESS) else ""


@signed_in
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """What waits and what was answered, as far as this person may see it."""
    who = who_at(request)
    _may_read(who)
    found = TABLE.read(request, disputes.visible_to(who).select_related("subject"))
    if found.wants_export:
        return found.response()
    now = disputes.now_of(found.page_rows)
    for row in found.page_rows:
        row.now = now[row.pk]
    return render(request, "fusion/disputes.html", {"listing": found, "held": disputes.waiting(who)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, subject_id: int) -> HttpResponseBase:
    """Say which field or record is wrong; the one the person came from is chosen already."""
    who = who_at(request)
    if not (who.may(May.READ_SUBJECTS) or who.may(May.OWN_BUSINESS)):
        _may_read(who)
        raise Missing("subject.missing", _("没有找到这个主体，或它不在您名下。请从主体档案进入。"))
    subject = disputes.subject_for(who, subject_id)
    about = request.POST.get("about") or request.GET.get("about", "")
    record = request.GET.get("record", "")
    if about.startswith("record:"):
        record = about.removeprefix("record:")
    wanted = int(record) if record.isascii() and record.isdigit() and len(record) < 19 else None
    targets = disputes.targets(who, subject, record=wanted)
    form = forms.from_model(
        Reporting,
        code="fusion.dispute",
        about=str(subject.pk),
        initial={"about": about} if any(t.about == about for t in targets) else None,
        choices={"about": [(t.about, f"{say(t.title)}：{_brief(t.shown)}") for t in targets]},
    )
    if request.method == "POST" and (value := form.read(request)):
        try:
            made = _open(subject, value, who, form.key)
        except Problem as problem:
            form.refuse(problem)
        else:
            told = _("已提出数据异议 %(number)s，已告知责任部门；答复后会通知您。")
            messages.success(request, told % {"number": made.number})
            return htmx.redirect(request, reverse("dispute", args=[made.pk]))
    context = {"subject": subject, "form": form, "back": _file_of(who, subject.pk)}
    return render(request, "fusion/dispute_new.html", context, status=form.status)


def _brief(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _open(subject: Subject, value: Reporting, who: Who, key: str) -> Dispute:
    return disputes.report(
        subject.pk,
        about=value.about,
        wrong=value.wrong,
        should=value.should,
        evidence=attachments.keep(value.evidence),
        evidence_name=(value.evidence.name or "") if value.evidence else "",
        who=who,
        key=key,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, number: int) -> HttpResponseBase:
    """One report: what was said, what stands now, what became of it; and the answer, for who gives it."""
    who = who_at(request)
    _may_read(who)
    found = disputes.find(who, number)
    answers = disputes.may_answer(who, found)
    now = disputes.now_of([found])[found.pk]
    form = None
    if answers and (found.state in Dispute.UNSETTLED or request.method == "POST"):
        start = {"batch": now.batch} if now.state == "changed" and now.batch else None
        form = forms.from_model(Answering, code="fusion.answer", about=str(number), initial=start)
        if request.method == "POST" and (value := form.read(request)):
            try:
                disputes.answer(number, **value.model_dump(), who=who, key=form.key)
            except Problem as problem:
                form.refuse(problem)
            else:
                messages.success(request, _("已答复，报告人会收到消息。"))
                return htmx.redirect(request, reverse("dispute", args=[number]))
    elif request.method == "POST":
        raise Forbidden("dispute.power", _("您的岗位不能答复这件异议；由报送部门或辖区的数据专员答复。"))
    context = {
        "dispute": found,
        "title": _title(found),
        "state": (say(Dispute.STATES[found.state]), panels.TONES[found.state]),
        "age": _age(found),
        "now": now,
        "now_source": title_of(now.source) if now.source else "",
        "about": _about(found),
        "history": _history(found),
        "form": form,
        "file": _file_of(who, found.subject_id),
        "may_open": who.may(May.READ_SOURCES, found.scope),
    }
    return render(request, "fusion/dispute.html", context, status=form.status if form else 200)


def _about(found: Dispute) -> list[tuple[str, Any]]:
    where = ""
    if found.batch_id:
        told = _("批次 %(batch)s 第 %(row)s 行") if found.row else _("批次 %(batch)s")
        where = told % {"batch": found.batch_id, "row": found.row}
    reporter = _("，").join(filter(None, (found.reporter_name, found.reporter_office)))
    rows: list[tuple[str, Any]] = [
        (_("报告时的内容"), found.shown),
        (_("哪里不对"), found.wrong),
        (_("应当是什么"), found.should or _("没有写")),
        (_("数据源"), title_of(found.source)),
        (_("责任部门"), say(found.department) or _("未声明")),
        (_("出处"), where or _("未取得")),
        (_("报告人"), reporter),
        (_("提出时间"), formats.moment(found.opened_at)),
    ]
    if found.answered_at:
        rows += [
            (_("答复"), found.answer or say(Dispute.STATES[found.state])),
            (_("答复人"), found.answered_by),
            (_("首次答复时间"), formats.moment(found.answered_at)),
        ]
    return rows


def _history(found: Dispute) -> list[dict[str, Any]]:
    """Everything on record, latest first."""
    return [
        {
            "moment": leaf.at,
            "title": kinds.title_of(leaf.kind),
            "who": leaf.actor_name,
            "text": _said(leaf.facts),
        }
        for leaf in ledger.history(f"dispute:{found.pk}").reverse()
    ]


def _said(facts: dict[str, Any]) -> str:
    outcome = str(say(facts["outcome"])) if facts.get("outcome") else ""
    return _("：").join(filter(None, (outcome, facts.get("reason") or facts.get("wrong"))))


@signed_in
@require_safe
def evidence(request: HttpRequest, number: int) -> FileResponse:
    """The file that was sent with a report: for who sent it and who answers."""
    who = who_at(request)
    _may_read(who)
    found = disputes.find(who, number)
    if not found.evidence or not (found.reporter == who.key or disputes.may_answer(who, found)):
        raise Missing("dispute.evidence", _("这件异议没有证明材料，或它不给您看。"))
    return FileResponse(files.open_kept(found.evidence), as_attachment=True, filename=found.evidence_name)
