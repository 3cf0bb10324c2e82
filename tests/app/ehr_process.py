"""A sandbox EHR with many patients in a process of its own: `python -m tests.app.ehr_process crowd=200 pair=12`.

Prints its address and runs until its standard input ends.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.app.crowd import crowd, group, ids
from tests.project.sources import ROOT
from titrate.sandbox.server import Sandbox


@contextmanager
def running(**kinds: int) -> Iterator[str]:
    """The base address of an EHR with a number of patients of each kind. The first kind is in the Group."""
    command = [sys.executable, "-m", "tests.app.ehr_process", *(f"{kind}={count}" for kind, count in kinds.items())]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(30)


def main() -> None:
    """Serve until standard input ends."""
    with Sandbox() as sandbox:
        kinds = [ids(int(count), kind) for kind, _, count in (word.partition("=") for word in sys.argv[1:])]
        sandbox.fill([group(kinds[0]), *crowd([patient for kind in kinds for patient in kind])])
        sys.stdout.write(f"{sandbox.base_url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
