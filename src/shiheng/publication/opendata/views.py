"""Pages of open data: the catalogue, one set with its versions and files, and the feeds."""

import json
from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import anyone
from shiheng.publication.opendata import datasets, feeds, queries, writing
from shiheng.ui import pages

GROUPS = {"subjects": "主体", "records": "许可、处罚和检查", "lists": "名单", "alerts": "警示与召回", "counts": "统计"}


@anyone
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """开放数据: every set, its newest version, and how to take it."""
    held = queries.offered()
    groups = [(title, [one for one in held if one.dataset.group == code]) for code, title in GROUPS.items()]
    context = {"groups": groups, "licence": datasets.LICENCE, "licence_address": datasets.LICENCE_ADDRESS,
               "feeds": feeds.every()}  # fmt: skip
    return pages.render(request, "publication/opendata/catalogue.html", context)


@anyone
@require_safe
def dataset(request: HttpRequest, code: str) -> HttpResponse:
    """One set: its columns, its files, its versions and how to follow it."""
    held = queries.one(code)
    context = {
        "held": held,
        "dataset": held.dataset,
        "version": held.version,
        "versions": queries.versions(code),
        "forms": list(writing.FORMS),
        "licence": datasets.LICENCE,
        "licence_address": datasets.LICENCE_ADDRESS,
        "here": request.build_absolute_uri("/").rstrip("/"),
    }
    return pages.render(request, "publication/opendata/dataset.html", context)


@anyone
@require_safe
def file(request: HttpRequest, code: str, number: int, form: str) -> FileResponse:  # noqa: ARG001 - the same for everybody
    """A file of the newest version, streamed from the disk."""
    path = queries.file_of(code, number, form)
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type=writing.FORMS[form])
    answer["Link"] = f'<{datasets.LICENCE_ADDRESS}>; rel="license"'
    return answer


@anyone
@require_safe
def changes(request: HttpRequest, code: str, since: int) -> StreamingHttpResponse:  # noqa: ARG001 - as above
    """What changed since a version, as JSON."""
    found = queries.delta(code, since)
    head = {"Content-Disposition": f'attachment; filename="{code}-{since}-{found.version.number}.json"'}
    return StreamingHttpResponse(_said(found), content_type=writing.FORMS["json"], headers=head)


def _said(found: queries.Delta) -> Iterator[str]:
    yield json.dumps({"dataset": found.version.dataset, "since": found.since, "version": found.version.number,
                      "licence": datasets.LICENCE}, ensure_ascii=False)[:-1]  # fmt: skip
    for name, rows in (("added", found.added), ("changed", found.changed), ("removed", found.removed)):
        yield f', "{name}": ['
        yield ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        yield "]"
    yield "}\n"


@anyone
@require_safe
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """A feed as Atom: what came last."""
    here = request.build_absolute_uri("/").rstrip("/")
    text = feeds.atom(code, here=here, own=here + reverse("feed", args=[code]))
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
