"""Everything that the EHR has of one patient and that a decision can depend on, and which types are not complete.

A type that the EHR refuses, cuts short or lacks is reported with the reason; the rules decide what follows from it.
Where the EHR itself fails, the searches end, and what came before is returned with the failure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from titrate.bundle_structure import resources_within
from titrate.ehr.capabilities import probe
from titrate.ehr.client import EHR
from titrate.ehr.condition_search import search_conditions
from titrate.ehr.errors import (
    BadAnswer,
    Conflict,
    EHRError,
    Forbidden,
    NotFound,
    PageFailed,
    Refused,
    ServerFault,
    Unreachable,
)
from titrate.ehr.first_page import Query
from titrate.ehr.observation_search import batches, search_observations
from titrate.ehr.search import SearchResult, search
from titrate.ehr.signers import named_signers, practitioners, signatures
from titrate.event_log import Event
from titrate.messages import ehr_errors
from titrate.settings.values import FHIR_ID

MEDICATION = re.compile(r"Medication/([A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?")
VALUES_PER_SEARCH = 20

# Where the EHR fails, what is searched first can still report a red flag.
SEARCHED_TYPES = (
    "Observation",
    "QuestionnaireResponse",
    "Consent",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "Procedure",
    "Goal",
    "CarePlan",
    "ServiceRequest",
    "AllergyIntolerance",
    "Task",
    "Flag",
    "Communication",
)
# Who approved or ended a plan. Where an EHR has it, a part of it would be a wrong history of the plan.
PROVENANCE = "Provenance"
PLAN_TYPES = frozenset({"CarePlan", "ServiceRequest"})
NOT_OFFERED = "type-not-offered"
# Faults that leave nothing out.
COMPLETE_CODES = frozenset({NOT_OFFERED, "lenient", "by-category", "without-date"})
# The server failed or did not respond in time. One type can be too much for it; with two the server itself has failed.
SERVER_FAILED = frozenset({ServerFault.code, Unreachable.code})


@dataclass(frozen=True, slots=True)
class IncompleteType:
    """Something about the answers for one resource type: the type, a code, and what the code means.

    The codes in COMPLETE_CODES leave nothing out; every other code says that resources may be missing.
    """

    type: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ObservationCodes:
    """Codes of Observations, as `system|code`.

    `lasting` count at any age: limits, screens, decisions. `known` are all others that the service reads, for an EHR
    that searches by category or code only. `signed`, without a system, need an active clinician, who is read too.
    """

    lasting: Sequence[str] = ()
    known: Sequence[str] = ()
    signed: Collection[str] = ()


NO_CODES = ObservationCodes()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The entries of one patient, the Patient first, each once, with Decimals; and the types that are incomplete.

    An entry has a resource and, where the EHR states one, its full URL. `servers` are the base addresses by which the
    EHR names its own answers. `failure` ended the searches: what came before can hold a red flag and decides nothing
    else, so that plans and orders are left out.
    """

    entries: tuple[dict[str, Any], ...]
    faults: tuple[IncompleteType, ...]
    servers: tuple[str, ...] = ()
    failure: EHRError | None = None

    @property
    def resources(self) -> tuple[dict[str, Any], ...]:
        """The resources of the entries."""
        return tuple(entry["resource"] for entry in self.entries)


@dataclass(slots=True)
class _Searches:
    """What the searches for one patient have found so far."""

    ehr: EHR
    entries: list[dict[str, Any]] = field(default_factory=list)
    codes: ObservationCodes = NO_CODES
    faults: list[IncompleteType] = field(default_factory=list)
    servers: list[str] = field(default_factory=list)
    finished: set[str] = field(default_factory=set)

    def within(self) -> list[Mapping[str, Any]]:
        """The resources that were found, with those in Bundles."""
        return list(resources_within(self.entries))


def fetch_patient(
    ehr: EHR,
    patient_id: str,
    since: date,
    codes: ObservationCodes = NO_CODES,
    not_used: Collection[str] = (),
) -> Fetched:
    """Fetch one patient: Observations from `since` on, and everything else of any age. Raises EHRError for the Patient.

    Observations with one of the lasting codes are fetched of any age. Types in `not_used` are not asked for.
    """
    done = _Searches(ehr, [{"resource": _patient(ehr, patient_id)}], codes)
    failure: EHRError | None = None
    searched = tuple(one for one in SEARCHED_TYPES if one not in not_used)
    try:
        for resource_type in searched:
            for query in _queries(resource_type, ("patient", patient_id), since, codes.lasting):
                _of_type(done, resource_type, query)
            done.finished.add(resource_type)
        _referenced(done, not_used)
    except EHRError as error:
        failure = error
        _leave_out_plans(done, (*searched, PROVENANCE), error)
    faults = dict.fromkeys(done.faults)
    return Fetched(tuple(_unique(done.entries)), tuple(faults), tuple(dict.fromkeys(done.servers)), failure)


def _referenced(done: _Searches, not_used: Collection[str]) -> None:
    """The resources that plans and orders refer to, and those that refer to plans."""
    found = done.within()
    plans = [f"CarePlan/{resource.get('id')}" for resource in found if resource.get("resourceType") == "CarePlan"]
    _by_values(done, PROVENANCE, "target", plans)
    _signers(done)
    _by_values(done, "Medication", "_id", () if "Medication" in not_used else _medication_ids(done.ehr, found))


def _leave_out_plans(done: _Searches, searched: Sequence[str], error: EHRError) -> None:
    """After a failure: drop all plans, and report the types whose search did not finish as missing."""
    missing = (one for one in searched if one in PLAN_TYPES or one not in done.finished)
    done.faults.extend(IncompleteType(one, error.code, str(error)) for one in missing)
    done.entries = [entry for entry in done.entries if entry["resource"]["resourceType"] not in PLAN_TYPES]


def _patient(ehr: EHR, patient_id: str) -> dict[str, Any]:
    exchange = "read Patient"
    if not FHIR_ID.fullmatch(patient_id):
        raise NotFound(exchange, ehr_errors.EhrInvalidId())
    patient = ehr.get(f"Patient/{patient_id}", exchange)
    if patient["resourceType"] != "Patient" or patient.get("id") != patient_id:
        raise BadAnswer(exchange, ehr_errors.EhrOtherResource())
    return patient


def _queries(resource_type: str, of_patient: tuple[str, str], since: date, lasting: Sequence[str]) -> Iterator[Query]:
    if resource_type != "Observation":
        yield [of_patient]
        return
    yield [of_patient, ("date", f"ge{since.isoformat()}")]
    for codes in batches(lasting):
        yield [of_patient, ("code", ",".join(codes))]


def _by_values(done: _Searches, resource_type: str, parameter: str, values: Sequence[str]) -> None:
    for batch in batches(values):
        _of_type(done, resource_type, [(parameter, ",".join(batch))])


def _signers(done: _Searches) -> None:
    """Who signed for plans and as a clinician, each searched for once a run: only an active clinician counts.

    Of a role its practitioner is read too. All entries under one id stay: they can be of several servers.
    """
    ehr = done.ehr
    signed = named_signers(ehr, signatures(done.within(), done.codes.signed))
    for resource_type in ("PractitionerRole", "Practitioner"):
        new = sorted(one for one in signed - ehr.signers.keys() if one.startswith(f"{resource_type}/"))
        before = len(done.entries)
        _by_values(done, resource_type, "_id", [one.partition("/")[2] for one in new])
        found = [(f"{resource_type}/{entry['resource'].get('id')}", entry) for entry in done.entries[before:]]
        ehr.signers.update({one: tuple(entry for name, entry in found if name == one) for one in new})
        del done.entries[before:]
        roles = [entry["resource"] for one in signed for entry in ehr.signers.get(one, ())]
        signed |= named_signers(ehr, practitioners(roles))
    done.entries.extend(entry for one in sorted(signed) for entry in ehr.signers[one])


def _medication_ids(ehr: EHR, resources: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of Medications of this EHR to which orders and statements refer instead of naming the medicine."""
    references = [resource.get("medicationReference") for resource in resources]
    texts = [ehr.relative(str(reference.get("reference"))) for reference in references if isinstance(reference, dict)]
    return sorted({match[1] for text in texts if (match := MEDICATION.fullmatch(text))})


def _of_type(done: _Searches, resource_type: str, query: Query) -> None:
    if any(fault.type == resource_type and fault.code in SERVER_FAILED for fault in done.faults):
        return  # asking again would fail again, after every retry
    try:
        for result in _answers(done, resource_type, query):
            _add(done, resource_type, result)
    except (NotFound, Refused, Forbidden, Conflict, ServerFault, Unreachable, BadAnswer) as error:
        if _is_fatal(resource_type, error, done.faults):
            raise
        done.faults.append(_refused_type(done.ehr, resource_type, error))


def _answers(done: _Searches, resource_type: str, query: Query) -> Iterator[SearchResult]:
    if resource_type == "Observation":
        yield from search_observations(done.ehr, query, done.codes.known)
    elif resource_type == "Condition":
        yield from search_conditions(done.ehr, query)
    else:
        yield search(done.ehr, resource_type, query)


def _add(done: _Searches, resource_type: str, result: SearchResult) -> None:
    if result.lenient:
        done.faults.append(IncompleteType(resource_type, "lenient", str(ehr_errors.EhrSearchedLeniently())))
    if result.gaps and resource_type == PROVENANCE:
        raise PageFailed(f"search {resource_type}", result.gaps[0].message)
    done.faults.extend(IncompleteType(resource_type, gap.code, str(gap.message)) for gap in result.gaps)
    done.entries.extend(result.entries)
    done.servers.extend(result.servers)


def _is_fatal(resource_type: str, error: EHRError, faults: Sequence[IncompleteType]) -> bool:
    """Whether a failure ends all searches.

    It does at the second type for which the server fails, and at any failed search for Provenance, from which
    approvals are read.
    """
    if error.code in SERVER_FAILED and any(fault.code in SERVER_FAILED for fault in faults):
        return True
    return resource_type == PROVENANCE and error.code in (*SERVER_FAILED, BadAnswer.code)


def _refused_type(ehr: EHR, resource_type: str, error: EHRError) -> IncompleteType:
    """Whether the EHR lacks the type or withholds it. A refusal of access says that there is something."""
    if _says_not_supported(error) and _lacks(ehr, resource_type):
        fault = IncompleteType(resource_type, NOT_OFFERED, str(ehr_errors.EhrTypeNotOffered()))
    else:
        fault = IncompleteType(resource_type, error.code, str(error))
    ehr.event_log.note(Event.TYPE_MISSING, type=resource_type, reason=fault.code)
    return fault


def _says_not_supported(error: EHRError) -> bool:
    if isinstance(error, Forbidden):
        return False
    return isinstance(error, NotFound) or any(issue.code == "not-supported" for issue in error.issues)


def _lacks(ehr: EHR, resource_type: str) -> bool:
    """Whether the server states that it does not have the type. Without a statement it counts as there."""
    try:
        return probe(ehr).lacks(resource_type)
    except EHRError:
        return False


def _unique(entries: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each entry once, in order: two searches can find the same one. Another version of a resource stays."""
    known: dict[tuple[str, ...], list[Any]] = {}
    for entry in entries:
        resource = entry["resource"]
        own = (str(resource["id"]),) if "id" in resource else ("", repr(resource))
        versions = known.setdefault((resource["resourceType"], str(entry.get("fullUrl")), *own), [])
        if resource not in versions:
            versions.append(resource)
            yield entry
