"""Red flags that data open by themselves: measurements, what the EHR lists, sessions, words (section C).

They open a flag and never close one. What data cannot say is asked: some findings make a question open again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.red_flags.condition_findings import (
    INJURED,
    RECORDED,
    condition_findings,
    last_listed,
    last_minor_trauma,
)
from titrate.clinical.red_flags.new_medicines import TAKEN
from titrate.clinical.red_flags.session_findings import REPORTED
from titrate.clinical.red_flags.vitals import MEASURED, last_weight_loss
from titrate.clinical.values.decision import Finding


def findings(record: PatientRecord, flag: str) -> tuple[Finding, ...]:
    """The findings in the record that open this flag."""
    found = [sign for find in _FINDERS.get(flag, ()) for sign in find(record)]
    if record.diagnoses:
        found += condition_findings(record, flag)
    return tuple(found)


def question_reopened_at(record: PatientRecord, flag: str) -> datetime | None:
    """The moment after which this question of the screen needs an answer, because of what else is known.

    A fall may have broken nothing (RF03) and done no harm (RF23), weight may have been lost on purpose (RF04), and long
    COVID (RF16) may be without crashes.
    """
    ask = _ASKING.get(flag)
    return None if ask is None else ask(record)


_ASKING: Mapping[str, Callable[[PatientRecord], datetime | None]] = {
    "rf03": last_minor_trauma,
    "rf04": last_weight_loss,
    "rf16": lambda record: last_listed(record, "long-covid"),
    "rf23": lambda record: last_listed(record, "fall"),
}
_TABLES = (MEASURED, RECORDED, INJURED, TAKEN, REPORTED)
_FINDERS = {
    flag: tuple(table[flag] for table in _TABLES if flag in table) for flag in {f for table in _TABLES for f in table}
}
