"""The list of batches, and how a batch and its source are named on every page that shows them."""

from django.urls import reverse

from shiheng.accounts.permissions import May, Who
from shiheng.fusion import sources
from shiheng.fusion.models import Batch
from shiheng.kernel.masking import mask_name
from shiheng.ledger import keyring
from shiheng.subjects import layout
from shiheng.subjects.models import Subject
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"published": "ok", "refused": "late", "withdrawn": "done"}


def state_of(batch: Batch) -> tuple[str, str]:
    """How far a batch is, in a word and a tone."""
    return batch.get_state_display(), TONES.get(batch.state, "wait")


def title_of(source: str) -> str:
    """A source by its title, as this page says it; one no longer declared by its code."""
    found = sources.every().get(source)
    return str(say(found.title)) if found else source


def value_shown(who: Who, scope: str, field: str, value: str) -> str:
    """A field's value as a page may show it: what is personal in full only to those who may read it there."""
    text = layout.written(field, keyring.shown(value), Subject.STATUSES)
    if field == "status":
        return str(say(text))
    plan = layout.BY_CODE.get(field)
    mask = mask_name if field == "representative" else plan.mask if plan else None
    return text if mask is None or who.may(May.READ_PERSONAL, scope) else mask(text)


def source_title(batch: Batch) -> str:
    """A batch's source by its title."""
    return title_of(batch.source)


def source_filter(lookup: str = "source") -> Filter:
    """The choice of one source, for any list of what came from them."""
    return Filter(
        "source", "数据源", "choice", lookup, choices=lambda: [(s.code, s.title) for s in sources.every().values()]
    )


BATCHES = Table(
    "batches",
    "批次",
    [
        Column("pk", "批次", sort="pk", kind="number", href=lambda row: reverse("batch", args=[row.pk])),
        Column("filename", "文件", kind="link", href=lambda row: reverse("batch", args=[row.pk])),
        Column("source", "数据源", source_title),
        Column("landed_at", "接收时间", sort="landed_at", kind="moment"),
        Column("landed_by", "接收人", kind="person"),
        Column("state", "状态", state_of, kind="badge", sort="state"),
        Column("rows_in", "来文行数", sort="rows_in", kind="number"),
        Column("accepted", "接受", sort="accepted", kind="number"),
        Column(
            "quarantined",
            "隔离",
            sort="quarantined",
            kind="number",
            href=lambda row: f"{reverse('quarantine')}?batch={row.pk}" if row.quarantined else None,
        ),
        Column("media", "格式", hidden=True),
        Column("charset", "字符集", hidden=True),
    ],
    [
        source_filter(),
        Filter("state", "状态", "choice", "state", choices=list(Batch.STATES.items())),
        Filter("day", "接收日期", "day_range", "known_on"),
        Filter("filename", "文件名含", lookup="filename__icontains"),
    ],
    default_sort="-pk",
    empty="还没有报送过文件。有报送权限的数据专员可以点“报送文件”，接收的每个文件会在这里成为一个批次。",
)
