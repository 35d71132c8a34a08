"""A private PostgreSQL from the machine's own binaries, in about half a second, as root or not; for tests only."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cluster:
    """A running cluster: where it lives, how to reach its database ``shiheng``, how to stop it."""

    directory: Path
    binaries: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://app@127.0.0.1:{self.port}/shiheng"

    def stop(self) -> None:
        _run(self.binaries / "pg_ctl", "-D", self.directory, "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self.directory, ignore_errors=True)


def binaries() -> Path | None:
    """The newest server binaries on this machine, Debian's place first, then the search path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3].split(".")[0]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def start() -> Cluster:
    """Make and start a cluster that trusts this machine and does not wait for the disk."""
    held = binaries()
    if held is None:
        raise FileNotFoundError("no PostgreSQL server binaries (Debian: apt-get install postgresql)")
    directory = Path(tempfile.mkdtemp(prefix="shiheng-pg-"))
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(directory, owner.pw_uid, owner.pw_gid)
    cluster = Cluster(directory, held, _free_port())
    _run(held / "initdb", "-D", directory, "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = (
        f"-c listen_addresses=127.0.0.1 -p {cluster.port} -k {directory} -c fsync=off -c synchronous_commit=off "
        "-c full_page_writes=off -c shared_buffers=256MB -c max_connections=100"
    )
    _run(held / "pg_ctl", "-D", directory, "-w", "-l", directory / "log", "-o", options, "start")
    _run(held / "createdb", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", "app", "shiheng")
    return cluster


def _run(*command: str | Path, check: bool = True) -> None:
    words = [str(word) for word in command]
    if os.getuid() == 0:  # the server refuses to run as root
        words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "env", "HOME=/tmp", *words]
    # The server keeps its parent's pipes open for life: give it a file, or the caller waits for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", check=False)
        if check and done.returncode:
            output.seek(0)
            raise RuntimeError(f"{words[-1]}: {output.read().decode(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
