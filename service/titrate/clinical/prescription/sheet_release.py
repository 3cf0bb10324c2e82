"""Whether the patient may receive a sheet of the plan in force: approved, and no report since indicates less (viii)."""

from __future__ import annotations

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.dose_math import is_within
from titrate.clinical.values.plan import Phase
from titrate.messages import Message
from titrate.messages.dose_limits import (
    SheetFlagOpen,
    SheetLowerDose,
    SheetNeedsApproval,
    SheetNotEligible,
    SheetPlanEnded,
    SheetPlanOnHold,
    SheetWithoutDose,
)

ENDED = frozenset({Phase.STOPPED, Phase.DISCHARGED})


def withholding_reasons(picture: ClinicalPicture, decision: Decision) -> tuple[Message, ...]:
    """Why the sheet is withheld, for the clinician; empty when it may be given. A draft alone never releases it."""
    plan = picture.record.plan
    if decision.outcome is Outcome.NOT_ELIGIBLE:
        return (SheetNotEligible(),)
    if plan.reference is None or plan.approved is None:
        return (SheetNeedsApproval(),)
    return (*_reasons_of_plan(picture), *_reasons_since_approval(picture, decision))


def _reasons_of_plan(picture: ClinicalPicture) -> tuple[Message, ...]:
    plan, found = picture.record.plan, list[Message]()
    if any(change.element == "status" for change in plan.overrides):
        found.append(SheetPlanOnHold())
    if plan.phase in ENDED:
        found.append(SheetPlanEnded())
    if not picture.dosed:
        found.append(SheetWithoutDose())
    return tuple(found)


def _reasons_since_approval(picture: ClinicalPicture, decision: Decision) -> tuple[Message, ...]:
    if picture.safety.stops:
        return (SheetFlagOpen(),)
    if any(not is_within(change.current, change.next) for change in decision.doses if change.current is not None):
        return (SheetLowerDose(rule=picture.record.rulebook.named(decision.rule)),)
    return ()
