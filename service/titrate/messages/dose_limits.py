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


class LoadStep(Message, text="one step up in load, repetitions back to the bottom of the range"):
    pass


class AmountStep(Message, text="one step up, rounded down, at least one unit"):
    pass


class IncrementUnknown(Message, text="no step: by how much the load can be raised is not known"):
    pass


class TopOfRange(Message, text="no step: the range is at its top (clinician's choice)"):
    pass


class SmallestStepTooLarge(
    Message, text="the smallest step, {step} over {dose}, is {part} of the dose, above {largest}"
):
    step: Decimal
    dose: str
    part: Decimal
    largest: Decimal


class LoweredToLimit(Message, text="{exercise}: lowered to {limit}, from {value} to {amount} {unit}"):
    exercise: str
    limit: Message
    value: Decimal
    amount: Decimal
    unit: str


class LoweredToNothing(Message, text="{exercise}: lowered to {limit}, from {value} {unit} to no session target"):
    exercise: str
    limit: Message
    value: Decimal
    unit: str


# Limits that an order prints


class PainCap(Message, text="pain during and right after up to {ceiling} of 10"):
    ceiling: Decimal


class ExertionCap(Message, text="exertion up to {effort} of 10 (CR10)"):
    effort: Decimal


class HeartRateCap(Message, text="heart rate up to {rate} a minute"):
    rate: Decimal


class DoseBeyondLimit(Message, text="{rule} would raise {exercise} beyond what is allowed"):
    rule: str
    exercise: str


# Checks of an approval and of the patient's sheet


class FlagForbidsExercise(Message, text="open flag {flag}: no exercise until a clinician has cleared it"):
    flag: Message


class AboveDraft(Message, text="{exercise}: more than the draft says"):
    exercise: str


class ScreenOutstanding(Message, text="SCREEN_OUTSTANDING: {items:;}"):
    items: tuple[Message, ...]


class LowerByTodaysReports(Message, text="{exercise}: today's reports give less by rule {rule}"):
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


class SheetNotEligible(Message, text="this patient cannot be given a plan by this service"):
    pass


class SheetNeedsApproval(Message, text="no approved plan is in force: approve the draft first"):
    pass


class SheetPlanOnHold(Message, text="a clinician has put the plan on hold"):
    pass


class SheetPlanEnded(Message, text="the plan has ended"):
    pass


class SheetWithoutDose(Message, text="no exercise of the plan has a dose"):
    pass


class SheetFlagOpen(Message, text="a red flag is open: no exercise before a clinician has cleared it"):
    pass


class SheetLowerDose(Message, text="the records now indicate a lower dose (rule {rule}): decide on the draft first"):
    rule: Message
