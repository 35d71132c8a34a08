"""What each of the five departments writes of one business: which columns it has, and how often it slips."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from shiheng.city import addresses, persons
from shiheng.city.draw import Weighted, between, pick
from shiheng.city.five import slips
from shiheng.city.model import Subject
from shiheng.city.places import CITY
from shiheng.kernel.identifiers import USCC_ALPHABET
from shiheng.subjects import naming

RAW = "\ue000"
"""Stands for the byte 0xFF until a file is encoded."""

TITLES = {
    "register": {
        "uscc": "统一社会信用代码", "regno": "注册号", "name": "企业名称", "former": "曾用名", "rep": "法定代表人",
        "address": "住所", "region": "行政区划代码", "established": "成立日期", "industry": "行业代码",
        "phone": "联系电话", "status": "登记状态",
    },
    "tax": {
        "no": "纳税人识别号", "name": "纳税人名称", "rep": "法定代表人姓名", "address": "生产经营地址",
        "phone": "联系电话", "opened": "登记日期", "state": "纳税人状态",
    },
    "social": {
        "no": "单位编号", "uscc": "统一社会信用代码", "orgcode": "组织机构代码", "name": "单位名称",
        "rep": "法定代表人或负责人", "address": "单位地址", "insured": "参保人数", "day": "参保日期",
    },
    "complaints": {
        "no": "工单编号", "name": "被投诉人名称", "address": "被投诉人地址", "region": "所属区",
        "phone": "被投诉人电话", "day": "登记日期", "text": "诉求内容",
    },
    "permits": {
        "no": "许可证编号", "uscc": "统一社会信用代码", "name": "持证人名称", "rep": "负责人", "address": "经营场所",
        "title": "许可证名称", "from": "有效期自", "until": "有效期至",
    },
}  # fmt: skip
_SHARE = {"tax": 0.90, "social": 0.50, "complaints": 0.65, "permits": 0.55}
_BAD = 0.05

_NAME = {
    "tax": Weighted([("", 88.0), ("former", 5.0), ("sound", 1.0), ("shape", 1.0), ("mojibake", 1.0), ("short", 2.0),
                     ("typed", 2.0)]),
    "social": Weighted([("", 74.0), ("former", 8.0), ("sound", 3.0), ("shape", 2.0), ("mojibake", 3.0),
                        ("short", 5.0), ("typed", 5.0)]),
    "permits": Weighted([("", 72.0), ("former", 8.0), ("sound", 3.0), ("shape", 2.0), ("mojibake", 1.0),
                         ("short", 5.0), ("typed", 3.0), ("suffix", 6.0)]),
    "complaints": Weighted([("", 22.0), ("former", 5.0), ("sound", 11.0), ("shape", 2.0), ("mojibake", 1.0),
                            ("short", 24.0), ("typed", 4.0), ("suffix", 13.0), ("trade", 18.0)]),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One row of one file. ``slip`` is how its name was spoilt, ``address`` how much of a door it has."""

    source: str
    k: int
    cells: dict[str, str]
    slip: str = ""
    fault: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One business on the last day, as a department could know it, and the dice for what it makes of that."""

    subject: Subject
    rng: Random
    now: dict[str, str]
    phone: str
    until: date


def phone_of(subject: Subject, rng: Random) -> str:
    """The number in the register: the owner's, an agent's for firms at a hosting address, or none."""
    if rng.random() < 0.2:
        return ""
    if subject.fake or subject.history[0].values["address"].endswith("（集群注册）"):
        return f"139{sum(map(ord, subject.history[0].values['place'])) % 97:08d}"
    return f"13{between(rng, 0, 9)}{between(rng, 0, 99_999_999):08d}"


def of(subject: Subject, rng: Random, until: date) -> list[Said]:
    """Every row the five departments hold of one business."""
    now, phone = subject.on(until), phone_of(subject, rng)
    case = Case(subject, rng, now, phone, until)
    out = [_register(case)]
    for source, make in (("tax", _tax), ("social", _social), ("complaints", _complaint), ("permits", _permit)):
        if rng.random() < _SHARE[source]:
            out.append(make(case))
    return out


def _register(case: Case) -> Said:
    subject, rng, now, phone = case.subject, case.rng, case.now, case.phone
    names = list(dict.fromkeys(c.values["name"] for c in subject.history if "name" in c.values))
    # What was renamed before the register was kept by machine is on paper only.
    former = [name for name in names[:-1] if rng.random() < 0.6]
    cells = {
        "uscc": subject.uscc,
        "regno": subject.regno or "",
        "name": now["name"],
        "former": "；".join(former),
        "rep": now["rep"],
        "address": now["address"],
        "region": subject.region,
        "established": subject.established.isoformat(),
        "industry": subject.industry.code,
        "phone": phone,
        "status": now["status"],
    }
    return _spoilt(Said("register", subject.k, cells), rng, code="uscc", day="established", missing="name")


def _tax(case: Case) -> Said:
    subject, rng, now, phone = case.subject, case.rng, case.now, case.phone
    code = _code(rng, subject, right=0.955, old=0.015)
    name, slip = _name("tax", subject, rng, now)
    door, kind = _door(rng, subject, now, none=0.02, short=0.05, other=0.06)
    cells = {
        "no": code,
        "name": name,
        "rep": _rep(rng, subject, now, right=0.88),
        "address": door,
        "phone": phone if rng.random() < 0.7 else _another_phone(rng),
        "opened": (subject.established + timedelta(days=between(rng, 1, 60))).isoformat(),
        "state": pick(rng, ("正常", "正常", "正常", "非正常", "注销")),
    }
    return _spoilt(Said("tax", subject.k, cells, slip, address=kind), rng, code="no", day="opened", missing="name")


def _social(case: Case) -> Said:
    subject, rng, now = case.subject, case.rng, case.now
    draw = rng.random()
    code = _code(rng, subject, right=0.97, old=0.0) if draw < 0.78 else ""
    name, slip = _name("social", subject, rng, now)
    door, kind = _door(rng, subject, now, none=0.08, short=0.10, other=0.08)
    cells = {
        "no": f"S{rng.random() * 10**9:09.0f}",
        "uscc": code,
        "orgcode": subject.uscc[8:17] if 0.78 <= draw < 0.90 else "",
        "name": name,
        "rep": _rep(rng, subject, now, right=0.84),
        "address": door,
        "insured": str(between(rng, 1, 60)),
        "day": (subject.established + timedelta(days=between(rng, 20, 400))).isoformat(),
    }
    return _spoilt(Said("social", subject.k, cells, slip, address=kind), rng, code="uscc", day="day", missing="name")


def _permit(case: Case) -> Said:
    subject, rng, now = case.subject, case.rng, case.now
    name, slip = _name("permits", subject, rng, now)
    door, kind = _door(rng, subject, now, none=0.01, short=0.05, other=0.08)
    since = subject.established + timedelta(days=between(rng, 5, 900))
    cells = {
        "no": f"JY{rng.random() * 10**14:014.0f}",
        "uscc": _code(rng, subject, right=0.95, old=0.0) if rng.random() < 0.86 else "",
        "name": name,
        "rep": _rep(rng, subject, now, right=0.86),
        "address": door,
        "title": pick(rng, ("食品经营许可证", "公共场所卫生许可证", "道路运输经营许可证", "药品经营许可证")),
        "from": since.isoformat(),
        "until": (since + timedelta(days=1825)).isoformat(),
    }
    return _spoilt(Said("permits", subject.k, cells, slip, address=kind), rng, code="uscc", day="from", missing="name")


def _complaint(case: Case) -> Said:
    subject, rng, now, phone = case.subject, case.rng, case.now, case.phone
    name, slip = _name("complaints", subject, rng, now)
    if rng.random() < 0.35:
        name = slips.told(rng, name)
    door, kind = _door(rng, subject, now, none=0.16, short=0.34, other=0.03)
    cells = {
        "no": f"T{rng.random() * 10**12:012.0f}",
        "name": name,
        "address": door,
        "region": now["town"][:6] if rng.random() < 0.92 else "",
        "phone": phone if rng.random() < 0.35 else "",
        "day": (case.until - timedelta(days=between(rng, 0, 700))).isoformat(),
        "text": pick(rng, ("购买的商品有质量问题，要求退款", "预付卡不能使用", "价格与标示不符", "怀疑过期食品")),
    }
    return _spoilt(Said("complaints", subject.k, cells, slip, address=kind), rng, code="", day="day", missing="name")


# --- how a business is written -----------------------------------------------------------------------------------


def _code(rng: Random, subject: Subject, *, right: float, old: float) -> str:
    """Its code; the number of old; the code with one character wrong, which its check character tells; or none."""
    draw = rng.random()
    if draw < right:
        return subject.uscc
    if draw < right + old:
        return subject.regno or subject.uscc
    if draw < right + old + (1 - right - old) / 2:
        at = between(rng, 8, 17)
        other = pick(rng, USCC_ALPHABET)
        if rng.random() < 0.4 and subject.uscc[at - 1] != subject.uscc[at]:
            code = subject.uscc
            return code[: at - 1] + code[at] + code[at - 1] + code[at + 1 :]
        return subject.uscc[:at] + other + subject.uscc[at + 1 :]
    return ""


def _name(source: str, subject: Subject, rng: Random, now: dict[str, str]) -> tuple[str, str]:
    slip, text = _NAME[source].draw(rng), now["name"]
    trade = naming.parts(text)[1]
    if slip == "former":
        names = list(dict.fromkeys(c.values["name"] for c in subject.history if "name" in c.values))
        return (pick(rng, names[:-1]), slip) if len(names) > 1 else (text, "")
    if slip == "sound":
        made = slips.swapped(rng, text, trade, slips.alike_in_sound(), at_most=1 + (rng.random() < 0.3))
    elif slip == "shape":
        made = slips.swapped(rng, text, trade, slips.ALIKE_IN_SHAPE)
    elif slip == "mojibake":
        made = slips.garbled(rng, text)
    elif slip == "typed":
        made = slips.typed(rng, text)
    elif slip == "short":
        made = _short(rng, text)
    elif slip == "suffix":
        made = _shop(rng, text, now)
    elif slip == "trade":
        made = trade + (pick(rng, ("", "", "店", "公司", "门店")) if len(trade) > 1 else "")
    else:
        made = text
    return made, slip if made != text else ""


def _short(rng: Random, text: str) -> str:
    """Without the place, without the form, or without both."""
    region, trade, rest = naming.parts(text)
    draw = rng.random()
    if draw < 0.5:
        return trade + rest or text
    for form in ("有限责任公司", "股份有限公司", "有限公司", "（个体工商户）", "专业合作社"):
        text = text.removesuffix(form)
    if draw < 0.8:
        return text.removeprefix(region) or text
    return text


def _shop(rng: Random, text: str, now: dict[str, str]) -> str:
    """A shop's sign: the firm's trade name and where the shop is."""
    road = _road(now["address"])
    head = _short(rng, text)
    where = road.removesuffix("路").removesuffix("街") if road else pick(rng, ("总店", "旗舰"))
    draw = rng.random()
    if draw < 0.4:
        return f"{head}（{where}店）"
    if draw < 0.7:
        return f"{head}{where}店"
    return f"{text}（{pick(rng, ('总店', '直营店', '旗舰店', '分店', '门市部', '1号店'))}）"


def _road(address: str) -> str:
    """The road of an address of the city, without the town before it."""
    tail = address
    for mark in ("街道", "镇", "乡"):
        tail = tail.rsplit(mark, 1)[-1]
    for at, character in enumerate(tail):
        if character.isdigit():
            return tail[:at]
    return ""


def _rep(rng: Random, subject: Subject, now: dict[str, str], *, right: float) -> str:
    draw, name = rng.random(), now["rep"]
    if draw < right:
        return name
    if draw < right + 0.02:
        return slips.swapped(rng, name, name[1:], slips.alike_in_sound())
    if draw < right + 0.03:
        return persons.variant(rng, name)
    if draw < right + 0.07:
        held = list(dict.fromkeys(c.values["rep"] for c in subject.history if "rep" in c.values))
        return held[0]
    if draw < right + 0.09:
        return persons.person(rng, "").name  # the accountant
    return ""


def _another_phone(rng: Random) -> str:
    return "" if rng.random() < 0.6 else f"13{between(rng, 0, 9)}{between(rng, 0, 99_999_999):08d}"


def _door(
    rng: Random, subject: Subject, now: dict[str, str], *, none: float, short: float, other: float
) -> tuple[str, str]:
    """Where it is, as this department wrote it: in full, the road alone, an earlier door, or nothing."""
    draw, text = rng.random(), now["address"]
    if draw < none:
        return "", "none"
    if draw < none + short:
        road = _road(text)
        cut = text.find(road) if road else 0
        number = text[cut + len(road) :].split("号")[0] if road else ""
        if not road:
            return text.removeprefix(CITY), "short"
        if rng.random() < 0.55 and number.isdigit():
            return f"{road}{number}号", "short"
        return road + pick(rng, ("", "附近", "地铁站旁")), "short"
    if draw < none + short + other:
        held = list(dict.fromkeys(c.values["address"] for c in subject.history if "address" in c.values))
        return (addresses.spelt(rng, held[0]), "earlier") if len(held) > 1 else (addresses.spelt(rng, text), "")
    return addresses.spelt(rng, text), ""


# --- bad rows ------------------------------------------------------------------------------------------------------

_FAULTS: Weighted[str] = Weighted(
    [("date", 20.0), ("missing", 12.0), ("newline", 14.0), ("ragged", 8.0), ("bytes", 8.0), ("check", 20.0),
     ("mojibake", 18.0)]
)  # fmt: skip


def _spoilt(said: Said, rng: Random, *, code: str, day: str, missing: str) -> Said:
    """One row in twenty is bad in one way, which a check must tell."""
    if rng.random() >= _BAD:
        return said
    fault, cells = _FAULTS.draw(rng), dict(said.cells)
    if fault == "check" and not cells.get(code):
        fault = "date"
    turn: dict[str, Callable[[], None]] = {
        "date": lambda: cells.update({day: pick(rng, ("2019-02-30", "20231", "0000-00-00", "2021-13-05"))}),
        "missing": lambda: cells.update({missing: ""}),
        "newline": lambda: cells.update({"address": cells["address"][:4] + "\n" + cells["address"][4:]}),
        "ragged": lambda: cells.update({"address": cells["address"] + RAW + "ragged"}),
        "bytes": lambda: cells.update({"name": cells["name"][:3] + RAW + cells["name"][3:]}),
        "check": lambda: cells.update({code: cells[code][:-1] + _other(rng, cells[code][-1])}),
        "mojibake": lambda: cells.update({missing: slips.garbled(rng, cells[missing])}),
    }
    turn[fault]()
    return Said(said.source, said.k, cells, said.slip, fault, said.address)


def _other(rng: Random, character: str) -> str:
    return pick(rng, USCC_ALPHABET.replace(character, "") or USCC_ALPHABET)
