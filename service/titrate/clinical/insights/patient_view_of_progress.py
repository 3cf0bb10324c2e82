"""Progress as the patient sees it (C19): independence in the main task, felt capability, confidence in the change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord

_SCORES = ("perceived-capability", "change-confidence")
_TASK = "task-independence"


@dataclass(frozen=True, slots=True)
class PatientView:
    """One answer over time: first and latest in words. `better` is None while there is one answer, or no change."""

    what: str
    first: str
    first_day: date
    latest: str
    latest_day: date
    better: bool | None


def patient_views(record: PatientRecord) -> tuple[PatientView, ...]:
    """Each question that was answered, with its first and its latest answer."""
    levels = record.rulebook.measures[_TASK].options
    answers = [a for a in record.answered.get(_TASK, ()) if a.value in levels and not a.stamp.preliminary]
    tasks = [(a.stamp.day, str(a.value), Decimal(levels.index(str(a.value)))) for a in answers]
    scores = {
        what: [(m.stamp.day, f"{m.value:f}", m.value) for m in record.measured.get(what, ()) if not m.stamp.preliminary]
        for what in _SCORES
    }
    found = [_view(_TASK, tasks), *(_view(what, told) for what, told in scores.items())]
    return tuple(view for view in found if view is not None)


def _view(what: str, told: list[tuple[date, str, Decimal]]) -> PatientView | None:
    if not told:
        return None
    (first_day, first, start), (latest_day, latest, now) = told[0], told[-1]
    return PatientView(what, first, first_day, latest, latest_day, None if now == start else now > start)
