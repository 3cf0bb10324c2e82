"""gunicorn around the application: one or several processes, each with threads; nothing that was sent is logged."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from titrate.event_log import Event, EventLog
from titrate.web.errors import Problem, details
from titrate.web.json_body import PROBLEM_JSON

REASONS = {"LimitRequestLine": "414 URI Too Long", "LimitRequestHeaders": "431 Request Header Fields Too Large"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen, and with how many processes and threads each. `seconds` is what one request may take."""

    host: str
    port: int
    workers: int
    threads: int
    seconds: int

    @property
    def bind(self) -> str:
        """The address as gunicorn takes it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Server(BaseApplication):  # type: ignore[misc] # the library has no types
    """gunicorn with our configuration and none of its own files. `make` runs in each process."""

    def __init__(self, place: Place, make: Callable[[], Flask], journal: EventLog, tell: Callable[[str], None]) -> None:
        self.place = place
        self.make = make
        self.journal = journal
        self.tell = tell
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn is to do."""
        place = self.place
        chosen = {
            "bind": place.bind,
            "workers": place.workers,
            "threads": place.threads,
            "worker_class": quiet_worker(self.journal),
            "timeout": place.seconds + 30,
            "graceful_timeout": place.seconds,
            "keepalive": 5,
            "limit_request_line": 2048,
            "limit_request_fields": 50,
            "limit_request_field_size": 8190,
            "loglevel": "error",
            "proc_name": "titrate",
            "when_ready": lambda arbiter: self.tell(_address(arbiter.LISTENERS[0].sock)),
            "child_exit": _forget,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application of one process."""
        return self.make()


def quiet_worker(journal: EventLog) -> type[ThreadWorker]:
    """A worker that repeats nothing of a request that it cannot read: gunicorn's own would answer and log its text."""

    class Worker(ThreadWorker):  # type: ignore[misc]
        def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
            name = type(exc).__name__
            journal.note(Event.UNREADABLE, reason=name[:48])
            with contextlib.suppress(OSError):
                client.sendall(unreadable(REASONS.get(name, "400 Bad Request")))

    return Worker


def unreadable(status: str) -> bytes:
    """The answer to a request that cannot be read."""
    body = orjson.dumps({**details(Problem("unusable-request"), "none"), "status": int(status[:3])})
    head = (
        f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: {PROBLEM_JSON}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _forget(_server: Any, worker: Any) -> None:
    """A process that ended keeps its counts, but not its gauges."""
    from prometheus_client import multiprocess

    with contextlib.suppress(ValueError, TypeError, KeyError, OSError):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
