"""Whether the record holds all that the EHR has of each type (B13.10). Missing and withheld data are not the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from titrate.messages import Message
from titrate.messages.completeness import TypesPartial, TypesWithheld

# A red flag, a limit or a reason to lower a dose can be in a resource of these types.
DECIDING_TYPES = (
    "Observation",
    "QuestionnaireResponse",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "Medication",
    "Procedure",
    "CarePlan",
    "ServiceRequest",
    "Flag",
    "Consent",
)
# The plan in force and its doses. A site that uses the service has them.
PLAN_TYPES = ("CarePlan", "ServiceRequest")
# What a patient did, felt and answered is in resources of these types.
REPORT_TYPES = ("Observation", "QuestionnaireResponse")
ALL_TYPES = (*DECIDING_TYPES, "Goal", "AllergyIntolerance", "Task", "Communication")


class Retrieval(StrEnum):
    """How much of one resource type was retrieved: all of it, a part, or nothing although there may be some."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Of a resource type not everything was retrieved: a part or nothing, and why."""

    retrieval: Retrieval
    reason: Message


@dataclass(frozen=True, slots=True)
class UnusedTypes:
    """The types that a site declares not to use, and who declared it. They count as complete and empty."""

    types: tuple[str, ...] = ()
    declared_by: str = ""


@dataclass(frozen=True, slots=True)
class Completeness:
    """What was retrieved, by FHIR resource type. A type that is not listed in `incomplete` was retrieved completely."""

    incomplete: Mapping[str, Incomplete] = field(default_factory=dict)
    unused: UnusedTypes = field(default_factory=UnusedTypes)

    def of(self, resource_type: str) -> Retrieval:
        """How much of a type was retrieved."""
        found = self.incomplete.get(resource_type)
        return Retrieval.COMPLETE if found is None else found.retrieval

    def at_site(self, unused: UnusedTypes) -> Completeness:
        """The same at a site that does not use some of the types."""
        incomplete = {kind: one for kind, one in self.incomplete.items() if kind not in unused.types}
        return Completeness(incomplete, unused)

    @property
    def deciding(self) -> tuple[str, ...]:
        """The types that are not complete and without which no dose may rise."""
        return tuple(kind for kind in DECIDING_TYPES if kind in self.incomplete)

    @property
    def reports(self) -> tuple[str, ...]:
        """The types of what a patient reports that are not complete: that nothing is there says nothing."""
        return tuple(kind for kind in REPORT_TYPES if kind in self.incomplete)

    @property
    def knows_plan(self) -> bool:
        """Whether the plan in force is known: a plan that was not retrieved cannot be told from none."""
        return not any(kind in self.incomplete for kind in PLAN_TYPES)


COMPLETE = Completeness()


def graver(found: Iterable[tuple[str, Incomplete]]) -> Mapping[str, Incomplete]:
    """One value for each type: of several the gravest, of equals the first."""
    by_type: dict[str, Incomplete] = {}
    for kind, one in found:
        known = by_type.get(kind)
        if known is None or (known.retrieval is Retrieval.PARTIAL and one.retrieval is Retrieval.WITHHELD):
            by_type[kind] = one
    return by_type


def incomplete_reasons(completeness: Completeness) -> tuple[Message, ...]:
    """Why no dose may rise on this record (rule D5): the types that are not complete, grouped by the reason."""
    groups: dict[Incomplete, list[str]] = {}
    for kind in completeness.deciding:
        groups.setdefault(completeness.incomplete[kind], []).append(kind)
    return tuple(
        (TypesWithheld if one.retrieval is Retrieval.WITHHELD else TypesPartial)(types=tuple(kinds), reason=one.reason)
        for one, kinds in groups.items()
    )
