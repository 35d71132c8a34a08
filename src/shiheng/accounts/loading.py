"""Offices and officers from spreadsheets: preview, then all or nothing; the same file twice changes nothing.

Nothing is deleted by a file: what it does not name stays as it is.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiheng.accounts import layouts
from shiheng.accounts.deeds import once
from shiheng.accounts.models import Account, Office, Post, Town
from shiheng.accounts.names import plain_username, username_fault
from shiheng.accounts.permissions import May, Who
from shiheng.accounts.reading import Fault, Page, day_of, read
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ledger import actions as ledger

_SEGMENT = re.compile(r"[0-9A-Za-z-]{1,32}")
_TOWN_CODE = re.compile(r"\d{9,12}")
_PHONE = re.compile(r"[0-9+ -]{5,20}")


@dataclass(frozen=True, slots=True)
class Change:
    """One row to write: what becomes of it, in which table, what it is called, the values."""

    kind: str  # 新增 | 更新
    table: str  # office | town | account | post
    what: str
    values: dict[str, Any]

    @property
    def fresh(self) -> bool:
        return self.kind == "新增"

    @property
    def told(self) -> str:
        """What it is called on a page: ``what`` is kept on record and stays as it is."""
        one = {
            "office": pgettext("one", "机构"),
            "town": pgettext("one", "镇街"),
            "account": pgettext("one", "人员"),
            "post": pgettext("one", "岗位"),
        }
        return f"{one[self.table]} {self.what.partition(' ')[2]}"


@dataclass(slots=True)
class Loaded:
    """What a file would do (or did): how many rows, the changes, every fault."""

    rows: int = 0
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    applied: bool = False
    sha256: str = ""

    def of(self, table: str) -> list[Change]:
        return [change for change in self.changes if change.table == table]


def load_offices_xlsx(who: Who, file: BinaryIO | bytes, *, apply: bool = True, key: UUID | None = None) -> Loaded:
    """Offices (and towns) from a workbook in ``layouts.OFFICES``, ``layouts.TOWNS``."""
    content = file if isinstance(file, bytes) else file.read()
    return _load("offices", who, content, apply=apply, key=key, plan=_plan_offices, do=_write_offices)


def load_officers_xlsx(
    who: Who,
    file: BinaryIO | bytes,
    *,
    apply: bool = True,
    key: UUID | None = None,
    first_password: str | None = None,
) -> Loaded:
    """Officers and their posts from a workbook in ``layouts.OFFICERS``.

    New accounts have no password until an administrator gives a one-time one; only the platform itself, when it makes
    a demonstration, may set ``first_password`` for all.
    """
    if first_password is not None and who.kind != "system":
        raise Refused("import.password", "导入不能指定口令。请在人员页逐个发放一次性口令。")
    content = file if isinstance(file, bytes) else file.read()

    def do(loaded: Loaded) -> None:
        _write_officers(loaded, first_password)

    return _load("officers", who, content, apply=apply, key=key, plan=_plan_officers, do=do)


def _load(
    name: str,
    who: Who,
    content: bytes,
    *,
    apply: bool,
    key: UUID | None,
    plan: Callable[[Who, bytes], Loaded],
    do: Callable[[Loaded], None],
) -> Loaded:
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        loaded = plan(who, content)
        loaded.sha256 = digest
        if loaded.faults or not apply:
            return loaded
        if not loaded.changes:
            loaded.applied = True
            return loaded

        def write() -> dict[str, Any]:
            do(loaded)
            lines = (
                json.dumps([c.kind, c.table, c.what, c.values], ensure_ascii=False, default=str) for c in loaded.changes
            )
            ledger.record_rows(
                f"accounts.{name}_loaded",
                subject=f"accounts:{name}",
                who=who,
                rows=[line.encode() for line in lines],
                facts={"file": digest, "rows": loaded.rows, "changes": len(loaded.changes)},
            )
            return {"changes": len(loaded.changes)}

        once(who, key=key, action=f"accounts.load_{name}", payload={"file": digest}, do=write)
        loaded.applied = True
    return loaded


def _stem(code: str) -> str:
    """A region code without its empty levels: ``449900`` is the stem ``4499``."""
    stem = code
    while len(stem) > 2 and len(stem) % 2 == 0 and stem.endswith("00"):
        stem = stem[:-2]
    return stem


def path_for(code: str, parent: tuple[str, str] | None) -> str:
    """The territory of an office: under its parent's, by what its code adds to the parent's code."""
    if parent is None:
        return _stem(code) + "."
    parent_code, parent_path = parent
    stem = _stem(parent_code)
    added = code[len(stem) :] if code.startswith(stem) and len(code) > len(stem) else code
    return f"{parent_path}{added}."


def _plan_offices(who: Who, content: bytes) -> Loaded:
    page, towns = read(content, layouts.OFFICES, layouts.TOWNS)
    held = {o.code: o for o in Office.objects.select_related("parent")}
    paths = {code: o.path for code, o in held.items()}
    taken = {o.path: o.code for o in held.values()}
    loaded = Loaded(rows=len(page.rows) + len(towns.rows))
    seen: dict[str, int] = {}
    for number, row in page.rows:
        code = row["code"]
        if code in seen:
            page.blame(number, "code", _("与第 %(row)s 行重复") % {"row": seen[code]})
            continue
        seen[code] = number
        _plan_office(who, page, number, row, held=held, paths=paths, taken=taken, loaded=loaded)
    _plan_towns(who, towns, paths, loaded)
    loaded.faults = page.faults + towns.faults
    return loaded


def _plan_office(
    who: Who,
    page: Page,
    number: int,
    row: dict[str, str],
    *,
    held: dict[str, Office],
    paths: dict[str, str],
    taken: dict[str, str],
    loaded: Loaded,
) -> None:
    before = len(page.faults)
    code, parent = row["code"], row["parent"]
    values = _checked_office(page, number, row)
    office = held.get(code)
    if office and (office.parent.code if office.parent else "") != parent:
        page.blame(number, "parent", "上级机构不能通过导入更改：其辖区内的数据都按原路径登记")
    if office is None and parent and parent not in paths:
        page.blame(number, "parent", _("找不到代码为“%(code)s”的上级机构（可写在本表前面的行）") % {"code": parent})
        return
    path = office.path if office else path_for(code, (parent, paths[parent]) if parent else None)
    if not who.may(May.MANAGE_OFFICES, path):
        page.blame(number, "code", "该机构不在您的辖区")
    elif taken.get(path, code) != code:
        clash = _("与机构 %(code)s 的辖区路径 %(path)s 冲突，请换一个代码")
        page.blame(number, "code", clash % {"code": taken[path], "path": path})
    if len(path) > 64:
        page.blame(number, "code", "机构层级太深，辖区路径超过 64 位")
    if len(page.faults) > before:
        return
    paths[code], taken[path] = path, code
    if office is None:
        fresh = {"code": code, "path": path, "parent": parent, **values}
        loaded.changes.append(Change("新增", "office", f"机构 {code} {row['title']}", fresh))
        return
    changed = {name: value for name, value in values.items() if getattr(office, name) != value}
    if changed:
        loaded.changes.append(Change("更新", "office", f"机构 {code} {row['title']}", {"code": code, **changed}))


def _checked_office(page: Page, number: int, row: dict[str, str]) -> dict[str, Any]:
    """What the row says of the office itself, its cells checked one by one."""
    kind = layouts.KIND_CODES.get(row["kind"])
    if row["kind"] and kind is None:
        told = {"kind": row["kind"], "kinds": "、".join(layouts.KIND_CODES)}
        page.blame(number, "kind", _("“%(kind)s”不是机构类别，只能填：%(kinds)s") % told)
    if row["code"] and not _SEGMENT.fullmatch(row["code"]):
        page.blame(number, "code", "只能是 1 至 32 位字母、数字或短横")
    for name, most in (("title", 100), ("town", 50), ("address", 200), ("phone", 40)):
        if len(row[name]) > most:
            page.blame(number, name, _("有 %(size)s 字，不能超过 %(most)s 字") % {"size": len(row[name]), "most": most})
    posts = row["established_posts"] or "0"
    if not (posts.isascii() and posts.isdigit()) or len(posts) > 6:
        page.blame(number, "established_posts", _("“%(given)s”不是非负整数") % {"given": posts})
        posts = "0"
    if kind == "city" and row["parent"]:
        page.blame(number, "parent", "市局没有上级，请留空")
    if kind and kind != "city" and not row["parent"]:
        page.blame(number, "parent", "除市局外都须填写上级机构代码")
    return {
        "title": row["title"],
        "kind": kind,
        "town": row["town"],
        "address": row["address"],
        "phone": row["phone"],
        "established_posts": int(posts),
    }


def _plan_towns(who: Who, page: Page, paths: dict[str, str], loaded: Loaded) -> None:
    held = {t.code: t for t in Town.objects.select_related("office")}
    seen: dict[str, int] = {}
    for number, row in page.rows:
        code, office = row["code"], row["office"]
        before = len(page.faults)
        if code in seen:
            page.blame(number, "code", _("与第 %(row)s 行重复") % {"row": seen[code]})
        seen.setdefault(code, number)
        if code and not _TOWN_CODE.fullmatch(code):
            page.blame(number, "code", _("“%(given)s”不是 9 至 12 位数字") % {"given": code})
        town = held.get(code)
        there = office in paths and who.may(May.MANAGE_OFFICES, paths[office])
        if office and (not there or (town and not who.may(May.MANAGE_OFFICES, town.office.path))):
            page.blame(number, "office", _("没有代码为“%(code)s”的机构，或它不在您的辖区") % {"code": office})
        if len(page.faults) > before:
            continue
        values = {"title": row["title"], "office": office}
        if town is None:
            loaded.changes.append(Change("新增", "town", f"镇街 {row['title']}", {"code": code, **values}))
        elif (town.title, town.office.code) != (row["title"], office):
            loaded.changes.append(Change("更新", "town", f"镇街 {row['title']}", {"code": code, **values}))


def _write_offices(loaded: Loaded) -> None:
    offices = {o.code: o for o in Office.objects.all()}
    for change in loaded.of("office"):
        values = dict(change.values)
        code = values.pop("code")
        if change.fresh:
            offices[code] = Office.objects.create(code=code, parent=offices.get(values.pop("parent")), **values)
        else:
            Office.objects.filter(code=code).update(**values)
    for change in loaded.of("town"):
        told = {"title": change.values["title"], "office": offices[change.values["office"]]}
        Town.objects.update_or_create(code=change.values["code"], defaults=told)


def _plan_officers(who: Who, content: bytes) -> Loaded:
    (page,) = read(content, layouts.OFFICERS)
    names = {plain_username(row["username"]) for _, row in page.rows}
    accounts = {a.username: a for a in Account.objects.filter(username__in=names)}
    offices = {o.code: o for o in Office.objects.all()}
    posts = {
        (p.account_id, p.office_id, p.role, p.since): p
        for p in Post.objects.filter(account__username__in=names).select_related("office")
    }
    today = clock.today()
    near: set[int] = set()
    far: set[int] = set()
    for post in posts.values():
        if who.may(May.MANAGE_ACCOUNTS, post.office.path):
            near.add(post.account_id)
        elif post.until is None or post.until > today:
            far.add(post.account_id)
    planned = _Officers(who, page, accounts, offices, posts, near, far)
    for number, row in page.rows:
        planned.take(number, row)
    return Loaded(rows=len(page.rows), changes=planned.changes, faults=page.faults)


@dataclass(slots=True)
class _Officers:
    """The rows of one file of officers, taken one after the other: each may lean on the ones before it."""

    who: Who
    page: Page
    accounts: dict[str, Account]
    offices: dict[str, Office]
    posts: dict[tuple[int, int, str, Any], Post]
    near: set[int]  # those with a post in the territory: known to this administrator
    far: set[int]  # those with a post in force outside it: not to be renamed from here
    changes: list[Change] = field(default_factory=list)
    people: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def take(self, number: int, row: dict[str, str]) -> None:
        before = len(self.page.faults)
        values = self._checked(number, row)
        if len(self.page.faults) > before:
            return
        self._person(number, values)
        self._post(values)

    def _checked(self, number: int, row: dict[str, str]) -> dict[str, Any]:
        blame = self.page.blame
        username = plain_username(row["username"])
        if row["username"] and (fault := username_fault(username)):
            blame(number, "username", fault)
        office = self.offices.get(row["office"])
        if row["office"] and (office is None or not self.who.may(May.MANAGE_ACCOUNTS, office.path)):
            blame(number, "office", _("没有代码为“%(code)s”的机构，或它不在您的辖区") % {"code": row["office"]})
        role = layouts.ROLE_CODES.get(row["role"])
        if row["role"] and role is None:
            told = {"role": row["role"], "roles": "、".join(layouts.ROLE_CODES)}
            blame(number, "role", _("没有“%(role)s”这个角色，只能填：%(roles)s") % told)
        days = {name: day_of(row[name]) for name in ("since", "until")}
        for name, day in days.items():
            if row[name] and day is None:
                blame(number, name, _("“%(given)s”不是日期，请写成 2026-01-31") % {"given": row[name]})
        if days["since"] and days["until"] and days["until"] < days["since"]:
            blame(number, "until", "免职日期不能早于任职日期")
        if row["phone"] and not _PHONE.fullmatch(row["phone"]):
            blame(number, "phone", _("“%(given)s”不是电话号码") % {"given": row["phone"]})
        if len(row["name"]) > 64:
            blame(number, "name", "不能超过 64 字")
        self._check_person(number, username, row, role=role or "")
        return {**row, **days, "username": username, "role": role, "office": office}

    def _check_person(self, number: int, username: str, row: dict[str, str], *, role: str) -> None:
        blame = self.page.blame
        first = self.people.setdefault(username, (number, row["name"], row["phone"]))
        told = {"username": username, "row": first[0], "name": first[1]}
        if row["name"] and first[1] != row["name"]:
            blame(number, "name", _("登录名 %(username)s 在第 %(row)s 行的姓名是“%(name)s”，两处须一致") % told)
        if first[2] != row["phone"]:
            blame(number, "phone", _("登录名 %(username)s 在第 %(row)s 行的手机不同，两处须一致") % told)
        post = (username, row["office"], role, row["since"])
        if post in self.seen:
            blame(number, "username", _("与第 %(row)s 行是同一岗位") % {"row": self.seen[post]})
        self.seen.setdefault(post, number)
        account = self.accounts.get(username)
        if account is None:
            return
        if account.kind != "officer" or account.pk not in self.near:
            blame(number, "username", _("登录名 %(username)s 已被使用，请换一个") % told)
        elif account.pk in self.far and (account.name, account.phone) != (row["name"], row["phone"]):
            blame(number, "name", "该人员另有您辖区以外的岗位，姓名或手机须由上级机构的管理员修改")
        elif account.pk == self.who.account_id:
            blame(number, "username", "不能导入本人的岗位，请由另一位管理员办理")

    def _person(self, number: int, values: dict[str, Any]) -> None:
        if self.people[values["username"]][0] != number:
            return
        account = self.accounts.get(values["username"])
        told = {"name": values["name"], "phone": values["phone"]}
        what = f"人员 {values['username']} {values['name']}"
        if account is None:
            self.changes.append(Change("新增", "account", what, {"username": values["username"], **told}))
        elif (account.name, account.phone) != (values["name"], values["phone"]):
            self.changes.append(Change("更新", "account", what, {"username": values["username"], **told}))

    def _post(self, values: dict[str, Any]) -> None:
        account, office = self.accounts.get(values["username"]), values["office"]
        held = self.posts.get((account.pk, office.pk, values["role"], values["since"])) if account else None
        told = {"card_number": values["card_number"], "until": values["until"]}
        where = {
            "username": values["username"],
            "office": office.code,
            "role": values["role"],
            "since": values["since"],
        }
        what = f"岗位 {values['username']} {office.title}"
        if held is None:
            self.changes.append(Change("新增", "post", what, {**where, **told}))
        elif (held.card_number, held.until) != (values["card_number"], values["until"]):
            self.changes.append(Change("更新", "post", what, {**where, **told}))


def _write_officers(loaded: Loaded, first_password: str | None) -> None:
    secret = make_password(first_password)  # None makes a password that no input matches
    now = clock.now()
    accounts: dict[str, Account] = {}
    offices = {o.code: o for o in Office.objects.all()}
    for change in loaded.of("account"):
        name = change.values["username"]
        told = {"name": change.values["name"], "phone": change.values["phone"]}
        if change.fresh:
            accounts[name] = Account(
                username=name, password=secret, created_at=now, must_change_password=first_password is None, **told
            )
        else:
            Account.objects.filter(username=name).update(**told)
    Account.objects.bulk_create(accounts.values(), batch_size=500)
    names = {change.values["username"] for change in loaded.of("post")}
    ids = dict(Account.objects.filter(username__in=names).values_list("username", "pk"))
    fresh = []
    for change in loaded.of("post"):
        v = change.values
        where = {
            "account_id": ids[v["username"]], "office_id": offices[v["office"]].pk, "role": v["role"],
            "since": v["since"],
        }  # fmt: skip
        told = {"card_number": v["card_number"], "until": v["until"]}
        if change.fresh:
            fresh.append(Post(**where, **told))
        else:
            Post.objects.filter(**where).update(**told)
    Post.objects.bulk_create(fresh, batch_size=500)
