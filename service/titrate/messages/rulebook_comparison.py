"""Two rulebooks compared: their entries, and their decisions on the same patients."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# In the terminal


class MappingsValid(
    Message,
    text=(
        "The mapping files are valid: version {version}, {numbers} numbers, {measures} measures, "
        "{exercises} exercises, {flags} red flags, {programmes} programmes; digest {digest}."
    ),
):
    version: str
    numbers: int
    measures: int
    exercises: int
    flags: int
    programmes: int
    digest: str


class MappingsInvalid(Message, text="{count} {count:problem|problems} in the mapping files."):
    count: int


class SiteNumbers(Message, text="{count} {count:number is|numbers are} this site's own:"):
    count: int


class FolderInvalid(Message, text="{folder}: {problems}"):
    folder: str
    problems: str


class DiffHeading(Message, text="{version_a} (digest {digest_a}) -> {version_b} (digest {digest_b})"):
    version_a: str
    digest_a: str
    version_b: str
    digest_b: str


class FilesEqual(Message, text="The files are the same."):
    pass


class RulesEqual(Message, text="The rules are the same: only comments or layout differ."):
    pass


class SameVersion(Message, text="Both have version {version}: increase it in rulebook.toml."):
    version: str


class DifferenceCount(Message, text="{count} {count:difference|differences}."):
    count: int


class ShadowHeading(
    Message,
    text="A is {version_a} (digest {digest_a}), B is {version_b} (digest {digest_b}).",
):
    version_a: str
    digest_a: str
    version_b: str
    digest_b: str


class ShadowCount(Message, text="{count} of {decided} patients would be decided differently under B."):
    count: int
    decided: int


class ShadowRiseDespiteSymptoms(
    Message, text="LOOK AT THESE FIRST: a dose goes up although symptoms are worse ({count})"
):
    count: int


class ShadowFlagLost(Message, text="A red flag is no longer opened ({count})"):
    count: int


class ShadowHigherDespiteSymptoms(Message, text="A dose is lowered less although symptoms are worse ({count})"):
    count: int


class ShadowRise(Message, text="A dose goes up ({count})"):
    count: int


class ShadowHigher(Message, text="A dose is higher, but not above the one in force ({count})"):
    count: int


class ShadowOther(Message, text="Another decision with the same doses ({count})"):
    count: int


class ShadowLower(Message, text="A lower dose ({count})"):
    count: int


class ShadowSameDecision(Message, text="  {name}: {decision}, under both"):
    name: str
    decision: Message


class ShadowDecisions(Message, text="  {name}: A {before}, B {after}"):
    name: str
    before: Message
    after: Message


class ShadowDose(Message, text="    {exercise}: in force {current}, A {before}, B {after}"):
    exercise: str
    current: str
    before: str
    after: str


class ShadowMark(Message, text="    {mark}"):
    mark: str


class ShadowSymptoms(Message, text="    worse: {symptoms}"):
    symptoms: str


class ShadowMoreSymptoms(Message, text="    worse: {symptoms}; and {more} more"):
    symptoms: str
    more: int


# Entries that differ


class EntryName(Message, text="{noun} {name}"):
    noun: str
    name: str


class EntryNew(Message, text="{entry} is new"):
    entry: Message | str


class EntryGone(Message, text="{entry} is removed"):
    entry: Message | str


class EntryChanged(Message, text="{entry}: {change}"):
    entry: Message | str
    change: Message


class EntryChangedWithEffect(Message, text="{entry}: {change}, {effect}"):
    entry: Message | str
    change: Message
    effect: str


class EntryChangedWithMeaning(Message, text="{entry}: {change} ({meaning})"):
    entry: Message | str
    change: Message
    meaning: str


class EntryChangedWithBoth(Message, text="{entry}: {change}, {effect} ({meaning})"):
    entry: Message | str
    change: Message
    effect: str
    meaning: str


class NumberChange(Message, text="{before} -> {after}"):
    before: str
    after: str


class KeyChange(Message, text="{key} {before} -> {after}"):
    key: str
    before: str
    after: str


class ListGained(Message, text="{key} gained {gained}"):
    key: str
    gained: str


class ListLost(Message, text="{key} lost {lost}"):
    key: str
    lost: str


class ListGainedAndLost(Message, text="{key} gained {gained}, lost {lost}"):
    key: str
    gained: str
    lost: str


class ListReordered(Message, text="{key} in another order"):
    key: str


# Signs of worsening beside a dose that rises


class WorseningFlare(Message, text="a flare, or the return from one"):
    pass


class WorseningReportsDisagree(Message, text="reports disagree: {conflict}"):
    conflict: Message | str


class WorseningMorningsOverWeekBefore(Message, text="mean morning pain {mean}, {before} in the week before"):
    mean: Decimal
    before: Decimal


class WorseningMorningsOverUsual(Message, text="mean morning pain {mean}, usual {usual}"):
    mean: Decimal
    usual: Decimal


class WorseningSession(Message, text="{exercise} on {day}: {signs}"):
    exercise: str
    day: date
    signs: tuple[Message, ...]


class WorseningNotTolerated(Message, text="not tolerated"):
    pass


class WorseningPeakPain(Message, text="peak pain {peak} above {ceiling}"):
    peak: Decimal
    ceiling: Decimal


class WorseningNextMorning(Message, text="next morning {rise} above usual"):
    rise: Decimal


class WorseningFatigue(Message, text="fatigue {fatigue}, usual {usual}"):
    fatigue: Decimal
    usual: Decimal


# Decisions of A and B on one patient


class ComparedOutcome(Message, text="{rule}"):
    rule: Message


class ComparedOutcomeWithReview(Message, text="{rule}, with a review by a clinician"):
    rule: Message


class ComparedPhase(Message, text="phase {phase}"):
    phase: str


class ComparedFlag(Message, text="{flag} ({urgency})"):
    flag: Message
    urgency: Message


class OnlyUnderA(Message, text="only A: {mark}"):
    mark: str


class OnlyUnderB(Message, text="only B: {mark}"):
    mark: str
