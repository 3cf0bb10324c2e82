"""Checked tables to what is there for talks with the patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from titrate.clinical.values.education_content import (
    CardRow,
    EducationModule,
    ExitGate,
    Guidance,
    Ladder,
    PacedTask,
    Pathway,
    Stage,
)
from titrate.rulebook.parse import ParsedFiles

_LISTS = ("entry", "conditions", "hard_precautions", "stop_flags", "evidence", "modules", "ladders")


def build_guidance(drafts: ParsedFiles) -> Guidance:
    """The guidance of tables without problems."""
    return Guidance(
        modules={row["name"]: EducationModule(**row) for row in _named(drafts, "education.toml")},
        ladders={row["name"]: Ladder(**row) for row in _named(drafts, "ladders.toml")},
        card={row["name"]: CardRow(**row) for row in _named(drafts, "card.toml")},
        tasks={row["name"]: PacedTask(**row) for row in _named(drafts, "tasks.toml")},
        pathways={row["name"]: _pathway(row) for row in drafts.programmes.values()},
    )


def _named(drafts: ParsedFiles, file: str) -> Iterator[dict[str, Any]]:
    """Each table of a file with its name in it; lists become tuples."""
    for name, row in drafts.rows(file).items():
        yield {"name": name, **{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}}


def _pathway(row: Mapping[str, Any]) -> Pathway:
    lists: dict[str, Any] = {key: tuple(row[key]) for key in _LISTS}
    return Pathway(stages=tuple(_stage(one) for one in row["stages"]), **lists)


def _stage(row: Mapping[str, Any]) -> Stage:
    return Stage(row["name"], row["aim"], row["dose"], tuple(ExitGate(**gate) for gate in row["exit"]))
