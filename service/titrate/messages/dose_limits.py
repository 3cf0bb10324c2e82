"""The next step of a dose or why there is none, limits of a dose, and what an approval or a sheet must respect."""

from __future__ import annotations

from decimal import Decimal

from titrate.messages.message import Message

# Steps


class StartDoseAboveLimit(Message, text="the start dose, {amount}, is above {limit}"):
    amount: str
    limit: Message


class NextStepAboveLimit(Message, text="the next step, {amount}, is above {limit}"):
    amount: str
    limit: Message


class NextRungAboveLimit(Message, text="the next rung, {amount}, is above {limit}"):
    amount: str
    limit: Message


class LoadStep(Message, text="one load step up, with repetitions back at the bottom of the range"):
    pass


class AmountStep(Message, text="one step up, rounded down, but at least one unit"):
    pass


class IncrementUnknown(Message, text="no step: the load increment is not known"):
    pass


class TopOfRange(Message, text="no step: already at the top of the range; the clinician decides how to go on"):
    pass


class SmallestStepTooLarge(
    Message,
    text="no step: the smallest one, {step} on top of {dose}, is {part} times the dose; the most allowed is {largest}",
):
    step: Decimal
    dose: str
    part: Decimal
    largest: Decimal


class LoweredToLimit(Message, text="{exercise}: lowered from {before} to {after} because of {limit}"):
    exercise: str
    limit: Message
    before: str
    after: str


class LoweredToNothing(Message, text="{exercise}: no session target because of {limit}; the dose was {before}"):
    exercise: str
    limit: Message
    before: str


# Limits that an order prints


class PainCap(Message, text="pain during and straight after the session up to {ceiling} of 10"):
    ceiling: Decimal


class ExertionCap(Message, text="exertion up to {effort} of 10 (CR10)"):
    effort: Decimal


class HeartRateCap(Message, text="heart rate up to {rate} beats a minute"):
    rate: Decimal


class DoseBeyondLimit(Message, text="{rule} would raise the dose of {exercise} above what is allowed"):
    rule: Message
    exercise: str


# Checks of an approval and of the patient's sheet


class FlagForbidsExercise(Message, text="open flag {flag}: no exercise until a clinician has cleared it"):
    flag: Message


class AboveDraft(Message, text="{exercise}: more than the drafted dose"):
    exercise: str


class ScreenOutstanding(Message, text="the safety screen is outstanding: {items:;}"):
    items: tuple[Message, ...]


class LowerByTodaysReports(Message, text="{exercise}: today's reports call for a lower dose (rule {rule})"):
    exercise: str
    rule: Message


class AboveLimit(Message, text="{exercise}: above a limit that a clinician or another plan sets"):
    exercise: str


class MoreThanStepOverCurrent(Message, text="{exercise}: more than {most} times the dose in force"):
    exercise: str
    most: Decimal


class MoreThanStepOverDraft(Message, text="{exercise}: more than {most} times the drafted dose"):
    exercise: str
    most: Decimal


class SheetNotEligible(Message, text="this service cannot make a plan for this patient"):
    pass


class SheetNeedsApproval(Message, text="no approved plan is in force: approve the draft first"):
    pass


class SheetPlanOnHold(Message, text="a clinician has put the plan on hold"):
    pass


class SheetPlanEnded(Message, text="the plan has ended"):
    pass


class SheetWithoutDose(Message, text="no exercise of the plan has a dose"):
    pass


class SheetFlagOpen(Message, text="a red flag is open: no exercise until a clinician has cleared it"):
    pass


class SheetLowerDose(Message, text="the records now indicate a lower dose (rule {rule}): decide on the draft first"):
    rule: Message
