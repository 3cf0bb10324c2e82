"""The `titrate` command as operators start it: a process with its settings in the environment."""

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
class CompletedCommand:
    """A completed command: exit status, standard output, and standard error with its log."""

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
    """An operator with the address of an EHR and a ledger."""

    fhir_url: str
    ledger: Path | str

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command without waiting."""
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

    def run(self, *arguments: str) -> CompletedCommand:
        """Run a command."""
        return wait_for(self.start(*arguments))

    def sync(self, *arguments: str) -> CompletedCommand:
        """Run `titrate sync` at the time of the synthetic patients' story."""
        return wait_for(self.start_sync(*arguments))

    def start_sync(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `titrate sync` without waiting."""
        return self.start("sync", *arguments, "--at", AT.isoformat(), "--json")


def wait_for(process: subprocess.Popen[str]) -> CompletedCommand:
    """Wait for a command's end."""
    out, log = process.communicate(timeout=300)
    return CompletedCommand(process.returncode, out, log)
