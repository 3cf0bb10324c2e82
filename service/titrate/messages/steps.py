"""The next step of a dose, or why there is none, and the limits that bound a dose."""

from __future__ import annotations

from decimal import Decimal

from titrate.messages.message import Message


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


# --- Limits that an order prints ---


class PainCap(Message, text="pain during and right after up to {ceiling} of 10"):
    ceiling: Decimal


class ExertionCap(Message, text="exertion up to {effort} of 10 (CR10)"):
    effort: Decimal


class HeartRateCap(Message, text="heart rate up to {rate} a minute"):
    rate: Decimal


class DoseBeyondLimit(Message, text="{rule} would raise {exercise} beyond what is allowed"):
    rule: str
    exercise: str
