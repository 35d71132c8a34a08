"""Registers of the online market: platforms, live-commerce rooms."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, NoteKind, Register, Role, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER)


class Platform(BaseModel):
    """网络交易平台"""

    name: str = fact("平台名称", indexed=True, public=True, max_length=80)
    site: str = fact("网址或者应用名称", indexed=True, public=True, max_length=200)
    kind: str = fact(
        "平台类别",
        indexed=True,
        public=True,
        choices=("综合电商", "餐饮外卖", "社区团购", "二手交易", "直播电商", "生活服务"),
    )
    shops: int = fact("平台内经营者数", indexed=True, ge=0)
    filing: str = fact("备案号", indexed=True, public=True, max_length=40, default="")
    officer: str = fact("平台联络人", personal="name", max_length=30, shown=False, default="")


declare(
    Register(
        code="online_market.platforms",
        title="网络交易平台台账",
        in_force_from=date(2019, 1, 1),
        group="lists",
        about="住所在辖区的网络交易平台：做什么、多少商户，约谈和检查随时记。",
        facts=Platform,
        basis=(Basis("电子商务法", "第九条", verified=True, note="2019-01-01 起施行的文本。"),),
        key=("name",),
        counted_by=("kind",),
        notes=(NoteKind("talk", "约谈"), NoteKind("check", "检查")),
        kept_by=KEEPERS,
        public=True,
    )
)
