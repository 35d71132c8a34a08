"""What stands on a file's page beside its own procedure: the order it came from, its reply clock, what intake did."""

from dataclasses import dataclass
from typing import Any

from shiheng.accounts.permissions import Who
from shiheng.procedures.contents import version_of
from shiheng.procedures.exchange import queries, replying, tables
from shiheng.procedures.exchange.definition import Platform
from shiheng.procedures.exchange.models import Order
from shiheng.procedures.holding import Held, rows
from shiheng.procedures.models import Proceeding


@dataclass(frozen=True, slots=True)
class Origin:
    """The order a file came from, as its page shows it."""

    order: Order
    platform: Platform
    due: tuple[str, str]


def about(who: Who, found: Proceeding, there: Held) -> dict[str, Any]:
    """For the page of one file: its orders, their replies, what intake did with it and may do."""
    held = rows(there, queries.of_file(found))
    return {
        "orders": [Origin(one, queries.version_of(one.platform, one.version), tables.order_words(one)) for one in held],
        "replies": replying.standing(found) if held else [],
        "notes": rows(there, queries.notes_of(found)),
        "moves": may_move(who, found),
    }


def may_move(who: Who, found: Proceeding) -> bool:
    """Whether this reader may hand a file on now: one nobody has begun, or one that was given back."""
    if not queries.may_intake(who, found.scope):
        return False
    procedure = version_of(found.procedure, found.version)
    if found.state == "returned":
        return not found.links_out.filter(kind="spawned").exists()
    return "channel" in procedure.facts.model_fields and found.state == procedure.first
