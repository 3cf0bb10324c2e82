"""A patient's own limits: who set them and since when; the rulebook's defaults apply where no clinician set one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement, ReadingSource, Reporter, Source
from titrate.clinical.values.rulebook import Rulebook

CEILING, RPE, HEART_RATE = "pain-ceiling", "rpe-cap", "heart-rate-limit"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in force. `since` and `source` are None for the rulebook's default."""

    name: str
    value: Decimal
    unit: str
    since: date | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that apply to a decision; the heart-rate limit is None unless a clinician set one.

    `renewed` is the later of the newest limit and the approval of the plan: rule G14 counts from it. `set_twice` names
    limits that were set to different values on one day.
    """

    ceiling: Limit
    rpe_cap: Limit
    heart_rate: Limit | None
    renewed: date | None
    set_twice: tuple[str, ...]

    @property
    def all(self) -> tuple[Limit, ...]:
        """Every limit in force."""
        found = (self.ceiling, self.rpe_cap, self.heart_rate)
        return tuple(limit for limit in found if limit is not None)


def limits_of(record: PatientRecord) -> Limits:
    """The newest limit of each kind that a clinician set, of two on one day the stricter; else the rulebook's."""
    book = record.rulebook
    ceiling = _set_limit(record, CEILING, "PAIN_CEILING") or Limit(CEILING, book.numbers.pain_ceiling, "{score}")
    rpe = _set_limit(record, RPE, "RPE_CAP") or Limit(RPE, book.numbers.rpe_cap, "{score}")
    heart = _set_limit(record, HEART_RATE, None)
    dated = [x.since for x in (ceiling, rpe, heart) if x and x.since]
    dated += [d.stamp.day for d in record.dose_limits if _is_final(d.stamp)]
    if record.plan.approved:
        dated.append(record.plan.approved)
    set_twice = tuple(n for n in (CEILING, RPE, HEART_RATE) if _set_twice(record, n))
    return Limits(ceiling, rpe, heart, max(dated, default=None), set_twice)


def _set_limit(record: PatientRecord, name: str, constant: str | None) -> Limit | None:
    if name not in record.measured:
        return None
    finals = [m for m in _final_limits(record, name) if _in_range(record, m, constant)]
    unit = record.rulebook.constants[constant].unit if constant else "/min"
    limit = record.rulebook.constants[constant].value if constant else None
    final, since = None, None
    if finals:
        since = finals[-1].stamp.day
        final = min((m for m in finals if m.stamp.day == since), key=lambda m: m.value)
        limit = final.value
    preliminary = [m for m in _preliminary(record, name) if since is None or m.stamp.day >= since]
    strictest = min((m for m in preliminary if limit is None or m.value < limit), key=lambda m: m.value, default=final)
    return None if strictest is None else Limit(name, strictest.value, unit, since, strictest.stamp.source)


def _final_limits(record: PatientRecord, name: str) -> list[Measurement]:
    return [m for m in record.measured.get(name, ()) if _is_final(m.stamp)]


def _preliminary(record: PatientRecord, name: str) -> list[Measurement]:
    """A clinician's preliminary limits: they apply only where they are stricter."""
    found = record.measured.get(name, ())
    return [m for m in found if m.stamp.reporter is Reporter.PRACTITIONER and m.stamp.preliminary]


def _is_final(stamp: ReadingSource) -> bool:
    """Whether a clinician set it and it is not preliminary."""
    return stamp.reporter is Reporter.PRACTITIONER and not stamp.preliminary


def _in_range(record: PatientRecord, limit: Measurement, constant: str | None) -> bool:
    # A limit above the range is a mistake; one below it is stricter, and stricter is safe.
    high = record.rulebook.constants[constant].high if constant else None
    return high is None or limit.value <= high


def _set_twice(record: PatientRecord, name: str) -> bool:
    found = _final_limits(record, name)
    if not found or record.days_ago(found[-1].stamp.day) > record.rulebook.numbers.conflict_days:
        return False
    return len({m.value for m in found if m.stamp.day == found[-1].stamp.day}) > 1


def exertion_cap(phase: Phase, cap: Decimal, book: Rulebook) -> Decimal:
    """The highest allowed exertion (CR10) in a phase: the cap, and in a flare at most the limit for flares."""
    return min(cap, book.numbers.flare_rpe_max) if phase is Phase.FLARE else cap
