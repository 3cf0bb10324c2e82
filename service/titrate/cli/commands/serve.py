"""`titrate serve`: the HTTP service."""

from __future__ import annotations

import ipaddress
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from titrate.cli.bootstrap import WRONG_USE, exit_with_message, rules_or_stop, settings_or_stop
from titrate.event_log import open_event_log
from titrate.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from titrate.web.auth import Authenticator

# prometheus-client looks for it when it is imported, and then only.
SHARED_COUNTS = "PROMETHEUS_MULTIPROC_DIR"


@click.command("serve", epilog="\b\nExample:\n  titrate serve --port 8000")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen. Beyond this machine: see docs/api.md."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option("--threads", type=click.IntRange(1, 256), default=8, show_default=True, help="Requests at once in each.")
def command(host: str, port: int, workers: int, threads: int) -> None:
    """Answer over HTTP: plans, worklist, runs, mappings, questionnaires. /docs says how.

    Without tokens or keys it answers this machine only, and refuses to listen for others.
    """
    settings = settings_or_stop()
    access = access_or_stop(settings, host)
    with counts_folder(workers) as folder:
        _serve(settings, access, folder, (host, port, workers, threads))


def access_or_stop(settings: Settings, host: str) -> Authenticator:
    """Who is let in; or exit code 2 for unusable files, or when everybody on the network would be."""
    from titrate.web.auth import authenticator
    from titrate.web.errors import AuthFileError

    try:
        access = authenticator(settings)
    except AuthFileError as error:
        exit_with_message(str(error), WRONG_USE)
    if not access.required and not is_loopback(host):
        exit_with_message(
            "This would let in everybody on the network: set TITRATE_API_TOKENS or TITRATE_API_KEYS first "
            "(docs/api.md), or listen on 127.0.0.1.",
            WRONG_USE,
        )
    return access


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return host in LOOPBACK or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def counts_folder(workers: int) -> Iterator[Path | None]:
    """Where several processes keep their counts; None for one process."""
    if workers == 1:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="titrate-counts-", ignore_cleanup_errors=True) as folder:
        os.environ[SHARED_COUNTS] = folder
        yield Path(folder)


def _serve(settings: Settings, access: Authenticator, folder: Path | None, place: tuple[str, int, int, int]) -> None:
    from flask import Flask

    from titrate.web.app import create_app
    from titrate.web.app_context import AppContext
    from titrate.web.gunicorn_server import Server, ServerOptions
    from titrate.web.metrics import new_metrics

    rules = rules_or_stop(settings)
    journal = open_event_log(sys.stderr, settings.log_form, settings.log_level)

    def make() -> Flask:
        context = AppContext(
            settings=settings,
            rules=rules,
            authenticator=access,
            event_log=journal,
            clock=lambda: datetime.now(UTC),
            metrics=new_metrics(folder),
        )
        return create_app(context)

    def tell(address: str) -> None:
        click.echo(f"Titrate answers at {address}; {address}/docs says how. Ctrl-C ends it.", err=True)

    host, port, workers, threads = place
    options = ServerOptions(host=host, port=port, workers=workers, threads=threads, seconds=settings.api_seconds)
    Server(options, make, journal, tell).run()
