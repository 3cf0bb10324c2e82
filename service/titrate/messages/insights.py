"""Sentences of the insights: timelines, sessions, preferences, ladders, follow-up, restart, outcomes and the week."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Goal timeline: why the steps end before the target, and what the clinician can offer instead


class GoalNeedsClinicianStep(
    Message, text="the smallest step is too large, or the range is at its top: a clinician's choice"
):
    """The rules have no next step before the target."""


class GoalAboveDoseLimit(Message, text="an upper limit on the dose lies below the target"):
    """A clinician's limit or another author's plan bounds the dose."""


class GoalBeyondProjection(Message, text="the steps go beyond what is projected"):
    """The target needs more steps than the rulebook's horizon."""


class OfferSmallerGoal(Message, text="a goal of {amount} {unit} by {due}"):
    """A target that the steps can reach by then."""

    amount: Decimal
    unit: str
    due: date


class OfferSplitBouts(Message, text="split bouts: the same in parts of up to {amount} {unit}, with a rest between"):
    """The target in several parts."""

    amount: Decimal
    unit: str


class OfferLaterDate(Message, text="a later date"):
    """The target with more time."""


# Sessions: what limited them, and how exercises were performed


class StoppedForSymptom(Message, text="stopped for {symptom}"):
    """The patient stopped a session for a symptom."""

    symptom: str


class PainQualityReported(Message, text="{quality} pain"):
    """Pain in a session was of another quality than usual."""

    quality: str


class LimitedBySymptom(Message, text="limited by {symptom}"):
    """A symptom limited a tolerance trial."""

    symptom: str


class SessionNotTolerated(Message, text="not tolerated"):
    """The session class is X."""


class FormReported(Message, text="form {form}"):
    """The form was not good."""

    form: str


class CompensationReported(Message, text="compensation: {movement}"):
    """The patient moved evasively."""

    movement: str


class TempoReported(Message, text="tempo {tempo}"):
    """The tempo was not the planned one."""

    tempo: str


# Preferences: why an exercise of the plan, or a liked one, does not suit


class ExerciseDisliked(Message, text="{exercise} is not liked"):
    """The patient dislikes it."""

    exercise: str


class ExerciseNeedsEquipment(Message, text="{exercise} needs {equipment: or}, which is not at hand"):
    """The patient has nothing that it needs."""

    exercise: str
    equipment: tuple[str, ...]


class ExerciseResemblesFactors(Message, text="{exercise} resembles what brings symptoms on ({factors})"):
    """It is like a reported aggravating factor."""

    exercise: str
    factors: tuple[str, ...]


class SessionLongerThanFreeTime(
    Message,
    text="{exercise} takes longer than the time that is free on a day: split it, or agree on other times",
):
    """The dose does not fit into the patient's free minutes."""

    exercise: str


# Ladders: what must come before the next step


class LadderWaitsForFallsAssessment(
    Message, text="falls ({flag}): no balance work before a clinician has assessed them"
):
    """An open flag for falls blocks the balance ladder."""

    flag: str


class LadderWaitsForRedFlag(Message, text="an open red flag: no step before it is cleared"):
    """An open red flag blocks every ladder."""


class LadderWaitsForSymptoms(Message, text="symptoms have lowered the plan: no new step now"):
    """A flare, deload or return blocks every ladder."""


# Follow-up: why the next contact is due


class FollowUpForExpiringLimits(Message, text="limits run out: repeat tests and scores, confirm the limits"):
    """The approved limits expire before the next contact."""


class FollowUpForRedFlag(Message, text="an open red flag, with the urgency that it names"):
    """Exercise is stopped."""


class FollowUpInMaintenance(Message, text="maintenance"):
    """The plan is in maintenance."""


class FollowUpForStartingDoses(Message, text="doses are being found"):
    """Baseline, deload, return, or no dose yet."""


class FollowUpInFirstWeeks(Message, text="the first weeks of a plan"):
    """The plan has started recently."""


class FollowUpWhileLoading(Message, text="loading goes on"):
    """The usual rhythm."""


class FollowUpForNewFlare(Message, text="a flare began"):
    """No contact since the flare began."""


class FollowUpOnFlareDay(Message, text="day {day} of a flare"):
    """A contact on a fixed day of the flare."""

    day: int


class FollowUpForUnsettledFlare(Message, text="a flare that does not settle"):
    """The flare outlasts its fixed contacts."""


# Restart: what led to the offer


class RestartAfterGap(Message, text="a gap without sessions"):
    """The decision is a step back after a gap."""


class RestartAfterLowAdherence(Message, text="few of the week's sessions were done"):
    """Adherence of every exercise is low."""


class RestartForSparseDiary(Message, text="few mornings have an entry"):
    """The diary alert is on."""


# Psychosocial findings and what follows from them


class ModerateFearOfMovement(Message, text="moderate fear of movement"):
    """TSK-11 in its middle band."""


class HighFearOfMovement(Message, text="high fear of movement"):
    """TSK-11 or TSK-17 in its high band."""


class ManySensitisationSymptoms(Message, text="many symptoms of sensitisation, which prove nothing"):
    """The CSI is high; it is no diagnosis."""


class LowPainSelfEfficacy(Message, text="low confidence in spite of pain"):
    """The PSEQ is low."""


class PostExertionalWorsening(Message, text="worsening after exertion"):
    """Red flag RF16 is open."""


class NoRiseDuringHold(Message, text="no dose rises while this lasts ({gate})"):
    """Sleep, mood or a stressor holds progression."""

    gate: str


class NoFixedIncrements(Message, text="no programme of fixed increments; a specialist decides"):
    """What follows from post-exertional worsening."""


class SmallerStepsAndLadder(Message, text="smaller steps, and an exposure ladder"):
    """What follows from moderate fear."""


class SmallerStepsLadderStarted(Message, text="smaller steps; the exposure ladder has started"):
    """What follows from high fear once exposure has started."""


class NoRiseBeforeLadder(Message, text="no rise before an exposure ladder starts"):
    """What follows from high fear before exposure."""


class SmallerStepsCautiousProfile(Message, text="smaller steps (cautious profile)"):
    """What follows from the other scores."""


# Outcome measures


class VerdictCount(Message, text="{count} {verdict}"):
    """How many measures changed in one way."""

    count: int
    verdict: str


class AspectOutcome(Message, text="{aspect}: {verdicts}"):
    """The changes of one aspect, so that one that is worse is never hidden."""

    aspect: str
    verdicts: tuple[Message, ...]


class OutcomeSummary(Message, text="{aspects:;}."):
    """The changes of every aspect, function first."""

    aspects: tuple[Message, ...]


# Week layout: what the week could not fit


class TissueRestTooShort(
    Message,
    text="sessions of {tissue} cannot be kept {hours} hours apart: fewer of them, or other exercises",
):
    """Too many strength sessions for one tissue."""

    tissue: str
    hours: Decimal


class FreeDaysTooFew(Message, text="{exercise} needs more days than are free, or days further apart: agree on others"):
    """The exercise lies on days that are not free."""

    exercise: str
