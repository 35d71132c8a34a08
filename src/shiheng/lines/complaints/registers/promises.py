"""What businesses promise consumers and ask to be listed for; who takes money beforehand."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import APPLIED, GRANTING, Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"
VISITS = (NoteKind("visit", "回访"), NoteKind("breach", "违反承诺"))
TRADES = ("商场超市", "餐饮", "家电", "服装", "药店", "景区", "汽车销售", "电商", "其他")
REMOVED = Move("breach", "违反承诺移出", ("on",), "off")


class Assured(BaseModel):
    """放心消费承诺"""

    shop: str = fact("门店名称", indexed=True, public=True, max_length=80)
    trade: str = fact("行业", indexed=True, public=True, choices=TRADES)
    street: str = fact("所在镇街", indexed=True, public=True, max_length=40)
    promises: list[str] = fact(
        "承诺事项", public=True, choices=("品质保证", "诚信经营", "维权保障", "线下无理由退货"), min_length=1
    )
    contact: str = fact("联系人", personal="name", max_length=30, shown=False, default="")


declare(
    Register(
        code="complaints.assured_units",
        title="放心消费承诺单位",
        in_force_from=date(2020, 1, 1),
        group="commitments",
        about="公开承诺品质、诚信和维权的单位：企业申请，核查后公示，违反承诺的移出。",
        facts=Assured,
        basis=(Basis("关于开展放心消费创建活动营造安全放心消费环境的指导意见", "第三条", verified=False, note=UNREAD),),
        key=("shop",),
        states=APPLIED,
        moves=(*GRANTING, REMOVED),
        months=24,
        counted_by=("trade", "street"),
        notes=VISITS,
        kept_by=KEEPERS,
        public=True,
        applied_for=True,
    )
)


class ReturnShop(BaseModel):
    """无理由退货承诺"""

    shop: str = fact("门店名称", indexed=True, public=True, max_length=80)
    days: int = fact("退货天数", indexed=True, public=True, ge=7, le=90, default=7)
    goods: str = fact("适用商品", public=True, max_length=200)
    except_for: str = fact("不适用商品", public=True, max_length=200, default="")
    cost: str = fact("运费承担", indexed=True, public=True, choices=("商家承担", "消费者承担"))
    phone: str = fact("退货电话", personal="phone", max_length=20, shown=False, default="")


declare(
    Register(
        code="complaints.return_shops",
        title="线下七日无理由退货承诺店",
        in_force_from=date(2020, 1, 1),
        group="commitments",
        about="自愿承诺线下购物七日以上无理由退货的门店：申请、公示、违反承诺的移出。",
        facts=ReturnShop,
        basis=(
            Basis(
                "消费者权益保护法",
                "第二十五条",
                date(2014, 3, 15),
                verified=True,
                note="该条规定网络等方式的购物；线下的是自愿承诺。",
            ),
        ),
        key=("shop",),
        states=APPLIED,
        moves=(*GRANTING, REMOVED),
        months=24,
        counted_by=("days", "cost"),
        notes=VISITS,
        kept_by=KEEPERS,
        public=True,
        applied_for=True,
    )
)


class OdrFirm(BaseModel):
    """在线消费纠纷解决企业"""

    since_month: str = fact("入驻月份", indexed=True, public=True, pattern=r"^20\d\d-\d\d$", hint="写成 2024-05。")
    trade: str = fact("行业", indexed=True, public=True, choices=TRADES)
    settled: int = fact("上年在线和解件数", indexed=True, ge=0, default=0)
    days: int = fact("平均和解天数", indexed=True, ge=0, le=365, default=0)
    contact: str = fact("专员电话", personal="phone", max_length=20, shown=False, default="")


declare(
    Register(
        code="complaints.odr_firms",
        title="在线消费纠纷解决（ODR）企业",
        in_force_from=date(2018, 3, 15),
        group="lists",
        about="在全国 12315 平台与消费者直接和解的企业。",
        facts=OdrFirm,
        basis=(
            Basis(
                "市场监督管理投诉举报处理办法", "第六条", date(2026, 4, 15), verified=True, note="2026 年施行的文本。"
            ),
        ),
        states=APPLIED,
        moves=GRANTING,
        counted_by=("trade",),
        kept_by=KEEPERS,
        public=True,
        applied_for=True,
    )
)


class Prepaid(BaseModel):
    """预付式消费商户"""

    card: str = fact("单用途卡名称", indexed=True, public=True, max_length=60)
    trade: str = fact(
        "行业", indexed=True, public=True, choices=("美容美发", "健身", "餐饮", "洗车", "校外培训", "其他")
    )
    balance: int = fact("预收资金余额", indexed=True, widget="money", ge=0)
    custody: bool = fact("资金已存管", indexed=True, public=True, default=False)
    most: int | None = fact("单卡限额", indexed=True, widget="money", default=None)
    complaints: int = fact("一年内投诉件数", indexed=True, ge=0, default=0)


declare(
    Register(
        code="complaints.prepaid_merchants",
        title="预付式消费商户台账",
        in_force_from=date(2012, 11, 1),
        group="lists",
        about="收预付款的商户：卡、余额、存管和投诉，闭店和失联的列为风险。",
        facts=Prepaid,
        basis=(Basis("消费者权益保护法", "第五十三条", date(2014, 3, 15), verified=True, note="2013 年修正文本。"),),
        key=("card",),
        states=(
            State("on", "正常", "ok"),
            State("risky", "风险提示", "warn"),
            State("gone", "闭店失联", "late"),
            State("off", "已停止发卡", "done", ended=True),
        ),
        moves=(
            Move("warn", "列为风险", ("on",), "risky"),
            Move("gone", "认定失联", ("on", "risky"), "gone"),
            Move("clear", "解除风险", ("risky", "gone"), "on"),
            Move("stop", "停止发卡", ("on", "risky", "gone"), "off"),
        ),
        counted_by=("trade", "custody"),
        notes=(NoteKind("talk", "约谈"), NoteKind("visit", "检查")),
        kept_by=KEEPERS,
    )
)
