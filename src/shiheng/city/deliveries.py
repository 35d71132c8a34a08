"""What the registration section sends over time: one full file, one restatement in a new layout, then monthly changes.

The full file has the columns of a provincial export; the rest have those of the shared table 市场主体信息（含个体）.
Forms alternate, so that every reader is used. What happened after the last delivered month is true and not yet known.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from shiheng.city import addresses, capital, confusions, dirt
from shiheng.city import definition as d
from shiheng.city.dirt import Row
from shiheng.city.draw import pick
from shiheng.city.model import ENDED, Subject
from shiheng.city.places import CITY, PROVINCE, authority, town_of

FULL_COLUMNS = {
    "comp_nm": "企业名称",
    "uni_social_crd_cd": "统一社会信用代码",
    "est_dt": "注册日期",
    "comp_type": "企业类型",
    "legal_repre": "法人代表",
    "reg_capt": "注册资金",
    "opt_scop": "经营范围",
    "province": "所在省份",
    "district": "地区",
    "addr": "注册地址",
}
SHARED_COLUMNS = {
    "main_identi_id": "主体身份代码",
    "reg_org": "登记机关",
    "comp_type": "企业类型大类（中文）",
    "reg_state": "登记状态（中文）",
    "uni_social_crd_cd": "统一社会信用代码",
    "comp_nm": "企业名称（字号名称）",
    "addr": "住所（登记、个体户经营场所）",
    "legal_repre": "法定代表人(经营者姓名)",
    "indv_id": "行业代码（中文）",
    "reg_capt": "注册资本(资金数额)",
    "capt_kind": "币种",
    "opt_scop": "经营范围",
    "reg_no": "注册号",
    "appr_dt": "核准日期（登记、吊销、注销日期）",
    "est_dt": "成立日期",
    "opt_from": "经营(营业)起始日期",
    "opt_to": "经营(营业)截止日期",
    "domdi_strict": "住所所在行政区划",
    "pro_loc": "生产经营地",
    "opt_strict": "生产经营地所在行政区划",
    "postal_code": "邮政编码",
    "lv_pripid": "隶属企业主体身份代码",
    "indv_code": "行业代码",
}
DAYS = ("est_dt", "appr_dt", "opt_from", "opt_to")
STATUS_WORDS = {
    "active": "开业",
    "suspended": "歇业",
    "revoked": "吊销未注销",
    "revoked_closed": "吊销已注销",
    "deregistered": "注销",
    "cancelled": "撤销",
    "moved_out": "迁出",
}
_FORMS = (("xlsx", ""), ("csv", "utf-8-sig"), ("json", "utf-8"), ("csv", "gb18030"), ("xlsx", ""), ("csv", "utf-8"))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file to come: what it says holds at the end of ``as_of``; the bureau knows it from ``known_on``."""

    filename: str
    kind: str  # full, restatement, increment
    layout: str  # export (省级导出表), shared (共享表)
    form: str  # csv, xlsx, json
    charset: str
    since: date
    as_of: date
    known_on: date

    @property
    def columns(self) -> dict[str, str]:
        return FULL_COLUMNS if self.layout == "export" else SHARED_COLUMNS

    @property
    def header(self) -> tuple[str, ...]:
        """An interface answers with the standard field names, files carry the Chinese ones."""
        return tuple(self.columns) if self.form == "json" else tuple(self.columns.values())


def schedule(until: date) -> tuple[Delivery, ...]:
    """Every file that has arrived by ``until``: each month's on the fifth of the next."""
    months = until.year * 12 + until.month - 1 - d.MONTHS_SHOWN
    made: list[Delivery] = []
    since = date(1900, 1, 1)
    while True:
        first = date(months // 12, months % 12 + 1, 1)
        months += 1
        following = date(months // 12, months % 12 + 1, 1)
        as_of, known_on = following - timedelta(days=1), following + timedelta(days=4)
        if known_on > until:
            return tuple(made)
        stamp = f"{first:%Y-%m}"
        if not made:
            item = Delivery(f"register-{stamp}-full.csv", "full", "export", "csv", "gb18030", since, as_of, known_on)
        elif len(made) == 1:
            name = f"register-{stamp}-restatement.csv"
            item = Delivery(name, "restatement", "shared", "csv", "utf-8-sig", since, as_of, known_on)
        else:
            form, charset = _FORMS[(len(made) - 2) % len(_FORMS)]
            item = Delivery(f"register-{stamp}.{form}", "increment", "shared", form, charset, since, as_of, known_on)
        made.append(item)
        since = as_of


def rows_of(subject: Subject, plan: tuple[Delivery, ...]) -> list[tuple[int, Delivery]]:
    """Which files speak of the subject: (number in the plan, delivery), in order."""
    ends = [delivery.as_of for delivery in plan]
    speaking = {bisect_left(ends, change.day) for change in subject.history}
    for number, delivery in enumerate(plan[:2]):  # full and restatement speak of all that stand
        speaking.discard(number)
        if subject.established <= delivery.as_of and (
            delivery.kind == "restatement" or subject.on(delivery.as_of)["status"] not in ENDED
        ):
            speaking.add(number)
    return [(number, plan[number]) for number in sorted(speaking) if number < len(plan)]


def render(rng: Random, subject: Subject, delivery: Delivery) -> Row:
    """The row of this subject in this file, clean of planted faults but spelt as such files are."""
    return _export(rng, subject, delivery.as_of) if delivery.layout == "export" else _shared(rng, subject, delivery)


def _export(rng: Random, subject: Subject, day: date) -> Row:
    said = subject.on(day)
    code, type_name, rep = subject.uscc, subject.type_name, said["rep"]
    if not subject.shown:
        if subject.regno and (rng.random() < d.OLD_NUMBER_ONLY or subject.divided):
            code = subject.regno
        if rng.random() < 0.35:
            type_name = "N/A"
        elif subject.kind == "individual":
            type_name = pick(rng, ("个体工商户", "个体工商户", "个体户"))
        if rng.random() < (0.3 if subject.kind == "branch" else 0.03):
            rep = pick(rng, ("N/A", ""))
    unstated = subject.kind == "individual" and rng.random() < 0.55
    return {
        "comp_nm": said["name"],
        "uni_social_crd_cd": code,
        "est_dt": subject.established.isoformat(),
        "comp_type": type_name,
        "legal_repre": rep,
        "reg_capt": capital.spelt(rng, None if unstated else said["capital"], said["currency"], subject.established),
        "opt_scop": "" if rng.random() < 0.008 else said["scope"],
        "province": PROVINCE,
        "district": CITY.removesuffix("市"),
        "addr": pick(rng, ("", "N/A")) if rng.random() < 0.002 else addresses.spelt(rng, said["address"]),
    }


def _shared(rng: Random, subject: Subject, delivery: Delivery) -> Row:
    day = delivery.as_of
    said = subject.on(day)
    town = said["town"]
    elsewhere = subject.kind == "individual" or rng.random() < 0.9
    return {
        "main_identi_id": subject.inner,
        "reg_org": authority(subject.region),
        "comp_type": subject.type_name,
        "reg_state": STATUS_WORDS[said["status"]],
        "uni_social_crd_cd": subject.uscc,
        "comp_nm": said["name"],
        "addr": said["address"],
        "legal_repre": said["rep"],
        "indv_id": subject.industry.name,
        "reg_capt": capital.in_wan(said["capital"]),
        "capt_kind": capital.CURRENCY_TITLES[said["currency"]] if said["capital"] is not None else "",
        "opt_scop": said["scope"],
        "reg_no": confusions.told_number(subject, confusions.REGISTER),
        "appr_dt": _loose(subject.last_entry(day), delivery.form),
        "est_dt": _loose(subject.established, delivery.form),
        "opt_from": _loose(subject.established, delivery.form),
        "opt_to": "9999-9-9" if subject.kind == "individual" or rng.random() < 0.7 else _term(subject, delivery.form),
        "domdi_strict": town,
        "pro_loc": said["address"] if elsewhere else "",
        "opt_strict": town if elsewhere else "",
        "postal_code": town_of(town).postal_code,
        "lv_pripid": subject.parent.inner if subject.parent else "",
        "indv_code": subject.industry.code,
    }


def _loose(day: date, form: str) -> str:
    """The shared table writes 2008-6-16 in text files; spreadsheets and interfaces keep the full form."""
    return f"{day.year}-{day.month}-{day.day}" if form == "csv" else day.isoformat()


def _term(subject: Subject, form: str) -> str:
    start = subject.established
    return _loose(date(start.year + 20, start.month, min(start.day, 28)), form)


def spoilt(rng: Random, row: Row, subject: Subject, delivery: Delivery) -> tuple[str, str]:
    """Perhaps break or dishevel the row: (fault code or nothing, untidiness or nothing)."""
    draw = rng.random()
    untidy = "old number" if len(row[dirt.CODE]) == 15 else ""
    if subject.slip[1] and row.get("reg_no") == subject.slip[1]:
        untidy = "another's number"
    if subject.shown or subject.divided or draw >= d.FAULTY + d.UNTIDY:
        return "", untidy
    if draw >= d.FAULTY:
        return "", "+".join(filter(None, (untidy, dirt.tidyable(rng, row))))
    fault = dirt.faults(delivery.layout, delivery.form).draw(rng)
    if fault.startswith("uscc.") and untidy:
        fault = "name.missing"
    dirt.spoil(rng, row, fault, delivery.known_on)
    return fault, ""
