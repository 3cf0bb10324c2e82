"""Runs `titrate` in this process with click's test runner, or in a separate process."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from titrate.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PATIENTS = ROOT / "fixtures" / "patients"
TITRATE = (sys.executable, "-c", "from titrate.cli import main; main()")
# Settings of the developer's environment must not reach a command.
NAMES = (
    "FHIR_URL", "TOKEN", "TOKEN_FILE", "MAPPINGS", "OVERRIDES", "PROGRAMME", "SETTINGS", "ENROLLED",
)  # fmt: skip
BARE = dict.fromkeys(f"TITRATE_{name}" for name in NAMES)


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a command: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as JSON; it must be one object and nothing else."""
        found: dict[str, Any] = json.loads(self.out)
        return found


def titrate(*words: str, **settings: str) -> Done:
    """Run a command with TITRATE_ settings, given in lower case without the prefix."""
    environment = {**BARE, **{f"TITRATE_{name.upper()}": value for name, value in settings.items()}}
    result = CliRunner().invoke(main, words, env=environment, prog_name="titrate")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def process(*words: str, **settings: str) -> Done:
    """The same in a separate process with no other environment variables."""
    environment = {"PATH": "/usr/bin:/bin", **{f"TITRATE_{name.upper()}": value for name, value in settings.items()}}
    command = [*TITRATE, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=100)
    return Done(done.returncode, done.stdout, done.stderr)


def moment(fixture: str) -> str:
    """The decision time of a fixture."""
    expected = json.loads((PATIENTS / fixture / "expected.json").read_text(encoding="utf-8"))
    return str(expected["at"])


def plan(fixture: str, *options: str, **settings: str) -> Done:
    """`titrate plan --bundle` for a fixture at its decision time."""
    file = str(PATIENTS / fixture / "bundle.json")
    return titrate("plan", "--bundle", file, "--at", moment(fixture), *options, **settings)
