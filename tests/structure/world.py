"""Rows of every kind for pages to stand on, and what the tokens of the access tables mean.

``build(cast, rows)`` makes ``rows`` of each kind in district A, once in a test. A token such as ``@subject`` in a table
is the first row of its kind. Whoever brings a page with a new kind of row adds its maker and its token here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from tests.structure.everyday_world import everyday
from tests.structure.letters_world import letters
from tests.structure.world_orders import orders

SCOPE = "4499.01.01."


@dataclass
class World:
    """The tokens of one world by name."""

    tokens: dict[str, Any]

    def resolve(self, kwargs: str) -> tuple[dict[str, Any], str]:
        """``subject_id=@subject ?page=2`` as the keyword arguments of ``reverse`` and a query string."""
        found: dict[str, Any] = {}
        query = ""
        for word in kwargs.split():
            if word.startswith("?"):
                name, _, value = word[1:].partition("=")
                query += f"{'&' if query else '?'}{name}={self._value(value)}"
                continue
            name, _, value = word.partition("=")
            found[name] = self._value(value)
        return found, query

    def _value(self, text: str) -> Any:
        return self.tokens[text[1:]] if text.startswith("@") else text


def build(cast: SimpleNamespace, rows: int) -> World:
    """Make ``rows`` of each kind, and the tokens that name the first of each."""
    tokens: dict[str, Any] = {}
    for make in MAKERS:
        tokens.update(make(cast, rows))
    return World(tokens)


def people(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    from shiheng.accounts.models import Account, Message, Office, Post, Town
    from shiheng.kernel import clock

    station = Office.objects.get(path=SCOPE)
    Office.objects.bulk_create(
        Office(code=f"449901X{n:02d}", title=f"临江区市场监督管理局第{n}科", kind="section", path=f"4499.01.X{n:02d}.",
               parent=Office.objects.get(path="4499.01."))
        for n in range(rows)
    )  # fmt: skip
    Town.objects.bulk_create(
        Town(code=f"44990110{n:02d}", title=f"第{n}街道", office=station.parent) for n in range(rows)
    )
    made = Account.objects.bulk_create(
        Account(username=f"made{n:03d}", name=f"王{n}", created_at=clock.now(), password="!") for n in range(rows)
    )
    posts = Post.objects.bulk_create(
        Post(account=a, office=station, role="inspector", since=date(2024, 1, 1), card_number=f"4499{a.pk:08d}")
        for a in made
    )
    chief: list[Message] = []
    for column in ("owner", "clerk", "chief", "inspector_b", "city", "data", "admin"):
        account = getattr(cast, column)
        held = Message.objects.bulk_create(
            Message(channel="inbox", account=account, title=f"提醒 {n}", text="请查收。", key=uuid4(), state="sent",
                    made_at=clock.now())
            for n in range(rows)
        )  # fmt: skip
        chief = held if column == "chief" else chief
    return {
        "account": made[0].pk,
        "username": made[0].username,
        "office": station.pk,
        "office_code": station.code,
        "post": posts[0].pk,
        "message": chief[0].pk,
    }


def businesses(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    from shiheng.subjects.models import Representation
    from tests import factories

    made = [factories.subject(f"云泽市临江区恒达{n}食品有限公司", number=10_001 + n, scope=SCOPE) for n in range(rows)]
    for n, row in enumerate(made):
        factories.record(made[0], key=str(n))
        factories.record(row, kind="penalty", key=f"p{n}")
    Representation.objects.bulk_create(
        Representation(account=cast.owner, subject=row, basis="法定代表人", since=date(2024, 1, 1)) for row in made
    )
    return {"subject": made[0].pk, "uscc": made[0].uscc}


def batches(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """Published batches of kept files, each with as many quarantined rows; the first says names of the businesses."""
    import polars as pl
    from django.conf import settings

    from shiheng.columnar import lake
    from shiheng.fusion import statement
    from shiheng.fusion.models import Batch, Link, Quarantined
    from shiheng.kernel import clock
    from shiheng.ledger import files
    from shiheng.subjects.models import Subject

    lines = ["统一社会信用代码,企业名称", *(f"91449901MA{n:08d},云泽市恒达{n}食品有限公司" for n in range(2 * rows))]
    kept = files.keep("\r\n".join(lines).encode())
    made = Batch.objects.bulk_create(
        Batch(
            source="register", contract="1.0.0", key=f"world-{n}", file=kept.sha256, filename=f"register-{n}.csv",
            size=kept.size, media="csv", charset="utf-8", scope="4499.01.", landed_by="舒据", landed_at=clock.now(),
            known_on=clock.today(), state="published", rows_in=2 * rows, accepted=rows, quarantined=rows, chunks=1,
            checked_chunks=1, resolved_chunks=1, fused_chunks=1,
        )
        for n in range(rows)
    )  # fmt: skip
    held = Quarantined.objects.bulk_create(
        Quarantined(batch=made[0], row=n + 1, raw={"企业名称": f"坏行{n}"}, scope="4499.01.",
                    reasons=[{"column": "uni_social_crd_cd", "code": "uscc", "message": "校验位不符", "value": "X"}])
        for n in range(rows)
    )  # fmt: skip
    subjects = list(Subject.objects.order_by("id").values_list("pk", "name")[:rows])
    Link.objects.bulk_create(
        Link(batch=made[0], row=n, subject_id=pk, by="uscc") for n, (pk, _) in enumerate(subjects, start=1)
    )
    said = [(n, "name", name, clock.today()) for n, (_, name) in enumerate(subjects, start=1)]
    part = pl.DataFrame(said, schema=statement.SCHEMA, orient="row")
    lake.write_part(settings.HOME / "lake", "register", made[0].pk, 0, part)
    return {"batch": made[0].pk, "quarantined": held[0].pk, "source": "register", "file": kept.sha256}


def nameless(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """Rows without a code of one batch, each with as many as three candidates, and what was said of the first."""
    from shiheng.fusion.models import Batch, Nameless, Verdict
    from shiheng.kernel import clock
    from shiheng.subjects.models import Subject

    batch = Batch.objects.order_by("pk")[0]
    pks = list(Subject.objects.order_by("id").values_list("pk", flat=True)[:3])
    signs = {"name": ["full", 2, 11.8], "door": ["unit", 1, 12.9]}
    candidates = [{"subject": pk, "likely": 0.4, "signs": signs} for pk in pks]
    made = Nameless.objects.bulk_create(
        Nameless(batch=batch, row=10_000 + n, name=f"恒达{n}食品", signs={"address": "码头路1号"}, decision="tie",
                 likely=0.4, version="t", candidates=candidates, best_id=pks[0])
        for n in range(rows)
    )  # fmt: skip
    Verdict.objects.bulk_create(
        Verdict(row=made[0], subject_id=pks[0], says="unsure", judged_by="舒据", judged_at=clock.now(),
                undone_at=clock.now(), undone_by="舒据")
        for _ in range(rows)
    )  # fmt: skip
    return {"nameless": made[0].pk}


def returns(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """As many returns of one batch; with the first as many of its rows went back."""
    from shiheng.fusion.models import Batch, Mending, Quarantined, Return
    from shiheng.kernel import clock

    batch = Batch.objects.order_by("pk")[0]
    made = Return.objects.bulk_create(
        Return(year=2026, serial=n + 1, batch=batch, file=batch.file, filename="退回.csv", size=rows, scope=batch.scope,
               why="请补正", told="舒据", made_by="舒据", made_at=clock.now())
        for n in range(rows)
    )  # fmt: skip
    Mending.objects.bulk_create(
        Mending(quarantined=row, kind="returned", by="舒据", at=clock.now(), why="请补正", sending=made[0],
                undone_at=clock.now())
        for row in Quarantined.objects.filter(batch=batch)
    )  # fmt: skip
    return {"return": made[0].pk}


def personal(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """A record with a sealed telephone number, and as many views of it on record."""
    from shiheng.kernel import sealing
    from shiheng.ledger import actions, keyring
    from shiheng.subjects.models import Subject
    from tests import factories

    subject = Subject.objects.order_by("id").first()
    sealed = sealing.seal("13900000000", keyring.current(), "phone")
    held = factories.record(subject, kind="equipment", key="sealed", facts={"contact": sealed})
    about, who = f"subject:{subject.pk}", cast.who("chief")
    for n in range(rows):
        facts = {"field": "联系人电话", "kind": "电话", "purpose": "联系当事人", "reason": f"第 {n} 次"}
        actions.record("personal.viewed", subject=about, who=who, facts=facts, scope=SCOPE)
    return {"personal": f"record:{held.pk}&field=contact"}


def disputes(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """The owner says of every business that its name is wrong, with a file; all wait for an answer."""
    from shiheng.fusion import disputes as reports
    from shiheng.ledger import files
    from shiheng.subjects.models import Subject

    kept = files.keep("证明".encode(), sealed=True)
    who = cast.who("owner")
    made = [
        reports.report(
            pk, about="field:name", wrong="名称少了两个字", evidence=kept, evidence_name="证明.pdf", who=who,
            key=str(uuid4()),
        )
        for pk in Subject.objects.order_by("id").values_list("pk", flat=True)[:rows]
    ]  # fmt: skip
    return {"dispute": made[0].pk}


def evidence(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    from shiheng.ledger import actions, files
    from shiheng.subjects.models import Subject

    subject = Subject.objects.order_by("id").values_list("pk", flat=True)[0]
    who = cast.who("chief")
    leaves = [
        actions.record("note.made", subject=f"subject:{subject}", who=who, facts={"n": n}, scope=SCOPE)
        for n in range(rows)
    ]
    kept = files.keep("笔录".encode())
    held = actions.attach(f"subject:{subject}", file=kept, name="笔录.txt", who=who, media="text/plain", scope=SCOPE)
    head = actions.seal().head
    assert head is not None
    return {"leaf": leaves[0].pk, "attachment": held.pk, "about": f"subject:{subject}", "head": head.size}


def work(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    from shiheng.jobs import queue

    made = [queue.enqueue("world.nothing", key=f"world:{n}", n=n) for n in range(rows)]
    return {"job": made[0].pk}


def catalogue(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """A code table with so many codes, so many other tables, and as many uploads of a day in a year without notice."""
    from datetime import timedelta

    from shiheng.catalogue.actions import load_calendar
    from shiheng.catalogue.models import CodeEntry, CodeTable

    made = CodeTable.objects.bulk_create(
        CodeTable(code=f"world-{n}", title=f"第{n}表", source="本市", licence="—") for n in range(rows)
    )
    CodeEntry.objects.bulk_create(
        CodeEntry(table=made[0], code=f"{n:03d}", title=f"第{n}类", position=n) for n in range(rows)
    )
    for n in range(rows):
        row = {"日期": date(2031, 1, 1) + timedelta(days=n), "是否上班": "否", "文号": "通知"}
        load_calendar([row], who=cast.who("admin"), key=str(uuid4()))
    return {"code_table": made[0].code, "law": instruments(rows), **powers(rows)}


def instruments(rows: int) -> str:
    """The declared instruments, so many invented ones, and of the first as many editions; its code."""
    from shiheng.catalogue.law import actions, reading
    from tests.catalogue import laws

    actions.install()
    code = laws.load_both()
    for n in range(rows):
        named = laws.TITLE if n % 2 else f"云泽市第{n}办法"
        text = laws.OLD.replace(laws.TITLE, named).replace("2019年5月1日", f"{2025 + n}年5月1日")
        actions.load(reading.read(f"{named}({2025 + n}-03-01).md", text.encode()))
    return code


def powers(rows: int) -> dict[str, Any]:
    """As many published changes of powers, items of the catalogue above in use, and activities of law education."""
    from shiheng.catalogue.models import Boundary, LawActivity, PowerChange, UpperCatalogue, UpperItem
    from shiheng.kernel import clock

    now, today = clock.now(), clock.today()
    changes = PowerChange.objects.bulk_create(
        PowerChange(power="food.expired", title="处罚", what="amend", trigger="reform", instrument="文件", reason="a",
                    content={"promised": f"{n + 1}wd"}, before={"promised": ""}, in_force_from=today, state="published",
                    drafted_by="章科", drafted_key="account:0", drafted_at=now, published_by="史诚", published_at=now)
        for n in range(rows)
    )  # fmt: skip
    upper = UpperCatalogue.objects.create(
        title="目录", issued_by="省局", issued_on=today, filename="a.csv", sha256="0" * 64, rows=rows, accepted=rows,
        faulty=0, state="current", loaded_by="章科", loaded_at=now,
    )  # fmt: skip
    UpperItem.objects.bulk_create(
        UpperItem(catalogue=upper, line=n + 2, base_code=f"44{n:04d}", title=f"第{n}项", kind="penalty",
                  instrument="食品安全法", article="第一条", levels="county")
        for n in range(rows)
    )  # fmt: skip
    LawActivity.objects.bulk_create(
        LawActivity(duty="public.food", day=today, title=f"第{n}场", place="江口", people=30, scope=SCOPE, by="章科",
                    at=now)
        for n in range(rows)
    )  # fmt: skip
    content = {"lighter": 20, "general": 60, "effects": {}}
    held = Boundary.objects.bulk_create(
        Boundary(violation="food.unlicensed", title="未经许可", content=content, before={**content, "lighter": 30},
                 instrument="文件", reason="a", in_force_from=today, state="published", office="云泽市市场监督管理局",
                 drafted_by="章科", drafted_key="account:0", drafted_at=now, published_by="史诚", published_at=now)
        for _ in range(rows)
    )  # fmt: skip
    found = {"change": changes[0].pk, "upper": upper.pk, "upper_key": "440000"}
    return {**found, "boundary": held[0].pk}


def exchange(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """Subscriptions of a department to the district's facts; the first owes items, some handed over and confirmed."""
    from shiheng.accounts.models import Office
    from shiheng.kernel import clock
    from shiheng.ledger import files
    from shiheng.publication.models import Handover, Item, Receipt, Report, Subscription
    from shiheng.subjects.models import Subject

    office = Office.objects.create(
        code="4499SW",
        title="云泽市税务局",
        kind="department",
        path="4499.D01.",
        parent=Office.objects.get(path="4499."),
    )
    made = Subscription.objects.bulk_create(
        Subscription(code=f"4499sw-{n}", office=office, rule="tax", rule_from=date(2022, 3, 1), kinds=["identity"],
                     scope="4499.01.", purpose="核对", state="approved", asked_by="魏步", asked_at=clock.now(),
                     last=rows, sent=rows, taken=rows - 1)
        for n in range(rows)
    )  # fmt: skip
    today = clock.today()
    Item.objects.bulk_create(
        Item(subscription=made[0], number=n, subject_id=pk, kind="identity", action="set", body="{}", digest="0",
             made_on=today, sent_on=today, taken_on=today if n < rows else None)
        for n, pk in enumerate(Subject.objects.order_by("id").values_list("pk", flat=True)[:rows], start=1)
    )  # fmt: skip
    Handover.objects.bulk_create(
        Handover(subscription=made[0], way="pull", first=n, last=n, sha256="0" * 64, leaf=1, at=clock.now())
        for n in range(1, rows + 1)
    )
    Receipt.objects.bulk_create(
        Receipt(subscription=made[0], way="pull", upto=n, state="taken", at=clock.now()) for n in range(rows)
    )
    kept = files.keep(b"jgxw_bh")
    reports = Report.objects.bulk_create(
        Report(layout="inspection", layout_from=date(2020, 1, 1), scope="4499.01.", first=date(2026, 1, 1 + n % 28),
               last=today, rows=n, file=f"{n:064x}" if n else kept.sha256, rest=kept.sha256, leaf=1, made_by="舒据",
               made_at=clock.now())
        for n in range(rows)
    )  # fmt: skip
    return {"subscription": made[0].code, "report": reports[0].pk}


def pushes(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """As many facts pushed to the chief, the first of them the token."""
    from shiheng.accounts.models import Office
    from shiheng.kernel import clock
    from shiheng.publication.models import Pushed
    from shiheng.subjects.models import Subject

    office, today = Office.objects.get(path="4499.01."), clock.today()
    made = Pushed.objects.bulk_create(
        Pushed(account=cast.chief, office=office, subject_id=pk, kind="penalty", key=f"register:p{n}", action="new",
               title="未按规定公示", day=today, scope=SCOPE, pushed_on=today)
        for n, pk in enumerate(Subject.objects.order_by("id").values_list("pk", flat=True)[:rows])
    )  # fmt: skip
    return {"pushed": made[0].pk}


def traces(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """A person at as many subjects, as many others of the name and with the telephone, traced by the chief as often."""
    from shiheng.fusion.models import Ruling
    from shiheng.kernel import clock
    from shiheng.subjects.models import Person, Record, Relation, Subject, Trace

    pks = list(Subject.objects.order_by("id").values_list("pk", flat=True)[:rows])
    one = Person.objects.create(key="id:one", name="陈伟", verified=True)
    others = Person.objects.bulk_create(Person(key=f"at:{pk}:陈伟", name="陈伟") for pk in pks)
    held = {"role": "shareholder", "named": "陈伟", "source": "members"}
    Relation.objects.bulk_create(
        [
            *(Relation(subject_id=pk, person=one, contact=f"t{n // 4}", **held) for n, pk in enumerate(pks)),
            *(
                Relation(subject_id=pk, person=person, contact=f"t{n // 4}", **held)
                for n, (pk, person) in enumerate(zip(pks, others, strict=True))
            ),
        ]
    )
    made = Trace.objects.bulk_create(
        Trace(person=one, purpose="case", matter=f"案{n}", reason="核实", scope=SCOPE, account=cast.chief,
              asked_by="科长", asked_at=clock.now(), subjects=rows)
        for n in range(rows)
    )  # fmt: skip
    claims = Record.objects.bulk_create(
        Record(subject_id=pk, kind="misuse", source="bureau", key=f"{one.pk}-1", day=clock.today(), state="调查中",
               title="冒名登记投诉", scope=SCOPE, facts={"claimant": "陈伟", "limit": "2026-01-01"})
        for pk in pks
    )  # fmt: skip
    ruled = Ruling.objects.bulk_create(
        Ruling(says="apart", kind="regno", value=f"{440000000000000 + n}", subject_id=pk, scope=SCOPE, reason="另一户",
               made_by="数据专员", made_at=clock.now())
        for n, pk in enumerate(pks)
    )  # fmt: skip
    return {
        "ruling": ruled[0].pk,
        "trace": made[0].pk,
        "relation": Relation.objects.order_by("pk")[0].pk,
        "claim": claims[0].pk,
        "suspect": Relation.objects.filter(person=others[0]).order_by("pk")[0].pk,
    }


def movers(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """As many subjects that came from the other district within the last year, each from its own industry."""
    from shiheng.kernel import clock
    from shiheng.subjects.models import Stay, Subject

    now, born, there = clock.today(), date(2020, 5, 6), "4499.02.01."
    pks = list(Subject.objects.order_by("id").values_list("pk", flat=True)[:rows])
    for n, pk in enumerate(pks):
        moved = now - timedelta(days=7 * n)
        held: dict[str, Any] = {"subject_id": pk, "kind": "enterprise", "division": f"{10 + n}"}
        Stay.objects.bulk_create(
            [
                Stay(scope=there, since=born, until=moved, began="born", ended="across", left_to=SCOPE, **held),
                Stay(scope=SCOPE, since=moved, began="across", came_from=there, told="change", **held),
            ]
        )
    return {}


Maker = Callable[[SimpleNamespace, int], dict[str, Any]]


def registers(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    from shiheng.registers import actions
    from shiheng.registers.models import Act, Row
    from shiheng.subjects.models import Subject
    from tests.factories import subject

    chief = cast.who("chief")
    firms = list(Subject.objects.filter(scope=SCOPE).order_by("pk")[:rows]) or [subject()]
    held = [
        actions.enter(
            chief, "quality.fixed_point", {"product": f"电线{n}", "grade": "B"}, subject=firms[n % len(firms)].pk
        )
        for n in range(rows)
    ]
    soon = date.today() + timedelta(days=20)
    actions.change(
        chief, "quality.fixed_point", held[0].pk, {"product": "电线0", "grade": "A"}, reason="升级", until=soon
    )
    for n in range(rows):
        actions.note(chief, "quality.fixed_point", held[0].pk, "visit", f"第{n}次巡查")
        actions.enter(
            chief, "quality.warned_markets", {"name": f"市场{n}", "area": "江口街道", "goods": "箱包"}, scope=SCOPE
        )
    operator = {
        "number": "T-1",
        "name": "王一",
        "item": "电梯作业",
        "identity": "110101199003070012",
        "phone": "13900000000",
    }
    sealed = actions.enter(chief, "equipment.operators", operator, scope=SCOPE)
    bulk = [
        Act.objects.create(
            register="quality.fixed_point", kind="import", state="preview", actor="x", by="章科", scope="4499.01.",
            at=held[0].changed_at, day=held[0].entered_on, rows=rows, facts={"columns": ["监管产品"]},
        )
        for _ in range(rows)
    ]  # fmt: skip
    Row.objects.bulk_create(
        Row(act=bulk[0], line=n + 2, outcome="new", cells={"监管产品": "电线"}, plan={}) for n in range(rows)
    )
    act = Act.objects.filter(kind="change").first()
    return {"entry": held[0].pk, "entry_act": act.pk, "register_act": bulk[0].pk, "sealed_entry": sealed.pk}


def proceedings(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    from shiheng.procedures import actions
    from shiheng.subjects.models import Subject
    from tests.factories import subject

    clerk = cast.who("clerk")
    firms = list(Subject.objects.filter(scope=SCOPE).order_by("pk")[:rows]) or [subject()]
    made = [
        actions.open_file(
            clerk, "complaints.complaint",
            {"summary": f"第{n}件", "channel": "counter", "kind": "质量", "story": "三天就坏。", "claims": ["退款"]},
            parties=[actions.Standing("complainant", f"王{n}"), actions.Standing("trader", "恒达电器")],
            subject=firms[n % len(firms)].pk, scope="4499.01.",
        )
        for n in range(rows)
    ]  # fmt: skip
    actions.take(clerk, made[0].pk, "accept", {"told_by": "短信"})
    for n in range(1, rows):
        actions.take(clerk, made[0].pk, "appraise", {"laboratory": "所", "chosen": "双方协商", "document": f"鉴{n}"})
        actions.take(clerk, made[0].pk, "appraised", {"result": "合格"})
    actions.take(
        clerk, made[0].pk, "mediate",
        {"way": "remote", "complainant_agrees": True, "trader_agrees": True, "mediator": "李窗"},
    )  # fmt: skip
    papers = [actions.make_paper(clerk, made[0].pk, "complaints.complaint_form") for _ in range(rows)]
    held = papers[0]
    for n in range(rows):
        actions.serve_paper(
            clerk, made[0].pk, held.pk, way="post", to=f"第{n}人", proof={"parcel": f"E{n}", "signer": "前台"}
        )
    own = [_own_form(cast, n) for n in range(rows)]
    return {
        "file": made[0].pk, "paper": held.pk, "own_form": own[0], "paper_code": held.digest[:32],
        **_laid_up(cast, rows),
    }  # fmt: skip


def _laid_up(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """Steps of cases that wait for the chief; the last was agreed to by the clerk's telephone."""
    from shiheng.procedures import actions
    from shiheng.procedures.approvals import actions as approvals
    from shiheng.procedures.money import actions as money

    clerk, chief = cast.who("clerk"), cast.who("chief")
    clue = {"summary": "无证经营", "source": "check", "topic": "食品安全", "violation": "food.unlicensed",
            "found_on": "2026-11-20", "place": "江口", "story": "没有证。", "mode": "own"}  # fmt: skip
    filing = dict.fromkeys(("evidence", "due", "ours", "not_barred"), True) | {"handlers": "章科、李窗"}
    for n in range(rows):
        held = actions.open_file(
            clerk, "enforcement.case", clue, parties=[actions.Standing("party", f"第{n}家")], scope="4499.01."
        )
        actions.take(chief, held.pk, "verify", {"plan": "核查"}, officers=[clerk.key])
        row = approvals.ask(clerk, held.pk, "file", filing)
    receipts = "\n".join(["票据号码,缴款日期,金额", *(f"票{n},2026-11-20,{n + 1}.00" for n in range(rows))])
    finance = money.take(chief, receipts.encode(), "缴款.csv")
    return {"case": held.pk, "approval": row.pk, "finance": finance.pk}


def _own_form(cast: SimpleNamespace, n: int) -> int:
    from shiheng.kernel import clock
    from shiheng.procedures.ownforms import actions
    from tests.procedures.wordfiles import word

    content = word("{{文书编号}}{{投诉人}}{{收到日期}}{{被投诉人}}{{案卷编号}}")
    day = clock.today() + timedelta(days=n)
    row = actions.draft(
        cast.who("chief"), "complaints.acceptance", content=content, name="a.docx", reason="换。", in_force_from=day
    )
    return int(row.pk)


def file_evidence(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """As many items of the first file as rows, of all kinds a page shows; of the first as many events and copies."""
    from shiheng.ledger import actions as ledger
    from shiheng.procedures.evidence import actions, redaction
    from shiheng.procedures.models import Proceeding
    from tests.evidence import made
    from tests.structure.world_cases import lending

    found, clerk = Proceeding.objects.order_by("pk")[0], cast.who("clerk")
    actions.allege(clerk, found.pk, "food.unlicensed")
    elements = ["food.unlicensed:主体"]
    first = made.received(cast, found, elements=elements, act="site", passage=1)
    sound = made.received(cast, found, b"ID3\x04" + b"\0" * 1000, name="a.mp3", kind="03")
    for n in range(2, rows):
        made.received(cast, found, f"第{n}件".encode(), name=f"{n}.txt", kind="04", elements=elements, passage=1)
    bar = redaction.Bar(0, 0, 500, 500, "id")
    for n in range(rows):
        redaction.redact(clerk, found.pk, first.number, bars=[bar], purpose=f"第{n}次")
        actions.copied(clerk, found.pk, first.number, purpose=f"第{n}次")
    ledger.seal()
    return {"item": first.number, "sound": sound.number, "upload": uuid4(), **lending(cast, found)}


MAKERS: tuple[Maker, ...] = (
    people,
    businesses,
    batches,
    nameless,
    returns,
    disputes,
    evidence,
    work,
    catalogue,
    exchange,
    personal,
    pushes,
    traces,
    movers,
    registers,
    proceedings,
    everyday,
    file_evidence,
    letters,
    orders,
)
