"""Certified management of intellectual property, brands under cultivation, geographical indications."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"


class Certified(BaseModel):
    """知识产权管理体系认证"""

    number: str = fact("认证证书号", indexed=True, public=True, max_length=60)
    body: str = fact("认证机构", indexed=True, public=True, max_length=80)
    standard: str = fact(
        "认证依据", indexed=True, public=True, choices=("GB/T 29490-2013", "GB/T 29490-2023", "ISO 56005")
    )
    subsidy: int | None = fact("资助金额", indexed=True, widget="money", default=None)


declare(
    Register(
        code="intellectual_property.certified",
        title="知识产权贯标认证企业",
        in_force_from=date(2013, 3, 1),
        group="marks",
        about="通过知识产权管理体系认证的企业：证书、机构、到哪天，资助按此核对。",
        facts=Certified,
        basis=(Basis("知识产权认证管理办法", "第四条", verified=False, note=UNREAD),),
        key=("number",),
        states=(
            State("on", "有效", "ok"),
            State("paused", "暂停", "warn"),
            State("off", "已撤销或注销", "done", ended=True),
        ),
        moves=(
            Move("pause", "暂停", ("on",), "paused"),
            Move("resume", "恢复", ("paused",), "on"),
            Move("end", "撤销或注销", ("on", "paused"), "off"),
        ),
        months=36,
        counted_by=("body", "standard"),
        kept_by=KEEPERS,
        public=True,
    )
)


class Brand(BaseModel):
    """商标品牌培育"""

    brand: str = fact("品牌", indexed=True, max_length=60)
    trade: str = fact(
        "行业", indexed=True, choices=("食品饮料", "服装皮具", "家居建材", "电子信息", "生物医药", "现代服务", "农产品")
    )
    goal: str = fact("培育目标", indexed=True, choices=("注册商标", "国际注册", "区域品牌", "驰名保护", "地理标志"))
    officer: str = fact("培育联络员", max_length=30, default="")
    plan: str = fact("培育措施", max_length=500, widget="textarea", shown=False, default="")


declare(
    Register(
        code="intellectual_property.brand_candidates",
        title="商标品牌培育名单",
        in_force_from=date(2012, 1, 1),
        group="marks",
        about="正在培育的品牌，按行业和阶段：筛选、培育、申报、达标。",
        facts=Brand,
        basis=(Basis("关于深入实施商标品牌战略推进中国品牌建设的意见", "第三条", verified=False, note=UNREAD),),
        key=("brand",),
        states=(
            State("chosen", "已筛选", "plain"),
            State("growing", "培育中", "wait"),
            State("filed", "已申报", "warn"),
            State("reached", "已达标", "ok"),
            State("off", "已退出", "done", ended=True),
        ),
        moves=(
            Move("grow", "开始培育", ("chosen",), "growing"),
            Move("file", "申报", ("growing",), "filed"),
            Move("reach", "达标", ("filed",), "reached"),
            Move("back", "退回培育", ("filed",), "growing"),
            Move("leave", "退出", ("chosen", "growing", "filed"), "off"),
        ),
        counted_by=("trade", "goal"),
        notes=(NoteKind("visit", "走访"), NoteKind("training", "培训")),
        kept_by=KEEPERS,
    )
)


class Geographical(BaseModel):
    """地理标志"""

    name: str = fact("地理标志名称", indexed=True, public=True, max_length=60)
    kind: str = fact("保护方式", indexed=True, public=True, choices=("地理标志产品", "地理标志商标"))
    area: str = fact("产地范围", public=True, max_length=200)
    users: int = fact("获准使用企业数", indexed=True, public=True, ge=0, default=0)


declare(
    Register(
        code="intellectual_property.geographical",
        title="地理标志名录",
        in_force_from=date(2005, 7, 15),
        group="marks",
        about="产自本地的地理标志：怎样保护、产地范围、多少企业获准使用专用标志。",
        facts=Geographical,
        basis=(Basis("地理标志产品保护办法", "第二条", verified=False, note=UNREAD),),
        bound="thing",
        key=("name",),
        name="name",
        owned=True,
        counted_by=("kind",),
        notes=(NoteKind("check", "用标检查"),),
        kept_by=KEEPERS,
        public=True,
    )
)
