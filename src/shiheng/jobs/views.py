"""作业: the list and one job, for administrators. Their doors are hung in ``site/urls.py``, for this room is below."""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shiheng.jobs import actions, queries, queue
from shiheng.jobs.models import DONE, FAILED, READY, RUNNING, UNFINISHED, Job
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ui import htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {READY: "wait", RUNNING: "ok", DONE: "done", FAILED: "late"}


def title_of(job: Job) -> str:
    """The handler's title; a name without one speaks for itself."""
    known = queue.HANDLERS.get(job.name)
    return str(say((known.title if known else "") or job.name))


def state_of(job: Job) -> tuple[str, str]:
    """The state in words: a waiting job says what it waits for."""
    if job.state == READY and job.name not in queue.HANDLERS:
        return ("等待（暂无程序处理）", "warn")
    if job.state == READY and job.run_after is not None and job.run_after > clock.now():
        return ("定时等待", "wait")
    if job.state == READY and job.attempts:
        return ("等待重试", "warn")
    return (Job.STATES[job.state], TONES[job.state])


def _progress(job: Job) -> str:
    if not (job.progress_done or job.progress_total or job.progress_text):
        return ""
    share = f"{job.progress_done:,} / {job.progress_total:,}" if job.progress_total else f"{job.progress_done:,}"
    return f"{job.progress_text} {share}".strip()


def _named(rows: "QuerySet[Job]", text: str) -> "QuerySet[Job]":
    """By the name, or by the title people read, which no row holds."""
    titled = [h.name for h in queue.HANDLERS.values() if text in h.title]
    return rows.filter(Q(name__icontains=text) | Q(name__in=titled))


def _in_state(rows: "QuerySet[Job]", value: str) -> "QuerySet[Job]":
    if value == "unhandled":
        return rows.filter(state=READY).exclude(name__in=list(queue.HANDLERS))
    return rows.filter(state=value)


JOBS = Table(
    "jobs",
    "作业",
    [
        Column("id", "编号", kind="code", sort="id", href=lambda j: reverse("job", args=[j.pk])),
        Column("title", "作业", title_of, kind="link", href=lambda j: reverse("job", args=[j.pk])),
        Column("state", "状态", state_of, kind="badge"),
        Column("progress", "进度", _progress),
        Column("attempts", "已执行次数", sort="attempts", kind="number"),
        Column("enqueued_at", "提交时间", kind="moment", sort="id"),
        Column("finished_at", "结束时间", kind="moment"),
        Column("error", "错误", lambda j: j.error.partition("\n")[0]),
        Column("name", "作业名", kind="code", hidden=True),
        Column("key", "唯一键", kind="code", hidden=True),
        Column("priority", "优先级", kind="number", hidden=True),
        Column("run_after", "不早于", kind="moment", hidden=True),
        Column("started_at", "最近一次开始", kind="moment", hidden=True),
    ],
    [
        Filter(
            "state",
            "状态",
            kind="choice",
            apply=_in_state,
            choices=[*Job.STATES.items(), ("unhandled", "等待（暂无程序处理）")],
        ),
        Filter("text", "作业", apply=_named),
        Filter("enqueued", "提交日期", kind="moment_range", lookup="enqueued_at"),
        Filter("key", "唯一键", lookup="key__icontains"),
    ],
    default_sort="-id",
    empty="没有作业。发布批次、封存存证、发送短信时会在这里登记。完成的作业保存 7 天，周期作业只保留最近一次。",
    row_label=lambda j: f"{title_of(j)} {j.pk}",
)


@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    found = JOBS.read(request, queries.jobs())
    if found.wants_export:
        return found.response()
    counts = queries.counts()
    here = reverse("jobs")
    stats = [
        (title, counts[state], f"{here}?state={state}", "late" if state == FAILED and counts[state] else "plain")
        for state, title in Job.STATES.items()
    ]
    return render(
        request,
        "jobs/list.html",
        {
            "listing": found,
            "stats": stats,
            "workers": queries.workers(),
            "unhandled": queries.unhandled(),
            "unhandled_url": f"{here}?state=unhandled",
            "waiting": sum(counts[state] for state in UNFINISHED),
        },
    )


@require_safe
def detail(request: HttpRequest, job_id: int) -> HttpResponse:
    job = queries.job(job_id)
    summary, _, trace = job.error.partition("\n\n")
    state, tone = state_of(job)
    return render(
        request,
        "jobs/detail.html",
        {
            "job": job,
            "title": title_of(job),
            "state": state,
            "tone": tone,
            "rows": _rows(job),
            "summary": summary,
            "trace": trace,
            "payload": _readable(job.payload),
            "result": None if job.result is None else _readable(job.result),
            "failed": job.state == FAILED,
            "moving": job.state in UNFINISHED and job.name in queue.HANDLERS,
            "ended": job.finished_at.isoformat() if job.finished_at else "",
        },
    )


def _rows(job: Job) -> list[tuple[str, Any]]:
    return [
        ("作业名", job.name),
        ("唯一键", job.key or _("无")),
        ("提交时间", _moment(job.enqueued_at)),
        ("不早于", _moment(job.run_after) if job.run_after else _("立即")),
        ("最近一次开始", _moment(job.started_at) if job.started_at else _("未开始")),
        ("结束时间", _moment(job.finished_at) if job.finished_at else _("未结束")),
        ("执行次数", _("%(attempts)s（最多 %(most)s）") % {"attempts": job.attempts, "most": job.max_attempts}),
        ("优先级", str(job.priority)),
    ]


def _moment(value: datetime) -> str:
    return f"{value.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _readable(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    try:
        ended = datetime.fromisoformat(request.POST.get("ended", ""))
    except ValueError:
        raise Refused("jobs.unclear", "没有说明要重试哪一次失败。请回到作业页，再点“重试”。") from None
    if actions.retry(job_id, ended=ended):
        messages.success(request, "已重新排队，执行进程空闲后即开始。")
    else:
        messages.info(request, "这个作业已不在那次失败的状态，没有再次排队。")
    return htmx.redirect(request, reverse("job", args=[job_id]))
