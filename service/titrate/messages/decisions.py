"""Why a decision was made, what is missing and what a clinician reviews."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message


class ReasonForExercise(Message, text="{exercise}: {reason}"):
    exercise: str
    reason: Message


# Red flags and the end of the programme: D1, stop and escalate


class FlagIsOpen(Message, text="open flag {flag}"):
    flag: Message


class FlagStopsExercise(Message, text="{flag}, open since {since} ({urgency}): {because}"):
    flag: Message
    since: date
    urgency: Message
    because: Message


class ProgrammeEnded(Message, text="the programme has ended ({phase}); only a clinician can restart it"):
    phase: str


# Flare: D2, flare protocol


class FlareReportedByPatient(Message, text="reported by the patient"):
    pass


class FlareAnswerUnreadable(Message, text="the answer to the question about a flare cannot be read, and may be a yes"):
    pass


class FlareByMornings(Message, text="morning pain at least {rise} above usual on two mornings"):
    rise: Decimal


class FlareDose(Message, text="flare since {first} ({cause}), grade {grade}: {factor} times the dose before it"):
    first: date
    cause: Message
    grade: str
    factor: Decimal


class FlareWithoutDose(
    Message, text="flare since {first} ({cause}), grade {grade}: no session target until new trials"
):
    first: date
    cause: Message
    grade: str


class LongFlare(
    Message, text="reassess: the flare has lasted more than {days} {days:day|days}; a new baseline is needed"
):
    days: Decimal


class LastingFlare(Message, text="contact the patient: the flare has lasted more than {days} {days:day|days}"):
    days: Decimal


# Sessions not tolerated: D3, reactive deload


class DeloadDose(Message, text="sessions not tolerated on {days}: {factor} times the dose"):
    days: tuple[date, ...]
    factor: Decimal


class DeloadFloor(Message, text="the floor, {part} times the start dose, is above {factor} times the dose"):
    part: Decimal
    factor: Decimal


class DoseAtFloor(Message, text="{exercise} is at its floor: set a new baseline"):
    exercise: str


# Gap in training: D4, step back after a gap


class GapDose(Message, text="{exercise}: {days} {days:day|days} since the last session, so {factor} times its dose"):
    exercise: str
    days: int
    factor: Decimal


class GapWithoutDose(
    Message, text="{exercise}: {days} {days:day|days} since the last session, so no session target until new trials"
):
    exercise: str
    days: int


class NewTrialsAfterGap(Message, text="{exercise}: {count} new tolerance {count:trial|trials}"):
    exercise: str
    count: Decimal


# What else lowers a dose: a lighter week, a return that starts lower


class LighterWeekBound(Message, text="{days} days of loading: no dose above that of a lighter week"):
    days: int


class ReturnBound(Message, text="flare settled on {settled}: no dose above the start of the return to load"):
    settled: date | None


# Holds: D5, hold and review; D7, hold, too little information


class FlagWaits(Message, text="{flag}, open ({urgency}): {because}"):
    flag: Message
    urgency: Message
    because: Message


class UsualPainAboveCeiling(Message, text="usual pain {usual} above the ceiling {ceiling}"):
    usual: Decimal
    ceiling: Decimal


class UsualPainNeedsClinician(Message, text="usual pain {usual}: only a clinician can start the programme"):
    usual: Decimal


class ClearanceNeeded(Message, text="medical clearance needed before the start: {condition} is listed"):
    condition: str


class FullScreenUnanswered(Message, text="the full safety screen has not been answered"):
    pass


class CheckInItems(Message, text="check-in: {items:;}"):
    items: tuple[Message, ...]


# Baseline by tolerance trials (D6)


class TrialsNeeded(
    Message,
    text="{exercise}: {count} more tolerance {count:trial|trials}, {count:on another day|each on another day}",
):
    exercise: str
    count: int


class UnstableTrials(
    Message, text="{exercise}: {count} more tolerance {count:trial|trials}, because the baseline is unstable"
):
    exercise: str
    count: Decimal


class ClinicianSetsLoad(Message, text="{exercise}: a clinician must set the load"):
    exercise: str


class StartDosesFromTrials(Message, text="start doses from tolerance trials"):
    pass


class BaselineNeeded(Message, text="a baseline is needed first"):
    pass


class MorningPainNeeded(Message, text="morning pain on {count} of {days} days, to establish usual pain"):
    count: Decimal
    days: int


# Return to load: D8


class ReturnStarts(Message, text="flare settled on {settled}: return to load starts"):
    settled: date | None


class RungUp(Message, text="{exercise} goes up one rung"):
    exercise: str


class ReturnReached(Message, text="the dose before the flare has been reached and held for {days} {days:day|days}"):
    days: Decimal


class RungAboveLimit(Message, text="{exercise} has earned a rung, but {reason}"):
    exercise: str
    reason: Message


class RungTooLarge(Message, text="a rung is earned, but none is small enough: a clinician decides how to go on"):
    pass


class RungHeld(Message, text="the rung is held until {count} sessions in a row are tolerated"):
    count: Decimal


# Lighter week: D9


class LighterWeekDue(Message, text="{days} days of loading: a lighter week"):
    days: int


class LighterWeekOver(Message, text="the lighter week is over: the loading dose is restored"):
    pass


class LighterWeekContinues(Message, text="the lighter week continues"):
    pass


# Increase or hold: D10, progress; D11, hold


class EveryGatePasses(Message, text="every gate is met for {exercise}"):
    exercise: str


class IncreaseDeferredThisCycle(
    Message, text="{exercise} is eligible but deferred: only one exercise increases at a time"
):
    exercise: str


class FailingGates(Message, text="{exercise}: gates not met: {gates:;}"):
    exercise: str
    gates: tuple[Message, ...]


class GatesMet(Message, text="{count} {count:gate|gates}"):
    count: int


class NoStepPossible(Message, text="no step is possible"):
    pass


class NoDoseToHold(Message, text="no exercise has a dose"):
    pass


class ReturnOver(Message, text="the return is complete: loading resumes"):
    pass


class SecondBout(Message, text="{exercise}: the clinician may add a second bout on one day of the week"):
    exercise: str


# Review of a plan by a clinician: D12


class NoIncreaseSince(Message, text="no increase since {since}"):
    since: date


class RepeatedDeloads(Message, text="{count} deloads in {days} days"):
    count: int
    days: Decimal


class RepeatedFlares(Message, text="{count} flares in {days} days"):
    count: int
    days: Decimal


class GoalDoseReached(
    Message, text="{exercise} has reached the dose of its goal: the clinician may choose maintenance"
):
    exercise: str


class FunctionFell(Message, text="back to the active programme? PSFS has fallen by {fall}"):
    fall: Decimal


class FewSessionsInMaintenance(
    Message, text="back to the active programme? fewer sessions than planned in {weeks} {weeks:week|weeks} in a row"
):
    weeks: int
