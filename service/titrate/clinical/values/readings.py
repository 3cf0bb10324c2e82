"""Readings: the content of one resource as values, with its source and reliability.

Times are aware and in the patient's zone. Numbers are Decimals in the unit of the rulebook's measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from titrate.clinical.values.intake_readings import FactorReported, RoutineBlock
from titrate.clinical.values.reading_source import ReadingSource, Reporter, Source
from titrate.clinical.values.text_readings import Comment, FreeText
from titrate.messages import Message

__all__ = [
    "Clearance",
    "Comment",
    "Diagnosis",
    "DiagnosisKind",
    "DoseLimit",
    "FactorReported",
    "FreeText",
    "Measurement",
    "Medication",
    "PatientDetails",
    "PatientGoal",
    "PatientReadings",
    "Reading",
    "ReadingSource",
    "Refusal",
    "RefusalReason",
    "Reporter",
    "RoutineBlock",
    "SafetyAnswer",
    "SessionReported",
    "Source",
    "TrialReported",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured or rated number. `what` is a measure of the rulebook, e.g. `tsk-11`; `exercising`: during exercise."""

    what: str
    value: Decimal
    stamp: ReadingSource
    exercising: bool = False


@dataclass(frozen=True, slots=True)
class SafetyAnswer:
    """A yes/no or coded answer, e.g. `flare-self-report`, `stressor`, `rf01`, `cautious-profile`.

    `value` is None for a question left unanswered (`dataAbsentReason`, or a form without the item). `assumed`: the
    answer cannot be read, and the strictest one counts in its place.
    """

    what: str
    value: bool | str | None
    stamp: ReadingSource
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class SessionReported:
    """One exercise session. Amounts are totals in `unit`; load in kg; RPE on CR10; None: not reported.

    `compensations` are the substitute movements observed (`none`: observed without any); `tempo` how it was kept.
    Where several reports of one session were merged, `done` is the least amount and `done_at_most` the greatest, if
    they differ, and `also` are the sources of the other reports.
    """

    exercise: str
    stamp: ReadingSource
    unit: str | None = None
    prescribed: Decimal | None = None
    done: Decimal | None = None
    sets: int | None = None
    load: Decimal | None = None
    pain_before: Decimal | None = None
    pain_peak: Decimal | None = None
    rpe: Decimal | None = None
    last_set: int | None = None
    form: str | None = None
    talk_test: str | None = None
    stop_reason: str | None = None
    pain_quality: str | None = None
    heart_rate: Decimal | None = None
    compensations: tuple[str, ...] | None = None
    tempo: str | None = None
    done_at_most: Decimal | None = None
    also: tuple[Source, ...] | None = None


@dataclass(frozen=True, slots=True)
class TrialReported:
    """A tolerance trial: the amount done until a symptom limited it."""

    exercise: str
    done: Decimal
    unit: str
    stamp: ReadingSource
    limiting_symptom: str | None = None


@dataclass(frozen=True, slots=True)
class Clearance:
    """A clinician's clearance of one red flag: it closes earlier findings, not later ones."""

    flag: str
    stamp: ReadingSource


@dataclass(frozen=True, slots=True)
class DoseLimit:
    """A clinician's upper limit for one exercise: `unit` `kg` limits the load, any other unit a session's amount."""

    exercise: str
    amount: Decimal
    unit: str
    stamp: ReadingSource


class DiagnosisKind(StrEnum):
    """What the EHR lists: a condition that is active or in the past, an allergy, or a procedure."""

    CONDITION = "condition"
    PAST_CONDITION = "past-condition"
    ALLERGY = "allergy"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A condition, procedure or allergy as the EHR lists it. `concept` is a mapped group or None."""

    kind: DiagnosisKind
    concept: str | None
    text: str
    stamp: ReadingSource

    @property
    def active(self) -> bool:
        """Whether it is a condition that is not in the past."""
        return self.kind is DiagnosisKind.CONDITION


@dataclass(frozen=True, slots=True)
class Medication:
    """A medicine. `group` is the mapped group (`beta-blocker`, `fluoroquinolone`, ...) or None.

    `names` are codes and ingredients that identify the same medicine; `daily` is the dose in milligrams a day, None
    where the record is not explicit; `halted`: stopped or on hold.
    """

    group: str | None
    text: str
    active: bool
    stamp: ReadingSource
    names: tuple[str, ...] = ()
    daily: Decimal | None = None
    halted: bool = False


_CLOSED_GOALS = frozenset({"completed", "cancelled", "rejected", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class PatientGoal:
    """A goal in the patient's words, with its target where it is measurable.

    `written_by_service`: not the patient's own. `importance` is the patient's rating, 0-10; `priority` the EHR's
    `high`, `medium` or `low`.
    """

    reference: str
    text: str
    status: str
    exercise: str | None
    target: Decimal | None
    unit: str | None
    due: date | None
    written_by_service: bool
    stamp: ReadingSource
    importance: Decimal | None = None
    priority: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the goal is still worked towards, or proposed."""
        return self.status not in _CLOSED_GOALS


Reading = (
    Measurement
    | SafetyAnswer
    | Comment
    | FreeText
    | SessionReported
    | TrialReported
    | Clearance
    | DoseLimit
    | Diagnosis
    | Medication
    | PatientGoal
    | RoutineBlock
    | FactorReported
)


class RefusalReason(StrEnum):
    """Why a resource, or a part of one, could not be used. A closed set: every refusal is counted and shown."""

    NOT_MAPPED = "not-mapped"
    WRONG_UNIT = "wrong-unit"
    IMPLAUSIBLE = "implausible"
    CHECK_UNIT = "check-unit"
    CONFLICT = "conflict"
    NO_VALUE = "no-value"
    WRONG_VALUE = "wrong-value"
    NO_TIME = "no-time"
    WRONG_TIME = "wrong-time"
    FUTURE = "future"
    STATUS = "status"
    WRONG_PATIENT = "wrong-patient"
    NOT_A_PRACTITIONER = "not-a-practitioner"
    DUPLICATE = "duplicate"
    MALFORMED = "malformed"
    UNSUPPORTED_TYPE = "unsupported-type"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record or value that cannot be used: where (`source` and `path`), why, and what to do. It holds no values.

    `what` and `day` where known: an implausible value of a measure that decides holds the plan (D5). `exercise`: what a
    refused dose limit is for. `unidentified`: nothing says what the record is about, so that it may be a report.
    """

    source: Source
    path: str
    reason: RefusalReason
    message: Message
    what: str | None = None
    day: date | None = None
    exercise: str | None = None
    unidentified: bool = False


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """The patient's details for eligibility and the rules. `zone` is an IANA name; `enrolled` is None where unknown.

    `zone_assumed`: the zone is the site's, because the record names none that is known. `unreadable`: elements and
    resources that decide eligibility, are there and cannot be read, such as `Patient.birthDate`.
    """

    id: str
    zone: str
    birth_date: date | None = None
    sex: str | None = None
    deceased: bool = False
    merged_into: str | None = None
    opted_out: bool = False
    enrolled: bool | None = None
    zone_assumed: bool = False
    unreadable: tuple[str, ...] = ()

    def age_on(self, day: date) -> int | None:
        """Completed years of age on a date; None without a date of birth."""
        born = self.birth_date
        return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class PatientReadings:
    """Everything that was read for one patient; `resources` counts the resources by type."""

    person: PatientDetails
    readings: tuple[Reading, ...]
    refusals: tuple[Refusal, ...]
    resources: Mapping[str, int]

    @property
    def reported_refusals(self) -> tuple[Refusal, ...]:
        """The refusals that staff should see. A duplicate is expected and counts as no fault."""
        return tuple(item for item in self.refusals if item.reason is not RefusalReason.DUPLICATE)
