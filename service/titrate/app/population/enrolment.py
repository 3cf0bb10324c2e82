"""The patients of a run: the members of a Group, the ids in a file, or every Patient of the EHR."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from titrate.app.errors import EnrolmentError
from titrate.ehr.capabilities import probe
from titrate.ehr.client import EHR
from titrate.ehr.errors import BadAnswer, Forbidden, NotFound, Refused
from titrate.ehr.search import search, search_all
from titrate.event_log import Event
from titrate.fhir.elements import instant, part, parts, target, text
from titrate.messages.population_runs import (
    GroupIdInvalid,
    GroupTooDeep,
    NotAGroupResource,
    NotAPatientResource,
    PatientFileLineInvalid,
    PatientFileUnreadable,
)
from titrate.settings.values import FHIR_ID

MAX_GROUP_LEVELS = 5
# What a Group of FHIR R4 can have as members beside patients and Groups.
OTHER_MEMBERS = frozenset({"Device", "Medication", "Practitioner", "PractitionerRole", "Substance"})
# The element of each type that references the patient. Types that are not listed cannot change a decision.
PATIENT_ELEMENTS = {
    "Observation": "subject",
    "QuestionnaireResponse": "subject",
    "Condition": "subject",
    "MedicationRequest": "subject",
    "MedicationStatement": "subject",
    "Procedure": "subject",
    "Goal": "subject",
    "CarePlan": "subject",
    "ServiceRequest": "subject",
    "AllergyIntolerance": "patient",
    "Consent": "patient",
    "Task": "for",
}


@dataclass(frozen=True, slots=True)
class EnrolmentChoice:
    """How patients are chosen: exactly one of `group` (an id), `file` and `everyone`."""

    group: str | None = None
    file: Path | None = None
    everyone: bool = False


def enrolment_choice(setting: str) -> EnrolmentChoice:
    """Read the choice from a setting: `all`, `Group/ID`, or the path of a file."""
    if setting == "all":
        return EnrolmentChoice(everyone=True)
    if setting.startswith("Group/"):
        return EnrolmentChoice(group=setting.removeprefix("Group/"))
    return EnrolmentChoice(file=Path(setting).expanduser())


@dataclass(frozen=True, slots=True)
class EnrolledPatients:
    """The ids of the patients, each once and in a fixed order, and the number of members without a usable id."""

    ids: tuple[str, ...]
    left_out: int = 0


def enrolled_patients(ehr: EHR, choice: EnrolmentChoice, at: datetime) -> EnrolledPatients:
    """The patients of the choice. Raises EHRError and EnrolmentError."""
    if choice.file is not None:
        patients: list[str | None] = [*_ids_in_file(choice.file)]
    elif choice.group is not None:
        patients = [*_members(ehr, choice.group, at, MAX_GROUP_LEVELS)]
    else:
        patients = [*_all_patients(ehr)]
    left_out = patients.count(None)
    if left_out:
        ehr.event_log.note(Event.MEMBERS_LEFT_OUT, count=left_out)
    return EnrolledPatients(tuple(dict.fromkeys(one for one in patients if one is not None)), left_out)


def changed_since(ehr: EHR, since: datetime) -> frozenset[str] | None:
    """The ids of patients with new data since an instant; None if the EHR cannot tell, so that all are due."""
    written = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    profile = probe(ehr)
    try:
        patients = search(ehr, "Patient", [("_lastUpdated", f"ge{written}")])
        changed, gaps = {str(one.get("id")) for one in patients.resources}, patients.gaps
        for kind, element in PATIENT_ELEMENTS.items():
            if profile.lacks(kind):
                continue
            found = search(ehr, kind, [("_lastUpdated", f"ge{written}")])
            if found.lenient:
                return None
            gaps = (*gaps, *found.gaps)
            references = (_on_this_server(ehr, part(one, element)) for one in found.resources)
            changed |= {patient for reference in references if (patient := _patient_id(reference))}
    except (Forbidden, NotFound, Refused):
        return None
    return None if gaps else frozenset(changed)


def _all_patients(ehr: EHR) -> Iterator[str]:
    """Requests ids only, if the server supports it."""
    try:
        found = search_all(ehr, "Patient", [("_elements", "id")])
    except Refused:
        found = search_all(ehr, "Patient", [])
    for one in found.resources:
        if one.get("resourceType") != "Patient" or not isinstance(one.get("id"), str):
            raise BadAnswer("search Patient", str(NotAPatientResource()))
        yield one["id"]


def _members(ehr: EHR, group: str, at: datetime, levels: int) -> Iterator[str | None]:
    """Current members of a Group and of the Groups in it; None for each that may be a patient and has no usable id."""
    if not FHIR_ID.fullmatch(group):
        raise EnrolmentError(GroupIdInvalid())
    resource = ehr.get(f"Group/{group}", "read Group")
    if resource["resourceType"] != "Group":
        raise BadAnswer("read Group", str(NotAGroupResource()))
    for member in parts(resource, "member"):
        if not _is_member(member, at):
            continue
        reference = _on_this_server(ehr, part(member, "entity"))
        kind, _, patient = reference.partition("/")
        if kind == "Patient" and patient and "/" not in patient:
            yield patient  # one with an id that cannot be used is reported as a patient who failed
        elif kind == "Group":
            if levels == 1:
                raise EnrolmentError(GroupTooDeep(levels=MAX_GROUP_LEVELS))
            yield from _members(ehr, reference.removeprefix("Group/"), at, levels - 1)
        elif (text(part(member, "entity"), "type") or kind) not in OTHER_MEMBERS:
            yield None


def _on_this_server(ehr: EHR, reference: Mapping[str, Any]) -> str:
    """The target of a reference, as `Type/id` where it is on this server; empty without one."""
    literal = text(reference, "reference")
    return "" if literal is None else target({"reference": ehr.relative(literal)}) or ""


def _is_member(member: Mapping[str, Any], at: datetime) -> bool:
    """Whether a membership is valid at an instant. An end without a time is valid until its day is over."""
    period = part(member, "period")
    start, end = instant(period.get("start"), "UTC"), period.get("end")
    if isinstance(end, str) and len(end) == 10:
        end = f"{end}T23:59:59+00:00"
    last = instant(end, "UTC")
    return member.get("inactive") is not True and (start is None or start <= at) and (last is None or last >= at)


def _patient_id(reference: str) -> str | None:
    kind, _, patient = reference.partition("/")
    return patient if kind == "Patient" and FHIR_ID.fullmatch(patient) else None


def _ids_in_file(file: Path) -> Iterator[str]:
    """One id a line, alone or as `Patient/ID`; blank lines and comments after `#` are ignored."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise EnrolmentError(PatientFileUnreadable(file=file.name)) from None
    for number, line in enumerate(lines, 1):
        patient = line.partition("#")[0].strip().removeprefix("Patient/")
        if patient and not FHIR_ID.fullmatch(patient):
            raise EnrolmentError(PatientFileLineInvalid(line=number, file=file.name))
        if patient:
            yield patient
