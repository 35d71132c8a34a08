"""Reading bureau information: what is public by kind, and every version for those who keep it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.permissions import May, Who
from shiheng.kernel.errors import Missing
from shiheng.publication.bureau.models import BureauPage, BureauVersion

ACTS = {"write": "起草", "publish": "公开", "withdraw": "撤下"}


def public() -> "QuerySet[BureauPage]":
    """What everybody reads, in its order, the newest first within it."""
    return BureauPage.objects.filter(state="on").order_by("kind", "order", "-updated_on", "-pk")


def by_kind() -> list[tuple[str, str, list[BureauPage]]]:
    """The public pages under their kinds; one query."""
    held: dict[str, list[BureauPage]] = {}
    for page in public():
        held.setdefault(page.kind, []).append(page)
    return [(code, title, held.get(code, [])) for code, title in BureauPage.KINDS.items()]


def shown(number: int) -> BureauPage:
    """One public page. Raises ``Missing``; of one that was taken down it says so, with the day."""
    page = BureauPage.objects.filter(pk=number).exclude(state="draft").first()
    if page is None:
        raise Missing("bureau.missing", _("没有这一页，或还没有公开。"))
    if page.state == "withdrawn":
        raise Missing("bureau.withdrawn", _("这一页已于 %(day)s 撤下。") % {"day": page.updated_on})
    return page


def visible_to(who: Who) -> "QuerySet[BureauPage]":
    """The pages one may keep."""
    return narrow(BureauPage.objects.all(), who, May.KEEP_CATALOGUE)


def kept(who: Who, number: int) -> BureauPage:
    found = visible_to(who).filter(pk=number).first()
    if found is None:
        raise Missing("bureau.missing", _("没有这一页，或它由别的单位维护。"))
    return found


def versions(page: BureauPage) -> list[BureauVersion]:
    return list(page.versions.order_by("-number"))


def written(page: BureauPage, number: int) -> BureauVersion:
    """A version that was written down. Raises ``Missing``."""
    found = page.versions.filter(number=number, act="write").first()
    if found is None:
        raise Missing("bureau.version", _("没有这个版本。"))
    return found


def article(page: BureauPage, *, address: str, bureau: str) -> str:
    """The page as the plain text of an article for other channels: title, words, source, and where it stands."""
    parts = [page.title, "", page.text, "", f"来源：{bureau}", f"更新日期：{page.updated_on}", f"原文：{address}"]
    return "\n".join(parts) + "\n"
