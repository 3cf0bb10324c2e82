"""What a clinician may approve: what never passes, and what passes with a reason (H01, H04, H07, B6).

A clinician decides about doses; the machine only stops what no reason can justify.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture, clinical_picture
from titrate.clinical.picture.data_sufficiency import screen_gaps
from titrate.clinical.record.dose_caps import dose_cap
from titrate.clinical.record.eligibility import ineligibility_reasons
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.dose_math import is_within
from titrate.clinical.values.plan import Dose

LOWERING = frozenset({"D1", "D2", "D3", "D4"})
# The rules whose drafts wait for the red-flag screen.
SCREENED = frozenset({"D2", "D3", "D4"})


@dataclass(frozen=True, slots=True)
class RequestedDose:
    """The dose of one exercise: in force, as drafted, and as it would be approved. None is no dose."""

    current: Dose | None
    drafted: Dose | None
    approved: Dose | None


@dataclass(frozen=True, slots=True)
class Objections:
    """`forbids` says why it cannot be approved at all; `explain` what needs a reason. Both are for a clinician."""

    forbids: tuple[str, ...] = ()
    explain: tuple[str, ...] = ()


def objections(record: PatientRecord, requested: Mapping[str, RequestedDose]) -> Objections:
    """The objections to doses at the moment of the record, whatever was drafted and when."""
    # A clinician may change what a clinician set in the plan in force; limits and other authors' plans still bind.
    plan = record.plan
    own_bounds_lifted = replace(plan, overrides=(), bounds=tuple(b for b in plan.bounds if b.plan != plan.reference))
    picture = clinical_picture(replace(record, plan=own_bounds_lifted))
    forbids = [*map(str, ineligibility_reasons(record.person, record.today, record.rulebook))]
    if picture.safety.stops and any(item.approved for item in requested.values()):
        forbids += [
            f"{flag.flag.upper()} is open: no exercise until a clinician has cleared it"
            for flag in picture.safety.flags
        ]
    explain = [f"{flag.flag.upper()} is open" for flag in picture.safety.flags if not picture.safety.stops]
    for exercise, item in requested.items():
        forbids += _too_much(picture, exercise, item)
        if not is_within(item.approved, item.drafted):
            explain.append(f"{exercise}: more than the draft says")
    return Objections(tuple(forbids), tuple(explain))


def screen_objection(record: PatientRecord, rule: str) -> tuple[str, ...]:
    """A draft of a lowering rule waits until the red-flag screen is answered (`SCREEN_OUTSTANDING`)."""
    if rule not in SCREENED:
        return ()
    lacking = screen_gaps(clinical_picture(record))
    return (f"SCREEN_OUTSTANDING: {'; '.join(map(str, lacking))}",) if lacking else ()


def lower_since(decision: Decision, asked: Mapping[str, RequestedDose]) -> tuple[str, ...]:
    """What the reports since the draft say: exercises that the decision of today gives less of."""
    if decision.rule not in LOWERING:
        return ()
    today = {change.exercise: change.next for change in decision.doses}
    return tuple(
        f"{exercise}: by today's reports {decision.rule} would give less"
        for exercise, item in asked.items()
        if exercise in today and not is_within(item.approved, today[exercise])
    )


def _too_much(picture: ClinicalPicture, exercise: str, item: RequestedDose) -> list[str]:
    """Above a clinician's limit or another author's plan, or further above the dose in force than one step may go."""
    dose = item.approved
    if dose is None:
        return []
    amount, load = dose_cap(picture.record, exercise)
    found = []
    if (amount is not None and dose.amount > amount) or (load is not None and (dose.load or 0) > load):
        found.append(f"{exercise}: above a limit that a person set")
    most = 1 + picture.record.rulebook.numbers.step_max_pct
    base = item.current or item.drafted
    if base is not None and not is_within(dose, _times(base, most)) and not is_within(dose, item.drafted):
        found.append(f"{exercise}: more than {most} times the {'dose in force' if item.current else 'drafted dose'}")
    return found


def _times(dose: Dose, factor: Decimal) -> Dose:
    return replace(dose, amount=dose.amount * factor, load=None if dose.load is None else dose.load * factor)
