"""Whether the patient may be given a sheet of the plan in force: approved, and nothing since speaks for less (viii)."""

from __future__ import annotations

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.dose_math import is_within
from titrate.clinical.values.plan import Phase

ENDED = frozenset({Phase.STOPPED, Phase.DISCHARGED})


def withholding_reasons(picture: ClinicalPicture, decision: Decision) -> tuple[str, ...]:
    """Why no sheet is given, in words for the clinician; empty when it may be given. A draft alone never releases."""
    plan = picture.record.plan
    if decision.outcome is Outcome.NOT_ELIGIBLE:
        return ("this person cannot be given a plan by this service",)
    if plan.reference is None or plan.approved is None:
        return ("no approved plan is in force: approve the draft first",)
    return (*_standing(picture), *_since(picture, decision))


def _standing(picture: ClinicalPicture) -> tuple[str, ...]:
    """What the plan in force itself says against it."""
    plan, found = picture.record.plan, []
    if any(change.element == "status" for change in plan.overrides):
        found.append("a clinician has put the plan on hold")
    if plan.phase in ENDED:
        found.append("the plan has ended")
    if not picture.dosed:
        found.append("no exercise of the plan has a dose")
    return tuple(found)


def _since(picture: ClinicalPicture, decision: Decision) -> tuple[str, ...]:
    """What is known since its approval and speaks for less than it says."""
    if picture.safety.stops:
        return ("a red flag is open: no exercise before a clinician has cleared it",)
    if any(not is_within(change.current, change.next) for change in decision.doses if change.current is not None):
        return (f"the records now speak for a lower dose (rule {decision.rule}): decide on the draft first",)
    return ()
