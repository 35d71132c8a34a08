"""Finding what is personal in free words, so that words written for the office can be shown to everybody. Pure.

Numbers are found by their shape, addresses of homes and other signs by the word before them, names by being known, by
the word before or after them, or by standing where only a name stands. What is found is replaced by a visible mark.
A machine does not find everything: what leaves the house is also named field by field, and decisions are read by a
person before they are published.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shiheng.kernel.masking import COMPOUND_SURNAMES, mask_address, mask_name

# not shown: surnames by which names are told, the usual hundred first
_USUAL = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
    "杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文肖欧崔"
)
_RARE = (
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹"
    "关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚"
    "丘古米池滕晋苑邬臧畅宫来缪苟褚池全郁"
)
# not shown: words that begin like a name
_NO_NAMES = """
房地 安监 单独 左侧 右侧 关口 位次 来料 来电 来信 来函 严禁 严防 严查 花卉 时令 成年 成套 成人 游乐 水电 曲轴
强电 安防 舒适 单间 阳光 白酒 白糖 白板 高温 高压 高速 高度 高新 高档 金属 金额 金融 方便 方式 方法 方面 方案
万元 万家 文件 文号 文化 文书 文明 石材 石油 江口 马达 马上 石膏 田间 许可 许可证 于其 于是 常温 常年 常见
常规 易燃 易爆 易碎 易腐 金银 程序 程度 任何 任意 任务 任职 余额 余下 康复 贺卡 龙虾 龙眼 毛巾 毛重 毛利 黄金
黄酒 黄油 黄豆 林业 林木 江河 夏季 夏天 秦川 汤圆 汤料 乔木 丁烷 常住 安全 安装 安排 温度 温馨 管理 管道 管辖
左右 时间 时限 时许 时段 关于 关联 关键 关闭 成品 成分 成本 成立 成都 项目 查实 查获 查处 查封 查明 查阅 查询
单位 单据 单价 包装 包括 包含 解除 解决 强制 强调 车辆 车间 车牌 车主 全部 全程 全额 全国 华南 向其 向该
向其他 古镇 米线 米饭 米粉 池塘 位于 来源 来自 来访 严重 严格 施工 施行 章程 季度 申请 申报 申诉 毕业 焦糖
路口 路段 柳州 齐全 庄园 费用 盛装 曲奇 游泳 席位 卫生 宁波 景区 房屋 房产 边角 吉祥 强化 阳性 阳台 植物 植树
兰花 洪水 殷实 陶瓷 商品 莫名 周期 周边 周年 周转 周围 钱款 钱包 常用 武器 段落 雷同 史料 孔径 顾客 方可 高效
高脚 万分 万里 文字 文本 文具 石灰 田园 白色 白天 白菜 金针 康养 任一 余款 方圆 杨梅 李子 梅干 于本 于该 于上
于当 常务 万能 白粉 林区 林地 江苏 江西 黄山 石家 马路 马桶 马铃薯 马蹄 胡萝卜 胡椒 胡同 唐装 汤类 高粱 高钙
高血压 谢绝 许多 许昌 何种 何时 何人 何处 曾因 曾用 曾于 曾经 苏打 苏州 叶片 叶菜 叶绿素 余热 余量 杜绝 戴口罩
戴帽 范围 范本 丁酸 毛坯 毛发 毛衣 段位 常德 孔雀石绿 陆续 陆路 陆运 徐州 郑州 罗非鱼 罗列 龙头 侯车 欧元 欧洲
黎明 黄色 黄鳝 黄瓜 马拉 石斑鱼 陈列 陈述 陈旧 陈皮 陈醋 张贴 张榜 张挂 白条 白醋 白砂糖 金桔 康师傅 方米
方面的 朱砂 朱红 田螺 林下 高危 高空 高消费 高利 易拉罐 文娱 文旅 万人 万方 万份 万只 万吨 万套 宋体 宋代 韩式
韩国 唐山 冯氏 程控 曹县 蒋某 蔡某 钟表 钟点 姜片 姜蒜 姜汁 姜黄 汪某 谭某 秦皇岛 江边 江鲜 史上 邵阳 孟加拉
"""
_STOPS = frozenset(_NO_NAMES.split())
# Characters given names are made of: two of them behind a surname are a name, whatever follows.
_GIVEN = (
    "伟强军磊洋勇艳杰涛超秀霞刚桂英玉兰萍红玲芳燕丽娟敏静慧婷雪琳浩宇轩博俊豪志鹏飞凤佳怡欣悦思远波庆春荣贵旺福德仁礼孝廉勤俭朴"
    "婉若曦涵雨桐梓诗琪晓峰振邦淑芬娜倩莉莹颖璐瑶瑾蕾薇蓉菲茜嘉晨辰睿泽昊皓翔凯鑫楠彬斌峻毅恒琦瑞祥云梅菊莲荷香珍翠珠琴"
    "然子巧凌岚馨瑜媛姝妍嫣娅伦奕逸帆铭钧锋炜煜煊烨熙曼妮蓓彤昕昱晗朗翰芸芷萱语冰凝惠淇沐汐涟澜炎焱楷栋柏杉槐"
)
_USUAL_SURNAME = f"(?:{'|'.join(sorted(COMPOUND_SURNAMES))}|[{_USUAL}])"
_ANY_SURNAME = f"(?:{'|'.join(sorted(COMPOUND_SURNAMES))}|[{_USUAL}{_RARE}])"
_HAN = r"[\u3400-\u9fff]"
# Behind a name: the end, a stop, or a word that begins what somebody does.
_AFTER = (
    r"(?=$|[\s，。；;：:、,.！!？?（）()“”\"'《》/\d*]|先生|女士|小姐|同志|师傅|老师|电话|手机|身份证|住|家住|现住|的|在|于|与|和|及|等"
    r"|到|从|向|将|被|把|对|称|说|说道|反映|表示|陈述|投诉|举报|购买|付|签|未|不|无|已|有|是|系|为|经|因|即|又|曾|要求|受伤|就诊|共同"
    r"|一起|一同|见证|签名|签字|确认|承认|本人|出生|申请|提出|同意|委托|提供|报告|签订|办理|证实|陪同|到场|到案|承诺|出具|拒绝|举证|领取|收取|转账|男|女|现年|某)"
)
_BEFORE = r"(?:^|(?<=[\s，。；;：:、,（(“\"《与和及由向对给被为系是找经将把因]))"
# not shown: words before which or behind which a name stands
_CUES = (
    "投诉人|举报人|购买者|购物者|使用者|从业者|申诉人|反映人|来访人|当事人|联系人|联络员|消费者|顾客|客户|患者|病人|证人|见证人|家属|员工|店员|职工|学生|儿童|幼儿|"
    "受害人|被害人|监护人|代理人|委托人|业主|经办人|收件人|寄件人|买家|卖家|姓名|老板|其妻|其夫|其子|其女|女儿|儿子|妻子|丈夫|母亲|父亲|"
    "执法人员|检查人员|记录人|签收人|租户|房东|股东|监事|财务|会计|司机|厨师|服务员|销售员|业务员|摊主|店长|经理|自然人|居民|村民|未成年人"
)
_TITLES = "先生|女士|小姐|太太|师傅|阿姨|大爷|大妈|老师|医生|同学|婆婆"
_NAME_AFTER_CUE = re.compile(
    rf"(?:{_CUES})(?:姓名)?[：:为系是叫即]?[\s（(“\"]?(?P<name>{_ANY_SURNAME}(?:{_HAN}{{2}}|{_HAN}|·{_HAN}+)){_AFTER}"
)
_NAME_BEFORE_TITLE = re.compile(rf"(?P<name>{_ANY_SURNAME}{_HAN}{{0,2}}?)(?:{_TITLES})")
_NAME_RARE = re.compile(rf"{_BEFORE}(?P<name>{_ANY_SURNAME}{_HAN}{{2}}){_AFTER}")
_NAME_WHOLE = re.compile(rf"{_BEFORE}(?P<name>{_ANY_SURNAME}[{_GIVEN}]{{2}})")
_NAME_APART = re.compile(rf"{_BEFORE}(?P<name>{_USUAL_SURNAME}(?:{_HAN}{{2}}|{_HAN})){_AFTER}")

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NUMBERS = (
    (
        "身份证件号码",
        re.compile(
            r"(?<![\dA-Za-z])[1-8]\d{5}[\s-]?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[\s-]?\d{3}[\dXx]"
            r"(?![\dA-Za-z])"
        ),
    ),
    (
        "身份证件号码",
        re.compile(r"(?<![\dA-Za-z])[1-8]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![\dA-Za-z])"),
    ),
    (
        "证件号码",
        re.compile(r"(?:(?<=护照)|(?<=行证)|(?<=证件)|(?<=码为)|(?<=码是)|(?<=号码)|(?<=[：:]))\s*[A-Z]{1,2}\d{7,9}(?:\(\d\))?(?![\dA-Za-z])"),
    ),
    ("电话号码", re.compile(r"(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)")),
    ("电话号码", re.compile(r"(?<![\dA-Za-z])(?:\(0\d{2,3}\)|0\d{2,3}[-\s—])\s?\d{7,8}(?:-\d{1,5})?(?!\d)")),
    ("电话号码", re.compile(r"(?:(?<=电话)|(?<=手机)|(?<=座机)|(?<=来电)|(?<=致电))"
     r"[：:为是号码]{0,3}\s*\d[\d\s-]{5,16}\d")),
    ("电子邮箱", re.compile(r"[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9.-]+\.[A-Za-z]{2,}")),
    ("网络账号", re.compile(r"(?:(?<=微信)|(?<=微信号)|(?<=QQ)|(?<=QQ号)|(?<=qq))"
     r"[：:为是号]{0,2}\s*[A-Za-z0-9_-]{5,24}")),
    ("车牌号", re.compile(rf"[{_PROVINCES}][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9])")),
    ("账号", re.compile(r"(?:(?<=卡号)|(?<=账号)|(?<=帐号)|(?<=账户)|(?<=银行卡))"
     r"[：:为是]?\s*\d[\d\s-]{6,28}\d")),
    (
        "出生日期",
        re.compile(r"(?:(?<=生于)|(?<=出生日期)|(?<=生日)|(?<=出生年月))[：:为是]?\s*\d{4}[年./-]\d{1,2}(?:[月./-]\d{1,2}日?|月)?"),
    ),
    ("出生日期", re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?(?=出生)")),
)  # fmt: skip
_CARD = re.compile(r"(?<![\dA-Za-z])\d{4}[\s-]?\d{4}[\s-]?\d{4}[\s-]?\d{4}(?:[\s-]?\d{1,3})?(?![\dA-Za-z])")
_HOME = re.compile(
    r"(?:家住|现住址|现住|家庭住址|家庭地址|住址|户籍所在地|户籍地址|户籍地|户籍|居住于|居住在|居住地|居所|住在|住于|收货地址|收件地址)"
    r"[：:为是在]?\s*(?P<home>[^，。；;、）)\n]{3,60})"
)
_FLAT = re.compile(
    r"(?P<home>(?:[\u3400-\u9fff]{2,12}?(?:省|市|区|县|街道|镇|乡|村))*[\u3400-\u9fff\d一二三四五六七八九十]{0,24}"
    r"(?:小区|花园|苑|公寓|宿舍|新村|家园|府|里|弄|巷|路|街|道)[\u3400-\u9fff\d]{0,12}\d+(?:号)?[\u3400-\u9fff]{0,4}\d*"
    r"(?:栋|幢|座|号楼|单元)[\u3400-\u9fff\dA-Za-z-]{0,10}?\d{2,5}(?:室|房|号)?)"
)
_NOT_NAMES = ("某", "公司", "局", "店", "市", "区", "省", "县", "厂")
_WIDE = {0xFF10 + n: 0x30 + n for n in range(10)} | {0xFF21 + n: 0x41 + n for n in range(26)}
_WIDE |= {0xFF41 + n: 0x61 + n for n in range(26)} | {0x3000: 0x20, 0xFF0D: 0x2D}


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Something personal in a text: where it stands, what it is, and what is shown in its place."""

    start: int
    end: int
    kind: str
    shown: str


def found(text: str, *, known: Iterable[str] = (), keep: Iterable[str] = ()) -> list[Found]:
    """Everything personal in ``text``, first to last, none inside another.

    ``known`` are names of people it may speak of; ``keep`` are names and addresses that are registered in public.
    """
    plain = text.translate(_WIDE)
    kept = tuple(word for word in keep if word)
    hits = [*_numbers(plain), *_homes(plain, kept), *_names(plain, tuple(known), kept)]
    chosen: list[Found] = []
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if not chosen or hit.start >= chosen[-1].end:
            chosen.append(hit)
    return chosen


def clean(text: str, *, known: Iterable[str] = (), keep: Iterable[str] = ()) -> str:
    """``text`` with everything personal replaced by a visible mark."""
    out, at = [], 0
    for hit in found(text, known=known, keep=keep):
        out += [text[at : hit.start], hit.shown]
        at = hit.end
    return "".join([*out, text[at:]])


def _numbers(text: str) -> Iterable[Found]:
    for kind, shape in _NUMBERS:
        for hit in shape.finditer(text):
            yield Found(hit.start(), hit.end(), kind, f"〔{kind}已隐去〕")
    for hit in _CARD.finditer(text):
        if _luhn(hit[0]):
            yield Found(hit.start(), hit.end(), "账号", "〔账号已隐去〕")


def _luhn(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()]
    total = sum(d if n % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for n, d in enumerate(reversed(digits)))
    return total % 10 == 0


def _homes(text: str, keep: tuple[str, ...]) -> Iterable[Found]:
    for shape in (_HOME, _FLAT):
        for hit in shape.finditer(text):
            said = hit["home"]
            if any(said in word for word in keep):
                continue
            shown = mask_address(said)
            yield Found(hit.start("home"), hit.end("home"), "住址", shown if shown.endswith("***") else "***")


def _names(text: str, known: tuple[str, ...], keep: tuple[str, ...]) -> Iterable[Found]:
    for name in known:
        if len(name) > 1 and name not in keep:
            for hit in re.finditer(re.escape(name), text):
                yield Found(hit.start(), hit.end(), "姓名", mask_name(name))
    for shape in (_NAME_AFTER_CUE, _NAME_BEFORE_TITLE, _NAME_APART, _NAME_RARE, _NAME_WHOLE):
        at = 0
        while seen := shape.search(text, at):
            name = seen["name"]
            at = seen.start("name") + 1
            if name not in keep and not _is_word(name):
                yield Found(seen.start("name"), seen.end("name"), "姓名", mask_name(name))
                at = seen.end("name")


def _is_word(name: str) -> bool:
    """Whether it is a usual word, begins with one, or is what such a mark looks like already."""
    return name[:2] in _STOPS or name[:3] in _STOPS or name.endswith(_NOT_NAMES)
