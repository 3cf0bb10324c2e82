"""Why a value, a code or a report of exercise is refused, and what the sender can do."""

from __future__ import annotations

from decimal import Decimal

from titrate.messages import Message

# Values


class ValueMissing(Message, text="The value is missing and none is assumed: send a value or a dataAbsentReason"):
    """An element without value[x]."""


class ValueTypeUnusable(Message, text="A value of this type cannot be used here: see docs/inputs.md"):
    """value[x] has a type that the measure does not accept."""


class ValuesConflict(Message, text="The element has several values, or both a value and a dataAbsentReason: keep one"):
    """More than one value[x], or a value together with a reason for its absence."""


class ComparatorUnusable(Message, text="A comparator such as < or > is not a value: send the value itself"):
    """A Quantity that gives a bound."""


class NumberNotJson(Message, text="The value is not a JSON number: send it without quotes"):
    """`Quantity.value`, `valueInteger` or `valueDecimal` is not a number."""


class UnitNotUcum(Message, text="The unit is from another code system: use UCUM"):
    """A Quantity whose unit code is of another system."""


class UnitMissing(Message, text="The unit is missing and none is assumed: send a unit"):
    """A number that means different things in the accepted units."""


class UnitNotAccepted(
    Message, text="This unit is not accepted for {measure}: send the value in one of these units: {units}"
):
    """A unit that the measure does not list."""

    measure: str
    units: tuple[str, ...]


class UnitDoubtful(Message, text="The value would be plausible in another unit: check the unit and send it again"):
    """A number out of range that would be plausible in another accepted unit."""


class ValueOutOfRange(
    Message, text="The value is not plausible: {measure} must be between {low} and {high}{unit}; correct it"
):
    """A number outside the plausible range of its measure."""

    measure: str
    low: Decimal
    high: Decimal
    unit: str


class ValueBeyondLimit(Message, text="The value is not plausible: the limit of {measure} is {limit}{unit}; correct it"):
    """A number beyond the one plausible limit of its measure."""

    measure: str
    limit: Decimal
    unit: str


class ValueTooFine(Message, text="{measure} comes in steps of {step}: check the value"):
    """A number between two steps of its scale."""

    measure: str
    step: Decimal


class CodedAnswerWithoutNumber(Message, text="The coded answer has no known number: map it in answers.toml"):
    """A coded answer to a question that needs a number."""


class FormAnswerUnknown(Message, text="The answer is not known: use the local codes of docs/inputs.md"):
    """A coded answer that is not an option of its measure."""


class CommentNotText(Message, text="A comment must be text: send a string"):
    """A comment with another type of value."""


class MeasureByCliniciansOnly(
    Message, text="Only a clinician can set this: it needs a Practitioner or PractitionerRole as performer"
):
    """A measure that counts only from a practitioner."""


class PressuresReversed(
    Message, text="The blood pressure is not plausible: systolic must be above diastolic; correct it"
):
    """A systolic pressure that is not above the diastolic one."""


# Codes


class CodeNotMapped(Message, text="This code is not mapped: add it to measures.toml if it should count"):
    """An Observation or component whose code has no measure."""


class CodeUnreadable(Message, text="The code is missing or cannot be read, so that the record cannot be used: send it"):
    """An Observation without a Coding of system and code."""


class CodesAmbiguous(Message, text="The codes have different meanings: keep those of one meaning"):
    """A concept whose codings belong to several measures."""


class MedicineNotMapped(
    Message, text="This medicine is in no group: add its code to medicines.toml if it should count"
):
    """A medicine that belongs to no group of the mappings."""


class DiagnosisNotMapped(
    Message,
    text="The code system of this diagnosis is not known and its words name no group: send ICD-10 or SNOMED CT too",
):
    """A diagnosis of no group, whose codes are all of systems in which the mappings have none."""


class CodingsConflict(Message, text="The codings of this answer mean different things: keep those of one meaning"):
    """A coded answer whose codings and texts disagree."""


class ScalesConflict(Message, text="Two scales of one measure give different values: keep one"):
    """Exertion on both Borg scales that does not agree."""


class ExerciseUnknown(Message, text="This exercise is not in the library: add its code to exercises.toml"):
    """A code or name that is not in the exercise library."""


class FormUnknown(Message, text="This questionnaire is not one of this service's: map its answers to Observations"):
    """A QuestionnaireResponse to another questionnaire."""


class FormReadInPart(Message, text="Of this questionnaire only the items with a known code are read: map the others"):
    """A form of another publisher with items of a published questionnaire, and with others."""


class FormKnownByItems(
    Message,
    text="Most items are those of {form}, but the questionnaire is not named as one of this service's: its answers can"
    " hold or lower a dose and never help; name the questionnaire, or state what it is derived from",
):
    """A form that only its linkIds or codes identify."""

    form: str


class ScoreItemsMissing(Message, text="{answered} answers are too few to score {measure}: it needs {needed}"):
    """A form with more unanswered items than the published method allows."""

    measure: str
    answered: int
    needed: int


class TotalBelowItems(Message, text="The total is below the sum of its items: the higher counts, correct the total"):
    """A reported total that contradicts the items of the same day or form."""


class FormAnswersConflict(Message, text="This question has different answers in one form: keep one"):
    """Two answers of one item, or of two items with one linkId, that differ."""


class FormItemUnknown(Message, text="The questionnaire has no such item: use the linkIds of docs/inputs.md"):
    """An item whose linkId the questionnaire does not define."""


class ResourceTypeNotRead(Message, text="Resources of this type are not read"):
    """A resource type outside the list of docs/inputs.md."""


class ResourceMalformed(Message, text="The resource is not valid FHIR R4: validate it and send it again"):
    """A resource of an unexpected shape."""


# Sessions, trials, limits and intake groups


class ExerciseMissing(Message, text="The exercise is missing: add the component or item that names it"):
    """A session, trial or limit that names no exercise."""


class ComponentsConflict(Message, text="This component has two different values: keep one"):
    """Two components of one code with different values."""


class AmountMissing(Message, text="The amount is missing and none is assumed: send it"):
    """A trial or a dose limit without an amount."""


class PrescribedNotPositive(Message, text="A prescribed amount must be above zero: correct it"):
    """A session with a prescribed amount of zero or less."""


class SessionUnitsDiffer(
    Message, text="The amounts done and prescribed have different units: send both in the same unit"
):
    """A session whose two amounts cannot be compared."""


class RepetitionsImplausible(
    Message, text="The repetitions are not plausible: a set has at most {limit}; correct them"
):
    """More repetitions than the sets of a session can hold."""

    limit: Decimal


class ExertionScaleUnmapped(
    Message, text="The 6-20 scale cannot be converted without a table: report CR10, or complete answers.toml"
):
    """An exertion on the 6-20 scale that the mappings do not convert."""


class DoseLimitByCliniciansOnly(
    Message, text="Only a clinician can limit a dose: it needs a Practitioner or PractitionerRole as performer"
):
    """A dose limit whose performer is not a practitioner."""


class IntakeGroupEmpty(Message, text="The group of answers is empty: add the activity or factor that it is about"):
    """A block of the day or a factor without its content."""


class LoadJumpImplausible(
    Message, text="The load is not plausible: it is more than {factor} times the last one; correct it"
):
    """A load that rises more between two sessions than loads do."""

    factor: Decimal


class SessionsPerDayImplausible(
    Message, text="The reports are not plausible: more than {limit} sessions of one exercise on one day; check them"
):
    """More sessions of one exercise than a day holds."""

    limit: Decimal
