"""Everything that the EHR has of one patient and that a decision can depend on.

No decision is made on partial data: an interrupted fetch raises. Only a resource type that the server does not offer
is skipped, and then it is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from titrate.ehr.capabilities import probe
from titrate.ehr.client import EHR
from titrate.ehr.errors import BadAnswer, EHRError, Forbidden, NotFound, Refused
from titrate.ehr.search import Query, search
from titrate.event_log import Event
from titrate.messages import ehr_errors
from titrate.settings.validators import FHIR_ID

MEDICATION = re.compile(r"(?:^|/)Medication/([A-Za-z0-9.-]{1,64})(?:/_history/|$)")
VALUES_PER_SEARCH = 20

# Without one of these a red flag, a limit, a plan or a refused consent could be missed. Without the helpful types only
# comfort is lost: approvals are then read from the plan, and open Tasks and Flags are found by identifier on writing.
ESSENTIAL = (
    "Consent",
    "QuestionnaireResponse",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "Procedure",
    "Goal",
    "CarePlan",
    "ServiceRequest",
)
HELPFUL = ("AllergyIntolerance", "Task", "Flag", "Communication")


@dataclass(frozen=True, slots=True)
class Fault:
    """A resource type that could not be fetched completely: the type, a code, and what the code means."""

    type: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """The resources of one patient, the Patient first, each once, with Decimals; and the types that are incomplete."""

    resources: tuple[dict[str, Any], ...]
    faults: tuple[Fault, ...]


def fetch_patient(ehr: EHR, patient_id: str, since: date, lasting: Sequence[str] = ()) -> Fetched:
    """Fetch one patient: Observations from `since` on, and everything else of any age. Raises EHRError.

    `lasting` are codes, as `system|code`, of Observations that count at any age: limits, screens, decisions.
    """
    patient = _patient(ehr, patient_id)
    of_patient = ("patient", patient_id)
    faults: list[Fault] = []
    observations = [*_observations(ehr, of_patient, since, lasting, faults)]
    others = [
        resource
        for resource_type in (*ESSENTIAL, *HELPFUL)
        for resource in _of_type(ehr, resource_type, [of_patient], faults)
    ]
    plans = [f"CarePlan/{resource.get('id')}" for resource in others if resource["resourceType"] == "CarePlan"]
    provenance = _by_values(ehr, "Provenance", "target", plans, faults)
    medications = _by_values(ehr, "Medication", "_id", _medication_ids(others), faults)
    resources = _unique([patient, *observations, *others, *provenance, *medications])
    return Fetched(tuple(resources), tuple(faults))


def _patient(ehr: EHR, patient_id: str) -> dict[str, Any]:
    exchange = "read Patient"
    if not FHIR_ID.fullmatch(patient_id):
        raise NotFound(exchange, ehr_errors.EhrInvalidId())
    patient = ehr.get(f"Patient/{patient_id}", exchange)
    if patient["resourceType"] != "Patient" or patient.get("id") != patient_id:
        raise BadAnswer(exchange, ehr_errors.EhrOtherResource())
    return patient


def _observations(
    ehr: EHR, of_patient: tuple[str, str], since: date, lasting: Sequence[str], faults: list[Fault]
) -> Iterator[dict[str, Any]]:
    yield from _of_type(ehr, "Observation", [of_patient, ("date", f"ge{since.isoformat()}")], faults)
    for codes in _batches(lasting):
        yield from _of_type(ehr, "Observation", [of_patient, ("code", ",".join(codes))], faults)


def _by_values(
    ehr: EHR, resource_type: str, parameter: str, values: Sequence[str], faults: list[Fault]
) -> Iterator[dict[str, Any]]:
    for batch in _batches(values):
        yield from _of_type(ehr, resource_type, [(parameter, ",".join(batch))], faults)


def _medication_ids(resources: Sequence[dict[str, Any]]) -> list[str]:
    """The ids of Medications to which orders and statements refer instead of naming the medicine."""
    references = [resource.get("medicationReference") for resource in resources]
    texts = [str(reference.get("reference")) for reference in references if isinstance(reference, dict)]
    return sorted({match[1] for text in texts if (match := MEDICATION.search(text))})


def _of_type(ehr: EHR, resource_type: str, query: Query, faults: list[Fault]) -> tuple[dict[str, Any], ...]:
    try:
        result = search(ehr, resource_type, query)
    except (NotFound, Refused, Forbidden) as error:
        faults.append(_tolerable_fault(ehr, resource_type, error))
        return ()
    if result.lenient:
        faults.append(Fault(resource_type, "lenient", str(ehr_errors.EhrSearchedLeniently())))
    if result.empty_entries:
        message = ehr_errors.EhrEntriesWithoutResource(count=result.empty_entries)
        faults.append(Fault(resource_type, "odd-entry", str(message)))
    return result.resources


def _tolerable_fault(ehr: EHR, resource_type: str, error: EHRError) -> Fault:
    """The fault to report when a decision is possible without the type. Raises `error` when it is not."""
    needed = resource_type in (*ESSENTIAL, "Observation", "Medication")
    if needed and _is_offered(ehr, resource_type):
        raise error
    code = "type-not-offered" if needed else error.code
    ehr.event_log.note(Event.TYPE_MISSING, type=resource_type, reason=code)
    return Fault(resource_type, code, str(error))


def _is_offered(ehr: EHR, resource_type: str) -> bool:
    """Whether the server declares the type. Without a statement it counts as offered, the careful assumption."""
    try:
        return resource_type in probe(ehr).searchable
    except EHRError:
        return True


def _batches(values: Sequence[str], size: int = VALUES_PER_SEARCH) -> Iterator[Sequence[str]]:
    """Batches of `values`: with many values in one parameter, servers respond slowly or truncate."""
    return (values[start : start + size] for start in range(0, len(values), size))


def _unique(resources: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each resource once, in order: two searches can find the same one, and pages can shift."""
    known = set[tuple[str, str]]()
    for resource in resources:
        key = (str(resource.get("resourceType")), str(resource.get("id")))
        if key not in known or "id" not in resource:
            yield resource
        known.add(key)
