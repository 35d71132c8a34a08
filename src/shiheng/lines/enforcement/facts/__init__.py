"""What is told at each step of a penalty case; the kinds of penalty and of evidence as the law numbers them."""

PENALTIES = {
    "1A": "警告",
    "1B": "通报批评",
    "2A": "罚款",
    "2B": "没收违法所得",
    "2C": "没收非法财物",
    "3A": "暂扣许可证件",
    "3B": "降低资质等级",
    "3C": "吊销许可证件",
    "4A": "限制开展生产经营活动",
    "4B": "责令停产停业",
    "4C": "责令关闭",
    "4D": "限制从业",
    "6": "其他行政处罚",
}
"""行政处罚法 art 9; detention is the police's."""
EVIDENCE = {
    "01": "书证",
    "02": "物证",
    "03": "视听资料",
    "04": "电子数据",
    "05": "证人证言",
    "06": "当事人的陈述",
    "07": "鉴定意见",
    "08": "勘验笔录、现场笔录",
}
"""行政处罚法 art 46."""
SERVED_BY = {
    "direct": "直接送达",
    "leaving": "留置送达",
    "electronic": "电子送达",
    "post": "邮寄送达",
    "entrusted": "委托、转交送达",
}
"""市场监督管理行政处罚程序规定 arts 82 and 83; service by public notice is a step of its own."""
