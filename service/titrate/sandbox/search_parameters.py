"""FHIR R4 search parameters that the sandbox server lacks, in its own notation: name, type, element paths, target.

Without them a conditional create of a Goal fails and rolls back its transaction.
"""

from __future__ import annotations

from typing import Any

MISSING: dict[str, tuple[tuple[str, str, tuple[str, ...], str | None], ...]] = {
    "Goal": (
        ("identifier", "token", ("identifier",), None),
        ("subject", "reference", ("subject",), None),
        ("patient", "reference", ("subject",), "Patient"),
        ("lifecycle-status", "token", ("lifecycleStatus",), None),
        ("achievement-status", "token", ("achievementStatus",), None),
        ("category", "token", ("category",), None),
        ("start-date", "date", ("startDate",), None),
        ("target-date", "date", ("target.dueDate",), None),
    ),
    "QuestionnaireResponse": (
        ("identifier", "token", ("identifier",), None),
        ("status", "token", ("status",), None),
        ("subject", "reference", ("subject",), None),
        ("patient", "reference", ("subject",), "Patient"),
        ("author", "reference", ("author",), None),
        ("authored", "date", ("authored",), None),
        ("questionnaire", "uri", ("questionnaire",), None),
        ("based-on", "reference", ("basedOn",), None),
    ),
    "CarePlan": (
        ("replaces", "reference", ("replaces",), None),
        ("goal", "reference", ("goal",), None),
        ("activity-reference", "reference", ("activity.reference",), None),
        ("condition", "reference", ("addresses",), None),
        ("instantiates-canonical", "uri", ("instantiatesCanonical",), None),
    ),
    "CareTeam": (
        ("identifier", "token", ("identifier",), None),
        ("status", "token", ("status",), None),
        ("subject", "reference", ("subject",), None),
        ("patient", "reference", ("subject",), "Patient"),
        ("participant", "reference", ("participant.member",), None),
    ),
    "Flag": (("author", "reference", ("author",), None),),
    "Observation": (("device", "reference", ("device",), None),),
    "Device": (("device-name", "string", ("deviceName.name",), None),),
}


def register() -> None:
    """Add the missing parameters to the server's table. Call it before the app is created; it is idempotent."""
    from sekmet.fhir import search_params

    table: dict[str, dict[str, Any]] = search_params.PARAMS
    for resource_type, rows in MISSING.items():
        known = table.setdefault(resource_type, {})
        for name, parameter_type, paths, target in rows:
            known.setdefault(name, search_params.SearchParam(name, parameter_type, paths, target))
