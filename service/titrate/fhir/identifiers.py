"""Derived identifiers: they hold no patient data and make writes conditional.

The version of a plan is a hash of its prescription. Dates that only follow from the day of the run are left out, so the
next run recognises an open draft of the same prescription.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from titrate.clinical.values.decision import ExercisePrescription, Prescription
from titrate.clinical.values.plan import Dose
from titrate.fhir.site import Site

PLAN_KIND = "graded-exercise"


def plain_number(value: Decimal) -> str:
    """A number as text without trailing zeros: 15, 15.0 and 1.5E1 are equal."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def canonical_json(value: object) -> str:
    """JSON with sorted keys and numbers as plain text: equal values give equal bytes."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def digest(value: object, length: int = 64) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal; at most 64 characters."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:length]


def series_of(site: Site, patient: str, kind: str = PLAN_KIND) -> str:
    """The identifier value of a patient's plan through all versions; it differs between sites."""
    return str(uuid5(_root(site), canonical_json([patient, kind])))


def version_of(series: str, in_force: str | None, prescription: Prescription, spent: Collection[str] = ()) -> str:
    """The identifier value of one version, from the series, the version in force and the prescription.

    `spent`: versions whose draft was revoked. A server answers a conditional create with the old resource, so that the
    same prescription, proposed again, takes the next free value.
    """
    content = content_of(prescription)
    attempt = 0
    while (version := digest([series, in_force, content, attempt], 40)) in spent:
        attempt += 1
    return version


def attempts(series: str, in_force: str | None, prescription: Prescription, spent: Collection[str]) -> tuple[str, ...]:
    """The spent versions of the same prescription after the same plan, oldest first."""
    content = content_of(prescription)
    found: list[str] = []
    while (version := digest([series, in_force, content, len(found)], 40)) in spent:
        found.append(version)
    return tuple(found)


def content_of(prescription: Prescription) -> Mapping[str, Any]:
    """The content that a clinician approves: doses, frequencies, limits, phase and texts, without dates of the run."""
    return {
        "phase": prescription.phase,
        "grade": prescription.flare_grade,
        "usual": [prescription.usual_pain, prescription.usual_fatigue],
        "limits": [[limit.name, limit.value, limit.unit, limit.owner] for limit in prescription.limits],
        "exercises": [_exercise(exercise) for exercise in prescription.exercises],
        "week": prescription.week,
        "texts": [prescription.adjuncts, prescription.contingency, prescription.education, prescription.stop_rules],
    }


def _exercise(exercise: ExercisePrescription) -> list[Any]:
    return [
        exercise.exercise,
        dose_list(exercise.dose),
        exercise.weekly_frequency,
        dose_list(exercise.start),
        exercise.goal_linked,
        exercise.increment,
        exercise.range_low,
        exercise.range_high,
        exercise.target,
        exercise.instruction,
        [str(cap) for cap in exercise.caps],
    ]


def dose_list(dose: Dose | None) -> list[Any] | None:
    """A dose as plain values, for hashing."""
    return None if dose is None else [dose.amount, dose.unit, dose.sets, dose.load]


def resource_value(site: Site, *names: str) -> str:
    """The identifier value of any other resource, from the names of what it represents."""
    return str(uuid5(_root(site), canonical_json(["resource", *names])))


def full_url(system: str, value: str) -> str:
    """The `urn:uuid:` of a resource with this identifier within a transaction."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{system}|{value}')}"


def _root(site: Site) -> UUID:
    return uuid5(NAMESPACE_URL, site.canonical)
