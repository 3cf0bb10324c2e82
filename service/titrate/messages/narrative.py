"""The clinician's page: banner, decision, doses, changes, missing data, edits, limits, sources, reasons and gates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Banner


class DraftBanner(Message, text="DRAFT"):
    """Above a draft."""


class NoNewDraftBanner(Message, text="NO NEW DRAFT"):
    """Above a result that leaves the plan in force unchanged."""


class DraftNotInForce(Message, text="This is a draft. Nothing in it is in force until a clinician approves it."):
    """Under the banner of every draft."""


class PlanInForceStays(Message, text="The plan in force is unchanged. Nothing is waiting for approval."):
    """Under the banner where there is no draft."""


class NoteStop(
    Message,
    text="No exercise until a clinician has assessed the red flag. The plan in force, if any, was not changed.",
):
    """An open red flag stops exercise."""


class NotePlanExpired(Message, text="The plan has expired: without recent reports there is no session target."):
    """Too long without reports."""


class NoteScreenUnanswered(
    Message, text="The safety screen is unanswered. Do not approve this draft until it is answered."
):
    """The safety screen is due."""


class NoteLighterWeekDue(Message, text="A lighter week is due and was taken into account."):
    """A lighter week coincides with another decision."""


class NoteNeedsClinician(Message, text="A proposal in this draft needs a clinician's decision."):
    """The rules leave a choice to the clinician."""


class NoteReviewRequested(Message, text="A clinician should review the whole plan."):
    """Rule D12 matched."""


# Decision and doses


class DecisionByRule(Message, text="{headline} Rule {rule}."):
    headline: Message
    rule: Message


class PhaseAfterApproval(Message, text="Phase after approval: {phase}."):
    phase: Message


class NextLookOn(Message, text="Next review on or after {day}."):
    day: date


class RedFlagOpen(Message, text="{flag} ({urgency}), open since {since}: {reason}."):
    flag: Message
    urgency: Message
    since: date
    reason: str | Message


class RedFlagOpenWithAction(Message, text="{flag} ({urgency}), open since {since}: {reason}. {action}"):
    flag: Message
    urgency: Message
    since: date
    reason: str | Message
    action: str


class NoExerciseWithDose(Message, text="This plan has no exercise with a dose."):
    """A plan without doses."""


class NoExerciseIsPrescribed(Message, text="No exercise is prescribed."):
    """An open red flag."""


# Differences between two versions


class ExerciseBegins(Message, text="{exercise} starts: {dose}, {weekly} {weekly:session|sessions} a week"):
    exercise: str
    dose: str | Message
    weekly: int


class ExerciseEnds(Message, text="{exercise} stops; it was {dose}, {weekly} {weekly:session|sessions} a week"):
    exercise: str
    dose: str | Message
    weekly: int


class DoseChanges(Message, text="{exercise}: from {before} to {after}"):
    exercise: str
    before: str | Message
    after: str | Message


class FrequencyChanges(Message, text="{exercise}: from {before} to {after} sessions a week"):
    exercise: str
    before: int
    after: int


class LimitChanges(Message, text="{limit}: from {before} to {after}"):
    limit: str | Message
    before: Decimal
    after: Decimal


class PhaseChanges(Message, text="Phase: from {before} to {after}"):
    before: Message
    after: Message


# Missing data, edits, limits, sources


class RecordsRefused(Message, text="Records that could not be used: {count}."):
    count: int


class ReportsDisagree(Message, text="Reports disagree: {conflict}"):
    conflict: str | Message


class EditedByAuthor(Message, text="{subject}: {element} was {before}; an author changed it to {after}"):
    subject: str
    element: str
    before: str
    after: str


class BoundedByOtherPlan(Message, text="Another author's plan limits this one: {plan}"):
    plan: str


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


class LimitByDefault(Message, text="{limit}: {value}{unit} (rulebook default; approving this plan confirms it)"):
    limit: str | Message
    value: Decimal
    unit: str


class LimitByDefaultConfirmed(
    Message, text="{limit}: {value}{unit} (rulebook default, confirmed when the plan was approved on {approved})"
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


class RecordsReadAndMore(Message, text="Records read: {sources}, and {more} more that the decision record lists."):
    sources: tuple[str, ...]
    more: int


class NoRecordUsed(Message, text="No record could be used."):
    """The decision rests on no record."""


# Bounds of trace entries


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


class NumbersNeeded(Message, text=" ({bound} needed)"):
    bound: Message


class NumbersKnown(Message, text=": {value}{unit}"):
    value: str
    unit: str


# Gates


class IncreasePossible(Message, text="eligible"):
    """Every gate passes."""


class IncreaseDeferred(Message, text="eligible but deferred"):
    """Another exercise rises first."""


class IncreaseNotNow(Message, text="not now"):
    """A gate fails."""


# Names of exercises and measures


class TrialOf(Message, text="{exercise}, tolerance trial"):
    exercise: str
