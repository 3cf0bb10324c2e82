"""`titrate serve` in its own process, as in production."""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.cli.running import TITRATE

ADDRESS = re.compile(rb"running at (http://\S+);")
SECONDS = 60


@dataclass(frozen=True, slots=True)
class ServeProcess:
    """The URL, the process, and the file with its standard error."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def port(self) -> int:
        """The port of the URL."""
        return int(self.url.rpartition(":")[2])


@contextlib.contextmanager
def served(folder: Path, *words: str, **settings: str) -> Iterator[ServeProcess]:
    """The command while the block runs, on a free port; it is terminated at the end."""
    named = {f"TITRATE_{name.upper()}": value for name, value in settings.items()}
    environment = {"PATH": "/usr/bin:/bin", "TITRATE_LEDGER": str(folder / "ledger.sqlite"), **named}
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen([*TITRATE, "serve", "--port", "0", *words], env=environment, stderr=file)
    try:
        yield ServeProcess(_address(process, log), process, log)
    finally:
        process.terminate()
        process.wait(SECONDS)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address that the process prints. Raises AssertionError when it ends instead."""
    for _ in range(SECONDS * 50):
        found = ADDRESS.search(log.read_bytes())
        if found:
            return found[1].decode()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
            break
    raise AssertionError(f"it did not start: {log.read_text(encoding='utf-8')}")
