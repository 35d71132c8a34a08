"""What people of the invented city did with their registers by today, beside bringing them: deeds and their words."""

from typing import Any, NamedTuple

BROUGHT_AGO = 45
ASKED: dict[str, dict[str, Any]] = {
    "complaints.assured_units": {"trade": "其他", "street": "听澜街道", "promises": ["品质保证", "维权保障"]},
    "complaints.return_shops": {"days": 7, "goods": "服装鞋帽、日用百货", "cost": "商家承担"},
}
GRANTED = "材料齐全，现场核查属实。"
MISTAKEN = ("complaints.signals", "close")
MISTAKEN_WHY = "月底集中销号"
UNDONE_WHY = "其中几条还没有核实，整体撤销后逐条办理。"
FAULTY, FAULTY_FILE = "quality.instruments", "强检器具新增-11月.csv"
WRONG: tuple[dict[str, str], ...] = (
    {"器具种类": "弹簧秤"},
    {"下次检定日期": "二月三十"},
    {"统一社会信用代码": "91449901MA00000000"},
    {"下次检定日期": ""},
    {"状态": "丢失"},
)


class Deed(NamedTuple):
    """``what`` (note, move, renew, change) was done to the first ``most`` entries in a ``state``, ``ago`` days ago."""

    register: str
    what: str
    step: str
    words: str
    ago: int
    most: int = 1
    state: str = ""


DEEDS = (
    Deed("quality.warned_markets", "move", "mend", "开办方已提交整治方案，进驻整治。", 20, 2, "warned"),
    Deed("quality.warned_markets", "move", "accept", "三个月未再发现，市局验收通过。", 12, 1, "mending"),
    Deed("quality.warned_markets", "note", "visit", "抽查二十户，查获假冒皮具两批，已立案。", 15, 4),
    Deed("quality.fixed_point", "note", "visit", "进货台账齐全，一批次标签不规范，责令三日内改正。", 10, 12),
    Deed("complaints.stations", "note", "training", "站长培训，讲解七日无理由退货和调解笔录。", 18, 8),
    Deed("complaints.assured_units", "move", "grant", "现场核查属实，予以公示。", 8, 3, "asked"),
    Deed("complaints.assured_units", "move", "breach", "消费者举报拒不退货，经查属实。", 6, 1, "on"),
    Deed("complaints.station_disputes", "move", "report", "双方分歧大，上报监管所。", 5, 3, "on"),
    Deed("complaints.alerts", "move", "publish", "文字已核对，予以发布。", 6, 2, "draft"),
    Deed("complaints.signals", "move", "lead", "同类信号三起，转为检查线索。", 5, 4, "on"),
    Deed("food.market_upgrades", "move", "finish", "完工报验。", 9, 2, "building"),
    Deed("food.market_promises", "note", "check", "快检公示和公平秤到位。", 11, 5),
    Deed("food.workshops", "renew", "", "复核合格，延续一年。", 7, 4),
    Deed("enforcement.seized_goods", "move", "release", "没有违法事实，解除扣押。", 6, 3, "seized"),
    Deed("enforcement.seized_goods", "move", "confiscate", "处罚决定已生效，予以没收。", 4, 4, "sealed"),
    Deed("enforcement.seized_goods", "note", "check", "季度盘点，账物相符。", 13, 10),
    Deed("registration.equity_pledges", "move", "release", "主债权已清偿，双方申请注销。", 9, 3, "on"),
    Deed("registration.key_enterprises", "note", "need", "希望协调异地打假。", 14, 6),
    Deed("intellectual_property.brand_candidates", "move", "grow", "列入本年培育计划。", 16, 3, "chosen"),
    Deed("intellectual_property.certified", "renew", "", "监督审核通过，换发证书。", 10, 3),
    Deed("credit.park_files", "change", "grade=B", "年报逾期后补报，等级调整。", 8, 2),
    Deed("credit.incentives", "note", "used", "容缺受理，压缩三个工作日。", 12, 8),
    Deed("oversight.supervisors", "note", "opinion", "建议在菜市场出口设公平秤，转食品监管科。", 22, 6),
    Deed("oversight.supervisors", "note", "meeting", "参加年中监督座谈会。", 30, 10),
    Deed("oversight.projects", "note", "step", "方案已印发，试点单位已确定。", 17, 10),
    Deed("oversight.law_education", "note", "activity", "进市场宣讲一场，发放资料三百份。", 19, 8),
    Deed("equipment.key_units", "note", "visit", "应急演练记录缺一次，当场改正。", 12, 10),
    Deed("drugs.key_objects", "note", "visit", "冷链温度记录完整。", 9, 8),
    Deed("inspection.inspectors", "move", "pause", "借调期间暂停执法。", 21, 1, "on"),
)
