"""The demonstration: the generated city in this data directory, entered through the same doors as real data.

It is built in steps that each look whether they were done, so a build that was stopped anywhere goes on from there,
and a data directory that is already built is left as it is.
"""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction

from shiheng.accounts import actions as accounts
from shiheng.accounts.models import Account, Post
from shiheng.accounts.permissions import ROLE_TITLES, Role, Who
from shiheng.accounts.queries import in_force
from shiheng.city import generator, offices
from shiheng.city.departments import generator as departments
from shiheng.city.places import CITY
from shiheng.fusion import actions as fusion
from shiheng.fusion import matching
from shiheng.fusion.models import Batch
from shiheng.jobs import queue, runner
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ledger import actions as ledger
from shiheng.publication.pushing import gathering as pushing
from shiheng.site import (
    demo_cases,
    demo_catalogue,
    demo_counter,
    demo_credit,
    demo_days,
    demo_everyday,
    demo_evidence,
    demo_files,
    demo_follow_ups,
    demo_letters,
    demo_orders,
    demo_oversight,
    demo_papers,
    demo_portal,
    demo_publicity,
    demo_registers,
)
from shiheng.site.cli.answers import Progress
from shiheng.subjects import actions as subjects
from shiheng.subjects.models import Identifier, Subject

PASSWORD = "Shiheng@2026"  # noqa: S105 - the published password of a demonstration; production makes none of this
SUBJECTS, SEED = 20_000, 20_261_121
CITY_SCOPE = "4499."
OWNED_FOR = timedelta(days=180)
MAKER = Who(key="city", name="演示辖区", kind="system")


def folder() -> Path:
    """Where the generated files lie."""
    return Path(settings.HOME) / "city"


def plan(*, size: int | None = None, seed: int | None = None, until: str | None = None) -> dict[str, Any]:
    """What this data directory's city is made by: fixed by its first start, whatever later starts ask for."""
    if settings.MODE != "demo":
        raise Refused("demo.production", "正式环境不生成演示辖区。")
    path = folder() / "plan.json"
    if not path.exists():
        try:
            last = date.fromisoformat(until) if until else clock.today()
        except ValueError:
            raise Refused("demo.until", f"日期 {until!r} 不对，应写成 2026-11-20 的样子。") from None
        size, seed = size or SUBJECTS, SEED if seed is None else seed
        if size < 1:
            raise Refused("demo.size", "演示辖区至少要有 1 户。")
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, {"subjects": size, "seed": seed, "until": last.isoformat()})
    return dict(json.loads(path.read_text(encoding="utf-8")))


def seat(*, size: int | None = None, seed: int | None = None, until: str | None = None) -> None:
    """Offices, towns, officers and the cast, from the same spreadsheets a bureau would load."""
    held = plan(size=size, seed=seed, until=until)
    place = folder() / "accounts"
    cast = {person[0] for person in offices.CAST}
    # An older home lacks whoever joined since: all are loaded again, and only what is new is written.
    if Account.objects.filter(username__in=cast).count() == len(cast):
        return
    offices.write(place, seed=held["seed"])
    for load, name in (
        (accounts.load_offices_xlsx, offices.OFFICES),
        (partial(accounts.load_officers_xlsx, first_password=PASSWORD), offices.OFFICERS),
    ):
        content = (place / name).read_bytes()
        key = uuid5(NAMESPACE_URL, f"shiheng:city:{name}:{held['seed']}:{sha256(content).hexdigest()}")
        done = load(MAKER, content, key=key)
        if done.faults:
            raise Refused("demo.accounts", f"演示的机构或人员表有误：{done.faults[0]}")


def build(*, progress: Progress, wait: bool = False) -> dict[str, Any]:
    """Make the city's files and take each in on the day it was known; gives the counts of what stands here.

    The register is taken in here, so that its businesses can be found at once; what other departments sent is landed
    and left to the worker, or taken in too when the caller would ``wait`` because no worker comes after it.
    """
    held = plan()
    built = _register(held, progress)
    _live(date.fromisoformat(held["until"]))
    _keep_lists(date.fromisoformat(held["until"]))
    _keep_files(held, progress)
    _keep_evidence(held, progress)
    pushing.gather()  # begins here: what other departments sent is news to the officers it concerns
    _keep(held, progress)
    sent = send(held, progress)
    queue.enqueue(demo_days.AFTER, key=f"{demo_days.AFTER}:{held['until']}:0", priority=-1, until=held["until"])
    if wait:
        with progress.bar("部门来文入档", total=None) as bar:
            bar.update(_work())
        demo_days.live_after(date.fromisoformat(held["until"]))
        demo_registers.follow()
        pushing.gather()
    return {**built, "departments": sent}


def _work() -> int:
    """Do what landing left for a worker, and seal the record; how many batches it was."""
    done = runner.work(until_idle=True, names=frozenset({fusion.ADVANCE}), stop=threading.Event())
    runner.work(until_idle=True, names=frozenset({matching.JOB}), stop=threading.Event())
    ledger.seal()
    return done


def _register(held: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The register and the permits, each file as far as it goes."""
    mark = folder() / "built.json"
    if mark.exists():
        return dict(json.loads(mark.read_text(encoding="utf-8")))
    manifest = _generated(held, progress)
    counts = {"files": 0, "rows_in": 0, "accepted": 0, "quarantined": 0}
    with progress.bar("收文入档", total=sum(f.rows for f in manifest.files)) as bar:
        for landed in sorted(manifest.files, key=lambda f: (f.known_on, f.path)):
            batch = _take_in(landed, manifest.digest, bar.set_postfix_str)
            bar.update(landed.rows)
            counts["files"] += 1
            for name in ("rows_in", "accepted", "quarantined"):
                counts[name] += getattr(batch, name)
    _open_owner(manifest.owner, date.fromisoformat(held["until"]) - OWNED_FOR)
    _work()  # what landing left for a worker is done already: only the rows of that work end here
    built = {**held, "city": CITY, **counts, "on_file": Subject.objects.filter(live=True).count()}
    _write(mark, built)
    return built


def _live(today: date) -> None:
    """What people have done with the data by now, once."""
    mark = folder() / "days.json"
    if not mark.exists():
        demo_days.live(today)
        _write(mark, {"until": today.isoformat()})


def _keep(held: dict[str, Any], progress: Progress) -> None:
    """What stands on the registers, and what was done with it by now, once."""
    mark = folder() / "registers.json"
    if not mark.exists():
        with progress.bar("名录台账", total=None) as bar:
            demo_registers.live(
                date.fromisoformat(held["until"]), size=held["subjects"], seed=held["seed"], told=bar.set_postfix_str
            )
        _write(mark, {"until": held["until"]})


LIVES: tuple[tuple[str, str, Callable[[date, Callable[[str], object]], None]], ...] = (
    ("files", "待办案卷", demo_files.live),
    ("counter", "公众窗口", demo_counter.live),
    ("letters", "来信甄别", demo_letters.live),
    ("orders", "平台来件", demo_orders.live),
    ("cases", "处罚案件", demo_cases.live),
    ("oversight", "复议诉讼与督办", demo_oversight.live),
    ("publicity", "公示信息", demo_publicity.live),
    ("credit", "信用案卷", demo_credit.live),
)
"""What is played through the rooms' actions, each once, in this order."""


def _keep_files(held: dict[str, Any], progress: Progress) -> None:
    """What is on the desk by now, once."""
    until = date.fromisoformat(held["until"])
    for name, title, live in LIVES:
        mark = folder() / f"{name}.json"
        if not mark.exists():
            with progress.bar(title, total=None) as bar:
                live(until, bar.set_postfix_str)
            _write(mark, {"until": held["until"]})
    for name, play in (("papers", demo_papers.live), ("everyday", demo_everyday.live)):
        mark = folder() / f"{name}.json"
        if not mark.exists():
            play(until)
            _write(mark, {"until": held["until"]})


def _keep_evidence(held: dict[str, Any], progress: Progress) -> None:
    """What was gathered in the open matters by now, once."""
    mark = folder() / "evidence.json"
    if not mark.exists():
        with progress.bar("案卷证据", total=None) as bar:
            demo_evidence.live(bar.set_postfix_str)
        _write(mark, {"until": held["until"]})
    mark = folder() / "follow_ups.json"
    if not mark.exists():
        demo_follow_ups.live(date.fromisoformat(held["until"]))
        _write(mark, {"until": held["until"]})
    mark = folder() / "portal.json"
    if not mark.exists():
        demo_portal.live()
        _write(mark, {"until": held["until"]})


def _keep_lists(today: date) -> None:
    """What the bureau did with its own lists by now, once."""
    mark = folder() / "catalogue.json"
    if not mark.exists():
        demo_catalogue.live(today)
        _write(mark, {"until": today.isoformat()})


def send(held: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Land what every other department sent, on the day it came; an older city gets only the sources it lacks."""
    mark = folder() / "sent.json"
    sent: dict[str, Any] = {"sources": [], "files": 0, "rows": 0}
    if mark.exists():
        sent = json.loads(mark.read_text(encoding="utf-8"))
    if lacking := departments.missing(folder()):
        with progress.bar("部门来文", total=held["subjects"], unit="户") as bar:
            departments.write(
                folder(),
                subjects=held["subjects"],
                seed=held["seed"],
                until=date.fromisoformat(held["until"]),
                sources=lacking,
                progress=lambda done, _total: (bar.update(done - bar.n), None)[1],
            )
    files = [f for f in departments.read(folder()) if f.source not in sent["sources"]]
    batches: dict[str, int] = {}
    with progress.bar("部门来文登记", total=len(files)) as bar:
        for landed in files:
            batches[landed.path] = _land_department(landed, batches)
            bar.update()
    if (sources := departments.told(folder())) != sent["sources"]:
        count, rows = sent["files"] + len(files), sent["rows"] + sum(f.rows for f in files)
        sent = {"sources": sources, "files": count, "rows": rows}
        _write(mark, sent)
    return sent


def _land_department(landed: departments.Landed, batches: dict[str, int]) -> int:
    """One file of a department, landed on the day it came; the number of its batch."""
    path = folder() / landed.path
    key = str(uuid5(NAMESPACE_URL, f"shiheng:city:{landed.sha256}:{landed.path}"))
    with clock.standing_at(landed.known_on):
        batch = fusion.land(
            landed.source,
            path,
            filename=path.name,
            who=MAKER,
            key=key,
            scope=CITY_SCOPE,
            delivery=landed.delivery,
            replaces=batches.get(landed.replaces),
        )
    return int(batch.pk)


def _generated(held: dict[str, Any], progress: Progress) -> generator.Manifest:
    if (folder() / generator.MANIFEST).exists():
        return generator.read(folder())
    with progress.bar("生成辖区", total=held["subjects"], unit="户") as bar:
        return generator.write(
            folder(),
            subjects=held["subjects"],
            seed=held["seed"],
            until=date.fromisoformat(held["until"]),
            progress=lambda done, _total: (bar.update(done - bar.n), None)[1],
        )


def _take_in(landed: generator.Landed, digest: str, told: Callable[[str], object]) -> Batch:
    """One file, landed on the day it was known, as far as it goes."""
    path = folder() / landed.path
    with clock.standing_at(landed.known_on):
        key = str(uuid5(NAMESPACE_URL, f"shiheng:city:{digest}:{landed.path}"))
        batch = fusion.land(landed.source, path, filename=path.name, who=MAKER, key=key, scope=CITY_SCOPE)
        return fusion.advance(batch.pk, progress=lambda step, _done, _total: (told(f"{path.name} {step}"), None)[1])


def _open_owner(owner: dict[str, Any], since: date) -> None:
    """The login of a business owner, bound since a day to the businesses the city says are theirs."""
    if Account.objects.filter(username=owner["login"]).exists():
        return
    codes = [business["uscc"] for business in owner["businesses"]]
    found = Identifier.objects.filter(kind="uscc", value__in=codes).values_list("subject_id", flat=True)
    with transaction.atomic():
        opened = accounts.open_enterprise_account(
            MAKER, username=owner["login"], name=owner["name"], phone=owner["phone"], first_password=PASSWORD
        )
        for subject in sorted(set(found)):
            subjects.represent(
                MAKER, subject=subject, account=opened.account.pk, basis="法定代表人", from_=since, key=None
            )


def sign_ins() -> list[dict[str, str]]:
    """Who a visitor may sign in as."""
    names = [login for login, *_ in offices.CAST] + [offices.OWNER["login"]]
    posts: dict[int, Post] = {}
    for post in in_force(Post.objects.filter(account__username__in=names).select_related("office")).order_by("-pk"):
        posts[post.account_id] = post
    found = {account.username: account for account in Account.objects.filter(username__in=names)}
    return [
        {
            "username": name,
            "password": PASSWORD,
            "name": found[name].name,
            "role": ROLE_TITLES[Role(posts[found[name].pk].role)] if found[name].pk in posts else "经营主体用户",
            "office": posts[found[name].pk].office.title if found[name].pk in posts else "",
        }
        for name in names
        if name in found
    ]


def told(built: dict[str, Any]) -> Iterator[str]:
    yield (
        f"演示辖区 {built['city']}（截至 {built['until']}）：{built['on_file']} 户入档；{built['files']} 个文件来文 "
        f"{built['rows_in']} 行 = 接受 {built['accepted']} + 隔离 {built['quarantined']}。"
    )
    sent = built["departments"]
    yield f"另有 {len(sent['sources'])} 个部门数据源 {sent['files']} 个文件 {sent['rows']} 行，由作业进程依次入档。"


def _write(path: Path, content: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
