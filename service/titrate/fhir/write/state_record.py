"""The decision record of one run: the whole state that the next run is rebuilt from, and a digest to detect changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from titrate.clinical.values.decision import ExercisePrescription, Gate
from titrate.clinical.values.plan import PlanInForce
from titrate.fhir.decision_record import DecisionRecord, ExerciseRecord, to_components
from titrate.fhir.flag_record import FlagRecord
from titrate.fhir.identifiers import digest, dose_list
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds


def state_record(proposal: PlanProposal) -> DecisionRecord:
    """Phase, dates, usual symptoms, open flags, limits and every exercise, as the run leaves them."""
    prescription = proposal.prescription
    return DecisionRecord(
        phase=prescription.phase,
        phase_before=proposal.plan.phase,
        phase_since=prescription.phase_since,
        loading_since=prescription.loading_since,
        flare_first_day=prescription.flare_first_day,
        flare_grade=prescription.flare_grade,
        usual_pain=prescription.usual_pain,
        usual_fatigue=prescription.usual_fatigue,
        open_flags=tuple(
            FlagRecord(flag=flag.flag, since=flag.since, urgency=flag.urgency)
            for flag in sorted(proposal.flags, key=lambda flag: flag.flag)
        ),
        rulebook=f"{proposal.rulebook.version} {proposal.rulebook.digest}",
        limits=prescription.limits,
        exercises={item.exercise: _exercise(item, proposal.plan) for item in prescription.exercises},
    )


def decision_record(proposal: PlanProposal, fingerprint: str, goal: str, written: Mapping[str, str]) -> DecisionRecord:
    """The state with the run's own marks. `goal` is the identifier of the goal, if `written` has one."""
    return replace(
        state_record(proposal),
        uncertain="; ".join(proposal.plan.unreadable) or None,
        review=proposal.decision.review,
        refusals=proposal.refusals,
        fingerprint=fingerprint,
        goal_identifier=goal if "goal" in written else None,
        written=written,
    )


def _exercise(exercise: ExercisePrescription, plan: PlanInForce) -> ExerciseRecord:
    return ExerciseRecord(
        dose=exercise.dose,
        weekly_frequency=exercise.weekly_frequency,
        start=exercise.start,
        reference=exercise.reference,
        before_flare=exercise.before_flare,
        before_deload=exercise.before_deload,
        rung=exercise.rung,
        override=plan.edited_dose(exercise.exercise),
        dose_since=exercise.dose_since,
        last_raised=exercise.last_raised,
        instruction=plan.instruction(exercise.exercise),
        increment=exercise.increment,
        range_low=exercise.range_low,
        range_high=exercise.range_high,
        target=exercise.target,
    )


def fingerprint(proposal: PlanProposal, names: ResourceIds) -> str:
    """Equal on two days when the decision, the rules and gates behind it and the state are equal.

    Numbers of the trace are left out: a mean that moves from one day to the next without changing any verdict is no
    new reason.
    """
    decision = proposal.decision
    return digest(
        [
            decision.rule,
            decision.outcome,
            decision.review,
            sorted(decision.matched),
            sorted(decision.notes),
            [[item.exercise, dose_list(item.next)] for item in decision.doses],
            [
                [item.exercise, sorted(gate for gate, verdict in item.gates.items() if verdict is Gate.FAIL)]
                for item in decision.candidates
            ],
            sorted(flag.flag for flag in proposal.flags),
            sorted(map(str, proposal.assessment.missing)),
            to_components(replace(state_record(proposal), phase_before=None), names.site.codes),
        ],
        32,
    )
