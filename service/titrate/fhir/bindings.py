"""Codes with a required binding in the resources that the service writes, narrowed to those it uses."""

from __future__ import annotations

from collections.abc import Mapping

REQUIRED_CODES: Mapping[str, frozenset[str]] = {
    "Bundle.type": frozenset({"transaction"}),
    "Bundle.entry.request.method": frozenset({"POST", "PUT"}),
    "CarePlan.status": frozenset({"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}),
    "CarePlan.intent": frozenset({"plan"}),
    "CarePlan.text.status": frozenset({"generated", "additional"}),
    "ServiceRequest.status": frozenset(
        {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
    ),
    "ServiceRequest.intent": frozenset({"order"}),
    "ServiceRequest.occurrenceTiming.repeat.periodUnit": frozenset({"s", "min", "h", "d", "wk", "mo", "a"}),
    "Goal.lifecycleStatus": frozenset(
        {
            "proposed",
            "planned",
            "accepted",
            "active",
            "on-hold",
            "completed",
            "cancelled",
            "entered-in-error",
            "rejected",
        }
    ),
    "Observation.status": frozenset({"final"}),
    "Task.status": frozenset(
        {
            "draft",
            "requested",
            "received",
            "accepted",
            "rejected",
            "ready",
            "cancelled",
            "in-progress",
            "on-hold",
            "failed",
            "completed",
            "entered-in-error",
        }
    ),
    "Task.intent": frozenset({"order"}),
    "Task.priority": frozenset({"routine", "urgent", "asap", "stat"}),
    "Flag.status": frozenset({"active", "inactive", "entered-in-error"}),
    "Communication.status": frozenset(
        {
            "preparation",
            "in-progress",
            "not-done",
            "on-hold",
            "stopped",
            "completed",
            "entered-in-error",
            "unknown",
        }
    ),
    "Communication.priority": frozenset({"routine", "urgent", "asap", "stat"}),
    "Provenance.entity.role": frozenset({"derivation", "revision", "quotation", "source", "removal"}),
}
MUST_HAVE = frozenset(
    {
        "Bundle.type",
        "CarePlan.status",
        "CarePlan.intent",
        "CarePlan.text.status",
        "ServiceRequest.status",
        "ServiceRequest.intent",
        "Goal.lifecycleStatus",
        "Observation.status",
        "Task.status",
        "Task.intent",
        "Flag.status",
        "Communication.status",
    }
)
