"""Whether the EHR gave all it holds of each resource type. Missing data and withheld data are different things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Retrieval(StrEnum):
    """How much of one resource type the EHR gave: all of it, a part, or nothing although it may hold some."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Completeness:
    """What was retrieved, by FHIR resource type. A type that is not listed was retrieved completely."""

    by_type: Mapping[str, Retrieval] = field(default_factory=dict)

    def of(self, resource_type: str) -> Retrieval:
        """How much of a type was retrieved."""
        return self.by_type.get(resource_type, Retrieval.COMPLETE)
