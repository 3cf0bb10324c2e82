"""The clinician's page: banner, headings, decision, doses, changes, limits, sources and progress."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# --- Banner


class DraftBanner(Message, text="DRAFT"):
    """Above a draft."""


class NoNewDraftBanner(Message, text="NO NEW DRAFT"):
    """Above a result that leaves the plan in force unchanged."""


class DraftNotInForce(Message, text="This is a draft. Nothing in it is in force until a clinician approves it."):
    """Under the banner of every draft."""


class PlanInForceStays(Message, text="The plan in force stays as it is. Nothing waits for approval."):
    """Under the banner where there is no draft."""


class NoteStop(
    Message,
    text="No exercise until a clinician has assessed the red flag. The plan in force, if any, was not changed.",
):
    """An open red flag stops exercise."""


class NotePlanExpired(Message, text="The plan has expired: without recent reports there is no session target."):
    """Too long without reports."""


class NoteScreenUnanswered(
    Message,
    text="The safety screen is unanswered. Do not approve this draft before it is answered.",
):
    """The safety screen is due."""


class NoteLighterWeekDue(Message, text="A lighter week is due and was taken into account."):
    """A lighter week coincides with another decision."""


class NoteNeedsClinician(Message, text="A proposal in this draft needs a clinician's decision."):
    """The rules leave a choice to the clinician."""


class NoteReviewRequested(Message, text="A clinician's review of the whole plan is asked for."):
    """Rule D12 matched."""


# --- Outcomes of a decision


class OutcomeNotEligible(Message, text="No plan: this person cannot be given one by this service."):
    """D0."""


class OutcomeStop(Message, text="Stop: an open red flag needs assessment before any exercise."):
    """D1."""


class OutcomeFlare(Message, text="Flare: a lower dose until the flare has settled."):
    """D2."""


class OutcomeReactiveDeload(Message, text="Lower the dose: recent sessions were not tolerated."):
    """D3."""


class OutcomeStepBack(Message, text="Step back: there was a gap without sessions."):
    """D4."""


class OutcomeHoldReview(Message, text="Hold and review: something needs a clinician before any increase."):
    """D5."""


class OutcomeBaseline(Message, text="Baseline: set the starting dose, or ask for the trials it needs."):
    """D6."""


class OutcomeHoldInsufficient(Message, text="Hold: there is not enough information for an increase."):
    """D7."""


class OutcomeReturnToLoad(Message, text="Return to load after a flare, one step at a time."):
    """D8."""


class OutcomeLighterWeek(Message, text="A planned lighter week."):
    """D9."""


class OutcomeProgress(Message, text="Progress: one exercise goes up one step."):
    """D10."""


class OutcomeHold(Message, text="Hold: the dose stays as it is."):
    """D11."""


class OutcomeHoldWithLoweredDose(Message, text="Hold: no increase, and a dose is lowered (see Why)."):
    """D11 where a limit lowers a dose."""


# --- Phases


class PhaseIntake(Message, text="intake"):
    """No plan yet."""


class PhaseBaseline(Message, text="baseline"):
    """Trials set the starting doses."""


class PhaseLoading(Message, text="loading"):
    """Doses rise step by step."""


class PhaseLighterWeek(Message, text="lighter week"):
    """A planned week of lower doses."""


class PhaseDeload(Message, text="deload"):
    """Lower doses after sessions that were not tolerated."""


class PhaseFlare(Message, text="flare"):
    """Lower doses until a flare settles."""


class PhaseReturn(Message, text="return after a flare"):
    """Steps back to the dose before a flare."""


class PhaseStopped(Message, text="stopped"):
    """No exercise."""


class PhaseMaintenance(Message, text="maintenance"):
    """The goal is reached."""


class PhaseDischarged(Message, text="discharged"):
    """The programme has ended."""


# --- Decision and doses


class DecisionByRule(Message, text="{headline} (rule {rule})"):
    headline: Message
    rule: str


class PhaseAfterApproval(Message, text="Phase after approval: {phase}."):
    phase: Message


class NextLookOn(Message, text="Next look on or after {day}."):
    day: date


class RedFlagOpen(Message, text="{flag} ({urgency}) open since {since}: {reason}."):
    flag: str
    urgency: str
    since: date
    reason: str | Message


class RedFlagOpenWithAction(Message, text="{flag} ({urgency}) open since {since}: {reason}. {action}"):
    flag: str
    urgency: str
    since: date
    reason: str | Message
    action: str


class NoExerciseWithDose(Message, text="This plan has no exercise with a dose."):
    """A plan without doses."""


class NoExerciseIsPrescribed(Message, text="No exercise is prescribed."):
    """An open red flag."""


# --- Differences between two versions


class ExerciseBegins(Message, text="{exercise} begins: {dose}, {weekly} a week"):
    exercise: str
    dose: str | Message
    weekly: int


class ExerciseEnds(Message, text="{exercise} ends: it was {dose}, {weekly} a week"):
    exercise: str
    dose: str | Message
    weekly: int


class DoseChanges(Message, text="{exercise}: {before} becomes {after}"):
    exercise: str
    before: str | Message
    after: str | Message


class FrequencyChanges(Message, text="{exercise}: {before} sessions a week become {after}"):
    exercise: str
    before: int
    after: int


class LimitChanges(Message, text="{limit}: {before} becomes {after}"):
    limit: str | Message
    before: Decimal
    after: Decimal


class PhaseChanges(Message, text="Phase: {before} becomes {after}"):
    before: Message
    after: Message


# --- Missing data, edits, limits, sources


class RecordsRefused(Message, text="Records that could not be used: {count}."):
    count: int


class ReportsDisagree(Message, text="Reports disagree: {conflict}"):
    conflict: str | Message


class EditedByAuthor(Message, text="{subject}: {element} was {before}, an author set {after}"):
    subject: str
    element: str
    before: str
    after: str


class BoundedByOtherPlan(Message, text="Another author's plan bounds this one: {plan}"):
    plan: str


class PainCeilingLimit(Message, text="Pain during a session, at most"):
    """The limit `pain-ceiling`."""


class ExertionLimit(Message, text="Effort (CR10), at most"):
    """The limit `rpe-cap`."""


class HeartRateLimit(Message, text="Heart rate, at most"):
    """The limit `heart-rate-limit`."""


class LimitFromOwner(Message, text="{limit}: {value}{unit} (from {owner})"):
    limit: str | Message
    value: Decimal
    unit: str
    owner: str


class LimitFromOwnerOn(Message, text="{limit}: {value}{unit} (from {owner} on {since})"):
    limit: str | Message
    value: Decimal
    unit: str
    owner: str
    since: date


class LimitByDefault(
    Message, text="{limit}: {value}{unit} (default of the rulebook, which approving this plan confirms)"
):
    limit: str | Message
    value: Decimal
    unit: str


class LimitByDefaultConfirmed(
    Message,
    text="{limit}: {value}{unit} (default of the rulebook, confirmed with the plan's approval on {approved})",
):
    limit: str | Message
    value: Decimal
    unit: str
    approved: date


class RulebookUsed(Message, text="Rulebook {version}, digest {digest}."):
    version: str
    digest: str


class RecordsRead(Message, text="Records read: {sources}."):
    sources: tuple[str, ...]


class RecordsReadAndMore(Message, text="Records read: {sources}, and {more} more that the decision record names."):
    sources: tuple[str, ...]
    more: int


class NoRecordUsed(Message, text="No record could be used."):
    """The decision rests on no record."""


# --- Bounds of trace entries


class BoundAtLeast(Message, text="at least {limit}{unit}"):
    limit: str
    unit: str


class BoundAtMost(Message, text="at most {limit}{unit}"):
    limit: str
    unit: str


class BoundMoreThan(Message, text="more than {limit}{unit}"):
    limit: str
    unit: str


class BoundLessThan(Message, text="less than {limit}{unit}"):
    limit: str
    unit: str


class BoundEqual(Message, text="must be {limit}{unit}"):
    limit: str
    unit: str


class BoundChange(Message, text="to {limit}{unit}"):
    limit: str
    unit: str


class BoundInWords(Message, text="{relation} {limit}{unit}"):
    relation: str
    limit: str
    unit: str


class NumbersMultiplied(Message, text=": {value}{unit}, times {factor}"):
    value: str
    unit: str
    factor: str


class NumbersCompared(Message, text=": {value} ({bound})"):
    value: str
    bound: Message


class NumbersNeeded(Message, text=" ({bound} is needed)"):
    bound: Message


class NumbersKnown(Message, text=": {value}{unit}"):
    value: str
    unit: str


# --- Gates


class IncreasePossible(Message, text="eligible"):
    """Every gate passes."""


class IncreaseDeferred(Message, text="eligible, deferred"):
    """Another exercise rises first."""


class IncreaseNotNow(Message, text="not now"):
    """A gate fails."""


# --- Names of exercises and measures


class TrialOf(Message, text="{exercise}, tolerance trial"):
    exercise: str


class AmountWithUnit(Message, text="{amount} {unit}"):
    amount: str
    unit: str


# --- Outcomes, psychosocial effects


class ScoreOn(Message, text="{score} on {day}"):
    score: str
    day: date


class EffectOfScore(Message, text="{measure} {score}: {finding}; {follows}"):
    measure: str
    score: str
    finding: str | Message
    follows: Message


class EffectOfFinding(Message, text="{finding}; {follows}"):
    finding: str | Message
    follows: Message


class VerdictLarge(Message, text="{verdict}, a large change"):
    verdict: str


class VerdictDue(Message, text="{verdict}; ask again"):
    verdict: str


class VerdictLargeDue(Message, text="{verdict}, a large change; ask again"):
    verdict: str


# --- Timeline


class TimelineExplained(
    Message,
    text=(
        "When every step is earned; weeks count from the day of this plan. A projection, not a promise: flares, gaps "
        "and holds delay it."
    ),
):
    """Above the timelines."""


class DoseByDate(Message, text="{exercise}: {dose} by {day} at the earliest"):
    exercise: str
    dose: str | Message
    day: date


class DoseByDateWithoutGoal(
    Message, text="{exercise}: {dose} by {day} at the earliest; no goal with a number is known"
):
    exercise: str
    dose: str | Message
    day: date


class GoalOutOfReach(Message, text="{exercise}: from {start} to {target}{unit}: {reason}"):
    exercise: str
    start: str | Message
    target: str
    unit: str
    reason: Message


class GoalInWeek(
    Message,
    text="{exercise}: from {start} to {target}{unit} takes {steps} steps, in week {week} ({day}) at the earliest",
):
    exercise: str
    start: str | Message
    target: str
    unit: str
    steps: int
    week: int
    day: date


class GoalInWeekLikely(Message, text="{goal}, likely between weeks {first} and {last}"):
    goal: Message
    first: int
    last: int


class GoalUnrealistic(Message, text="The goal by {due} is unrealistic: offer {offers:; or}"):
    due: date
    offers: tuple[Message, ...]


# --- Example week


class DaysCanMove(
    Message,
    text="Days can be moved, as long as hard sessions for the same part of the body stay {hours} hours apart.",
):
    hours: Decimal


class DomainsWithoutExercise(Message, text="No exercise of: {domains}."):
    domains: tuple[str, ...]


class AllDomainsCovered(Message, text="All four domains have an exercise."):
    """Every domain has an exercise."""


class RestDay(Message, text="rest"):
    """A day without a session."""


class NumberedDay(Message, text="Day {number}"):
    number: int


class FreeWeekday(Message, text="{weekday} (free)"):
    weekday: Message


class Monday(Message, text="Monday"):
    """Weekday 1."""


class Tuesday(Message, text="Tuesday"):
    """Weekday 2."""


class Wednesday(Message, text="Wednesday"):
    """Weekday 3."""


class Thursday(Message, text="Thursday"):
    """Weekday 4."""


class Friday(Message, text="Friday"):
    """Weekday 5."""


class Saturday(Message, text="Saturday"):
    """Weekday 6."""


class Sunday(Message, text="Sunday"):
    """Weekday 7."""
