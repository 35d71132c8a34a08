"""What the invented officers gathered: photographs, records, receipts and a recording, drawn from words and figures.

Pure: gives words, sources of drawings and bytes. Some files have all they need, some have gaps, one item is wrong and
withdrawn, one was sent to a laboratory and came back, one went out with a telephone number masked.
"""

import math
import struct
from typing import NamedTuple

REPORT, COMPLAINT = "complaints.report", "complaints.complaint"


class Piece(NamedTuple):
    """One item: how it is drawn with which lines, and what is said of it. ``elements`` are titles of the violation."""

    drawing: str  # photo | paper | receipt | chat | sound | note
    lines: tuple[str, ...]
    kind: str
    title: str
    source: str
    elements: tuple[str, ...] = ()
    act: str = ""
    checked: str = ""
    proves: str = ""
    confidential: bool = False


class Story(NamedTuple):
    """The evidence of one open matter, found by its procedure and its summary; what happened to the first item."""

    procedure: str
    summary: str
    violation: str
    pieces: tuple[Piece, ...]
    moves: tuple[tuple[str, str, str], ...] = ()  # kind, to, why
    masks: tuple[int, int, int, int, str] | None = None  # of the first item: a rectangle in thousandths and the reason
    withdrawn: str = ""  # why the last item is taken back


PURPOSE = "提供给对方质证"
PLACE = "云泽市临江区江口街道码头路"
LICENCE = Piece(
    "paper",
    ("营业执照（副本）", "名称：码头路早点铺", "经营者：周玉梅", "类型：个体工商户", "经营范围：预包装食品销售"),
    "01",
    "营业执照复印件",
    "周玉梅提供",
    ("主体",),
    checked="周玉梅提供，与原件核对无误，原件由其本人保存。",
    proves="当事人是从事食品经营的个体工商户。",
)
SITE_RECORD = Piece(
    "paper",
    ("现场有油锅一口、面案一张，正在炸制油条出售。",
     "未见食品经营许可证。", "当事人：周玉梅（签名）", "检查人员：李窗、章科（签名）"),
    "08",
    "现场笔录",
    "现场检查制作",
    ("实际经营",),
    "site",
    proves="无证制售早点。",
)  # fmt: skip
SITE_PHOTO = Piece(
    "photo",
    ("执法记录仪 0012", "码头路早点摊位"),
    "03",
    "现场照片",
    "执法记录仪 0012",
    ("实际经营",),
    "site",
    proves="摊位正在营业。",
)
QUESTIONING = Piece(
    "paper",
    ("询问笔录", "问：有没有办理食品经营许可证？", "答：没有，不知道要办。", "问：从什么时候开始卖的？",
     "答：今年春节以后。", "联系电话 19900001006", "周玉梅（逐页签名）"),
    "06",
    "询问笔录",
    "询问周玉梅制作",
    ("主体", "未取得许可"),
    "question",
    proves="当事人承认没有许可证。",
)  # fmt: skip
VOICE = Piece("sound", (), "03", "询问录音", "执法记录仪 0012", (), "question", proves="询问的经过。")
BOARD = Piece("photo", ("执法记录仪 0015", "二楼三号柜台"), "03", "柜台照片", "执法记录仪 0015", ("侵权",), "site")
WRONG = Piece("photo", ("执法记录仪 0015", "停车场"), "03", "柜台照片（二）", "执法记录仪 0015")
LETTER = Piece(
    "note",
    ("举报人来信摘录", "每天早上五点就在巷口炸油条，油烟很大。", "我住对面三楼，电话 19900001002，请保密。"),
    "05",
    "举报人书面说明",
    "举报人提供",
    confidential=True,
)
SCALE = Piece(
    "photo", ("执法记录仪 0012", "电子秤 15 kg"), "02", "电子秤照片", "水产摊位", ("器具",), "site",
    proves="原物为电子秤一台，存放在区局证据室。",
)  # fmt: skip
RECEIPT = Piece(
    "receipt",
    ("恒达电器码头店", "电饭煲 1 台", "￥399.00", "微信支付", "会员电话 19900001001"),
    "01",
    "购物小票",
    "王小明提供",
    checked="王小明提供，与原件核对无误，原件退还本人。",
)
CHAT = Piece(
    "chat",
    ("三天就不通电了，能退吗？", "亲，拆封不退，只能修。", "才用了三天。", "这是公司规定。"),
    "04",
    "与客服的聊天记录",
    "投诉人手机截屏",
    checked="投诉人当面打开原始记录核对，截屏时间见画面。",
    proves="商家拒绝退换。",
)

STORIES = (
    Story(REPORT, "无证做早餐", "food.unlicensed", (SITE_PHOTO, LICENCE, SITE_RECORD, QUESTIONING, VOICE, LETTER),
          masks=(0, 780, 1000, 220, "other")),
    Story(REPORT, "卖假牌运动鞋", "intellectual_property.trademark", (BOARD, WRONG),
          withdrawn="拍到的是停车场，与本案无关。"),
    Story(REPORT, "秤不准", "quality.cheat_scale", (SCALE,),
          (("sealed", "", "封条 00317"), ("opened", "", "送检前启封，封条完好"),
           ("borrowed", "云泽市计量检定所 陈工", "送检"), ("returned", "", "检毕归还，附检定结果"))),
    Story(COMPLAINT, "电饭煲用三天就不通电", "complaints.refuse", (RECEIPT, CHAT), masks=(80, 760, 840, 160, "phone")),
    Story(COMPLAINT, "网购不给七天退货", "", (CHAT,)),
)  # fmt: skip

_FONTS = "#set text(font: d.fonts, fallback: true, size: 11pt)\n"
DRAWINGS = {
    "photo": _FONTS
    + """#set page(width: 400pt, height: 260pt, margin: 0pt, fill: rgb("#cfd6dd"))
#place(bottom, rect(width: 100%, height: 42%, fill: rgb("#8b6f52")))
#for n in range(4) { place(top + left, dx: 30pt + n * 92pt, dy: 60pt + calc.rem(n * 7, 3) * 12pt,
  rect(width: 60pt, height: 90pt, fill: (rgb("#a8453b"), rgb("#d9a441"), rgb("#4f7a5b"), rgb("#35618e")).at(n))) }
#place(top + left, dx: 250pt, dy: 120pt, circle(radius: 26pt, fill: rgb("#e6c8a8")))
#place(top + left, dx: 240pt, dy: 172pt, rect(width: 72pt, height: 70pt, fill: rgb("#3b4654"), radius: 8pt))
#place(bottom + left, dx: 10pt, dy: -8pt, text(fill: white, weight: "bold", d.lines.join("　")))
#place(bottom + right, dx: -10pt, dy: -8pt, text(fill: white, d.stamp))
""",
    "paper": _FONTS
    + """#set page(width: 420pt, height: 594pt, margin: 48pt)
#align(center, text(size: 18pt, weight: "bold", d.lines.at(0)))
#v(1em)
#for line in d.lines.slice(1) { par(line) }
#v(2em)
#align(right, d.stamp)
""",
    "receipt": _FONTS
    + """#set page(width: 220pt, height: 300pt, margin: 18pt, fill: rgb("#fffdf4"))
#align(center, text(size: 13pt, weight: "bold", d.lines.at(0)))
#line(length: 100%, stroke: (dash: "dashed"))
#for line in d.lines.slice(1) { par(line) }
#line(length: 100%, stroke: (dash: "dashed"))
#d.stamp
""",
    "chat": _FONTS
    + """#set page(width: 280pt, height: 360pt, margin: 14pt, fill: rgb("#ededed"))
#align(center, text(size: 9pt, fill: luma(110), d.stamp))
#for (n, line) in d.lines.enumerate() { align(if calc.even(n) { right } else { left },
  block(fill: if calc.even(n) { rgb("#95ec69") } else { white }, inset: 8pt, radius: 5pt, width: 70%, line)) }
""",
}
"""Sources of drawings; the lines, the moment and the fonts go in as data."""


def tone(seconds: float = 1.0, *, rate: int = 8_000) -> bytes:
    """A recording: a low tone that swells and fades, as WAV."""
    count = int(rate * seconds)
    samples = bytes(
        128 + round(90 * math.sin(math.tau * 220 * n / rate) * math.sin(math.pi * n / count)) for n in range(count)
    )
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + count, b"WAVE", b"fmt ", 16, 1, 1, rate, rate, 1, 8,
                       b"data", count)  # fmt: skip
    return head + samples
