"""What a clinician may approve, and when the patient may receive the sheet (H01, H04, H07, B6, section viii).

A clinician decides about doses; the service only stops what no reason can justify.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture, clinical_picture
from titrate.clinical.picture.data_sufficiency import screen_gaps
from titrate.clinical.record.limits import dose_cap
from titrate.clinical.record.patient_record import PatientRecord, ineligibility_reasons
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.dose_math import is_within
from titrate.clinical.values.plan import Dose, EditedElement, Phase
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages import Message
from titrate.messages.decisions import (
    FlagIsOpen,
)
from titrate.messages.dose_limits import (
    AboveDraft,
    AboveLimit,
    FlagForbidsExercise,
    LowerByTodaysReports,
    MoreThanStepOverCurrent,
    MoreThanStepOverDraft,
    ScreenOutstanding,
    SheetFlagOpen,
    SheetLowerDose,
    SheetNeedsApproval,
    SheetNotEligible,
    SheetPlanEnded,
    SheetPlanOnHold,
    SheetWithoutDose,
)

LOWERING = frozenset({"D1", "D2", "D3", "D4"})
# The rules whose drafts wait for the red-flag screen.
SCREENED = frozenset({"D2", "D3", "D4"})
ENDED = frozenset({Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True)
class RequestedDose:
    """The dose of one exercise: in force, as drafted, and as it would be approved. None is no dose."""

    current: Dose | None
    drafted: Dose | None
    approved: Dose | None


@dataclass(frozen=True, slots=True)
class Objections:
    """`forbids` is why doses cannot be approved at all; `explain` what needs a reason. Both are for a clinician."""

    forbids: tuple[Message, ...] = ()
    explain: tuple[Message, ...] = ()


def objections(record: PatientRecord, requested: Mapping[str, RequestedDose]) -> Objections:
    """The objections to doses at the moment of the record, whatever was drafted and when."""
    # A clinician may change what a clinician set in the plan in force; limits and other authors' plans still bind.
    plan = record.plan
    own_bounds_lifted = replace(plan, overrides=(), bounds=tuple(b for b in plan.bounds if b.plan != plan.reference))
    picture = clinical_picture(replace(record, plan=own_bounds_lifted))
    flags = tuple(record.rulebook.named(flag.flag) for flag in picture.safety.flags)
    forbids = [*ineligibility_reasons(record.person, record.today, record.rulebook)]
    if picture.safety.stops and any(dose.approved for dose in requested.values()):
        forbids += [FlagForbidsExercise(flag=flag) for flag in flags]
    explain: list[Message] = [] if picture.safety.stops else [FlagIsOpen(flag=flag) for flag in flags]
    for exercise, dose in requested.items():
        forbids += _too_much(picture, exercise, dose)
        if not is_within(dose.approved, dose.drafted):
            explain.append(AboveDraft(exercise=exercise))
    return Objections(tuple(forbids), tuple(explain))


def screen_objection(record: PatientRecord, rule: str) -> tuple[Message, ...]:
    """A draft of a lowering rule waits until the red-flag screen is answered (`SCREEN_OUTSTANDING`)."""
    if rule not in SCREENED:
        return ()
    gaps = screen_gaps(clinical_picture(record))
    return (ScreenOutstanding(items=gaps),) if gaps else ()


def lower_since(decision: Decision, requested: Mapping[str, RequestedDose], rulebook: Rulebook) -> tuple[Message, ...]:
    """Exercises to which today's decision, by the reports since the draft, gives a lower dose."""
    if decision.rule not in LOWERING:
        return ()
    today = {change.exercise: change.next for change in decision.doses}
    rule = rulebook.named(decision.rule)
    return tuple(
        LowerByTodaysReports(exercise=exercise, rule=rule)
        for exercise, dose in requested.items()
        if exercise in today and not is_within(dose.approved, today[exercise])
    )


def _too_much(picture: ClinicalPicture, exercise: str, requested: RequestedDose) -> list[Message]:
    """Above a clinician's limit or another author's plan, or further above the dose in force than one step."""
    dose = requested.approved
    if dose is None:
        return []
    amount, load = dose_cap(picture.record, exercise)
    found: list[Message] = []
    if (amount is not None and dose.amount > amount) or (load is not None and (dose.load or 0) > load):
        found.append(AboveLimit(exercise=exercise))
    most = 1 + picture.record.rulebook.numbers.step_max_pct
    base = requested.current or requested.drafted
    if base is not None and not is_within(dose, _times(base, most)) and not is_within(dose, requested.drafted):
        over = MoreThanStepOverCurrent if requested.current else MoreThanStepOverDraft
        found.append(over(exercise=exercise, most=most))
    return found


def _times(dose: Dose, factor: Decimal) -> Dose:
    return replace(dose, amount=dose.amount * factor, load=None if dose.load is None else dose.load * factor)


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
    if any(change.element is EditedElement.STATUS for change in plan.overrides):
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
