"""Facts that decide a dose and are not known: nothing rises until they are corrected (rule D5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from titrate.clinical.record.limits import KILOGRAM, is_applicable, is_limit
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.quantity import unit_name
from titrate.clinical.values.readings import DoseLimit, PatientDetails, Refusal, RefusalReason, Reporter
from titrate.messages import Message
from titrate.messages import record as messages

_BIRTH_DATE = "Patient.birthDate"
# Refusals of records that say nothing about this patient.
_SAYS_NOTHING = frozenset({
    RefusalReason.STATUS, RefusalReason.DUPLICATE, RefusalReason.WRONG_PATIENT, RefusalReason.NOT_A_PRACTITIONER,
})  # fmt: skip


def unknown_facts(record: PatientRecord) -> tuple[Message, ...]:
    """Every fact that holds the plan because it is missing, unreadable or cannot be applied."""
    found = (
        *_eligibility(record.person),
        *(messages.PlanStateUnknown(part=one) for one in record.plan.unreadable),
        *_limits_in_other_units(record),
        *_refused_limits(record),
        *_unidentified(record),
    )
    return tuple(dict.fromkeys(found))


def _eligibility(person: PatientDetails) -> Iterator[Message]:
    """Whether the patient is eligible is not known: a value cannot be read, or there is no birth date."""
    if person.birth_date is None and _BIRTH_DATE not in person.unreadable:
        yield messages.BirthDateMissing()
    yield from (messages.EligibilityUnknown(element=element) for element in person.unreadable)


def _limits_in_other_units(record: PatientRecord) -> Iterator[Message]:
    """Limits of an amount in another unit than the exercise's, without a later limit that can be applied (B13.4)."""
    for limit in record.dose_limits:
        amounts = (one for one in _applicable(record, limit.exercise) if one.unit != KILOGRAM)
        if not is_applicable(record, limit) and not any(one.stamp.when > limit.stamp.when for one in amounts):
            yield messages.LimitInOtherUnit(
                reference=limit.stamp.source.reference,
                exercise=limit.exercise,
                unit=unit_name(record.rulebook.exercises[limit.exercise].amount_unit),
            )


def _refused_limits(record: PatientRecord) -> Iterator[Message]:
    """Limits that cannot be read, without a limit of the same kind on a later day."""
    for refusal in record.refusals:
        if refusal.what is None or not is_limit(refusal.what) or refusal.reason in _SAYS_NOTHING:
            continue
        if refusal.day is None or not any(day > refusal.day for day in _days_of_limits(record, refusal)):
            yield messages.LimitNotApplied(reference=refusal.source.reference)


def _unidentified(record: PatientRecord) -> Iterator[Message]:
    """Records of the last days that nothing identifies, and newer sessions without an exercise (B13.15).

    One of them may be the report that stops or lowers.
    """
    days = int(record.rulebook.numbers.unreadable_days)
    for refusal in record.refusals:
        without_exercise = refusal.what == "session.exercise" and refusal.reason is RefusalReason.NO_VALUE
        age = 0 if refusal.day is None else record.days_ago(refusal.day)
        if (refusal.unidentified and age <= days) or (without_exercise and age < days):
            yield messages.RecordUnidentified(reference=refusal.source.reference)


def _days_of_limits(record: PatientRecord, refusal: Refusal) -> Iterator[date]:
    """The days of the clinician's limits that can replace a refused one."""
    for measured in record.measured.get(refusal.what or "", ()):
        if measured.stamp.reporter is Reporter.PRACTITIONER and not measured.stamp.preliminary:
            yield measured.stamp.day
    if refusal.exercise is not None:
        yield from (limit.stamp.day for limit in _applicable(record, refusal.exercise))


def _applicable(record: PatientRecord, exercise: str) -> Iterator[DoseLimit]:
    """The final limits of an exercise that can be applied."""
    limits = (one for one in record.dose_limits if one.exercise == exercise and not one.stamp.preliminary)
    return (one for one in limits if is_applicable(record, one))
