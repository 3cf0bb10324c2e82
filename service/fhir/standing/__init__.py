"""The plan in force and what lies beside it, rebuilt from EHR resources alone."""

from __future__ import annotations

from service.fhir.standing.flags import recorded_flags
from service.fhir.standing.footprint import Footprint, OpenDraft, footprint
from service.fhir.standing.plan import stand

__all__ = ["Footprint", "OpenDraft", "footprint", "recorded_flags", "stand"]
