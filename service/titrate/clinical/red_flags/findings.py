"""Red flags that data open without a question: measurements, diagnoses, sessions and comments (section C).

Findings open a flag and never close one. Some reopen a question of the screen that data cannot answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.red_flags.condition_findings import (
    CONDITION_FINDERS,
    condition_findings,
    last_listed,
    last_minor_trauma,
)
from titrate.clinical.red_flags.new_medicines import MEDICINE_FINDERS
from titrate.clinical.red_flags.session_findings import SESSION_FINDERS
from titrate.clinical.red_flags.vitals import VITAL_FINDERS, last_weight_loss
from titrate.clinical.values.decision import Finding


def findings(record: PatientRecord, flag: str) -> tuple[Finding, ...]:
    """The findings in the record that open this flag."""
    found = [finding for find in _FINDERS.get(flag, ()) for finding in find(record)]
    if record.diagnoses:
        found += condition_findings(record, flag)
    return tuple(found)


def question_reopened_at(record: PatientRecord, flag: str) -> datetime | None:
    """When other data reopened this question of the screen: only a later answer counts.

    A fall may have broken nothing (RF03) and done no harm (RF23), weight may have been lost on purpose (RF04), and long
    COVID (RF16) may come without post-exertional malaise.
    """
    reopened_at = _REOPENING.get(flag)
    return None if reopened_at is None else reopened_at(record)


_REOPENING: Mapping[str, Callable[[PatientRecord], datetime | None]] = {
    "rf03": last_minor_trauma,
    "rf04": last_weight_loss,
    "rf16": lambda record: last_listed(record, "long-covid"),
    "rf23": lambda record: last_listed(record, "fall"),
}
_TABLES = (VITAL_FINDERS, CONDITION_FINDERS, MEDICINE_FINDERS, SESSION_FINDERS)
_FINDERS = {
    flag: tuple(table[flag] for table in _TABLES if flag in table) for flag in {f for table in _TABLES for f in table}
}
