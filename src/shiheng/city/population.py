"""The city's subjects, block by block: a pure function of (seed, last day, number), streaming, in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from shiheng.city import addresses, capital, codes, confusions, life, names, persons
from shiheng.city import definition as d
from shiheng.city.draw import Weighted, between, pick, share, shuffled, some, stream
from shiheng.city.industries import APPROVAL_CLAUSE, GENERAL_SCOPES, Industry, industry, weighted
from shiheng.city.model import ACTIVE, Change, Group, Subject
from shiheng.city.persons import Person
from shiheng.city.places import CITY_CODE, Building, Town, districts, town_of, towns_of
from shiheng.city.words import words

_TYPES = {
    "1130": "有限责任公司(自然人投资或控股)",
    "1151": "有限责任公司(自然人独资)",
    "1153": "有限责任公司(非自然人投资或控股的法人独资)",
    "1190": "其他有限责任公司",
    "1110": "有限责任公司(国有独资)",
    "1222": "股份有限公司(非上市、自然人投资或控股)",
    "3200": "集体所有制",
    "4540": "个人独资企业",
    "4531": "普通合伙企业",
    "4533": "有限合伙企业",
    "5150": "有限责任公司(外国法人独资)",
    "6150": "有限责任公司(港澳台法人独资)",
    "9500": "个体工商户",
    "9100": "农民专业合作社",
    "2130": "有限责任公司分公司(自然人投资或控股)",
    "4550": "个人独资企业分支机构",
}
_ENTERPRISE_TYPES = Weighted(
    [
        *(("1130", 40.0), ("1151", 38.0), ("1153", 5.0), ("1190", 5.0), ("4540", 5.0), ("4533", 2.0), ("4531", 1.0)),
        *(("1222", 1.0), ("3200", 0.7), ("1110", 0.5), ("5150", 0.8), ("6150", 1.0)),
    ]
)
_PREFIX = {"enterprise": "91", "branch": "91", "individual": "92", "cooperative": "93"}
_FAMILY = 2  # shops of the family that comes last in a block
_DISTRICT = Weighted([(i.index, float(i.share)) for i in districts()])
_TOWN = {i.index: Weighted([(t, 2.0 if t.urban else 1.0) for t in towns_of(i.index)]) for i in districts()}


@dataclass(slots=True)
class _Block:
    """One block being made: its streams, its subjects and groups so far, the trade names it has used up."""

    number: int
    seed: int
    until: date
    rng: Random
    slots: list[int]  # numbers not given away yet, in drawn order
    subjects: dict[int, Subject] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    brands: int = 0

    def brand(self) -> str:
        self.brands += 1
        return names.trade_name(self.number * names.GROUPS_PER_BLOCK + self.brands - 1, self.seed)

    def group(self, kind: str, members: list[Subject], **facts: Any) -> None:
        key = f"{kind}-{self.number}-{sum(g.kind == kind for g in self.groups)}"
        self.groups.append(Group(key, kind, tuple(sorted(m.k for m in members)), facts))
        for member in members:
            member.groups.append(key)


@dataclass(slots=True)
class _Wish:
    """What a planted group fixes of one of its members; what is left open is drawn."""

    kind: str
    district: int | None = None
    town: Town | None = None
    industry: Industry | None = None
    brand: str | None = None
    name: str | None = None
    rep: Person | None = None
    controller: str | None = None
    conduct: float | None = None
    established: date | None = None
    not_before: date | None = None
    address: tuple[str, str] | None = None
    type_code: str | None = None
    parent: Subject | None = None
    fake: bool = False
    shown: bool = False


def blocks(subjects: int, *, seed: int, until: date) -> Iterator[tuple[list[Subject], list[Group]]]:
    """The first ``subjects`` of the city in order, block by block; a group keeps only members that were asked for."""
    for number in range((subjects + d.BLOCK - 1) // d.BLOCK):
        made, groups = block(number, seed=seed, until=until)
        if (number + 1) * d.BLOCK > subjects:
            made = made[: subjects - number * d.BLOCK]
            groups = [
                Group(g.key, g.kind, kept, g.facts)
                for g in groups
                if len(kept := tuple(k for k in g.members if k < subjects)) > 1
            ]
            left = {g.key for g in groups}
            for subject in made:
                subject.groups = [g for g in subject.groups if g in left]
        yield made, groups


def block(number: int, *, seed: int, until: date) -> tuple[list[Subject], list[Group]]:
    """One block of a hundred subjects with everything planted in it."""
    rng = stream(seed, "block", number)
    first = number * d.BLOCK
    slots = shuffled(rng, range(first, first + d.BLOCK))
    made = _Block(number, seed, until, rng, slots)
    if number == 0:
        _shown(made)
    _siblings(made)
    _owners(made)
    _same_name(made)
    _same_brand(made)
    if number % 4 == 1:
        _fakes(made)
    _parents(made)
    have = {"enterprise": 0, "cooperative": 0, "branch": 0}
    for subject in made.subjects.values():
        have[subject.kind] = have.get(subject.kind, 0) + 1
    for kind, wanted in (("enterprise", d.ENTERPRISES), ("cooperative", d.COOPERATIVES)):
        for _ in range(max(wanted - have[kind], 0)):
            _make(made, _Wish(kind))
    while len(made.slots) > _FAMILY:
        _make(made, _Wish("individual"))
    _family(made)
    _hosts(made)
    confusions.plant(number, made.subjects.values(), seed=seed, until=until)
    return [made.subjects[k] for k in sorted(made.subjects)], made.groups


# --- what is planted ---------------------------------------------------------------------------------------------


def _shown(made: _Block) -> None:
    """The two businesses of 劳板, whom the demonstration signs in: numbers 0 and 1 of every city."""
    made.slots = [0, 1, *(s for s in made.slots if s > 1)]
    town = towns_of(0)[0]
    owner = Person("owner-laoban", "劳板")
    common: dict[str, Any] = {
        "district": 0,
        "town": town,
        "rep": owner,
        "controller": owner.key,
        "conduct": 0.9,
        "shown": True,
    }
    since = life.workday(made.until - timedelta(days=2300))
    firm = _make(
        made,
        _Wish(
            "enterprise",
            industry=industry("5129"),
            brand="劳记云鲜",
            name="云泽市临江区劳记云鲜食品有限公司",
            type_code="1151",
            established=since,
            **common,
        ),
    )
    stall = _make(
        made,
        _Wish(
            "individual",
            industry=industry("5223"),
            name="云泽市临江区劳记鲜果店",
            established=life.workday(since + timedelta(days=700)),
            **common,
        ),
    )
    made.group("owner", [firm, stall], controller=owner.key, ways={str(firm.k): "self", str(stall.k): "self"})


def _siblings(made: _Block) -> None:
    """Firms of one house: the same trade name, another district or form of organisation, one controller."""
    rng = made.rng
    brand = made.brand()
    boss = persons.person(rng, f"p{made.number}-s")
    conduct = share(rng, 0.68)
    members: list[Subject] = []
    trades = _trades(rng, between(rng, 2, 4))
    for i, trade in enumerate(trades):
        rep = boss if rng.random() < 0.7 else None
        place = i % 2 if rng.random() < 0.8 else None
        wish = _Wish("enterprise", place, industry=trade, brand=brand, rep=rep, controller=boss.key, conduct=conduct)
        members.append(_make(made, wish))
    made.group("sibling", members, controller=boss.key, brand=brand)


def _owners(made: _Block) -> None:
    """One person behind several businesses that share no name: himself, under variants, or through others."""
    rng = made.rng
    for serial in range(1 + (rng.random() < 0.5)):
        owner = persons.person(rng, f"p{made.number}-o{serial}")
        conduct = share(rng, 0.45)
        nominee = persons.relative(rng, owner, f"p{made.number}-n{serial}")
        members: list[Subject] = []
        ways: dict[str, str] = {}
        home: tuple[Town, str, str] | None = None
        for i in range(between(rng, 3, 5)):
            way = ("self", "variant", "nominee", "nominee", "self")[i]
            rep = {"self": owner, "nominee": nominee}.get(way)
            if way == "variant":
                rep = Person(owner.key, persons.variant(rng, owner.name))
            address, town = None, None
            if home and rng.random() < 0.5:
                town = home[0]
                address = addresses.next_door(rng, home[1], home[2])
            kind = "individual" if i == 4 else "enterprise"
            wish = _Wish(kind, town=town, rep=rep, controller=owner.key, conduct=conduct, address=address)
            subject = _make(made, wish)
            if home is None:
                values = subject.history[0].values
                home = (town_of(values["town"]), values["place"], values["address"])
            members.append(subject)
            ways[str(subject.k)] = way
        made.group("owner", members, controller=owner.key, ways=ways)


def _same_name(made: _Block) -> None:
    """Shops of the same name in one district that have nothing to do with each other."""
    rng = made.rng
    trade = weighted("individual").draw(rng)
    where = districts()[_DISTRICT.draw(rng)]
    title = names.shared_shop(rng, where, pick(rng, trade.shop_words))
    members = [
        _make(made, _Wish("individual", where.index, industry=trade, name=title)) for _ in range(between(rng, 2, 4))
    ]
    made.group("same_name", members, name=title)


def _same_brand(made: _Block) -> None:
    """Two firms with one trade name, in other trades, that have nothing to do with each other."""
    brand = made.brand()
    members = [_make(made, _Wish("enterprise", industry=trade, brand=brand)) for trade in _trades(made.rng, 2)]
    made.group("same_brand", members, brand=brand)


def _trades(rng: Random, count: int) -> list[Industry]:
    """Trades whose words differ, so that one trade name never makes the same name twice."""
    found: list[Industry] = []
    while len(found) < count:
        trade = weighted("enterprise").draw(rng)
        if not any(set(trade.company_words) & set(other.company_words) for other in found):
            found.append(trade)
    return found


def _fakes(made: _Block) -> None:
    """A batch registered within one week at one hosting address in the names of people who know nothing of it."""
    rng = made.rng
    agent = f"p{made.number}-agent"
    host_town, host = _host(made)
    span = (made.until - date(2016, 1, 4)).days
    start = date(2016, 1, 4) + timedelta(days=int((1 - rng.random() ** 2) * max(span - 40, 1)))
    members = []
    for i in range(between(rng, 5, 8)):
        victim = persons.person(rng, f"p{made.number}-v{i}")
        members.append(
            _make(
                made,
                _Wish(
                    "enterprise",
                    town=host_town,
                    industry=industry(pick(rng, ("5199", "7249", "5292", "6560"))),
                    rep=victim,
                    controller=agent,
                    conduct=0.02 + 0.12 * rng.random(),
                    established=life.workday(start + timedelta(days=between(rng, 0, 4))),
                    address=addresses.hosted(rng, host_town, host),
                    type_code="1151",
                    fake=True,
                ),
            )
        )
    made.group("fake", members, agent=agent)


def _parents(made: _Block) -> None:
    """Branches (分支机构) with their parents, which are subjects of the same block."""
    rng = made.rng
    left = d.BRANCHES
    while left:
        count = min(left, between(rng, 1, 4))
        left -= count
        trade = weighted("branch").draw(rng)
        parent = _make(made, _Wish("enterprise", industry=trade, type_code=pick(rng, ("1130", "1151"))))
        title = parent.history[0].values["name"]
        members = [parent]
        for i in range(count):
            where = _TOWN[_DISTRICT.draw(rng)].draw(rng)
            shop_like = trade.individual > 0 and trade.code[:2] in ("52", "62", "80")
            name = names.branch(title, where.district, where.name, i, shop_like=shop_like)
            taken = {m.history[0].values["name"] for m in members}
            name = names.another(name, taken) if name in taken else name
            members.append(
                _make(
                    made,
                    _Wish(
                        "branch",
                        town=where,
                        industry=trade,
                        name=name,
                        brand=parent.brand,
                        controller=parent.controller,
                        conduct=min(max(parent.conduct + 0.2 * (rng.random() - 0.5), 0.01), 0.99),
                        not_before=parent.established,
                        type_code="2130",
                        parent=parent,
                    ),
                )
            )
        made.group("branch", members, parent=parent.k)


def _family(made: _Block) -> None:
    """Two shops of one family, each its keeper's own; one telephone is left for both."""
    rng = made.rng = stream(made.seed, "family", made.number)
    first = persons.person(rng, f"p{made.number}-f0")
    second = persons.relative(rng, first, f"p{made.number}-f1")
    town = _TOWN[_DISTRICT.draw(rng)].draw(rng)
    near = town if rng.random() < d.FAMILIES_SAME_TOWN else None
    members = [
        _make(made, _Wish("individual", town=town, rep=first)),
        _make(made, _Wish("individual", town=near, rep=second)),
    ]
    members[1].telephone = first.key
    made.group("family", members, telephone=first.key)


def _host(made: _Block) -> tuple[Town, Building]:
    """A hosting address: two are in use for every ten blocks, the first twice as often, and one for all the city."""
    rng = made.rng
    draw = rng.random()
    era = "all" if draw < 0.12 else f"{made.number // 10}/{0 if draw < 0.7 else 1}"
    own = stream(made.seed, "host", era)
    town = _TOWN[_DISTRICT.draw(own)].draw(own)
    return town, pick(own, [b for b in town.buildings if b.kind == "host"])


def _hosts(made: _Block) -> None:
    """Name the hosting addresses of this block; the parts of all blocks make the whole in the truth."""
    at: dict[str, list[Subject]] = {}
    for subject in made.subjects.values():
        last = next(c.values for c in reversed(subject.history) if "place" in c.values)
        if last["address"].endswith("（集群注册）"):
            at.setdefault(last["place"], []).append(subject)
    for place, members in sorted(at.items()):
        key = f"hosted-{place}"
        made.groups.append(Group(key, "hosted", tuple(sorted(m.k for m in members)), {"place": place}))
        for member in members:
            member.groups.append(key)


# --- one subject -------------------------------------------------------------------------------------------------


def _make(made: _Block, wish: _Wish) -> Subject:
    """The next subject of the block, as the wish says and the dice fill in."""
    rng, k = made.rng, made.slots.pop(0)
    town = wish.town or _TOWN[_DISTRICT.draw(rng) if wish.district is None else wish.district].draw(rng)
    trade = wish.industry or weighted(wish.kind).draw(rng)
    type_code = wish.type_code or {"individual": "9500", "cooperative": "9100", "branch": "2130"}.get(wish.kind)
    type_code = type_code or _ENTERPRISE_TYPES.draw(rng)
    established = wish.established or _established(rng, wish, made.until)
    if type_code == "3200" and established.year > 2005:
        type_code = "1190"
    rep = wish.rep or persons.person(rng, f"p{k}")
    place, address = wish.address or _address(made, wish.kind, town, established)
    fen, currency = capital.amount(rng, wish.kind, foreign=type_code in ("5150", "6150"))
    region = CITY_CODE if wish.kind == "enterprise" and rng.random() < d.AUTHORITY_IS_CITY else town.district.code
    old = established < d.THREE_IN_ONE
    digits_only = old and wish.kind != "individual"
    brand = wish.brand or ("" if wish.name or (wish.kind == "individual" and rng.random() < 0.5) else made.brand())
    values = {
        "name": wish.name or _name(rng, wish.kind, town, brand, trade, type_code, rep),
        "status": ACTIVE,
        "rep": rep.name,
        "rep_key": rep.key,
        "address": address,
        "place": place,
        "town": place.split("/", 1)[0],
        "capital": fen,
        "currency": currency,
        "scope": _scope(rng, trade, wish.kind),
    }
    conduct = wish.conduct
    if conduct is None:
        conduct = share(rng, 0.86 - 0.42 * trade.prone)
    subject = Subject(
        k=k,
        kind=wish.kind,
        type_code=type_code,
        type_name=_TYPES[type_code],
        industry=trade,
        region=region,
        established=established,
        uscc=codes.uscc(_PREFIX[wish.kind], region, codes.organisation_code(k, made.seed, digits_only=digits_only)),
        regno=codes.old_number(k, made.seed, region, individual=wish.kind == "individual") if old else None,
        inner=codes.inner_code(k, region),
        conduct=round(conduct, 4),
        controller=wish.controller or rep.key,
        history=[Change(established, "establish", values)],
        brand=brand,
        parent=wish.parent,
        fake=wish.fake,
        shown=wish.shown,
    )
    life.live(rng, subject, until=made.until, alter=partial(_alter, made))
    made.subjects[k] = subject
    return subject


def _established(rng: Random, wish: _Wish, until: date) -> date:
    first = wish.not_before or d.FIRST_DAY
    if wish.kind == "cooperative":
        first = max(first, date(2007, 7, 2))  # 农民专业合作社法 in force from 2007-07-01
    span = (until - first).days
    day = life.workday(until - timedelta(days=int(span * rng.random() ** d.AGE_BEND)))
    return max(day, first)


def _address(made: _Block, kind: str, town: Town, day: date) -> tuple[str, str]:
    rng = made.rng
    if kind == "individual":
        return addresses.of_shop(rng, town)
    if kind == "enterprise" and day >= d.HOSTING_FROM and rng.random() < d.HOSTED_OF_ENTERPRISES:
        return addresses.hosted(rng, *_host(made))
    if kind == "branch" and rng.random() < 0.6:
        return addresses.of_shop(rng, town)
    return addresses.of_office(rng, town)


def _name(rng: Random, kind: str, town: Town, brand: str, trade: Industry, type_code: str, rep: Person) -> str:
    if kind == "individual":
        return names.shop(
            rng, town.district, town.name, brand or pick(rng, words("nickname")), pick(rng, trade.shop_words), rep.name
        )
    if kind == "cooperative":
        return names.cooperative(town.district, town.name, brand, pick(rng, words("produce")))
    form = names.company_form(rng, type_code)
    title = pick(rng, trade.company_words)
    if form in ("厂", "商行", "经营部") and title.endswith(("厂", "行")):
        title = title[:-1]
    return names.company(names.region_prefix(rng, town.district), brand, title, form)


def _scope(rng: Random, trade: Industry, kind: str) -> str:
    items = list(trade.scopes)
    if kind != "individual":
        items += some(rng, GENERAL_SCOPES, between(rng, 0, 5))
    text = pick(rng, ("；", "；", ";", "、")).join(items)
    return text + pick(rng, ("", "。", APPROVAL_CLAUSE, APPROVAL_CLAUSE))


def _alter(made: _Block, rng: Random, subject: Subject, kind: str, said: dict[str, Any], day: date) -> dict[str, Any]:
    """The new values of one change (nothing when it would change nothing)."""
    if subject.shown and kind in ("represent", "move", "rename"):
        return {}
    town = town_of(said["town"])
    if kind == "move":
        if rng.random() < (0.22 if subject.kind == "enterprise" else 0.03):
            town = _TOWN[_DISTRICT.draw(rng)].draw(rng)
        elif rng.random() < 0.5:
            town = _TOWN[town.district.index].draw(rng)
        place, address = _address(made, subject.kind, town, day)
        town_code = place.split("/", 1)[0]
        return {"address": address, "place": place, "town": town_code}
    if kind == "represent":
        fresh = persons.person(rng, f"p{subject.k}-{len(subject.history)}")
        return {"rep": fresh.name, "rep_key": fresh.key}
    if kind == "capital":
        return {} if said["capital"] is None else {"capital": capital.changed(rng, said["capital"])}
    if kind == "scope":
        scope = _scope(rng, subject.industry, subject.kind)
        return {} if scope == said["scope"] else {"scope": scope}
    if subject.kind in ("branch", "cooperative"):
        return {}
    brand = made.brand() if made.brands < names.GROUPS_PER_BLOCK else subject.brand
    rep = Person(said["rep_key"], said["rep"])
    name = _name(rng, subject.kind, town, brand, subject.industry, subject.type_code, rep)
    return {} if name == said["name"] else {"name": name}
