"""From a decision to one transaction Bundle: plan, goals, orders, observations, task, provenance."""

from __future__ import annotations

from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import resource_ids
from titrate.fhir.write.state_record import fingerprint
from titrate.fhir.write.task_and_alerts import stopping_flags
from titrate.fhir.write.transaction import alert, compose, record, text_task_entries, transaction, with_known_profiles

__all__ = [
    "PlanProposal",
    "alert",
    "compose",
    "fingerprint",
    "record",
    "resource_ids",
    "stopping_flags",
    "text_task_entries",
    "transaction",
    "with_known_profiles",
]
