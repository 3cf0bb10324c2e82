"""`titrate serve`: the HTTP API."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from titrate.cli.bootstrap import now, read_rules, read_settings, stderr_log
from titrate.cli.errors import UsageError
from titrate.messages.cli import (
    OpenToNetwork,
    ServiceListening,
)
from titrate.settings import Settings, is_loopback

if TYPE_CHECKING:
    from titrate.web.auth import Authenticator

# prometheus-client reads this variable when it is imported, and only then.
METRICS_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@click.command("serve", epilog="\b\nExample:\n  titrate serve --port 8000")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. For other machines see docs/api.md.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 picks a free port.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Number of processes.")
@click.option(
    "--threads", type=click.IntRange(1, 256), default=8, show_default=True, help="Parallel requests per process."
)
def command(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the HTTP API: plans, worklist, runs, mappings, questionnaires. /docs documents it.

    Without tokens or keys it serves this machine only and does not start for other addresses.
    """
    settings = read_settings()
    authenticator = read_authenticator(settings, host)
    with metrics_folder(workers) as folder:
        _serve(settings, authenticator, folder, (host, port, workers, threads))


def read_authenticator(settings: Settings, host: str) -> Authenticator:
    """The check of credentials. Raises UsageError for unusable files, and if it would let in the whole network."""
    from titrate.web.auth import authenticator
    from titrate.web.errors import AuthFileError

    try:
        found = authenticator(settings)
    except AuthFileError as error:
        raise UsageError(str(error)) from None
    if not found.required and not is_loopback(host):
        raise UsageError(OpenToNetwork())
    return found


@contextmanager
def metrics_folder(workers: int) -> Iterator[Path | None]:
    """The folder in which several processes share their metrics; None for one process."""
    if workers == 1:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="titrate-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[METRICS_FOLDER_VARIABLE] = folder
        yield Path(folder)


def _serve(
    settings: Settings, authenticator: Authenticator, folder: Path | None, server: tuple[str, int, int, int]
) -> None:
    from flask import Flask

    from titrate.web.app import create_app
    from titrate.web.app_context import AppContext
    from titrate.web.gunicorn_server import Server, ServerOptions
    from titrate.web.metrics import new_metrics

    rules = read_rules(settings)
    event_log = stderr_log(settings)

    def make_app() -> Flask:
        context = AppContext(
            settings=settings,
            rules=rules,
            authenticator=authenticator,
            event_log=event_log,
            clock=now,
            metrics=new_metrics(folder),
        )
        return create_app(context)

    def print_address(address: str) -> None:
        click.echo(ServiceListening(address=address), err=True)

    host, port, workers, threads = server
    options = ServerOptions(host=host, port=port, workers=workers, threads=threads, seconds=settings.api_seconds)
    Server(options, make_app, event_log, print_address).run()
