"""From a decision to one transaction Bundle: plan, goals, orders, observations, task, provenance."""

from __future__ import annotations

from service.fhir.composing.alert import stopping_flags
from service.fhir.composing.bundle import alert, compose, record, transaction
from service.fhir.composing.claims import claiming_only
from service.fhir.composing.fingerprint import fingerprint
from service.fhir.composing.names import names_of
from service.fhir.wanted import Wanted

__all__ = [
    "Wanted", "alert", "claiming_only", "compose", "fingerprint", "names_of", "record", "stopping_flags", "transaction",
]
