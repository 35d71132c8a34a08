"""What stands on the registers of the invented city, and what was done with it: brought, applied for, moved, undone.

Everything goes through the doors of the registers' own room, each once: a start that was cut off does what is missing.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.city import days, registers
from shiheng.city.lives import registers as drawing
from shiheng.city.lives.registers import Firm, Plan
from shiheng.kernel import clock
from shiheng.ledger import files
from shiheng.registers import actions, bulk, feeding, importing, queries, undoing
from shiheng.registers.contents import opened, register_of
from shiheng.registers.definition import SUBJECT, Register
from shiheng.registers.held import held_by_others
from shiheng.registers.models import Act, Entry
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import IndustryClass, Representation, Subject

KEEPER, OWNER = "zhang", "laoban"
WHOLE = 20_000
"""The size of the city whose numbers of entries are the realistic ones; another has its share, and at least one."""
AT_MOST = 400
Told = Callable[[str], object]


def live(today: date, *, size: int, seed: int, told: Told = lambda _words: None) -> None:
    """Do what is missing of all that was done with registers by ``today``."""
    keeper = _who(KEEPER)
    firms = _firms()
    with clock.standing_at(today - timedelta(days=registers.BROUGHT_AGO)):
        for plan in drawing.plans():
            told(plan.code)
            _bring_all(keeper, plan, firms, today, size=size, seed=seed)
    _apply(today)
    for done in registers.DEEDS:
        _do(keeper, done, today)
    _undo_many(keeper, today)
    _leave_faulty(today, firms)


def follow() -> None:
    """Bring what departments report onto the registers it feeds."""
    feeding.run()


def _who(login: str) -> Who:
    return who_of(Account.objects.get(username=login))


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:registers:" + ":".join(map(str, words)))


def _firms() -> list[Firm]:
    """The businesses of the district that trade, in the order of their codes."""
    held = Subject.objects.filter(live=True, redirect_to=None, status="active", scope__startswith=days.DISTRICT)
    rows = held.exclude(uscc="").annotate(division=IndustryClass("fields")).order_by("uscc")
    return [Firm(code, kind, division or "") for code, kind, division in rows.values_list("uscc", "kind", "division")]


# -- what the sections bring


def _bring_all(who: Who, plan: Plan, firms: Sequence[Firm], today: date, *, size: int, seed: int) -> None:
    register = register_of(plan.code, on=clock.today())
    held = list(Act.objects.filter(register=plan.code, kind="import", actor=who.key).order_by("pk"))
    for act in held:
        _confirm(who, act)
    names = {act.filename for act in held}
    if _name(register, 1, last=True) in names:
        return
    count = max(1, round(plan.count * size / WHOLE))
    rows = drawing.rows(register, plan, firms, today=today, seed=seed, count=count)
    parts = [rows[at : at + AT_MOST] for at in range(0, len(rows), AT_MOST)]
    # The last part goes by the name that says the register is whole, so it is brought last.
    for number, part in reversed(list(enumerate(parts, 1))):
        if (name := _name(register, number, last=number == 1)) not in names:
            act = importing.begin(who, plan.code, _book(register, part), name, key=_key(plan.code, number))
            _confirm(who, act)


def _confirm(who: Who, act: Act) -> None:
    """Write what was read; a file none of whose rows can be written stays to be looked at."""
    if act.state == "preview" and act.faulty < act.rows:
        importing.confirm(who, act.pk)


def _name(register: Register, number: int, *, last: bool) -> str:
    return f"{register.title}.csv" if last else f"{register.title}（{number}）.csv"


def _book(register: Register, rows: Iterable[dict[str, str]]) -> files.Kept:
    own = [drawing.CODE] if register.bound == SUBJECT or register.owned else []
    heads = [*own, *register.titles.values(), drawing.STATE, drawing.SINCE, drawing.UNTIL]
    made = io.StringIO()
    writer = csv.DictWriter(made, list(dict.fromkeys(heads)), restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return files.keep(made.getvalue().encode("utf-8-sig"), sealed=bool(register.personal))


# -- what was done with them


def _apply(today: date) -> None:
    """The owner asks for the own shops; the first is granted, the others wait."""
    owner, keeper = _who(OWNER), _who(KEEPER)
    for place, firm in enumerate(subjects.of_account(owner.account_id or 0).order_by("pk")[:3]):
        for code, facts in registers.ASKED.items():
            if any(entry.register == code for entry in queries.of_businesses([firm.pk])[firm.pk]):
                continue
            since = Representation.objects.filter(account=owner.account_id, subject=firm.pk).latest("since").since
            with clock.standing_at(max(today - timedelta(days=9 - place), since)):
                asked = {**facts, "shop": firm.name[:80]}
                made = actions.apply_for(owner, code, firm.pk, asked, key=_key("ask", code, firm.pk))
            if place == 0:
                with clock.standing_at(max(today - timedelta(days=4), since)):
                    actions.move(keeper, code, made.pk, "grant", reason=registers.GRANTED, key=_key("grant", made.pk))


def _do(who: Who, deed: registers.Deed, today: date) -> None:
    """One deed with the entries it is for; told apart by its words, so that it is done once."""
    register = register_of(deed.register, on=today)
    if deed.what == "note":
        entries = Entry.objects.filter(register=deed.register, live=True, ended=False).order_by("pk")[: deed.most]
        for place, entry in enumerate(entries):
            with clock.standing_at(today - timedelta(days=deed.ago + place)):
                key = _key("note", deed.register, deed.step, deed.words, entry.key)
                actions.note(who, deed.register, entry.pk, deed.step, deed.words, key=key)
        return
    if Act.objects.filter(register=deed.register, reason=deed.words).exists():
        return
    with clock.standing_at(today - timedelta(days=deed.ago)):
        for entry in _free(deed, today - timedelta(days=deed.ago)):
            _one(who, register, deed, entry)


def _free(deed: registers.Deed, day: date) -> list[Entry]:
    """Entries of that day in the state a deed begins with, that nobody but the import has written to yet."""
    rows = Entry.objects.filter(register=deed.register, live=True, turn=0, entered_on__lte=day)
    rows = rows.filter(state=deed.state) if deed.state else rows.filter(ended=False)
    kept = held_by_others(rows.values_list("pk", flat=True))
    return list(rows.exclude(pk__in=kept).order_by("pk")[: deed.most])


def _one(who: Who, register: Register, deed: registers.Deed, entry: Entry) -> None:
    if deed.what == "move":
        actions.move(who, deed.register, entry.pk, deed.step, reason=deed.words)
    elif deed.what == "renew" and entry.until:
        actions.renew(who, deed.register, entry.pk, entry.until + timedelta(days=365), reason=deed.words)
    elif deed.what == "change":
        name, _, value = deed.step.partition("=")
        facts = opened(register, entry.facts)
        if facts.get(name) != value:
            changed = {**facts, name: value}
            actions.change(
                who, deed.register, entry.pk, changed, since=entry.since, until=entry.until, reason=deed.words
            )


def _undo_many(who: Who, today: date) -> None:
    """A step for many taken by mistake, and taken back as one."""
    code, step = registers.MISTAKEN
    register = register_of(code, on=today)
    move = next(held for held in register.moves if held.code == step)
    act = Act.objects.filter(register=code, kind="bulk", reason=registers.MISTAKEN_WHY).first()
    with clock.standing_at(today - timedelta(days=3)):
        if act is None:
            rows = Entry.objects.filter(register=code, live=True, state__in=move.came_from, turn=0).order_by("pk")
            numbers = list(rows.values_list("pk", flat=True)[:8])
            if not numbers:
                return
            act = bulk.take(who, register, move, numbers, reason=registers.MISTAKEN_WHY, key=_key("bulk", code))
        if act.state == "done":
            undoing.begin(who, act, registers.UNDONE_WHY)
            act.refresh_from_db()
        if act.state == "undoing":
            undoing.run(who, act)


def _leave_faulty(today: date, firms: Sequence[Firm]) -> None:
    """A workbook with wrong rows, read and left to be looked at by the data officer."""
    who, register = _who(days.DATA_OFFICER), register_of(registers.FAULTY, on=today)
    if not firms or Act.objects.filter(register=registers.FAULTY, kind="import", actor=who.key).exists():
        return
    plan = next(plan for plan in drawing.plans() if plan.code == registers.FAULTY)
    rows = drawing.rows(register, plan, firms, today=today, seed=7, count=12)
    for row, wrong in zip(rows, registers.WRONG, strict=False):
        row.update(wrong)
    with clock.standing_at(today - timedelta(days=1)):
        importing.begin(who, registers.FAULTY, _book(register, rows), registers.FAULTY_FILE, key=_key("faulty"))
