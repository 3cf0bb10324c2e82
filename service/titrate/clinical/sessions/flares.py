"""Flares: when one begins, its grade, and when it has settled (clinical rules B7, B11.16-17, B11.30)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.record.usual_symptoms import UsualSymptoms
from titrate.clinical.values.plan import FlareGrade, Phase

FLARE_REPORTED, ACTIVITY_KEPT, NEW_RESCUE_ANALGESIA = "flare-self-report", "daily-activity-kept", "rescue-analgesia-new"


@dataclass(frozen=True, slots=True)
class Flare:
    """One flare. `first` and `last` are local dates of its evidence; `settled` the second calm morning, or None.

    `worst` is the highest morning pain since it began; `ticked`: the patient reported the flare.
    """

    first: date
    last: date
    worst: Decimal | None
    grade: FlareGrade
    ticked: bool
    settled: date | None

    @property
    def open(self) -> bool:
        """Whether the flare has not settled yet."""
        return self.settled is None

    @property
    def length(self) -> int:
        """Days from the first to the last day, both included."""
        return (self.last - self.first).days + 1


def flares_of(record: PatientRecord, usual: UsualSymptoms) -> tuple[Flare, ...]:
    """Every flare in the record, the newest last, including the flare that the plan in force answers."""
    found: list[Flare] = []
    single: date | None = None  # the last high rating without a lower one since
    for day in _dates(record):
        current = found[-1] if found and found[-1].open else None
        if current is not None:
            found[-1] = _with_day(record, usual, current, day)
            continue
        high, ticked = _high(record, usual, day), record.ever(FLARE_REPORTED, True, [day])
        near = single is not None and (day - single).days <= record.rulebook.numbers.flare_apart_days
        if ticked or (high and near):
            first = single if near and single is not None else day
            found.append(_with_day(record, usual, _new_flare(record, found, first, ticked), day))
            single = None
        elif high:
            single = day
        elif _rated(record, day):
            single = None
    return _with_flare_of_plan(record, usual, tuple(found))


def _dates(record: PatientRecord) -> list[date]:
    answered = {
        a.stamp.day
        for name in (FLARE_REPORTED, ACTIVITY_KEPT, NEW_RESCUE_ANALGESIA)
        for a in record.answered.get(name, ())
    }
    return sorted(d for d in answered | set(record.pain) if d <= record.today)


def _high(record: PatientRecord, usual: UsualSymptoms, day: date) -> bool:
    rating = record.pain.get(day)
    if rating is None or rating.highest is None or usual.pain is None:
        return False
    return rating.highest >= usual.pain + record.rulebook.numbers.flare_rise


def _rated(record: PatientRecord, day: date) -> bool:
    # A preliminary low rating does not separate two high ones (B11.36).
    return day in record.pain and record.pain[day].final is not None


def _new_flare(record: PatientRecord, before: list[Flare], first: date, ticked: bool) -> Flare:
    """A new flare, or the previous one reopened where no approved plan has answered it."""
    if before and not _answered(record, before[-1], first):
        return replace(before.pop(), settled=None)
    return Flare(first, first, None, FlareGrade.F1, ticked, None)


def _answered(record: PatientRecord, flare: Flare, next_first: date) -> bool:
    """Whether a plan has answered a flare. In phase `flare` the plan states the first day of its own flare."""
    approved = record.plan.approved
    if record.plan.phase is Phase.FLARE:
        return flare.last < _first_of_plan(record)
    return approved is not None and flare.last <= approved <= next_first


def _with_day(record: PatientRecord, usual: UsualSymptoms, flare: Flare, day: date) -> Flare:
    ticked = record.ever(FLARE_REPORTED, True, [day])
    if ticked or _high(record, usual, day):
        flare = replace(flare, last=max(flare.last, day), ticked=flare.ticked or ticked)
    worst = max((v for d in (flare.first, day) if (v := _highest(record, d)) is not None), default=None)
    if worst is not None:
        flare = replace(flare, worst=worst if flare.worst is None else max(flare.worst, worst))
    if _is_grade_2(record, usual, flare, day):
        flare = replace(flare, grade=FlareGrade.F2)
    return replace(flare, settled=day) if _settles(record, usual, flare, day) else flare


def _highest(record: PatientRecord, day: date) -> Decimal | None:
    rating = record.pain.get(day)
    return None if rating is None else rating.highest


def _is_grade_2(record: PatientRecord, usual: UsualSymptoms, flare: Flare, day: date) -> bool:
    if record.ever(ACTIVITY_KEPT, "no", [flare.first, day]):
        return True
    if flare.worst is None:
        return False
    if flare.worst >= record.rulebook.numbers.flare_f2_pain:
        return True
    return usual.pain is not None and flare.worst - usual.pain > record.rulebook.numbers.flare_f2_rise


def _settles(record: PatientRecord, usual: UsualSymptoms, flare: Flare, day: date) -> bool:
    before = date.fromordinal(day.toordinal() - 1)
    return before > flare.last and all(_calm(record, usual, d) for d in (before, day))


def _calm(record: PatientRecord, usual: UsualSymptoms, day: date) -> bool:
    rating = record.pain.get(day)
    if usual.pain is None or rating is None or rating.final is None or rating.highest is None:
        return False
    disturbed = record.ever(ACTIVITY_KEPT, "no", [day]) or record.ever(NEW_RESCUE_ANALGESIA, True, [day])
    return not disturbed and rating.highest <= usual.pain + record.rulebook.numbers.settled_above_usual


def _with_flare_of_plan(record: PatientRecord, usual: UsualSymptoms, flares: tuple[Flare, ...]) -> tuple[Flare, ...]:
    """The flares with that of a plan in phase `flare`, which continues even without readings of its beginning."""
    plan = record.plan
    if plan.phase is not Phase.FLARE:
        return flares
    first = _first_of_plan(record)
    grade = plan.flare_grade or FlareGrade.F1
    own = [f for f in flares if f.last >= first]
    if not own:
        begun = any(_high(record, usual, d) for d in _dates(record) if d >= first)
        # Without readings of its beginning, the last decision in phase `flare` is its last known day.
        last = first if begun else max(first, plan.state_date or first)
        return (*flares, _replayed(record, usual, Flare(first, last, None, grade, False, None)))
    grade = max(grade, *(f.grade for f in own))
    worst = max((f.worst for f in own if f.worst is not None), default=None)
    merged = replace(own[-1], first=min(first, own[0].first), grade=grade, worst=worst)
    return (*(f for f in flares if f.last < first), merged)


def _first_of_plan(record: PatientRecord) -> date:
    """The first day of the flare of a plan in phase `flare`."""
    plan = record.plan
    return plan.flare_first_day or plan.phase_since or plan.approved or record.today


def _replayed(record: PatientRecord, usual: UsualSymptoms, flare: Flare) -> Flare:
    for day in _dates(record):
        if day > flare.first and flare.open:
            flare = _with_day(record, usual, flare, day)
    return flare
