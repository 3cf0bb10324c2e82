"""The plan in force and what lies beside it, rebuilt from EHR resources alone."""

from __future__ import annotations

from titrate.fhir.plan_state.open_flags import recorded_flags
from titrate.fhir.plan_state.plan_reader import stand
from titrate.fhir.plan_state.prior_runs import Footprint, OpenDraft, footprint

__all__ = ["Footprint", "OpenDraft", "footprint", "recorded_flags", "stand"]
