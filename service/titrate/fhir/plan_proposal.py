"""Everything that a draft is written from: the plan in force, the findings, the decision and the prescription."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from titrate.clinical.evaluate import Evaluation
from titrate.clinical.insights.clinician_overview import ClinicianOverview, clinician_overview
from titrate.clinical.red_flags.alarming_texts import AlarmingText
from titrate.clinical.values.completeness import Completeness
from titrate.clinical.values.decision import Assessment, Decision, Flag, Prescription
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import Diagnosis, PatientDetails, PatientGoal, PatientReadings, TrialReported
from titrate.clinical.values.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class PlanProposal:
    """The result of one run for one patient. `refusals` counts the records that could not be used.

    `spent` are versions whose draft was revoked (`PriorRuns.spent`). `goals` and `diagnoses` are linked, not copied.
    `overview` is what readers are shown beside the decision.
    `tried` is the local date of the newest tolerance trial. `reopened` are the texts whose words reopened items of the
    safety screen.
    """

    person: PatientDetails
    plan: PlanInForce
    flags: tuple[Flag, ...]
    assessment: Assessment
    decision: Decision
    prescription: Prescription
    refusals: int
    rulebook: Rulebook
    goals: tuple[PatientGoal, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    spent: frozenset[str] = frozenset()
    overview: ClinicianOverview | None = None
    tried: date | None = None
    completeness: Completeness = field(default_factory=Completeness)
    reopened: tuple[AlarmingText, ...] = ()

    @classmethod
    def of(cls, readings: PatientReadings, evaluation: Evaluation, programme: str) -> Self | None:
        """The proposal of a run; None where the patient is not eligible and nothing may be written."""
        if evaluation.prescription is None:
            return None
        plan, rulebook = evaluation.picture.record.plan, evaluation.picture.record.rulebook
        return cls(
            person=readings.person,
            plan=plan,
            flags=evaluation.flags,
            assessment=evaluation.assessment,
            decision=evaluation.decision,
            prescription=_with_written_instructions(evaluation.prescription, plan),
            refusals=len(readings.reported_refusals),
            rulebook=rulebook,
            goals=tuple(r for r in readings.readings if isinstance(r, PatientGoal)),
            diagnoses=tuple(r for r in readings.readings if isinstance(r, Diagnosis)),
            overview=clinician_overview(evaluation.picture, evaluation.decision, rulebook.programmes[programme]),
            tried=max((r.stamp.day for r in readings.readings if isinstance(r, TrialReported)), default=None),
            completeness=evaluation.completeness,
            reopened=evaluation.picture.safety.screen.reopened,
        )


def _with_written_instructions(prescription: Prescription, plan: PlanInForce) -> Prescription:
    """The prescription with the instructions that a clinician wrote into the plan in force."""
    exercises = tuple(
        replace(item, instruction=words) if (words := plan.instruction(item.exercise)) is not None else item
        for item in prescription.exercises
    )
    return replace(prescription, exercises=exercises)
