"""Speed of a whole run: patients a second, and CPU milliseconds of the service a patient.

    python -m tests.bench.sync [PATIENTS]

The EHR is the sandbox in another process on this machine, so the rate depends on both. CPU time is that of the
`titrate` process alone, without its start, which a run without patients measures.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.app.command import Operator
from tests.app.crowd import ids
from tests.app.ehr_process import running


@dataclass(frozen=True)
class Duration:
    """Wall and CPU seconds of a command."""

    wall: float
    cpu: float


def cpu_of_children() -> float:
    """CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(operator: Operator, file: Path, threads: int) -> Duration:
    """Run for the patients in `file`."""
    cpu, wall = cpu_of_children(), time.perf_counter()
    done = operator.sync("--patients", str(file), "--threads", str(threads))
    if done.code != 0:
        raise SystemExit(done.log)
    return Duration(time.perf_counter() - wall, cpu_of_children() - cpu)


def line(name: str, took: Duration, idle: Duration, patients: int) -> str:
    """One row of the table."""
    rate, cpu = patients / (took.wall - idle.wall), (took.cpu - idle.cpu) / patients * 1000
    return f"{name:<34} {rate:8.1f} patients/s {cpu:8.1f} CPU ms a patient"


def main() -> None:
    """Print the table."""
    patients = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with running(crowd=patients) as url, tempfile.TemporaryDirectory() as folder:
        operator = Operator(url, Path(folder) / "ledger.sqlite")
        all_patients, no_patients = Path(folder) / "ids.txt", Path(folder) / "none.txt"
        all_patients.write_text("\n".join(ids(patients)), encoding="utf-8")
        no_patients.touch()
        idle = timed(operator, no_patients, 1)
        out = [f"start and end of a run: {idle.wall:.2f} s, {idle.cpu:.2f} s CPU; {patients} patients"]
        out.append(line("first run, 4 threads, all written", timed(operator, all_patients, 4), idle, patients))
        for threads in (1, 2, 4, 8):
            took = timed(operator, all_patients, threads)
            out.append(line(f"second run, {threads} threads, nothing new", took, idle, patients))
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
