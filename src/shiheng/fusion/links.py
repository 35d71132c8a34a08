"""Every judgement of which subject a row speaks of, by code, by the matcher or by a person, with its reasons."""

from collections.abc import Iterator
from typing import Any

from shiheng.fusion.judging import explained
from shiheng.fusion.match.weigh import VERSION
from shiheng.fusion.matching import BY, BY_PERSON
from shiheng.fusion.models import Batch, Link, Nameless

COLUMNS = ("source", "batch", "file", "row", "subject", "uscc", "decision", "by", "score", "version", "sentences")
BY_CODE = {
    "uscc": "统一社会信用代码相同", "regno": "注册号相同", "orgcode": "组织机构代码相同", "pripid": "主体身份代码相同",
}  # fmt: skip


def every(source: str = "") -> Iterator[dict[str, Any]]:
    """One object of ``COLUMNS`` a row: rows with a code in the order they came, then those without one.

    ``score`` is the certainty from 0 to 1; ``decision`` is auto, judged (by a person), tie, ask, none, or empty where
    the row waits to be judged; ``subject`` is the row's subject, or nothing.
    """
    held = Link.objects.filter(until=None, batch__state__in=Batch.LIVE).exclude(by__in=[BY, BY_PERSON])
    bare = Nameless.objects.filter(batch__state__in=Batch.LIVE).select_related("batch", "subject")
    if source:
        held, bare = held.filter(batch__source=source), bare.filter(batch__source=source)
    lines = held.order_by("batch_id", "row").values_list(
        "batch__source", "batch_id", "batch__filename", "row", "subject_id", "subject__uscc", "by"
    )
    for code, batch, file, row, subject, uscc, by in lines.iterator(chunk_size=10_000):
        told = [BY_CODE.get(by, f"{by}相同")]
        yield dict(zip(COLUMNS, (code, batch, file, row, subject, uscc, "auto", by, 1.0, VERSION, told), strict=True))
    for one in bare.order_by("batch_id", "row").iterator(chunk_size=2_000):
        uscc = one.subject.uscc if one.subject else ""
        by = BY_PERSON if one.decision == "judged" else BY
        told = [reason.text for reason in explained(one.candidates[0])] if one.candidates else []
        values = (one.batch.source, one.batch_id, one.batch.filename, one.row, one.subject_id, uscc, one.decision, by,
                  one.likely, one.version, told)  # fmt: skip
        yield dict(zip(COLUMNS, values, strict=True))
