"""The yearly notices of days off, sentence by sentence as the General Office of the State Council published them.

Each weekday a sentence names is held against the day it names, so that a slip of the hand shows. A year without a
notice is not settled: its days follow the week and the days off the regulation itself fixes.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

ONE = timedelta(days=1)
NOTICES: dict[int, tuple[str, str]] = {
    2022: ("国办发明电〔2021〕11号", """
        元旦：2022年1月1日至3日放假，共3天。
        春节：1月31日至2月6日放假调休，共7天。1月29日（星期六）、1月30日（星期日）上班。
        清明节：4月3日至5日放假调休，共3天。4月2日（星期六）上班。
        劳动节：4月30日至5月4日放假调休，共5天。4月24日（星期日）、5月7日（星期六）上班。
        端午节：6月3日至5日放假，共3天。
        中秋节：9月10日至12日放假，共3天。
        国庆节：10月1日至7日放假调休，共7天。10月8日（星期六）、10月9日（星期日）上班。"""),
    2023: ("国办发明电〔2022〕16号", """
        元旦：2022年12月31日至2023年1月2日放假调休，共3天。
        春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
        清明节：4月5日放假，共1天。
        劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
        端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
        中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。"""),
    2024: ("国办发明电〔2023〕7号", """
        元旦：1月1日放假，与周末连休。
        春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。
        清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
        劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
        端午节：6月10日放假，与周末连休。
        中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
        国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。"""),
    2025: ("国办发明电〔2024〕12号", """
        元旦：1月1日（周三）放假1天，不调休。
        春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
        清明节：4月4日（周五）至6日（周日）放假，共3天。
        劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
        端午节：5月31日（周六）至6月2日（周一）放假，共3天。
        国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。"""),
    2026: ("国办发明电〔2025〕7号", """
        元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
        春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
        清明节：4月4日（周六）至6日（周一）放假，共3天。
        劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
        端午节：6月19日（周五）至21日（周日）放假，共3天。
        中秋节：9月25日（周五）至27日（周日）放假，共3天。
        国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""),
}  # fmt: skip
"""By year: the number of the notice and its sentences."""

FIXED = {
    2027: (
        (1, 1), (2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (5, 1), (5, 2), (6, 9), (9, 15), (10, 1), (10, 2), (10, 3),
    ),
}  # fmt: skip
"""The days off by 《全国年节及纪念日放假办法》 (Order 795) in a year without a notice: 元旦, 除夕 to 正月初三 (the new
year begins on 6 February), 清明, two days of 劳动节, 端午, 中秋, three days of 国庆节."""

_DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:（[^（）]*?(?:星期|周)([一二三四五六日])）)?")
_WEEK = "一二三四五六日"


def _days(text: str, year: int, month: int) -> Iterator[date]:
    for match in _DAY.finditer(text):
        said, moon, number, weekday = match.groups()
        month = int(moon or month)
        day = date(int(said or year), month, int(number))
        if weekday and _WEEK[day.weekday()] != weekday:
            raise ValueError(f"{day} is no 周{weekday}: {text}")
        yield day


def read() -> tuple[frozenset[date], frozenset[date]]:
    """The days off and the weekend days worked that all the notices name."""
    off, worked = set[date](), set[date]()
    for year, (_number, text) in NOTICES.items():
        for line in text.strip().splitlines():
            for sentence in filter(None, line.strip().partition("：")[2].split("。")):
                days = list(_days(sentence, year, 1))
                if "放假" in sentence:
                    first, last = days[0], days[-1]
                    span = [first + n * ONE for n in range((last - first).days + 1)]
                    if (told := re.search(r"共(\d+)天", sentence)) and int(told[1]) != len(span):
                        raise ValueError(f"{sentence}: {len(span)} days")
                    off.update(span)
                elif sentence.endswith("上班"):
                    worked.update(days)
    return frozenset(off), frozenset(worked)
