"""What every page knows: the brand, the version, who is asking, their menu and their posts.

Rooms put ``ui.slots.MenuItem`` into the slot ``menu.items``; the menu is computed only when a page draws it.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shiheng import __version__
from shiheng.accounts.permissions import ANYONE, ROLE_TITLES, May, Role, Who
from shiheng.ui import slots
from shiheng.ui.wording import say

slots.declare("menu.items", "菜单")


def context(request: HttpRequest) -> dict[str, Any]:
    """The context processor of all templates. ``request.who`` is missing only when the request broke early."""
    who: Who = getattr(request, "who", ANYONE)
    return {
        "brand": say("市衡"),
        "version": __version__,
        "who": who,
        "may_search": who.may(May.READ_SUBJECTS),
        "menu": SimpleLazyObject(lambda: slots.menu(slots.menu_items(who), who, request.path)),
        "posts": SimpleLazyObject(lambda: posts(request, who)),
    }


def posts(request: HttpRequest, who: Who) -> tuple[slots.PostChoice, ...]:
    """The posts this person holds, as the switch at the top right lists them; found by the middleware already."""
    standing = getattr(request, "standing", None)
    if standing is None:
        return ()
    used = {(grant.office, grant.role) for grant in who.grants}
    return tuple(
        slots.PostChoice(
            key=str(post.pk),
            office=post.office.title,
            role=ROLE_TITLES[Role(post.role)],
            current=(post.office.code, post.role) in used,
        )
        for post in standing.posts
    )
