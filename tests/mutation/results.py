"""Outcomes of mutants, kept in a JSON Lines file so that a run can resume."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.project.sources import ROOT

FILE = ROOT / "build" / "mutation.jsonl"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One mutant: its place, source line and change, and the trial that killed it (empty if it survived)."""

    key: str
    file: str
    function: str
    line: str
    change: str
    noticed: str

    @property
    def survives(self) -> bool:
        return not self.noticed


def read(path: Path = FILE) -> dict[str, Outcome]:
    """Outcomes by the key of the mutant; of several the newest."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {one.key: one for one in (Outcome(**json.loads(line)) for line in lines)}


def add(outcome: Outcome, path: Path = FILE) -> None:
    """Append one outcome."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")


def keep(outcomes: Iterable[Outcome], path: Path = FILE) -> None:
    """Replace the file."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(asdict(o), ensure_ascii=False) + "\n" for o in outcomes), encoding="utf-8")
