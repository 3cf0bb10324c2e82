"""The report of a simulated cohort: its introduction, and what the judge looked for and found."""

from __future__ import annotations

from decimal import Decimal

from titrate.messages.message import Message

# Totals


class CohortVerdict(Message, text="{unsafe} unsafe steps found by {checks} checks in {judgements} judgements."):
    unsafe: int
    checks: int
    judgements: int


class CohortUnsafeStep(Message, text="{patient}, day {day}, {rule}: {check}: {finding}"):
    patient: str
    day: int
    rule: str
    check: str
    finding: str


# The page


class CohortIntroduction(
    Message,
    text=(
        "{patients} simulated patients ({each} of each kind) followed plans for {weeks} weeks. Rulebook {version} "
        "(digest {digest}) drafted the plans, a simulated clinician approved them; seed {seed}. Every run read the "
        "patient's FHIR resources from scratch. The patients are a simple model for testing the rules: nothing here "
        "predicts how real patients fare."
    ),
):
    patients: int
    each: int
    weeks: int
    version: str
    digest: str
    seed: int


class CohortJudgeExplained(
    Message,
    text=(
        "The judge reads the diary and the doses in force. It derives flares, crashes and sessions that were not "
        "tolerated independently of the rules; only the limits come from the rulebook."
    ),
):
    pass


class CohortByKind(
    Message,
    text=(
        "By kind of patient. Doses are minutes of walking a session, medians; counts are sums over all patients of "
        "the kind. Weeks to the goal are the median of those who reached it."
    ),
):
    pass


class CourseCaption(
    Message,
    text=(
        "Patient {number}: usual pain {pain}, usual fatigue {fatigue}, first tolerance {tolerance}, goal {goal} min "
        "of walking."
    ),
):
    number: str
    pain: Decimal
    fatigue: Decimal
    tolerance: tuple[Message, ...]
    goal: str


class CourseTolerance(Message, text="{exercise} {amount}"):
    exercise: str
    amount: str


# What the judge found at a run


class JudgedDoseChange(Message, text="{exercise}: {before} to {after}"):
    exercise: str
    before: Decimal
    after: Decimal


class JudgedAboveLimit(Message, text="{exercise}: {amount} above {limit}"):
    exercise: str
    amount: Decimal
    limit: Decimal


class JudgedDoseAbove(Message, text="{exercise}: {amount} above {before}"):
    exercise: str
    amount: Decimal
    before: Decimal


class JudgedUnderFlags(Message, text="{exercise} under {flags}"):
    exercise: str
    flags: tuple[str, ...]


class JudgedPartOf(Message, text="{exercise}: {amount} of {before}"):
    exercise: str
    amount: Decimal
    before: Decimal


class JudgedOldData(Message, text="mornings until day {morning}, screens until day {screen}"):
    morning: int
    screen: int


class JudgedOnDay(Message, text="{exercise} on day {day}: {why}"):
    exercise: str
    day: int
    why: Message


class JudgedPeak(Message, text="peak {pain}"):
    pain: Decimal


class JudgedEffort(Message, text="effort {effort}"):
    effort: Decimal


class JudgedStopped(Message, text="stopped"):
    pass


class JudgedNextMorning(Message, text="next morning {pain}"):
    pain: Decimal


class JudgedFlare(Message, text="a flare"):
    pass


class JudgedFlareSince(Message, text="a flare since day {day}"):
    day: int


class JudgedMean(Message, text="mean {now:.2f} after {before:.2f}"):
    now: Decimal
    before: Decimal


class JudgedMorning(Message, text="morning {pain}, usual {usual}"):
    pain: Decimal
    usual: Decimal


class JudgedBeforeGap(Message, text="{exercise}: {amount}, before the gap {before}"):
    exercise: str
    amount: Decimal
    before: Decimal


class JudgedDay(Message, text="day {day}"):
    day: int


class JudgedAfter(Message, text="{exercise}: {amount} after {before}"):
    exercise: str
    amount: Decimal
    before: Decimal


class JudgedFlareEnded(Message, text="ended on day {day}"):
    day: int


class JudgedTinyDose(Message, text="{exercise}: {amount} {unit}"):
    exercise: str
    amount: Decimal
    unit: str


class JudgedExercise(Message, text="{exercise}"):
    exercise: str


class JudgedLoadAndAmount(Message, text="{exercise}: load and amount"):
    exercise: str


class JudgedRecentRise(Message, text="{exercise} increased on day {day}"):
    exercise: str
    day: int


class JudgedMornings(Message, text="{count} mornings reported"):
    count: int


class JudgedSessions(Message, text="{exercise}: {count} sessions reported"):
    exercise: str
    count: int


class JudgedNoTrials(Message, text="{exercise}: no trials"):
    exercise: str


class JudgedNoSession(Message, text="{exercise}: no session for {days} days"):
    exercise: str
    days: int


class JudgedCrashes(Message, text="crashes after days {days}"):
    days: tuple[int, ...]
