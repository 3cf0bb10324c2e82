"""The HTTP service on a real socket in this process, with requests to it."""

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
from titrate.web.app_context import AppContext
from titrate.web.auth import Authenticator, authenticator
from titrate.web.metrics import Metrics, new_metrics

SECONDS = 30
WARD = "a" * 40
NOW = datetime(2025, 1, 13, 9, tzinfo=UTC)
shipped_rulebook = cache(load_with_lookup)


@dataclass(frozen=True, slots=True)
class Service:
    """The URL of a running service, its log and its metrics; `token` goes with requests that name no other."""

    url: str
    log: io.StringIO
    metrics: Metrics
    token: str | None = None

    def get(self, path: str, **more: Any) -> requests.Response:
        """Send a GET request."""
        return requests.get(f"{self.url}{path}", timeout=SECONDS, **self._signed(more))

    def post(self, path: str, **more: Any) -> requests.Response:
        """Send a POST request."""
        return requests.post(f"{self.url}{path}", timeout=SECONDS, **self._signed(more))

    def preview(self, bundle: bytes, at: str = "2025-01-13T09:00:00Z", **headers: str) -> requests.Response:
        """Post a Bundle for a preview."""
        head = {
            "Content-Type": "application/fhir+json",
            **{name.replace("_", "-"): one for name, one in headers.items()},
        }
        return self.post("/v1/plans/preview", params={"at": at}, data=bundle, headers=head)

    def _signed(self, more: dict[str, Any]) -> dict[str, Any]:
        head = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        return {**more, "headers": {**head, **more.get("headers", {})}}


def context_of(
    settings: Settings, log: io.StringIO, clock: Callable[[], datetime], auth: Authenticator | None = None
) -> AppContext:
    """A context with the mappings of the distribution."""
    rules = PlanningRules(*shipped_rulebook(), fhir_site(settings), lookback=settings.lookback_days)
    return AppContext(
        settings=settings,
        rules=rules,
        authenticator=auth or authenticator(settings),
        event_log=open_event_log(log, "json", "debug"),
        clock=clock,
        metrics=new_metrics(),
    )


@contextlib.contextmanager
def serving(
    settings: Settings,
    clock: Callable[[], datetime] = lambda: NOW,
    auth: Authenticator | None = None,
    token: str | None = None,
) -> Iterator[Service]:
    """A service while the block runs."""
    log = io.StringIO()
    context = context_of(settings, log, clock, auth)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # werkzeug writes an access log, the service does not
    server = make_server("127.0.0.1", 0, create_app(context), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Service(f"http://127.0.0.1:{server.server_port}", log, context.metrics, token)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        context.close()


def settings(folder: Path, **chosen: Any) -> Settings:
    """Settings with a ledger in this folder."""
    return Settings(ledger=folder / "ledger.sqlite", **chosen)


@contextlib.contextmanager
def serving_ward(folder: Path, **chosen: Any) -> Iterator[Service]:
    """A service used by a client whose token permits reading, writing and approving."""
    file = folder / "tokens"
    file.write_text(f"ward-4 read,write,approve {WARD}\n", encoding="utf-8")
    with serving(settings(folder, api_tokens=file, **chosen), token=WARD) as service:
        yield service
