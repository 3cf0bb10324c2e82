"""What can be wrong with mapping files, and the lines of a comparison of two rulebooks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Files


class MappingProblems(Message, text="{count} {count:problem|problems} in the mapping files"):
    count: int


class ProblemOfFile(Message, text="{file}: {problem}"):
    file: str
    problem: Message


class ProblemOfKey(Message, text="{file}: {key}: {problem}"):
    file: str
    key: str
    problem: Message


class OverridesUnreadable(Message, text="The file named in TITRATE_OVERRIDES cannot be read"):
    pass


class FileNotUtf8(Message, text="The file is not UTF-8: save it as UTF-8"):
    pass


class FileNotToml(Message, text="The file is not TOML: {reason}"):
    reason: str


class FileMissing(Message, text="The file is missing: copy it from the mappings that come with the service"):
    pass


class FileUnknown(Message, text="The service does not use this file: remove it, or give it one of the known names"):
    pass


class NoProgrammes(Message, text="There is no programme: add one TOML file to this folder"):
    pass


class BannedPhrase(Message, text='"{phrase}" must not be used with patients or clinicians: reword it'):
    phrase: str


# Codes


class CodeBlank(Message, text="The code is empty or has spaces around it: correct it"):
    pass


class LoincCodeInvalid(Message, text="This is not a LOINC code: its check digit does not fit, look it up again"):
    pass


class SnomedCodeInvalid(Message, text="This is not a SNOMED CT code: its check digit does not fit, look it up again"):
    pass


class CodeSystemUnknown(Message, text="Unknown code system: use a short name or an address"):
    pass


class CodeAmbiguous(Message, text="This code already means {other}: one code has one meaning"):
    other: str


# Several tables


class NumberNameTaken(Message, text="constants.toml already has a number of this name: choose another name"):
    pass


class NumbersOutOfOrder(
    Message, text="{small} is above {greater}, which is {large}: lower this number or raise the other"
):
    small: Decimal
    greater: str
    large: Decimal


class MeasureOptionsRequired(Message, text="A code needs its possible answers"):
    pass


class MeasureUnitRequired(Message, text="A number needs a unit"):
    pass


class SpellingAmbiguous(Message, text="This could be another unit: remove it, so that values with it are refused"):
    pass


class SpellingOfTwoUnits(Message, text="This is a spelling of {other}, too: keep it for one unit"):
    other: str


class UnitNotConvertible(Message, text="{unit} cannot be converted to {main}: remove one of them"):
    unit: str
    main: str


class MeasureUnknown(Message, text="There is no measure {name}: add it or correct the name"):
    name: str


class MeasureNotInFile(Message, text="There is no measure {name} in measures.toml: add it or correct the name"):
    name: str


class ExerciseNotInFile(Message, text="There is no exercise {name} in exercises.toml: add it or correct the name"):
    name: str


class PhraseNotSearchable(Message, text="begin and end with a word, and write a letter before each *"):
    pass


class EntryNotInFile(Message, text="There is no {name} in {file}: add it or correct the name"):
    name: str
    file: str


class AnswerUnknown(Message, text="{measure} of measures.toml has no answer {answer}"):
    measure: str
    answer: str


class QuestionnaireUnknown(Message, text="No such questionnaire: use one of {known}"):
    known: tuple[str, ...]


class FlagNameInvalid(Message, text="Red flags are {first} to {last}: correct the name"):
    first: str
    last: str


class FlagMissing(Message, text="This red flag is missing: all {count} are required"):
    count: int


class PromptMissing(Message, text="This finding has no question: add one"):
    pass


class PromptUnused(Message, text="No answer leads to this question: remove it or correct the name"):
    pass


class LadderTooShort(Message, text="The ladder has only {count} {count:step|steps}"):
    count: int


class CardPlaceholderUnknown(Message, text="There is no number for the placeholder {placeholder}: use one of {known}"):
    placeholder: str
    known: tuple[str, ...]


class LadderStepUnknown(Message, text="There is no such ladder, or it has no such step"):
    pass


# A site's own numbers


class OverrideUnknown(Message, text="There is no such number in constants.toml: correct the name"):
    pass


class OverrideNotATable(Message, text="This must be a table with value, by, on and why"):
    pass


class OverrideNotAllowed(Message, text="A site cannot change this number: the rulebook gives no range for it"):
    pass


class OverrideOutOfRange(Message, text="{value} is outside the stated range {low} to {high}"):
    value: Decimal
    low: Decimal
    high: Decimal


class OverrideNotWhole(Message, text="{name} is a count: give a whole number"):
    name: str


class OverrideSource(Message, text="Site override by {by} on {on}: {why} (the rulebook says {before})"):
    by: str
    on: date
    why: str
    before: Decimal


class OverrideSummary(Message, text="{name}: {before} -> {value} ({effect}), by {by} on {on}: {why}"):
    name: str
    before: Decimal
    value: Decimal
    effect: str
    by: str
    on: date
    why: str


# The hazard log


class HazardScoreWrong(Message, text="{severity} and {likelihood} give {expected} in the matrix, not {score}"):
    severity: str
    likelihood: str
    expected: str
    score: int


class HazardResidualGreater(Message, text="The residual risk is greater than the initial risk: assess it again"):
    pass


class HazardUnacceptable(Message, text="A risk of {limit} or more is not acceptable: its status must be open"):
    limit: int


class HazardNotJustified(Message, text="A risk of {score} is undesirable: say why it is accepted"):
    score: int
