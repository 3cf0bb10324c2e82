"""From a decision to one transaction Bundle: plan, goals, orders, observations, task, provenance."""

from __future__ import annotations

from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.flags_and_message import stopping_flags
from titrate.fhir.write.profiles import with_known_profiles
from titrate.fhir.write.resource_ids import resource_ids
from titrate.fhir.write.state_record import fingerprint
from titrate.fhir.write.transaction import alert, compose, record, transaction

__all__ = [
    "PlanProposal",
    "alert",
    "compose",
    "fingerprint",
    "record",
    "resource_ids",
    "stopping_flags",
    "transaction",
    "with_known_profiles",
]
