"""Whom a run is for: the members of a Group, the ids in a file, or every Patient of the EHR."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from titrate.ehr.capabilities import probe
from titrate.ehr.client import EHR
from titrate.ehr.errors import BadAnswer, Refused
from titrate.ehr.search import search
from titrate.fhir.elements import instant, part, parts, target
from titrate.settings.validators import FHIR_ID

DEPTH = 5
# Where a resource says whose it is. A type that is not here cannot change a decision.
WHOSE = {
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


class NoEnrolledPatients(ValueError):
    """The choice of patients cannot be used. Says which line or member, never an id."""


@dataclass(frozen=True, slots=True)
class EnrolmentChoice:
    """One way to say whom: exactly one of `group` (an id), `file` and `everyone`."""

    group: str | None = None
    file: Path | None = None
    everyone: bool = False


def enrolment_choice(text: str) -> EnrolmentChoice:
    """The choice that a setting stands for: `all`, `Group/ID`, or the path of a file."""
    if text == "all":
        return EnrolmentChoice(everyone=True)
    if text.startswith("Group/"):
        return EnrolmentChoice(group=text.removeprefix("Group/"))
    return EnrolmentChoice(file=Path(text).expanduser())


def enrolled_patients(ehr: EHR, choice: EnrolmentChoice, at: datetime) -> tuple[str, ...]:
    """The ids of the patients, each once, in a fixed order. Raises EHRError and NobodyEnrolled."""
    if choice.file is not None:
        found: Iterable[str] = _listed(choice.file)
    elif choice.group is not None:
        found = _members(ehr, choice.group, at, DEPTH)
    else:
        found = _everyone(ehr)
    return tuple(dict.fromkeys(found))


def changed_since(ehr: EHR, since: datetime) -> frozenset[str] | None:
    """The ids of patients of whom the EHR has anything new; None when it cannot say, and everyone has to be done."""
    text = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    offered = probe(ehr).searchable
    try:
        changed = {str(one.get("id")) for one in search(ehr, "Patient", [("_lastUpdated", f"ge{text}")]).resources}
        for kind in WHOSE.keys() & offered.keys():
            found = search(ehr, kind, [("_lastUpdated", f"ge{text}")])
            if found.lenient:
                return None
            changed |= {patient for one in found.resources if (patient := _patient(part(one, WHOSE[kind])))}
    except Refused:
        return None
    return frozenset(changed)


def _everyone(ehr: EHR) -> Iterator[str]:
    """Asks for ids alone where the server can do so."""
    try:
        found = search(ehr, "Patient", [("_elements", "id")])
    except Refused:
        found = search(ehr, "Patient", [])
    for one in found.resources:
        if one.get("resourceType") != "Patient" or not isinstance(one.get("id"), str):
            raise BadAnswer("search Patient", "It holds another resource, or one without an id.")
        yield one["id"]


def _members(ehr: EHR, group: str, at: datetime, depth: int) -> Iterator[str]:
    """Who is in a Group now, and in the Groups that are in it. Devices and practitioners are passed over."""
    if not FHIR_ID.fullmatch(group):
        raise NoEnrolledPatients("A Group's id has 1 to 64 letters, digits, dots and dashes.")
    resource = ehr.get(f"Group/{group}", "read Group")
    if resource["resourceType"] != "Group":
        raise BadAnswer("read Group", "It is another resource.")
    for member in parts(resource, "member"):
        if not _is_in(member, at):
            continue
        reference = target(part(member, "entity")) or ""
        if patient := _patient(part(member, "entity")):
            yield patient
        elif reference.startswith("Group/"):
            if depth == 1:
                raise NoEnrolledPatients(f"The Group holds Groups in more than {DEPTH} levels, or itself.")
            yield from _members(ehr, reference.removeprefix("Group/"), at, depth - 1)


def _is_in(member: Mapping[str, Any], at: datetime) -> bool:
    """Whether a membership holds at a moment. A date without a time holds until its day is over."""
    period = part(member, "period")
    start, end = instant(period.get("start"), "UTC"), period.get("end")
    if isinstance(end, str) and len(end) == 10:
        end = f"{end}T23:59:59+00:00"
    over = instant(end, "UTC")
    return member.get("inactive") is not True and (start is None or start <= at) and (over is None or over >= at)


def _patient(reference: Mapping[str, Any]) -> str | None:
    found = target(reference) or ""
    patient = found.removeprefix("Patient/")
    return patient if found.startswith("Patient/") and FHIR_ID.fullmatch(patient) else None


def _listed(file: Path) -> Iterator[str]:
    """One id a line, alone or as `Patient/ID`; blank lines and what follows a # are left out."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise NoEnrolledPatients(f"The file of patients cannot be read: {file.name}") from None
    for number, line in enumerate(lines, 1):
        patient = line.partition("#")[0].strip().removeprefix("Patient/")
        if patient and not FHIR_ID.fullmatch(patient):
            raise NoEnrolledPatients(f"Line {number} of {file.name} is no FHIR id: write one id a line.")
        if patient:
            yield patient
