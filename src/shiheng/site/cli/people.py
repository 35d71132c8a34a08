"""Opening a bureau: its offices and people from spreadsheets, and accounts one by one; pages do the daily rest."""

import argparse
from pathlib import Path
from typing import Any

from shiheng.site.cli import operator
from shiheng.site.cli.answers import OK, REFUSED, Answer, Progress, table
from shiheng.site.cli.declared import Command, argument


def template(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.accounts import layouts
    from shiheng.kernel.errors import Conflict

    if options.file.exists():
        raise Conflict("template.exists", f"文件 {options.file} 已存在，请换一个文件名。")
    sheets = (layouts.OFFICES, layouts.TOWNS) if options.of == "offices" else (layouts.OFFICERS,)
    options.file.write_bytes(layouts.template(*sheets))
    return Answer({"ok": True, "file": str(options.file)}, [f"模板已写入 {options.file}。"])


def load_offices(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.accounts import actions

    return _loaded(actions.load_offices_xlsx(operator.who(), _content(options.file), apply=not options.dry_run))


def load_officers(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.accounts import actions

    return _loaded(actions.load_officers_xlsx(operator.who(), _content(options.file), apply=not options.dry_run))


def _content(path: Path) -> bytes:
    from shiheng.kernel.errors import Missing

    if not path.is_file():
        raise Missing("import.file", f"没有文件 {path}。")
    return path.read_bytes()


def _loaded(done: Any) -> Answer:
    faults = [str(fault) for fault in done.faults]
    facts = {
        "ok": not faults,
        "rows": done.rows,
        "changes": len(done.changes),
        "applied": done.applied,
        "faults": faults,
    }
    if faults:
        return Answer(facts, [*faults, f"共 {len(faults)} 处不符，整份文件未导入。"], REFUSED)
    verb = "已" if done.applied else "将"
    lines = [f"  {change.kind} {change.what}" for change in done.changes]
    return Answer(facts, [*lines, f"{done.rows} 行，{verb}写入 {len(done.changes)} 处。"], OK)


def create(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.accounts import actions
    from shiheng.accounts.permissions import ROLE_TITLES, Role

    opened = actions.create_account(
        operator.who(), username=options.username, name=options.name, office=options.office, role=options.role
    )
    title = ROLE_TITLES[Role(options.role)]
    facts = {"ok": True, "account": opened.account.pk, "username": opened.account.username, "password": opened.password}
    return Answer(
        facts,
        [
            f"已开通 {opened.account.username}（{options.name}，{title}）。",
            f"一次性口令：{opened.password}",
            "首次登录须改口令。",
        ],
    )


def password(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.accounts import actions
    from shiheng.accounts.models import Account
    from shiheng.kernel.errors import Missing

    account = Account.objects.filter(username=options.username).first()
    if account is None:
        raise Missing("account.missing", f"没有登录名为 {options.username} 的账号。")
    opened = actions.reset_password(operator.who(), account.pk)
    return Answer(
        {"ok": True, "account": account.pk, "password": opened.password},
        [f"一次性口令：{opened.password}", "原有登录已全部退出，首次登录须改口令。"],
    )


def listing(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.accounts.models import Account, Post
    from shiheng.accounts.permissions import ROLE_TITLES, Role
    from shiheng.accounts.queries import in_force

    posts: dict[int, list[str]] = {}
    for post in in_force(Post.objects.select_related("office").order_by("office__path")):
        posts.setdefault(post.account_id, []).append(f"{post.office.title} {ROLE_TITLES[Role(post.role)]}")
    rows: list[dict[str, Any]] = [
        {"username": a.username, "name": a.name, "kind": a.kind, "active": a.is_active, "posts": posts.get(a.pk, [])}
        for a in Account.objects.order_by("username")
    ]
    shown = ((r["username"], r["name"], "启用" if r["active"] else "停用", "；".join(r["posts"])) for r in rows)
    return Answer(
        {"ok": True, "accounts": rows}, [*table(shown, ("登录名", "姓名", "状态", "岗位")), f"共 {len(rows)} 个。"]
    )


FILE = argument("file", type=Path, metavar="文件", title="xlsx 文件")
DRY = argument("--dry-run", action="store_true", title="只核对，不写入")

COMMANDS = (
    Command(
        "account template",
        "写出导入机构或人员用的 xlsx 模板",
        template,
        (
            argument(
                "of", choices=["offices", "officers"], metavar="种类", title="offices（机构、镇街）或 officers（人员）"
            ),
            FILE,
        ),
    ),
    Command(
        "account load-offices",
        "从 xlsx 导入机构与镇街",
        load_offices,
        (FILE, DRY),
        "有一处不符则整份不导入，并逐行说明。",
    ),
    Command(
        "account load-officers",
        "从 xlsx 导入人员与岗位",
        load_officers,
        (FILE, DRY),
        "新账号没有口令，由管理员逐个发放。",
    ),
    Command(
        "account create",
        "开通一个工作人员账号，给出一次性口令",
        create,
        (
            argument("username", metavar="登录名", title="小写字母、数字"),
            argument("--name", required=True, metavar="姓名", title="姓名"),
            argument("--office", required=True, metavar="机构代码", title="任职机构的代码"),
            argument(
                "--role", required=True, metavar="角色", title="角色代码，如 administrator、window_clerk、section_chief"
            ),
        ),
    ),
    Command(
        "account password",
        "重置口令，给出一次性口令",
        password,
        (argument("username", metavar="登录名", title="登录名"),),
    ),
    Command("account list", "列出账号与岗位", listing),
)
