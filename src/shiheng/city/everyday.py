"""The everyday of the invented bureau: who is away, what the earlier system left, a day off that would move files."""

from datetime import date, timedelta
from typing import NamedTuple

CHIEF, CLERK, DEPUTY = PEOPLE = "zhang", "chuang", "jian"
AWAY_FROM, AWAY_UNTIL = -1, 6
"""The clerk is away from yesterday on for a week."""
REASON = "年休假"
BATCH_NAME = "原投诉系统在办.csv"
STOPPED = "区政府停工通知"


class Old(NamedTuple):
    """One open file of the earlier system: received so many days ago; some rows are not as they should be."""

    number: str
    ago: int
    state: str
    summary: str
    story: str
    person: str
    trader: str
    accepted: int = 0
    """So many days after receipt; 0: not yet."""
    fault: bool = False


OLD = (
    Old(
        "T2026-0917",
        6,
        "待决定是否受理",
        "净水器漏水",
        "安装一周后接口漏水，售后不到场。",
        "何欣",
        "云泽清源净水设备店",
    ),
    Old("T2026-0918", 40, "已受理", "驾校不退学费", "考试前停业，学费未退。", "龚远", "临江区畅行驾驶培训部", 4),
    Old("T2026-0921", 33, "已受理", "窗帘尺寸做短", "定做窗帘短了二十厘米，要求返工。", "鲁婷", "云泽锦绣布艺行", 5),
    Old("T2026-0925", 9, "调解中", "旅拍照片不交付", "付清款项三周未给照片。", "施颖", "云泽拾光摄影店", 3, fault=True),
    Old("", 12, "待决定是否受理", "面包有异物", "切片面包里有塑料丝。", "骆青", "临江区麦香饼屋", fault=True),
)
HEADS = ("原编号", "收到日期", "现在状态", "投诉事项", "接收渠道", "问题类别", "事实经过", "投诉请求", "投诉人名称",
         "被投诉人名称", "“受理”日期")  # fmt: skip


def batch(today: date) -> str:
    """The table of the earlier system as a text, ready to be brought."""
    lines = [",".join(HEADS)]
    for old in OLD:
        received = today - timedelta(days=old.ago)
        accepted = (received + timedelta(days=old.accepted)).isoformat() if old.accepted and not old.fault else ""
        cells = (old.number, received.isoformat(), old.state, old.summary, "来访", "质量", old.story, "退款",
                 old.person, old.trader, accepted)  # fmt: skip
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def storm(workday: date) -> list[dict[str, str]]:
    """A day on which nobody works, as the holiday table names it."""
    return [{"日期": workday.isoformat(), "是否上班": "否", "名称": "抗洪停工", "文号": STOPPED}]
