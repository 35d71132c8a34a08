"""追寻的阈值和准确率: from how many subjects on a shared sign joins nobody, and how often a suspicion was right.

No instrument sets any of the thresholds: each is a local choice that was never checked on a real register. A bureau
that knows its own agents and halls declares its own by the path of its territory; the longest path that holds counts.
"""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.subjects.definition import CROWDS, SUSPICIONS, Basis, CrowdRule, Measured

CHOICE = Basis(
    "本地选择",
    "",
    verified=False,
    note="没有文件规定，也没有在真实登记数据上核对过；各地代办、市场、集群注册的多少不同，由各地自定。",
)
SINCE = date(2026, 1, 1)
THRESHOLDS = (
    CrowdRule("telephone", 10, SINCE, CHOICE),
    CrowdRule("house", 30, SINCE, CHOICE),
    CrowdRule("person", 10, SINCE, CHOICE),
    # 石岚县 has few agents and no large buildings: what is many there is fewer.
    CrowdRule("telephone", 8, SINCE, CHOICE, area="4499.21."),
    CrowdRule("house", 20, SINCE, CHOICE, area="4499.21."),
)
for rule in THRESHOLDS:
    declare(CROWDS, rule)

# What ``benchmarks/suspicions.py`` printed. In the city bookkeepers leave one number for several clients, families have
# one for two shops, and numbers given up go to others (shares in ``city/definition.py``, guesses where nothing is
# public). The rules were set on another seed (20261123). The page says that it was not measured on a real register.
MEASURED = (
    Measured(
        "telephone", date(2026, 11, 22), links=518, right=490, so=1093, real=False,
        set="云泽市 6000 户，种子 20261208，其中有代账会计、家人合用一个电话和号码易主的情形",
    ),
)  # fmt: skip
for figure in MEASURED:
    declare(SUSPICIONS, figure)
