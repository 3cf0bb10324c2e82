"""What was fetched of one patient, in the form that the pipeline takes: resources, refusals and completeness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from titrate.clinical.values.completeness import Completeness, Retrieval
from titrate.clinical.values.readings import Refusal
from titrate.ehr.fetch import Fault, Fetched
from titrate.fhir.bundle_contents import relative

# Faults that leave a part of a type's resources. Any other fault leaves nothing of the type.
PARTIAL_FAULTS = frozenset({"lenient", "odd-entry"})


@dataclass(frozen=True, slots=True)
class FetchResult:
    """One patient's resources, with references as `Type/id`.

    `refusals` are records that did not become resources; `completeness` tells which types are incomplete.
    """

    resources: Sequence[Mapping[str, Any]]
    refusals: tuple[Refusal, ...] = ()
    completeness: Completeness = field(default_factory=Completeness)


def fetch_result(fetched: Fetched, base_url: str) -> FetchResult:
    """The pipeline's view of what the EHR client fetched from the server at `base_url`."""
    return FetchResult(relative(fetched.resources, base_url), completeness=completeness_of(fetched.faults))


def completeness_of(faults: Iterable[Fault]) -> Completeness:
    """How much of each type was retrieved; of two faults of one type the graver counts."""
    found: dict[str, Retrieval] = {}
    for fault in faults:
        if fault.code not in PARTIAL_FAULTS:
            found[fault.type] = Retrieval.WITHHELD
        else:
            found.setdefault(fault.type, Retrieval.PARTIAL)
    return Completeness(found)
