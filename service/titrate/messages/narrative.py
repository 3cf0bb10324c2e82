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


# Decision and doses


class DecisionByRule(Message, text="{headline} (rule {rule})"):
    headline: Message
    rule: str


class PhaseAfterApproval(Message, text="Phase after approval: {phase}."):
    phase: Message


class NextLookOn(Message, text="Next look on or after {day}."):
    day: date


class RedFlagOpen(Message, text="{flag} ({urgency}), open since {since}: {reason}."):
    flag: str
    urgency: str
    since: date
    reason: str | Message


class RedFlagOpenWithAction(Message, text="{flag} ({urgency}), open since {since}: {reason}. {action}"):
    flag: str
    urgency: str
    since: date
    reason: str | Message
    action: str


class NoExerciseWithDose(Message, text="This plan has no exercise with a dose."):
    """A plan without doses."""


class NoExerciseIsPrescribed(Message, text="No exercise is prescribed."):
    """An open red flag."""


# Differences between two versions


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


# Missing data, edits, limits, sources


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


class NumbersNeeded(Message, text=" ({bound} is needed)"):
    bound: Message


class NumbersKnown(Message, text=": {value}{unit}"):
    value: str
    unit: str


# Gates


class IncreasePossible(Message, text="eligible"):
    """Every gate passes."""


class IncreaseDeferred(Message, text="eligible, deferred"):
    """Another exercise rises first."""


class IncreaseNotNow(Message, text="not now"):
    """A gate fails."""


# Names of exercises and measures


class TrialOf(Message, text="{exercise}, tolerance trial"):
    exercise: str
