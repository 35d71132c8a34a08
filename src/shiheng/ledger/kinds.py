"""What the kinds of leaves are called in Chinese; each room names its own beside the actions that write them."""

_titles: dict[str, str] = {
    "file.attached": "附上文件",
    "ledger.rekeyed": "更换签名密钥",
    "keys.rotated": "启用新的数据密钥",
    "keys.destroyed": "销毁数据密钥",
    "personal.viewed": "查看个人信息全文",
}


def declare(**titles: str) -> None:
    """Name kinds: ``declare(batch_landed="接收批次")`` names ``batch.landed`` (the first underscore is the dot)."""
    _titles.update({code.replace("_", ".", 1): title for code, title in titles.items()})


def title_of(kind: str) -> str:
    """The Chinese name, or the kind itself when nobody named it."""
    return _titles.get(kind, kind)


def titles() -> list[tuple[str, str]]:
    """All named kinds, as choices."""
    return sorted(_titles.items(), key=lambda pair: pair[1])
