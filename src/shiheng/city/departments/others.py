"""How other departments, courts and platforms write their events, by the columns of the contracts."""

import zlib
from collections.abc import Mapping
from datetime import date, timedelta

from shiheng.city import confusions
from shiheng.city.departments.market import coded, mark, some
from shiheng.city.departments.sheet import Fen, Values
from shiheng.city.lives import people
from shiheng.city.lives.model import Event, Facts, Life
from shiheng.city.places import CITY, town_of

# One sum in so many is not there because the asked system did not answer: it is no nought.
UNANSWERED = 90


def hotline(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    who, said = facts["who"], life.said(event.day)
    noise = zlib.crc32(event.key.encode())
    content = facts["content"]
    return {
        "order_no": event.key,
        "accept_tm": f"{event.day.isoformat()} {8 + noise % 12:02d}:{noise // 12 % 60:02d}:{noise // 720 % 60:02d}",
        "order_type": "投诉",
        "title": f"反映{facts['topic']}问题",
        "content": facts["text"],
        "comp_nm": said["name"],
        "uni_social_crd_cd": life.subject.uscc,
        "opt_loc": said["address"],
        "domdi_strict": said["town"],
        "caller_nm": who.name,
        "caller_tel": who.phone,
        "deal_org": f"{CITY}{town_of(said['town']).district.name}市场监督管理局",
        "limit_dt": event.day + timedelta(days=21),
        "finish_dt": facts["closed"],
        "accept_dt": event.day,
        "state": facts["state"],
        "result": facts["result"],
        "satisfied": "未评价" if content is None else "满意" if content else "不满意",
        "opt_type": mark(event, as_of),
    }


def lead(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    town = town_of(said["town"])
    return {
        "lead_no": event.key,
        "report_dt": event.day,
        "lead_type": facts["topic"],
        "comp_nm": said["name"],
        "uni_social_crd_cd": life.subject.uscc,
        "opt_loc": said["address"],
        "domdi_strict": town.code,
        "town": town.name,
        "content": f"网格员巡查发现{facts['topic']}",
        "grid_nm": some(event, ("何巡", "梁走访", "简网", "甘格", "成查", "邝巡")),
        "grid_tel": people.phone_of(f"grid {town.code}"),
        "state": facts["state"],
        "result": facts["result"],
        "finish_dt": facts["closed"],
        "opt_type": mark(event, as_of),
    }


def execution(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    closed = facts["state"] == "执行完毕"
    return {
        "party_id": f"DSR{event.key[-11:-1]}",
        "stc_id": f"SA{event.key[-11:-1]}",
        "com_nm": said["name"],
        "uni_social_crd_cd": life.subject.uscc,
        "org_no": life.subject.uscc[8:17],
        "legal_repre": said["rep"],
        "unit_adds": said["address"],
        "execute_court": facts["court"],
        "case_no": event.key,
        "execute_basis": facts["basis"],
        "execute_causes": facts["cause_of"],
        "execute_amt": Fen(facts["fen"]),
        "not_execute_amt": Fen(0 if closed else facts["fen"]),
        "filing_dt": event.day,
        "expo_dt": event.day + timedelta(days=3),
        "case_state": facts["state"],
        "close_dt": facts["closed"],
        "opt_type": mark(event, as_of),
    }


def debtor(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    return {
        "dishonest_id": event.key,
        **(_natural(person) if (person := facts.get("person")) else _legal(life, said)),
        "executed_court": facts["court"],
        "case_no": facts["case"],
        "enforce_basis": facts["basis"],
        "effect_doc_obli": f"支付申请执行人{facts['fen'] // 100}元",
        "executed_perfor": facts["done"] if facts["done"].startswith(("全", "部")) else "全部未履行",
        "dishonest_behav": facts["how"],
        "performed_part": f"{facts['paid'] // 100}元" if facts["paid"] else "",
        "fil_dt": facts["filed"],
        "publish_dt": event.day,
        "exit_dt": facts["closed"],
        "opt_type": mark(event, as_of),
    }


def _legal(life: Life, said: Facts) -> Values:
    return {
        "executed_nm": said["name"],
        "executed_nature": "法人或者其他组织",
        "identi_id": "",
        "uni_social_crd_cd": life.subject.uscc,
        "org_no": life.subject.uscc[8:17],
        "legal_repre": said["rep"],
    }


def _natural(person: Mapping[str, str]) -> Values:
    return {
        "executed_nm": person["name"],
        "executed_nature": "自然人",
        "identi_id": person["number"],
        "uni_social_crd_cd": "",
        "org_no": "",
        "legal_repre": "",
    }


def insured(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    town = town_of(said["town"])
    unanswered = zlib.crc32(event.key.encode()) % UNANSWERED == 0
    return {
        "uuid": event.key,
        "uni_social_crd_cd": life.subject.uscc,
        "corp_id": f"30{life.subject.k:07d}",
        "corp_nm": said["name"],
        "rece_ym": facts["month"],
        "mon_insurd_prsons": facts["heads"],
        "paid_amt": "未取得" if unanswered else Fen(facts["paid"]),
        "rkrq": min(event.day + timedelta(days=12), as_of),
        "corp_nature": "企业" if life.subject.kind != "individual" else "个体工商户",
        "indv_class": life.subject.industry.name,
        "corp_local_street": town.name,
        "admin_region": town.district.name,
        "stat": "正常参保" if facts["heads"] else "暂停参保",
        "opt_type": mark(event, as_of),
    }


def taxpayer(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    told = as_of - timedelta(days=facts["slow"])
    where = town_of(life.said(told)["town"]).district
    asked = zlib.crc32(event.key.encode()) % UNANSWERED
    return {
        "uni_social_crd_cd": life.subject.uscc,
        "tax_payer_no": life.subject.uscc,
        "comp_nm": life.said(told)["name"],
        "tax_reg_dt": "查询失败" if asked == 0 else event.day,
        "tax_payer_state": facts["state"],
        "tax_office_nm": "查无" if asked == 1 else f"国家税务总局{CITY}{where.name}税务局第一税务分局",
        "tax_dept_no": f"1{where.code}",
        "tax_dept_nm": f"国家税务总局{CITY}{where.name}税务局",
    }


def tax_abnormal(life: Life, event: Event, _facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    return {
        "uuid": event.key,
        "uni_social_crd_cd": life.subject.uscc,
        "comp_nm": said["name"],
        "unnor_cogni_dt": event.day,
        "remove_dt": event.gone if event.gone and event.gone <= as_of else None,
        "legal_repre": said["rep"],
        "legal_repre_id": people.number_of(said["rep_key"]),
        "opt_type": "u" if event.gone and event.gone <= as_of else "i",
    }


def tax_arrears(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    return {
        "uuid": event.key,
        "uni_social_crd_cd": life.subject.uscc,
        "tax_no": life.subject.uscc,
        "tax_nm": said["name"],
        "opr_addr": said["address"],
        "own_tax_type": facts["tax"],
        "cumu_own_amt": Fen(facts["fen"]),
        "comp_indi_mark": "个体" if life.subject.kind == "individual" else "企业",
        "pub_dept": facts["office"],
        "count_dt": as_of,
    }


def wages(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    town = town_of(said["town"])
    return {
        "serialid": event.key,
        "issue_no": facts.get("issue"),
        **(_unlicensed(person) if (person := facts.get("person")) else _licensed(life, said)),
        "legal_repre": said["rep"],
        "cer_no": people.number_of(said["rep_key"]),
        "opt_loc": said["address"],
        "domdi_strict": town.code,
        "town": town.name,
        "arrear_num": facts["heads"],
        "arrear_amt": Fen(facts["fen"]),
        "arrear_tms": facts["months"],
        "found_dt": event.day,
        "is_flee": facts["ran"],
        "main_illg_fact": facts["fact"],
        "state": facts["state"],
        "settle_dt": event.last if facts["state"] == "已结清" else None,
        "public_dt": facts.get("published"),
        "opt_type": mark(event, as_of),
    }


def _licensed(life: Life, said: Facts) -> Values:
    return {
        "comp_nm": said["name"],
        "uni_social_crd_cd": life.subject.uscc,
        "reg_no": confusions.told_number(life.subject, confusions.DEPARTMENTS),
    }


def _unlicensed(person: Mapping[str, str]) -> Values:
    return {"comp_nm": f"{person['name'][0]}记施工队（无照）", "uni_social_crd_cd": "", "reg_no": ""}


def transfer(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    district = town_of(said["town"]).district
    bureau, police = f"{CITY}{district.name}市场监督管理局", f"{CITY}公安局{district.name}分局"
    ours = facts["way"] == "行政机关移送公安"
    return {
        "deport_doc": event.key,
        "deport_way": "移送公安" if ours else "公安移送",
        "case_name": f"{said['name']}{facts['crime']}案",
        "comp_nm": said["name"],
        "uni_social_crd_cd": life.subject.uscc,
        "legal_repre": said["rep"],
        "suspect_nm": said["rep"],
        "suspect_id": people.number_of(said["rep_key"]),
        "charge": facts["crime"],
        "deport_time": event.day,
        "deport_dept": bureau if ours else police,
        "receive_dept": police if ours else bureau,
        "is_filing": {"已立案": "立案", "不予立案": "不予立案"}.get(facts["result"], "审查中"),
        "filing_dt": facts["closed"],
        "opt_type": mark(event, as_of),
    }


def customs(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(as_of)
    return {
        "customs_no": event.key,
        "comp_nm": said["name"],
        "uni_social_crd_cd": life.subject.uscc,
        "reg_addr": said["address"],
        "legal_repre": said["rep"],
        "biz_type": facts["sort"],
        "reg_dt": event.day,
        "state": facts["state"],
        "period_to": facts["ends"],
        "cred_level": facts["grade"],
        "evalu_dt": facts["graded"],
        "customs_org": facts["office"],
    }


def outlet(_life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    return {
        "fina_lic_no": event.key,
        "org_nm": facts["name"],
        "org_cd": f"B{event.key[-12:]}",
        "uni_social_crd_cd": facts["code"],
        "opt_addr": facts["place"],
        "pub_dt": event.day,
        "stop_dt": facts["closed"],
        "issue_lic_dt": event.day,
        "issue_lic_org": f"国家金融监督管理总局{CITY}监管分局",
        "opt_type": mark(event, as_of),
    }


def shop(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    delivered = facts["platform"] == "到家外卖"
    return {
        **coded(life),
        "web_id": event.key,
        "web_store_type": "外卖店铺" if delivered else "直播间" if facts["platform"] == "直播优品" else "网店",
        "web_store_nm": facts["title"],
        "web_store_url": facts["url"],
        "plat_nm": facts["platform"],
        "web_product_type": life.subject.industry.name,
        "comp_nm": said["name"],
        "opt_loc": said["address"],
        "domdi_strict": said["town"],
        "tel_num": people.phone_of(said["rep_key"]),
        "is_reg": True,
        "is_over_limit": True,
        "open_dt": event.day,
        "close_dt": event.last if facts["state"] == "关店" else None,
        "state": "已关店" if facts["state"] == "关店" else "营业",
        "update_dt": as_of,
        "opt_type": mark(event, as_of),
    }
