"""Real processes for tests that kill: a fork of the test process with its own database connections."""

import os
import threading
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.db import connection, connections

FAULT = 70
LONGEST = 600  # seconds; the longest race takes a few minutes on a busy machine
_parents: list[object] = []


def _disown() -> None:
    """Whatever connection the parent still holds is the parent's: two processes on one socket wait for ever."""
    for held in connections.all(initialized_only=True):
        _parents.append(held.connection)  # kept, so that nothing closes it here
        held.connection = None


class Child:
    """A forked process that runs one function; waited for, and killed if need be, when the ``with`` block ends."""

    def __init__(self, function: Callable[[], object]) -> None:
        self.function = function
        self.pid = 0
        self.status: int | None = None

    def __enter__(self) -> Self:
        connections.close_all()  # a connection must not be shared across a fork
        self.pid = os.fork()
        if self.pid == 0:
            code = FAULT
            _disown()
            try:
                self.function()
                code = 0
            except BaseException:  # noqa: BLE001 - a forked child must never return into the test runner
                traceback.print_exc()
            finally:
                os._exit(code)
        return self

    def __exit__(self, kind: type[BaseException] | None, _fault: object, _trace: TracebackType | None) -> None:
        if self.status is None:
            if kind is not None:
                os.kill(self.pid, 9)
            self.wait()

    def wait(self) -> int:
        """The exit code, or the negative number of the signal that ended it; a child that never ends is killed."""
        deadline = time.monotonic() + LONGEST
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > deadline:
                os.kill(self.pid, 9)
                deadline += LONGEST
            else:
                time.sleep(0.005)
        return self.status

    def wait_until_stopped(self) -> None:
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)


class Writes:
    """Numbers every write and every commit of this process's main thread, and may kill it just before or after one."""

    def __init__(self, *, kill_at: int = 0, after: bool = False) -> None:
        self.seen = 0
        self.kill_at = kill_at
        self.after = after
        self.thread = threading.get_ident()

    def install(self) -> None:
        connection.execute_wrappers.append(self.statement)
        commit = connection.commit
        connection.commit = lambda: self.step(commit)

    def statement(self, execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        if sql.lstrip().split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            return self.step(lambda: execute(sql, params, many, context))
        return execute(sql, params, many, context)

    def step(self, do: Callable[[], object]) -> object:
        if threading.get_ident() != self.thread:
            return do()
        self.seen += 1
        if self.seen == self.kill_at and not self.after:
            os.kill(os.getpid(), 9)
        outcome = do()
        if self.seen == self.kill_at and self.after:
            os.kill(os.getpid(), 9)
        return outcome
