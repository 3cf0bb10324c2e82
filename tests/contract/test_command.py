"""The real command in a process of its own, as a nightly job would start it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.contract.people import Guest, client, moved_in
from tests.contract.site import token

TITRATE = (sys.executable, "-c", "from titrate.cli import main; main()")


def ended(server_url: str, guest: Guest, folder: Path, name: str, *options: str) -> subprocess.CompletedProcess[str]:
    """`titrate NAME --patient ...` at the story's moment."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "TITRATE_FHIR_URL": server_url,
        "TITRATE_LEDGER": str(folder / "ledger.sqlite"),
        **({"TITRATE_TOKEN": given} if (given := token()) else {}),
    }
    command = [*TITRATE, name, "--patient", guest.id, "--at", guest.at.isoformat(), *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=100)


def plan(server_url: str, guest: Guest, folder: Path, *options: str) -> dict[str, Any]:
    """`titrate plan --patient ... --json`; its standard output as JSON."""
    done = ended(server_url, guest, folder, "plan", "--json", *options)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_plan_write_writes_once(server_url: str, tmp_path: Path) -> None:
    """A look writes nothing, the first write makes the draft, the second makes nothing, in a ledger or without one."""
    guest = moved_in(client(server_url), "e2-progress")
    look = plan(server_url, guest, tmp_path)
    assert (look["transition"], "receipt" in look) == ("write-draft", False)
    first = plan(server_url, guest, tmp_path, "--write")
    assert first["transition"] == "write-draft"
    assert first["receipt"]["outcome"] == "written"
    assert first["receipt"]["created"] == len(first["plan"]["entry"])
    again = plan(server_url, guest, tmp_path, "--write")
    assert (again["transition"], again["plan"].get("entry", []), "receipt" in again) == ("keep-draft", [], False)
    lost = plan(server_url, guest, tmp_path / "elsewhere", "--write")
    assert (lost["transition"], "receipt" in lost) == ("keep-draft", False)


def test_the_sheet_of_a_patient_of_the_ehr(server_url: str, tmp_path: Path) -> None:
    """Of the plan in force, also with a draft beside it; where there is only a draft there is none."""
    guest = moved_in(client(server_url), "e2-progress")
    plan(server_url, guest, tmp_path, "--write")
    done = ended(server_url, guest, tmp_path, "sheet")
    assert done.returncode == 0, done.stderr
    assert "15 minutes" in done.stdout
    assert "16 minutes" not in done.stdout
    newcomer = moved_in(client(server_url), "e1-baseline-set")
    plan(server_url, newcomer, tmp_path, "--write")
    none = ended(server_url, newcomer, tmp_path, "sheet")
    assert (none.returncode, none.stdout) == (1, "")
    assert "approve the draft first" in none.stderr
