"""Businesses with personal data planted in every place it gets into by mistake, and the words to look for."""

import random
from dataclasses import dataclass, field
from typing import Any

from shiheng.kernel import sealing
from shiheng.ledger import keyring
from shiheng.subjects.models import Person, Relation, Subject
from tests import factories

SURNAMES = "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严魏陶姜"
GIVEN = "静婉若曦思远子涵雨桐浩然欣怡梓轩诗琪晓峰玉兰振邦淑芬"
ROADS = ("望江花园", "翠湖公寓", "金桂小区", "听涛新村")


@dataclass
class Planted:
    """What must be found nowhere: every planted word with the place it was put into."""

    words: dict[str, str] = field(default_factory=dict)
    subjects: list[Subject] = field(default_factory=list)

    def word(self, text: str, place: str) -> str:
        self.words[text] = f"{self.words[text]}, {place}" if text in self.words else place
        return text


def plant(count: int, *, seed: int = 20) -> Planted:
    """``count`` businesses, each with every kind of planted datum."""
    draw, planted = random.Random(seed), Planted()
    for n in range(count):
        planted.subjects.append(_one(draw, planted, n))
    return planted


def _name(draw: random.Random) -> str:
    return draw.choice(SURNAMES) + "".join(draw.sample(GIVEN, 2))


def _phone(draw: random.Random) -> str:
    return "1" + draw.choice("3578") + "".join(draw.choices("0123456789", k=9))


def _id(draw: random.Random) -> str:
    born = f"{draw.randrange(1950, 2005)}{draw.randrange(1, 13):02}{draw.randrange(1, 29):02}"
    return f"44010{draw.randrange(1, 9)}{born}{draw.randrange(1000):03}{draw.choice('0123456789X')}"


def _one(draw: random.Random, planted: Planted, n: int) -> Subject:
    """In fields, in records marked and not marked, in free words, in titles, in references to files."""
    firm = factories.subject(f"云泽市临江区第{n}号试验食品有限公司", number=60_000 + n, indexed=n % 10 == 0)
    phone, number, contact = _phone(draw), _id(draw), _name(draw)
    for code, value in (("phone", phone), ("contact", contact), ("contact_phone", _phone(draw)),
                        ("representative_id", number),
                        ("contact_address", f"云泽市望湖区{draw.choice(ROADS)}{n}栋502室"),
                        ("email_of_owner", f"{n}wang@example.com")):  # fmt: skip
        firm.fields[code] = factories.fact(planted.word(value, f"field {code}"))
    firm.fields["business_scope"] = factories.fact(f"食品销售；联系电话{planted.word(_phone(draw), 'scope')}")
    firm.save()
    liaison = planted.word(_name(draw), "relation")
    person = Person.objects.create(key=f"at:{n}:{liaison}", name=liaison)
    Relation.objects.create(subject=firm, role=draw.choice(("liaison", "supervisor", "finance")), person=person,
                            source="register")  # fmt: skip
    teller, worker, home = _name(draw), _name(draw), f"{draw.choice(ROADS)}{draw.randrange(1, 90)}栋{100 + n}室"
    told = {
        "fact": f"经查，投诉人{planted.word(teller, 'cue')}（电话{planted.word(_phone(draw), 'text phone')}）反映当事人"
                f"未查验员工{planted.word(worker, 'employee')}的健康证，身份证号{planted.word(_id(draw), 'text id')}。",
        "punishment": f"由{liaison}签收，家住云泽市望湖区{planted.word(home, 'home')}。",
        "document": f"云临市监罚〔2026〕{n}号",
        "teller": {"value": planted.word(_name(draw), "marked personal"), "personal": True},
        "undeclared": f"申请人{planted.word(_name(draw), 'undeclared fact')}",
        "person": sealing.seal(planted.word(_name(draw), "sealed"), keyring.current(), "name"),
        "evidence_name": f"{planted.word(_name(draw), 'file name')}的身份证.jpg",
    }  # fmt: skip
    factories.record(firm, "penalty", key=f"p{n}", title=f"对{planted.word(_name(draw), 'title')}先生虚假宣传",
                     reference=f"{planted.word(_name(draw), 'reference')}.xlsx:3", facts=told)  # fmt: skip
    factories.record(firm, "inspection", key=f"i{n}", title="食品安全检查", facts={
        "problem": f"店员：{planted.word(_name(draw), 'colon')}，微信号{planted.word(f'wx_lihua{n}', 'wechat')}",
        "contact": planted.word(_phone(draw), "contact fact"),
    })  # fmt: skip
    factories.record(firm, "abnormal", key=f"a{n}", title="通过登记的住所无法联系", facts={
        "office": "临江区市场监督管理局",
        "removed_for": f"经{planted.word(_name(draw), 'apart')}申请，邮箱{planted.word(f'a{n}@mail.cn', 'mail')}已核实",
    })  # fmt: skip
    factories.record(firm, "permit", key=f"l{n}", title="食品经营许可证", facts={
        "number": f"JY{n:06}", "holder": planted.word(_name(draw), "holder"),
        "content": f"食品销售，负责人手机{planted.word(_phone(draw), 'permit phone')}",
    })  # fmt: skip
    factories.record(firm, "judgment", key=f"j{n}", facts={
        "nature": "自然人", "case": f"（2026）云执{n}号", "conduct": "违反财产报告制度",
        "duty": f"支付{planted.word(_name(draw), 'duty')}货款", "personal_id": planted.word(_id(draw), "judgment id"),
    })  # fmt: skip
    factories.record(firm, "complaint", key=f"c{n}", facts={"said": f"我是{planted.word(_name(draw), 'complaint')}"})
    factories.record(firm, "register", key=f"r{n}", facts={"责任人": planted.word(_name(draw), "register")})
    return firm


def everywhere(planted: Planted, seen: dict[str, Any]) -> list[str]:
    """What was found where: ``seen`` maps a place to its bytes or text."""
    wrong = []
    for place, said in seen.items():
        text = said.decode("utf-8", "ignore") if isinstance(said, bytes) else str(said)
        wrong += [f"{word} ({planted.words[word]}) in {place}" for word in planted.words if word in text]
    return wrong
