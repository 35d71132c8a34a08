"""A step for many rows: first who would be taken and who is refused and why, then, once confirmed, the step itself."""

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from shiheng.kernel.errors import Refused
from shiheng.ui import htmx
from shiheng.ui.tables import Step, StepPreview, row_key
from shiheng.ui.wording import say

if TYPE_CHECKING:
    from shiheng.ui.tables import Listing

MOST = 200
WORDS_MOST = 500


def respond(listing: "Listing") -> HttpResponseBase:
    """Preview on the first POST; on the confirmed one preview again, then apply to those still accepted."""
    from shiheng.ui.pages import render

    request = listing.request
    step = _step(listing, request.POST["_step"])
    title = {"step": say(step.title), "most": MOST}
    chosen = list(dict.fromkeys(request.POST.getlist("_chosen")))
    if not chosen:
        raise Refused("nothing_chosen", _("还没有选中任何一行。请先勾选要%(step)s的记录。") % title)
    if len(chosen) > MOST:
        told = _("一次最多%(step)s %(most)s 条，现在选了 %(count)s 条。请分几次办理。")
        raise Refused("too_many_chosen", told % {**title, "count": len(chosen)})
    who = getattr(request, "who", None)
    preview = _preview(listing, step, who, chosen)
    if request.POST.get("_confirmed") != "1":
        context = {
            "listing": listing,
            "step": step,
            "preview": preview,
            "key": str(uuid.uuid4()),
            "back": listing.here,
        }
        return render(request, "ui/bulk.html", context)
    if not preview.accepted:
        raise Refused("nobody_accepted", _("选中的记录都不能%(step)s，没有做任何更改。") % title)
    key = _key(request.POST.get("_key", ""))
    words = " ".join(request.POST.get("_words", "").split())[:WORDS_MOST]
    if step.asks and not words:
        raise Refused("words_missing", _("请填写%(asks)s。") % {"asks": say(step.asks)})
    done = step.apply(who, [pk for pk, _ in preview.accepted], key, *([words] if step.asks else []))
    messages.success(request, done)
    return htmx.redirect(request, listing.here)


def _step(listing: "Listing", code: str) -> Step:
    for step in listing.steps:
        if step.code == code:
            return step
    raise Refused("no_such_step", "没有这个批量步骤，或您的岗位不能办理。")


def _preview(listing: "Listing", step: Step, who: Any, chosen: list[str]) -> StepPreview:
    """Rows are fetched through the list's own source, so nobody reaches a row the list would not show them."""
    whole = [c for c in chosen if c.isascii() and c.isdigit() and len(c) < 19]
    if isinstance(listing.source, QuerySet):
        rows = {str(row.pk): row for row in listing.source.filter(pk__in=whole)}
    else:
        held = {row_key(row, n): row for n, row in enumerate(listing.source, 1)}
        rows = {c: held[c] for c in chosen if c in held}
    preview = step.preview(who, [rows[c] for c in chosen if c in rows])
    told = _("编号 %(number)s"), _("不在您的列表中，可能已被他人办理或已转出。")
    gone = [(c, told[0] % {"number": c[:20]}, told[1]) for c in chosen if c not in rows]
    return StepPreview(preview.accepted, [*preview.refused, *gone])


def _key(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        raise Refused("key_missing", "这次提交缺少防重编号，请返回列表重新选择。") from None
