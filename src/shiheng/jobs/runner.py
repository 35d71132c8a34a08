"""The worker: claims jobs, keeps their leases alive while handlers run, and ends, retries or returns them.

It must lose nothing when it is killed at any point: what it has in hand is a lease that runs out, or is freed at once
by the next worker of the same machine, and whatever it did not acknowledge is done again.
"""

import contextlib
import logging
import random
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator

from django.db import DatabaseError, InterfaceError, connection, connections, transaction
from django.db.models import Q
from django.db.models.functions import Now

from shiheng.jobs import leases, queue
from shiheng.jobs.models import DONE, Job, Period, Worker
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem

log = logging.getLogger(__name__)

BEAT_SECONDS = 3.0  # a fifth of the lease: four heartbeats may fail before it runs out
REPORT_SECONDS = 1.0
QUICK_POLL, SLOW_POLL = 0.05, 1.0
LONGEST_REST = 600.0
TRACEBACK_KEPT = 4000
CLOCK_SET_BACK = 300  # a platform clock that is this much earlier was set back, it is not another machine's skew

# Named points of the work, for whoever wants to watch it or to end the process there and see that nothing is lost.
checkpoint: Callable[[str, int], object] = lambda _point, _job: None  # noqa: E731 - replaced, never redefined


def work(
    *,
    until_idle: bool = False,
    threads: int = 1,
    stop: threading.Event | None = None,
    names: frozenset[str] | None = None,
) -> int:
    """Do the jobs this process has handlers for (or only ``names``) until ``stop`` is set; returns how many ended.

    ``until_idle`` returns as soon as no known job is due, running anywhere or resting before a retry. SIGTERM and
    SIGINT set ``stop`` when called in the main thread without one: handlers finish their chunk and give back.

    Called inside a transaction, nobody else can see the claims, so no heartbeat runs and each job is a savepoint.
    """
    alone = connection.in_atomic_block
    crew = Crew(stop=stop or threading.Event(), names=names, until_idle=until_idle)
    with _signals(crew.stop) if stop is None else contextlib.nullcontext():
        leases.free_lost()
        crew.worker = leases.enrol().pk
        pulse = None if alone else threading.Thread(target=crew.beat, name="heartbeat", daemon=True)
        if pulse:
            pulse.start()
        try:
            others = [threading.Thread(target=crew.loop_and_close, daemon=True) for _ in range(threads - 1)]
            for other in others:
                other.start()
            crew.loop()
            for other in others:
                other.join()
        finally:
            crew.over.set()
            if pulse:
                pulse.join()
            Worker.objects.filter(pk=crew.worker).delete()
    return crew.ended


@contextlib.contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT ask for the end, where this thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Crew:
    """The threads of one worker process and the jobs they hold."""

    def __init__(self, *, stop: threading.Event, names: frozenset[str] | None, until_idle: bool) -> None:
        self.stop = stop
        self.over = threading.Event()
        self.only = names
        self.until_idle = until_idle
        self.worker = ""
        self.ended = 0
        self.held: dict[int, queue.JobContext] = {}
        self.ticked: dict[str, int] = {}
        self.guard = threading.Lock()

    def handled(self) -> dict[str, int]:
        """The names this process may claim, with how often each may be tried."""
        return {n: h.max_attempts for n, h in queue.HANDLERS.items() if self.only is None or n in self.only}

    def loop_and_close(self) -> None:
        try:
            self.loop()
        finally:
            connections.close_all()

    def loop(self) -> None:
        """Claim and perform until told to stop; an idle worker asks ever more seldom, up to once a second."""
        pause = QUICK_POLL
        shelf = leases.Shelf()
        while not self.stop.is_set():
            try:
                if connection.errors_occurred and not connection.in_atomic_block:
                    connection.close_if_unusable_or_obsolete()
                tick(self.only, ticked=self.ticked)
                limits = self.handled()
                job = leases.claim(self.worker, limits.keys(), limits=limits, holding=self.held.keys(), shelf=shelf)
                if job is not None:
                    self.perform(job)
                    pause = QUICK_POLL
                    continue
                if self.until_idle and not leases.due(limits.keys()).exists():
                    return
            except (DatabaseError, InterfaceError):
                if connection.in_atomic_block:
                    raise
                log.exception("the database did not answer; the worker tries again")
                connection.close()
                pause = SLOW_POLL
            self.stop.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311 - keeps workers out of step, no secret
            pause = min(pause * 2, SLOW_POLL)

    def perform(self, job: Job) -> None:
        """Run one claimed job and end it, whichever way."""
        checkpoint("claimed", job.pk)
        context = queue.JobContext(
            id=job.pk,
            name=job.name,
            key=job.key,
            attempt=job.attempts,
            payload=job.payload,
            token=job.lease_token,
            stop=self.stop,
            reported=(job.progress_done, job.progress_total, job.progress_text),
        )
        handler = queue.HANDLERS[job.name]
        with self.guard:
            self.held[job.pk] = context
        try:
            with transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext():
                result = queue.plain(handler.run(context))
                checkpoint("returned", job.pk)
                if not context.acknowledged:
                    leases.acknowledge(job.pk, context.token, result=result, reported=context.reported)
            checkpoint("acknowledged", job.pk)
        except queue.GivenBack:
            # Given back although nobody asked: not at once again, or a handler that waits for something would spin.
            seconds = 0.0 if context.should_stop else SLOW_POLL
            leases.give_back(job.pk, context.token, seconds=seconds, reported=context.reported)
            return
        except leases.LeaseLost:
            log.warning("job %s (%s) was taken over by another worker; its end here does not count", job.pk, job.name)
            return
        except Exception as fault:  # noqa: BLE001 - whatever a handler raises is the job's outcome, not the worker's end
            self.refuse(context, handler, fault)
        except BaseException:
            with contextlib.suppress(DatabaseError, InterfaceError):
                leases.give_back(job.pk, context.token, reported=context.reported)
            raise
        finally:
            with self.guard:
                self.held.pop(job.pk, None)
        self.ended += 1

    def refuse(self, context: queue.JobContext, handler: queue.Handler, fault: Exception) -> None:
        """Record a failed attempt: rest and try again, or end as failed."""
        kind = f"{type(fault).__module__}.{type(fault).__qualname__}"[:200]
        if isinstance(fault, Problem):
            summary = fault.message
        else:
            summary = f"第 {context.attempt} 次执行出错：{type(fault).__name__}：{fault}"
        log.warning("job %s (%s), attempt %s: %s", context.id, context.name, context.attempt, summary, exc_info=fault)
        trace = "".join(traceback.format_exception(fault))[-TRACEBACK_KEPT:]
        error = f"{summary}\n\n{trace}".replace("\x00", "")
        if isinstance(fault, Problem) or context.attempt >= handler.max_attempts:
            leases.fail(context.id, context.token, error=error, error_class=kind)
        else:
            seconds = min(handler.backoff * 2 ** (context.attempt - 1), LONGEST_REST)
            leases.rest(context.id, context.token, seconds=seconds, error=error, error_class=kind)

    def beat(self) -> None:
        """The heartbeat thread: extends leases, writes progress, looks after lost siblings, on its own connection."""
        written: dict[int, tuple[leases.Reported, float]] = {}
        last = time.monotonic()
        try:
            while not self.over.wait(REPORT_SECONDS):
                try:
                    now = time.monotonic()
                    self.extend(written, now)
                    if now - last >= BEAT_SECONDS:
                        last = now
                        Worker.objects.filter(pk=self.worker).update(seen_at=Now())
                        leases.free_lost()
                except (DatabaseError, InterfaceError):
                    log.warning("a heartbeat did not reach the database; the next one follows", exc_info=True)
                    connection.close()
        finally:
            connections.close_all()

    def extend(self, written: dict[int, tuple[leases.Reported, float]], now: float) -> None:
        """One round of heartbeats: a job is written when its lease wants it or its progress has changed."""
        with self.guard:
            held = list(self.held.values())
        for context in held:
            reported = context.reported
            before, at = written.get(context.id, (None, 0.0))
            if reported == before and now - at < BEAT_SECONDS:
                continue
            if not leases.extend(context.id, context.token, reported=reported):
                context.lost = not context.acknowledged
            written[context.id] = (reported, now)
        for gone in written.keys() - {context.id for context in held}:
            del written[gone]


def tick(only: frozenset[str] | None = None, *, ticked: dict[str, int] | None = None) -> None:
    """Enqueue each periodic job whose interval has begun: one worker of all wins it, by moving the period's slot.

    Intervals are of the platform's clock, so a demonstration that jumps a month ahead gets its daily jobs at once, and
    once. A clock set back begins a new series. ``ticked`` spares the query for a slot this caller has seen served.
    """
    ticked = {} if ticked is None else ticked
    moment = int(clock.now().timestamp())
    for name, every in queue.PERIODS.items():
        if only is not None and name not in only:
            continue
        slot = moment - moment % every
        if ticked.get(name) == slot:
            continue
        if not Period.objects.filter(pk=name, slot=slot).exists():
            Period.objects.get_or_create(pk=name)
            behind = Q(slot__lt=slot) | Q(slot__gt=slot + every + CLOCK_SET_BACK)
            with transaction.atomic():
                if Period.objects.filter(behind, pk=name).update(slot=slot) == 1:
                    period = Period.objects.get(pk=name)
                    # A period keeps its last run; thousands of good ones a day would bury everything else.
                    Job.objects.filter(pk=period.last_job or 0, state=DONE).delete()
                    job = queue.enqueue(name, key=f"periodic:{name}")
                    Period.objects.filter(pk=name).update(last_job=job.pk)
        if not connection.in_atomic_block:  # a rolled-back transaction would take the slot back, not this memory
            ticked[name] = slot
