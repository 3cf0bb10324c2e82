"""The plan in force and what lies beside it, rebuilt from EHR resources alone."""

from __future__ import annotations

from titrate.fhir.plan_state.open_flags import recorded_flags
from titrate.fhir.plan_state.plan_reader import read_current_plan
from titrate.fhir.plan_state.prior_runs import OpenDraft, PriorRuns, prior_runs

__all__ = ["OpenDraft", "PriorRuns", "prior_runs", "read_current_plan", "recorded_flags"]
