"""Letters for pages to stand on: alike ones, a group of them, one with signals."""

from types import SimpleNamespace
from typing import Any


def letters(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """As many letters of one person against one business, as many of others, and a group of as many and one more."""
    from shiheng.procedures import actions
    from shiheng.procedures.triage import actions as triage
    from shiheng.procedures.triage import groups

    clerk = cast.who("clerk")

    def opened(n: int, phone: str, against: str) -> int:
        made = actions.open_file(
            clerk, "complaints.complaint",
            {"summary": "健身房关门不退卡", "channel": "counter", "kind": "预付式消费", "claims": ["退款"],
             "story": "办的年卡，健身房突然关门，余额不退。"},
            parties=[actions.Standing("complainant", f"张{n}", {"phone": phone}),
                     actions.Standing("trader", against)],
            scope="4499.01.",
        )  # fmt: skip
        return int(made.pk)

    own = [opened(n, "13900009999", "力动健身") for n in range(rows + 1)]
    for n in range(rows):
        opened(n, f"1390001{n:04d}", "力动健身")
    for _ in range(rows):
        triage.judge(clerk, own[0], {"kind": "预付式消费", "wants": "complaint", "tags": ["prepaid"]})
    together = [opened(n, f"1390002{n:04d}", "飞跃健身") for n in range(rows + 1)]
    group = groups.form(clerk, together)
    for n in range(rows):
        gone = opened(n, f"1390003{n:04d}", "飞跃健身")
        groups.join(clerk, group.pk, gone)
        groups.leave(clerk, group.pk, gone, why="要求单独调解。")
    return {"letter": own[0], "group": group.pk, "member": together[0], "other_letter": own[-1]}
