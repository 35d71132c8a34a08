"""Rows for tests, made the short way: offices, subjects with what hangs on them, names by the thousand."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

from shiheng.accounts.models import Office
from shiheng.fusion import resolve
from shiheng.subjects import postings, search
from shiheng.subjects.models import Identifier, Name, Person, Premises, Record, Relation, Subject
from tests.cast import OFFICES

REGIONS = ("云泽市", "云泽市临江区", "云泽市望湖区", "云泽", "临江区", "望湖区")
SYLLABLES = (
    "恒达鸿运兴盛隆昌永泰丰润嘉禾瑞祥福星海川明德仁和信诚广源金玉华章安康顺利宏图伟业博雅文轩天宇新元立本"
    "正阳春晖秋实长青松柏云岭江南湖畔渔歌晨光暮雪山绿水红日紫气东方西园北辰中大同小满白鹭黄鹤乐家美好佳优"
    "品味香甜鲜林森木石磊峰岩峻泉溪河洋涛波浪帆舟航远通捷速驰腾飞翔鹏鹰雁燕凤凰麒麟龙虎马骏狮象熊豹竹兰梅"
    "菊荷莲桂枫桐杉桦柳杨榕樟槐枣杏桃李柿梨橙柑橘莓葡萄果谷粮麦稻豆米面油盐酱醋茶酒咖啡书画墨砚琴棋诗词舞"
    "戏剧影音电磁声频芯智慧端数码网络链物联月曜晶莹琳琅珠宝玺璧玛瑙翡翠银铜铁钢铝锡铂钻锐锋剑盾甲冠军帅将"
    "士英雄杰豪俊秀丽婷娜莎薇芳芬菲蕾蓓萍萱莉茜妍娟静雯倩蓉"
)
TRADES = (
    "食品有限公司", "科技有限公司", "贸易有限公司", "餐饮管理有限公司", "建筑工程有限公司", "物流有限公司", "商行",
    "五金店", "便利店", "汽车维修有限公司", "医药有限公司", "文化传媒有限公司", "农业发展有限公司", "小吃店",
    "投资合伙企业（有限合伙）",
    "种植专业合作社", "理发店", "电子商务有限公司", "物业服务有限公司", "家具厂",
)  # fmt: skip
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def names(count: int, *, seed: int = 7) -> Iterator[str]:
    """Made business names: region, trade name of two to four characters, trade."""
    draw = random.Random(seed)
    for _ in range(count):
        brand = "".join(draw.choices(SYLLABLES, k=draw.choices((2, 3, 4), (70, 20, 10))[0]))
        yield draw.choice(REGIONS) + brand + draw.choice(TRADES)


def uscc(number: int) -> str:
    """A well-formed unified code of the invented region, its check character right."""
    body = f"91449901MA{number:07X}"[:17].translate(str.maketrans("IOSVZ", "JPTWY"))
    body = "".join(c if c in ALPHABET else "0" for c in body)
    weights = [pow(3, i, 31) for i in range(17)]
    check = (31 - sum(ALPHABET.index(c) * w for c, w in zip(body, weights, strict=True)) % 31) % 31
    return body + ALPHABET[check]


def offices() -> dict[str, Office]:
    """The bureaux of the cast, without the people."""
    for code, title, kind, path, town in OFFICES:
        Office.objects.get_or_create(code=code, defaults={"title": title, "kind": kind, "path": path, "town": town})
    return {office.path: office for office in Office.objects.all()}


def fact(value: Any, **others: Any) -> dict[str, Any]:
    """One field as fusion leaves it: the value, its source, day, row and why it won."""
    return {
        "value": value, "source": "register", "batch": None, "row": 1, "day": "2026-03-01", "why": "该字段的权威来源",
        "others": 0, **others,
    }  # fmt: skip


def subject(
    name: str = "云泽市临江区恒达食品有限公司",
    *,
    number: int | None = None,
    code: str | None = None,
    former: tuple[str, ...] = (),
    scope: str = "4499.01.01.",
    indexed: bool = True,
    representative: str = "陈立本",
    **columns: Any,
) -> Subject:
    """One business with its name, code, premises and representative, searchable at once."""
    number = number or (Subject.objects.order_by("-id").values_list("id", flat=True).first() or 1000) + 1
    code = uscc(number) if code is None else code
    address = columns.pop("address", "云泽市临江区江畔街道码头路12号")
    held = {
        "name": fact(name),
        "uscc": fact(code),
        "status": fact(columns.get("status", "active")),
        "representative": fact(representative),
        "address": fact(address),
        "established": fact("2019-05-06"),
    }
    row = Subject.objects.create(
        id=number,
        mint_key=columns.pop("mint_key", f"uscc:{code or number}"),
        scope=scope,
        name=name,
        uscc=code,
        kind=columns.pop("kind", "enterprise"),
        status=columns.pop("status", "active"),
        established=columns.pop("established", date(2019, 5, 6)),
        representative=representative,
        address=address,
        region=columns.pop("region", "449901"),
        fields=columns.pop("fields", held),
        updated_on=columns.pop("updated_on", date(2026, 3, 1)),
        **columns,
    )
    if code:
        Identifier.objects.create(subject=row, kind="uscc", value=code)
    since = {"source": "register", "first_day": date(2026, 3, 1), "last_day": date(2026, 3, 1)}
    Name.objects.create(subject=row, text=name, **since)
    for text in former:
        Name.objects.create(subject=row, text=text, current=False, **since)
    Premises.objects.create(subject=row, kind="domicile", text=address, key=address, **since)
    if representative:
        person = Person.objects.create(key=f"at:{number}:{representative}", name=representative)
        Relation.objects.create(subject=row, role="representative", person=person, **since)
    if indexed:
        search.index([row.id])
    return row


def record(subject: Subject, kind: str = "permit", key: str = "1", **columns: Any) -> Record:
    """One entry of the subject's file."""
    return Record.objects.create(
        subject=subject,
        kind=kind,
        source=columns.pop("source", "register"),
        key=key,
        day=columns.pop("day", date(2026, 4, 1)),
        **columns,
    )


def crowd(
    count: int, *, scope: str = "4499.01.01.", seed: int = 7, first: int = 5_000_000, index: bool = True
) -> list[int]:
    """Many subjects with made names and codes, written in bulk and indexed; their ids, of as many bits as real ones."""
    ids = [resolve.mint(f"made:{number}") for number in range(first, first + count)]
    made = zip(range(first, first + count), ids, names(count, seed=seed), strict=True)
    for part in iter(lambda: list(islice(made, 5000)), []):
        Subject.objects.bulk_create(
            Subject(
                id=made_id, mint_key=f"made:{number}", scope=scope, name=name, uscc=uscc(number), kind="enterprise",
                status="deregistered" if number % 7 == 0 else "active", updated_on=date(2026, 3, 1),
            )
            for number, made_id, name in part
        )  # fmt: skip
        Identifier.objects.bulk_create(
            Identifier(subject_id=made_id, kind="uscc", value=uscc(number)) for number, made_id, _ in part
        )
    if index:
        search.index(ids)
    return ids


def empty_search() -> None:
    """Empty the tables of search that have no model, which Django's flush leaves as they are."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {postings.PIECES}")
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {postings.TOKENS} ({postings.TOKENS}) VALUES ('delete-all')")


def fill(count: int, *, first: int = 9_000_000) -> None:
    """A great many plain subjects, written by the database itself: a crowd for planners, not for readers."""
    like = subject("填充主体", number=first, code=uscc(first))
    copied = [f.column for f in Subject._meta.concrete_fields if f.column not in {"id", "mint_key", "uscc"}]
    columns = ", ".join(f'"{column}"' for column in copied)
    series = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO subjects_subject (id, mint_key, uscc, {columns}) {series} "
            f"SELECT {first} + i, 'fill:' || i, '', {columns} FROM n, subjects_subject WHERE id = {like.id}"
        )
        cursor.execute(
            f"INSERT INTO subjects_identifier (subject_id, kind, value) {series} "
            f"SELECT {first} + i, 'uscc', '92449902MA' || (10000000 + i) FROM n"
        )
    draw = random.Random(first)
    postings.post(
        [
            postings.Posting(
                first + i, text, text, text[3:-2], "", search.rank_of(gone=i % 7 == 0, former=False, length=len(text))
            )
            for i in range(1, count + 1)
            if (text := "望湖区" + "".join(draw.choices(SYLLABLES, k=3)) + "商行")
        ]
    )
