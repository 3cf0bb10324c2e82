"""Sentences of the insights: timelines, sessions, preferences, ladders, follow-up, restart, outcomes and the week."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Goal timeline: why the steps end before the target, and what the clinician can offer instead


class GoalNeedsClinicianStep(
    Message,
    text="the smallest step is too large, or the dose is at the top of its range: the clinician decides how to go on",
):
    """The rules have no next step before the target."""


class GoalAboveDoseLimit(Message, text="an upper limit on the dose lies below the target"):
    """A clinician's limit or another author's plan bounds the dose."""


class GoalBeyondProjection(Message, text="the goal lies beyond the projection"):
    """The target needs more steps than the rulebook's horizon."""


class OfferSmallerGoal(Message, text="a goal of {amount} {unit} by {due}"):
    """A target that the steps can reach by then."""

    amount: Decimal
    unit: str
    due: date


class OfferSplitBouts(
    Message, text="split bouts: the same total in parts of up to {amount} {unit}, with a rest in between"
):
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


class CompensationReported(Message, text="compensatory movement: {movement}"):
    """The patient moved evasively."""

    movement: str


class TempoReported(Message, text="tempo {tempo}"):
    """The tempo was not the planned one."""

    tempo: str


# Preferences: why an exercise of the plan, or a liked one, does not suit


class ExerciseDisliked(Message, text="{exercise} is not liked"):
    """The patient dislikes it."""

    exercise: str


class ExerciseNeedsEquipment(Message, text="{exercise} needs {equipment: or}, which the patient does not have"):
    """The patient has nothing that it needs."""

    exercise: str
    equipment: tuple[str, ...]


class ExerciseResemblesFactors(Message, text="{exercise} resembles an aggravating factor ({factors})"):
    """It is like a reported aggravating factor."""

    exercise: str
    factors: tuple[str, ...]


class SessionLongerThanFreeTime(
    Message, text="{exercise} takes longer than the patient's free time on a day: split it, or agree on other times"
):
    """The dose does not fit into the patient's free minutes."""

    exercise: str


# Ladders: what must come before the next step


class LadderWaitsForFallsAssessment(Message, text="no balance work until a clinician has assessed the falls ({flag})"):
    """An open flag for falls blocks the balance ladder."""

    flag: Message


class LadderWaitsForRedFlag(Message, text="an open red flag: no step until it is cleared"):
    """An open red flag blocks every ladder."""


class LadderWaitsForSymptoms(Message, text="the dose was lowered because of symptoms: no new step for now"):
    """A flare, deload or return blocks every ladder."""


# Follow-up: why the next contact is due


class FollowUpForExpiringLimits(
    Message, text="approved limits are about to expire: repeat tests and scores, then confirm the limits"
):
    """The approved limits expire before the next contact."""


class FollowUpForRedFlag(Message, text="an open red flag; its urgency applies"):
    """Exercise is stopped."""


class FollowUpInMaintenance(Message, text="maintenance"):
    """The plan is in maintenance."""


class FollowUpForStartingDoses(Message, text="doses are being established"):
    """Baseline, deload, return, or no dose yet."""


class FollowUpInFirstWeeks(Message, text="the first weeks of a plan"):
    """The plan has started recently."""


class FollowUpWhileLoading(Message, text="routine contact during loading"):
    """The usual rhythm."""


class FollowUpForNewFlare(Message, text="a new flare"):
    """No contact since the flare began."""


class FollowUpOnFlareDay(Message, text="day {day} of a flare"):
    """A contact on a fixed day of the flare."""

    day: int


class FollowUpForUnsettledFlare(Message, text="a flare that has not settled"):
    """The flare outlasts its fixed contacts."""


# Restart: what led to the offer


class RestartAfterGap(Message, text="a gap without sessions"):
    """The decision is a step back after a gap."""


class RestartAfterLowAdherence(Message, text="few completed sessions in the week"):
    """Adherence of every exercise is low."""


class RestartForSparseDiary(Message, text="few mornings with an entry"):
    """The diary alert is on."""


# Psychosocial findings and what follows from them


class ModerateFearOfMovement(Message, text="moderate fear of movement"):
    """TSK-11 in its middle band."""


class HighFearOfMovement(Message, text="high fear of movement"):
    """TSK-11 or TSK-17 in its high band."""


class ManySensitisationSymptoms(Message, text="many symptoms of sensitisation; this is not a diagnosis"):
    """The CSI is high; it is no diagnosis."""


class LowPainSelfEfficacy(Message, text="low confidence in doing things despite pain"):
    """The PSEQ is low."""


class PostExertionalWorsening(Message, text="worsening after exertion"):
    """Red flag RF16 is open."""


class NoRiseDuringHold(Message, text="no increase while this lasts ({gate})"):
    """Sleep, mood or a stressor holds progression."""

    gate: Message


class NoFixedIncrements(Message, text="no programme with fixed increments; a specialist decides"):
    """What follows from post-exertional worsening."""


class SmallerStepsAndLadder(Message, text="smaller steps and an exposure ladder"):
    """What follows from moderate fear."""


class SmallerStepsLadderStarted(Message, text="smaller steps; the exposure ladder has started"):
    """What follows from high fear once exposure has started."""


class NoRiseBeforeLadder(Message, text="no increase until an exposure ladder has started"):
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
    text=(
        "sessions for the same tissue ({tissue}) cannot be kept {hours} hours apart: fewer sessions, or other exercises"
    ),
):
    """Too many strength sessions for one tissue."""

    tissue: str
    hours: Decimal


class FreeDaysTooFew(Message, text="{exercise} needs more free days, or free days further apart: agree on other days"):
    """The exercise lies on days that are not free."""

    exercise: str
