"""Who the programme is for (rule D0). It comes before every other rule; without eligibility nothing is written."""

from __future__ import annotations

from datetime import date

from titrate.clinical.values.readings import PatientDetails
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages import Message
from titrate.messages import record as messages


def ineligibility_reasons(person: PatientDetails, today: date, rulebook: Rulebook) -> tuple[Message, ...]:
    """Why the patient is not eligible; empty for an eligible patient. Unknown facts exclude no one."""
    age, adult = person.age_on(today), rulebook.numbers.adult_age
    reasons: tuple[tuple[bool, Message], ...] = (
        (person.deceased, messages.PatientDied()),
        (person.merged_into is not None, messages.RecordMerged()),
        (person.opted_out, messages.PatientOptedOut()),
        (person.enrolled is False, messages.PatientNotEnrolled()),
        (age is not None and age < adult, messages.PatientUnderAge(age=adult)),
    )
    return tuple(reason for applies, reason in reasons if applies)
