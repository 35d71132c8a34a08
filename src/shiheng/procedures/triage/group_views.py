"""并案调解: which groups there are and could be, one group with its members, one act for all of them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.procedures import actions, queries, tables
from shiheng.procedures.contents import Nothing, pointing
from shiheng.procedures.definition import Step
from shiheng.procedures.models import Group, GroupStep, Member, Paper
from shiheng.procedures.triage import groups, repeats
from shiheng.registers.contents import choices_in
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.wording import say

SHOWN = 50


@needs(May.READ_FILES)
@require_safe
@never_cache
def listing(request: HttpRequest) -> HttpResponseBase:
    """The groups of the territory, and businesses with several open equal complaints that are in none."""
    who = who_at(request)
    rows = list(groups.visible_to(who)[:SHOWN])
    held: dict[int, list[Member]] = {}
    for member in Member.objects.filter(group__in=rows, left_at=None).select_related("proceeding"):
        held.setdefault(member.group_id, []).append(member)
    lines = [
        (row, len(held.get(row.pk, ())), sum(not one.proceeding.ended for one in held.get(row.pk, ()))) for row in rows
    ]
    proposed = repeats.proposals(who) if who.may(May.HANDLE_FILES) else []
    context = {"groups": lines, "proposals": proposed[:SHOWN], "key": uuid4()}
    return render(request, "procedures/triage/groups.html", context)


@needs(May.HANDLE_FILES)
@require_POST
def form(request: HttpRequest) -> HttpResponseBase:
    """Form a group of the files that were ticked."""
    numbers = [int(text) for text in request.POST.getlist("files") if text.isdigit() and len(text) < 12]
    made = groups.form(
        who_at(request), numbers, title=request.POST.get("title", "")[:200],
        key=_key(request),
    )  # fmt: skip
    messages.success(request, _("已并案，以后可以一次办理调解，每件仍有自己的案卷、期限和答复。"))
    return redirect("file-group", made.pk)


@needs(May.READ_FILES)
@require_safe
@never_cache
def group(request: HttpRequest, number: int) -> HttpResponseBase:
    """One group: each file with where it stands and what was answered, what was done for all, who left and why."""
    who = who_at(request)
    found = groups.find(who, number)
    rows = groups.members(found)
    papers: dict[int, list[Paper]] = {}
    for paper in Paper.objects.filter(proceeding__in=[one.proceeding_id for one in rows], withdrawn_on=None):
        papers.setdefault(paper.proceeding_id, []).append(paper)
    context = {
        "group": found,
        "lines": [
            (one, tables.state_of(one.proceeding), tables.urgency(one.proceeding),
             papers.get(one.proceeding_id, ())) for one in rows
        ],
        "left": groups.members(found, left=True), "acts": _acts(found, rows),
        "steps": groups.steps_of(found) if who.may(May.HANDLE_FILES, found.scope) else [],
        "handles": who.may(May.HANDLE_FILES, found.scope),
    }  # fmt: skip
    return render(request, "procedures/triage/group.html", context)


def _acts(found: Group, rows: list[Member]) -> list[tuple[GroupStep, str, int]]:
    steps = {step.code: step for step in _procedure_steps(rows)}
    return [
        (act, str(say(steps[act.step].title)) if act.step in steps else act.step, len(act.files))
        for act in GroupStep.objects.filter(group=found).order_by("-at")
    ]


def _procedure_steps(rows: list[Member]) -> tuple[Step, ...]:
    row = rows[0].proceeding if rows else None
    return queries.version_of(row.procedure, row.version).steps if row else ()


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take(request: HttpRequest, number: int, step: str) -> HttpResponseBase:
    """One step for all members that are ticked."""
    who = who_at(request)
    found = groups.find(who, number)
    held = next((one for one in groups.steps_of(found) if one.code == step), None)
    if held is None:
        raise Missing("group.step", _("这个环节不能并案办理，请在各个案卷里分别办理。"))
    able = groups.able(who, found, step)
    form_ = _step_form(found, held, able)
    if request.method == "POST" and (given := form_.read(request)):
        values = given.model_dump()
        facts = {n: values[n] for n in (held.facts or Nothing).model_fields if values.get(n) is not None}
        try:
            groups.take(
                who, number, step, facts, [int(pk) for pk in values["files"]], day=values.get("day_"),
                reason=str(values.get("reason_") or ""), papers=bool(values.get("papers_")), key=UUID(str(form_.key)),
            )  # fmt: skip
        except Problem as problem:
            form_.refuse(pointing(problem))
        else:
            told = {"step": say(held.title), "n": len(values["files"])}
            messages.success(request, _("已为 %(n)s 件办理：%(step)s。") % told)
            return redirect("file-group", number)
    context = {"group": found, "step": held, "form": form_, "out": [one for one in able if one.why]}
    return render(request, "procedures/triage/group_take.html", context, status=form_.status)


def _step_form(found: Group, step: Step, able: list[groups.Able]) -> Form[Any]:
    """The step's own form with the members it is taken for."""
    base = step.facts or Nothing
    about = {"group": "发生日期"}
    extra: dict[str, Any] = {
        "files": (list[str], Field(title="为哪几件办理", min_length=1, json_schema_extra={"group": "并案成员"})),
        "day_": (date | None, Field(default=None, title="发生日期", description="留空是今天。",
                                    json_schema_extra={**about, "width": "short"})),
        "reason_": (str | None, Field(default=None, title="说明", max_length=actions.REASON_MOST)),
    }  # fmt: skip
    if step.documents:
        extra["papers_"] = (bool, Field(default=False, title="同时为每件制作文书"))
    model: type[BaseModel] = create_model("Together", __base__=base, **extra)
    files = [(str(one.file.pk), f"{one.file.number} {one.file.title}") for one in able]
    choices = {**choices_in(base), "files": files}
    return forms.from_model(
        model, code=f"triage.group.{step.code}", about=str(found.pk), choices=choices,
        initial={"files": [str(one.file.pk) for one in able if not one.why]},
    )  # fmt: skip


class Leaving(BaseModel):
    """退出并案"""

    why: str = Field(
        title="退出的理由", max_length=actions.REASON_MOST, json_schema_extra={"widget": "textarea"},
        description="例如投诉人要求单独调解，或者事实与其他各件不同。",
    )  # fmt: skip


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def leave(request: HttpRequest, number: int, file: int) -> HttpResponseBase:
    """Take one file out of a group, with why."""
    who = who_at(request)
    found, row = groups.find(who, number), queries.find(who, file)
    form_ = forms.from_model(Leaving, code="triage.leave", about=f"{number}-{file}")
    if request.method == "POST" and (given := form_.read(request)):
        try:
            groups.leave(who, number, file, why=given.why, key=UUID(str(form_.key)))
        except Problem as problem:
            form_.refuse(problem)
        else:
            messages.success(request, _("已退出并案，单独办理。"))
            return redirect("file-group", number)
    return render(request, "procedures/triage/group_leave.html", {"group": found, "file": row, "form": form_},
                  status=form_.status)  # fmt: skip


@needs(May.HANDLE_FILES)
@require_POST
def join(request: HttpRequest, number: int, file: int) -> HttpResponseBase:
    """Put one more file into a group."""
    groups.join(who_at(request), number, file, key=_key(request))
    messages.success(request, _("已并入。"))
    return redirect("file-group", number)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key.form", _("这张表单不完整，请刷新页面后重试。")) from None
