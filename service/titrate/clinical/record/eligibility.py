"""Who this programme is for (rule D0). Asked before everything else; where it says no, nothing is written."""

from __future__ import annotations

from datetime import date

from titrate.clinical.values.readings import PatientDetails
from titrate.clinical.values.rulebook import Rulebook


def ineligibility_reasons(person: PatientDetails, today: date, rulebook: Rulebook) -> tuple[str, ...]:
    """Why the patient is not eligible; empty when nothing known says so."""
    found = []
    if person.deceased:
        found.append("the record says that the patient has died")
    if person.merged_into is not None:
        found.append("the record is merged into another one")
    if person.opted_out:
        found.append("the patient has opted out, or consent is not given")
    if person.enrolled is False:
        found.append("the patient is not enrolled")
    age = person.age_on(today)
    if age is not None and age < rulebook.numbers.adult_age:
        found.append(f"the patient is under {rulebook.numbers.adult_age}")
    return tuple(found)
