"""The pipeline for one patient: resources in, everything found and the Bundle to deliver out. Pure.

Every run, preview, approval, comparison and simulation calls `plan_patient`. `titrate.app.fetch_and_deliver` fetches
before it and delivers after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from titrate.app.draft_lifecycle import Transition, draft_action
from titrate.app.errors import InvalidPlan
from titrate.app.fetch_result import FetchResult
from titrate.clinical.evaluate import Evaluation, EvaluationContext, evaluate
from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.completeness import UnusedTypes
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import PatientReadings
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.entries import created_plan_version, plan_statuses, written_by_service
from titrate.fhir.plan_decisions.ehr_status_changes import propagate_status_changes
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.plan_state import PlanResources, current_plan, open_flags, prior_runs
from titrate.fhir.read import read_patient
from titrate.fhir.site import Site
from titrate.fhir.unmapped_codes import unmapped_codes
from titrate.fhir.validate import validate
from titrate.fhir.write import transaction
from titrate.messages import Message
from titrate.messages.plan_decisions import PlanStatusInEhr


@dataclass(frozen=True, slots=True)
class PlanningRules:
    """What every patient of a site shares: rulebook, code lookup, site, programme, and days to look back.

    `unused` are the resource types that the site declares not to use.
    """

    rulebook: Rulebook
    lookup: CodeLookup
    site: Site
    programme: str = "general"
    lookback: int = 120
    unused: UnusedTypes = field(default_factory=UnusedTypes)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineResult:
    """Everything that one run found and would write. `proposal` is None for D0; `bundle` may have no entry.

    `plans` are the patient's plan resources as the EHR holds them. `plan` is the plan in force once the orders, goals
    and Tasks follow the plans whose status was changed in the EHR, which `status_changes` names. `unmapped` are codes
    that no mapping knows, `rejected_plans` plans of the service that a clinician rejected, oldest first, and `version`
    identifies the plan that the Bundle creates.
    """

    at: datetime
    readings: PatientReadings
    plans: PlanResources
    plan: PlanInForce
    evaluation: Evaluation
    proposal: PlanProposal | None
    transition: Transition
    bundle: Mapping[str, Any]
    status_changes: tuple[Message, ...]
    rejected_plans: tuple[str, ...]
    unmapped: tuple[str, ...]
    version: str | None


def plan_patient(fetched: FetchResult, rules: PlanningRules, at: datetime) -> PipelineResult:
    """Plan for one patient at `at` (aware). Raises NoPatient, SeveralPatients, and InvalidPlan for a bad Bundle."""
    readings = patient_readings(fetched, rules, at)
    plans = PlanResources.sort(fetched.resources, readings.person, rules.rulebook, rules.site, at)
    changes = propagate_status_changes(plans)
    updated = plans.after(changes)
    current, prior = current_plan(updated), prior_runs(updated)
    evaluation = evaluate(readings, current, rules.rulebook, at, run_context(fetched, updated, rules))
    proposal = PlanProposal.of(readings, evaluation, rules.programme)
    draft = draft_action(proposal, prior, rules.site, at)
    written = changes if proposal is not None else ()
    entries = (*written, *draft.entries)
    return PipelineResult(
        at=at,
        readings=readings,
        plans=plans,
        plan=current,
        evaluation=evaluation,
        proposal=proposal,
        transition=draft.transition,
        bundle=checked_bundle(entries, rules.site),
        status_changes=tuple(PlanStatusInEhr(plan=plan, status=status) for plan, status in plan_statuses(written)),
        rejected_plans=prior.rejected_plans,
        unmapped=unmapped_codes(fetched.resources, readings.refusals),
        version=created_plan_version(entries, rules.site),
    )


def patient_readings(fetched: FetchResult, rules: PlanningRules, at: datetime) -> PatientReadings:
    """The readings of a patient, with the refusals of records that did not become resources."""
    readings = read_patient(fetched.resources, rules.rulebook, rules.lookup, rules.site, at)
    return replace(readings, refusals=(*fetched.refusals, *readings.refusals))


def run_context(fetched: FetchResult, plans: PlanResources, rules: PlanningRules) -> EvaluationContext:
    """The site's programme, the red flags that are recorded as open, and how complete the data are."""
    completeness = fetched.completeness.at_site(rules.unused)
    return EvaluationContext(programme=rules.programme, open_flags=open_flags(plans), completeness=completeness)


def checked_bundle(entries: Sequence[Mapping[str, Any]], site: Site) -> Mapping[str, Any]:
    """The transaction, once every resource of the service in it is valid. Raises InvalidPlan."""
    problems = validate(transaction(written_by_service(entries, site)))
    if problems:
        raise InvalidPlan(problems)
    return transaction([dict(entry) for entry in entries])
