"""gunicorn around the application: processes with threads, and a log without anything that a client sent."""

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
from titrate.web.errors import Problem, ProblemType, problem_details
from titrate.web.json_body import PROBLEM_JSON

STATUS_LINES = {"LimitRequestLine": "414 URI Too Long", "LimitRequestHeaders": "431 Request Header Fields Too Large"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """Where to listen, how many processes with how many threads each, and the seconds that one request may take."""

    host: str
    port: int
    workers: int
    threads: int
    seconds: int

    @property
    def bind(self) -> str:
        """The address in gunicorn's notation."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Server(BaseApplication):  # type: ignore[misc] # the library has no types
    """gunicorn without configuration files. Each process calls `create_app`; `on_ready` receives the address."""

    def __init__(
        self,
        options: ServerOptions,
        create_app: Callable[[], Flask],
        event_log: EventLog,
        on_ready: Callable[[str], None],
    ) -> None:
        self.options = options
        self.create_app = create_app
        self.event_log = event_log
        self.on_ready = on_ready
        super().__init__()

    def load_config(self) -> None:
        """Configure gunicorn."""
        options = self.options
        settings = {
            "bind": options.bind,
            "workers": options.workers,
            "threads": options.threads,
            "worker_class": silent_worker(self.event_log),
            "timeout": options.seconds + 30,
            "graceful_timeout": options.seconds,
            "keepalive": 5,
            "limit_request_line": 2048,
            "limit_request_fields": 50,
            "limit_request_field_size": 8190,
            "loglevel": "error",
            "proc_name": "titrate",
            "when_ready": lambda arbiter: self.on_ready(_address(arbiter.LISTENERS[0].sock)),
            "child_exit": _mark_process_dead,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application of one process."""
        return self.create_app()


def silent_worker(event_log: EventLog) -> type[ThreadWorker]:
    """A worker class that repeats nothing of an unreadable request; gunicorn's own returns and logs its text."""

    class SilentWorker(ThreadWorker):  # type: ignore[misc]
        def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
            name = type(exc).__name__
            event_log.note(Event.UNREADABLE, reason=name[:48])
            with contextlib.suppress(OSError):
                client.sendall(unreadable_response(STATUS_LINES.get(name, "400 Bad Request")))

    return SilentWorker


def unreadable_response(status_line: str) -> bytes:
    """The raw response to a request that cannot be read."""
    details = problem_details(Problem(ProblemType.UNUSABLE_REQUEST), "none")
    body = orjson.dumps({**details, "status": int(status_line[:3])})
    lines = (
        f"HTTP/1.1 {status_line}",
        "Connection: close",
        f"Content-Type: {PROBLEM_JSON}",
        f"Content-Length: {len(body)}",
        "\r\n",
    )
    return "\r\n".join(lines).encode() + body


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _mark_process_dead(_server: Any, worker: Any) -> None:
    """Drop the gauges of a process that ended and keep its counts."""
    from prometheus_client import multiprocess

    with contextlib.suppress(ValueError, TypeError, KeyError, OSError):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
