"""All that the EHR has of one patient and that a decision can rest on.

Nothing is decided on half of the data: what breaks off raises. Only a resource type that the server does not offer is
passed over, and then it is named.
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
from titrate.settings.validators import FHIR_ID

MEDICATION = re.compile(r"(?:^|/)Medication/([A-Za-z0-9.-]{1,64})(?:/_history/|$)")
VALUES_A_SEARCH = 20

# A missing answer for one of these could hide a red flag, a limit, a plan or a patient's no. Without the others we lose
# comfort only: who approved is then read from the plan, and we find an open Task or Flag by its identifier on writing.
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
    """A resource type that could not be had whole: which, why (a code), and what it means."""

    type: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """Resources of one patient, the Patient first, each once, decimals kept; and the types that are missing."""

    resources: tuple[dict[str, Any], ...]
    faults: tuple[Fault, ...]


def fetch_patient(ehr: EHR, patient_id: str, since: date, lasting: Sequence[str] = ()) -> Fetched:
    """Fetch one patient: Observations from `since` on, and everything else whatever its age.

    `lasting` are codes as `system|code` of Observations that count however old they are: limits, screens, decisions.
    """
    patient = _patient(ehr, patient_id)
    whose = ("patient", patient_id)
    faults: list[Fault] = []
    observations = [*_observations(ehr, whose, since, lasting, faults)]
    others = [one for kind in (*ESSENTIAL, *HELPFUL) for one in _of_type(ehr, kind, [whose], faults)]
    plans = [f"CarePlan/{one.get('id')}" for one in others if one["resourceType"] == "CarePlan"]
    provenance = _by_values(ehr, "Provenance", "target", plans, faults)
    medicines = _by_values(ehr, "Medication", "_id", _medicines(others), faults)
    return Fetched(tuple(_each_once([patient, *observations, *others, *provenance, *medicines])), tuple(faults))


def _patient(ehr: EHR, patient_id: str) -> dict[str, Any]:
    what = "read Patient"
    if not FHIR_ID.fullmatch(patient_id):
        raise NotFound(what, "A FHIR id has 1 to 64 letters, digits, dots and dashes.")
    patient = ehr.get(f"Patient/{patient_id}", what)
    if patient["resourceType"] != "Patient" or patient.get("id") != patient_id:
        raise BadAnswer(what, "It is another resource.")
    return patient


def _observations(
    ehr: EHR, whose: tuple[str, str], since: date, lasting: Sequence[str], faults: list[Fault]
) -> Iterator[dict[str, Any]]:
    yield from _of_type(ehr, "Observation", [whose, ("date", f"ge{since.isoformat()}")], faults)
    for codes in _portions(lasting):
        yield from _of_type(ehr, "Observation", [whose, ("code", ",".join(codes))], faults)


def _by_values(
    ehr: EHR, kind: str, parameter: str, values: Sequence[str], faults: list[Fault]
) -> Iterator[dict[str, Any]]:
    for some in _portions(values):
        yield from _of_type(ehr, kind, [(parameter, ",".join(some))], faults)


def _medicines(resources: Sequence[dict[str, Any]]) -> list[str]:
    """The ids of Medications that orders and statements only refer to; what they are stands there."""
    referred = [one.get("medicationReference") for one in resources]
    texts = [str(one.get("reference")) for one in referred if isinstance(one, dict)]
    return sorted({found[1] for text in texts if (found := MEDICATION.search(text))})


def _of_type(ehr: EHR, kind: str, query: Query, faults: list[Fault]) -> tuple[dict[str, Any], ...]:
    try:
        found = search(ehr, kind, query)
    except (NotFound, Refused, Forbidden) as error:
        faults.append(_tolerated(ehr, kind, error))
        return ()
    if found.lenient:
        faults.append(Fault(kind, "lenient", "The server may have ignored search parameters that it does not know."))
    if found.odd:
        faults.append(Fault(kind, "odd-entry", f"{found.odd} entries of the answer held no resource."))
    return found.resources


def _tolerated(ehr: EHR, kind: str, error: EHRError) -> Fault:
    """The fault to report when a decision can do without `kind`; raises `error` when it cannot."""
    needed = kind in (*ESSENTIAL, "Observation", "Medication")
    if needed and _offered(ehr, kind):
        raise error
    code = "type-not-offered" if needed else error.code
    ehr.event_log.note(Event.TYPE_MISSING, type=kind, reason=code)
    return Fault(kind, code, str(error))


def _offered(ehr: EHR, kind: str) -> bool:
    """Whether the server says that it has this type. When it says nothing at all, we suppose so: the careful answer."""
    try:
        return kind in probe(ehr).searchable
    except EHRError:
        return True


def _portions(items: Sequence[str], size: int = VALUES_A_SEARCH) -> Iterator[Sequence[str]]:
    """`items` in portions: servers grow slow, or cut off, when one parameter has many values."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _each_once(resources: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each resource once, the first time it comes: two searches can find the same one, and pages can shift."""
    seen = set[tuple[str, str]]()
    for one in resources:
        key = (str(one.get("resourceType")), str(one.get("id")))
        if key not in seen or "id" not in one:
            yield one
        seen.add(key)
