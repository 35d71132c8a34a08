"""The evidence of a file: all of it with what is missing, one item with its custody and proof, a new one coming in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.models import Account
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.violations import VIOLATIONS
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem, Refused
from shiheng.ledger import queries as proofs
from shiheng.ledger.files import Kept
from shiheng.procedures import queries as proceedings
from shiheng.procedures.course import Course
from shiheng.procedures.definition import OPENING
from shiheng.procedures.evidence import actions, carrying, content, gaps, pictures, queries, redaction, uploads
from shiheng.procedures.evidence.definition import ACTS, CAPTURE, FILMED_BASIS, KINDS
from shiheng.procedures.models import Carried, Evidence, Proceeding
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.wording import say

TEXT_SHOWN = 20_000
HEADER = 1024**2  # in so many bytes a picture says how large it is


@dataclass(frozen=True, slots=True)
class Line:
    """An item in a list: what it is, whether its content may be seen, how."""

    row: Evidence
    kind: str
    content: content.Kind
    readable: bool

    @property
    def pictured(self) -> bool:
        return self.readable and self.content.shown in {"picture", "pages"}

    @property
    def officers(self) -> str:
        return str(_("、")).join(name for _key, name in self.row.taken_by)


def line_of(who: Who, row: Evidence) -> Line:
    return Line(row, KINDS.get(row.kind, row.kind), content.of_media(row.media), queries.may_read(who, row))


def measured(
    found: Proceeding, course: Course, rows: list[Evidence], carried: Sequence[Carried] | None = None,
    alleged: "list[queries.Alleged] | None" = None,
) -> dict[str, Any]:  # fmt: skip
    """What a file is about, which element has evidence and which has none, which act was not filmed."""
    items = queries.standing_items(rows)
    about = alleged if alleged is not None else queries.alleged(found, course)
    lent = queries.items_lent(carried) if carried is not None else queries.carried_items(found) if about else []
    told = [*items, *lent, *queries.recorded(course, [one.violation for one in about])]
    tables = [(one, [(row, [KINDS[kind] for kind in row.usual]) for row in one.table(told)]) for one in about]
    return {
        "tables": tables,
        "missing": [
            (one.violation, titles)
            for one in about
            if (titles := gaps.missing(one.violation.code, one.violation.elements, told))
        ],
        "gaps": sum(row.empty for _one, held in tables for row, _usual in held),
        "unfilmed": [ACTS[act] for act in gaps.unfilmed(items)],
        "filmed_basis": FILMED_BASIS,
    }


@needs(May.READ_FILES)
@require_safe
@never_cache
def listing(request: HttpRequest, number: int) -> HttpResponseBase:
    """Every item of a file, what each is to prove, and plainly what is still missing."""
    who = who_at(request)
    found = proceedings.find(who, number)
    course = proceedings.course_of(found)
    rows = list(queries.of_file(found).select_related("proceeding"))
    held = measured(found, course, rows)
    named = {one.violation.code for one, _table in held["tables"]}
    every = sorted(lists.in_force(VIOLATIONS, on=found.received_on), key=lambda one: (one.field, one.title))
    offered: dict[str, list[tuple[str, str]]] = {}
    for one in every:
        if one.code not in named:
            offered.setdefault(str(say(one.field)), []).append((one.code, str(say(one.title))))
    handles = queries.may_handle(who, found)
    context = {
        "file": found, "lines": [line_of(who, row) for row in rows], **held, "offered": offered.items(),
        "carried": carrying.lines_of(who, found),
        "carries": handles and not found.ended and bool(carrying.offered(who, found)),
        "handles": handles, "adds": handles and not found.ended, "key": uuid4(),
        "standing": sum(row.withdrawn_at is None for row in rows),
        "unfinished": uploads.mine(who, number) if handles else [],
    }  # fmt: skip
    return render(request, "procedures/evidence/list.html", context)


class Receiving(BaseModel):
    """收存证据"""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: Annotated[
        UploadedFile | None,
        Field(
            title="证据文件",
            description="图片、PDF、录音、录像、文字或其他文件。大文件分段上传，断开后重新选择同一个文件会接着传。",
            json_schema_extra={"widget": "file"},
        ),
    ] = None
    upload: Annotated[str, Field(title="已上传的文件", json_schema_extra={"widget": "hidden", "draft": False})] = ""
    kind: Annotated[str, Field(title="证据种类", json_schema_extra={"widget": "select"})]
    title: Annotated[str, Field(title="名称", max_length=200)]
    source: Annotated[str, Field(title="来源", max_length=200, description="从谁、从哪里取得：提供人、设备、网址。")]
    taken_at: Annotated[datetime, Field(title="取证时间", json_schema_extra={"group": "由谁、何时、何地取得"})]
    place: Annotated[str, Field(title="取证地点", max_length=200)]
    taker: Annotated[str, Field(title="取证人员", json_schema_extra={"widget": "select"})]
    other: Annotated[
        str,
        Field(
            title="另一名取证人员",
            description="询问、现场检查等笔录须由两名以上工作人员制作。",
            json_schema_extra={"widget": "select"},
        ),
    ] = ""
    act: Annotated[
        str,
        Field(
            title="取证时的执法行为",
            description="现场检查、询问、抽样、保存扣押都要有音像记录。",
            json_schema_extra={"choices": ACTS, "widget": "select"},
        ),
    ] = ""
    passage: Annotated[str, Field(title="所属环节", json_schema_extra={"widget": "select"})] = ""
    original: Annotated[
        str,
        Field(
            title="原件还是复制件",
            json_schema_extra={
                "choices": {"original": "原件、原物或原始载体", "copy": "复制件"}, "widget": "radio",
                "group": "原件与证明内容",
            },
        ),
    ]  # fmt: skip
    checked: Annotated[
        str,
        Field(
            title="复制件怎样核对",
            max_length=300,
            description="复制件必填：由谁提供、何时与原件核对无误、原件存放在哪里。",
            json_schema_extra={"widget": "textarea", "rows": 2},
        ),
    ] = ""
    elements: Annotated[list[str], Field(title="证明哪些构成要件", json_schema_extra={"widget": "checkboxes"})] = []
    proves: Annotated[
        str, Field(title="证明内容", max_length=500, json_schema_extra={"widget": "textarea", "rows": 2})
    ] = ""
    confidential: Annotated[
        bool,
        Field(
            title="限承办人员查看",
            description="含举报人信息、商业秘密等：其他人看得到有这件证据，打不开内容。",
        ),
    ] = False


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def receive(request: HttpRequest, number: int) -> HttpResponseBase:
    """Take an item in: its file, in pieces where the page's script runs, and what is said of it."""
    who = who_at(request)
    found = proceedings.find(who, number)
    course = proceedings.course_of(found)
    form = _form(who, found, course)
    form["file"].required = not request.POST.get("upload")
    if request.method == "POST" and (given := form.read(request)):
        try:
            made = _received(who, found, given, UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            told = _("已收存第 %(number)s 号证据，SHA-256 为 %(sha256)s。")
            messages.success(request, told % {"number": made.number, "sha256": made.file})
            return redirect("file-evidence-item", number, made.number)
    context = {
        "file": found, "form": form, "most": uploads.most_bytes() // 1024**2,
        "rules": [(KINDS[one.kind], one.says, one.basis) for one in CAPTURE.values()],
        "unfinished": uploads.mine(who, number),
        "here": _here(who, number, form["upload"].value),
    }  # fmt: skip
    return render(request, "procedures/evidence/receive.html", context, status=form.status)


def _here(who: Who, number: int, upload: str) -> str:
    """The name of the file that is here already while its form is still being mended."""
    if not upload:
        return ""
    try:
        return uploads.find(who, number, upload).name
    except Problem:
        return ""


def _form(who: Who, found: Proceeding, course: Course) -> Form[Receiving]:
    officers = [(f"account:{one.pk}", one.name) for one in proceedings.officers_at(found.scope)]
    steps = [
        (str(said.number), f"{said.number}. {step_title(course, said.step)}（{said.day}）") for said in course.live
    ]
    form = forms.from_model(
        Receiving, code="procedures.evidence", about=str(found.pk),
        initial={"taken_at": clock.now(), "taker": who.key if any(key == who.key for key, _n in officers) else ""},
        choices={"taker": officers, "other": officers, "passage": steps, "kind": list(KINDS.items()),
                 "elements": element_choices(found, course)},
    )  # fmt: skip
    if not form["elements"].choices:
        form.fields.remove(form["elements"])
    return form


def element_choices(found: Proceeding, course: Course) -> list[tuple[str, str]]:
    """The elements of what a file is about, as choices."""
    held = queries.alleged(found, course)
    return [
        (
            gaps.named(one.violation.code, element.title),
            f"{say(one.violation.title)}：{say(element.title)}" if len(held) > 1 else str(say(element.title)),
        )
        for one in held
        for element in one.violation.elements
    ]


def step_title(course: Course, step: str) -> str:
    held = course.procedure.step(step)
    return str(say(held.title)) if held else str(_("登记")) if step == OPENING else step


def _received(who: Who, found: Proceeding, given: Receiving, key: UUID) -> Evidence:
    people = {
        f"account:{pk}": name
        for pk, name in Account.objects.filter(
            pk__in=[int(one.partition(":")[2]) for one in (given.taker, given.other) if one]
        ).values_list("pk", "name")
    }
    item = actions.Item(
        kind=given.kind, title=given.title, source=given.source, taken_at=given.taken_at, place=given.place,
        taken_by=[(one, people[one]) for one in dict.fromkeys((given.taker, given.other)) if one in people],
        proves=given.proves, elements=given.elements, original=given.original == "original", checked=given.checked,
        act=given.act, passage=int(given.passage) if given.passage else None, confidential=given.confidential,
    )  # fmt: skip
    kept, name = _kept(who, found.pk, given)
    made = actions.receive(who, found.pk, item, kept, name=name, key=key)
    if given.upload:
        uploads.drop(uploads.find(who, found.pk, given.upload))
    return made


def _kept(who: Who, number: int, given: Receiving) -> tuple[Kept, str]:
    """The file of this form: sent piece by piece before it, or with it."""
    if given.upload:
        upload = uploads.find(who, number, given.upload)
        return uploads.whole(upload), upload.name
    if given.file is None:
        raise Refused("evidence.none", _("请选择证据文件。"), field="file")
    name = given.file.name or ""
    return uploads.take(given.file, name=name, size=given.file.size or 0), name


@needs(May.READ_FILES)
@require_safe
@never_cache
def item(request: HttpRequest, number: int, item: int) -> HttpResponseBase:
    """One item: what it is, how it looks, through whose hands it went, what proves it."""
    who = who_at(request)
    held = queries.find(who, number, item)
    found = held.proceeding
    course = proceedings.course_of(found)
    line = line_of(who, held)
    rows = queries.custody_of(held)
    leaves = list(proofs.history(actions.subject_of(held)))
    said = next((one for one in course.passages if one.number == held.passage), None)
    handles = queries.may_handle(who, found)
    page = request.GET.get("page", "1")
    context = {
        "file": found, "item": held, "line": line, "capture": CAPTURE.get(held.kind),
        "act": ACTS.get(held.act, ""), "step": step_title(course, said.step) if said else "",
        "elements": [one.partition(":")[2] for one in held.elements], "standing": queries.standing_of(rows),
        "custody": [(actions.event_title(row.kind), row) for row in rows], "leaves": leaves,
        "leaf": leaves[0] if leaves else None, "copies": held.copies.order_by("number"),
        "redacts": handles and line.readable and redaction.possible(held), "handles": handles,
        "withdraws": handles and held.withdrawn_at is None and held.actor != who.key and not found.ended,
        "page": int(page) if page.isdigit() and len(page) < 5 else 1, "key": uuid4(),
        **_preview(line),
    }  # fmt: skip
    return render(request, "procedures/evidence/item.html", context)


def _preview(line: Line) -> dict[str, Any]:
    """What the page shows of the content: pages by number, text itself; why not, where it cannot be drawn."""
    if not line.readable:
        return {}
    try:
        if line.content.shown == "picture":
            pictures.check_size(queries.head_of(line.row, HEADER), line.row.media)
        if line.content.shown == "pages":
            return {"pages": range(1, queries.pages_of(line.row) + 1)}
        if line.content.shown == "text":
            text = content.text_of(queries.head_of(line.row, TEXT_SHOWN * 4))
            return {"text": text[:TEXT_SHOWN], "cut": len(text) > TEXT_SHOWN}
    except Problem as problem:
        return {"fault": problem.message}
    return {}


@needs(May.READ_FILES)
@require_safe
@never_cache
def proof(request: HttpRequest, number: int, item: int) -> HttpResponseBase:
    """The proof that an item came in as it is, to be checked anywhere."""
    held = queries.find(who_at(request), number, item)
    leaf = proofs.history(actions.subject_of(held)).first()
    assert leaf is not None
    text = proofs.exported(proofs.proof(leaf))
    answer = HttpResponse(text, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="proof-{number}-{item}.json"'
    return answer


@dataclass(frozen=True, slots=True)
class Recorded:
    """One step of the full record: what was done, and what was taken in it."""

    title: str
    passage: Any
    lines: list[Line]


@needs(May.READ_FILES)
@require_safe
@never_cache
def record(request: HttpRequest, number: int) -> HttpResponseBase:
    """执法全过程记录: every step with its moment, its people and what was filmed, written or taken in it."""
    who = who_at(request)
    found = proceedings.find(who, number)
    rows = proceedings.passages_of(found)
    course = proceedings.course_of(found, rows)
    items = list(queries.of_file(found).select_related("proceeding"))
    held = [
        Recorded(step_title(course, row.step), row, [line_of(who, one) for one in items if one.passage == row.number])
        for row in rows
    ]
    context = {
        "file": found, "steps": held, "loose": [line_of(who, one) for one in items if one.passage is None],
        **measured(found, course, items),
    }  # fmt: skip
    return render(request, "procedures/evidence/record.html", context)
