"""Putting work into the table and naming who does it; the row is written in the caller's transaction.

A handler is known by a name, not by an import path: a lower room may enqueue a name that only an upper room handles,
and a name nobody handles yet is a row that waits. Functions declared with Django's own ``@task`` enter the same table
through ``jobs.tasks``.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from django.db import IntegrityError, transaction

from shiheng.jobs import leases
from shiheng.jobs.models import UNFINISHED, Job
from shiheng.kernel import clock

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])
DEFAULT_ATTEMPTS = 5


class GivenBack(Exception):  # noqa: N818 - not an error: the job returns to the table and another worker goes on
    """The handler stopped at the end of a chunk because it was asked to."""


@dataclass
class JobContext:
    """What a handler knows of its own job. ``progress`` costs nothing: the worker's heartbeat writes it."""

    id: int
    name: str
    key: str | None
    attempt: int
    payload: dict[str, Any]
    token: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    lost: bool = False
    acknowledged: bool = False
    reported: tuple[int, int | None, str] = (0, None, "")

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Say how far the work is; shown on the page within a second or so, and never in the handler's transaction."""
        self.reported = (done, total, text[:200])

    @property
    def should_stop(self) -> bool:
        """True when the worker is to end or the lease is lost: finish the chunk, then ``give_back()``."""
        return self.lost or self.stop.is_set()

    def give_back(self) -> NoReturn:
        """Return the job to the table; it is not counted as an attempt."""
        raise GivenBack

    def done(self, result: Any = None) -> None:
        """End the job in the handler's own transaction, so that its effect and its end are one commit.

        Raises when the lease was lost, which takes the effect back with it. Without this call the worker ends the
        job after the handler returns, and a crash in between runs the handler once more.
        """
        leases.acknowledge(self.id, self.token, result=plain(result), reported=self.reported)
        self.acknowledged = True


@dataclass(frozen=True, slots=True)
class Handler:
    name: str
    run: Callable[[JobContext], Any]
    max_attempts: int
    backoff: float
    title: str = ""


HANDLERS: dict[str, Handler] = {}
PERIODS: dict[str, int] = {}


def handles(
    name: str, *, title: str = "", max_attempts: int = DEFAULT_ATTEMPTS, backoff: float = 2.0
) -> Callable[[AnyFunction], AnyFunction]:
    """Declare the function that does the jobs of a name; called as ``function(job, **payload)``.

    ``title`` is what administrators read on the page, in Chinese.

    A failed attempt rests ``backoff`` seconds, twice as long each time; a ``kernel.errors.Problem`` is an answer, not
    an accident, and is not tried again.
    """

    def declare(function: AnyFunction) -> AnyFunction:
        register(Handler(name, lambda job: function(job, **job.payload), max_attempts, backoff, title))
        return function

    return declare


def register(handler: Handler) -> None:
    """Make a handler known to this process's workers; the later of two with one name counts (a module read again)."""
    HANDLERS[handler.name] = handler


def periodic(name: str, *, every: int) -> None:
    """Enqueue ``name`` once in each interval of ``every`` seconds, however many workers run."""
    if every < 1:
        raise ValueError("a period is at least one second")
    PERIODS[name] = every


def enqueue(name: str, *, key: str | None = None, at: datetime | None = None, priority: int = 0, **payload: Any) -> Job:
    """Put a job into the table in the caller's transaction: rolled back, it was never there.

    While a job of this name and key is unfinished, the same job is returned. A caller whose new rows a *running* job
    may already have passed puts what is new about them into the key.
    """
    return insert(name, payload, key=key, at=at, priority=priority)


def insert(
    name: str,
    payload: dict[str, Any],
    *,
    key: str | None,
    at: datetime | None,
    priority: int,
    queue: str = "default",
) -> Job:
    """Write the row, or return the unfinished one of the same key. Two callers at once: the constraint decides."""
    if at is not None and at.tzinfo is None:
        raise ValueError("a job's moment must carry a zone")
    known = HANDLERS.get(name)
    row = Job(
        name=name,
        payload=plain(payload),
        key=key,
        queue=queue,
        priority=priority,
        run_after=at,
        max_attempts=known.max_attempts if known else DEFAULT_ATTEMPTS,
        enqueued_at=clock.now(),
    )
    if key is None:
        row.save(force_insert=True)
        return row
    while True:
        held = Job.objects.filter(name=name, key=key, state__in=UNFINISHED).first()
        if held is not None:
            return held
        try:
            with transaction.atomic():  # a savepoint: a lost race must not spoil the caller's transaction
                row.save(force_insert=True)
        except IntegrityError:
            row.pk = None
            continue  # somebody else's row is there, or was and has just ended: look again
        return row


def plain(value: Any) -> Any:
    """The value as JSON gives it back; what JSON cannot say (or PostgreSQL cannot store) is refused here, not later."""
    written = json.dumps(value, allow_nan=False, ensure_ascii=True)
    if "\\u0000" in written:
        raise ValueError("a job's values cannot hold the character U+0000")
    return json.loads(written)
