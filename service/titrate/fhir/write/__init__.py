"""From a decision to one transaction Bundle: plan, goals, orders, observations, task, provenance."""

from __future__ import annotations

from titrate.fhir.plan_proposal import Wanted
from titrate.fhir.write.bundle import alert, compose, record, transaction
from titrate.fhir.write.fingerprint import fingerprint
from titrate.fhir.write.flags_and_message import stopping_flags
from titrate.fhir.write.profiles import claiming_only
from titrate.fhir.write.resource_ids import names_of

__all__ = [
    "Wanted",
    "alert",
    "claiming_only",
    "compose",
    "fingerprint",
    "names_of",
    "record",
    "stopping_flags",
    "transaction",
]
