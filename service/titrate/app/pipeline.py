"""The corridor for one patient: resources in, everything found and the Bundle to send out. Pure.

Fetching before it and delivering after it are `titrate.app.fetch_and_deliver`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from titrate.app.draft_lifecycle import Transition, transition, transition_bundle
from titrate.clinical.evaluate import Evaluation, evaluate
from titrate.clinical.insights.clinician_overview import clinician_overview
from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.decision import Prescription
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import (
    Diagnosis,
    PatientGoal,
    PatientReadings,
    Refusal,
    RefusalReason,
    TrialReported,
)
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.plan_state import PriorRuns, prior_runs, read_current_plan, recorded_flags
from titrate.fhir.plan_state.plan_resources import is_ours, plan_resources
from titrate.fhir.read import read_patient
from titrate.fhir.simulate_transaction import simulate
from titrate.fhir.site import Site
from titrate.fhir.transitions.ehr_status_changes import propagate_status_changes
from titrate.fhir.unmapped_codes import unmapped_codes
from titrate.fhir.validate import Problem, validate
from titrate.fhir.write import transaction
from titrate.fhir.write.decision_components import instruction_of


class InvalidPlan(Exception):
    """We composed something that FHIR does not allow: a fault of ours, never sent. `problems` name the places."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "A composed resource is not valid: " + "; ".join(f"{p.location}: {p.message}" for p in problems)
        )


@dataclass(frozen=True, slots=True)
class PlanningRules:
    """What every patient of a site shares: rulebook, lookup, site, the programme in use, and days to look back."""

    rulebook: Rulebook
    lookup: CodeLookup
    site: Site
    programme: str = "general"
    lookback: int = 120


@dataclass(frozen=True, slots=True)
class PipelineResult:
    """One patient's way through the corridor. `proposal` is None for D0; `bundle` may have no entry.

    `followed` are the plans that a person had decided on in the EHR, whose orders, goal and Task follow now; `unmapped`
    the codes that no mapping knows; `turned_down` the plans of ours that a person rejected.
    """

    at: datetime
    heard: PatientReadings
    plan: PlanInForce
    result: Evaluation
    proposal: PlanProposal | None
    move: Transition
    bundle: Mapping[str, Any]
    followed: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    turned_down: tuple[str, ...] = ()


def plan_patient(
    resources: Sequence[Mapping[str, Any]], rules: PlanningRules, at: datetime, refusals: tuple[Refusal, ...] = ()
) -> PipelineResult:
    """Read, gather, screen, assess, decide, prescribe, compose, check. Raises `InvalidPlan` for a bad Bundle.

    `refusals` are those of records that did not even become resources.
    """
    heard = read_patient(resources, rules.rulebook, rules.lookup, rules.site, at)
    heard = replace(heard, refusals=(*refusals, *heard.refusals))
    follow = propagate_status_changes(plan_resources(resources, heard.person, rules.rulebook, rules.site, at))
    settled = simulate(resources, follow) if follow else resources
    plan = read_current_plan(settled, heard.person, rules.rulebook, rules.site, at)
    carried = recorded_flags(settled, heard.person, rules.rulebook, rules.site, at)
    heard = replace(heard, readings=(*heard.readings, *carried))
    result = evaluate(heard, plan, rules.rulebook, at, rules.programme)
    proposal = plan_proposal(heard, plan, result, rules)
    codes = unmapped_codes(resources, heard.refusals)
    if proposal is None:
        return PipelineResult(at, heard, plan, result, None, Transition.NOTHING, transaction([]), unmapped=codes)
    trail = prior_runs(settled, heard.person, rules.rulebook, rules.site, at)
    move, bundle = planned_bundle(proposal, trail, rules.site, at)
    sent = checked_bundle((*follow, *bundle.get("entry", ())), rules.site)
    followed = tuple(_followed(follow))
    return PipelineResult(at, heard, plan, result, proposal, move, sent, followed, codes, trail.turned_down)


def plan_proposal(
    heard: PatientReadings, plan: PlanInForce, result: Evaluation, rules: PlanningRules
) -> PlanProposal | None:
    """What composing needs; None where nothing may be written."""
    if result.prescription is None:
        return None
    return PlanProposal(
        person=heard.person,
        plan=plan,
        flags=result.flags,
        assessment=result.assessment,
        decision=result.decision,
        prescription=_in_their_words(result.prescription, plan),
        refusals=len(reported_refusals(heard)),
        rulebook=rules.rulebook,
        goals=tuple(r for r in heard.readings if isinstance(r, PatientGoal)),
        diagnoses=tuple(r for r in heard.readings if isinstance(r, Diagnosis)),
        overview=clinician_overview(result.picture, result.decision, rules.rulebook.programmes[rules.programme]),
        tried=max((r.stamp.day for r in heard.readings if isinstance(r, TrialReported)), default=None),
    )


def _in_their_words(prescription: Prescription, plan: PlanInForce) -> Prescription:
    """The same with the instructions that a person wrote into the plan in force."""
    exercises = tuple(
        replace(item, instruction=words) if (words := instruction_of(plan, item.exercise)) is not None else item
        for item in prescription.exercises
    )
    return replace(prescription, exercises=exercises)


def reported_refusals(heard: PatientReadings) -> tuple[Refusal, ...]:
    """The refusals that somebody should look at. What was said twice counts once and is no fault."""
    return tuple(r for r in heard.refusals if r.reason is not RefusalReason.DUPLICATE)


def planned_bundle(
    proposal: PlanProposal, trail: PriorRuns, site: Site, at: datetime
) -> tuple[Transition, Mapping[str, Any]]:
    """The transition and its Bundle."""
    move = transition(proposal, trail, site, at)
    return move, transition_bundle(move, proposal, trail, site, at)


def checked_bundle(entries: Sequence[Mapping[str, Any]], site: Site) -> Mapping[str, Any]:
    """The transaction, after all that is ours in it was checked. What others wrote goes back as it came."""
    ours = [one for one in entries if one["request"]["method"] == "POST" or is_ours(one["resource"], site)]
    problems = validate(transaction([dict(one) for one in ours]))
    if problems:
        raise InvalidPlan(problems)
    return transaction([dict(one) for one in entries])


def _followed(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for entry in entries:
        if entry["request"]["url"].startswith("CarePlan/"):
            yield f"{entry['request']['url']} is {entry['resource']['status']}"
