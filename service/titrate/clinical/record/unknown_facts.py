"""Facts that decide a dose and are not known: nothing rises until they are corrected (rule D5)."""

from __future__ import annotations

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.readings import PatientDetails
from titrate.messages import Message
from titrate.messages import record as messages

_BIRTH_DATE = "Patient.birthDate"


def unknown_facts(record: PatientRecord) -> tuple[Message, ...]:
    """Every fact that holds the plan because it is missing, unreadable or cannot be applied."""
    return _eligibility(record.person)


def _eligibility(person: PatientDetails) -> tuple[Message, ...]:
    """Whether the patient is eligible is not known: a value cannot be read, or there is no birth date."""
    unreadable = tuple(messages.EligibilityUnknown(element=element) for element in person.unreadable)
    if person.birth_date is None and _BIRTH_DATE not in person.unreadable:
        return (messages.BirthDateMissing(), *unreadable)
    return unreadable
