"""The clinical part of the corridor in one call: what was heard and the plan that stands, to a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from titrate.clinical.outcome.assessment import assess
from titrate.clinical.outcome.prescription import prescribe
from titrate.clinical.picture.clinical_picture import ClinicalPicture, clinical_picture
from titrate.clinical.picture.data_sufficiency import missing_data
from titrate.clinical.record.eligibility import not_eligible
from titrate.clinical.record.patient_record import patient_record
from titrate.clinical.rules.decision_table import decide, not_eligible_decision
from titrate.clinical.values.decision import Assessment, Decision, Flag, Prescription
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import PatientReadings
from titrate.clinical.values.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the clinical rooms found, and from what. `prescription` is None when the patient is not eligible (D0)."""

    flags: tuple[Flag, ...]
    assessment: Assessment
    decision: Decision
    prescription: Prescription | None
    picture: ClinicalPicture


def evaluate(
    heard: PatientReadings, plan: PlanInForce, rulebook: Rulebook, at: datetime, programme: str = "general"
) -> Evaluation:
    """Assess and decide for one patient at `at` (aware). Pure: the same arguments give the same result."""
    record = patient_record(heard, plan, rulebook, at)
    picture = clinical_picture(record)
    lacking = missing_data(picture)
    assessment = assess(picture, lacking)
    refused = not_eligible(heard.person, record.today, rulebook)
    if refused:
        return Evaluation((), assessment, not_eligible_decision(refused, plan.phase), None, picture)
    decision = decide(picture, rulebook.programmes[programme], lacking)
    prescription = prescribe(picture, decision, rulebook.programmes[programme])
    return Evaluation(picture.safety.flags, assessment, decision, prescription, picture)
