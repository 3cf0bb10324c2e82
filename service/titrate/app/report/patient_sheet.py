"""The patient's sheet of the plan in force, or the reasons why there is none."""

from __future__ import annotations

from titrate.app.errors import NoPatientSheet
from titrate.app.pipeline import PipelineResult, PlanningRules
from titrate.clinical.insights.clinician_overview import talking_points
from titrate.clinical.insights.week_plan import week_of_doses
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.prescription.approval_checks import withholding_reasons
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.patient_sheet_sections import CardNumbers, Sheet, sheet_sections
from titrate.fhir.narrative.section import Section


def patient_sheet(result: PipelineResult, rules: PlanningRules) -> tuple[Section, ...]:
    """The sheet of the plan in force, never of a draft. Raises `NoPatientSheet`."""
    picture, decision = result.evaluation.picture, result.evaluation.decision
    reasons = withholding_reasons(picture, decision)
    if reasons:
        raise NoPatientSheet(reasons)
    programme = rules.rulebook.programmes[rules.programme]
    plan = result.plan
    week = week_of_doses(picture, {e.exercise: e.dose for e in plan.exercises}, plan.exercises, programme)
    options = week.options if week else ()
    heart = picture.limits.heart_rate
    sheet = Sheet(
        plan=plan,
        rulebook=rules.rulebook,
        programme=programme,
        numbers=CardNumbers(picture.limits.ceiling.value, picture.limits.rpe_cap.value, picture.usual.pain),
        heart_rate=None if heart is None else plain_number(heart.value),
        options=options,
        talking_points=talking_points(picture, decision, programme, options),
        goals=_goals(picture),
        instructions={e.exercise: words for e in plan.exercises if (words := plan.instruction(e.exercise))},
    )
    return sheet_sections(sheet)


def _goals(picture: ClinicalPicture) -> tuple[str, ...]:
    """The patient's open goals, without those that the service wrote."""
    texts = (g.text for g in picture.record.goals if not g.written_by_service and g.is_open and g.text)
    return tuple(dict.fromkeys(texts))
