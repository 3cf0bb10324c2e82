"""The clinical part of the pipeline in one call: from a patient's readings and the plan in force to a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from titrate.clinical.picture.clinical_picture import ClinicalPicture, clinical_picture
from titrate.clinical.picture.data_sufficiency import missing_data
from titrate.clinical.prescription.exercise_prescription import prescribe
from titrate.clinical.prescription.tolerance_assessment import assess
from titrate.clinical.record.patient_record import ineligibility_reasons, patient_record
from titrate.clinical.rules.decision_table import decide, not_eligible_decision
from titrate.clinical.rules.stop_and_lower import flag_requests
from titrate.clinical.values.completeness import Completeness
from titrate.clinical.values.decision import Assessment, Decision, Flag, OpenFlag, Prescription
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import PatientReadings
from titrate.clinical.values.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationContext:
    """What a decision needs besides the readings and the plan.

    `open_flags` were recorded as open by earlier runs. On an incomplete record no dose rises (D5).
    """

    programme: str = "general"
    open_flags: tuple[OpenFlag, ...] = ()
    completeness: Completeness = field(default_factory=Completeness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Flags, assessment, decision and prescription.

    Of a patient who is not eligible (D0) `prescription` is None, and `flags` are those that need medical care today:
    no plan is written, and an emergency still has to reach a clinician. A patient who has died has none.
    """

    flags: tuple[Flag, ...]
    assessment: Assessment
    decision: Decision
    prescription: Prescription | None
    picture: ClinicalPicture
    completeness: Completeness = field(default_factory=Completeness)


def evaluate(
    readings: PatientReadings,
    plan: PlanInForce,
    rulebook: Rulebook,
    at: datetime,
    context: EvaluationContext | None = None,
) -> Evaluation:
    """Assess and decide for one patient at `at` (aware). Pure: the same arguments give the same result."""
    context = context or EvaluationContext()
    record = patient_record(readings, plan, rulebook, at, context.open_flags)
    picture = clinical_picture(record)
    missing = missing_data(picture)
    assessment = assess(picture, missing)
    ineligible = ineligibility_reasons(readings.person, record.today, rulebook)
    if ineligible:
        flags = () if readings.person.deceased else picture.safety.flags
        urgent = tuple(flag for flag in flags if flag.urgency.needs_care_today)
        return Evaluation(
            flags=urgent,
            assessment=assessment,
            decision=not_eligible_decision(ineligible, plan.phase, flag_requests(urgent, rulebook)),
            prescription=None,
            picture=picture,
            completeness=context.completeness,
        )
    programme = rulebook.programmes[context.programme]
    decision = decide(picture, programme, missing, context.completeness)
    return Evaluation(
        flags=picture.safety.flags,
        assessment=assessment,
        decision=decision,
        prescription=prescribe(picture, decision, programme),
        picture=picture,
        completeness=context.completeness,
    )
