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

# What ``benchmarks/suspicions.py`` printed. The city leaves no telephone to several who have nothing to do with each
# other but that of agents by trade: no bookkeeper with nine clients, no family of several businesses each its own. What
# is measured there says little of a real register, and the page says that it was not measured on one.
MEASURED = (
    Measured(
        "telephone", date(2026, 11, 22), links=1615, right=1614, so=3420, real=False,
        set="云泽市 20000 户，种子 20261207，其中没有代账会计、家人合用一个电话的情形",
    ),
)  # fmt: skip
for figure in MEASURED:
    declare(SUSPICIONS, figure)
