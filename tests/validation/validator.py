"""Starts HL7's validation engine on a free port of this machine and asks it about resources. Fetches nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import requests

_ANNOUNCEMENT = "listening on "
_PATIENCE = (5, 120)  # seconds to connect and to read: a Bundle of a thousand entries takes some


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding: severity as in `OperationOutcome.issue.severity`, where, and in the engine's own words what."""

    severity: str
    location: str
    message: str

    @property
    def is_error(self) -> bool:
        return self.severity in {"fatal", "error"}


@dataclass(frozen=True, slots=True)
class Validator:
    """A running validation engine, loaded with certain packages."""

    address: str

    def issues(self, resource: Mapping[str, Any] | bytes, *profiles: str) -> tuple[Issue, ...]:
        """All findings about a resource, against R4, its `meta.profile` and the profiles named here.

        The entries of a Bundle are checked too, each against its own `meta.profile`.
        """
        body = resource if isinstance(resource, bytes) else _written(resource)
        answer = requests.post(self.address, data=body, params={"profile": list(profiles)}, timeout=_PATIENCE)
        answer.raise_for_status()
        return tuple(_issue(found) for found in answer.json()["issue"])

    def errors(self, resource: Mapping[str, Any] | bytes, *profiles: str) -> tuple[Issue, ...]:
        """Those findings that make the resource invalid."""
        return tuple(issue for issue in self.issues(resource, *profiles) if issue.is_error)


@contextmanager
def running(jar: Path, packages: Sequence[Path]) -> Iterator[Validator]:
    """A validation engine for as long as the block lasts; no two packages may be versions of one another."""
    named = [word for package in packages for word in ("--package", str(package))]
    command = ["java", "-Xmx1g", "-jar", str(jar), *named, "--serve", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as engine:
        try:
            yield Validator(_announced(engine))
        finally:
            engine.terminate()


def _announced(engine: subprocess.Popen[str]) -> str:
    assert engine.stdout is not None
    for line in engine.stdout:
        if line.startswith(_ANNOUNCEMENT):
            return line.removeprefix(_ANNOUNCEMENT).strip()
    raise RuntimeError(f"the validation engine ended with {engine.wait()} before it listened")


def _written(resource: Mapping[str, Any]) -> bytes:
    return orjson.dumps(resource, default=_number)


def _number(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(f"not JSON: {type(value).__name__}")


def _issue(found: Mapping[str, Any]) -> Issue:
    return Issue(found["severity"], "; ".join(found.get("location", ())), found.get("diagnostics", ""))
