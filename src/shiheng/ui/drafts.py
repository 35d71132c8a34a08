"""Unfinished forms, kept so that nothing typed is ever lost.

Kept while typing (htmx), and again when a sent form meets a refusal, so it also works without JavaScript. Fields a
form names as undrafted (passwords) and everything whose name begins with an underscore are never kept.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.http import HttpRequest, QueryDict

from shiheng.kernel import clock
from shiheng.ui.models import Draft

KEPT_DAYS = 30
LARGEST = 200_000


def kept_values(posted: QueryDict) -> dict[str, list[str]]:
    """What of a posted form may be kept."""
    undrafted = set(posted.get("_undrafted", "").split(","))
    return {
        name: [str(v) for v in values]
        for name, values in posted.lists()
        if not name.startswith("_") and name != "csrfmiddlewaretoken" and name not in undrafted
    }


def keep(owner: str, posted: QueryDict) -> Draft | None:
    """Keep the posted form as its owner's draft; an empty form or one beyond all measure is not kept."""
    form, about = posted.get("_form", "")[:80], posted.get("_about", "")[:80]
    data = kept_values(posted)
    size = sum(len(v) for values in data.values() for v in values)
    if not form or not any(v.strip() for values in data.values() for v in values) or size > LARGEST:
        return None
    moment = clock.now()
    draft, _ = Draft.objects.update_or_create(
        owner=owner, form=form, about=about, defaults={"data": data, "saved_at": moment}
    )
    Draft.objects.filter(owner=owner, saved_at__lt=moment - timedelta(days=KEPT_DAYS)).delete()
    return draft


def find(owner: str | None, form: str, about: str) -> Draft | None:
    """The draft of this form about this object, if there is one."""
    if owner is None:
        return None
    return Draft.objects.filter(owner=owner, form=form[:80], about=about[:80]).first()


def drop(owner: str, form: str, about: str) -> bool:
    """Forget it; whether there was one."""
    return Draft.objects.filter(owner=owner, form=form[:80], about=about[:80]).delete()[0] > 0


def as_posted(data: Mapping[str, list[str]]) -> QueryDict:
    """A draft as if it had been posted, so the form reads it the same way."""
    posted = QueryDict(mutable=True)
    for name, values in data.items():
        posted.setlist(name, list(values))
    return posted


def keep_refused(request: HttpRequest, owner: str | None) -> bool:
    """Keep a sent form that met a refusal; whether something is kept."""
    if owner is None or request.method != "POST" or "_form" not in request.POST:
        return False
    return keep(owner, request.POST) is not None
