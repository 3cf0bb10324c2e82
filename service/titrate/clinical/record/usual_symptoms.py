"""Usual pain and usual fatigue: the level on mornings without a flare (clinical rule B11.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.morning_ratings import MorningRating
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement, Reporter


class UsualSource(StrEnum):
    """Who or what set a usual level."""

    CLINICIAN = "clinician"
    PLAN = "plan"
    MORNINGS = "mornings"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class UsualSymptoms:
    """Usual pain and usual fatigue (0-10), each with its source; None where the level is unknown."""

    pain: Decimal | None
    pain_from: UsualSource
    fatigue: Decimal | None
    fatigue_from: UsualSource


def usual_symptoms(record: PatientRecord) -> UsualSymptoms:
    """The clinician's value, or a newer and lower one of the plan; else the plan's; else the median of the mornings.

    A preliminary value of a clinician counts where it is lower than that, and where no final one is newer.
    """
    pain, pain_from = _usual(record, "usual-pain", record.plan.usual_pain, record.pain)
    fatigue, fatigue_from = _usual(record, "usual-fatigue", record.plan.usual_fatigue, record.fatigue)
    return UsualSymptoms(pain, pain_from, fatigue, fatigue_from)


def median_of(record: PatientRecord, days: Mapping[date, MorningRating], dates: Iterable[date]) -> Decimal | None:
    """The median of the final ratings on these dates; None when there are fewer than MORNINGS_MIN."""
    values = sorted(v for d in dates if d in days and (v := days[d].final) is not None)
    if len(values) < record.rulebook.numbers.mornings_min:
        return None
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _usual(
    record: PatientRecord, name: str, from_plan: Decimal | None, days: Mapping[date, MorningRating]
) -> tuple[Decimal | None, UsualSource]:
    final = _set_by_clinician(record, name)
    level, source = _final_level(record, final, from_plan, days)
    preliminary = _preliminary(record, name, final)
    if level is not None and preliminary is not None and preliminary < level:
        return preliminary, UsualSource.CLINICIAN
    return level, source


def _final_level(
    record: PatientRecord,
    set_by_clinician: Measurement | None,
    from_plan: Decimal | None,
    days: Mapping[date, MorningRating],
) -> tuple[Decimal | None, UsualSource]:
    if set_by_clinician is not None:
        lower = from_plan is not None and from_plan < set_by_clinician.value
        newer = record.plan.state_date is not None and record.plan.state_date > set_by_clinician.stamp.day
        if lower and newer:
            return from_plan, UsualSource.PLAN
        return set_by_clinician.value, UsualSource.CLINICIAN
    if from_plan is not None:
        return from_plan, UsualSource.PLAN
    in_flare = record.plan.phase in (Phase.FLARE, Phase.RETURN)
    derived = None if in_flare else _derived(record, days)
    return derived, UsualSource.UNKNOWN if derived is None else UsualSource.MORNINGS


def _set_by_clinician(record: PatientRecord, name: str) -> Measurement | None:
    found = [
        m
        for m in record.measured.get(name, ())
        if m.stamp.reporter is Reporter.PRACTITIONER and not m.stamp.preliminary
    ]
    if not found:
        return None
    return min((m for m in found if m.stamp.day == found[-1].stamp.day), key=lambda m: m.value)


def _preliminary(record: PatientRecord, name: str, final: Measurement | None) -> Decimal | None:
    """The lowest preliminary value of a clinician that no final one has replaced."""
    found = record.measured.get(name, ())
    values = (
        m.value
        for m in found
        if m.stamp.reporter is Reporter.PRACTITIONER
        and m.stamp.preliminary
        and (final is None or m.stamp.day >= final.stamp.day)
    )
    return min(values, default=None)


def _derived(record: PatientRecord, days: Mapping[date, MorningRating]) -> Decimal | None:
    # The week before the plan is free of its effects; the lower of the two medians is the stricter.
    weeks = [record.week()]
    if record.plan.started is not None:
        weeks.append(tuple(record.plan.started - timedelta(days=n) for n in range(1, 8)))
    calm = [week for week in weeks if not record.ever("flare-self-report", True, week)]
    medians = [median_of(record, days, week) for week in calm]
    return min((m for m in medians if m is not None), default=None)
