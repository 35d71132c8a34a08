"""Writing, publishing and taking down a page of bureau information; every version stays, with who and why."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.kernel.personal import clean, found
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.publication.bureau import queries
from shiheng.publication.bureau.models import BureauPage, BureauVersion

#: Kinds whose words are about people outside the bureau: names are hidden before anybody reads them.
ABOUT_OTHERS = frozenset({"reconsideration", "news"})
kinds.declare(bureau_written="起草政务公开页", bureau_published="公开政务信息", bureau_withdrawn="撤下政务信息")


def write(
    who: Who,
    page: BureauPage | None,
    *,
    kind: str,
    title: str,
    text: str,
    hide: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
    used_by: str = "",
    used_on: date | None = None,
    key: UUID | None,
) -> BureauPage:
    """Put down words as the next version; what is public stays as it is until they are published."""
    scope = _scope(who, page)
    if page is not None and page.kind != kind:
        raise Refused("bureau.kind", "已有的页面不能改变类别，请另建一页。", field="kind")
    cleaned, hidden = text.strip(), 0
    if kind in ABOUT_OTHERS:
        hidden = len(found(text, known=hide, keep=keep))
        cleaned = clean(text.strip(), known=hide, keep=keep)
        title = clean(title, known=hide, keep=keep)
    payload = {"page": page.pk if page else None, "kind": kind, "title": title, "text": cleaned,
               "used_by": used_by, "used_on": used_on}  # fmt: skip

    def do() -> dict[str, Any]:
        row = page or BureauPage.objects.create(kind=kind, scope=scope, title=title)
        BureauPage.objects.filter(pk=row.pk).update(used_by=used_by, used_on=used_on)
        made = _version(row, who, title=title, text=cleaned, act="write", hidden=hidden)
        facts = {"kind": kind, "version": made.number, "hidden": hidden}
        ledger.record("bureau.written", subject=f"bureau:{row.pk}", who=who, facts=facts, scope=scope)
        return {"page": row.pk}

    result, _fresh = once(who, key=key, action="bureau.write", payload=payload, do=do)
    return BureauPage.objects.get(pk=result["page"])


def publish(who: Who, page: BureauPage, number: int, *, key: UUID | None) -> BureauPage:
    """Show a version to everybody, with today as its day of update."""
    _scope(who, page)
    version = queries.written(page, number)

    def do() -> dict[str, Any]:
        moved = BureauPage.objects.filter(pk=page.pk, version=page.version, state=page.state)
        if moved.update(state="on", version=number, title=version.title, text=version.text,
                        updated_on=clock.today()) != 1:  # fmt: skip
            raise Conflict("bureau.moved", "这一页刚刚被别人改过，请刷新后再办。")
        _version(page, who, title=version.title, text=version.text, act="publish", reason=str(number))
        facts = {"version": number, "title": version.title}
        ledger.record("bureau.published", subject=f"bureau:{page.pk}", who=who, facts=facts, scope=page.scope)
        return {"page": page.pk}

    once(who, key=key, action="bureau.publish", payload={"page": page.pk, "number": number}, do=do)
    return BureauPage.objects.get(pk=page.pk)


def withdraw(who: Who, page: BureauPage, *, reason: str, key: UUID | None) -> BureauPage:
    """Take a page down; the reason stays with it."""
    _scope(who, page)
    if not reason.strip():
        raise Refused("bureau.reason", "请写明撤下的理由。", field="reason")

    def do() -> dict[str, Any]:
        if BureauPage.objects.filter(pk=page.pk, state="on").update(state="withdrawn", updated_on=clock.today()) != 1:
            raise Conflict("bureau.off", "这一页没有公开，不需要撤下。")
        _version(page, who, title=page.title, text=page.text, act="withdraw", reason=reason.strip())
        facts = {"reason": reason.strip()}
        ledger.record("bureau.withdrawn", subject=f"bureau:{page.pk}", who=who, facts=facts, scope=page.scope)
        return {"page": page.pk}

    once(who, key=key, action="bureau.withdraw", payload={"page": page.pk, "reason": reason}, do=do)
    return BureauPage.objects.get(pk=page.pk)


def _scope(who: Who, page: BureauPage | None) -> str:
    """The territory written for: the page's own, else the writer's."""
    if page is not None:
        if not who.may(May.KEEP_CATALOGUE, page.scope):
            raise Forbidden("bureau.elsewhere", "这一页由别的单位维护。")
        return page.scope
    paths = who.paths(May.KEEP_CATALOGUE)
    if not paths:
        raise Forbidden("bureau.power", "您的岗位不能维护政务公开信息。")
    return paths[0]


def _version(
    page: BureauPage, who: Who, *, title: str, text: str, act: str, reason: str = "", hidden: int = 0
) -> BureauVersion:
    last = BureauVersion.objects.filter(page=page).aggregate(last=Max("number"))["last"] or 0
    return BureauVersion.objects.create(
        page=page, number=last + 1, title=title, text=text, at=clock.now(), by=who.name, act=act, reason=reason[:300],
        hidden=hidden,
    )  # fmt: skip
