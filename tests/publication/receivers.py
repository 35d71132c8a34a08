"""Receivers that misbehave: real small HTTP servers and folder readers that fail in every way, seeded."""

import hashlib
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

FAULTS = ("gone", "error", "half", "nonsense", "ahead", "stale", "empty", "lost answer", "redirect")


class Books:
    """What a receiver has taken in: each item once by its id, whatever comes twice."""

    def __init__(self) -> None:
        self.taken: dict[str, dict[str, Any]] = {}
        self.seen: Counter[str] = Counter()
        self.standing: dict[tuple[int, str, str], dict[str, Any]] = {}

    def take(self, lines: list[bytes]) -> int:
        """Take items in; gives the highest number."""
        number = 0
        for line in lines:
            item = json.loads(line)
            self.seen[item["id"]] += 1
            if item["id"] in self.taken:
                assert self.taken[item["id"]] == item, "an item changed under one id"
            else:
                self.taken[item["id"]] = item
                about = (item["subject"], item["kind"], item["key"])
                if item["action"] == "gone":
                    self.standing.pop(about, None)
                else:
                    self.standing[about] = item
            number = max(number, item["number"])
        return number


@contextmanager
def http_receiver(seed: int, *, faults: int) -> Iterator[tuple[str, Books]]:
    """An address that misbehaves ``faults`` times, then serves well."""
    books, draw, left = Books(), random.Random(seed), [faults]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fault = draw.choice(FAULTS) if left[0] > 0 and draw.random() < 0.8 else ""
            left[0] -= bool(fault)
            if fault == "gone":
                self.connection.close()
                return
            if fault in {"error", "redirect"}:
                self.send_response(500 if fault == "error" else 302)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            assert hashlib.sha256(body).hexdigest() == self.headers["X-Shiheng-Sha256"]
            lines = body.splitlines()
            if fault == "half":
                lines = lines[: len(lines) // 2]
            number = books.take(lines)
            if fault == "lost answer":
                self.connection.close()
                return
            answers = {
                "nonsense": b"\xff<html>OK</html>",
                "ahead": json.dumps({"upto": number + 1_000_000}).encode(),
                "stale": b'{"upto": 0}',
                "empty": b"",
            }
            answer = answers.get(fault, json.dumps({"upto": number}).encode())
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/in?from=shiheng", books
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class FolderReceiver:
    """Reads the exchange folder, sometimes twice, sometimes throws files away unread, sometimes answers nonsense."""

    def __init__(self, folder: Path, seed: int, *, faults: int) -> None:
        self.folder, self.draw, self.left, self.books = folder, random.Random(seed), faults, Books()
        self.count = 0

    def turn(self) -> None:
        fault = self.draw.choice(("away", "lost", "nonsense", "ahead", "twice")) if self.left > 0 else ""
        self.left -= bool(fault)
        if fault == "away":
            return
        for manifest in sorted((self.folder / "out").glob("*.manifest.json")):
            about = json.loads(manifest.read_text(encoding="utf-8"))
            data = manifest.with_name(about["file"])
            if fault == "lost":
                data.unlink()
                manifest.unlink()
                continue
            content = data.read_bytes()
            assert hashlib.sha256(content).hexdigest() == about["sha256"]
            assert len(content.splitlines()) == about["rows"]
            number = self.books.take(content.splitlines())
            said = {"nonsense": "好的", "ahead": '{"upto": 99999999}'}.get(fault, json.dumps({"upto": number}))
            for _ in range(2 if fault == "twice" else 1):
                self.count += 1
                (self.folder / "in" / f"{self.count:06d}.json").write_text(said, encoding="utf-8")
