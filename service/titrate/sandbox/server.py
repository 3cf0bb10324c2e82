"""The sandbox server: start, fill, stop. It listens on loopback only, keeps no data, and simulates no hospital.

SandboxError
├── SandboxMissing  the third-party server is not installed
├── SandboxTimeout  the server did not start
└── SeedError       a Bundle cannot be stored
"""

from __future__ import annotations

import contextlib
import logging
import socket
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

from titrate.sandbox.search_parameters import register

HOST = "127.0.0.1"
START_SECONDS = 30.0


class SandboxError(Exception):
    """Base of the errors of the sandbox."""


class SandboxMissing(SandboxError):
    """The third-party server is not installed."""


class SandboxTimeout(SandboxError):
    """The server did not start."""


class SeedError(SandboxError):
    """The input is not a Bundle, or a resource in it has no id."""


def resources_of(bundle: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources of a collection or transaction, each with an id, with relative references between them.

    A resource without an id takes the uuid of its fullUrl. The sandbox server stores binary fractions, so 7.50 comes
    back as 7.5. Raises SeedError.
    """
    if bundle.get("resourceType") != "Bundle":
        raise SeedError("This is not a FHIR Bundle.")
    entries = list(_identified(bundle.get("entry") or ()))
    relative = {full_url: f"{resource_type}/{id_}" for full_url, resource_type, id_, _ in entries if full_url}
    for _, _, id_, resource in entries:
        yield {**_storable(resource, relative), "id": id_}


def _identified(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """(fullUrl, type, id, resource) of each entry."""
    for entry in entries:
        resource, full_url = entry.get("resource") or {}, str(entry.get("fullUrl") or "")
        uuid = full_url.removeprefix("urn:uuid:") if full_url.startswith("urn:uuid:") else None
        id_ = resource.get("id") or uuid
        if not resource.get("resourceType") or not id_:
            raise SeedError("An entry has no resource, or a resource has neither an id nor a urn:uuid fullUrl.")
        yield full_url, resource["resourceType"], id_, resource


def _storable(node: Any, relative: Mapping[str, str]) -> Any:
    """A copy with relative references for those into the Bundle, and floats for decimals."""
    if isinstance(node, Mapping):
        return {
            key: _reference(value, relative) if key == "reference" else _storable(value, relative)
            for key, value in node.items()
        }
    if isinstance(node, list | tuple):
        return [_storable(value, relative) for value in node]
    return float(node) if isinstance(node, Decimal) else node


def _reference(value: Any, relative: Mapping[str, str]) -> Any:
    return relative.get(value, value) if isinstance(value, str) else _storable(value, relative)


class Sandbox:
    """A FHIR R4 server in this process. Use it in a `with` block; `base_url` is its address.

    The server validates what clients write as strictly as it can. It does not validate what `fill` stores, so that
    tests can store patients with invalid data.
    """

    def __init__(self, port: int = 0) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="titrate-sandbox-", ignore_cleanup_errors=True)
        self._socket = socket.create_server((HOST, port), backlog=128)
        self.base_url = f"http://{HOST}:{self._socket.getsockname()[1]}/fhir"
        self._app = _app(self.base_url, self._folder.name)
        self._server: Any = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Start the server and return when it accepts requests. Raises SandboxTimeout."""
        import uvicorn

        config = uvicorn.Config(self._app, log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="sandbox", daemon=True)
        self._thread.start()
        self._wait_until_started()
        return self

    def fill(self, bundles: Iterable[Mapping[str, Any]]) -> int:
        """Store every resource under its own id, all or none, and return their number. Raises SeedError."""
        service, count = self._app.state.ctx.service, 0
        with service.store.transaction():
            for bundle in bundles:
                for resource in resources_of(bundle):
                    service.update(resource["resourceType"], resource["id"], resource, origin="internal")
                    count += 1
        return count

    def stop(self) -> None:
        """Stop the server and delete its data. It may be called twice."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(START_SECONDS)
        self._socket.close()
        self._app.state.ctx.store.conn.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _wait_until_started(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline or self._thread is None or not self._thread.is_alive():
                raise SandboxTimeout("The sandbox server did not start.")
            time.sleep(0.005)


def _app(base_url: str, folder: str) -> Any:
    try:
        from sekmet.config import Settings
        from sekmet.main import create_app
    except ImportError:
        raise SandboxMissing("The sandbox server is not installed.") from None
    register()
    settings = Settings(
        base_url=base_url,
        host=HOST,
        data_dir=folder,
        own_private_key_path=f"{folder}/key.pem",
        log_inbound=False,
        facility_name="Sandbox",
        simulator={"enabled": False},
        subscriptions={"notify_method": "post-endpoint", "hook_token": "sandbox"},
    )
    with _isolated_logging():
        return create_app(settings)


@contextlib.contextmanager
def _isolated_logging() -> Iterator[None]:
    """Prevent the server from configuring logging for the whole process: its lines would contain patient ids."""
    root, quiet = logging.getLogger(), logging.NullHandler()
    root.addHandler(quiet)
    try:
        yield
    finally:
        root.removeHandler(quiet)
        for name in ("sekmet", "uvicorn", "httpx"):
            logger = logging.getLogger(name)
            logger.propagate = False
            logger.addHandler(logging.NullHandler())
