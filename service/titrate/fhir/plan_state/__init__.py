"""The plan in force, open red flags and what earlier runs left, rebuilt from EHR resources alone."""

from __future__ import annotations

from titrate.fhir.plan_state.current_plan import current_plan
from titrate.fhir.plan_state.plan_history import open_flags
from titrate.fhir.plan_state.plan_resources import OPEN_TASK, PlanResources
from titrate.fhir.plan_state.prior_runs import OpenDraft, PriorRuns, prior_runs

__all__ = ["OPEN_TASK", "OpenDraft", "PlanResources", "PriorRuns", "current_plan", "open_flags", "prior_runs"]
