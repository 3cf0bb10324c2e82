"""Why a decision was made, what is missing and what a clinician reviews."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message


class OtherRulesMatched(Message, text="Rules that matched as well: {rules:;}."):
    rules: tuple[Message, ...]


class Stated(Message, text="{words}"):
    words: str


class ReasonForExercise(Message, text="{exercise}: {reason}"):
    exercise: str
    reason: Message


# Red flags and the end of the programme: D1, stop and escalate


class FlagIsOpen(Message, text="open flag {flag}"):
    flag: Message


class FlagStopsExercise(Message, text="{flag}, open since {since} ({urgency}): {because}"):
    flag: Message
    since: date
    urgency: str
    because: Message


class ProgrammeEnded(Message, text="the programme is {phase}; a clinician alone can restart it"):
    phase: str


# Flare: D2, flare protocol


class FlareReportedByPatient(Message, text="reported by the patient"):
    pass


class FlareByMornings(Message, text="two mornings at or above usual + {rise}"):
    rise: Decimal


class FlareDose(Message, text="flare since {first} ({cause}), grade {grade}: {factor} of the dose before it"):
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


class DeloadDose(Message, text="sessions not tolerated on {days}: {factor} of the dose"):
    days: tuple[date, ...]
    factor: Decimal


class DeloadFloor(Message, text="the floor, {part} of the start dose, is above {factor} of the dose"):
    part: Decimal
    factor: Decimal


class DoseAtFloor(Message, text="{exercise} is at its floor: set a new baseline"):
    exercise: str


# Gap in training: D4, step back after a gap


class GapDose(Message, text="{exercise}: {days} {days:day|days} since the last session, {factor} of its dose"):
    exercise: str
    days: int
    factor: Decimal


class GapWithoutDose(
    Message, text="{exercise}: {days} {days:day|days} since the last session, no session target until new trials"
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
    urgency: str
    because: Message


class UsualPainAboveCeiling(Message, text="usual pain {usual} above the ceiling {ceiling}"):
    usual: Decimal
    ceiling: Decimal


class UsualPainNeedsClinician(Message, text="usual pain {usual}: a clinician starts"):
    usual: Decimal


class ClearanceNeeded(Message, text="medical clearance before the start: {condition} is listed"):
    condition: str


class FullScreenUnanswered(Message, text="the full safety screen is not answered"):
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


class UnstableTrials(Message, text="{exercise}: {count} more tolerance {count:trial|trials}, the baseline is unstable"):
    exercise: str
    count: Decimal


class ClinicianSetsLoad(Message, text="{exercise}: a clinician sets the load"):
    exercise: str


class StartDosesFromTrials(Message, text="start doses from tolerance trials"):
    pass


class BaselineNeeded(Message, text="a baseline is needed first"):
    pass


class MorningPainNeeded(Message, text="morning pain on {count} of {days} days, for usual pain"):
    count: Decimal
    days: int


# Return to load: D8


class ReturnStarts(Message, text="flare settled on {settled}: return to load starts"):
    settled: date | None


class RungUp(Message, text="a rung up for {exercise}"):
    exercise: str


class ReturnReached(Message, text="the dose before the flare is reached, and held for {days} {days:day|days}"):
    days: Decimal


class RungAboveLimit(Message, text="a rung is earned for {exercise}: {reason}"):
    exercise: str
    reason: Message


class RungTooLarge(
    Message, text="a rung is earned, and none fits that is small enough: a clinician decides how to go on"
):
    pass


class RungHeld(Message, text="the rung is held until {count} sessions in a row are tolerated"):
    count: Decimal


# Lighter week: D9


class LighterWeekDue(Message, text="{days} days of loading: a lighter week"):
    days: int


class LighterWeekOver(Message, text="the lighter week is over: the loading dose is restored"):
    pass


class LighterWeekContinues(Message, text="the lighter week goes on"):
    pass


# Increase or hold: D10, progress; D11, hold


class EveryGatePasses(Message, text="every gate passes for {exercise}"):
    exercise: str


class IncreaseDeferredThisCycle(Message, text="{exercise} is eligible, deferred: one change a cycle"):
    exercise: str


class FailingGates(Message, text="{exercise}: gates that fail: {gates:;}"):
    exercise: str
    gates: tuple[Message, ...]


class GatesMet(Message, text="{count} {count:gate|gates}"):
    count: int


class NoStepPossible(Message, text="no step is possible"):
    pass


class NoDoseToHold(Message, text="no exercise has a dose"):
    pass


class ReturnOver(Message, text="the return is over: loading begins again"):
    pass


class SecondBout(Message, text="{exercise}: a second bout on one day of the week is the clinician's option"):
    exercise: str


# Review of a plan by a clinician: D12


class NoIncreaseSince(Message, text="no rise since {since}"):
    since: date


class RepeatedDeloads(Message, text="{count} deloads in {days} days"):
    count: int
    days: Decimal


class RepeatedFlares(Message, text="{count} flares in {days} days"):
    count: int
    days: Decimal


class GoalDoseReached(Message, text="{exercise} is at the dose of its goal: maintenance is the clinician's choice"):
    exercise: str


class FunctionFell(Message, text="back to the active programme? PSFS has fallen by {fall}"):
    fall: Decimal


class FewSessionsInMaintenance(
    Message, text="back to the active programme? fewer sessions than planned in {weeks} {weeks:week|weeks} in a row"
):
    weeks: int
