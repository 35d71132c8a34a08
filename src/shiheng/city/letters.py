"""Letters of the invented bureau beside those on its desk: written by many hands in many words, among them one gym that
closed on six people, a livestream many bought at, one sender who writes everywhere in the same words, and repeats.

Each is against the business of a number, so that several are against one; the makers of the desk say which that is.
"""

from random import Random
from typing import Any, NamedTuple

from shiheng.city.draw import between, pick, stream
from shiheng.city.files import ACCEPT, CHIEF, COMPLAINT, PAID, REFUSED, REMOTE, REPORT, SIGNED, TOLD, Done

SEED = 20_261_123
SETTLED = (Done(2, "accept", ACCEPT), Done(5, "mediate", REMOTE), Done(9, "settle", PAID))
AGREED = (Done(2, "accept", ACCEPT), Done(4, "mediate", REMOTE), Done(8, "settle", SIGNED))
ENDED = (
    Done(3, "accept", ACCEPT),
    Done(6, "mediate", REMOTE),
    Done(14, "terminate", REFUSED),
    Done(16, "notify", TOLD),
)
BOUGHT_OFF = (
    Done(3, "accept", ACCEPT),
    Done(6, "terminate", {"ground": "T1", "why": "商家已赔付一千元，投诉人撤回。"}),
    Done(8, "notify", TOLD),
)
CHECKED = (
    Done(2, "verify", {"plan": "两人现场核查"}),
    Done(
        9,
        "no_file",
        {"finding": "当场改正，没有危害后果。", "ground": "违法行为轻微并及时改正，没有造成危害后果"},
        CHIEF,
    ),
)
OPEN: tuple[Done, ...] = ()
TAKEN = (Done(2, "accept", ACCEPT),)

# For each class: what it is about, what happened, what is asked for; the braces are drawn from the words below.
KINDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "质量": (
        "{thing}{days}就坏",
        ("{when}在门店买了{thing}，花了{sum}元，用了{days}就坏了，{seller}说是人为，拒绝退换。",
         "{thing}买回来{days}后开裂，{seller}推说过了期限，请帮忙要求更换。"),
        ("更换", "退款"),
    ),
    "食品安全": (
        "{food}里{dirt}",
        ("{when}点了{food}，吃到一半发现{dirt}，{seller}只肯退餐费，要求赔偿。",
         "在店里吃{food}，{dirt}，回家后{ill}，有照片和小票。"),
        ("赔偿损失", "退款"),
    ),
    "售后服务": (
        "{thing}维修后更差",
        ("{thing}送去维修{days}，取回来故障更多，{seller}让我再等，一直不处理。",
         "{thing}还在保修期，{seller}却要收维修费，客服互相推诿。"),
        ("重作", "退款"),
    ),
    "价格": (
        "{service}多收{sum}元",
        ("事先说好{service}全包，结账时加收{sum}元，没有明码标价。",
         "{service}价签写的和收的不一样，多收了{sum}元，不肯退差价。"),
        ("退款",),
    ),
    "虚假宣传": (
        "{beauty}没有宣传的功效",
        ("广告里说{beauty}七天见效，用了{days}没有任何作用，和宣传不符。",
         "推销员宣称{beauty}可以根治，花{sum}元买了，完全是夸大。"),
        ("退款", "赔偿损失"),
    ),
    "计量": (
        "{weighed}缺斤短两",
        ("买了三斤{weighed}，回家用公平秤一称少了半斤，{seller}不承认。",
         "{weighed}标重和实重不符，电子秤有问题，几个邻居都遇到过。"),
        ("补足数量", "赔偿损失"),
    ),
    "合同": (
        "{service}不退定金",
        ("订了{service}，付定金{sum}元，{seller}单方改日期，合同里全是霸王条款，不退定金。",
         "{service}的协议写着概不退款，临时有事取消，{seller}一分不退。"),
        ("退款",),
    ),
    "预付式消费": (
        "{member}余额不退",
        ("在{member}充值{sum}元，用了两次就停业装修，联系不上，余额不退。",
         "{member}办卡时说随时可退，现在要扣一半手续费，会员卡余额还有{sum}元。"),
        ("退款",),
    ),
    "七日无理由退货": (
        "网购{thing}拒退",
        ("网购{thing}，收到第三天申请七日无理由退货，{seller}说拆封影响二次销售。",
         "在网店下单{thing}，尺寸不合，七天之内退货被拒退，平台也不管。"),
        ("退货", "退款"),
    ),
    "假冒": (
        "{brand}是假货",
        ("买的{brand}防伪码查不到，专柜说不是正品，假冒的，要求退一赔三。",
         "{brand}包装粗糙、没有防伪标，明显是仿冒的假货。"),
        ("退款", "赔偿损失"),
    ),
    "个人信息": (
        "{member}泄露电话",
        ("在{member}留了电话以后，每天接到推销电话，个人信息被泄露。",
         "{member}要求刷人脸才能进门，不给就不让用，担心隐私被倒卖。"),
        ("其他",),
    ),
}  # fmt: skip
WORDS = {
    "thing": ("电饭煲", "吸尘器", "折叠椅", "蓝牙耳机", "儿童手表", "电动牙刷", "行李箱", "运动鞋", "热水壶", "台灯"),
    "food": ("牛肉粉", "外卖炒饭", "生日蛋糕", "酸奶", "卤鸭", "盒饭", "烧烤", "早餐包子"),
    "dirt": ("有钢丝", "吃出虫子", "有头发", "已经发霉", "过了保质期", "变质发酸"),
    "ill": ("拉肚子两天", "孩子呕吐送医", "腹泻去了急诊"),
    "service": ("空调安装", "婚纱摄影", "搬家", "酒席", "月嫂", "汽车美容", "开锁"),
    "beauty": ("生发液", "减肥茶", "护肝片", "磁疗床垫", "增高鞋垫"),
    "weighed": ("鲜虾", "排骨", "荔枝", "干贝", "土鸡"),
    "member": ("健身房", "美发店", "游泳馆", "洗车店", "瑜伽馆", "培训班"),
    "brand": ("名牌运动鞋", "茅型白酒", "品牌皮带", "进口奶粉", "名牌手机壳"),
    "seller": ("商家", "店员", "老板", "客服"),
    "when": ("上周六", "前天晚上", "这个月初", "国庆期间", "昨天中午"),
    "days": ("三天", "一周", "半个月", "两个月"),
    "sum": ("120", "268", "399", "880", "1500", "2680"),
}
NAMES = (
    "何",
    "罗",
    "高",
    "梁",
    "宋",
    "唐",
    "许",
    "邓",
    "冯",
    "韩",
    "曹",
    "曾",
    "彭",
    "萧",
    "蔡",
    "潘",
    "田",
    "董",
    "袁",
    "于",
)
GIVEN = ("晓燕", "志强", "丽华", "建军", "小兰", "国栋", "雪梅", "文斌", "秀英", "海涛", "佳怡", "俊杰")
CHANNELS = ("platform", "hotline", "order", "counter", "web", "post")

GYM, SCALES, STREAM, SHOP = 0, 1, 2, 3
"""Numbers of the businesses that several letters are against."""
GYM_WORDS = (
    "年卡才用了两个月，健身房突然关门，老板失联，业主群里几十个人都一样，要求退款。",
    "充值的私教课还剩二十节，昨天去发现人去楼空，余额一分没退。",
    "给孩子办的游泳课年卡，健身房停业装修没有通知，电话联系不上，要求退卡。",
    "会员卡余额两千多元，门口贴着停业通知，群里上百人在维权。",
    "上个月刚续了年卡，健身房就跑路了，预付的钱不退，请尽快处理。",
    "办卡时说全市通用，现在门店关门，总部说不归他们管，余额不退。",
)
SCALE_WORDS = (
    "买三斤排骨回家一称只有两斤六两，老板说是水分。",
    "鲜虾少了半斤，公平秤复称对不上，要求补足。",
    "称荔枝时连袋子一起压秤，短斤缺两，邻居也遇到过。",
    "干贝标重一斤，实际八两，要求退款。",
)
STREAM_WORDS = (
    "直播间买的祛斑面膜，主播宣称七天淡斑，用后脸上过敏，要求退款，请查处虚假宣传。",
    "看直播下单的美白面霜，说有药监认证，收到发现没有备案号，举报虚假宣传，要求退一赔三。",
    "主播说祛斑精华纯植物，用了三天红肿送医，客服不处理。",
    "直播间的美白面膜和描述不符，没有效果，拒绝退货。",
    "给学生买的祛痘面膜，直播间保证无效退款，现在客服把我拉黑了。",
)
SERIAL = "购买的进口饼干没有中文标签，属于不符合食品安全标准的食品，要求退一赔十。"
SERIAL_NAME, SERIAL_PHONE = ("柏一帆", "19900002001")
REPEATER, REPEATER_PHONE = "钟秋水", "19900002002"
GROUP_TITLE = "力动健身停业退卡并案"
LEFT_WHY = "投诉人要求单独调解，已另约时间。"
TOGETHER: dict[str, Any] = {
    "way": "site", "complainant_agrees": True, "trader_agrees": True, "mediator": "李窗",
    "at_place": "本周五下午三点，区局三楼调解室",
}  # fmt: skip
CORRECTED = {"质量": "售后服务", "虚假宣传": "广告", "价格": "合同"}
"""As what a letter of a class was sometimes judged instead."""


class Letter(NamedTuple):
    """One letter: how long ago, against the business of which number, by whom, what was done."""

    code: str
    ago: int
    firm: int
    facts: dict[str, Any]
    person: str
    phone: str
    done: tuple[Done, ...]
    role: str = ""


def letters() -> list[Letter]:
    """Every letter, the oldest first; those of a ``role`` are handled further by name."""
    rng = stream(SEED, "letters")
    found = [*_ordinary(rng), *_gym(), *_scales(), *_stream(), *_serial(), *_repeated()]
    return sorted(found, key=lambda one: (-one.ago, one.person, one.facts["summary"]))


def _complaint(
    rng: Random, summary: str, kind: str, story: str, claims: tuple[str, ...], amount: int = 0
) -> dict[str, Any]:
    return {
        "summary": summary, "channel": pick(rng, CHANNELS), "kind": kind, "story": story, "claims": list(claims[:2]),
        "amount": amount, "publish": True, "entrust": False,
    }  # fmt: skip


def _ordinary(rng: Random) -> list[Letter]:
    """Closed letters of every class, over half a year, and a few that are open."""
    found = []
    for n in range(66):
        kind = list(KINDS)[n % len(KINDS)]
        title, stories, claims = KINDS[kind]
        drawn = {name: pick(rng, words) for name, words in WORDS.items()}
        facts = _complaint(
            rng, title.format(**drawn), kind, pick(rng, stories).format(**drawn), claims, int(drawn["sum"]) * 100
        )
        person = pick(rng, NAMES) + pick(rng, GIVEN)
        ago = 20 + n * 53 % 160 if n % 8 else between(rng, 1, 6)
        done = (SETTLED, AGREED, ENDED)[n % 3] if ago >= 20 else OPEN
        found.append(Letter(COMPLAINT, ago, 10 + n, facts, person, f"199001{n:05d}", done))
    return found


def _gym() -> list[Letter]:
    rng = stream(SEED, "gym")
    return [
        Letter(COMPLAINT, 6 - n, GYM, _complaint(rng, "健身房关门不退卡", "预付式消费", words, ("退款",), 198_000 + n),
               f"{NAMES[n]}{GIVEN[n]}", f"199002{n:05d}", OPEN, "gym")
        for n, words in enumerate(GYM_WORDS)
    ]  # fmt: skip


def _scales() -> list[Letter]:
    rng = stream(SEED, "scales")
    return [
        Letter(COMPLAINT, 5 - n, SCALES, _complaint(rng, "肉菜摊短斤缺两", "计量", words, ("补足数量",), 3_000),
               f"{NAMES[n + 6]}{GIVEN[n]}", f"199003{n:05d}", OPEN, "scales")
        for n, words in enumerate(SCALE_WORDS)
    ]  # fmt: skip


def _stream() -> list[Letter]:
    rng = stream(SEED, "stream")
    return [
        Letter(COMPLAINT, 1 + n * 2 % 17, STREAM,
               _complaint(rng, "直播间祛斑面膜", "虚假宣传", STREAM_WORDS[n % len(STREAM_WORDS)], ("退款",), 19_900),
               f"{NAMES[n + 8]}{GIVEN[n % len(GIVEN)]}", f"199004{n:05d}", TAKEN if n % 2 else OPEN, "stream")
        for n in range(9)
    ]  # fmt: skip


def _serial() -> list[Letter]:
    """One who writes against many, in the same words; three were bought off."""
    rng = stream(SEED, "serial")
    found = [
        Letter(COMPLAINT, 190 - n * 20, 100 + n,
               _complaint(rng, "进口饼干没有中文标签", "食品安全", SERIAL, ("赔偿损失",), 100_000), SERIAL_NAME,
               SERIAL_PHONE, BOUGHT_OFF if n % 3 == 0 else ENDED, "serial")
        for n in range(8)
    ]  # fmt: skip
    facts = _complaint(rng, "进口糖果没有中文标签", "食品安全", SERIAL.replace("饼干", "糖果"), ("赔偿损失",), 100_000)
    return [*found, Letter(COMPLAINT, 2, 110, facts, SERIAL_NAME, SERIAL_PHONE, OPEN, "serial")]


def _repeated() -> list[Letter]:
    """A complaint sent again after it was settled, a report made twice."""
    rng = stream(SEED, "repeated")
    story = "买的电动轮椅三个月电池就坏，商家说电池不保修，要求更换。"
    facts = _complaint(rng, "电动轮椅电池三个月就坏", "质量", story, ("更换",), 280_000)
    leads = "巷子里的小作坊没有执照，夜里熬制辣条，气味刺鼻，请查处。"
    report = {
        "summary": "无照小作坊做辣条",
        "channel": "hotline",
        "kind": "食品安全",
        "leads": leads,
        "anonymous": False,
    }
    return [
        Letter(COMPLAINT, 40, SHOP, facts, REPEATER, REPEATER_PHONE, SETTLED, "repeated"),
        Letter(COMPLAINT, 4, SHOP, {**facts, "channel": "web", "story": f"{story}已经来信一次。"}, REPEATER,
               REPEATER_PHONE, OPEN, "repeated"),
        Letter(REPORT, 30, 7, report, REPEATER, REPEATER_PHONE, CHECKED, "repeated"),
        Letter(REPORT, 3, 7, {**report, "channel": "web"}, REPEATER, REPEATER_PHONE, OPEN, "repeated"),
    ]  # fmt: skip
