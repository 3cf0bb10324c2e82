"""The `titrate` command as operators start it: another process with its settings in the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.app.crowd import AT
from tests.project.sources import ROOT

TITRATE = (sys.executable, "-c", "from titrate.cli import main; main()")
LEASE = 2


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit status, its JSON if it printed any, and what it logged."""

    code: int
    out: str
    log: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON on standard output."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass(frozen=True)
class Operator:
    """Somebody with an EHR's address and a ledger."""

    fhir_url: str
    ledger: Path | str

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and do not wait."""
        environment = {
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "TITRATE_FHIR_URL": self.fhir_url,
            "TITRATE_LEDGER": str(self.ledger),
            "TITRATE_LEASE": str(LEASE),
            "TITRATE_LOG_FORM": "json",
        }
        pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([*TITRATE, *arguments], cwd=ROOT, env=environment, text=True, **pipes)

    def run(self, *arguments: str) -> Ended:
        """Start a command and wait for its end."""
        return ended(self.start(*arguments))

    def sync(self, *arguments: str) -> Ended:
        """`titrate sync` at the moment of the crowd's story."""
        return ended(self.start_sync(*arguments))

    def start_sync(self, *arguments: str) -> subprocess.Popen[str]:
        """The same, and do not wait."""
        return self.start("sync", *arguments, "--at", AT.isoformat(), "--json")


def ended(process: subprocess.Popen[str]) -> Ended:
    """Wait for a command's end."""
    out, log = process.communicate(timeout=300)
    return Ended(process.returncode, out, log)
