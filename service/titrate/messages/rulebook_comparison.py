"""Messages about a rulebook in the terminal: its check, the difference of two, and their comparison on patients."""

from __future__ import annotations

from titrate.messages.message import Message


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


class SameVersion(Message, text="Both have the version {version}: raise it in rulebook.toml."):
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


class ShadowHigher(Message, text="A dose is higher, and not above the one in force ({count})"):
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
