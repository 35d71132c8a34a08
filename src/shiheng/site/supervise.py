"""Keeping child processes: the web server and the worker run as this process's children, live and end with it."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shiheng.kernel.errors import Conflict, Refused

PARENT = "SHIHENG_PARENT"
MOST_ENDS, WITHIN = 5, 60.0
PATIENCE = 20.0


@dataclass
class Child:
    """One kept process: what it runs, and when it last ended on its own."""

    title: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    ends: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_ENDS))

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches only this process, which then ends its children in order.
        self.process = subprocess.Popen(  # noqa: S603 - our own command line
            self.command, env={**os.environ, PARENT: str(os.getpid())}, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def ended(self) -> int | None:
        return None if self.process is None else self.process.poll()

    def hopeless(self) -> bool:
        """Ended so often in so short a time that starting it again helps nobody."""
        return len(self.ends) == MOST_ENDS and self.ends[-1] - self.ends[0] < WITHIN

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for the end; what does not end is killed with everything it started."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def command(*words: str) -> list[str]:
    """One of our own commands, in this same Python."""
    return [sys.executable, "-m", "shiheng.site.cli", *words]


class Keeper:
    """Starts children, starts again what dies, ends all of them when asked or when one cannot be kept."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.children: list[Child] = []
        self.say = say
        self.stopping = threading.Event()

    def start(self, title: str, *words: str) -> Child:
        child = Child(title, command(*words))
        child.start()
        self.children.append(child)
        return child

    def look(self) -> str | None:
        """Start again whatever has ended; the title of a child that cannot be kept, if there is one."""
        for child in self.children:
            code = child.ended()
            if code is None or self.stopping.is_set():
                continue
            child.ends.append(time.monotonic())
            if child.hopeless():
                return child.title
            self.say(f"{child.title}意外结束（退出码 {code}），重新启动。")
            child.start()
        return None

    def watch(self) -> str | None:
        """Keep the children until asked to stop; gives the title of the one that could not be kept."""
        while not self.stopping.wait(0.3):
            if title := self.look():
                return title
        return None

    def stop(self) -> None:
        self.stopping.set()
        for child in self.children:
            child.stop()
        deadline = time.monotonic() + PATIENCE
        for child in self.children:
            child.wait(max(0.1, deadline - time.monotonic()))

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """Let SIGTERM and SIGINT ask for the end."""

        def asked(_number: int, _frame: object) -> None:
            self.stopping.set()
            raise KeyboardInterrupt

        before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def follow_parent() -> None:
    """In a child: end when the keeper is gone, even when it was killed and could not say so."""
    parent = os.environ.get(PARENT)
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Refuse a second ``shiheng run`` on the same data directory on this machine."""
    held = (home / "run.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.seek(0)
        other = held.read().strip() or "未知"
        held.close()
        raise Conflict(
            "run.twice",
            f"数据目录 {home} 已由另一个 shiheng run（进程 {other}）使用。请先停掉它，或换一个 SHIHENG_HOME。",
        ) from None
    try:
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
    finally:
        held.close()


def split(bind: str) -> tuple[str, int]:
    """``host:port`` as its two parts; IPv6 in brackets."""
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise Refused("bind.bad", f"地址 {bind!r} 不对，应写成 127.0.0.1:8000 的样子。")
    return host.strip("[]"), int(port)


def check_free(bind: str) -> None:
    """Refuse an address somebody else serves, before anything long is begun."""
    host, port = split(bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Refused(
                "bind.busy",
                f"地址 {bind} 用不了（{fault.strerror}）。可能已有程序占用该端口：请停掉它，"
                f"或用 --bind {host}:{port + 1} 换一个端口。",
            ) from None


def answers(bind: str, *, within: float, still: Callable[[], bool] = lambda: True) -> bool:
    """Wait until somebody accepts connections there."""
    host, port = split(bind)
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - asking whether it answers, not binding
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and still():
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        time.sleep(0.1)
    return False
