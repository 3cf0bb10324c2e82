"""A service on a real socket in this process, and what it answers."""

from __future__ import annotations

import contextlib
import io
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import requests
from werkzeug.serving import make_server

from titrate.app.pipeline import PlanningRules
from titrate.cli.bootstrap import fhir_site
from titrate.event_log import open_event_log
from titrate.rulebook import load_with_lookup
from titrate.settings import Settings
from titrate.web.app import create_app
from titrate.web.app_context import AppContext, LazyLedger
from titrate.web.auth import Authenticator, authenticator
from titrate.web.metrics import Metrics, metrics_of

SECONDS = 30
NOW = datetime(2025, 1, 13, 9, tzinfo=UTC)
BOOKS = cache(load_with_lookup)


@dataclass(frozen=True, slots=True)
class Service:
    """Where it answers, what it logged so far, and its counts."""

    url: str
    log: io.StringIO
    metrics: Metrics

    def get(self, path: str, **more: Any) -> requests.Response:
        """GET."""
        return requests.get(f"{self.url}{path}", timeout=SECONDS, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        """POST."""
        return requests.post(f"{self.url}{path}", timeout=SECONDS, **more)

    def preview(self, bundle: bytes, at: str = "2025-01-13T09:00:00Z", **headers: str) -> requests.Response:
        """POST a Bundle."""
        head = {
            "Content-Type": "application/fhir+json",
            **{name.replace("_", "-"): one for name, one in headers.items()},
        }
        return self.post("/v1/plans/preview", params={"at": at}, data=bundle, headers=head)


def desk_of(
    settings: Settings, log: io.StringIO, clock: Callable[[], datetime], access: Authenticator | None = None
) -> AppContext:
    """A desk with the mappings that ship."""
    rules = PlanningRules(*BOOKS(), fhir_site(settings), lookback=settings.lookback_days)
    journal = open_event_log(log, "json", "debug")
    return AppContext(
        settings, rules, access or authenticator(settings), journal, clock, metrics_of(), LazyLedger(settings)
    )


@contextlib.contextmanager
def serving(
    settings: Settings, clock: Callable[[], datetime] = lambda: NOW, access: Authenticator | None = None
) -> Iterator[Service]:
    """A service while the block runs."""
    log = io.StringIO()
    desk = desk_of(settings, log, clock, access)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # the test's server writes an access log, ours does not
    server = make_server("127.0.0.1", 0, create_app(desk), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Service(f"http://127.0.0.1:{server.server_port}", log, desk.metrics)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        desk.shelf.close()


def settings(folder: Path, **chosen: Any) -> Settings:
    """Settings with a ledger in this folder."""
    return Settings(ledger=folder / "ledger.sqlite", **chosen)
