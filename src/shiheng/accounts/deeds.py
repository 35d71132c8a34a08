"""One write under one key: a double click, a retried request and two browsers at once all make one record."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from shiheng.accounts.models import Deed
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict

Result = dict[str, Any]


def once(
    who: Who, *, key: UUID | None, action: str, payload: Mapping[str, Any], do: Callable[[], Result]
) -> tuple[Result, bool]:
    """``do()`` in one transaction with its key; gives its result and whether it was done just now.

    The same key with the same payload gives the first result again; with another payload it is refused. ``payload``
    and the result are kept (the payload as a digest), so neither may hold a secret.
    """
    key = key or uuid4()
    digest = _digest(payload)
    with transaction.atomic():
        try:
            with transaction.atomic():
                deed = Deed.objects.create(actor=who.key, key=key, action=action, payload=digest, done_at=clock.now())
        except IntegrityError:
            held = Deed.objects.get(actor=who.key, key=key)
            if held.action != action or held.payload != digest:
                raise Conflict(
                    "key.reused", "这份表单已经提交过，内容与上次不同。请刷新页面后重新填写。", action=action
                ) from None
            return dict(held.result), False
        result = do()
        Deed.objects.filter(pk=deed.pk).update(result=result)
        return result, True


def _digest(payload: Mapping[str, Any]) -> str:
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
