"""How the market-supervision bureau's own sections write their events, by the columns of the contracts."""

import zlib
from datetime import date, timedelta

from shiheng.city import confusions
from shiheng.city.departments.sheet import Fen, Values
from shiheng.city.lives import people
from shiheng.city.lives.model import Event, Facts, Life
from shiheng.city.model import REVOKED_CLOSED
from shiheng.city.places import CITY, authority, town_of


def coded(life: Life) -> Values:
    """The codes a section of the bureau knows a business by."""
    subject = life.subject
    return {
        "uni_social_crd_cd": subject.uscc,
        "reg_no": confusions.told_number(subject, confusions.DEPARTMENTS),
        "pripid": subject.inner,
    }


def mark(event: Event, as_of: date) -> str:
    """数据记录的增删改标志: new, changed, or taken back."""
    if event.undone and event.undone <= as_of:
        return "d"
    return "u" if len(event.steps) > 1 and event.steps[1][0] <= as_of else "i"


def some(event: Event, options: tuple[str, ...]) -> str:
    """One of the options, the same for the same event every time."""
    return options[zlib.crc32(event.key.encode()) % len(options)]


def change(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    return {
        **coded(life),
        "key": event.key,
        "comp_nm": life.said(event.day)["name"],
        "chan_project": facts["item"],
        "chan_bef_text": facts["before"],
        "chan_aft_text": facts["after"],
        "chan_dt": event.day,
        "ent_dt": event.day,
        "reg_org": facts["office"],
        "opt_type": mark(event, as_of),
    }


def cancellation(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    return {
        **coded(life),
        "key": event.key,
        "comp_nm": life.said(event.day)["name"],
        "reg_state": "吊销已注销" if life.said(event.day)["status"] == REVOKED_CLOSED else "注销",
        "can_type": facts["way"],
        "can_reason": facts["why"],
        "can_dt": event.day,
        "reg_org": facts["office"],
        "opt_type": mark(event, as_of),
    }


def member(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    return {
        **coded(life),
        "key": event.key,
        "comp_nm": life.said(event.day)["name"],
        "person_nm": facts["name"],
        "cert_no": facts["number"],
        "position": facts["title"],
        "subscrip_amt": Fen(facts["fen"]) if facts["fen"] else None,
        "tel_num": facts["phone"],
        "start_dt": event.day,
        "end_dt": facts["until"],
        "reg_org": authority(life.subject.region),
        "opt_type": mark(event, as_of),
    }


def annual_report(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    wan = {
        "asset_zmt": facts["assets"],
        "debt_amt": facts["debts"],
        "owner_equity_toatal": facts["assets"] - facts["debts"],
        "opt_income_total": facts["income"],
        "profit_total": facts["profit"],
        "tax_total": facts["tax"],
    }
    return {
        **coded(life),
        **{name: f"{fen / 1_000_000:.6f}" for name, fen in wan.items()},
        "annual_id": event.key,
        "annual_year": str(facts["year"]),
        "comp_nm": said["name"],
        "comp_type": life.subject.type_code,
        "opt_stat": facts["state"],
        "annual_date": event.day,
        "pub_opt_income_total": some(event, ("1", "2", "2")),
        "employee_num": facts["staff"],
        "tel_num": people.phone_of(said["rep_key"]),
        "opt_loc": said["address"],
        "city": CITY,
        "region": town_of(said["town"]).district.name,
        "opt_type": mark(event, as_of),
    }


def abnormal(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    return {
        **coded(life),
        "inclu_dt": event.day,
        "busexclist": event.key,
        "inclu_reason": facts["reason"],
        "redecorg_cn": facts["by"],
        "remexcpres_cn": facts["why"],
        "remove_dt": facts["removed"],
        "decorg_cn": facts["office"],
        "comp_nm": life.said(event.day)["name"],
        "opt_type": mark(event, as_of),
    }


def serious(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    return {
        **coded(life),
        "ill_comp_id": event.key,
        "comp_name": life.said(event.day)["name"],
        "serill_rea": facts["reason"],
        "abn_tm": event.day,
        "decorg_org": facts["office"],
        "rem_excpres_rea": facts["why"],
        "rem_dt": facts["removed"],
        "recorg_ogr": facts["by"],
        "dsc_city": CITY,
        "dsc_adm_region": town_of(life.said(event.day)["town"]).district.name,
        "opt_type": mark(event, as_of),
    }


def inspection(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    return {
        **coded(life),
        "check_res_id": event.key,
        "check_task_code": f"RW{event.day:%Y%m}{life.subject.region}",
        "comp_nm": life.said(event.day)["name"],
        "check_type": facts["sort"],
        "check_item": facts["item"],
        "check_dt": event.day,
        "check_res": facts["result"],
        "problem": f"发现{facts['problems']}项不符合要求" if facts["problems"] else "",
        "rectify_dt": facts["rectified"],
        "is_joint": some(event, ("0", "0", "0", "1")),
        "check_org": facts["office"],
        "check_person": facts["officers"],
        "public_dt": event.day if facts["sort"] == "双随机抽查" else None,
        "opt_type": mark(event, as_of),
    }


def complaint(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    who, said = facts["who"], life.said(event.day)
    return {
        **coded(life),
        "reg_num": event.key,
        "info_type": facts["sort"],
        "comp_nm": said["name"],
        "opt_loc": said["address"],
        "domdi_strict": said["town"],
        "tip_contct_prson": who.name,
        "tip_tel": who.phone,
        "tip_cert_no": who.number,
        "tip_adds": who.home,
        "obj_type": "服务" if life.subject.industry.code[:2] in ("80", "83", "61", "70") else "商品",
        "issue_type": facts["topic"],
        "content": facts["text"],
        "amt": Fen(facts["fen"]),
        "source_chnl": facts["way"],
        "receive_dt": event.day,
        "accept_dt": facts["decided"],
        "finish_dt": facts["closed"],
        "state": facts["state"],
        "result": facts["result"],
        "refund_amt": Fen(facts["fen"]) if facts["result"] == "达成调解协议" else None,
        "deal_org": authority(life.subject.region),
        "opt_type": mark(event, as_of),
    }


def penalty(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    over = event.day + timedelta(days=365)
    undone = facts["state"] == "撤销"
    return {
        **coded(life),
        "punish_document_code": event.key,
        "punish_case_code": f"AJ{event.key[-11:-1]}",
        "case_process_type": "01" if facts["fen"] <= 300_000 else "02",
        "punish_action_name": facts["what"],
        "illegal_fact": facts["text"].split("，")[0],
        "punish_type": facts["sorts"],
        "admin_cp_type": "03" if life.subject.kind == "individual" else "01",
        "admin_cp_name": said["name"],
        "legal_represent": said["rep"],
        "legal_represent_type": "身份证",
        "legal_represent_idcard": people.number_of(said["rep_key"]),
        "punish_content": facts["text"],
        "punish_basis": facts["basis"],
        "fine": Fen(facts["fen"]),
        "confiscate_illegal_incom": Fen(facts["taken"]) if facts["taken"] else None,
        "set_time": event.day,
        "public_date": event.day + timedelta(days=7),
        "public_end_date": over,
        "publicstatus": "3" if undone else "1" if over > as_of else "2",
        "cutreason": facts.get("why", ""),
        "punish_org": facts["office"],
        "opt_type": mark(event, as_of),
    }


def food_sample(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    return {
        **coded(life),
        "sample_no": event.key,
        "task_src": some(event, ("省级监督抽检", "市级监督抽检", "县级监督抽检")),
        "food_nm": facts["thing"],
        "batch_no": facts["batch"],
        "comp_nm": life.said(event.day)["name"],
        "place_type": facts["stage"],
        **_result(event, facts, as_of),
    }


def product_sample(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    return {
        **coded(life),
        "sample_no": event.key,
        "task_src": "年度监督抽查计划",
        "task_level": some(event, ("市级", "市级", "省级", "区县")),
        "prod_nm": facts["thing"],
        "batch_no": facts["batch"],
        "comp_nm": life.said(event.day)["name"],
        "place_type": "生产" if facts["stage"] == "生产" else "流通",
        **_result(event, facts, as_of),
    }


def _result(event: Event, facts: Facts, as_of: date) -> Values:
    failed = facts["result"] == "不合格"
    return {
        "sample_dt": event.day,
        "report_dt": facts["reported"],
        "report_no": f"BG{event.key}" if facts["reported"] else "",
        "insp_org": facts["laboratory"],
        "insp_res": facts["result"],
        "unqual_item": facts["fault"],
        "deal_state": "待处置" if failed else "无需处置",
        "public_dt": facts["reported"],
        "opt_type": mark(event, as_of),
    }


def equipment(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(as_of)
    overdue = facts["result"] == "超期未检"
    return {
        **coded(life),
        "use_cert_no": f"梯{event.key}" if facts["sort"] == "电梯" else f"容{event.key}",
        "equ_code": event.key,
        "equ_kind": facts["sort"],
        "made_no": facts["maker_no"],
        "manu_nm": facts["made_by"],
        "comp_nm": said["name"],
        "use_addr": said["address"],
        "equ_state": facts["state"],
        "use_dt": facts["put"],
        "reg_dt": facts["put"],
        "insp_dt": facts["checked"],
        "insp_res": "合格" if overdue else facts["result"],
        "next_insp_dt": facts["due"],
        "insp_org": f"{CITY}特种设备检验检测院",
        "safety_nm": said["rep"],
        "safety_tel": people.phone_of(said["rep_key"]),
        "reg_org": authority(life.subject.region),
        "opt_type": mark(event, as_of),
    }


def trademark(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    return {
        **coded(life),
        "tmreg_no": event.key,
        "tm_nm": facts["name"],
        "int_cls": facts["sort"],
        "comp_nm": said["name"],
        "reg_addr": said["address"],
        "apply_dt": facts["filed"],
        "reg_dt": event.day,
        "period_from": event.day,
        "period_to": facts["ends"],
        "state": "期满未续展" if facts["state"] == "期满失效" else "有效",
        "opt_type": mark(event, as_of),
    }


def patent(life: Life, event: Event, facts: Facts, as_of: date) -> Values:
    said = life.said(event.day)
    return {
        **coded(life),
        "patent_no": event.key,
        "patent_nm": facts["name"],
        "patent_type": facts["sort"],
        "comp_nm": said["name"],
        "reg_addr": said["address"],
        "apply_dt": facts["filed"],
        "grant_dt": event.day,
        "period_to": facts["ends"],
        "state": facts["state"],
        "opt_type": mark(event, as_of),
    }
