"""Plans as written by a clinician or another system, for tests of the plan reader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.fhir.example import SITE
from titrate.fhir import code_systems

Json = dict[str, Any]


def order(key: str, exercise: str, amount: str, unit: str, *words: str, **more: Any) -> Json:
    """An active order for one exercise, three times a week."""
    return {
        "resourceType": "ServiceRequest",
        "id": key,
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/b"},
        "code": {"coding": [{"system": SITE.codes, "code": exercise}]},
        "quantityQuantity": {"value": Decimal(amount), "code": unit, "system": code_systems.UCUM},
        "orderDetail": [{"text": line} for line in words],
        "occurrenceTiming": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "wk"}},
        **more,
    }


def plan(key: str, *orders: str, **more: Any) -> Json:
    """An active plan of a clinician with these orders, since 1 January."""
    return {
        "resourceType": "CarePlan",
        "id": key,
        "status": "active",
        "intent": "plan",
        "subject": {"reference": "Patient/b"},
        "author": {"reference": "Practitioner/p"},
        "period": {"start": "2025-01-01"},
        "activity": [{"reference": {"reference": f"ServiceRequest/{item}"}} for item in orders],
        **more,
    }


def service_plan(key: str, *orders: str, **more: Any) -> Json:
    """The same with an identifier of the service."""
    return plan(key, *orders, identifier=[{"system": SITE.version_system, "value": f"version-{key}"}], **more)


def decision(key: str, at: str, outcome: str, values: dict[str, Json], **more: Any) -> Json:
    """A final decision Observation of the service with these component values."""
    return {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "subject": {"reference": "Patient/b"},
        "identifier": [{"system": SITE.resource_system, "value": key}],
        "code": {"coding": [{"system": SITE.codes, "code": code_systems.DECISION}]},
        "effectiveDateTime": at,
        "valueCodeableConcept": {"coding": [{"system": SITE.codes, "code": outcome}]},
        "component": [
            {"code": {"coding": [{"system": SITE.codes, "code": code}]}, **value} for code, value in values.items()
        ],
        **more,
    }


def coded(code: str) -> Json:
    """A coded component value."""
    return {"valueCodeableConcept": {"coding": [{"system": SITE.codes, "code": code}]}}


def measured(value: str, unit: str) -> Json:
    """A quantity as component value."""
    return {"valueQuantity": {"value": Decimal(value), "code": unit}}


def verified(target: str, recorded: str) -> Json:
    """The Provenance of an approval."""
    return {
        "resourceType": "Provenance",
        "id": f"of-{target[-1]}",
        "target": [{"reference": target}],
        "recorded": recorded,
        "agent": [
            {
                "type": {"coding": [{"system": code_systems.PARTICIPANT, "code": "verifier"}]},
                "who": {"reference": "Practitioner/p"},
            }
        ],
    }
